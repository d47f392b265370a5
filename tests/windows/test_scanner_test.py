"""The scanner test with real key events: what arrived, how, how fast, and what is wrong in words."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from itertools import accumulate, cycle
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from PySide6.QtCore import QBuffer, QEvent, QIODevice, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from desk_app.scanning.diagnosis import TEST_CODE, Finding, Heard, Trouble
from desk_app.scanning.layout import CODES, Repair
from desk_app.scanning.reading import Kind, Source
from desk_app.services.devices import Devices
from desk_app.settings import Settings
from desk_app.texts import LANGUAGES, Speaker, speaker
from ui.keys import KeyScans
from ui.pages.codes import KINDS as NAMES_OF_KINDS
from ui.pages.settings.scan_report import WORDS, said
from ui.pages.settings.scanner_test import BELOW, ScannerTest
from ui.theme import Scheme, Theme
from ui.widgets import Answer, Text
from ui.widgets.answer import _wrap as wrap

pytestmark = pytest.mark.slow

KEYS = {"\r": Qt.Key.Key_Return, "\t": Qt.Key.Key_Tab, "\x1d": Qt.Key.Key_BracketRight}
START = 86_400_000
SLOW = {"reader_pace": "slow"}


@pytest.fixture
def failures() -> list[Any]:
    return []


@pytest.fixture
def test(
    say: Speaker, devices: Devices, settings: Settings, shown: Callable[..., None], failures: list[Any]
) -> ScannerTest:
    made = ScannerTest(say, devices, settings, BELOW, failures.append)
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
    """The titles of what is said to be wrong, as soon as it stands there."""
    QApplication.processEvents()
    texts = [text for text in test.troubles.findChildren(Text) if text.property("role") == "strong"]
    return [text.text() for text in texts if text.isVisible()]


def fact(test: ScannerTest, name: str) -> str:
    labels = [text for text in test.facts.findChildren(Text) if text.accessibleName().startswith(f"{name}: ")]
    return labels[-1].text() if labels else ""


@pytest.mark.parametrize("scheme", list(Scheme))
def test_the_code_on_the_screen_scans_in_every_scheme(
    test: ScannerTest, theme: Theme, scheme: Scheme
) -> None:
    theme.apply(scheme)
    assert read_code(test) == TEST_CODE


def read_code(test: ScannerTest) -> str:
    """The bar code on the screen."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    test.code.grab().save(buffer, "PNG")
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(bytes(buffer.data().data()))))
    assert found.format.name == "Code128"
    return str(found.text)


@pytest.mark.parametrize("code", CODES)
def test_every_code_to_learn_from_scans_from_the_screen(
    test: ScannerTest, devices: Devices, code: str
) -> None:
    test.code.show_code(code, devices.bars(code))
    assert read_code(test) == code


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


# what can be set here

GERMAN: dict[int, Any] = str.maketrans("-/yYzZ", "ß-zZyY")


def scan(qtbot: QtBot, test: ScannerTest, signs: str, gaps: Iterable[int] = (4,)) -> Answer:
    with qtbot.waitSignal(test.tried) as tried:
        send(test, signs, gaps)
    found: Answer = tried.args[0]
    return found


@pytest.mark.parametrize(
    ("signs", "gaps", "kept"),
    [
        ("#*" + TEST_CODE + "\r", (4,), {"reader_prefix": "#*"}),
        (TEST_CODE + "~\r", (4,), {"reader_suffix": "~"}),
        ("*" + TEST_CODE + "~~\r", (48, 40, 52), {"reader_prefix": "*", "reader_suffix": "~~"} | SLOW),
        ("]C1*" + TEST_CODE + "\r", (4,), {"reader_prefix": "*"}),
        (TEST_CODE + "\r", (10, 50, 12, 34, 44), SLOW),
        ("SF1385628716739\r", (50,), SLOW),
    ],
)
def test_one_key_sets_what_the_scanner_needs(
    qtbot: QtBot,
    test: ScannerTest,
    settings: Settings,
    signs: str,
    gaps: tuple[int, ...],
    kept: dict[str, str],
) -> None:
    before = dict(settings.raw)
    assert scan(qtbot, test, signs, gaps) is Answer.WRONG
    QTest.keyClick(test.target, Qt.Key.Key_F5)
    assert settings.raw == before | kept
    assert test.target.hasFocus()
    assert not test.mend.isVisible()
    scan(qtbot, test, signs, gaps)
    assert not test.mend.isVisible()
    assert [title for title in told(test) if "kind of code in front" not in title] == []


def test_a_prefix_that_grew_is_set_whole(qtbot: QtBot, test: ScannerTest, settings: Settings) -> None:
    settings.reader_prefix = "A"
    scan(qtbot, test, f"AB{TEST_CODE}\r")
    QTest.keyClick(test.target, Qt.Key.Key_F5)
    assert settings.reader_prefix == "AB"


@pytest.mark.parametrize(
    ("signs", "gaps"),
    [
        (TEST_CODE + "\r", (90,)),
        ("\x02" + TEST_CODE + "\r", (4,)),
        ("x" * 21 + TEST_CODE + "\r", (4,)),
        (TEST_CODE.upper() + "\r", (4,)),
    ],
)
def test_what_only_the_scanner_can_mend_is_not_offered(
    qtbot: QtBot, test: ScannerTest, settings: Settings, signs: str, gaps: tuple[int, ...]
) -> None:
    before = dict(settings.raw)
    scan(qtbot, test, signs, gaps)
    assert not test.mend.isVisible()
    QTest.keyClick(test.target, Qt.Key.Key_F5)
    assert settings.raw == before


def learn(qtbot: QtBot, test: ScannerTest, change: dict[int, Any]) -> None:
    """Scan every code that is shown, and something else before each."""
    for number, code in enumerate(CODES, 1):
        assert test.target.words == f"Scan code {number} of {len(CODES)}"
        send(test, "SF13856287\r")
        qtbot.waitUntil(lambda: test.target.words == "That was another code")
        send(test, code.translate(change) + "\r")
        words = f"Scan code {number + 1} of {len(CODES)}"
        qtbot.waitUntil(lambda words=words: test.target.words == words or test._lesson is None)


def test_a_keyboard_is_learnt_from_the_codes_that_are_shown(
    qtbot: QtBot, test: ScannerTest, settings: Settings
) -> None:
    assert scan(qtbot, test, TEST_CODE.translate(GERMAN) + "\r") is Answer.WRONG
    QTest.keyClick(test.target, Qt.Key.Key_F5)
    assert read_code(test) == CODES[0]
    learn(qtbot, test, GERMAN)
    assert test.target.words == "The keyboard is learnt"
    assert Repair.of(settings.keyboard_repair).mend("SFß13-z") == "SF-13/y"
    assert read_code(test) == TEST_CODE
    assert told(test) == []
    assert scan(qtbot, test, TEST_CODE.translate(GERMAN) + "\r") is Answer.ATTENTION
    assert told(test) == [
        "The keyboard layouts differ, and codes are put right here: "
        "z instead of y · Y instead of Z · ß instead of - · - instead of /"
    ]
    assert test.cells.accessibleName() == f"What arrived: {TEST_CODE}CR"
    assert scan(qtbot, test, TEST_CODE + "\r") is Answer.ATTENTION
    assert told(test) == ["The keyboard is right again"]
    QTest.keyClick(test.target, Qt.Key.Key_F5, Qt.KeyboardModifier.ShiftModifier)
    assert settings.keyboard_repair == ""
    assert not test.forget.isVisible()
    assert scan(qtbot, test, TEST_CODE + "\r") is Answer.GOOD


def test_what_cannot_be_told_apart_is_told(qtbot: QtBot, test: ScannerTest, settings: Settings) -> None:
    change: dict[int, Any] = GERMAN | {ord("?"): "ß", ord("`"): None}
    scan(qtbot, test, TEST_CODE.translate(change) + "\r")
    QTest.keyClick(test.target, Qt.Key.Key_F5)
    learn(qtbot, test, change)
    assert told(test) == ["Characters that come alike: - ?", "These characters did not come: `"]
    assert test.target.answer is Answer.ATTENTION
    assert "ß" not in Repair.of(settings.keyboard_repair).came


def test_caps_lock_is_told_and_nothing_learnt(qtbot: QtBot, test: ScannerTest, settings: Settings) -> None:
    scan(qtbot, test, TEST_CODE.translate(GERMAN) + "\r")
    QTest.keyClick(test.target, Qt.Key.Key_F5)
    for code in CODES:
        before = test.code._text
        send(test, code.swapcase() + "\r")
        qtbot.waitUntil(lambda before=before: test.code._text != before)
    assert told(test) == ["Capital and small letters are swapped"]
    assert settings.keyboard_repair == ""


def test_learning_can_be_stopped_and_is_not_spoilt_by_other_ways(
    qtbot: QtBot, test: ScannerTest, settings: Settings
) -> None:
    scan(qtbot, test, TEST_CODE.translate(GERMAN) + "\r")
    QTest.keyClick(test.target, Qt.Key.Key_F5)
    assert test.mend.words() == "Stop"
    test.findChildren(QLineEdit)[0].setFocus()
    test.hear("mended already", Source.KEYBOARD)
    assert test.target.hasFocus()
    assert test.target.words == f"Scan code 1 of {len(CODES)}"
    QTest.keyClick(test.target, Qt.Key.Key_F5)
    assert (read_code(test), settings.keyboard_repair) == (TEST_CODE, "")
    assert scan(qtbot, test, TEST_CODE + "\r") is Answer.GOOD


def test_a_setting_that_cannot_be_kept_is_told(
    qtbot: QtBot, test: ScannerTest, settings: Settings, failures: list[Any]
) -> None:
    scan(qtbot, test, f"*{TEST_CODE}\r")
    settings._path.unlink()
    settings._path.mkdir()
    QTest.keyClick(test.target, Qt.Key.Key_F5)
    assert [error.code for error in failures] == ["settings.not_written"]
    assert test.target.answer is Answer.WRONG


def test_every_kind_of_code_has_a_name() -> None:
    assert set(NAMES_OF_KINDS) == set(Kind)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_trouble_has_words_and_what_to_do(language: str) -> None:
    assert set(WORDS) == set(Trouble)
    say = speaker(language)
    finding = Finding(Trouble.LAYOUT, "\x1dß", "z-", 60)
    for title, todo in WORDS.values():
        assert "{" not in said(say, title, finding) + say(todo)
    assert "GS" in said(say, WORDS[Trouble.LAYOUT][0], finding)
