"""Lists of any length: pages are read when they come into view, and what is gone meanwhile does no harm."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.theme import Scheme, Theme
from ui.widgets import Column, RowModel, TableView, Tone


class Rows:
    """A list that counts how it is read."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.asked: list[tuple[int, int]] = []

    def fetch(self, offset: int, limit: int) -> list[int]:
        self.asked.append((offset, limit))
        return list(range(offset, min(self.count, offset + limit)))


@pytest.fixture
def rows() -> Rows:
    return Rows(100_000)


@pytest.fixture
def model(rows: Rows) -> RowModel:
    columns = [
        Column("Case", 140, lambda row: f"M7K-{row:05d}"),
        Column("State", 160, lambda row: "Repaired" if row % 2 else "Waits", lambda _: Tone.GOOD),
        Column("Item", 200, lambda row: f"{row} " + "a long name of goods " * 4, share=1),
        Column("Minutes", 90, lambda row: str(row % 60), right=True),
    ]
    return RowModel(columns, lambda: rows.count, rows.fetch)


@pytest.fixture
def view(qtbot: QtBot, model: RowModel) -> TableView:
    made = TableView("Cases", model)
    made.resize(900, 500)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def test_only_the_pages_in_view_are_read(view: TableView, rows: Rows) -> None:
    view.grab()
    assert rows.asked == [(0, 200)]
    view.scrollToBottom()
    view.grab()
    assert rows.asked[-1] == (99_800, 200)
    assert len(rows.asked) < 5


def test_cells_have_words_and_tool_tips_whole(model: RowModel) -> None:
    index = model.index(7, 2)
    assert model.data(index).startswith("7 a long name")
    assert model.data(index, int(Qt.ItemDataRole.ToolTipRole)) == model.data(index)
    assert model.data(index, int(Qt.ItemDataRole.DecorationRole)) is None
    assert model.headerData(3, Qt.Orientation.Horizontal) == "Minutes"
    side = model.headerData(3, Qt.Orientation.Horizontal, int(Qt.ItemDataRole.TextAlignmentRole))
    assert side & Qt.AlignmentFlag.AlignRight


def test_pages_long_unseen_are_forgotten(model: RowModel, rows: Rows) -> None:
    for page in range(60):
        model.row(page * 200)
    asked = len(rows.asked)
    model.row(59 * 200)
    assert len(rows.asked) == asked
    model.row(0)
    assert len(rows.asked) == asked + 1


def test_reload_reads_anew(view: TableView, model: RowModel, rows: Rows) -> None:
    rows.count = 3
    model.reload()
    assert (model.rowCount(), model.row(2), model.row(3)) == (3, 2, None)


def test_row_that_is_gone_meanwhile_is_empty_and_opens_nothing(view: TableView, rows: Rows) -> None:
    rows.count = 50
    view.opened.connect(lambda _: pytest.fail("there is nothing to open"))
    view.clicked.emit(view.model().index(260, 0))
    assert view.model().index(260, 0).data() is None


def test_click_and_enter_open_a_row(qtbot: QtBot, view: TableView) -> None:
    where = view.visualRect(view.model().index(2, 0)).center()
    with qtbot.waitSignal(view.opened) as opened:
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(where))
    assert opened.args == [2]
    QTest.keyClick(view, Qt.Key.Key_Down)
    with qtbot.waitSignal(view.opened) as opened:
        QTest.keyClick(view, Qt.Key.Key_Return)
    assert opened.args == [3]


def test_enter_without_a_row_opens_nothing(view: TableView) -> None:
    view.opened.connect(lambda _: pytest.fail("nothing is chosen"))
    view.setCurrentIndex(QModelIndex())
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert not view.currentIndex().isValid()


def test_columns_fill_the_width_and_rows_are_calm(view: TableView) -> None:
    widths = [view.columnWidth(index) for index in range(4)]
    assert widths[:2] + widths[3:] == [140, 160, 90]
    assert sum(widths) == view.viewport().width()
    assert view.rowHeight(0) == 44


def test_tab_leaves_the_table(qtbot: QtBot, model: RowModel) -> None:
    host = QWidget()
    box, view, field = QVBoxLayout(host), TableView("Cases", model), QLineEdit()
    box.addWidget(view)
    box.addWidget(field)
    qtbot.addWidget(host)
    with qtbot.waitExposed(host):
        host.show()
    host.activateWindow()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    QTest.keyClick(view, Qt.Key.Key_Tab)
    assert field.hasFocus()


@pytest.mark.parametrize(
    ("compact", "scale", "height"), [(True, 1.0, 36), (False, 1.0, 44), (False, 1.5, 44)]
)
def test_rows_are_for_fingers_or_compact(
    qtbot: QtBot, theme: Theme, model: RowModel, compact: bool, scale: float, height: int
) -> None:
    theme.apply(Scheme.LIGHT, scale)
    made = TableView("Cases", model, compact=compact)
    qtbot.addWidget(made)
    made.ensurePolished()
    assert made.rowHeight(0) == height


def test_compact_rows_grow_with_the_letters(qtbot: QtBot, theme: Theme, model: RowModel) -> None:
    made = TableView("Cases", model, compact=True)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    theme.apply(Scheme.LIGHT, 1.5)
    QApplication.processEvents()
    assert made.rowHeight(0) >= made.fontMetrics().height() + 6 > 36
