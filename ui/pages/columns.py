"""Two columns of cards that stand below each other where the window is narrow or the letters are large."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLayout, QWidget

from ui.theme import SIZES, look

NARROW = 860


class Columns(QWidget):
    """`shares`: how the room is divided while both stand side by side."""

    def __init__(self, left: QLayout, right: QLayout, shares: tuple[int, int]) -> None:
        super().__init__()
        self._parts = (QWidget(), QWidget())
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(SIZES.l)
        self._box.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)  # narrower means stacked
        for part, content, share in zip(self._parts, (left, right), shares, strict=True):
            content.setContentsMargins(0, 0, 0, 0)
            part.setLayout(content)
            self._box.addWidget(part, share)

    def minimumSizeHint(self) -> QSize:
        return QSize(max(self._widths()), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(event.size().width())

    def _arrange(self, width: int) -> None:
        beside = sum(self._widths()) + SIZES.l <= width and width >= look().px(NARROW)
        wanted = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        if self._box.direction() is not wanted:
            self._box.setDirection(wanted)
            self.updateGeometry()

    def _widths(self) -> list[int]:
        return [part.minimumSizeHint().width() for part in self._parts]
