"""The line: how it is, what waits, what does not count and the ways out, the desks, a file for support."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from desk_app.changes import Changes
from desk_app.domain.contests import ANEW
from desk_app.domain.people import Actor
from desk_app.errors import ShownError
from desk_app.services.views import AttentionView, ContestRow, LineState, SeenRow, WaitingRow
from ui.pages import acts, words
from ui.pages.columns import Columns
from ui.pages.line.contested import Block, Telling
from ui.pages.line.desks import DesksCard
from ui.pages.line.helping import SupportCard
from ui.pages.line.state import StateCard
from ui.pages.trade import Trade
from ui.services import Services
from ui.widgets import (
    SIZES,
    Card,
    Column,
    Page,
    RowModel,
    TableView,
    Text,
    Times,
    Tone,
    Tools,
    column,
)
from ui.widgets.base import discard

MOST_ROWS_SEEN = 8
R = TypeVar("R")


class LinePage(Page):
    """Follows the line and what changes while it is on show."""

    def __init__(self, tools: Tools, services: Services, actor: Actor) -> None:
        super().__init__(tools, tools.say("Line and desks"))
        self._services, self._actor = services, actor
        self._times = Times(self.say, services.zone, tools.hub)
        self._view: AttentionView | None = None
        trade = Trade(services.inspection.handbook(), self.say)
        self._telling = Telling(
            trade, self._times, self._settle, self._show_case, actor.may("contest.settle")
        )
        self.state = StateCard(tools, self._times)
        self.lists = {name: BlockList(title, told) for name, title, told in self._titles()}
        self.newer = Text("")
        self._newer_card = Card(self.say("From a newer version"), self.newer)
        self.support = SupportCard(self, services)
        self.desks = DesksCard(self, services, actor, self._times)
        if not actor.may("desk.invite"):
            self.desks.hide()
        self.model, self.table = self._make_table()
        self._waiting_card = Card(self.say("What waits"), self.table)
        self._lay_out_page()
        tools.hub.changed.connect(self._changed)
        tools.hub.line.connect(self._line_changed)

    def open(self, **_where: str) -> None:
        """Read everything anew, and ask for the desks."""
        self._reload()
        if self._actor.may("desk.invite"):
            self.desks.reload()

    # showing

    def _changed(self, _changes: Changes) -> None:
        if self.isVisible():
            self._reload()

    def _line_changed(self, _state: LineState) -> None:
        if self.isVisible():
            self._reload()

    def _reload(self) -> None:
        state, view = self._services.line.state(), self._services.attention.view()
        calm = not (view.needs_somebody or view.waiting or view.newer)
        self.state.show_state(state, calm)
        if view != self._view:
            self._view = view
            self._show(view)

    def _show(self, view: AttentionView) -> None:
        tell, say = self._telling, self.say
        self.lists["contests"].show_rows(view.contests, tell.contest)
        incident = partial(_told, tell, lambda row: words.lookup(say, words.INCIDENTS, row.kind))
        self.lists["incidents"].show_rows(view.incidents, incident)
        self.lists["refused"].show_rows(view.refused, partial(_told, tell, tell.refused))
        differs = say(
            "What this desk knows of it is not what the central service knows. Send the file for support."
        )
        self.lists["differing"].show_rows(view.differing, partial(_told, tell, lambda _row: differs))
        self._newer_card.setVisible(bool(view.newer))
        newer = say.plural(
            "{n} entry was written by a newer version of the program. It is kept and passed on, but not "
            "shown here: update this program.",
            "{n} entries were written by a newer version of the program. They are kept and passed on, but "
            "not shown here: update this program.",
            view.newer,
        )
        self.newer.setText(newer)
        self._show_waiting(view.waiting)

    def _show_waiting(self, rows: tuple[WaitingRow, ...]) -> None:
        self._waiting_card.setVisible(bool(rows))
        self.model.reload()
        shown = min(MOST_ROWS_SEEN, max(1, len(rows)))
        self.table.setFixedHeight((shown + 1) * SIZES.control + SIZES.l)

    # acts

    def _settle(self, row: ContestRow | SeenRow, way: str) -> None:
        asked = self._services.attention.settle(row.stream, row.entry, way, row.item, self._actor)
        self.tools.tasks.when(asked, partial(self._settled, row, way), self._not_settled)

    def _settled(self, row: ContestRow | SeenRow, way: str, _nothing: None) -> None:
        self._reload()
        if way == ANEW:
            self.tools.shell.open("bench", stream=row.stream, item=str(row.item))
        else:
            self.tools.shell.toast(self.say("Noted"), Tone.GOOD)

    def _not_settled(self, error: ShownError) -> None:
        self._reload()
        acts.refuse(self.tools, error)

    def _show_case(self, stream: str) -> None:
        self.tools.shell.open("case", stream=stream)

    def _open_row(self, row: WaitingRow) -> None:
        if row.stream.startswith("case/"):
            self._show_case(row.stream)

    # building

    def _titles(self) -> list[tuple[str, str, str]]:
        say = self.say
        return [
            ("contests", say("Please decide"), ""),
            (
                "incidents",
                say("Done all the same"),
                say("This was done and counts, but the decision it rested on does not stand."),
            ),
            (
                "refused",
                say("Refused entries"),
                say("The central service keeps these, but they do not count."),
            ),
            ("differing", say("Not alike everywhere"), ""),
        ]

    def _make_table(self) -> tuple[RowModel, TableView]:
        say, times = self.say, self._times
        model = RowModel(
            [
                Column(say("Case or parcel"), 130, lambda row: row.name or "–", share=1),
                Column(say("What"), 170, lambda row: self._telling.what(row.kind), share=1),
                Column(say("Entries"), 80, lambda row: say.number(row.count), right=True),
                Column(
                    say("Waits since"),
                    170,
                    lambda row: times.listed(row.at),
                    exact=lambda row: times.exact(row.at),
                ),
            ],
            lambda: len(self._rows()),
            lambda offset, limit: self._rows()[offset : offset + limit],
        )
        self.tools.hub.minute.connect(model.retell)
        table = TableView(say("What waits"), model)
        table.opened.connect(self._open_row)
        return model, table

    def _rows(self) -> tuple[WaitingRow, ...]:
        return self._view.waiting if self._view else ()

    def _lay_out_page(self) -> None:
        left = column(
            self.state, *self.lists.values(), self._newer_card, self._waiting_card, 1, spacing=SIZES.l
        )
        right = column(self.desks, self.support, 1, spacing=SIZES.l)
        self.body.addWidget(Columns(left, right, (3, 2)))


class BlockList(Card):
    """Blocks below each other, of what somebody has to look at; hidden where there is nothing."""

    def __init__(self, title: str, told: str) -> None:
        super().__init__(title)
        self.blocks: list[Block] = []
        self._told = Text(told, "muted")
        if not told:
            self._told.hide()
        self._list = column(spacing=SIZES.l)
        self.body.addWidget(self._told)
        self.body.addLayout(self._list)

    def show_rows(self, rows: Sequence[R], block: Callable[[R, bool], Block]) -> None:
        """Show a block for each of the rows instead."""
        for old in self.blocks:
            discard(old)
            self._list.removeWidget(old)
        self.blocks = [block(row, number == 0) for number, row in enumerate(rows)]
        for made in self.blocks:
            self._list.addWidget(made)
        self.setVisible(bool(rows))


def _told(tell: Telling, words_of: Callable[[SeenRow], str], row: SeenRow, first: bool) -> Block:
    return tell.seen(row, words_of(row), first)
