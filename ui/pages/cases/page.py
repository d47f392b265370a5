"""All cases: a search field and a long list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent

from desk_app.changes import Changes
from desk_app.domain.people import Actor
from desk_app.formats import ungrouped
from desk_app.services.views import MOST_FOUND, CaseRow, LineState
from desk_app.texts import N_
from ui.actions import Action
from ui.pages import words
from ui.services import Services
from ui.widgets import (
    SIZES,
    Button,
    Card,
    Column,
    EmptyState,
    Page,
    RowModel,
    TableView,
    Text,
    TextField,
    Times,
    Tone,
    Tools,
)

OPEN = Action("cases.window", N_("Open case"), key="F2", icon="plus")
PAUSE_MS = 30  # a key that follows another sooner is a scanner's: the rest of them are one question
NEAR = 400
LEAST_ROWS = 6
STATE, STATE_WIDTH, STATE_WIDTH_OFFLINE = 1, 170, 290  # its place among the columns, and pixels


class CasesPage(Page):
    """Search, arrow down, Enter. The list follows what other desks do and keeps its place."""

    def __init__(self, tools: Tools, services: Services, actor: Actor) -> None:  # noqa: ARG002 - as all pages
        super().__init__(tools, tools.say("Cases"), fill=True)
        self._services = services
        self.search = TextField(self.say("Number, customer, phone, order, product or serial"), scans=True)
        self.search.setAccessibleName(self.say("Search the cases"))
        self.search.installEventFilter(self)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._catch_up)
        self._is_behind = False
        self.search.textChanged.connect(self._typed)
        self.found = Text("", "muted", wrap=False)
        self.table = self._make_table()
        self.none_yet, self.none_fits = self._make_empties()
        self.body.addWidget(Card("", self.search, self.table, self.none_yet, self.none_fits, fill=True), 1)
        self.add_actions(self.found, Button.of(tools.actions.bind(self, OPEN, self._open_window)))
        tools.hub.changed.connect(self._changed)
        tools.hub.line.connect(self._line_changed)

    def open(self, **where: str) -> None:
        """Show the cases, or those with the words of `search`."""
        if "search" in where:
            self.search.setText(where["search"])
        self._reload()

    def kept(self) -> dict[str, Any]:
        """The search, the case that is chosen, and how far the list is scrolled."""
        list_scrolled = self.table.verticalScrollBar().value()
        own = {"search": self.search.text(), "chosen": self._chosen(), "list_scrolled": list_scrolled}
        return {**super().kept(), **own}

    def restore(self, kept: Mapping[str, Any]) -> None:
        """Find again what was found, choose what was chosen."""
        if self.search.text() != kept["search"]:
            self.search.setText(kept["search"])
            self._reload()
        self._choose(kept["chosen"])
        super().restore(kept)
        self.table.verticalScrollBar().setValue(kept["list_scrolled"])

    def is_begun(self) -> bool:
        """A search is nothing one loses."""
        return False

    def first_focus(self) -> TextField:
        """The search field: typing begins at once."""
        return self.search

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter opens the only or the first case, the arrow goes into the list, Esc clears."""
        if watched is self.search and event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._search_key(Qt.Key(event.key()))
        return False

    def _search_key(self, key: Qt.Key) -> bool:
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._reload()
            self._open_first()
        elif key == Qt.Key.Key_Down:
            self._to_the_list()
        elif key == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
        else:
            return False
        return True

    def _open_first(self) -> None:
        first = self._model.row(0) if self._model.rowCount() else None
        if first and self.search.text().strip():
            self._open_case(first)

    def _to_the_list(self) -> None:
        if self._model.rowCount():
            self.table.setFocus()
            if not self.table.currentIndex().isValid():
                self.table.selectRow(0)

    def _open_case(self, case: CaseRow) -> None:
        self.tools.shell.open("case", stream=case.stream)

    def _open_window(self) -> None:
        self.tools.shell.open("window")

    def _changed(self, changes: Changes) -> None:
        if self.isVisible() and any(changes.touch(kind) for kind in ("case", "parcel", "customer")):
            self._reload()

    def _typed(self) -> None:
        """A person's key is answered at once."""
        if self._pause.isActive():
            self._is_behind = True
        else:
            self._reload()
        self._pause.start()

    def _catch_up(self) -> None:
        if self._is_behind:
            self._reload()

    def _reload(self) -> None:
        """Read anew; the case that was chosen stays chosen and where it was on the screen."""
        self._pause.stop()
        self._is_behind = False
        chosen = self._chosen()
        place = self.table.verticalScrollBar().value()
        self._model.reload()
        if chosen:
            self._choose(chosen)
        self.table.verticalScrollBar().setValue(place)
        self._show_found()

    def _chosen(self) -> str:
        index = self.table.currentIndex()
        case = self._model.row(index.row()) if index.isValid() else None
        return case.stream if case else ""

    def _choose(self, stream: str) -> None:
        """Mark a case again; new ones above it have moved it down a little, never far."""
        near = range(min(self._model.rowCount(), NEAR))
        number = next((number for number in near if self._model.row(number).stream == stream), None)
        if number is not None:
            self.table.selectRow(number)

    def _show_found(self) -> None:
        count, sought = self._model.rowCount(), bool(self.search.text().strip())
        self.table.setVisible(count > 0)
        self.none_yet.setVisible(count == 0 and not sought)
        self.none_fits.setVisible(count == 0 and sought)
        self.found.setText(self._count_words(count, sought))

    def _count_words(self, count: int, sought: bool) -> str:
        if sought and count >= MOST_FOUND:
            return self.say("The newest {n} cases", n=self.say.number(count))
        return self.say.plural("{n} case", "{n} cases", count)

    def _sought(self) -> str:
        return ungrouped(self.search.text().strip())

    def _make_table(self) -> TableView:
        say, times = self.say, Times(self.say, self._services.zone, self.tools.hub)
        cases = self._services.cases
        self._model = RowModel(
            [
                Column(say("Number"), 120, lambda case: case.number),
                self._state_column(),
                Column(say("Customer"), 130, lambda case: case.customer_name or say("Erased"), share=1),
                Column(say("Product"), 170, lambda case: case.product, share=3),
                Column(
                    say("Opened on"),
                    160,
                    lambda case: times.listed(case.opened_at),
                    exact=lambda case: times.exact(case.opened_at),
                ),
                Column(say("Order"), 150, lambda case: case.order_number, share=1),
                Column(say("Phone"), 130, lambda case: words.masked(case.phone)),
            ],
            lambda: cases.count(self._sought()),
            lambda offset, limit: cases.page(self._sought(), offset, limit),
        )
        self.tools.hub.minute.connect(self._model.retell)
        table = TableView(say("List of cases"), self._model)
        table.setMinimumHeight(LEAST_ROWS * SIZES.control)
        table.opened.connect(self._open_case)
        return table

    def _state_column(self) -> Column:
        """Wider without a line, as it says then what is not confirmed."""
        width = STATE_WIDTH if self._services.line.state().line == "online" else STATE_WIDTH_OFFLINE
        return Column(self.say("State"), width, self._state_of, lambda case: _status(case).tone)

    def _state_of(self, case: CaseRow) -> str:
        unconfirmed = words.is_unconfirmed(self._services, case)
        return words.joined(
            self.say(_status(case).text), self.say("not yet confirmed") if unconfirmed else ""
        )

    def _line_changed(self, _state: LineState) -> None:
        self._model.columns[STATE] = self._state_column()
        self.table.fit_columns()
        self._model.retell()

    def _make_empties(self) -> tuple[EmptyState, EmptyState]:
        say = self.say
        clear = Button(say("Clear the search"), "x")
        clear.clicked.connect(self.search.clear)
        none_yet = EmptyState(
            "clipboard-list", say("There are no cases yet"), say("Open one at the window with F2")
        )
        fits = EmptyState(
            "search", say("No case fits the search"), say("Try a phone number or a serial"), clear
        )
        return none_yet, fits


def _status(case: CaseRow) -> words.Word:
    return words.STATUSES.get(case.status, words.Word(case.status, Tone.NEUTRAL))
