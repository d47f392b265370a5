"""The window: a case is opened whole or not at all, and goods leave only when they may."""

from __future__ import annotations

from typing import Any

import pytest

from desk_app.domain.people import MAY, Contact
from desk_app.ids import is_checked
from desk_app.services.reception import LONGEST_TEXT
from desk_app.services.views import CaseRow, FieldErrors

WRONG = {
    "customer_name": (" ", "field.empty"),
    "phone": ("12ab", "phone.characters"),
    "reason": ("", "field.empty"),
    "product": ("x" * (LONGEST_TEXT + 1), "field.too_long"),
    "gtin": ("6901234567890", "gtin.check_digit"),
    "imei": ("490154203237519", "imei.check_digit"),
    "waybill": ("SF1", "waybill.too_short"),
    "case_kind": ("gift", "case.kind"),
}


def test_a_case_at_the_window_has_its_goods_in_hand(shop: Any) -> None:
    opened = shop.open(phone="+86 138-0013-8000", serial="SN42", imei="490154203237518")
    assert opened.number == "7QK00001" + opened.number[-1] and is_checked(opened.number)
    view = shop.cases.view(opened.stream)
    assert (view.status, view.customer) == ("in_hand", Contact("李雷", "+8613800138000"))
    assert (view.case.items[0].serial, view.case.items[0].imei) == ("SN42", "490154203237518")
    assert view.texts == {view.case.reason_record: "屏幕不亮"}
    assert view.people == {shop.by.person: "王芳"}
    assert view.case.opened_at == shop.clock()


def test_the_list_shows_the_case(shop: Any) -> None:
    opened = shop.open()
    assert shop.cases.page("", 0, 10) == (
        CaseRow(
            *(opened.stream, opened.number, "in_hand", "return", "李雷", "13800138000"),
            *("Phone X 手机", "JD20260301", shop.clock()),
            provisional=True,
        ),
    )


def test_case_numbers_count_on_and_never_meet(shop: Any, second: Any, share: Any) -> None:
    numbers = [desk.open().number for desk in (shop, second, shop, second)]
    share(shop, second)
    numbers += [desk.open().number for desk in (shop, second)]
    assert [number[:-1] for number in numbers] == [
        *("7QK00001", "8AB00001", "7QK00002", "8AB00002"),
        *("7QK00003", "8AB00003"),
    ]


@pytest.mark.parametrize("field", WRONG)
def test_each_wrong_field_is_named(shop: Any, ask: Any, field: str) -> None:
    value, code = WRONG[field]
    refusal = shop.refused(lambda: shop.reception.open_case(ask(**{field: value}), shop.by))
    assert isinstance(refusal, FieldErrors)
    assert {name: error.code for name, error in refusal.fields.items()} == {field: code}


def test_all_wrong_fields_are_named_at_once(shop: Any, ask: Any) -> None:
    form = ask(**{field: value for field, (value, _) in WRONG.items()})
    refusal = shop.refused(lambda: shop.reception.open_case(form, shop.by))
    assert isinstance(refusal, FieldErrors)
    assert {name: error.code for name, error in refusal.fields.items()} == {
        field: code for field, (_, code) in WRONG.items()
    }


def test_two_cases_of_one_waybill_share_its_parcel(shop: Any) -> None:
    first, other = shop.open(waybill="SF1234567890123"), shop.open(waybill="sf1234567890123")
    shop.receiving.receive("SF1234567890123", shop.by).result()
    assert [shop.cases.view(case.stream).status for case in (first, other)] == ["arrived", "arrived"]
    assert shop.receiving.count_today() == 1


def test_a_repair_case_begins_with_its_repair(shop: Any) -> None:
    view = shop.cases.view(shop.open(case_kind="repair").stream)
    repair = view.case.items[0].repair
    assert repair is not None and repair.step == "requested"
    assert view.texts[repair.fault_record] == "屏幕不亮"
    assert view.status == "repairing"


def test_a_note_is_kept(shop: Any) -> None:
    case = shop.open().stream
    shop.reception.add_note(case, " 客户催了 ", shop.by).result()
    view = shop.cases.view(case)
    assert [view.texts[note] for note in view.case.notes] == ["客户催了"]
    assert shop.refused(lambda: shop.reception.add_note(case, " ", shop.by)).code == "field.empty"
    assert shop.refused(lambda: shop.reception.add_note("case/X", "x", shop.by)).code == "case.unknown"


def test_goods_leave_once(shop: Any) -> None:
    case = shop.open().stream
    shop.reception.hand_over(case, 1, shop.by).result()
    assert shop.cases.view(case).status == "handed_over"
    assert shop.refused(lambda: shop.reception.hand_over(case, 1, shop.by)).code == "item.left_already"
    assert shop.refused(lambda: shop.reception.hand_over(case, 2, shop.by)).code == "item.unknown"


def test_goods_that_are_not_here_do_not_leave(shop: Any) -> None:
    case = shop.open(waybill="SF1234567890123").stream
    assert shop.refused(lambda: shop.reception.hand_over(case, 1, shop.by)).code == "item.not_here"


def test_a_repair_leaves_only_when_it_is_ready(shop: Any) -> None:
    case = shop.open(case_kind="repair").stream
    assert shop.refused(lambda: shop.reception.hand_over(case, 1, shop.by)).code == "repair.not_ready"


EVERYBODY = frozenset().union(*MAY.values())
ACTS = {
    "case.open": lambda shop, case, by: shop.reception.add_note(case, "x", by),
    "parcel.receive": lambda shop, case, by: shop.receiving.receive("SF1234567890123", by),
    "item.inspect": lambda shop, case, by: shop.inspection.dispose(case, 1, "scrap", "", by),
    "item.repair": lambda shop, case, by: shop.repairs.work(case, 1, 5, by),
    "repair.check": lambda shop, case, by: shop.repairs.check(case, 1, True, "", by),
    "item.hand_over": lambda shop, case, by: shop.reception.hand_over(case, 1, by),
    "customer.forget": lambda shop, case, by: shop.privacy.forget("customer/X", by),
    "people.manage": lambda shop, case, by: shop.people.add("张三", ("clerk",), "", "2580", by),
}


@pytest.mark.parametrize(
    ("right", "role"), [(right, role) for right in ACTS for role in sorted(EVERYBODY - MAY[right])]
)
def test_who_lacks_the_right_is_refused_and_nothing_is_written(
    shop: Any, actor: Any, right: str, role: str
) -> None:
    case = shop.open(case_kind="repair").stream
    assert shop.refused(lambda: ACTS[right](shop, case, actor(role))).code == "role.missing"


def test_a_right_of_the_list_is_enough(shop: Any, ask: Any, actor: Any) -> None:
    shop.reception.open_case(ask(), actor("agent")).result()
    shop.receiving.receive("SF1234567890123", actor("warehouse")).result()
    assert shop.cases.count("") == 1 and shop.receiving.count_today() == 1
