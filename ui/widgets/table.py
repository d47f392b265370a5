"""Lists of any length: a model that reads pages when they are shown, and a calm table over it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from ui.theme import SIZES, Tone, look
from ui.widgets.chip import chip_size, paint_chip

PAGE = 200
PAGES_KEPT = 50
ROW_HEIGHT = SIZES.control
DISPLAY = int(Qt.ItemDataRole.DisplayRole)
ALIGNMENT = int(Qt.ItemDataRole.TextAlignmentRole)
TOOLTIP = int(Qt.ItemDataRole.ToolTipRole)
Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, its width at 100 %, the words of a row in it, and a tone where it shows chips.

    Columns with a `share` divide the room that is left. Words that do not fit are shortened; a tool tip and
    the row's own page show them whole.
    """

    title: str
    width: int
    text: Callable[[Any], str]
    tone: Callable[[Any], Tone] | None = None
    share: int = 0
    right: bool = False


class RowModel(QAbstractTableModel):
    """Reads rows by `fetch(offset, limit)` as they come into view; `count()` says how many there are."""

    def __init__(
        self,
        columns: Sequence[Column],
        count: Callable[[], int],
        fetch: Callable[[int, int], Sequence[Any]],
    ) -> None:
        super().__init__()
        self.columns = tuple(columns)
        self._count, self._fetch = count, fetch
        self._pages: OrderedDict[int, Sequence[Any]] = OrderedDict()
        self._rows = count()

    def reload(self) -> None:
        """Forget what was read and ask anew; the view keeps its place where it can."""
        self.beginResetModel()
        self._pages.clear()
        self._rows = self._count()
        self.endResetModel()

    def row(self, number: int) -> Any:
        """The row `number` (from 0) as `fetch` gave it, or None where it is gone meanwhile."""
        page, place = divmod(number, PAGE)
        rows = self._page(page)
        return rows[place] if place < len(rows) else None

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else self._rows

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = DISPLAY) -> str | None:
        """The words of a cell. Roles are compared as numbers, as the enumeration costs most of a frame."""
        if role not in (DISPLAY, TOOLTIP):
            return None
        found = self.row(index.row())
        return None if found is None else self.columns[index.column()].text(found)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = DISPLAY) -> object:
        """The titles of the columns, on the side of their words."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == DISPLAY:
            return self.columns[section].title
        return _alignment(self.columns[section]) if role == ALIGNMENT else None

    def _page(self, number: int) -> Sequence[Any]:
        if number in self._pages:
            self._pages.move_to_end(number)
            return self._pages[number]
        rows = self._fetch(number * PAGE, PAGE)
        self._pages[number] = rows
        if len(self._pages) > PAGES_KEPT:
            self._pages.popitem(last=False)
        return rows


def _alignment(column: Column) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


class TableView(QTableView):
    """Shows a `RowModel`. `opened` carries the row that was clicked or chosen with Enter."""

    opened = Signal(object)

    def __init__(self, name: str, model: RowModel) -> None:
        super().__init__()
        self._rows = model
        self.setAccessibleName(name)
        self.setModel(model)
        self.setItemDelegate(_Cells(self, model))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setCornerButtonEnabled(False)
        self._set_headers()
        self.clicked.connect(self._open)

    def _set_headers(self) -> None:
        rows, columns = self.verticalHeader(), self.horizontalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(ROW_HEIGHT)
        columns.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        columns.setHighlightSections(False)
        columns.setFixedHeight(40)
        self._set_widths()

    def _set_widths(self) -> None:
        """Fixed widths, as measuring would read every row; what is left goes to the columns with a share."""
        scale = look().scale
        columns = self._rows.columns
        wanted = [round(column.width * scale) for column in columns]
        free = max(0, self.viewport().width() - sum(wanted))
        shares = sum(column.share for column in columns)
        for index, column in enumerate(columns):
            extra = free * column.share // shares if shares else 0
            self.setColumnWidth(index, wanted[index] + extra)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._set_widths()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._open(self.currentIndex())
            return
        super().keyPressEvent(event)

    def _open(self, index: QModelIndex) -> None:
        found = self._rows.row(index.row())
        if found is not None:
            self.opened.emit(found)


class _Cells(QStyledItemDelegate):
    """Draws words and chips itself, which takes half the time of the style's own drawing."""

    def __init__(self, view: TableView, rows: RowModel) -> None:
        super().__init__(view)
        self._rows = rows

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(60, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        colours = look().colours
        where = QRectF(option.rect)
        state = option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(where, QColor(colours.accent_soft))
        painter.fillRect(QRectF(where.left(), where.bottom() - 1, where.width(), 1), QColor(colours.line))
        if words := index.data(DISPLAY):
            painter.save()
            self._paint_cell(painter, where.adjusted(SIZES.m, 0, -SIZES.m, 0), words, index)
            painter.restore()

    def _paint_cell(self, painter: QPainter, where: QRectF, words: str, index: Index) -> None:
        model = self._rows
        column = model.columns[index.column()]
        if column.tone:
            font = painter.font()
            font.setPixelSize(look().px(SIZES.caption))
            painter.setFont(font)
            size = chip_size(painter.fontMetrics(), words)
            width = min(size.width(), where.width())
            top = where.center().y() - size.height() / 2
            chip = QRectF(where.left(), top, width, size.height())
            paint_chip(painter, chip, words, column.tone(model.row(index.row())))
            return
        painter.setPen(QColor(look().colours.text))
        short = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(where.width()))
        painter.drawText(where, _alignment(column), short)
