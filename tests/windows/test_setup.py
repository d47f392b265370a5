"""First start: one card at a time; what is wrong is said beside its field; no password but a person's own."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desk_app.errors import OutsideError, RuleError
from desk_app.services.views import FieldErrors
from desk_app.settings import Settings
from ui.pages.setup.page import AskCard, LanguageCard, SetupCards, WayCard, draw_pin
from ui.tasks import Tasks
from ui.widgets import Button, Text

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
    settings: Settings, tasks: Tasks, answers: Any, done: list[str], shown: Callable[..., None]
) -> SetupCards:
    class Begin:
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
    qtbot.waitUntil(lambda: done == ["done"])
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
