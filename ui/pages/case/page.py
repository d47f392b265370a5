"""One case whole: customer, goods, parcels, papers, and its story, newest first."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QLayout, QWidget

from desk_app.changes import Changes
from desk_app.domain.people import Actor
from desk_app.errors import ShownError
from desk_app.refusals import sentence
from desk_app.services.views import CaseView, ParcelRow
from desk_app.texts import N_
from ui.actions import Action
from ui.pages import acts, photos, words
from ui.pages.case.items import ItemCard
from ui.pages.case.story import story
from ui.pages.columns import Columns
from ui.pages.terms import CASE_KINDS
from ui.pages.trade import Trade
from ui.services import Services
from ui.widgets import (
    SIZES,
    Button,
    Card,
    Chip,
    EmptyState,
    Facts,
    Form,
    Icon,
    Page,
    Text,
    TextArea,
    Timeline,
    Tone,
    Tools,
    column,
    row,
)
from ui.widgets.base import discard

BENCH = Action("case.bench", N_("To the bench"), key="F8", icon="wrench")
RECEIPT = Action("case.receipt", N_("Print receipt"), key="F4", icon="receipt-text")
LABEL = Action("case.label", N_("Print item label"), key="F5", icon="tag")
REPORT_CHINESE = Action("case.report_zh", N_("Repair report in Chinese"), key="F6", icon="file-text")
REPORT_ENGLISH = Action("case.report_en", N_("Repair report in English"), key="Shift+F6", icon="file-text")
NOTE = Action("case.note", N_("Add note"), key="Ctrl+Return", icon="plus")


class CasePage(Page):
    """Shows a case and follows it while it is on show."""

    def __init__(self, tools: Tools, services: Services, actor: Actor) -> None:
        super().__init__(tools, tools.say("Case"))
        self._services, self._actor = services, actor
        self._trade = Trade(services.inspection.handbook(), self.say)
        self._stream = ""
        self._view: CaseView | None = None
        self.status = Chip("")
        self.contests = self._make_contests()
        self.customer, self.items, self.parcels = Facts(columns=2), column(spacing=SIZES.l), column()
        self.reason = Text("")
        self.photos = photos.strip(tools, services)
        self.story = Timeline()
        self.note = Form()
        self._bind_actions()
        self._lay_out_page()
        tools.hub.changed.connect(self._changed)

    def open(self, **where: str) -> None:
        """Show the case `stream`."""
        if "stream" in where and where["stream"] != self._stream:
            self._stream = where["stream"]
            self.note.clear()
        self._reload()

    # showing

    def _changed(self, changes: Changes) -> None:
        """Parcels and people's names are part of what is shown."""
        touched = self._stream in changes.streams or changes.touch("parcel") or changes.touch("customer")
        if self.isVisible() and touched:
            self._reload()

    def _reload(self) -> None:
        view = self._services.cases.view(self._stream) if self._stream else None
        self._view = view if view and view.case.number else None
        self.nothing.setVisible(self._view is None)
        self.content.setVisible(self._view is not None)
        for name in ("bench", "receipt", "label"):
            self._actions[name].setEnabled(self._view is not None)
        if self._view:
            self._show(self._view)

    def _show(self, view: CaseView) -> None:
        say, case = self.say, view.case
        kind = words.lookup(say, CASE_KINDS, case.case_kind)
        name = view.customer.name if view.customer else say("Erased")
        self.set_title(case.number, " · ".join((kind, name)))
        word = words.STATUSES[view.status]
        self.status.show_status(say(word.text), word.tone)
        self._show_contests(view)
        self.customer.set_pairs(self._customer_facts(view))
        self.reason.setText(view.texts.get(case.reason_record, say("Erased")))
        self._show_items(view)
        self._show_parcels(view.parcels)
        self._show_photos(view)
        self.story.set_moments(story(self._trade, view, self._services.zone))
        finished = any(item.repair and item.repair.finished_at for item in case.items)
        for name in ("report_zh", "report_en"):
            self._actions[name].setEnabled(finished)
            self._papers[name].setVisible(finished)

    def _customer_facts(self, view: CaseView) -> list[tuple[str, str]]:
        say, case, erased = self.say, view.case, self.say("Erased")
        return [
            (say("Customer"), view.customer.name if view.customer else erased),
            (say("Phone"), view.customer.phone if view.customer else erased),
            (say("Order"), case.order_number),
            (say("Opened on"), say.moment(case.opened_at, self._services.zone)),
            (say("Opened by"), view.people.get(case.opened_by, "")),
        ]

    def _show_contests(self, view: CaseView) -> None:
        said = [words.lookup(self.say, words.CONTESTS, reason) for reason in view.contests]
        self._contested.setText("\n".join(said))
        self.contests.setVisible(bool(said))

    def _show_items(self, view: CaseView) -> None:
        _empty(self.items)
        for item in view.case.items:
            self.items.addWidget(ItemCard(self._trade, view, item, self._to_bench, self._label_of))

    def _show_parcels(self, parcels: tuple[ParcelRow, ...]) -> None:
        _empty(self.parcels)
        for parcel in parcels:
            self.parcels.addWidget(self._parcel(parcel))
        self._parcels_card.setVisible(bool(parcels))

    def _parcel(self, parcel: ParcelRow) -> QWidget:
        say = self.say
        word = words.RECEPTIONS.get(parcel.reception, words.Word(N_("Announced")))
        when = say.moment(parcel.arrived_at, self._services.zone) if parcel.arrived_at else ""
        beside = (words.carrier(say, parcel.carrier), when, parcel.shelf)
        number = Text(parcel.waybill)
        made = QWidget()
        line = row(
            column(number, Text(" · ".join(part for part in beside if part), "caption"), spacing=2),
            Chip(say(word.text), word.tone),
        )
        line.setStretch(0, 1)
        made.setLayout(line)
        return made

    def _show_photos(self, view: CaseView) -> None:
        shown = [photo for item in view.case.items for photo in item.photos]
        photos.show(self.photos, self.tools, self._services, shown)
        self._photos_card.setVisible(bool(shown))

    # acts

    def _to_bench(self, item: int) -> None:
        self.tools.shell.open("bench", stream=self._stream, item=str(item))

    def _first_to_bench(self) -> None:
        if self._view and self._view.case.items:
            self._to_bench(self._view.case.items[0].item)

    def _print_receipt(self) -> None:
        acts.print_paper(
            self.tools, self._services.papers.receipt(self._stream, self.say.language, self._actor)
        )

    def _label_of(self, item: int) -> None:
        asked = self._services.papers.label(self._stream, item, self._actor)
        self.tools.tasks.when(
            asked, partial(acts.label_written, self.tools), partial(acts.refuse, self.tools)
        )

    def _print_labels(self) -> None:
        for item in self._view.case.items if self._view else ():
            self._label_of(item.item)

    def _print_reports(self, language: str) -> None:
        for item in self._view.case.items if self._view else ():
            if item.repair and item.repair.finished_at:
                asked = self._services.papers.repair_report(self._stream, item.item, language, self._actor)
                acts.print_paper(self.tools, asked)

    def _add_note(self) -> None:
        self._actions["note"].setEnabled(False)
        self.note.clear_errors()
        asked = self._services.reception.add_note(self._stream, self.note.text("note"), self._actor)
        self.tools.tasks.when(asked, self._noted, self._note_refused)

    def _noted(self, _nothing: None) -> None:
        self._actions["note"].setEnabled(True)
        self.note.clear()

    def _note_refused(self, error: ShownError) -> None:
        self._actions["note"].setEnabled(True)
        self.note.show_error("note", sentence(error, self.say))

    # building

    def _bind_actions(self) -> None:
        bind = self.tools.actions.bind
        self._actions = {
            "bench": bind(self, BENCH, self._first_to_bench),
            "receipt": bind(self, RECEIPT, self._print_receipt),
            "label": bind(self, LABEL, self._print_labels),
            "report_zh": bind(self, REPORT_CHINESE, partial(self._print_reports, "zh_CN")),
            "report_en": bind(self, REPORT_ENGLISH, partial(self._print_reports, "en")),
            "note": bind(self, NOTE, self._add_note),
        }
        papers = ("receipt", "label", "report_zh", "report_en")
        self._papers = {name: Button.of(self._actions[name]) for name in papers}
        self.add_actions(self.status, Button.of(self._actions["bench"], "primary"))

    def _make_contests(self) -> Card:
        self._contested = Text("")
        line = row(Icon("triangle-alert", 24, Tone.ATTENTION), self._contested)
        line.setStretch(1, 1)
        return Card(self.say("Please look at this"), line)

    def _lay_out_page(self) -> None:
        say = self.say
        self.note.add("note", say("New note"), TextArea(lines=2))
        note = row(1, Button.of(self._actions["note"]))
        self._parcels_card = Card(say("Parcels"), self.parcels)
        self._photos_card = Card(say("Photographs"), self.photos)
        left = column(
            Card(say("Customer"), self.customer, _named(say("In the customer's words"), self.reason)),
            self.items,
            self._parcels_card,
            self._photos_card,
            Card(say("Papers"), *[row(button, 1) for button in self._papers.values()]),
            1,
            spacing=SIZES.l,
        )
        right = column(Card(say("Story"), self.note, note, self.story), 1)
        self.content = QWidget()
        whole = column(self.contests, Columns(left, right, (3, 2)), spacing=SIZES.l)
        self.content.setLayout(whole)
        self.nothing = EmptyState(
            "folder-open",
            say("This case is not on this desk."),
            say("Scan its receipt, or look in the cases"),
        )
        self.body.addWidget(self.content)
        self.body.addWidget(self.nothing)


def _named(name: str, text: Text) -> QWidget:
    """Longer words under a small name."""
    text.setAccessibleName("")
    made = QWidget()
    made.setLayout(column(Text(name, "caption"), text, spacing=2))
    return made


def _empty(layout: QLayout) -> None:
    """Take all widgets out of a layout."""
    while item := layout.takeAt(0):
        if widget := item.widget():
            discard(widget)
