"""Keys as they come from the window system: a scanner's become a scan, a person's reach the field."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desk_app.scanning.burst import PACES
from desk_app.scanning.layout import Repair
from desk_app.scanning.wedge import Wedge
from ui.keys import KeyScans
from ui.widgets import TextField

SCANNER_GAP, TYPING_GAP = 4, 140  # milliseconds between keys
NONE, CTRL, SHIFT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
Keys = Callable[..., None]


@dataclass
class Desk:
    """How the scanner is set, and how often the repair was told to rest."""

    wedge: Wedge = field(default_factory=Wedge)
    rested: int = 0

    def count(self) -> None:
        self.rested += 1


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def scans(qapp: QApplication, desk: Desk) -> Iterator[list[str]]:
    catcher = KeyScans(qapp, lambda: desk.wedge)
    found: list[str] = []
    catcher.scanned.connect(found.append)
    catcher.rested.connect(desk.count)
    yield found
    catcher.stop()
    QCoreApplication.sendPostedEvents(catcher, QEvent.Type.DeferredDelete)


@pytest.fixture
def form(qtbot: QtBot, scans: list[str]) -> QWidget:
    """A window with a plain field (focused), a field that takes scans, and a button."""
    made = QWidget()
    box = QVBoxLayout(made)
    made.plain, made.taking, made.button = QLineEdit(), TextField(scans=True), QPushButton("Go")
    for part in (made.plain, made.taking, made.button):
        box.addWidget(part)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    made.plain.setFocus()
    qtbot.waitUntil(made.plain.hasFocus)
    return made


@pytest.fixture
def keys(form: QWidget) -> Keys:
    """Sends texts key by key into the window's queue, `gap` ms apart by their time stamps."""
    now = [1_000_000]

    def press(text: str, gap: int = TYPING_GAP, modifiers: Qt.KeyboardModifier = NONE) -> None:
        for letter in text:
            now[0] += gap
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                event = QKeyEvent(kind, _key(letter), modifiers, letter)
                event.setTimestamp(now[0])
                QCoreApplication.postEvent(form.windowHandle(), event)
        QCoreApplication.sendPostedEvents()

    return press


def _key(letter: str) -> int:
    named = {
        "\r": Qt.Key.Key_Return,
        "\t": Qt.Key.Key_Tab,
        "\x1d": Qt.Key.Key_BracketRight,
        " ": Qt.Key.Key_Space,
    }
    return int(named.get(letter, Qt.Key(ord(letter.upper())) if letter.isascii() else Qt.Key.Key_unknown))


def test_scan_goes_to_the_shell_and_leaves_the_field_alone(
    form: QWidget, keys: Keys, scans: list[str]
) -> None:
    form.plain.setText("half a ")
    keys("SF1390027465183\r", SCANNER_GAP)
    assert scans == ["SF1390027465183"]
    assert form.plain.text() == "half a "
    assert form.plain.hasFocus()


def test_two_scans_on_each_others_heels(form: QWidget, keys: Keys, scans: list[str]) -> None:
    keys("SF1390027465183\r", SCANNER_GAP)
    keys("YT8812345678901\r", SCANNER_GAP)
    assert scans == ["SF1390027465183", "YT8812345678901"]
    assert form.plain.text() == ""


def test_typing_reaches_the_field_in_order(qtbot: QtBot, form: QWidget, keys: Keys, scans: list[str]) -> None:
    keys("hello 42")
    qtbot.waitUntil(lambda: form.plain.text() == "hello 42", timeout=2000)
    assert scans == []


def test_a_lone_key_is_given_back_without_another(qtbot: QtBot, form: QWidget, keys: Keys) -> None:
    keys("a")
    qtbot.waitUntil(lambda: form.plain.text() == "a", timeout=2000)


def test_fast_typing_with_enter_is_typing(form: QWidget, keys: Keys, scans: list[str]) -> None:
    entered: list[bool] = []
    form.plain.returnPressed.connect(lambda: entered.append(True))
    keys("ok\r", 60)
    assert (form.plain.text(), entered, scans) == ("ok", [True], [])


def test_field_that_takes_scans_gets_the_keys(form: QWidget, keys: Keys, scans: list[str]) -> None:
    form.taking.setFocus()
    keys("QYA30098117", SCANNER_GAP)
    assert form.taking.text() == "QYA30098117"
    assert scans == []
    assert not form.taking.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)


def test_scan_presses_no_button(form: QWidget, keys: Keys, scans: list[str]) -> None:
    pressed: list[bool] = []
    form.button.clicked.connect(lambda: pressed.append(True))
    form.button.setFocus()
    keys("AB 12 CD 34\r", SCANNER_GAP)
    assert scans == ["AB 12 CD 34"]
    assert pressed == []


def test_space_typed_by_a_person_presses_the_button(qtbot: QtBot, form: QWidget, keys: Keys) -> None:
    form.button.setFocus()
    with qtbot.waitSignal(form.button.clicked, timeout=2000):
        keys(" ")


def test_group_separator_typed_as_control_bracket(form: QWidget, keys: Keys, scans: list[str]) -> None:
    keys("0106901234567892", SCANNER_GAP)
    keys("\x1d", SCANNER_GAP, CTRL)
    keys("21ABC\r", SCANNER_GAP)
    assert scans == ["0106901234567892\x1d21ABC"]
    assert form.plain.text() == ""


def test_capitals_with_shift_and_umlauts_of_a_wrong_layout(
    form: QWidget, keys: Keys, scans: list[str]
) -> None:
    keys("SF", SCANNER_GAP, SHIFT)
    keys("139ö027\r", SCANNER_GAP)
    assert scans == ["SF139ö027"]


def test_shortcut_of_a_person_is_not_held(qtbot: QtBot, form: QWidget, keys: Keys) -> None:
    keys("old")
    qtbot.waitUntil(lambda: form.plain.text() == "old", timeout=2000)
    QTest.keyClick(form.windowHandle(), Qt.Key.Key_A, CTRL)
    assert form.plain.selectedText() == "old"


def test_arrow_key_first_gives_back_what_is_held(form: QWidget, keys: Keys) -> None:
    keys("ab", 30)
    QTest.keyClick(form.windowHandle(), Qt.Key.Key_Left)
    assert form.plain.text() == "ab"
    assert form.plain.cursorPosition() == 1


def test_a_key_that_waits_for_a_letter_splits_no_scan(form: QWidget, keys: Keys, scans: list[str]) -> None:
    keys("AB12CD", SCANNER_GAP)
    accent = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Dead_Acute, NONE)
    QCoreApplication.sendEvent(form.windowHandle(), accent)
    keys("34EF\r", SCANNER_GAP)
    assert scans == ["AB12CD34EF"]
    assert form.plain.text() == ""


def test_chinese_letters_pass(qtbot: QtBot, form: QWidget, keys: Keys) -> None:
    keys("中文")
    qtbot.waitUntil(lambda: form.plain.text() == "中文", timeout=2000)


def test_scan_without_suffix_ends_with_silence(
    qtbot: QtBot, form: QWidget, keys: Keys, scans: list[str]
) -> None:
    keys("SF1390027465183", SCANNER_GAP)
    qtbot.waitUntil(lambda: scans == ["SF1390027465183"], timeout=2000)
    assert form.plain.text() == ""


def test_held_key_down_repeats_into_the_field(form: QWidget, scans: list[str]) -> None:
    for number in range(9):
        event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_X, NONE, "x", autorep=number > 0)
        event.setTimestamp(2_000_000 + number * 30)
        QCoreApplication.sendEvent(form.windowHandle(), event)
    assert (form.plain.text(), scans) == ("x" * 9, [])


def test_a_key_that_waits_for_a_window_that_closes_is_let_go(
    qtbot: QtBot, form: QWidget, scans: list[str]
) -> None:
    window = QWidget()
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.focusWindow() is window.windowHandle())
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_A)
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete)
    with qtbot.captureExceptions() as failures:
        QTest.keyClick(form.windowHandle(), Qt.Key.Key_F1)  # no scanner sends it: what waits is given back
    assert (failures, scans) == ([], [])


def test_after_the_end_keys_go_straight_to_their_field(qtbot: QtBot, qapp: QApplication) -> None:
    field = QLineEdit()
    qtbot.addWidget(field)
    catcher = KeyScans(qapp)
    with qtbot.waitExposed(field):
        field.show()
    field.activateWindow()
    qtbot.waitUntil(field.hasFocus)
    catcher.stop()
    QTest.keyClick(field.windowHandle(), Qt.Key.Key_A)
    assert field.text() == "a"


def test_a_pace_counts_from_the_next_scan_on(
    qtbot: QtBot, form: QWidget, keys: Keys, scans: list[str], desk: Desk
) -> None:
    keys("SF1390027465183\r", 50)
    assert (scans, form.plain.text()) == ([], "SF1390027465183")
    desk.wedge = Wedge(PACES["slow"])
    form.plain.clear()
    keys("x", 500)
    qtbot.waitUntil(lambda: form.plain.text() == "x", timeout=2000)
    keys("S", 500)
    keys("F1390027465183\r", 50)
    assert (scans, form.plain.text()) == (["SF1390027465183"], "x")


def test_what_the_scanner_adds_is_taken_off(form: QWidget, keys: Keys, scans: list[str], desk: Desk) -> None:
    desk.wedge = Wedge(prefix="#*", suffix="~")
    for code in ("#*SF1390027465183~", "SF1390027465183", "#*6901234567892"):
        keys(f"{code}\r", SCANNER_GAP)
    assert scans == ["SF1390027465183", "SF1390027465183", "6901234567892"]
    assert form.plain.text() == ""


def test_what_a_person_types_is_never_mended(
    qtbot: QtBot, form: QWidget, keys: Keys, scans: list[str], desk: Desk
) -> None:
    desk.wedge = Wedge(prefix="z", repair=Repair("zy", "yz"))
    keys("zany cozy")
    qtbot.waitUntil(lambda: form.plain.text() == "zany cozy", timeout=2000)
    assert scans == []


def test_a_layout_is_repaired_and_rests_when_it_is_right_again(
    keys: Keys, scans: list[str], desk: Desk
) -> None:
    desk.wedge = Wedge(repair=Repair("zyZYß-", "yzYZ-/"))
    for code in ("ZT8812345678901", "aßz", "YT8812345678901", "YT8812345678902", "ZYZZY-1"):
        keys(f"{code}bcd\r" if len(code) < 6 else f"{code}\r", SCANNER_GAP)
    assert scans == ["YT8812345678901", "a-ybcd", "YT8812345678901", "YT8812345678902", "ZYZZY-1"]
    assert desk.rested == 1


def test_a_field_that_takes_scans_gets_them_mended_and_enter_behind(
    qtbot: QtBot, form: QWidget, keys: Keys, scans: list[str], desk: Desk
) -> None:
    desk.wedge = Wedge(prefix="*", repair=Repair("zyZYß-", "yzYZ-/"))
    entered: list[str] = []
    form.taking.returnPressed.connect(lambda: entered.append(form.taking.text()))
    form.taking.setFocus()
    keys("*ZT8812345678901\r", SCANNER_GAP)
    assert entered == ["YT8812345678901"]
    assert scans == []
    form.taking.clear()
    keys("zy", TYPING_GAP)
    qtbot.waitUntil(lambda: form.taking.text() == "zy", timeout=2000)


def test_a_window_that_was_busy_gets_a_scan_whole(form: QWidget, keys: Keys, scans: list[str]) -> None:
    """Its keys wait while the thread of the windows does something else for 300 ms."""
    QTimer.singleShot(0, lambda: threading.Event().wait(0.3))
    keys("SF139002", SCANNER_GAP)
    QTest.qWait(10)
    keys("7465183\r", SCANNER_GAP)
    assert scans == ["SF1390027465183"]
    assert form.plain.text() == ""


def test_several_characters_of_one_key_stay_together(
    form: QWidget, keys: Keys, scans: list[str], qtbot: QtBot
) -> None:
    """A key that waits for a letter to put an accent on may bring both at once."""
    keys("AB12", SCANNER_GAP)
    event = QKeyEvent(QEvent.Type.KeyPress, 0, NONE, "^Q")
    event.setTimestamp(1_000_000 + 5 * SCANNER_GAP)
    QCoreApplication.sendEvent(form.windowHandle(), event)
    assert form.plain.text() == ""
    qtbot.waitUntil(lambda: form.plain.text() == "AB12^Q", timeout=2000)
    assert scans == []
