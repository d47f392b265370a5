"""Pairs of a name and what it is, in aligned columns: the head of a case, an item, a customer."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLayout, QWidget

from ui.theme import SIZES
from ui.widgets.base import Text, column, discard


class Facts(QWidget):
    """Each fact is a small grey name above its words, which can be marked and copied.

    Words that follow the clock come as a `When`. There are `columns` of them, or fewer where a
    long number would not fit: nothing is cut.
    """

    def __init__(self, pairs: Sequence[tuple[str, str | Text]] = (), columns: int = 3) -> None:
        super().__init__()
        self._most, self._columns = columns, 0
        self._facts: list[QWidget] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)  # narrower means fewer columns
        self._grid.setHorizontalSpacing(SIZES.xl)
        self._grid.setVerticalSpacing(SIZES.l)
        self.set_pairs(pairs)

    def set_pairs(self, pairs: Sequence[tuple[str, str | Text]]) -> None:
        """Show these pairs instead; a fact without words shows a dash."""
        for old in self._facts:
            self._grid.removeWidget(old)
            discard(old)
        self._facts = [_fact(name, words or "–") for name, words in pairs]
        self._arrange(self._most if not self.isVisible() else self._fitting(self.width()))

    def minimumSizeHint(self) -> QSize:
        widths = [fact.minimumSizeHint().width() for fact in self._facts]
        return QSize(max(widths, default=0), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if (fitting := self._fitting(event.size().width())) != self._columns:
            self._arrange(fitting)

    def _fitting(self, width: int) -> int:
        """The most columns whose longest words fit side by side."""
        needed = [fact.minimumSizeHint().width() for fact in self._facts]
        for count in range(self._most, 1, -1):
            columns = [max(needed[number::count], default=0) for number in range(count)]
            if sum(columns) + SIZES.xl * (count - 1) <= width:
                return count
        return 1

    def _arrange(self, columns: int) -> None:
        for number in range(self._most):
            self._grid.setColumnStretch(number, int(number < columns))
        for index, fact in enumerate(self._facts):
            self._grid.addWidget(fact, *divmod(index, columns))
        self._columns = columns


def _fact(name: str, words: str | Text) -> QWidget:
    shown = Text(words) if isinstance(words, str) else words
    shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    shown.setAccessibleName(f"{name}: {shown.accessibleName() or shown.text()}")
    made = QWidget()
    made.setLayout(column(Text(name, "caption"), shown, 1, spacing=2))
    return made
