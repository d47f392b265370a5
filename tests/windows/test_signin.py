"""Sign-in: choose yourself, write the secret; wrong is said in words and the field is empty again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desk_app.changes import Changes, Origin
from desk_app.domain.people import Actor
from desk_app.errors import RuleError
from desk_app.services.views import PersonRow
from desk_app.texts import Speaker
from ui.hub import Hub
from ui.pages.signin.page import SignIn
from ui.services import Services
from ui.tasks import Tasks
from ui.widgets import Text
from ui.widgets.tiles import Tile

CARD = Callable[[Services], SignIn]


@pytest.fixture
def entered() -> list[Actor]:
    return []


@pytest.fixture
def hub() -> Hub:
    return Hub()


@pytest.fixture
def sign_in(say: Speaker, tasks: Tasks, hub: Hub, entered: list[Actor], shown: Callable[..., None]) -> CARD:
    def make(services: Services) -> SignIn:
        card = SignIn(say, tasks, hub, services, entered.append)
        shown(card)
        card.setFocus()
        return card

    return make


def words(card: SignIn) -> str:
    return " ".join(text.text() for text in card.findChildren(Text) if text.isVisible())


def test_everybody_is_there_with_name_and_roles(sign_in: CARD, services: Services) -> None:
    tiles = sign_in(services).findChildren(Tile)
    assert [(tile.option.text, tile.option.detail) for tile in tiles] == [
        ("林晓雯", "Window clerk · Manager"),
        ("陈伟", "Technician"),
        ("Maria del Carmen Sánchez", "Warehouse"),
    ]


def test_a_digit_a_pin_and_enter_sign_in(
    qtbot: QtBot, sign_in: CARD, services: Services, answers: Any, entered: list[Actor], actor: Actor
) -> None:
    card = sign_in(services)
    QTest.keyClick(card.people.tiles, Qt.Key.Key_1)
    assert card.entry.field.hasFocus()
    QTest.keyClicks(card.entry.field, "2468")
    assert card.entry.field.displayText() != "2468"
    QTest.keyClick(card.entry.field, Qt.Key.Key_Return)
    assert answers.asked == [("sign_in", ("person/1", "2468"))]
    assert entered == []
    answers.give(actor)
    qtbot.waitUntil(lambda: entered == [actor])


def test_the_pad_writes_the_pin_and_is_there_for_those_who_have_one(
    sign_in: CARD, services: Services, answers: Any
) -> None:
    card = sign_in(services)
    assert not card.entry.pad.isVisible()
    QTest.keyClick(card.people.tiles, Qt.Key.Key_2)
    assert not card.entry.pad.isVisible()
    card.people.tiles.tiles[2].click()
    assert card.entry.pad.isVisible()
    for button in card.entry.pad.findChildren(type(card.entry.enter)):
        if button.words() in ("1", "3"):
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    card.entry.pad.entered.emit()
    assert answers.asked == [("sign_in", ("person/3", "13"))]


def test_wrong_is_said_and_the_field_is_empty_and_ready(
    qtbot: QtBot, sign_in: CARD, services: Services, answers: Any, entered: list[Actor]
) -> None:
    card = sign_in(services)
    QTest.keyClick(card.people.tiles, Qt.Key.Key_1)
    QTest.keyClicks(card.entry.field, "9999")
    QTest.keyClick(card.entry.field, Qt.Key.Key_Return)
    answers.give(RuleError("sign_in.wrong"))
    qtbot.waitUntil(lambda: bool(card.entry.form.errors()))
    assert card.entry.form.errors() == {"secret": "This password or PIN is not right. Try again."}
    assert (card.entry.field.text(), card.entry.field.hasFocus(), entered) == ("", True, [])
    QTest.keyClicks(card.entry.field, "2468")
    QTest.keyClick(card.entry.field, Qt.Key.Key_Return)
    assert answers.asked[-1] == ("sign_in", ("person/1", "2468"))


def test_enter_while_the_secret_is_checked_asks_once(sign_in: CARD, services: Services, answers: Any) -> None:
    card = sign_in(services)
    QTest.keyClick(card.people.tiles, Qt.Key.Key_1)
    for _ in range(2):
        QTest.keyClick(card.entry.field, Qt.Key.Key_Return)
    assert len(answers.asked) == 1


def test_another_person_never_inherits_a_written_secret(sign_in: CARD, services: Services) -> None:
    card = sign_in(services)
    QTest.keyClick(card.people.tiles, Qt.Key.Key_1)
    QTest.keyClicks(card.entry.field, "24")
    card.people.tiles.tiles[1].click()
    assert card.entry.field.text() == ""


def test_who_is_alone_is_chosen_already(sign_in: CARD, services: Services) -> None:
    services.people.rows = services.people.rows[:1]  # type: ignore[attr-defined]
    card = sign_in(services)
    assert card.people.tiles.value() == "person/1"
    assert card.entry.field.hasFocus()


def test_people_appear_when_the_line_brings_them(sign_in: CARD, services: Services, hub: Hub) -> None:
    rows = services.people.everybody()
    services.people.rows = ()  # type: ignore[attr-defined]
    card = sign_in(services)
    assert "come over the line" in " ".join(text.text() for text in card.nobody.findChildren(Text))
    assert card.nobody.isVisible()
    services.people.rows = rows  # type: ignore[attr-defined]
    hub.tell(Changes(frozenset({"case/1"}), Origin.SYNC))
    assert card.nobody.isVisible()
    hub.tell(Changes(frozenset({"person/1"}), Origin.SYNC))
    assert not card.nobody.isVisible()
    assert len(card.people.tiles.tiles) == 3


def test_news_of_people_leaves_a_half_written_secret_alone(
    sign_in: CARD, services: Services, hub: Hub
) -> None:
    card = sign_in(services)
    QTest.keyClick(card.people.tiles, Qt.Key.Key_3)
    QTest.keyClicks(card.entry.field, "13")
    services.people.rows += (PersonRow("person/4", "Øyvind", ("checker",), True),)  # type: ignore[attr-defined]
    hub.tell(Changes(frozenset({"person/4"}), Origin.SYNC))
    assert (card.people.tiles.value(), card.entry.field.text(), len(card.people.tiles.tiles)) == (
        "person/3",
        "13",
        4,
    )


def test_sample_shop_says_what_it_is_and_its_pin(sign_in: CARD, sample_services: Services) -> None:
    assert "Sample shop: the people are made up. Everybody's PIN is 228471." in words(
        sign_in(sample_services)
    )


def test_a_real_shop_never_shows_a_pin(sign_in: CARD, services: Services) -> None:
    services.settings.sample_pin = "228471"
    assert "228471" not in words(sign_in(services))


def test_real_people_sign_in_with_what_they_chose(
    qtbot: QtBot, sign_in: CARD, real: Any, entered: list[Actor]
) -> None:
    card = sign_in(real.services)
    names = [tile.option.text for tile in card.people.tiles.tiles]
    card.people.tiles.tiles[names.index("王芳")].click()
    QTest.keyClicks(card.entry.field, "2581")
    QTest.keyClick(card.entry.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(card.entry.form.errors()))
    for secret in ("2580", "secret123"):
        entered.clear()
        card.entry.enter.setEnabled(True)
        QTest.keyClicks(card.entry.field, secret)
        QTest.keyClick(card.entry.field, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: bool(entered))
        card.entry.field.clear()
        assert entered == [real.wang]
