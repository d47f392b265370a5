"""The dock: answers in order, nothing said before it is safe, one key for the shelf."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desk_app.changes import Changes, Origin
from desk_app.domain.people import Actor
from desk_app.errors import RuleError
from desk_app.scanning.codes import OwnKind, encode
from desk_app.scanning.reading import Source, hear
from desk_app.services.views import ParcelRow, Received
from ui.pages.dock.page import LIST_MS, DockPage
from ui.services import Services
from ui.widgets import Answer, Tools

NOON = 1_772_366_400_000_000
SF, YTO = "SF1390027465183", "YT7512345678901"
LONG = "9622080430009482100500794692105123"


@dataclass
class ReceivingHere:
    """Receives what the test lets it receive, when the test lets it."""

    futures: list[Future[Received]] = field(default_factory=list)
    shelved: list[tuple[str, str]] = field(default_factory=list)
    rows: tuple[ParcelRow, ...] = ()
    undone: list[tuple[str, ...]] = field(default_factory=list)

    def receive(self, raw: str, by: Actor) -> Future[Received]:
        self.futures.append(Future())
        return self.futures[-1]

    def shelve(self, parcel: str, shelf: str, by: Actor) -> Future[ParcelRow]:
        self.shelved.append((parcel, shelf))
        done: Future[ParcelRow] = Future()
        done.set_result(ParcelRow(parcel, parcel[7:], "sf", "arrived", NOON, shelf, "", ""))
        return done

    def undo_arrival(self, parcel: str, by: Actor) -> Future[None]:
        return self._undo(parcel)

    def undo_shelving(self, parcel: str, shelf: str, before: str, by: Actor) -> Future[None]:
        return self._undo(parcel, shelf, before)

    def _undo(self, *what: str) -> Future[None]:
        self.undone.append(what)
        done: Future[None] = Future()
        done.set_result(None)
        return done

    def arrived(self, limit: int) -> tuple[ParcelRow, ...]:
        return self.rows[:limit]

    def count_today(self) -> int:
        return len(self.rows)


@pytest.fixture
def receiving() -> ReceivingHere:
    return ReceivingHere()


@pytest.fixture
def page(
    tools: Tools, services: Services, receiving: ReceivingHere, actor: Actor, shown: Callable[..., None]
) -> DockPage:
    made = DockPage(tools, replace(services, receiving=receiving), actor)
    shown(made)
    made.open()
    made.setFocus()
    return made


def scan(page: DockPage, text: str) -> bool:
    return page.scanned(hear(text, Source.KEYBOARD, NOON))


def received(waybill: str, outcome: str, count: int, **more: Any) -> Received:
    whole: dict[str, Any] = {
        "carrier": "sf",
        "case": "",
        "case_number": "",
        "shelf": "",
        "at": NOON,
        "by": "",
    }
    return Received(f"parcel/{waybill}", waybill, outcome=outcome, count=count, **(whole | more))


def sounded(sound_log: Path) -> list[str]:
    return sound_log.read_text().splitlines()


def row(waybill: str, **more: Any) -> ParcelRow:
    whole = {"carrier": "sf", "reception": "arrived", "shelf": "", "case": "", "case_number": ""} | more
    return ParcelRow(stream=f"parcel/{waybill}", waybill=waybill, arrived_at=NOON, **whole)


def test_a_scan_is_recognised_at_once_and_green_only_when_it_is_safe(
    qtbot: QtBot, page: DockPage, receiving: ReceivingHere, sound_log: Path
) -> None:
    assert scan(page, SF)
    assert (page.answer.answer, page.answer.words) == (Answer.RECOGNISED, SF)
    assert sounded(sound_log) == []
    receiving.futures[0].set_result(received(SF, "announced", 47, case="case/1", case_number="7QK00002H"))
    qtbot.waitUntil(lambda: page.answer.answer is Answer.GOOD)
    assert page.answer.words == "Parcel received"
    assert {SF, "7QK00002H"} <= set(page.answer.detail.split(" · "))
    assert page.count.text() == "47 parcels today"
    assert sounded(sound_log) == [f"good\t{SF}"]


def test_answers_come_in_the_order_of_the_scans(
    qtbot: QtBot, page: DockPage, receiving: ReceivingHere, sound_log: Path
) -> None:
    for waybill in (SF, YTO, LONG):
        scan(page, waybill)
    receiving.futures[2].set_result(received(LONG, "unannounced", 3, shelf="S01"))
    receiving.futures[1].set_exception(RuleError("parcel.not_here"))
    qtbot.waitUntil(lambda: all(flight.result for flight in list(page._under_way)[1:]))
    assert sounded(sound_log) == []
    receiving.futures[0].set_result(received(SF, "announced", 1))
    qtbot.waitUntil(lambda: len(sounded(sound_log)) == 3)
    assert sounded(sound_log) == [f"good\t{SF}", "error\t", f"attention\t{LONG}"]
    assert page.answer.words == "Nobody announced this parcel"


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_F6])
def test_one_key_puts_an_unannounced_parcel_on_its_shelf(
    qtbot: QtBot, page: DockPage, receiving: ReceivingHere, key: Qt.Key
) -> None:
    scan(page, SF)
    receiving.futures[0].set_result(received(SF, "unannounced", 1, shelf="S03"))
    qtbot.waitUntil(lambda: page.answer.answer is Answer.ATTENTION)
    assert "S03" in page.answer.detail
    qtbot.keyClick(page, key)
    qtbot.waitUntil(lambda: page.answer.answer is Answer.GOOD)
    assert receiving.shelved == [(f"parcel/{SF}", "S03")]
    qtbot.keyClick(page, key)
    assert len(receiving.shelved) == 1


def test_a_scanned_shelf_is_taken_instead_of_the_one_proposed(
    qtbot: QtBot, page: DockPage, receiving: ReceivingHere
) -> None:
    assert scan(page, encode(OwnKind.SHELF, "S07"))
    assert page.answer.words == "No parcel waits for a shelf"
    scan(page, SF)
    receiving.futures[0].set_result(received(SF, "unannounced", 1, shelf="S03"))
    qtbot.waitUntil(lambda: page.answer.answer is Answer.ATTENTION)
    scan(page, encode(OwnKind.SHELF, "S07"))
    qtbot.waitUntil(lambda: page.answer.answer is Answer.GOOD)
    assert receiving.shelved == [(f"parcel/{SF}", "S07")]


def test_the_next_scan_leaves_a_parcel_without_a_shelf(
    qtbot: QtBot, page: DockPage, receiving: ReceivingHere
) -> None:
    scan(page, SF)
    receiving.futures[0].set_result(received(SF, "unannounced", 1, shelf="S03"))
    qtbot.waitUntil(lambda: page.answer.answer is Answer.ATTENTION)
    scan(page, YTO)
    qtbot.keyClick(page, Qt.Key.Key_Return)
    assert receiving.shelved == []


def test_a_second_arrival_says_when_and_by_whom(
    qtbot: QtBot, page: DockPage, receiving: ReceivingHere, sound_log: Path
) -> None:
    scan(page, SF)
    receiving.futures[0].set_result(received(SF, "again", 5, case="case/1", by="林晓雯"))
    qtbot.waitUntil(lambda: page.answer.words == "Already received")
    assert "First received 1 Mar 2026, 20:00 by 林晓雯" in page.answer.detail
    assert sounded(sound_log) == [f"attention\t{SF}"]


def test_labels_of_ours_lead_elsewhere(page: DockPage, receiving: ReceivingHere) -> None:
    assert not scan(page, encode(OwnKind.BADGE, "42"))
    assert receiving.futures == []


def test_a_screen_reader_hears_the_answer_and_reads_the_rows(
    page: DockPage, receiving: ReceivingHere, tools: Tools, qtbot: QtBot
) -> None:
    receiving.rows = (row(SF, case="case/1", case_number="7QK00002H"), row(YTO), row(LONG, shelf="S02"))
    tools.hub.tell(Changes(frozenset({f"parcel/{SF}"}), Origin.SYNC))
    qtbot.waitUntil(lambda: page.table.isVisible())
    assert page.count.text() == "3 parcels today"
    cells = texts(page.table)
    assert {SF, "Received", "7QK00002H", "SF Express", YTO, "No shelf", LONG, "S02"} <= set(cells)
    assert cells.count("Unannounced") == 2
    assert QAccessible.queryAccessibleInterface(page.answer).text(QAccessible.Text.Name) == "Ready"


def test_cases_of_other_desks_leave_the_list_alone(
    page: DockPage, receiving: ReceivingHere, tools: Tools, qtbot: QtBot
) -> None:
    receiving.rows = (row(SF, case="case/1", case_number="7QK00002H"),)
    tools.hub.tell(Changes(frozenset({f"parcel/{SF}"}), Origin.SYNC))
    qtbot.waitUntil(lambda: page.table.model().rowCount() == 1)
    receiving.rows = (row(SF, case="case/1", case_number="7QK00003F"), row(YTO))
    with qtbot.assertNotEmitted(page.table.model().modelReset, wait=2 * LIST_MS):
        tools.hub.tell(Changes(frozenset({"case/2"}), Origin.SYNC))
    tools.hub.tell(Changes(frozenset({"case/1"}), Origin.SYNC))
    qtbot.waitUntil(lambda: page.table.model().rowCount() == 2)


def texts(table: QWidget) -> list[str]:
    """What a screen reader finds in the cells."""
    found = QAccessible.queryAccessibleInterface(table)
    return [found.child(number).text(QAccessible.Text.Name) for number in range(found.childCount())]


def test_a_row_without_a_case_can_be_put_on_a_shelf_later(
    page: DockPage, receiving: ReceivingHere, shell: Any
) -> None:
    page._chosen(row(YTO))
    assert page.answer.words == YTO
    page._shelve()
    assert receiving.shelved == [(f"parcel/{YTO}", "S01")]
    page._chosen(row(SF, case="case/1"))
    assert shell.opened == [("case", {"stream": "case/1"})]


def test_a_page_that_was_made_anew_leaves_its_answers(
    qtbot: QtBot,
    tools: Tools,
    services: Services,
    receiving: ReceivingHere,
    actor: Actor,
    shown: Callable[..., None],
    sound_log: Path,
) -> None:
    window = QWidget()
    page = DockPage(tools, replace(services, receiving=receiving), actor)
    page.setParent(window)
    shown(window)
    scan(page, SF)
    with qtbot.waitSignal(page.destroyed):
        page.deleteLater()
    told: list[object] = []
    tools.tasks.when(receiving.futures[0], told.append)
    receiving.futures[0].set_result(received(SF, "announced", 1))
    qtbot.waitUntil(lambda: bool(told))
    assert sounded(sound_log) == []


def test_a_real_parcel_is_received_counted_once_and_shelved(
    qtbot: QtBot, real: Any, tools: Tools, shown: Callable[..., None]
) -> None:
    case = real.open_case(waybill=SF)
    page = DockPage(tools, real.services, real.wang)
    shown(page)
    page.open()
    scan(page, SF)
    qtbot.waitUntil(lambda: page.answer.answer is Answer.GOOD)
    assert case.number in page.answer.detail
    scan(page, SF)
    qtbot.waitUntil(lambda: page.answer.words == "Already received")
    assert page.count.text() == "1 parcel today"
    scan(page, YTO)
    qtbot.waitUntil(lambda: page.answer.words == "Nobody announced this parcel")
    page._shelve()
    qtbot.waitUntil(lambda: page.answer.answer is Answer.GOOD)
    (there,) = [row for row in real.services.receiving.arrived(10) if row.waybill == YTO]
    assert there.shelf == "S01"
    scan(page, "12")
    qtbot.waitUntil(lambda: page.answer.answer is Answer.WRONG)
    assert "too short" in page.answer.words


def test_what_a_scan_did_is_undone(
    qtbot: QtBot, page: DockPage, receiving: ReceivingHere, shell: Any, sound_log: Path
) -> None:
    scan(page, SF)
    receiving.futures[0].set_result(received(SF, "unannounced", 1, shelf="S03"))
    qtbot.waitUntil(lambda: page.answer.words == "Nobody announced this parcel")
    undo_arrival = shell.undos[-1]
    qtbot.keyClick(page, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.answer.words == "Parcel put on shelf S03")
    shell.undos[-1]()
    undo_arrival()
    qtbot.waitUntil(lambda: page.answer.words == "Undone")
    assert receiving.undone == [(f"parcel/{SF}", "S03", ""), (f"parcel/{SF}",)]


def test_a_parcel_that_was_here_before_is_not_undone_by_its_second_scan(
    qtbot: QtBot, page: DockPage, receiving: ReceivingHere, shell: Any
) -> None:
    scan(page, SF)
    receiving.futures[0].set_result(received(SF, "again", 1, case="case/1"))
    qtbot.waitUntil(lambda: page.answer.words == "Already received")
    assert shell.undos[-1] is None


def test_a_code_of_the_goods_is_received_only_when_it_is_scanned_again(
    page: DockPage, receiving: ReceivingHere
) -> None:
    assert scan(page, "4006381333931")
    assert page.answer.words == "This code is on the goods, not on the parcel"
    assert receiving.futures == []
    assert scan(page, "4006381333931")
    assert len(receiving.futures) == 1


def test_the_doubt_ends_with_another_scan(page: DockPage, receiving: ReceivingHere) -> None:
    scan(page, "4006381333931")
    scan(page, SF)
    scan(page, "4006381333931")
    assert len(receiving.futures) == 1
    assert page.answer.words == "This code is on the goods, not on the parcel"
