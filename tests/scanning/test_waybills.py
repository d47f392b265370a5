"""The one way of writing a waybill that a parcel is keyed by."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.errors import RuleError
from desk_app.scanning.waybills import identify, normalise_waybill, split_piece


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("SF1385628716739", "SF1385628716739"),
        (" sf1385628716739\r\n", "SF1385628716739"),
        ("ＳＦ１３８５　６２８７１６７３９", "SF1385628716739"),
        ("1Z 999 AA1 01 2345 6784", "1Z999AA10123456784"),
        ("9400-1112-0108-0805-4830-16", "9400111201080805483016"),
        ("SF1385\u2014628716739\u200b", "SF1385628716739"),
        ("JDX024407261700-1-1-", "JDX024407261700"),
        ("JDX024407261700-1-1-32", "JDX024407261700"),
        ("jdx024407261700-2-3-", "JDX024407261700-2-3"),
        ("DPK202252612836-10-12", "DPK202252612836-10-12"),
        ("JDX024407261700-3-2-", "JDX02440726170032"),
        ("SF138562-1-2", "SF13856212"),
    ],
)
def test_a_waybill_is_written_one_way(typed: str, number: str) -> None:
    assert normalise_waybill(typed) == number


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "waybill.empty"),
        (" - \u3000", "waybill.empty"),
        ("顺丰1385628716739", "waybill.characters"),
        ("SF_1385628716739", "waybill.characters"),
        ("SF1385\x1d628716739", "waybill.characters"),
        ("stra\u00dfe12", "waybill.characters"),
        ("\u0661\u0662\u0663\u0664\u0665", "waybill.characters"),
        ("123", "waybill.too_short"),
        ("1" * 41, "waybill.too_long"),
        ("1" * 10_000, "waybill.too_long"),
    ],
)
def test_what_is_no_waybill_is_refused_with_its_reason(typed: str, code: str) -> None:
    with pytest.raises(RuleError) as refusal:
        normalise_waybill(typed)
    assert refusal.value.code == code


@pytest.mark.parametrize("typed", ["1234", "1" * 40])
def test_the_limits_are_allowed(typed: str) -> None:
    assert normalise_waybill(typed) == typed


@given(
    st.one_of(
        st.text(max_size=60), st.from_regex(r"(JD|DPK)[0-9A-Z -]{6,20}(-\d{1,3}){0,3}-?", fullmatch=True)
    )
)
def test_a_normal_form_is_its_own_normal_form(text: str) -> None:
    try:
        number = normalise_waybill(text)
    except RuleError:
        return
    assert re.fullmatch(r"[0-9A-Z-]{4,40}", number)
    assert normalise_waybill(number) == number


def test_a_piece_belongs_to_the_carrier_of_its_waybill() -> None:
    assert split_piece("JDX024407261700-2-3") == ("JDX024407261700", "2-3")
    assert split_piece("JDX024407261700") == ("JDX024407261700", "")
    assert [found.carrier for found in identify("JDX024407261700-2-3")] == ["jd"]
    assert [found.number for found in identify("JDX024407261700-2-3")] == ["JDX024407261700-2-3"]


def test_the_sign_in_front_of_a_dpd_bar_code_is_no_part_of_it() -> None:
    assert normalise_waybill("%008182709980000020033350276") == "008182709980000020033350276"
    with pytest.raises(RuleError):
        normalise_waybill("%%08182709980000020033350276")
