"""One case whole: customer, goods, parcels, papers, and its story, newest first."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QLayout, QWidget

from desk_app.changes import Changes
from desk_app.domain.people import Actor
from desk_app.errors import ShownError
from desk_app.refusals import sentence
from desk_app.services.views import CaseView, LineState, ParcelRow
from desk_app.texts import N_
from ui.actions import Action
from ui.pages import acts, photos, words
from ui.pages.bench.steps import step_of
from ui.pages.case.items import ItemCard
from ui.pages.case.story import story
from ui.pages.columns import Columns
from ui.pages.past import is_touched
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
    Times,
    Tone,
    Tools,
    When,
    column,
    confirm,
    row,
)
from ui.widgets.base import discard, tab_through
from ui.widgets.flow import Flow
from ui.widgets.later import Later

BENCH = Action("case.bench", N_("To the bench"), key="F8", icon="wrench")
RECEIPT = Action("case.receipt", N_("Print receipt"), key="F4", icon="receipt-text")
LABEL = Action("case.label", N_("Print item label"), key="F5", icon="tag")
REPORT_CHINESE = Action("case.report_zh", N_("Repair report in Chinese"), key="F6", icon="file-text")
REPORT_ENGLISH = Action("case.report_en", N_("Repair report in English"), key="Shift+F6", icon="file-text")
FORGET = Action("case.forget", N_("Erase the customer's data"), key="F9", icon="trash-2")
NOTE = Action("case.note", N_("Add note"), key="Ctrl+Return", icon="plus")
AT_FIRST = 2


class CasePage(Page):
    """Shows a case and follows it while it is on show."""

    def __init__(self, tools: Tools, services: Services, actor: Actor) -> None:
        super().__init__(tools, tools.say("Case"))
        self._services, self._actor = services, actor
        self._times = Times(self.say, services.zone, tools.hub)
        self._trade = Trade(services.inspection.handbook(), self.say)
        self._stream = ""
        self._drafts: dict[str, str] = {}  # notes begun at cases left since
        self._view: CaseView | None = None
        self.status, self.unconfirmed = Chip(""), Chip(self.say("Not yet confirmed"))
        self.contests = self._make_contests()
        self.customer, self.items, self.parcels = Facts(columns=2), column(spacing=SIZES.l), column()
        self.reason = Text("")
        self.photos = photos.strip(tools)
        self.story = Timeline(times=self._times)
        self.note = Form()
        self._cards: list[ItemCard] = []
        self._later = Later(self, self._show_rest)
        self._bind_actions()
        self._lay_out_page()
        tools.hub.changed.connect(self._changed)
        tools.hub.line.connect(self._line_changed)

    def open(self, **where: str) -> None:
        """Show the case `stream`."""
        if "stream" in where and where["stream"] != self._stream:
            self._drafts[self._stream] = self.note.text("note")
            self._stream = where["stream"]
            self.note.clear()
            self.note.set_text("note", self._drafts.pop(self._stream, ""))
        self._reload()

    # showing

    def _changed(self, changes: Changes) -> None:
        """Parcels, people's names and what other stores tell of the goods are part of what is shown."""
        touched = self._stream in changes.streams or changes.touch("parcel") or changes.touch("customer")
        if self.isVisible() and (touched or (self._view is not None and is_touched(self._view, changes))):
            self._reload()

    def _line_changed(self, _state: LineState) -> None:
        if self._view:
            self.unconfirmed.setVisible(words.is_unconfirmed(self._services, self._view))

    def _reload(self) -> None:
        view = self._services.cases.view(self._stream) if self._stream else None
        self._view = view if view and view.case.number else None
        self.nothing.setVisible(self._view is None)
        self.content.setVisible(self._view is not None)
        for name in ("receipt", "label"):
            self._actions[name].setEnabled(self._view is not None)
        self._actions["bench"].setEnabled(self._at_bench() > 0)
        self._bench_button.setVisible(self._at_bench() > 0)
        if self._view:
            self._show(self._view)

    def _show(self, view: CaseView) -> None:
        say, case = self.say, view.case
        kind = words.lookup(say, CASE_KINDS, case.case_kind)
        name = view.customer.name if view.customer else say("Erased")
        self.set_title(case.number, " · ".join((kind, name)))
        word = words.STATUSES[view.status]
        self.status.show_status(say(word.text), word.tone)
        self.unconfirmed.setVisible(words.is_unconfirmed(self._services, view))
        self._show_contests(view)
        can_forget = view.customer is not None and self._actor.may("customer.forget")
        self._actions["forget"].setEnabled(can_forget)
        self._forget_button.setVisible(can_forget)
        self.customer.set_pairs(self._customer_facts(view))
        self.reason.setText(view.texts.get(case.reason_record, say("Erased")))
        self._show_items(view)
        self._show_parcels(view.parcels)
        self._show_photos(view)
        self.story.set_moments(story(self._trade, view))
        finished = any(item.repair and item.repair.finished_at for item in case.items)
        for name in ("report_zh", "report_en"):
            self._actions[name].setEnabled(finished)
            self._papers[name].setVisible(finished)

    def _customer_facts(self, view: CaseView) -> list[tuple[str, str | Text]]:
        say, case, times, erased = self.say, view.case, self._times, self.say("Erased")
        return [
            (say("Customer"), view.customer.name if view.customer else erased),
            (say("Phone"), say.phone(view.customer.phone) if view.customer else erased),
            (say("Order"), case.order_number),
            (say("Opened on"), When(times, case.opened_at, words=times.both)),
            (say("Opened by"), view.people.get(case.opened_by, "")),
        ]

    def _show_contests(self, view: CaseView) -> None:
        said = [words.lookup(self.say, words.CONTESTS, reason) for reason in view.contests]
        said += [words.lookup(self.say, words.INCIDENTS, kind) for kind in view.incidents]
        self._contested.setText("\n".join(said))
        self.contests.setVisible(bool(said))

    def _show_items(self, view: CaseView) -> None:
        """The first cards at once, those below the window right after the first paint."""
        _empty(self.items)
        self._cards.clear()
        self._add_cards(view, AT_FIRST)
        self._later.ask()

    def _show_rest(self) -> None:
        if self._view:
            self._add_cards(self._view, len(self._view.case.items))

    def _add_cards(self, view: CaseView, until: int) -> None:
        """Add the cards of the items up to a number to those that are there."""
        for item in view.case.items[len(self._cards) : until]:
            card = ItemCard(self._trade, view, item, self._services.zone, self._to_bench, self._label_of)
            self.items.addWidget(card)
            self._cards.append(card)
        tab_through(self._forget_button, *self._cards)

    def _show_parcels(self, parcels: tuple[ParcelRow, ...]) -> None:
        _empty(self.parcels)
        for parcel in parcels:
            self.parcels.addWidget(self._parcel(parcel))
        self._parcels_card.setVisible(bool(parcels))

    def _parcel(self, parcel: ParcelRow) -> QWidget:
        say = self.say
        word = words.RECEPTIONS.get(parcel.reception, words.Word(N_("Announced")))
        number = Text(parcel.waybill)
        made = QWidget()
        line = row(
            column(number, self._arrival(parcel), spacing=2),
            Chip(say(word.text), word.tone),
        )
        line.setStretch(0, 1)
        made.setLayout(line)
        return made

    def _arrival(self, parcel: ParcelRow) -> Text:
        """By whom a parcel came, when, and where it lies."""

        def beside(when: str) -> str:
            return words.joined(words.carrier(self.say, parcel.carrier), when, parcel.shelf)

        if not parcel.arrived_at:
            return Text(beside(""), "caption")
        return When(self._times, parcel.arrived_at, "caption", beside=beside)

    def _show_photos(self, view: CaseView) -> None:
        shown = [photo for item in view.case.items for photo in item.photos]
        photos.show(self.photos, self.tools, self._services, shown)
        self._photos_card.setVisible(bool(shown))

    # acts

    def _to_bench(self, item: int) -> None:
        self.tools.shell.open("bench", stream=self._stream, item=str(item))

    def _at_bench(self) -> int:
        """The first item with something left to do at the bench; 0 for none."""
        case = self._view.case if self._view else None
        waiting = [item.item for item in case.items if step_of(case, item) != "done"] if case else []
        return waiting[0] if waiting else 0

    def _next_to_bench(self) -> None:
        self._to_bench(self._at_bench())

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
        stream = self._stream
        asked = self._services.reception.add_note(stream, self.note.text("note"), self._actor)
        self.tools.tasks.when(asked, partial(self._noted, stream), self._note_refused)

    def _noted(self, stream: str, _nothing: None) -> None:
        self._actions["note"].setEnabled(True)
        self._drafts.pop(stream, None)
        if stream == self._stream:
            self.note.clear()

    def _note_refused(self, error: ShownError) -> None:
        self._actions["note"].setEnabled(True)
        self.note.show_error("note", sentence(error, self.say))

    def _ask_to_forget(self) -> None:
        if self._view and self._view.customer:
            confirm(
                self,
                self.say("Erase all data of {name}?", name=self._view.customer.name),
                self.say(
                    "Name, phone number, notes and photographs of all their cases are destroyed on every "
                    "desk. This cannot be undone."
                ),
                self.say("Erase for ever"),
                partial(self._forget, self._view.case.customer),
            )

    def _forget(self, customer: str) -> None:
        asked = self._services.privacy.forget(customer, self._actor)
        self.tools.tasks.when(asked, self._forgotten, partial(acts.refuse, self.tools))

    def _forgotten(self, _records: int) -> None:
        self.tools.shell.toast(self.say("The customer's data are erased"), Tone.GOOD)

    # building

    def _bind_actions(self) -> None:
        bind = self.tools.actions.bind
        self._actions = {
            "bench": bind(self, BENCH, self._next_to_bench),
            "receipt": bind(self, RECEIPT, self._print_receipt),
            "label": bind(self, LABEL, self._print_labels),
            "report_zh": bind(self, REPORT_CHINESE, partial(self._print_reports, "zh_CN")),
            "report_en": bind(self, REPORT_ENGLISH, partial(self._print_reports, "en")),
            "forget": bind(self, FORGET, self._ask_to_forget),
            "note": bind(self, NOTE, self._add_note),
        }
        papers = ("receipt", "label", "report_zh", "report_en")
        self._papers = {name: Button.of(self._actions[name]) for name in papers}
        self._forget_button = Button.of(self._actions["forget"], "quiet")
        self._bench_button = Button.of(self._actions["bench"], "primary")
        self.add_actions(self.unconfirmed, self.status, self._bench_button)

    def _make_contests(self) -> Card:
        self._contested = Text("")
        line = row(Icon("triangle-alert", 24, Tone.ATTENTION), self._contested)
        line.setStretch(1, 1)
        card = Card(self.say("Please look at this"), line)
        decide = Button(self.say("Both sides and the ways out"), "arrow-right")
        decide.clicked.connect(partial(self.tools.shell.open, "line"))
        card.body.addLayout(row(decide, 1))
        return card

    def _lay_out_page(self) -> None:
        say = self.say
        self.note.add("note", say("New note"), TextArea(lines=2))
        note = row(1, Button.of(self._actions["note"]))
        self._parcels_card = Card(say("Parcels"), self.parcels)
        self._photos_card = Card(say("Photographs"), self.photos)
        reason = _named(say("In the customer's words"), self.reason)
        customer = Card(say("Customer"), self.customer, reason)
        customer.head.addWidget(self._forget_button)
        left = column(customer, self.items, self._photos_card, 1, spacing=SIZES.l)
        papers = Card(say("Papers"), Flow(*self._papers.values()))
        story = Card(say("Story"), self.note, note, self.story)
        right = column(self._parcels_card, papers, story, 1, spacing=SIZES.l)
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
