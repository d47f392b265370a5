"""First start: one card at a time; what is wrong is said beside its field; no password but a person's own."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desk_app.errors import OutsideError, RuleError
from desk_app.scanning.diagnosis import TEST_CODE, Heard
from desk_app.scanning.ports import Port
from desk_app.services.views import FieldErrors
from desk_app.settings import Settings
from ui.pages.setup.devices import PrinterCard, ScannerCard
from ui.pages.setup.page import AskCard, LanguageCard, SetupCards, WayCard, draw_pin
from ui.services import Services
from ui.tasks import Tasks
from ui.theme import Scheme, Theme
from ui.widgets import Answer, Button, StepBar, Text

pytestmark = pytest.mark.slow

GIVEN = {
    "store_name": "Harbour Street",
    "desk_name": "Window 1",
    "person_name": "Lin",
    "password": "correct horse",
    "again": "correct horse",
    "pin": "2468",
}


@pytest.fixture
def done() -> list[str]:
    return []


@pytest.fixture
def cards(
    settings: Settings,
    tasks: Tasks,
    answers: Any,
    done: list[str],
    shown: Callable[..., None],
    services: Services,
) -> SetupCards:
    class Begin:
        devices, open_reader = services.devices, services.open_reader

        def found(self, *given: Any) -> Any:
            return answers.ask("found", *given)

        def join(self, *given: Any) -> Any:
            return answers.ask("join", *given)

    made = SetupCards(settings, tasks, Begin(), lambda: done.append("done"))
    shown(made)
    made.setFocus()
    return made


def ask(cards: SetupCards, way: str) -> AskCard:
    cards.show_way(way)
    assert isinstance(cards.card, AskCard)
    return cards.card


def fill(card: AskCard, **texts: str) -> None:
    for key, text in texts.items():
        card.form.set_text(key, text)


def said(card: AskCard) -> str:
    return card.trouble.text() if card.trouble.isVisible() else ""


def test_language_is_spoken_at_once_and_kept(qtbot: QtBot, cards: SetupCards, settings: Settings) -> None:
    assert isinstance(cards.card, LanguageCard)
    QTest.keyClick(cards.card.tiles, Qt.Key.Key_1)
    assert settings.language == "zh_CN"
    assert isinstance(cards.card, WayCard)
    assert "新建门店" in [tile.option.text for tile in cards.card.tiles._tiles]


def test_every_way_is_one_digit_from_here_and_leads_back(cards: SetupCards) -> None:
    for digit, title in (
        (Qt.Key.Key_1, "Start a new store"),
        (Qt.Key.Key_2, "Join with a code"),
        (Qt.Key.Key_3, "Sample shop"),
    ):
        cards.show_ways()
        assert isinstance(cards.card, WayCard)
        QTest.keyClick(cards.card.tiles, digit)
        assert isinstance(cards.card, AskCard)
        assert cards.card.accessibleName() == title
        back = next(button for button in cards.card.findChildren(Button) if button.words() == "Back")
        QTest.mouseClick(back, Qt.MouseButton.LeftButton)
        assert isinstance(cards.card, WayCard)


def test_store_is_founded_with_what_was_written(
    qtbot: QtBot, cards: SetupCards, answers: Any, done: list[str], settings: Settings
) -> None:
    card = ask(cards, "found")
    assert card.form.text("desk_name") == "Window 1"
    fill(card, **GIVEN)
    QTest.keyClick(card.form.field("pin"), Qt.Key.Key_Return)
    assert answers.asked == [
        ("found", ("Harbour Street", "Window 1", "Lin", "correct horse", "2468", "en", False))
    ]
    assert not card.button.isEnabled()
    assert done == []
    answers.give(None)
    qtbot.waitUntil(lambda: isinstance(cards.card, ScannerCard))
    assert done == []
    assert settings.desk_name == "Window 1"


def test_enter_twice_founds_once(cards: SetupCards, answers: Any) -> None:
    card = ask(cards, "found")
    fill(card, **GIVEN)
    card.go()
    card.go()
    assert len(answers.asked) == 1


def test_other_second_password_is_said_and_nothing_is_asked(cards: SetupCards, answers: Any) -> None:
    card = ask(cards, "found")
    fill(card, **{**GIVEN, "again": "correct hose"})
    card.go()
    assert card.form.errors() == {"again": "This is not the same password"}
    assert answers.asked == []


def test_wrong_fields_are_said_beside_them_and_nothing_is_lost(
    qtbot: QtBot, cards: SetupCards, answers: Any, done: list[str]
) -> None:
    card = ask(cards, "found")
    fill(card, **{**GIVEN, "person_name": ""})
    card.go()
    answers.give(
        FieldErrors(
            {"person_name": RuleError("field.empty"), "password": RuleError("password.too_short", shortest=8)}
        )
    )
    qtbot.waitUntil(lambda: bool(card.form.errors()))
    assert card.form.errors() == {
        "person_name": "Please fill this in.",
        "password": "A password has at least 8 characters.",
    }
    assert card.form.field("person_name").hasFocus()
    assert card.form.text("password") == "correct horse"
    assert card.button.isEnabled()
    assert (said(card), done) == ("", [])


def test_failure_of_no_field_is_said_on_the_card(qtbot: QtBot, cards: SetupCards, answers: Any) -> None:
    card = ask(cards, "join")
    fill(card, code="M7J1", desk_name="Window 2")
    card.go()
    answers.give(OutsideError("line.cut"))
    qtbot.waitUntil(lambda: bool(said(card)))
    assert "central service cannot be reached" in said(card)
    card.go()
    assert said(card) == ""


def test_join_code_is_taken_with_the_blanks_it_is_shown_with(cards: SetupCards, answers: Any) -> None:
    card = ask(cards, "join")
    fill(card, code=" M7JA BCDE 2345 ", desk_name="Window 2")
    card.go()
    assert answers.asked == [("join", ("M7JABCDE2345", "Window 2"))]


def test_sample_shop_needs_one_key_and_says_its_pin(
    cards: SetupCards, answers: Any, settings: Settings
) -> None:
    card = ask(cards, "sample")
    assert "made up" in " ".join(text.text() for text in card.findChildren(Text))
    assert card.button.hasFocus()
    QTest.keyClick(card.button, Qt.Key.Key_Return)
    ((name, given),) = answers.asked
    assert (name, given[0], given[6]) == ("found", "Sample shop", True)
    assert given[4] == card.form.text("pin") == settings.sample_pin
    assert len(given[3]) >= 16


def test_no_two_sample_shops_have_the_same_secrets(cards: SetupCards, answers: Any) -> None:
    for _ in range(2):
        ask(cards, "sample").go()
    first, second = (given for _, given in answers.asked)
    assert first[3] != second[3]


def test_a_drawn_pin_is_no_run() -> None:
    pins = [draw_pin() for _ in range(500)]
    assert all(len(pin) == 6 and pin.isdecimal() for pin in pins)
    assert all(len({(int(b) - int(a)) % 10 for a, b in pairwise(pin)}) > 1 for pin in pins)
    assert len(set(pins)) > 100


def test_settings_that_cannot_be_written_are_said_before_anything_is_founded(
    cards: SetupCards, answers: Any, settings: Settings
) -> None:
    card = ask(cards, "found")
    fill(card, **{**GIVEN, "desk_name": "Window 7"})
    settings._path.unlink()
    settings._path.mkdir()
    card.go()
    assert said(card) == "The settings could not be saved."
    assert answers.asked == []


# devices


@pytest.fixture
def scanner(cards: SetupCards) -> ScannerCard:
    cards.show_scanner()
    assert isinstance(cards.card, ScannerCard)
    return cards.card


@pytest.fixture
def printer(cards: SetupCards) -> PrinterCard:
    cards.show_printer()
    assert isinstance(cards.card, PrinterCard)
    return cards.card


@pytest.mark.parametrize("way", ["found", "join", "sample"])
def test_every_way_leads_to_both_devices_and_one_key_leaves_each_for_later(
    qtbot: QtBot, cards: SetupCards, answers: Any, done: list[str], way: str
) -> None:
    card = ask(cards, way)
    if way != "sample":
        fill(
            card, **{key: text for key, text in {**GIVEN, "code": "M7J1"}.items() if key in card.form.texts()}
        )
    card.go()
    answers.give(None)
    qtbot.waitUntil(lambda: isinstance(cards.card, ScannerCard))
    QTest.keyClick(cards.card, Qt.Key.Key_Escape)
    assert isinstance(cards.card, PrinterCard)
    assert done == []
    QTest.keyClick(cards.card, Qt.Key.Key_Escape)
    assert done == ["done"]


def test_the_step_bar_says_where_one_is(cards: SetupCards) -> None:
    def here() -> str:
        assert cards.card
        bar = cards.card.findChild(StepBar)
        assert isinstance(bar, StepBar)
        return bar.accessibleDescription()

    told = [here()]
    for show in (cards.show_ways, lambda: cards.show_way("join"), cards.show_scanner, cards.show_printer):
        show()
        told.append(here())
    assert told == ["Language", "Store", "Store", "Scanner", "Printer"]


def test_a_scan_of_the_code_leads_to_the_next_card_with_one_key(
    qtbot: QtBot, cards: SetupCards, scanner: ScannerCard
) -> None:
    assert scanner.test.target.hasFocus()
    QTest.keyClicks(scanner.test.target, TEST_CODE)
    QTest.keyClick(scanner.test.target, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: scanner.test.target.answer is Answer.GOOD)
    assert cards.card is scanner
    assert scanner.next.hasFocus()
    QTest.keyClick(scanner.next, Qt.Key.Key_Return)
    assert isinstance(cards.card, PrinterCard)


def test_a_scan_while_a_button_has_the_focus_presses_nothing(
    qtbot: QtBot, cards: SetupCards, scanner: ScannerCard
) -> None:
    scanner.later.setFocus()
    window = cards.windowHandle()
    for sign in "SF1385628716739":
        QTest.keyClick(window, sign)
    QTest.keyClick(window, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: scanner.test.target.answer is Answer.RECOGNISED)
    assert cards.card is scanner


def test_a_port_that_is_chosen_is_read_and_said_and_let_go_of(
    qtbot: QtBot, cards: SetupCards, services: Services, settings: Settings, devices: Any
) -> None:
    devices.plugged = (Port("/dev/ttyACM0", "Honeywell Voyager"),)
    cards.show_scanner()
    scanner = cards.card
    assert isinstance(scanner, ScannerCard)
    (form,) = scanner.readers.forms
    found = form.found
    assert [found.itemText(row) for row in range(found.count())] == [
        "Types like a keyboard (usual)",
        "/dev/ttyACM0 · Honeywell Voyager",
    ]
    assert not form.baud.isVisible()
    found.set_value("/dev/ttyACM0")
    found.activated.emit(1)
    assert [reader.port for reader in settings.readers] == ["/dev/ttyACM0"]
    assert form.baud.isVisible()
    assert not form.job.isVisible()
    assert not form.port.isVisible()
    reader: Any = services.open_reader.made[-1]  # type: ignore[attr-defined]
    assert (reader.port, reader.baud, reader.running) == ("/dev/ttyACM0", 9600, True)
    reader.on_state("open")
    qtbot.waitUntil(lambda: form.state.text() == "Scanner ready")
    reader.on_scan(TEST_CODE)
    qtbot.waitUntil(lambda: scanner.test.target.answer is Answer.GOOD)
    cards.show_printer()
    assert not reader.running


def test_a_port_that_cannot_be_kept_is_said(cards: SetupCards, devices: Any, settings: Settings) -> None:
    devices.plugged = (Port("COM3", ""),)
    cards.show_scanner()
    scanner = cards.card
    assert isinstance(scanner, ScannerCard)
    settings._path.unlink()
    settings._path.mkdir()
    found = scanner.readers.forms[0].found
    found.set_value("COM3")
    found.activated.emit(1)
    assert scanner.trouble.text() == "The settings could not be saved."
    assert scanner.trouble.isVisible()
    assert scanner.readers.forms[0].found.value() == ""


def test_a_test_page_is_printed_with_the_desk_s_name_and_offered(
    qtbot: QtBot, printer: PrinterCard, devices: Any
) -> None:
    assert printer.test.page.hasFocus()
    QTest.keyClick(printer.test.page, Qt.Key.Key_Return)
    assert not printer.test.page.isEnabled()
    qtbot.waitUntil(printer.test.open.isVisible, timeout=10_000)
    path = devices.folder / "test-page.pdf"
    assert path.read_bytes().startswith(b"%PDF")
    assert printer.test.result.text() == f"Printed to {path}"
    assert printer.test.open.hasFocus()
    assert printer.test.page.isEnabled()
    told = " ".join(text.text() for text in printer.findChildren(Text))
    assert "PDF files for now" in told
    assert str(devices.folder) in told


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("scale", [1.0, 1.5])
@pytest.mark.parametrize(("width", "height"), [(1000, 620), (1366, 768)])
def test_both_cards_can_be_read_and_touched(
    cards: SetupCards,
    settings: Settings,
    theme: Theme,
    layout: Any,
    language: str,
    scale: float,
    width: int,
    height: int,
) -> None:
    theme.apply(Scheme.DARK, scale)
    settings.language = language
    cards.resize(width, height)
    cards.show_scanner()
    assert isinstance(cards.card, ScannerCard)
    cards.card.test._heard_keys(Heard("007ßaQ-zYßwM-End", "\t", (60, 60)))
    settle()
    assert layout.faults(cards) == []
    cards.show_printer()
    assert isinstance(cards.card, PrinterCard)
    cards.card.test._printed(Path("/home/somebody/with/a/long/folder/name/papers/test-page.pdf"))
    settle()
    assert layout.faults(cards) == []


def settle() -> None:
    for _ in range(3):
        QApplication.processEvents()
