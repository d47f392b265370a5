"""Finding a case: by words as people type them, and by whatever is scanned."""

from __future__ import annotations

from typing import Any

import pytest

from desk_app.scanning.codes import OwnKind, encode, item_body
from desk_app.services.views import OpenedCase, Target

IMEI = "490154203237518"


@pytest.fixture
def case(shop: Any) -> OpenedCase:
    shop.open(customer_name="韩梅梅", phone="13911112222", order_number="TB1", product="吸尘器")
    opened: OpenedCase = shop.open(
        product="iPhone手机壳", serial="sn-Ab12", imei=IMEI, waybill="SF1234567890123"
    )
    return opened


@pytest.mark.parametrize(
    "words",
    [
        *("李雷", "李", "1380", "8000", "13800138000", "jd2026", "手机", "手机壳", "iphone", "SF12345"),
        *("sn-ab12", IMEI, "李雷 手机", " 138  李 "),
    ],
)
def test_words_find_the_case(shop: Any, case: OpenedCase, words: str) -> None:
    assert [row.stream for row in shop.cases.page(words, 0, 10)] == [case.stream]
    assert shop.cases.count(words) == 1


@pytest.mark.parametrize("words", ["雷李", "3800", "李雷 吸尘器", "机手", '"李雷" OR x', "99999"])
def test_other_words_do_not(shop: Any, case: OpenedCase, words: str) -> None:
    assert shop.cases.page(words, 0, 10) == ()
    assert shop.cases.count(words) == 0


@pytest.mark.parametrize("words", ["", "  ", "***", '"', "-"])
def test_no_words_list_all_newest_first(shop: Any, case: OpenedCase, words: str) -> None:
    assert shop.cases.count(words) == 2
    assert {row.customer_name for row in shop.cases.page(words, 0, 10)} == {"李雷", "韩梅梅"}
    assert len(shop.cases.page(words, 1, 10)) == 1


def test_the_number_finds_its_case(shop: Any, case: OpenedCase) -> None:
    assert [row.number for row in shop.cases.page(case.number.lower(), 0, 10)] == [case.number]


@pytest.mark.parametrize("scanned", ["sn-Ab12", "SN-AB12", "sn-ab12", IMEI, "49-015420-323751-8"])
def test_a_serial_leads_to_its_goods(shop: Any, case: OpenedCase, scanned: str) -> None:
    assert shop.cases.target(scanned) == Target("case", case.stream, 1)


def test_our_own_codes_lead_to_case_and_bench(shop: Any, case: OpenedCase) -> None:
    assert shop.cases.target(encode(OwnKind.CASE, case.number)) == Target("case", case.stream)
    assert shop.cases.target(shop.cases.item_code(case.number, 1)) == Target("bench", case.stream, 1)
    assert shop.cases.item_code(case.number, 1) == encode(OwnKind.ITEM, item_body(case.number, 1))


def test_waybill_and_order_lead_to_the_case(shop: Any, case: OpenedCase) -> None:
    assert shop.cases.target("sf1234567890123") == Target("case", case.stream)
    assert shop.cases.target("TB1").page == "case"


def test_a_homeless_parcel_leads_to_the_dock(shop: Any) -> None:
    shop.receiving.receive("YT1234567890123", shop.by).result()
    assert shop.cases.target("YT1234567890123") == Target("dock", "parcel/YT1234567890123")


@pytest.mark.parametrize("scanned", ["", "SF9999999999999", "nothing", "M7C7QK000421"])
def test_what_is_unknown_leads_nowhere(shop: Any, case: OpenedCase, scanned: str) -> None:
    assert shop.cases.target(scanned) == Target("")
