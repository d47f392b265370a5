"""The dock: scan, scan, scan. Each parcel is answered, counted and heard once it is durably recorded."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from desk_app import sabotage
from desk_app.changes import Changes
from desk_app.domain.parcels import SHELVES
from desk_app.domain.people import Actor
from desk_app.errors import ShownError
from desk_app.refusals import sentence
from desk_app.scanning.reading import Reading, Scan
from desk_app.scanning.routes import GOODS
from desk_app.services.views import ParcelRow, Received
from desk_app.texts import N_, Speaker
from ui.actions import Action
from ui.pages import acts, words
from ui.services import Services
from ui.sound import Sound
from ui.widgets import (
    SIZES,
    Answer,
    AnswerField,
    Button,
    Card,
    Column,
    EmptyState,
    Page,
    RowModel,
    TableView,
    Text,
    Times,
    Tone,
    Tools,
)
from ui.widgets.later import Seldom

SHELVE = Action("dock.shelve", N_("Put on shelf {shelf}"), key="F6", icon="inbox")
LABEL = Action("dock.label", N_("Print parcel label"), key="F4", icon="printer")
SHOWN = 200
LIST_MS = 250  # the answer to a scan is not kept waiting by the list under it
LEAST_ROWS = 3


@dataclass(eq=False)
class InFlight:
    """A scan that is being committed; `result` is filled when it is safe or refused."""

    scan: Scan
    result: Received | ShownError | None = None


class DockPage(Page):
    """Answers come in the order of the scans, however many are under way."""

    job = "dock"

    def __init__(self, tools: Tools, services: Services, actor: Actor) -> None:
        super().__init__(tools, tools.say("Dock"), tools.say("Scan one parcel after the other"), fill=True)
        self._services, self._actor = services, actor
        self._under_way: deque[InFlight] = deque()
        self._homeless = ""
        self._last = ""
        self._doubted = ""
        self.scan_acts = {
            "receive": self._receive,
            "shelve": self._shelf_scanned,
            "choose_parcel": self._parcel_scanned,
            "doubt": self._doubt,
        }
        self.command_acts = {"done": self._done}
        self._rows: tuple[ParcelRow, ...] = ()
        self._later = Seldom(self, self._read_again, LIST_MS)
        self._shelf = SHELVES[0]
        self.count = Text("", "title", wrap=False)
        self.answer = AnswerField(self.say("Ready"), self.say("Scan a waybill"))
        self._bind_actions()
        self.body.addWidget(self.answer, 2)
        self.body.addWidget(self._arrivals(), 3)
        tools.hub.changed.connect(self._changed)
        tools.hub.minute.connect(self._minute)

    def open(self, **_where: str) -> None:
        """Show what arrived and the count of today."""
        self._read_again()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter does the one next step: the shelf."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._homeless:
            self._shelve()
            return
        super().keyPressEvent(event)

    # scans

    def _receive(self, scan: Scan, reading: Reading) -> bool:
        """Receive a parcel; what is most likely on the goods only if it is known, or scanned once more."""
        doubtful = scan.surest.kind in GOODS and self._doubted != scan.raw
        if doubtful and not self._services.cases.target(scan.raw).page:
            return False
        self._set_homeless("")
        self._doubted = ""
        self.answer.show_answer(Answer.RECOGNISED, reading.value or scan.raw, self.say("Is being recorded …"))
        flight = InFlight(scan)
        self._under_way.append(flight)
        land = partial(self._land, flight)
        if sabotage.active("beep_before_commit"):
            self.tools.sounds.play(Sound.GOOD, token=reading.value)
        self.tools.tasks.when(self._services.receiving.receive(scan.raw, self._actor), land, land)
        return True

    def _doubt(self, scan: Scan, reading: Reading) -> bool:
        """Goods carry codes too; who scans one a second time means it."""
        if self._doubted == scan.raw:
            return self._receive(scan, reading)
        self._doubted = scan.raw
        said = self.say("This code is on the goods, not on the parcel")
        again = self.say("Scan the carrier's label. It is the waybill all the same? Scan it once more.")
        self._answer(Answer.ATTENTION, said, f"{reading.value}\n{again}", scan)
        self.tools.sounds.play(Sound.ATTENTION)
        return True

    def _parcel_scanned(self, _scan: Scan, reading: Reading) -> bool:
        ours = [row for row in self._rows if row.waybill == reading.value]
        if ours:
            self._chosen(ours[0])
        return bool(ours)

    # answers

    def _land(self, flight: InFlight, result: Received | ShownError) -> None:
        flight.result = result
        while self._under_way and (first := self._under_way[0]).result is not None:
            self._under_way.popleft()
            self._tell(first)

    def _tell(self, flight: InFlight) -> None:
        if isinstance(flight.result, ShownError):
            self._refused(flight.scan.raw, flight.result, flight.scan)
        elif flight.result is not None:
            self._received(flight.result, flight.scan)

    def _received(self, done: Received, scan: Scan) -> None:
        self._last = done.stream
        self._show_count(done.count)
        self._actions["label"].setEnabled(True)
        answers = {"announced": self._announced, "unannounced": self._unannounced, "again": self._again}
        answers[done.outcome](done, scan)

    def _announced(self, done: Received, scan: Scan) -> None:
        detail = words.joined(done.case_number, done.waybill, words.carrier(self.say, done.carrier))
        self._answer(Answer.GOOD, self.say("Parcel received"), detail, scan, self._undo_of(done))
        self.tools.sounds.play(Sound.GOOD, token=done.waybill)

    def _undo_of(self, done: Received) -> Undo | None:
        if done.outcome == "again":
            return None
        return partial(self._undo, partial(self._services.receiving.undo_arrival, done.stream, self._actor))

    def _undo(self, ask: Callable[[], Future[None]]) -> None:
        self._set_homeless("")
        self.tools.tasks.when(ask(), self._undone, partial(self._refused, ""))

    def _undone(self, _result: None) -> None:
        self._answer(Answer.ATTENTION, self.say("Undone"), self.say("Scan one parcel after the other"))
        self.tools.sounds.play(Sound.ATTENTION)
        self._read_again()

    def _unannounced(self, done: Received, scan: Scan) -> None:
        self._shelf = done.shelf or self._shelf
        if not self._under_way:
            self._set_homeless(done.stream)
        put = self.say("Put it on shelf {shelf}: press Enter or F6", shelf=self._shelf)
        detail = words.joined(done.waybill, words.carrier(self.say, done.carrier))
        self._answer(
            Answer.ATTENTION,
            self.say("Nobody announced this parcel"),
            f"{detail}\n{put}",
            scan,
            self._undo_of(done),
        )
        self.tools.sounds.play(Sound.ATTENTION, token=done.waybill)

    def _again(self, done: Received, scan: Scan) -> None:
        when = self.say.moment(done.at, self._services.zone)
        told = self.say("First received {when} by {who}", when=when, who=done.by)
        row = next((row for row in self._rows if row.stream == done.stream), None)
        if row and not row.case and not row.shelf:
            self._unannounced(done, scan)
            return
        detail = words.joined(done.waybill, done.case_number, row.shelf if row else "")
        self._answer(Answer.ATTENTION, self.say("Already received"), f"{detail}\n{told}", scan)
        self.tools.sounds.play(Sound.ATTENTION, token=done.waybill)

    def _refused(self, raw: str, error: ShownError, scan: Scan | None = None) -> None:
        self._answer(Answer.WRONG, sentence(error, self.say), raw, scan)
        self.tools.sounds.play(Sound.ERROR)

    def _answer(
        self, answer: Answer, said: str, detail: str, scan: Scan | None = None, undo: Undo | None = None
    ) -> None:
        """Say it large, and shortly beside the scan bar."""
        self.answer.show_answer(answer, said, detail)
        self.tools.shell.answer(TONES[answer], said, scan, undo)

    def _done(self) -> bool:
        """The pile is through: nothing waits any more, and the count stands there."""
        self._set_homeless("")
        self._answer(Answer.GOOD, self.count.text(), self.say("Scan one parcel after the other"))
        return True

    # shelves

    def _shelf_scanned(self, scan: Scan, reading: Reading) -> bool:
        if self._homeless:
            self._shelf = reading.value
            self._shelve()
            return True
        self._answer(
            Answer.ATTENTION,
            self.say("No parcel waits for a shelf"),
            self.say("Scan its waybill first"),
            scan,
        )
        self.tools.sounds.play(Sound.ATTENTION)
        return True

    def _shelve(self) -> None:
        if not self._homeless:
            return
        parcel, receiving = self._homeless, self._services.receiving
        before = next((row.shelf for row in self._rows if row.stream == parcel), "")
        self._set_homeless("")
        self.tools.tasks.when(
            receiving.shelve(parcel, self._shelf, self._actor),
            partial(self._shelved, before),
            self._not_shelved,
        )

    def _shelved(self, before: str, row: ParcelRow) -> None:
        detail = words.joined(row.waybill, words.carrier(self.say, row.carrier))
        said = self.say("Parcel put on shelf {shelf}", shelf=row.shelf)
        take_off = partial(self._services.receiving.undo_shelving, row.stream, row.shelf, before, self._actor)
        if not self._under_way:
            self._answer(Answer.GOOD, said, detail, undo=partial(self._undo, take_off))
        self.tools.sounds.play(Sound.GOOD, token=row.shelf)

    def _not_shelved(self, error: ShownError) -> None:
        self._refused(self._shelf, error)

    def _set_homeless(self, parcel: str) -> None:
        """The parcel that the key puts on the shelf, "" for none."""
        self._homeless = parcel
        action = self._actions["shelve"]
        action.setEnabled(bool(parcel))
        action.setText(self.say("Put on shelf {shelf}", shelf=self._shelf))

    # list and count

    def _changed(self, changes: Changes) -> None:
        """What other desks do with other cases changes nothing here."""
        ours = {row.case for row in self._rows} - {""}
        if self.isVisible() and (changes.touch("parcel") or not ours.isdisjoint(changes.streams)):
            self._later.ask()

    def _read_again(self) -> None:
        self._rows = self._services.receiving.arrived(SHOWN)
        self._model.reload()
        self._show_count(self._services.receiving.count_today())
        self.table.setVisible(bool(self._rows))
        self._nothing.setVisible(not self._rows)

    def _minute(self) -> None:
        """Tell how long ago things were; at midnight the count begins anew."""
        self._model.retell()
        self._show_count(self._services.receiving.count_today())

    def _show_count(self, count: int) -> None:
        self.count.setText(self.say.plural("{n} parcel today", "{n} parcels today", count))

    def _chosen(self, row: ParcelRow) -> None:
        if row.case:
            self.tools.shell.open("case", stream=row.case)
            return
        self._last = row.stream
        self._actions["label"].setEnabled(True)
        self._set_homeless(row.stream)
        put = self.say("Put it on shelf {shelf}: press Enter or F6", shelf=self._shelf)
        self.answer.show_answer(Answer.ATTENTION, row.waybill, put)
        self.setFocus()

    def _arrivals(self) -> Card:
        say, times = self.say, Times(self.say, self._services.zone, self.tools.hub)
        self._model = RowModel(
            [
                Column(say("Waybill"), 320, lambda row: row.waybill, share=1),
                Column(
                    say("State"), 150, lambda row: say(_reception(row).text), lambda row: _reception(row).tone
                ),
                Column(say("Carrier"), 110, lambda row: words.carrier(say, row.carrier), share=1),
                Column(say("Case"), 110, lambda row: row.case_number),
                Column(say("Shelf"), 110, partial(_shelf, say), _shelf_tone),
                Column(
                    say("Time"),
                    160,
                    lambda row: times.listed(row.arrived_at),
                    exact=lambda row: times.exact(row.arrived_at),
                ),
            ],
            lambda: len(self._rows),
            lambda offset, limit: self._rows[offset : offset + limit],
        )
        self.table = TableView(say("Last arrivals"), self._model)
        self.table.setMinimumHeight(LEAST_ROWS * SIZES.control)
        self.table.opened.connect(self._chosen)
        self._nothing = EmptyState(
            "truck", say("No parcel has arrived yet"), say("Scan the label of the carrier")
        )
        card = Card(say("Last arrivals"), self.table, self._nothing, fill=True)
        card.head.addWidget(self.count)
        return card

    def _bind_actions(self) -> None:
        bind = self.tools.actions.bind
        self._actions = {
            "shelve": bind(self, SHELVE, self._shelve),
            "label": bind(self, LABEL, self._print_label),
        }
        self._actions["label"].setEnabled(False)
        self._set_homeless("")
        self.add_actions(Button.of(self._actions["label"]), Button.of(self._actions["shelve"], "primary"))

    def _print_label(self) -> None:
        asked: Future[Path] = self._services.papers.parcel_label(self._last, self._actor)
        acts.print_paper(self.tools, asked)


Undo = Callable[[], object]
TONES = {Answer.GOOD: Tone.GOOD, Answer.ATTENTION: Tone.ATTENTION, Answer.WRONG: Tone.WRONG}


def _reception(row: ParcelRow) -> words.Word:
    return words.RECEPTIONS[row.reception if row.case or row.reception != "arrived" else "unannounced"]


def _shelf(say: Speaker, row: ParcelRow) -> str:
    return row.shelf or ("" if row.case else say("No shelf"))


def _shelf_tone(row: ParcelRow) -> Tone:
    return Tone.NEUTRAL if row.shelf else Tone.ATTENTION
