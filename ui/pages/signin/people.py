"""The people of the desk as tiles: by digit, by arrows, and by part of the name where they are many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from desk_app.texts import Speaker
from ui.pages.terms import ROLES
from ui.theme import SIZES, look
from ui.widgets import ChoiceTiles, Option, Text, TextField
from ui.widgets.base import column

if TYPE_CHECKING:
    from desk_app.services.views import PersonRow

COLUMNS = 3
FEW = 9  # as many as there are digits
LARGE = 1.5  # letters of that size leave room for two
MOVES = {  # columns, rows
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class PeopleTiles(QWidget):
    """`chosen` carries the person's stream. Keys reach the tiles whatever part of it has the focus."""

    chosen = Signal(str)

    def __init__(self, say: Speaker) -> None:
        super().__init__()
        self._say = say
        self._people: tuple[PersonRow, ...] = ()
        self._columns = COLUMNS if look().scale < LARGE else COLUMNS - 1
        self.search = TextField(say("Part of the name"))
        self.search.setAccessibleName(say("Find a person"))
        self.search.textChanged.connect(self._show_fitting)
        self.search.installEventFilter(self)
        self.tiles = ChoiceTiles(say("Who are you?"), columns=self._columns)
        self.tiles.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.tiles.installEventFilter(self)
        self.tiles.chosen.connect(self.chosen)
        self.nobody = Text(say("Nobody here is called that"), "muted")
        self.setLayout(column(self.search, self.nobody, self.tiles))
        self.set_people(())

    def set_people(self, people: Sequence[PersonRow]) -> None:
        """Offer these people, in this order; who is chosen stays chosen."""
        self._people = tuple(people)
        self.search.setVisible(len(people) > FEW)
        self.setFocusProxy(self.search if len(people) > FEW else self.tiles)
        self._show_fitting()

    def set_value(self, person: str) -> None:
        """Choose without a signal; "" chooses nobody."""
        self.tiles.set_value(person)

    def value(self) -> str:
        """The stream of who is chosen, or ""."""
        return self.tiles.value()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Digits choose, arrows move, Enter chooses; letters look for a name."""
        if event.type() is not QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        key = Qt.Key(event.key())
        if self.tiles.take_key(event):
            return True
        if key in MOVES and (watched is not self.search or key == Qt.Key.Key_Down):
            self._move(*MOVES[key])
        elif key in ENTERS:
            self._enter()
        elif key == Qt.Key.Key_Escape:
            self.search.clear()
            self.setFocus()
        else:
            return watched is not self.search and self._look_for(event.text())
        return True

    def _show_fitting(self) -> None:
        """The people whose name has what was written in it."""
        sought, before = self.search.text().strip().casefold(), self.value()
        fitting = [person for person in self._people if sought in person.name.casefold()]
        self.tiles.set_options([self._option(person) for person in fitting])
        self.tiles.set_value(before)
        for tile in self.tiles.tiles:
            tile.installEventFilter(self)
            tile.show()  # at once: the next key may go there
        self.nobody.setVisible(bool(self._people) and not fitting)

    def _option(self, person: PersonRow) -> Option:
        roles = " · ".join(self._say(ROLES[role]) for role in person.roles)
        return Option(person.stream, person.name, roles, "user")

    def _move(self, right: int, down: int) -> None:
        """Move the cursor among the tiles; above the first row is the search."""
        tiles, by = self.tiles.tiles, right + down * self._columns
        here = next((at for at, tile in enumerate(tiles) if tile.hasFocus()), None)
        there = 0 if here is None else here + by
        if there < 0 and self.search.isVisible():
            self.search.setFocus()
        elif tiles:
            tile = tiles[max(0, min(there, len(tiles) - 1))]
            tile.setFocus(Qt.FocusReason.TabFocusReason)
            self._reveal(tile)

    def _enter(self) -> None:
        """Choose whom the cursor is on, or the first that was found."""
        focused = [tile for tile in self.tiles.tiles if tile.hasFocus()]
        found = list(self.tiles.tiles) if self.search.text().strip() else []
        for tile in (focused or found)[:1]:
            tile.click()

    def _look_for(self, letters: str) -> bool:
        if not (letters.isprintable() and letters.strip() and self.search.isVisible()):
            return False
        self.search.setFocus()
        self.search.insert(letters)
        return True

    def _reveal(self, tile: QWidget) -> None:
        """Scroll the card, where it is higher than the window."""
        above: QWidget | None = self
        while above and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(tile, 0, SIZES.l)
