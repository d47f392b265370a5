"""Lists of any length: a model that reads pages when they are shown, and a calm table over it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QResizeEvent, QShowEvent
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
from ui.widgets.sla_clock import Deadline, Reading, paint_reading, read
from ui.widgets.when import Times

PAGE = 200
PAGES_KEPT = 50
ROW_HEIGHT = SIZES.control
COMPACT_HEIGHT = 36
DISPLAY = int(Qt.ItemDataRole.DisplayRole)
ALIGNMENT = int(Qt.ItemDataRole.TextAlignmentRole)
TOLD = (DISPLAY, int(Qt.ItemDataRole.ToolTipRole), int(Qt.ItemDataRole.AccessibleTextRole))
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, its width at 100 %, the words of a row in it, and a tone where it shows chips.

    Columns with a `share` divide the room that is left. Words that do not fit are shortened; a tool tip and
    the row's own page show them whole. `exact` is what the tool tip and screen readers say where it differs.
    `clock` puts the sign of a deadline before its words.
    """

    title: str
    width: int
    text: Callable[[Any], str]
    tone: Callable[[Any], Tone] | None = None
    share: int = 0
    right: bool = False
    exact: Callable[[Any], str] | None = None
    clock: Callable[[Any], Reading] | None = None


class RowModel(QAbstractTableModel):
    """Reads rows by `fetch(offset, limit)` as they come into view; `count()` says how many there are."""

    def __init__(
        self,
        columns: Sequence[Column],
        count: Callable[[], int],
        fetch: Callable[[int, int], Sequence[Any]],
    ) -> None:
        super().__init__()
        self.columns = list(columns)
        self._count, self._fetch = count, fetch
        self._pages: OrderedDict[int, Sequence[Any]] = OrderedDict()
        self._rows = count()

    def reload(self) -> None:
        """Forget what was read and ask anew; the view keeps its place where it can."""
        self.beginResetModel()
        self._pages.clear()
        self._rows = self._count()
        self.endResetModel()

    def retell(self) -> None:
        """Say all words anew, as time went by: rows are not read again, and the view stays as it is."""
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(self._rows - 1, len(self.columns) - 1))

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
        if role not in TOLD:
            return None
        found, column = self.row(index.row()), self.columns[index.column()]
        if found is None:
            return None
        return column.exact(found) if column.exact and role != DISPLAY else column.text(found)

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


def clock_column(times: Times, title: str, width: int, deadline: Callable[[Any], Deadline]) -> Column:
    """A column of SLA clocks; `model.retell` with each of the hub's minutes keeps it current."""

    def reading(row: Any) -> Reading:
        return read(times.say, deadline(row), times.hub.clock())

    def exact(row: Any) -> str:
        return f"{reading(row).words} · {times.exact(deadline(row).due)}"

    return Column(title, width, lambda row: reading(row).words, exact=exact, clock=reading)


def _alignment(column: Column) -> Qt.AlignmentFlag:
    return RIGHT if column.right else LEFT


class TableView(QTableView):
    """Shows a `RowModel`. `opened` carries the row that was clicked or chosen with Enter.

    Rows are as tall as a finger; `compact` ones show more of a long list and are for mouse and keys.
    """

    opened = Signal(object)

    def __init__(self, name: str, model: RowModel, compact: bool = False) -> None:
        super().__init__()
        self._rows = model
        self._least_height = COMPACT_HEIGHT if compact else ROW_HEIGHT
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
        self.viewport().setAutoFillBackground(
            True
        )  # opaque: scrolling moves what is there and draws the rest
        self._set_headers()
        self.clicked.connect(self._open)

    def _set_headers(self) -> None:
        rows, columns = self.verticalHeader(), self.horizontalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        columns.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        columns.setHighlightSections(False)
        columns.setFixedHeight(40)
        self._set_heights()
        self.fit_columns()

    def _set_heights(self) -> None:
        """Large letters make compact rows taller."""
        letters = self.fontMetrics().height() + SIZES.s
        self.verticalHeader().setDefaultSectionSize(max(self._least_height, letters))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._be_opaque()
        if event.type() is QEvent.Type.FontChange:
            self._set_heights()

    def fit_columns(self) -> None:
        """Fixed widths, as measuring would read every row; what is left goes to the columns with a share.

        Where room is short those give way, down to a half; where that is not enough the last columns are
        left out.
        """
        room, columns = self.viewport().width(), self._rows.columns
        titles = [self.horizontalHeader().sectionSizeFromContents(at).width() for at in range(len(columns))]
        wanted = [max(title, look().px(column.width)) for title, column in zip(titles, columns, strict=True)]
        least = [
            max(title, width // 2) if column.share else width
            for title, width, column in zip(titles, wanted, columns, strict=True)
        ]
        shown = next((n for n in range(len(columns), 1, -1) if sum(least[:n]) <= room), 1)
        given = _shared(room, wanted[:shown], least[:shown], [column.share for column in columns[:shown]])
        for index in range(len(columns)):
            self.setColumnHidden(index, index >= shown)
            if index < shown:
                self.setColumnWidth(index, given[index])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit_columns()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._be_opaque()

    def _be_opaque(self) -> None:
        """Then scrolling moves what is there and draws only the new rows; a style sheet takes it away."""
        self.viewport().setAutoFillBackground(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._open(self.currentIndex())
            return
        super().keyPressEvent(event)

    def _open(self, index: QModelIndex) -> None:
        found = self._rows.row(index.row())
        if found is not None:
            self.opened.emit(found)


def _shared(room: int, wanted: list[int], least: list[int], shares: list[int]) -> list[int]:
    """The widths that fill the room: more than wanted by the shares, or less, but not below the least."""
    free = room - sum(wanted)
    if free < 0:
        free = max(free, sum(least) - sum(wanted))
        shares = [have - small for have, small in zip(wanted, least, strict=True)]
    total = sum(shares)
    return [
        have + (free * share // total if total else 0) for have, share in zip(wanted, shares, strict=True)
    ]


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
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(where, QColor(colours.accent_soft))
        painter.fillRect(QRectF(where.left(), where.bottom() - 1, where.width(), 1), QColor(colours.line))
        row, column = self._rows.row(index.row()), self._rows.columns[index.column()]
        words = column.text(row) if row is not None else ""  # asking the index would go through Qt and back
        if words:
            self._paint_cell(painter, where.adjusted(SIZES.m, 0, -SIZES.m, 0), words, row, column)

    def _paint_cell(self, painter: QPainter, where: QRectF, words: str, row: Any, column: Column) -> None:
        if column.clock or column.tone:
            painter.save()
            if column.clock:
                paint_reading(painter, where, column.clock(row))
            elif column.tone:
                _paint_tone(painter, where, words, column.tone(row))
            painter.restore()
            return
        painter.setPen(QColor(look().colours.text))
        short = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(where.width()))
        painter.drawText(where, _alignment(column), short)


def _paint_tone(painter: QPainter, where: QRectF, words: str, tone: Tone) -> None:
    font = painter.font()
    font.setPixelSize(look().px(SIZES.caption))
    painter.setFont(font)
    size = chip_size(painter.fontMetrics(), words)
    width = min(size.width(), where.width())
    top = where.center().y() - size.height() / 2
    paint_chip(painter, QRectF(where.left(), top, width, size.height()), words, tone)
