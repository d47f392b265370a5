"""Lists: the cases, scrolled, searched key by key, and opened; each to the paint of what was asked for."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from benchmarks.figures import Bound, Figure
from benchmarks.program import Running, paint, running, settle, until
from benchmarks.shop import Shop
from ui.pages.cases.page import CasesPage

FRAME = Bound(1000 / 60)
SEARCH = Bound(100)
OPEN = Bound(100)
STEP_PX = 120  # three rows, as a notch of a wheel
FRAMES_PER_TIME = 20
SEED = 3
SOUGHT_CASES = 2


@dataclass(frozen=True, slots=True)
class Cases:
    """The page with the list, on show."""

    desk: Running
    page: CasesPage

    def scroll_to(self, place: int) -> QWidget:
        """Move the list; the widget that is painted."""
        self.page.table.verticalScrollBar().setValue(place)
        return self.page.table.viewport()

    def find(self, key: str, figure: Figure) -> None:
        """One key or one character of an input method, until its rows are painted."""
        resets: list[bool] = []

        def reset() -> None:
            resets.append(True)

        def press() -> QWidget:
            _type(self.page.search, key)
            return self.page.table.viewport()

        model = self.page.table.model()
        model.modelReset.connect(reset)
        with figure.sample():
            paint(press, lambda: bool(resets))
        model.modelReset.disconnect(reset)
        settle()


def measure(shop: Shop, times: int) -> Iterator[Figure]:
    """Frames while scrolling, rows for a key, the page of a row that was clicked."""
    with running(shop) as desk:
        yield from _frames(_cases(desk), times * FRAMES_PER_TIME)
        yield from _search(_cases(desk), max(1, times // 5))
        yield _open(desk, times)


def _cases(desk: Running) -> Cases:
    desk.enter("cases")
    page = desk.window.page
    assert isinstance(page, CasesPage)
    return Cases(desk, page)


def _frames(cases: Cases, frames: int) -> Iterator[Figure]:
    bar, chance = cases.page.table.verticalScrollBar(), random.Random(SEED)
    jumps, steps = Figure("jump to a random place", FRAME), Figure("scroll by three rows", FRAME)
    for _ in range(frames):
        there = (bar.value() + chance.randrange(1, bar.maximum())) % bar.maximum()
        with jumps.sample():
            paint(partial(cases.scroll_to, there))
        settle()
    for _ in range(frames):
        there = (bar.value() + STEP_PX) % bar.maximum()
        with steps.sample():
            paint(partial(cases.scroll_to, there))
    yield jumps
    yield steps


def _search(cases: Cases, times: int) -> Iterator[Figure]:
    """The first character finds most rows and costs most, so it is told apart."""
    first, later = Figure("search, first character", SEARCH), Figure("search, later characters", SEARCH)
    for sought in _sought(cases) * times:
        for place, key in enumerate(sought):
            cases.find(key, later if place else first)
        cases.page.search.clear()
        until(lambda: cases.page.table.model().rowCount() > 0 and not cases.page.search.text())
        settle()
    yield first
    yield later


def _sought(cases: Cases) -> list[str]:
    """What people look for: number, phone, name, goods and order of cases from the middle of the list."""
    services = cases.desk.services
    rows = services.cases.page("", services.cases.count("") // 2, SOUGHT_CASES)
    fields = [(row.number, row.phone, row.customer_name, row.product, row.order_number) for row in rows]
    return [field.lower() for some in fields for field in some]


def _type(field: QWidget, key: str) -> None:
    if key.isascii():
        QTest.keyClicks(field, key)
        return
    typed = QInputMethodEvent()
    typed.setCommitString(key)
    QApplication.sendEvent(field, typed)


def _open(desk: Running, times: int) -> Figure:
    figure = Figure("open a row", OPEN)
    for _ in range(times):
        cases = _cases(desk)
        table = cases.page.table
        where = table.visualRect(table.model().index(2, 0)).center()

        def click(cases: Cases = cases, where: QPoint = where) -> QWidget:
            viewport = cases.page.table.viewport()
            QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=where)
            assert cases.desk.window.page
            return cases.desk.window.page

        with figure.sample():
            paint(click)
        settle()
    return figure
