"""Masks of a store's own codes: made from one code, they fit those that look the same and no others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.scanning.patterns import fits, is_mask, mask_of, sureness
from desk_app.scanning.reading import Kind, Source, Why, hear, read

CODES = st.text("ABCXYZ0123456789-/._ 订单", min_size=1, max_size=30)


@pytest.mark.parametrize(
    ("code", "mask"),
    [
        ("SO-004711", "SO-######"),
        ("tb20261123001", "TB###########"),
        ("2026/11/0042", "####/##/####"),
        ("12A34", "##@##"),
        ("A1B2C3", "A#@#@#"),
        ("订单0042", "订单####"),
    ],
)
def test_the_first_letters_and_the_signs_stay(code: str, mask: str) -> None:
    assert mask_of(code) == mask


@given(CODES)
def test_a_code_fits_its_own_mask_in_capitals_and_small_letters(code: str) -> None:
    mask = mask_of(code)
    assert fits(mask, code)
    assert fits(mask, code.lower())
    assert not fits(mask, code.strip() + "7")


@pytest.mark.parametrize(
    ("mask", "code", "fit"),
    [
        ("SO-######", "SO-004711", True),
        ("SO-######", "SO-04711", False),
        ("SO-######", "S0-004711", False),
        ("SO-######", "SO-00471A", False),
        ("@@-??", "QX-7B", True),
        ("@@-??", "Q7-7B", False),
        ("A.C#", "A.C7", True),
        ("A.C#", "ABC7", False),
        ("(##)*[", "(12)*[", True),
    ],
)
def test_signs_stand_for_digits_letters_or_themselves(mask: str, code: str, fit: bool) -> None:
    assert fits(mask, code) is fit


@pytest.mark.parametrize("mask", ["", "A#", "SO#", "x" * 61, "so-####", " SO-####", "SO-\x1d###"])
def test_what_is_no_mask(mask: str) -> None:
    assert not is_mask(mask)


def test_the_more_of_a_mask_stands_for_itself_the_surer() -> None:
    assert sureness("SO-######") > sureness("S########") > sureness("#########")


def test_what_a_store_was_taught_is_read_before_what_it_might_be() -> None:
    scan = hear("SO-004711", Source.KEYBOARD, 0, [("SO-######", "order")])
    assert (scan.surest.kind, scan.surest.value, scan.surest.why) == (Kind.ORDER, "SO-004711", Why.TAUGHT)
    assert Kind.SERIAL in {reading.kind for reading in scan.readings}


def test_what_is_checked_stays_surer_than_a_mask_of_digits() -> None:
    assert read("4006381333931", None, [("#############", "order")])[0].kind is Kind.GTIN


def test_our_own_codes_are_nothing_else() -> None:
    assert [reading.kind for reading in read("M7XNXG", None, [("M7XNX@", "order")])] == [Kind.COMMAND]


def test_a_kind_of_a_newer_version_is_passed_over() -> None:
    assert Why.TAUGHT not in {each.why for each in read("SO-004711", None, [("SO-######", "voucher")])}
