"""The scanner test with real key events: what arrived, how, how fast, and what is wrong in words."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from itertools import accumulate, cycle

import pytest
import zxingcpp
from PIL import Image
from PySide6.QtCore import QBuffer, QEvent, QIODevice, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from desk_app.scanning.diagnosis import TEST_CODE, Finding, Heard, Trouble
from desk_app.scanning.reading import Source
from desk_app.services.devices import Devices
from desk_app.settings import Settings
from desk_app.texts import LANGUAGES, Speaker, speaker
from ui.keys import KeyScans
from ui.pages.settings.scan_report import WORDS, said
from ui.pages.settings.scanner_test import BELOW, ScannerTest
from ui.theme import Scheme, Theme
from ui.widgets import Answer, Text
from ui.widgets.answer import _wrap as wrap

pytestmark = pytest.mark.slow

KEYS = {"\r": Qt.Key.Key_Return, "\t": Qt.Key.Key_Tab, "\x1d": Qt.Key.Key_BracketRight}
START = 86_400_000


@pytest.fixture
def test(say: Speaker, devices: Devices, settings: Settings, shown: Callable[..., None]) -> ScannerTest:
    made = ScannerTest(say, devices, settings, BELOW, lambda _error: None)
    layout = made.layout()
    assert layout
    layout.addWidget(QLineEdit())  # where a Tab leads to
    shown(made)
    made.target.setFocus()
    return made


def send(test: ScannerTest, signs: str, gaps: Iterable[int] = (4,)) -> None:
    """Key events with a scanner's own time stamps, at once: the window was busy."""
    steps = cycle(gaps)
    times = accumulate((next(steps) for _ in signs[1:]), initial=START)
    for sign, at in zip(signs, times, strict=True):
        event = QKeyEvent(
            QEvent.Type.KeyPress, KEYS.get(sign, Qt.Key.Key_A), Qt.KeyboardModifier.NoModifier, sign
        )
        event.setTimestamp(at)
        QApplication.sendEvent(test.target, event)


def told(test: ScannerTest) -> list[str]:
    """The titles of what is said to be wrong."""
    return [text.text() for text in test.troubles.findChildren(Text) if text.property("role") == "strong"]


def fact(test: ScannerTest, name: str) -> str:
    labels = [text for text in test.facts.findChildren(Text) if text.accessibleName().startswith(f"{name}: ")]
    return labels[-1].text() if labels else ""


@pytest.mark.parametrize("scheme", list(Scheme))
def test_the_code_on_the_screen_scans_in_every_scheme(
    test: ScannerTest, theme: Theme, scheme: Scheme
) -> None:
    theme.apply(scheme)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    test.code.grab().save(buffer, "PNG")
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(bytes(buffer.data().data()))))
    assert (found.text, found.format.name) == (TEST_CODE, "Code128")


def test_a_good_scan_says_how_it_came_and_how_fast(qtbot: QtBot, test: ScannerTest) -> None:
    with qtbot.waitSignal(test.tried) as tried:
        send(test, TEST_CODE + "\r", (2, 6, 9))
    assert tried.args == [Answer.GOOD]
    assert test.target.words == "The scanner works"
    assert (fact(test, "Came by"), fact(test, "At the end")) == ("Keyboard", "Enter")
    assert (fact(test, "Taken as"), fact(test, "Between two keys")) == ("The test code", "6 ms")
    assert test.cells.accessibleName() == f"What arrived: {TEST_CODE}CR"
    assert told(test) == []


@pytest.mark.parametrize(
    ("signs", "gaps", "titles", "answer"),
    [
        (
            "007ßaQ-zYßwM-End\r",
            (4,),
            [
                "The keyboard layouts differ: ß instead of - · - instead of / · "
                "z instead of y · Y instead of Z"
            ],
            Answer.WRONG,
        ),
        (TEST_CODE.swapcase() + "\r", (4,), ["Capital and small letters are swapped"], Answer.ATTENTION),
        (TEST_CODE.upper() + "\r", (4,), ["Capital and small letters are not told apart"], Answer.WRONG),
        (TEST_CODE + "\t", (4,), ["Tab instead of Enter at the end"], Answer.ATTENTION),
        (TEST_CODE, (4,), ["No Enter at the end"], Answer.ATTENTION),
        (TEST_CODE + "\r", (60,), ["The keys come slowly: 60 ms apart"], Answer.WRONG),
        (
            "]C1" + TEST_CODE + "\r",
            (4,),
            ["The scanner names the kind of code in front: ]C1"],
            Answer.ATTENTION,
        ),
        ("\x02" + TEST_CODE + "\r", (4,), ["The scanner puts something in front: STX"], Answer.ATTENTION),
        (TEST_CODE[2:] + "\r", (4,), ["Zeros in front are missing: 00"], Answer.WRONG),
        (TEST_CODE[:9] + "\r", (4,), ["The end of the code is missing: -wM/End"], Answer.WRONG),
        ("007-aQ/y-wM/End\r", (4,), ["Characters got lost: Z"], Answer.WRONG),
        ("SF1385628716739\r", (4,), [], Answer.RECOGNISED),
    ],
)
def test_trouble_is_named_in_plain_words(
    qtbot: QtBot, test: ScannerTest, signs: str, gaps: tuple[int, ...], titles: list[str], answer: Answer
) -> None:
    with qtbot.waitSignal(test.tried):
        send(test, signs, gaps)
    assert told(test) == titles
    assert test.target.answer is answer


def test_separators_are_shown_by_their_names(qtbot: QtBot, test: ScannerTest) -> None:
    with qtbot.waitSignal(test.tried):
        send(test, "010690123456789221A\x1d10B\r")
    assert test.cells.accessibleName() == "What arrived: 010690123456789221AGS10BCR"
    assert fact(test, "Taken as") == "GS1 code"


def test_an_input_method_that_takes_the_keys_is_found_out(qtbot: QtBot, test: ScannerTest) -> None:
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in TEST_CODE)
    assert test.target.inputMethodQuery(Qt.InputMethodQuery.ImEnabled) is not False
    event = QInputMethodEvent("", [])
    event.setCommitString(wide)
    with qtbot.waitSignal(test.tried):
        QApplication.sendEvent(test.target, event)
    assert told(test) == ["An input method took the keys", "No Enter at the end"]
    assert fact(test, "Between two keys") == ""


def test_a_second_scan_begins_anew_however_soon(qtbot: QtBot, test: ScannerTest) -> None:
    heard: list[str] = []
    test.target.heard.connect(lambda one: heard.append(one.text + one.end))
    send(test, "SF1385628716739\r" + TEST_CODE + "\r")
    qtbot.waitUntil(lambda: len(heard) == 2)
    assert heard == ["SF1385628716739\r", TEST_CODE + "\r"]


def test_keys_of_a_person_lead_on_and_report_nothing(test: ScannerTest) -> None:
    (other,) = test.findChildren(QLineEdit)
    heard: list[Heard] = []
    test.target.heard.connect(heard.append)
    QTest.keyClick(test.target, Qt.Key.Key_Return)
    QTest.keyClick(test.target, Qt.Key.Key_Tab)
    assert other.hasFocus()
    assert heard == []
    assert test.target.answer is Answer.IDLE


def test_what_other_parts_took_is_shown_without_what_they_cannot_know(test: ScannerTest) -> None:
    test.hear("SF1385628716739", Source.SERIAL_PORT)
    assert (fact(test, "Came by"), fact(test, "Taken as")) == ("Serial port", "Waybill")
    assert (fact(test, "At the end"), fact(test, "Between two keys")) == ("", "")
    assert told(test) == []


def test_the_program_s_watch_over_keys_leaves_them_to_the_test(
    qtbot: QtBot, test: ScannerTest, qapp: QApplication
) -> None:
    watch = KeyScans(qapp)
    try:
        caught: list[str] = []
        watch.scanned.connect(caught.append)
        window = test.windowHandle()
        with qtbot.waitSignal(test.tried):
            for sign in TEST_CODE:
                QTest.keyClick(window, sign)
            QTest.keyClick(window, Qt.Key.Key_Return)
        assert caught == []
        assert test.target.answer is Answer.GOOD
    finally:
        watch.stop()


@pytest.mark.parametrize(
    ("words", "wide", "whole"),
    [
        ("The scanner works", 220, True),
        ("扫码枪需要调整设置", 220, True),
        ("9622080430009482100500794", 220, False),
    ],
)
def test_words_of_an_answer_break_between_words_where_they_can(
    qapp: QApplication, words: str, wide: int, whole: bool
) -> None:
    font = qapp.font()
    font.setPixelSize(33)
    assert (wrap(font, words, wide) == Qt.TextFlag.TextWordWrap) is whole


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_trouble_has_words_and_what_to_do(language: str) -> None:
    assert set(WORDS) == set(Trouble)
    say = speaker(language)
    finding = Finding(Trouble.LAYOUT, "\x1dß", "z-", 60)
    for title, todo in WORDS.values():
        assert "{" not in said(say, title, finding) + say(todo)
    assert "GS" in said(say, WORDS[Trouble.LAYOUT][0], finding)
