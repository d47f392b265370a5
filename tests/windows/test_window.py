"""The window: a case by keyboard and scans alone, what is wrong beside its field, then the papers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desk_app.domain.people import Actor
from desk_app.errors import OutsideError, RuleError
from desk_app.scanning.codes import OwnKind, encode
from desk_app.scanning.reading import Source, hear
from desk_app.services.views import CaseRequest, FieldErrors, ItemRequest, OpenedCase
from ui.pages.window.page import WindowPage
from ui.services import Services
from ui.widgets import Answer, Tone, Tools

CTRL = Qt.KeyboardModifier.ControlModifier
GTIN, IMEI, WAYBILL, SERIAL = "6901234567892", "356938035643809", "SF1390027465183", "QY-A3-0098117"


@pytest.fixture
def opened_case() -> OpenedCase:
    return OpenedCase("case/1", "M7K00214W")


@pytest.fixture
def page(tools: Tools, services: Services, actor: Actor, shown: Callable[..., None]) -> WindowPage:
    made = WindowPage(tools, services, actor)
    shown(made)
    made.open()
    made.first_focus().setFocus()
    return made


def scan(page: WindowPage, raw: str) -> bool:
    return page.scanned(hear(raw, Source.KEYBOARD, 1))


def type_in(text: str) -> None:
    focus = QApplication.focusWidget()
    assert focus
    QTest.keyClicks(focus, text)


def tab() -> None:
    focus = QApplication.focusWidget()
    assert focus
    QTest.keyClick(focus, Qt.Key.Key_Tab)


def press(
    widget: QWidget, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    QTest.keyClick(widget.window().windowHandle(), key, modifiers)


def fill(page: WindowPage) -> None:
    page.kinds.set_value("repair")
    for key, text in (("customer_name", "Ouyang"), ("phone", "13800138000"), ("reason", "Too hot")):
        page.customer.set_text(key, text)
    page.item.set_text("product", "Cloud X3")


def test_whole_case_by_keyboard_in_the_order_of_the_form(
    page: WindowPage, answers: Any, actor: Actor
) -> None:
    focus = QApplication.focusWidget()
    assert focus
    QTest.keyClick(focus, Qt.Key.Key_3)
    for text in ("Ouyang", "138 0013 8000", "2026-88", WAYBILL, "Gets hot when charging", "Cloud X3"):
        type_in(text)
        tab()
    tab()  # the category stays as it is
    for text in (GTIN, "X3-BLK", SERIAL, IMEI, "Charger"):
        type_in(text)
        tab()
    press(page, Qt.Key.Key_Return, CTRL)
    item = ItemRequest("Cloud X3", "phone", GTIN, "X3-BLK", SERIAL, IMEI, "Charger")
    wanted = CaseRequest(
        "repair", "Ouyang", "138 0013 8000", "2026-88", "Gets hot when charging", WAYBILL, item
    )
    assert answers.asked == [("open_case", (wanted, actor))]


def test_f2_opens_once_however_often_it_is_pressed(page: WindowPage, answers: Any) -> None:
    fill(page)
    press(page, Qt.Key.Key_F2)
    press(page, Qt.Key.Key_F2)
    press(page, Qt.Key.Key_Return, CTRL)
    assert [name for name, _ in answers.asked] == ["open_case"]


def test_without_a_kind_nothing_is_asked(page: WindowPage, answers: Any) -> None:
    press(page, Qt.Key.Key_F2)
    assert page.customer.errors() == {"case_kind": "Choose what the customer wants"}
    assert answers.asked == []
    page.kinds.first().click()  # type: ignore[attr-defined]
    assert page.customer.errors() == {}
    assert page.customer.field("customer_name").hasFocus()


def test_nothing_is_green_before_the_case_is_safe(
    qtbot: QtBot, page: WindowPage, answers: Any, shell: Any, sound_log: Path, opened_case: OpenedCase
) -> None:
    fill(page)
    press(page, Qt.Key.Key_F2)
    assert (shell.answers, sound_log.read_text()) == ([], "")
    assert page.asking.isVisible()
    answers.give(opened_case)
    qtbot.waitUntil(page.opened.isVisible)
    assert (page.opened.answer.answer, page.opened.answer.words) == (Answer.GOOD, "M7K00214W")
    assert "Ouyang" in page.opened.answer.detail
    assert shell.answers == [(Tone.GOOD, "Case M7K00214W opened")]
    assert sound_log.read_text() == "good\tM7K00214W\n"
    assert not page.asking.isVisible()


def test_wrong_fields_are_said_beside_them_and_nothing_is_lost(
    qtbot: QtBot, page: WindowPage, answers: Any, sound_log: Path
) -> None:
    fill(page)
    page.item.set_text("imei", "490154203237519")
    before = (page.customer.texts(), page.item.texts())
    press(page, Qt.Key.Key_F2)
    answers.give(FieldErrors({"phone": RuleError("phone.characters"), "imei": RuleError("imei.check_digit")}))
    qtbot.waitUntil(lambda: bool(page.customer.errors()))
    assert page.customer.errors() == {"phone": "A phone number has 5 to 20 digits."}
    assert page.item.errors() == {"imei": "This is not a valid IMEI: its check digit does not fit."}
    assert (page.customer.texts(), page.item.texts()) == before
    assert page.customer.field("phone").hasFocus()
    assert sound_log.read_text() == "error\t\n"
    press(page, Qt.Key.Key_F2)
    assert (page.customer.errors(), page.item.errors(), len(answers.asked)) == ({}, {}, 2)


def test_full_disk_is_said_and_the_form_stays(
    qtbot: QtBot, page: WindowPage, answers: Any, shell: Any
) -> None:
    fill(page)
    press(page, Qt.Key.Key_F2)
    answers.give(OutsideError("disk.full"))
    qtbot.waitUntil(lambda: bool(shell.answers))
    assert shell.answers == [(Tone.WRONG, "The disk is full. Make room; nothing that was confirmed is lost.")]
    assert page.customer.text("customer_name") == "Ouyang"


@pytest.mark.parametrize(
    ("raw", "key", "text"),
    [
        (GTIN, "gtin", GTIN),
        (IMEI, "imei", IMEI),
        (SERIAL, "serial", SERIAL),
        (WAYBILL, "waybill", WAYBILL),
    ],
)
def test_a_scan_goes_where_it_fits(page: WindowPage, raw: str, key: str, text: str) -> None:
    page.customer.field("reason").setFocus()
    assert scan(page, raw)
    texts = {**page.customer.texts(), **page.item.texts()}
    del texts["category"]
    assert {name: value for name, value in texts.items() if value} == {key: text}


def test_an_element_string_fills_item_number_and_serial(page: WindowPage) -> None:
    assert scan(page, "]C101069012345678921726113021" + SERIAL)
    assert (page.item.text("gtin"), page.item.text("serial")) == (GTIN, SERIAL)
    assert page.customer.text("waybill") == ""


def test_the_field_with_the_cursor_wins_where_the_code_can_be_that(page: WindowPage) -> None:
    for key in ("serial", "sku"):
        page.item.field(key).setFocus()
        scan(page, WAYBILL)
        assert page.item.text(key) == WAYBILL
    page.customer.field("order_number").setFocus()
    scan(page, WAYBILL)
    assert page.customer.text("order_number") == WAYBILL
    assert page.customer.text("waybill") == ""
    page.item.field("gtin").setFocus()
    scan(page, WAYBILL)
    assert (page.item.text("gtin"), page.customer.text("waybill")) == ("", WAYBILL)


def test_a_code_that_may_be_two_things_is_what_the_cursor_says(page: WindowPage) -> None:
    either = "490154203237518"  # a right IMEI, and as a carrier of China writes waybills
    page.customer.field("reason").setFocus()
    scan(page, either)
    assert (page.customer.text("waybill"), page.item.text("imei")) == (either, "")
    page.customer.set_text("waybill", "")
    page.item.field("imei").setFocus()
    scan(page, either)
    assert (page.customer.text("waybill"), page.item.text("imei")) == ("", either)


def test_a_damaged_code_of_ours_is_no_serial_number(page: WindowPage) -> None:
    ours = encode(OwnKind.SHELF, "S01")
    damaged = ours[:-1] + ("A" if ours[-1] != "A" else "B")
    for code in (ours, damaged):
        assert not scan(page, code)
    assert page.item.text("serial") == ""


def test_codes_that_mean_nothing_here_are_left_to_the_program(page: WindowPage) -> None:
    assert not scan(page, "你好")
    assert {**page.customer.texts(), **page.item.texts(), "category": ""} == dict.fromkeys(
        [*page.customer.texts(), *page.item.texts()], ""
    )


def test_a_scan_after_opening_changes_nothing_of_the_case(
    qtbot: QtBot, page: WindowPage, answers: Any, opened_case: OpenedCase
) -> None:
    open_one(qtbot, page, answers, opened_case)
    assert not scan(page, IMEI)
    assert page.item.text("imei") == ""


def open_one(qtbot: QtBot, page: WindowPage, answers: Any, case: OpenedCase) -> None:
    fill(page)
    press(page, Qt.Key.Key_F2)
    answers.give(case)
    qtbot.waitUntil(page.opened.isVisible)
    answers.asked.clear()


def test_receipt_and_label_are_printed_and_say_where_they_are(
    qtbot: QtBot, page: WindowPage, answers: Any, shell: Any, opened_case: OpenedCase, actor: Actor
) -> None:
    open_one(qtbot, page, answers, opened_case)
    press(page, Qt.Key.Key_F4)
    answers.give(Path("/p/receipt.pdf"))
    press(page, Qt.Key.Key_F5)
    answers.give((Path("/p/label.pdf"), Path("/p/label.png")))
    qtbot.waitUntil(lambda: len(shell.toasts) == 2)
    assert answers.asked == [("receipt", ("case/1", "en", actor)), ("label", ("case/1", 1, actor))]
    assert shell.toasts == ["Printed to /p/receipt.pdf", "Printed to /p/label.pdf"]
    assert page.opened.papers.text().splitlines() == shell.toasts


def test_receipt_speaks_the_language_that_was_chosen(
    qtbot: QtBot, page: WindowPage, answers: Any, opened_case: OpenedCase, actor: Actor
) -> None:
    open_one(qtbot, page, answers, opened_case)
    page.opened.language.set_value("zh_CN")
    press(page, Qt.Key.Key_F4)
    assert answers.asked == [("receipt", ("case/1", "zh_CN", actor))]


def test_paper_that_cannot_be_written_is_said(
    qtbot: QtBot, page: WindowPage, answers: Any, shell: Any, opened_case: OpenedCase
) -> None:
    open_one(qtbot, page, answers, opened_case)
    press(page, Qt.Key.Key_F5)
    answers.give(OutsideError("disk.full"))
    qtbot.waitUntil(lambda: bool(shell.toasts))
    assert shell.toasts == ["The disk is full. Make room; nothing that was confirmed is lost."]
    assert page.opened.papers.text() == ""


def test_next_customer_finds_an_empty_form(
    qtbot: QtBot, page: WindowPage, answers: Any, opened_case: OpenedCase
) -> None:
    open_one(qtbot, page, answers, opened_case)
    press(page, Qt.Key.Key_F2)
    assert page.asking.isVisible()
    assert not page.opened.isVisible()
    assert {**page.customer.texts(), **page.item.texts(), "category": ""} == dict.fromkeys(
        [*page.customer.texts(), *page.item.texts()], ""
    )
    assert page.kinds.first().hasFocus()
    assert answers.asked == []


def test_case_that_was_opened_is_shown_by_one_key(
    qtbot: QtBot, page: WindowPage, answers: Any, shell: Any, opened_case: OpenedCase
) -> None:
    open_one(qtbot, page, answers, opened_case)
    press(page, Qt.Key.Key_F6)
    assert shell.opened == [("case", {"stream": "case/1"})]


def test_buttons_belong_to_what_is_on_show(
    qtbot: QtBot, page: WindowPage, answers: Any, opened_case: OpenedCase
) -> None:
    assert [button.words() for button in page._buttons if button.isVisible()] == [
        "Empty the form",
        "Open case",
    ]
    assert not any(button.isVisible() for button in page.opened.buttons)
    open_one(qtbot, page, answers, opened_case)
    assert not any(button.isVisible() for button in page._buttons)
    assert all(button.isVisible() for button in page.opened.buttons)


def test_the_form_fits_a_small_screen(page: WindowPage) -> None:
    assert page.asking.sizeHint().height() <= 768 - 68 - 44 - 110  # scan bar, status line, head of the page


def test_a_real_case_is_refused_field_by_field_and_then_safe(
    qtbot: QtBot, real: Any, tools: Tools, shown: Callable[..., None]
) -> None:
    page = WindowPage(tools, real.services, real.wang)
    shown(page)
    page.kinds.set_value("repair")
    page.customer.set_text("phone", "12")
    page.item.set_text("gtin", "6901234567891")
    press(page, Qt.Key.Key_F2)
    qtbot.waitUntil(lambda: bool(page.customer.errors()))
    assert set(page.customer.errors()) == {"customer_name", "phone", "reason"}
    assert set(page.item.errors()) == {"product", "gtin"}
    assert real.services.cases.count("") == 0
    fill(page)
    page.item.set_text("gtin", GTIN)
    press(page, Qt.Key.Key_F2)
    qtbot.waitUntil(page.opened.isVisible)
    (row,) = real.services.cases.page("", 0, 10)
    assert (row.number, row.customer_name, row.product) == (page.opened.answer.words, "Ouyang", "Cloud X3")
    assert real.services.cases.view(row.stream).case.items[0].goods == "in_hand"
