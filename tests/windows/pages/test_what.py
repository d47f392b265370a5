"""What is this? An unknown code is asked about once, and the answer counts for all that look the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from desk_app.scanning.commands import BY_BODY
from desk_app.scanning.reading import Source
from desk_app.services.views import LineState, Taught

pytestmark = pytest.mark.slow


class Clerk:
    """Scans with the services' own ears; the line is cut."""

    def __init__(self, stand: Any) -> None:
        self.stand, self.window = stand, stand.window
        stand.services.line.now = LineState("offline", 0, 0, "line.cut")

    @property
    def page(self) -> Any:
        return self.window.page

    @property
    def at(self) -> str:
        name: str = self.window.route.name
        return name

    def scan(self, code: str) -> None:
        for scan in self.stand.services.codes.hear(code, Source.KEYBOARD):
            self.window.take_scan(scan)

    def choose(self, words: str) -> None:
        tile = next(tile for tile in self.page.tiles.tiles if tile.option.text == words)
        self.window.take_scan(self.stand.services.codes.hear(BY_BODY[f"D{tile.digit}"].code, Source.TYPED)[0])


@pytest.fixture
def clerk(stand: Callable[..., Any], lead: Callable[..., None]) -> Clerk:
    made = Clerk(stand("en"))
    lead(made.window, made.stand.services)
    made.window.open("cases")
    return made


def test_an_order_number_is_asked_about_once(clerk: Clerk) -> None:
    clerk.scan("SO-004711")
    assert clerk.at == "what"
    assert clerk.page.code.text() == "SO-004711"
    assert "SO-######" in clerk.page.remember.text()
    clerk.choose("An order number")
    clerk.stand.qtbot.waitUntil(lambda: clerk.at == "window")
    assert clerk.page.customer.text("order_number") == "SO-004711"
    assert clerk.stand.services.codes.taught() == (Taught("SO-######", "order"),)
    clerk.scan("SO-004799")
    assert clerk.at == "window"
    assert clerk.page.customer.text("order_number") == "SO-004799"


def test_what_is_nothing_of_ours_is_not_asked_about_again(clerk: Clerk) -> None:
    clerk.scan("PROMO-2026-X")
    clerk.choose("Nothing of ours")
    clerk.stand.qtbot.waitUntil(lambda: clerk.at == "cases")
    clerk.scan("PROMO-2027-Y")
    assert clerk.at == "cases"
    assert clerk.window.scan_bar.words.text() == "Nothing of ours. Scan on."


def test_a_waybill_nobody_knows_can_be_received_from_here(clerk: Clerk) -> None:
    clerk.scan("SF1390027465183")
    assert clerk.at == "what"
    assert clerk.page.title.text() == "Nothing here has this code"
    assert not clerk.page.remember.isVisible()
    assert clerk.page.tiles.tiles[0].option.text == "A parcel's waybill"
    clerk.choose("A parcel's waybill")
    clerk.stand.qtbot.waitUntil(lambda: clerk.at == "dock")
    clerk.stand.qtbot.waitUntil(lambda: clerk.page.answer.words == "Nobody announced this parcel")
    assert clerk.stand.services.codes.taught() == ()


def test_an_answer_need_not_be_remembered(clerk: Clerk) -> None:
    clerk.scan("SO-004711")
    clerk.page.remember.setChecked(False)
    clerk.choose("A device's serial number")
    clerk.stand.qtbot.waitUntil(lambda: clerk.at == "window")
    assert clerk.page.item.text("serial") == "SO-004711"
    assert clerk.stand.services.codes.taught() == ()


@pytest.mark.parametrize(
    ("code", "words", "field"),
    [
        ("356938035643809", "A device's serial number", "imei"),
        ("4006381333931", "A number of goods of ours", "gtin"),
    ],
)
def test_what_a_code_certainly_is_it_stays(clerk: Clerk, code: str, words: str, field: str) -> None:
    clerk.scan(code)
    clerk.choose(words)
    clerk.stand.qtbot.waitUntil(lambda: clerk.at == "window")
    assert clerk.page.item.text(field).lstrip("0") == code


def test_from_the_question_one_can_search(clerk: Clerk) -> None:
    clerk.scan("SO-004711")
    assert clerk.window.tools.actions.run("what.search")
    assert (clerk.at, clerk.page.search.text()) == ("cases", "SO-004711")


def test_while_it_asks_the_next_scan_goes_where_it_leads(clerk: Clerk) -> None:
    clerk.scan("SO-004711")
    case = clerk.stand.filled.cases["repair"]
    clerk.scan(f"M7C{case.number}")
    assert clerk.at == "case"


def test_codes_are_taught_tried_and_taken_away_in_the_settings(clerk: Clerk) -> None:
    clerk.window.open("settings")
    card, wait = clerk.page.own_codes, clerk.stand.qtbot.waitUntil
    card.form.set_text("tried", "SO-004711")
    assert card.taken.text() == "Taken as Serial number: SO-004711"
    card.form.set_text("mask", "so-######")
    card.form.set_text("kind", "order")
    card.keep.click()
    wait(lambda: card.taken.text() == "Taken as Order number: SO-004711")
    assert card._rows == (Taught("SO-######", "order"),)
    card.table.opened.emit(card._rows[0])
    card.forget.click()
    wait(lambda: card._rows == ())
    card.form.set_text("mask", "##")
    card.keep.click()
    wait(lambda: "mask" in card.form.errors())
    card.form.set_text("mask", "XX-####")
    card.forget.click()
    assert card.form.errors()
