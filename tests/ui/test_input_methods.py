"""Input methods and scanners that type, on real fields: scans stay whole, Chinese is written undisturbed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from ui.arrivals import Arrivals
from ui.keys import KeyScans
from ui.widgets import TextArea, TextField

pytestmark = pytest.mark.slow

CODE = "SF1390027465183"
QUICK, SLOW = 4, 110  # ms between two keys of a scanner, of a person
ENABLED = Qt.WidgetAttribute.WA_InputMethodEnabled
KEYS = {"\r": Qt.Key.Key_Return}


class HeldArrivals(Arrivals):
    """A clock that a test moves; `prompt` says whether the thread of the windows is held up."""

    at, prompt = 50_000, True

    def now(self) -> int:
        return self.at

    def is_prompt(self) -> bool:
        return self.prompt


@dataclass
class Hands:
    """Types into a field: keys with time stamps, and what an input method makes of keys."""

    field: QLineEdit | QPlainTextEdit
    scans: list[str]
    clock: HeldArrivals

    def keys(self, text: str, gap: int = QUICK) -> None:
        for letter in text:
            self.clock.at += gap
            event = QKeyEvent(
                QEvent.Type.KeyPress, KEYS.get(letter, Qt.Key.Key_A), Qt.KeyboardModifier.NoModifier, letter
            )
            event.setTimestamp(self.clock.at + 7_000_000)  # another clock
            QCoreApplication.sendEvent(self.field.window().windowHandle(), event)

    def composes(self, *shown: str, gap: int = QUICK) -> None:
        for text in shown:
            self.clock.at += gap
            QCoreApplication.sendEvent(self.field, QInputMethodEvent(text, []))

    def writes(self, *texts: str, gap: int = QUICK) -> None:
        for text in texts:
            self.clock.at += gap
            event = QInputMethodEvent()
            event.setCommitString(text)
            QCoreApplication.sendEvent(self.field, event)

    def text(self) -> str:
        return self.field.text() if isinstance(self.field, QLineEdit) else self.field.toPlainText()

    def underlined(self) -> str | None:
        """What the field shows as being composed; None where it does not tell."""
        if isinstance(self.field, QLineEdit):
            return None
        return self.field.document().lastBlock().layout().preeditAreaText()

    def is_on(self) -> bool:
        """Whether the field's input method is on."""
        return self.field.testAttribute(ENABLED)


@pytest.fixture(params=[TextField, TextArea], ids=["one line", "several"])
def hands(request: pytest.FixtureRequest, qtbot: QtBot, qapp: QApplication) -> Iterator[Hands]:
    window, clock, scans = QWidget(), HeldArrivals(), list[str]()
    field = request.param()
    field.setParent(window)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    watch = KeyScans(qapp, arrivals=clock)
    watch.scanned.connect(scans.append)
    yield Hands(field, scans, clock)
    watch.stop()
    QCoreApplication.sendPostedEvents(watch, QEvent.Type.DeferredDelete)


class Stubborn(QObject):
    """An input method that writes what it has composed when that is wiped out."""

    def __init__(self, hands: Hands) -> None:
        super().__init__(hands.field)
        self._field, self.wrote = hands.field, False

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        is_wiped = isinstance(event, QInputMethodEvent) and not (
            event.preeditString() or event.commitString()
        )
        if is_wiped and not self.wrote:
            self.wrote = True
            event = QInputMethodEvent()
            event.setCommitString("SF")
            QCoreApplication.sendEvent(self._field, event)
        return False


Scanned = Callable[[Hands], None]


def letters_then_keys(hands: Hands) -> None:
    """It is switched off after two capitals, and the rest comes as keys."""
    hands.composes("S", "SF")
    assert not hands.is_on()
    hands.keys("1390027465183\r")


def letters_written_then_keys(hands: Hands) -> None:
    hands.clock.prompt = False
    hands.composes("S", "SF")
    hands.writes("SF")
    hands.keys("1390027465183\r")


def given_up_when_switched_off(hands: Hands) -> None:
    """Some write what they composed when they are switched off, a moment later."""
    hands.composes("S", "SF")
    hands.writes("SF")
    hands.keys("1390027465183\r")


def given_up_at_once(hands: Hands) -> None:
    """Others write it the moment they are told to forget it."""
    stubborn = Stubborn(hands)
    hands.field.installEventFilter(stubborn)
    hands.composes("S", "SF")
    hands.keys("1390027465183\r")
    hands.field.removeEventFilter(stubborn)
    assert stubborn.wrote


def small_letters_first(hands: Hands) -> None:
    hands.composes("s", "s'f", "s'f'j", "s'f'j't")
    assert not hands.is_on()
    hands.keys("1390027465183\r")


def composed_whole(hands: Hands) -> None:
    """It goes on composing though it is switched off, and takes Enter for itself."""
    hands.composes(*(CODE[:length] for length in range(1, len(CODE) + 1)))
    hands.writes(CODE)


def full_width_signs(hands: Hands) -> None:
    hands.writes(*(chr(ord(letter) + 0xFEE0) for letter in CODE))
    hands.keys("\r")


def split_by_writing(hands: Hands) -> None:
    hands.keys("SF13")
    hands.writes("90")
    hands.keys("0274")
    hands.writes("６", "５")
    hands.keys("183\r")


def cleared_before_it_is_written(hands: Hands) -> None:
    hands.clock.prompt = False
    hands.composes("S", "SF", "")
    hands.writes("SF")
    hands.keys("1390027465183\r")


@pytest.mark.parametrize(
    "scanned",
    [
        letters_then_keys,
        letters_written_then_keys,
        given_up_when_switched_off,
        given_up_at_once,
        composed_whole,
        full_width_signs,
        split_by_writing,
        cleared_before_it_is_written,
    ],
    ids=lambda scanned: scanned.__name__,
)
def test_a_scan_stays_whole(qtbot: QtBot, hands: Hands, scanned: Scanned) -> None:
    scanned(hands)
    qtbot.waitUntil(lambda: hands.scans == [CODE], timeout=2000)
    assert hands.text() == ""
    assert hands.is_on()
    assert hands.underlined() in (None, "")
    hands.keys("退", SLOW * 10)
    qtbot.waitUntil(lambda: hands.text() == "退", timeout=2000)


def test_so_do_small_letters(hands: Hands) -> None:
    small_letters_first(hands)
    assert hands.scans == ["sfjt1390027465183"]
    assert (hands.text(), hands.is_on()) == ("", True)


def test_a_second_scan_is_as_whole_as_the_first(hands: Hands) -> None:
    for _ in range(3):
        letters_then_keys(hands)
        full_width_signs(hands)
    assert hands.scans == [CODE] * 6
    assert (hands.text(), hands.is_on()) == ("", True)


@pytest.mark.parametrize("gap", [SLOW, 60])
def test_chinese_is_written_undisturbed(qtbot: QtBot, hands: Hands, gap: int) -> None:
    for pinyin, word in (("shou'ji", "手机"), ("ping'mu", "屏幕"), ("sui'le", "碎了，")):
        for length in range(1, len(pinyin) + 1):
            hands.composes(pinyin[:length], gap=gap)
            assert hands.is_on()
            assert hands.underlined() in (None, pinyin[:length])
        hands.writes(word)
    qtbot.waitUntil(lambda: hands.text() == "手机屏幕碎了，", timeout=2000)
    assert hands.scans == []


def test_letters_that_are_rolled_do_not_switch_it_off(qtbot: QtBot, hands: Hands) -> None:
    for shown, gap in (("z", SLOW), ("zh", 10), ("zhu", 12), ("zhua", 70), ("zhuan", 9), ("zhuang", 14)):
        hands.composes(shown, gap=gap)
        assert hands.is_on()
    hands.writes("装")
    qtbot.waitUntil(lambda: hands.text() == "装", timeout=2000)


def test_what_waited_for_a_busy_window_is_never_taken(qtbot: QtBot, hands: Hands) -> None:
    """All at once: nothing of it says how fast it was struck."""
    hands.clock.prompt = False
    hands.composes("w", "we", "wei", "weix", "weixi", "weixiu", gap=0)
    hands.writes("维修", "1", "2", "3", "4", "5", "6", "7", "8", gap=0)
    qtbot.waitUntil(lambda: hands.text() == "维修12345678", timeout=2000)
    assert (hands.scans, hands.is_on()) == ([], True)


def test_digits_and_words_that_it_writes_reach_the_field_in_order(qtbot: QtBot, hands: Hands) -> None:
    hands.writes("１", "2", gap=SLOW)
    hands.keys("34", gap=SLOW)
    hands.composes("iph", "iphone", gap=SLOW)
    hands.writes("iphone", gap=SLOW)
    hands.writes("。", gap=SLOW)
    qtbot.waitUntil(lambda: hands.text() == "１234iphone。", timeout=2000)
    assert hands.scans == []


def test_capitals_of_a_person_are_written_and_it_goes_on(qtbot: QtBot, hands: Hands) -> None:
    hands.composes("U", "US", gap=30)
    assert not hands.is_on()
    qtbot.waitUntil(hands.is_on, timeout=2000)
    assert hands.text() == "US"
    hands.composes("ji", gap=SLOW)
    hands.writes("机", gap=SLOW)
    qtbot.waitUntil(lambda: hands.text() == "US机", timeout=2000)


def test_a_scan_after_chinese_is_a_scan(hands: Hands) -> None:
    hands.composes("ji", gap=SLOW)
    hands.writes("机", gap=SLOW)
    hands.clock.at += 1000
    letters_then_keys(hands)
    assert (hands.scans, hands.text()) == ([CODE], "机")
    hands.writes("1", "2", "3", gap=SLOW)
    hands.clock.at += 1000
    hands.keys(f"{CODE}\r")
    assert (hands.scans, hands.text()) == ([CODE, CODE], "机123")


def test_a_field_for_codes_has_no_input_method(qtbot: QtBot) -> None:
    field = TextField(scans=True)
    qtbot.addWidget(field)
    assert not field.testAttribute(ENABLED)


def test_the_beat_tells_whether_the_thread_is_held_up(qtbot: QtBot) -> None:
    arrivals = Arrivals()
    assert not arrivals.is_prompt()
    arrivals.begin()
    assert not arrivals.is_prompt()  # what came before the first beat may have waited
    beats: list[bool] = []
    arrivals._beat.timeout.connect(lambda: beats.append(arrivals.is_prompt()))
    qtbot.waitUntil(lambda: True in beats, timeout=2000)
    arrivals._beat_at = arrivals.now() - 300
    assert not arrivals.is_prompt()
    arrivals.end()
    assert not arrivals.is_prompt()
