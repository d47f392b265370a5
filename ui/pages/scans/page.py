"""The last scans: when, what it was, what was done; and undo."""

from __future__ import annotations

from desk_app.domain.people import Actor
from desk_app.texts import N_
from ui.actions import Action
from ui.pages.codes import KINDS
from ui.scan_history import Heard
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
    Times,
    Tone,
    Tools,
)
from ui.widgets.scan_bar import printed

UNDO = Action("scans.undo", N_("Undo the last one"), key="F8", icon="undo-2")
LEAST_ROWS = 6


class ScansPage(Page):
    """Newest first; what can be undone is undone from the newest on, as later scans may rest on it."""

    job = "scans"

    def __init__(self, tools: Tools, services: Services, actor: Actor) -> None:  # noqa: ARG002 - as all pages
        super().__init__(tools, tools.say("Last scans"), fill=True)
        self._rows: list[Heard] = []
        self._undo = tools.actions.bind(self, UNDO, self._undo_last)
        self.table = self._make_table(services)
        self._nothing = EmptyState(
            "scan-barcode", self.say("Nothing scanned yet"), self.say("Scan anything: it opens what it names")
        )
        self.body.addWidget(Card("", self.table, self._nothing, fill=True), 1)
        self.add_actions(Button.of(self._undo, "primary"))
        tools.scans.changed.connect(self._changed)

    def open(self, **_where: str) -> None:
        """Read the scans anew."""
        self._reload()

    def _changed(self) -> None:
        if self.isVisible():
            self._reload()

    def _reload(self) -> None:
        self._rows = self.tools.scans.rows()
        self._model.reload()
        self.table.setVisible(bool(self._rows))
        self._nothing.setVisible(not self._rows)
        self._undo.setEnabled(self.tools.scans.last() is not None)

    def _undo_last(self) -> None:
        last = self.tools.scans.last()
        if last:
            self.tools.scans.undo(last)

    def _make_table(self, services: Services) -> TableView:
        say, times = self.say, Times(self.say, services.zone, self.tools.hub)
        self._model = RowModel(
            [
                Column(
                    say("Time"),
                    150,
                    lambda heard: times.listed(heard.scan.at),
                    exact=lambda heard: times.exact(heard.scan.at),
                ),
                Column(say("Code"), 250, lambda heard: printed(heard.scan.raw), share=1),
                Column(say("Taken as"), 150, lambda heard: say(KINDS[heard.scan.surest.kind])),
                Column(say("Led to"), 260, self._told, _tone, share=2),
            ],
            lambda: len(self._rows),
            lambda offset, limit: self._rows[offset : offset + limit],
        )
        self.tools.hub.minute.connect(self._model.retell)
        table = TableView(say("List of scans"), self._model)
        table.setMinimumHeight(LEAST_ROWS * SIZES.control)
        return table

    def _told(self, heard: Heard) -> str:
        return self.say("Undone") if heard.is_undone else heard.words


def _tone(heard: Heard) -> Tone:
    return Tone.NEUTRAL if heard.is_undone else heard.tone
