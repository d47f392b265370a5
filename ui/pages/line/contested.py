"""What does not count, with both sides, and what somebody has to have seen; each with its ways out."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QLayout, QWidget

from desk_app.domain.cases import Case, Moment
from desk_app.domain.contests import ANEW, KEPT
from desk_app.refusals import reason
from desk_app.services.views import ContestRow, SeenRow, Side
from desk_app.texts import N_
from ui.pages import words
from ui.pages.trade import Trade
from ui.widgets import SIZES, Button, Rule, Text, Times, When, column
from ui.widgets import row as beside
from ui.widgets.flow import Flow

Settle = Callable[[ContestRow | SeenRow, str], object]
ShowCase = Callable[[str], object]

AGAIN = {"item.disposed": N_("Decide anew"), "repair.checked": N_("Check once more")}


class Block(QWidget):
    """One thing to look at below the others, a thin line above it; `buttons` by the way out they take."""

    def __init__(self, name: str, first: bool, *parts: QWidget | QLayout) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.buttons: dict[str, Button] = {}
        self._line = Flow()
        self.setLayout(column(None if first else Rule(), *parts, self._line, spacing=SIZES.m))

    def add(self, way: str, button: Button, act: Callable[[], object], may: bool = True) -> None:
        """A button for a way out."""
        button.clicked.connect(act)
        button.setEnabled(may)
        self.buttons[way] = button
        self._line.addWidget(button)


class Telling:
    """Says what happened: the trade's words, moments, and what its buttons do."""

    def __init__(self, trade: Trade, times: Times, settle: Settle, show_case: ShowCase, may: bool) -> None:
        self._trade, self._say, self._times = trade, trade.say, times
        self._settle, self._show_case, self._may = settle, show_case, may

    def contest(self, row: ContestRow, first: bool) -> Block:
        """Both sides of a permission that does not stand."""
        say = self._say
        title = self._title(row.name, row.item, row.wanted.kind)
        block = Block(
            title,
            first,
            Text(title, "strong"),
            Text(words.lookup(say, words.CONTESTS, row.reason), "muted"),
            self._sides(row),
            *self._rest(row),
        )
        self._add(block, KEPT, say("Leave it as it stands"), "check", row)
        if ANEW in row.ways:
            self._add(block, ANEW, words.lookup(say, AGAIN, row.wanted.kind), "undo-2", row)
        self._add_case(block, row)
        return block

    def seen(self, row: SeenRow, told: str, first: bool) -> Block:
        """Something that somebody has to have seen; `told` says what it means."""
        say = self._say
        title = self._title(row.name, row.item, row.kind)
        parts: list[QWidget] = [Text(title, "strong"), Text(told)]
        if row.at:
            who = words.joined(row.person, row.desk)
            parts.append(When(self._times, row.at, "caption", self._times.both, partial(words.joined, who)))
        block = Block(title, first, *parts)
        self._add(block, KEPT, say("I have seen it"), "check", row)
        self._add_case(block, row)
        return block

    def refused(self, row: SeenRow) -> str:
        """Why an entry does not count."""
        return reason(row.reason, {}, self._say)

    def what(self, kind: str) -> str:
        """A kind of entry, or of stream, in words."""
        return self._say(words.ENTRIES.get(kind, words.OTHER_ENTRIES.get(kind, words.UNKNOWN_ENTRY)).text)

    def _title(self, name: str, item: int, kind: str) -> str:
        number = self._say("Item {n}", n=item) if item else ""
        return words.joined(name, number, self.what(kind))

    def _sides(self, row: ContestRow) -> QWidget:
        say = self._say
        wanted = self._side(say("Wanted, but does not count"), row.wanted)
        stands = self._side(say("Stands"), row.stands) if row.stands else self._nothing()
        line = beside(wanted, stands, spacing=SIZES.xl)
        for side in (0, 1):
            line.setStretch(side, 1)
        both = QWidget()
        both.setLayout(line)
        return both

    def _nothing(self) -> QWidget:
        return _side(self._say("Stands"), Text(self._say("There was nothing to decide any more")))

    def _side(self, name: str, side: Side) -> QWidget:
        where = self._say("on this desk") if side.ours else self._say("on another desk")
        who = words.joined(side.person, where)
        when = When(self._times, side.at, "caption", self._times.both, partial(words.joined, who))
        return _side(name, Text(self._detail(side), "strong"), when)

    def _detail(self, side: Side) -> str:
        moment = Moment(side.kind, "", side.at, 0, side.detail)
        return self._trade.moment_detail(Case(), moment) or self.what(side.kind)

    def _rest(self, row: ContestRow) -> list[Text]:
        if not row.rest:
            return []
        kinds = ", ".join(dict.fromkeys(self.what(kind) for kind in row.rest))
        return [Text(self._say("Rested on it, and does not count either: {what}", what=kinds), "caption")]

    def _add(self, block: Block, way: str, text: str, icon: str, row: ContestRow | SeenRow) -> None:
        button = Button(text, icon, name=words.joined(text, block.accessibleName()))
        block.add(way, button, partial(self._settle, row, way), self._may)

    def _add_case(self, block: Block, row: ContestRow | SeenRow) -> None:
        if row.stream.startswith("case/"):
            text = self._say("Show case")
            name = words.joined(text, row.name)
            button = Button(text, "folder-open", kind="quiet", name=name)
            block.add("case", button, partial(self._show_case, row.stream))


def _side(name: str, *told: Text) -> QWidget:
    made = QWidget()
    made.setAccessibleName(name)
    made.setLayout(column(Text(name, "caption"), *told, 1, spacing=2))
    return made
