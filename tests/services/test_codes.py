"""What a scan means to a store: what people taught it, and what it knows already."""

from __future__ import annotations

from typing import Any

import pytest

from desk_app.errors import RuleError
from desk_app.scanning.reading import Kind, Source
from desk_app.services.codes import Codes
from desk_app.services.views import Taught

SSCC_OR_DHL = "00340433836442636597"


@pytest.fixture
def codes(shop: Any) -> Codes:
    return Codes(shop.desk)


def surest(codes: Codes, raw: str) -> Any:
    (scan,) = codes.hear(raw, Source.KEYBOARD)
    return scan.surest


def test_what_was_taught_counts_for_all_codes_that_look_so(shop: Any, codes: Codes) -> None:
    assert surest(codes, "SO-004711").kind is not Kind.ORDER
    codes.teach("SO-######", "order", shop.by).result()
    assert surest(codes, "SO-004712").kind is Kind.ORDER
    assert surest(codes, "so-004712").kind is Kind.ORDER
    assert codes.taught() == (Taught("SO-######", "order"),)


def test_what_was_taught_can_be_changed_and_taken_away(shop: Any, codes: Codes) -> None:
    codes.teach("SO-######", "order", shop.by).result()
    codes.teach("SO-######", "sku", shop.by).result()
    assert codes.taught() == (Taught("SO-######", "sku"),)
    codes.forget("SO-######", shop.by).result()
    assert codes.taught() == ()
    assert surest(codes, "SO-004711").kind is Kind.SERIAL


def test_every_desk_of_the_store_learns_it(shop: Any, second: Any, share: Any) -> None:
    Codes(shop.desk).teach("SO-######", "order", shop.by).result()
    share(shop, second)
    assert surest(Codes(second.desk), "SO-004711").kind is Kind.ORDER


@pytest.mark.parametrize("mask", ["", "##", "SO\x1d###"])
def test_what_is_no_mask_is_refused(shop: Any, codes: Codes, mask: str) -> None:
    with pytest.raises(RuleError, match=r"mask\.unfit"):
        codes.teach(mask, "order", shop.by).result()
    assert codes.taught() == ()


def test_a_kind_nobody_can_teach_is_a_mistake_of_the_program(shop: Any, codes: Codes) -> None:
    with pytest.raises(ValueError, match="command"):
        codes.teach("SO-######", "command", shop.by)


def test_two_codes_in_one_are_two_scans(codes: Codes) -> None:
    first, second = "SF1390027465183", "YT7512345678901"
    assert [scan.raw for scan in codes.hear(first + second, Source.KEYBOARD)] == [first, second]


def test_of_two_equally_sure_meanings_the_known_one_comes_first(shop: Any, codes: Codes) -> None:
    codes.teach("QQ######", "sku", shop.by).result()
    codes.teach("QQ??????", "order", shop.by).result()
    kinds = {Kind.SKU, Kind.ORDER}
    unknown = [each.kind for each in codes.hear("QQ123456", Source.KEYBOARD)[0].readings[:2]]
    assert set(unknown) == kinds
    shop.open(order_number="QQ123456")
    known = [each.kind for each in codes.hear("QQ123456", Source.KEYBOARD)[0].readings[:2]]
    assert known == [Kind.ORDER, Kind.SKU]
