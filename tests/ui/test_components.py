"""Components that are used: each does by key what it does by mouse."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desk_app.texts import Speaker
from ui.widgets import (
    Button,
    Checklist,
    ChoiceTiles,
    NumberPad,
    Option,
    Page,
    Point,
    TextField,
    Tone,
    Tools,
)
from ui.widgets.scan_bar import ScanBar
from ui.widgets.toast import Toasts

Shown = Callable[..., None]
GRADES = [Option(key, f"Grade {key}", "as it says") for key in "ABCDE"]
POINTS = [
    Point("case", "Housing", photo=True),
    Point("battery", "Battery", unit="%"),
    Point("sound", "Sound"),
]


# The scan bar


def test_scan_bar_shows_a_long_code_short_and_separators_visible(
    shown: Shown, qtbot: QtBot, say: Speaker
) -> None:
    bar = ScanBar(say)
    shown(bar, 1000, 60)
    bar.show_scan("0106901234567892\x1d21QY-A3-0098117-0001-2026-10-31-99")
    assert bar.code.text() == "01069012 … 10-31-99"
    assert bar.code.toolTip().endswith("2026-10-31-99")
    bar.show_answer(Tone.WRONG, "Nothing is known of it")
    assert bar.words.text() == "Nothing is known of it"
    bar.show_scan("SF1390027465183")
    assert (bar.code.text(), bar.words.text()) == ("SF1390027465183", "")
    bar.show_scan("0112345\x1d21QY")
    assert bar.code.text() == "0112345␝21QY"


def test_escape_empties_the_scan_bar(shown: Shown, qtbot: QtBot, say: Speaker) -> None:
    bar = ScanBar(say)
    shown(bar, 1000, 60)
    bar.field.setFocus()
    qtbot.waitUntil(bar.field.hasFocus)
    QTest.keyClick(bar.field, Qt.Key.Key_A)
    QTest.keyClick(bar.field, Qt.Key.Key_Escape)
    assert bar.field.text() == ""


# Tiles, checklist, number pad: keys of the page


@pytest.fixture
def page(shown: Shown, qtbot: QtBot, tools: Tools) -> Page:
    made = Page(tools, "Page")
    shown(made, 900, 600)
    made.setFocus()
    qtbot.waitUntil(made.hasFocus)
    return made


def test_digit_chooses_a_tile_from_anywhere_on_the_page(qtbot: QtBot, page: Page) -> None:
    tiles = ChoiceTiles("Grade", GRADES)
    page.body.addWidget(tiles)
    page.keys_to(tiles)
    qtbot.waitUntil(tiles.isVisible)
    with qtbot.waitSignal(tiles.chosen) as chosen:
        QTest.keyClick(page.windowHandle(), Qt.Key.Key_3)
    assert chosen.args == ["C"]
    QTest.keyClick(page.windowHandle(), Qt.Key.Key_9)
    assert tiles.value() == "C"


def test_digit_in_a_field_stays_in_the_field(qtbot: QtBot, page: Page) -> None:
    tiles, field = ChoiceTiles("Grade", GRADES), TextField()
    page.body.addWidget(tiles)
    page.body.addWidget(field)
    page.keys_to(tiles)
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    QTest.keyClick(page.windowHandle(), Qt.Key.Key_3)
    assert (field.text(), tiles.value()) == ("3", "")


def test_arrows_move_among_tiles_and_click_chooses(shown: Shown, qtbot: QtBot) -> None:
    tiles = ChoiceTiles("Grade", GRADES)
    shown(tiles)
    chosen: list[str] = []
    tiles.chosen.connect(chosen.append)
    QTest.mouseClick(tiles._tiles[0], Qt.MouseButton.LeftButton)
    QTest.keyClick(tiles._tiles[0], Qt.Key.Key_Right)
    assert tiles.value() == "B"
    assert chosen == ["A", "B"]


def test_set_value_tells_nobody_and_can_choose_none(qtbot: QtBot) -> None:
    tiles = ChoiceTiles("Grade", GRADES)
    qtbot.addWidget(tiles)
    tiles.chosen.connect(lambda _: pytest.fail("nobody chose"))
    tiles.set_value("D")
    assert tiles.value() == "D"
    tiles.set_value("")
    assert tiles.value() == ""


def test_ten_tiles_have_nine_digits(qtbot: QtBot) -> None:
    tiles = ChoiceTiles("Ten", [Option(str(number), f"Tile {number}") for number in range(10)])
    qtbot.addWidget(tiles)
    assert [tile.digit for tile in tiles._tiles] == [*"123456789", ""]


def test_checklist_by_keys_alone(qtbot: QtBot, page: Page) -> None:
    checklist = Checklist(page.say, POINTS)
    page.body.addWidget(checklist)
    page.keys_to(checklist)
    qtbot.waitUntil(checklist.rows[2].isVisible)
    answers: list[tuple[str, str]] = []
    checklist.answered.connect(lambda key, answer: answers.append((key, answer)))
    photos: list[str] = []
    checklist.photo_asked.connect(photos.append)
    window = page.windowHandle()
    for key in (Qt.Key.Key_4, Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_1, Qt.Key.Key_1):
        QTest.keyClick(window, key)
    assert photos == ["case"]
    assert answers == [("case", "pass"), ("battery", "fail"), ("sound", "pass")]
    QTest.keyClick(window, Qt.Key.Key_Up)
    QTest.keyClick(window, Qt.Key.Key_2)
    assert checklist.answers() == {"case": "pass", "battery": "fail", "sound": "fail"}


def test_measured_value_is_typed_in_its_field(qtbot: QtBot, page: Page) -> None:
    checklist = Checklist(page.say, POINTS)
    page.body.addWidget(checklist)
    page.keys_to(checklist)
    qtbot.waitUntil(checklist.rows[1].isVisible)
    checklist.go_to(1)
    QTest.keyClick(page.windowHandle(), Qt.Key.Key_3)
    QTest.keyClick(page.windowHandle(), Qt.Key.Key_6)
    with qtbot.waitSignal(checklist.measured) as measured:
        QTest.keyClick(page.windowHandle(), Qt.Key.Key_Return)
    assert measured.args == ["battery", "6"]
    assert checklist.measures() == {"battery": "6"}


def test_checklist_shows_what_was_answered_before(qtbot: QtBot, say: Speaker) -> None:
    checklist = Checklist(say, POINTS)
    qtbot.addWidget(checklist)
    checklist.answered.connect(lambda *_: pytest.fail("nobody answered"))
    checklist.set_answer("battery", "fail", "61")
    assert (checklist.answers(), checklist.measures()) == ({"battery": "fail"}, {"battery": "61"})


def test_pad_writes_into_its_field_and_keeps_the_focus_out(qtbot: QtBot, page: Page) -> None:
    field = TextField()
    pad = NumberPad(page.say, field)
    page.body.addWidget(field)
    page.body.addWidget(pad)
    page.keys_to(pad)
    qtbot.waitUntil(pad.isVisible)
    for button in pad.findChildren(Button):
        if button.words() in ("7", "0"):
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    QTest.keyClick(page.windowHandle(), Qt.Key.Key_5)
    assert (field.text(), page.hasFocus()) == ("705", True)
    QTest.keyClick(page.windowHandle(), Qt.Key.Key_Backspace)
    with qtbot.waitSignal(pad.entered):
        QTest.keyClick(page.windowHandle(), Qt.Key.Key_Enter)
    assert field.text() == "70"


# Buttons


def test_button_works_by_mouse_enter_space_and_its_key(shown: Shown, qtbot: QtBot) -> None:
    button = Button("Print label", "printer", "Ctrl+P")
    shown(button)
    clicks: list[bool] = []
    button.clicked.connect(lambda: clicks.append(True))
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Return)
    QTest.keyClick(button, Qt.Key.Key_Space)
    QTest.keyClick(button.windowHandle(), Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert len(clicks) == 4
    assert (button.key_sign(), button.accessibleDescription()) == ("Ctrl+P", "Ctrl+P")


def test_hidden_button_has_no_key(shown: Shown, qtbot: QtBot) -> None:
    host = QWidget()
    button = Button("Print label", "printer", "F6")
    button.setParent(host)
    shown(host)
    button.clicked.connect(lambda: pytest.fail("it is hidden"))
    button.hide()
    QTest.keyClick(host.windowHandle(), Qt.Key.Key_F6)
    assert not button.isVisible()


def test_button_without_words_has_a_name(qtbot: QtBot) -> None:
    button = Button("", "camera", name="Photograph")
    qtbot.addWidget(button)
    assert (button.accessibleName(), button.toolTip()) == ("Photograph", "Photograph")
    assert button.sizeHint().width() >= 44
    assert button.sizeHint().height() >= 44


# Toasts


@pytest.fixture
def toasts(shown: Shown, qtbot: QtBot, say: Speaker) -> Toasts:
    host = QWidget()
    shown(host, 800, 400)
    return Toasts(host, say)


def test_toast_undoes_once_by_its_key(toasts: Toasts) -> None:
    undone: list[bool] = []
    toasts.show_toast("Put on shelf A-07", undo=lambda: undone.append(True))
    host = toasts.parent()
    assert isinstance(host, QWidget)
    for _ in range(2):
        QTest.keyClick(host.windowHandle(), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert undone == [True]
    assert toasts.shown is None


def test_newer_toast_takes_the_place_and_stays_inside(toasts: Toasts) -> None:
    toasts.show_toast("One")
    toasts.show_toast("Two " * 60)
    host = toasts.parent()
    assert isinstance(host, QWidget)
    assert toasts.shown is not None
    assert toasts.shown.words.text().startswith("Two")
    host.resize(500, 300)
    assert host.rect().contains(toasts.shown.geometry())
