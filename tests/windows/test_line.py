"""The line's page: what waits, both sides of what does not count, and the ways out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from desk_app.domain.batches import Placed, Pulled
from desk_app.domain.entries import Entry, Standing, Verdict, data_of
from desk_app.domain.facts import ItemDisposed, ItemHandedOver
from desk_app.domain.folding import empty, fold, judge
from desk_app.domain.people import Actor
from desk_app.errors import RuleError
from desk_app.services.views import LineState
from desk_app.storage import journal
from desk_app.texts import speaker
from ui.pages.case.page import CasePage
from ui.pages.cases.page import CasesPage
from ui.pages.line.page import LinePage
from ui.widgets import Tools

NOON = 1_772_366_400_000_000
HOUR = 3_600_000_000
FEED = "store/01STORE"
OFFLINE = LineState("offline", 3, NOON - 2 * HOUR, "line.cut")


@pytest.fixture
def page(real: Any, tools: Tools, shown: Callable[..., None]) -> LinePage:
    made = LinePage(tools, real.services, real.wang)
    shown(made, 1200, 900)
    made.open()
    return made


class Centre:
    """Gives what a desk wrote its places in the home order, after what another desk did there."""

    def __init__(self, real: Any) -> None:
        self.real, self.store = real, real.store
        self.number = 0

    def confirm(self, *before: Entry) -> None:
        """Place other desks' entries, then all that waits here, and let the desk take the page."""
        for feed in self.store.feeds():
            push = self.store.waiting(feed, 500)
            entries = [each for each in before if each.feed == feed] + list(push.entries if push else ())
            cursor = self.store.cursor(feed)
            with self.store.read() as connection:
                held = journal.held(connection, {each.stream for each in entries})
            known = {stream: each.state for stream, each in held.items()}
            placed = []
            for place, each in enumerate(entries, cursor + 1):
                state = known.get(each.stream) or empty(each.stream)
                verdict = judge(state, each)
                known[each.stream] = fold(state, each, verdict)
                placed.append(Placed(place, each, verdict))
            if placed:
                records = push.records if push else ()
                self.store.take(Pulled(feed, tuple(placed), records, placed[-1].place))

    def other(self, stream: str, fact: Any, at: int = NOON) -> Entry:
        """What another desk did."""
        self.number += 1
        kind, schema, data = data_of(fact)
        return Entry(
            feed=FEED,
            stream=stream,
            desk="OTHER",
            number=self.number,
            act="A.1.1",
            schema=schema,
            person=self.real.maria.person,
            at=at,
            kind=kind,
            data=data,
        )


@pytest.fixture
def centre(real: Any) -> Centre:
    return Centre(real)


def inspected(real: Any, centre: Centre) -> Any:
    """A case whose item is inspected, known to the central service."""
    case = real.open_case()
    points = real.services.inspection.handbook().checklist("headphones")
    answers = {point.key: "pass" for point in points}
    real.services.inspection.inspect(case.stream, 1, answers, {}, "A", "", real.wang).result()
    centre.confirm()
    return case


@pytest.fixture
def contested(real: Any, centre: Centre) -> Any:
    """A case whose item this desk scraps, and another put into stock before."""
    case = inspected(real, centre)
    real.services.inspection.dispose(case.stream, 1, "scrap", "", real.wang).result()
    centre.confirm(centre.other(case.stream, ItemDisposed(1, "restock", "S01"), NOON - HOUR))
    return case


def words(page: QWidget) -> str:
    """All that can be read on a page."""
    QApplication.processEvents()
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def side(block: QWidget, name: str) -> QWidget:
    return next(part for part in block.findChildren(QWidget) if part.accessibleName() == name)


def item(real: Any, case: Any) -> Any:
    return real.services.cases.view(case.stream).case.items[0]


def test_all_is_well_and_nothing_else_is_shown(page: LinePage, centre: Centre) -> None:
    centre.confirm()
    page.open()
    assert page.state.words.text() == "All is well"
    cards = (*page.lists.values(), page._newer_card, page._waiting_card)
    assert not any(card.isVisible() for card in cards)


# what waits


def test_what_waits_is_listed_by_case_and_kind_the_oldest_first(
    page: LinePage, real: Any, centre: Centre, clock: Any, shell: Any
) -> None:
    centre.confirm()
    first = real.open_case(waybill="SF1390027465183")
    clock.advance(HOUR)
    second = real.open_case()
    for text in ("one", "two"):
        real.services.reception.add_note(second.stream, text, real.wang).result()
    page.open()
    rows = [(row.name, page._telling.what(row.kind), row.count, row.at - NOON) for row in page._rows()]
    assert {row for row in rows if row[0] == first.number} == {
        (first.number, "Case opened", 1, 0),
        (first.number, "Item added", 1, 0),
        (first.number, "Parcel announced", 1, 0),
    }
    assert ("SF1390027465183", "Parcel announced", 1, 0) in rows
    assert (second.number, "Note", 2, HOUR) in rows
    assert [at for *_, at in rows] == sorted(at for *_, at in rows)
    page.table.opened.emit(next(row for row in page._rows() if row.stream == second.stream))
    assert shell.opened == [("case", {"stream": second.stream})]
    centre.confirm()
    page.open()
    assert not page._waiting_card.isVisible()


# both sides


def test_both_sides_are_told_with_who_and_when(page: LinePage, contested: Any) -> None:
    (block,) = page.lists["contests"].blocks
    said = words(block)
    assert f"{contested.number} · Item 1 · Decided what becomes of the item" in said
    mine, theirs = (words(side(block, name)) for name in ("Wanted, but does not count", "Stands"))
    assert mine.startswith("Wanted, but does not count\nScrap\n王芳 · on this desk · 1 Mar 2026, 20:00")
    assert theirs.startswith(
        "Stands\nRestock\nMaria del Carmen Sánchez · on another desk · 1 Mar 2026, 19:00"
    )
    assert list(block.buttons) == ["kept", "anew", "case"]


def test_what_is_left_as_it_stands_leaves_the_list_and_stays_in_the_story(
    qtbot: QtBot, page: LinePage, contested: Any, real: Any, tools: Tools, shell: Any, shown: Any
) -> None:
    page.lists["contests"].blocks[0].buttons["kept"].click()
    qtbot.waitUntil(lambda: page.lists["contests"].blocks == [])
    assert shell.toasts == ["Noted"]
    assert item(real, contested).disposition == "restock"
    case = CasePage(tools, real.services, real.wang)
    shown(case)
    case.open(stream=contested.stream)
    assert not case.contests.isVisible()
    assert "Scrap · does not count" in words(case)
    assert "Stays as it stands" in words(case)


def test_to_decide_anew_opens_the_bench_where_a_new_decision_is_legal(
    qtbot: QtBot, page: LinePage, contested: Any, real: Any, centre: Centre, shell: Any
) -> None:
    page.lists["contests"].blocks[0].buttons["anew"].click()
    qtbot.waitUntil(lambda: shell.opened == [("bench", {"stream": contested.stream, "item": "1"})])
    real.services.inspection.dispose(contested.stream, 1, "scrap", "", real.wang).result()
    centre.confirm()
    assert item(real, contested).disposition == "scrap"
    assert real.services.attention.count() == 0


def test_who_is_slower_is_told_that_it_is_settled(
    qtbot: QtBot, page: LinePage, contested: Any, real: Any, shell: Any
) -> None:
    (row,) = real.services.attention.view().contests
    settle = real.services.attention.settle
    settle(row.stream, row.entry, "anew", 1, real.wang).result()
    with pytest.raises(RuleError, match=r"contest\.settled_already"):
        settle(row.stream, row.entry, "kept", 1, real.wang).result()
    with pytest.raises(RuleError, match=r"contest\.cannot_be_reopened"):
        settle(row.stream, "store/1:X:1", "anew", 1, real.wang).result()
    page._settle(row, "kept")
    qtbot.waitUntil(lambda: shell.toasts == ["Somebody has settled this already."])


def test_who_may_not_settle_sees_it_but_cannot(
    tools: Tools, real: Any, contested: Any, shown: Callable[..., None]
) -> None:
    page = LinePage(tools, real.services, Actor("person/9", ("agent",), "Ann"))
    shown(page)
    page.open()
    (block,) = page.lists["contests"].blocks
    assert [button.isEnabled() for button in block.buttons.values()] == [False, False, True]
    assert not page.desks.isVisible()


def test_what_was_done_all_the_same_is_an_incident_here_and_on_the_case(
    qtbot: QtBot, page: LinePage, real: Any, centre: Centre, tools: Tools, shown: Any
) -> None:
    case = inspected(real, centre)
    real.services.inspection.dispose(case.stream, 1, "customer", "", real.wang).result()
    real.services.reception.hand_over(case.stream, 1, real.wang).result()
    centre.confirm(centre.other(case.stream, ItemDisposed(1, "restock")))
    page.open()
    assert item(real, case).goods == "left"
    (incident,), (contest,) = page.lists["incidents"].blocks, page.lists["contests"].blocks
    assert "Item handed over" in words(incident) and "The item has left our hands." in words(incident)
    assert "anew" not in contest.buttons
    whole = CasePage(tools, real.services, real.wang)
    shown(whole)
    whole.open(stream=case.stream)
    assert "The item has left our hands." in whole._contested.text()
    assert real.services.attention.count() == 2
    incident.buttons["kept"].click()
    qtbot.waitUntil(lambda: not page.lists["incidents"].blocks)
    assert len(page.lists["contests"].blocks) == 1


def test_a_repair_on_a_decision_that_does_not_stand_is_told_with_it(
    page: LinePage, real: Any, centre: Centre
) -> None:
    case = inspected(real, centre)
    real.services.inspection.dispose(case.stream, 1, "repair", "", real.wang).result()
    centre.confirm(centre.other(case.stream, ItemDisposed(1, "restock")))
    page.open()
    (block,) = page.lists["contests"].blocks
    assert "Rested on it, and does not count either: Repair begun" in words(block)


# refused, different, newer


def test_refused_entries_are_shown_with_their_reason_until_somebody_has_seen_them(
    qtbot: QtBot, page: LinePage, real: Any, centre: Centre
) -> None:
    centre.confirm()
    case = real.open_case()
    push = real.store.waiting(FEED, 500)
    verdict = Verdict(Standing.REFUSED, "entry.elsewhere")
    cursor = real.store.cursor(FEED)
    placed = tuple(Placed(place, each, verdict) for place, each in enumerate(push.entries, cursor + 1))
    real.store.take(Pulled(FEED, placed, push.records, placed[-1].place))
    page.open()
    blocks = page.lists["refused"].blocks
    assert len(blocks) == len(push.entries) == real.services.attention.count()
    assert "An entry belongs to another store. It is kept, but does not count." in words(blocks[0])
    assert "王芳 · Dock 1" in words(blocks[0])
    assert real.store.waiting_count() == 0 or case
    blocks[0].buttons["kept"].click()
    qtbot.waitUntil(lambda: len(page.lists["refused"].blocks) == len(push.entries) - 1)


@pytest.mark.logs("not that of the central service")
def test_a_state_that_differs_is_shown(qtbot: QtBot, page: LinePage, real: Any, centre: Centre) -> None:
    case = inspected(real, centre)
    real.services.reception.add_note(case.stream, "客户周六来取", real.wang).result()
    push = real.store.waiting(FEED, 500)
    cursor = real.store.cursor(FEED)
    placed = tuple(Placed(cursor + 1, each, Verdict(Standing.STANDS)) for each in push.entries)
    told = Pulled(FEED, placed, push.records, cursor + 1, {case.stream: "0" * 64}, journal_version())
    real.store.take(told)
    page.open()
    (block,) = page.lists["differing"].blocks
    assert f"{case.number} · Case" in words(block) and "Send the file for support." in words(block)
    block.buttons["kept"].click()
    qtbot.waitUntil(lambda: page.lists["differing"].blocks == [])
    assert real.services.attention.count() == 0


def journal_version() -> int:
    from desk_app.domain.folding import FOLD_VERSION

    return FOLD_VERSION


def test_entries_of_a_newer_version_are_counted(page: LinePage, real: Any, centre: Centre) -> None:
    import msgspec

    case = inspected(real, centre)
    moon = centre.other(case.stream, ItemHandedOver(1))
    centre.confirm(msgspec.structs.replace(moon, kind="moon.landed"))
    page.open()
    assert page._newer_card.isVisible()
    assert page.newer.text().startswith("1 entry was written by a newer version")
    assert real.services.attention.count() == 0


# provisional


def test_what_is_not_confirmed_says_so_while_there_is_no_line_and_goes_away_by_itself(
    real: Any, centre: Centre, tools: Tools, shown: Any
) -> None:
    centre.confirm()
    case = real.open_case()
    one, many = CasePage(tools, real.services, real.wang), CasesPage(tools, real.services, real.wang)
    shown(many)
    shown(one)
    one.open(stream=case.stream)
    many.open()
    assert not one.unconfirmed.isVisible()
    real.services.line.now = OFFLINE
    tools.hub.tell_line(OFFLINE)
    assert one.unconfirmed.isVisible() and one.unconfirmed.text() == "Not yet confirmed"
    assert many._model.data(many._model.index(0, 1)).endswith(" · not yet confirmed")
    centre.confirm()
    QApplication.processEvents()
    assert not one.unconfirmed.isVisible()
    assert many._model.data(many._model.index(0, 1)) == "In hand"


def test_it_is_said_in_chinese_too(
    real: Any, contested: Any, tools: Tools, shown: Callable[..., None]
) -> None:
    chinese = replace(tools, say=speaker("zh_CN"))
    page = LinePage(chinese, real.services, real.wang)
    shown(page)
    page.open()
    said = words(page)
    assert "想要、但不生效的" in said and "报废" in said
    assert [button.words() for button in page.lists["contests"].blocks[0].buttons.values()] == [
        "维持现状",
        "重新决定",
        "查看售后单",
    ]
    assert page.state.words.text() == "已连接"
