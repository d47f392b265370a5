"""Widgets beside each other that go on in the next line where the room ends, as words do."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

from ui.theme import SIZES


class Flow(QLayout):
    """`right`: lines end at the right edge. `apart`: widgets from that number on stand at the right of the
    one line, as long as there is one.
    """

    def __init__(
        self, *widgets: QWidget, spacing: int = SIZES.s, right: bool = False, apart: int | None = None
    ) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self._right, self._apart = right, apart
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(spacing)
        for widget in widgets:
            self.addWidget(widget)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)
        self.invalidate()

    def put_last(self, widget: QWidget) -> None:
        """Let a widget stand behind all others."""
        self.removeWidget(widget)
        self.addWidget(widget)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        if not 0 <= index < len(self._items):
            return None
        self.invalidate()
        return self._items.pop(index)

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        heights = [_height(line) for line in self._lines(width)]
        edges = self.contentsMargins()
        between = self.spacing() * max(0, len(heights) - 1)
        return sum(heights) + between + edges.top() + edges.bottom()

    def sizeHint(self) -> QSize:
        shown = self._shown()
        return self._with_edges(QSize(self._width(shown), _height(shown)))

    def minimumSize(self) -> QSize:
        widest = max((item.sizeHint().width() for item in self._shown()), default=0)
        return self._with_edges(QSize(widest, _height(self._shown())))

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        inner = rect.marginsRemoved(self.contentsMargins())
        lines, top = list(self._lines(rect.width())), inner.top()
        for line in lines:
            free = max(0, inner.width() - self._width(line))
            self._place(line, QRect(inner.left(), top, free, _height(line)), len(lines) == 1)
            top += _height(line) + self.spacing()

    def _place(self, line: list[QLayoutItem], where: QRect, alone: bool) -> None:
        """Put a line at the top left of `where`, whose width is the room that is left over."""
        left = where.left() + (where.width() if self._right else 0)
        for item in line:
            if alone and self._apart is not None and item is self._first_apart():
                left += where.width()
            size = item.sizeHint()
            down = (where.height() - size.height()) // 2
            item.setGeometry(QRect(QPoint(left, where.top() + down), size))
            left += size.width() + self.spacing()

    def _lines(self, width: int) -> Iterator[list[QLayoutItem]]:
        edges = self.contentsMargins()
        room = width - edges.left() - edges.right()
        line: list[QLayoutItem] = []
        for item in self._shown():
            if line and self._width([*line, item]) > room:
                yield line
                line = []
            line.append(item)
        if line:
            yield line

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _first_apart(self) -> QLayoutItem | None:
        return next((item for item in self._items[self._apart :] if not item.isEmpty()), None)

    def _width(self, line: list[QLayoutItem]) -> int:
        between = self.spacing() * max(0, len(line) - 1)
        return sum(item.sizeHint().width() for item in line) + between

    def _with_edges(self, size: QSize) -> QSize:
        return size.grownBy(self.contentsMargins())


def _height(line: list[QLayoutItem]) -> int:
    return max((item.sizeHint().height() for item in line), default=0)
