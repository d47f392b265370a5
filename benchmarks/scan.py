"""A scan at the dock: from the scanner's last key to the durable commit, and to the painted answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from benchmarks.figures import Bound, Figure
from benchmarks.filling import is_expected, waybill_of
from benchmarks.program import Running, paint, running, settle
from benchmarks.shop import Shop
from desk_app.changes import Changes
from ui.pages.dock.page import DockPage
from ui.widgets import Answer

COMMIT, ANSWER = Bound(50), Bound(100)
SCANS_PER_TIME = 5
KEY_GAP_MS = 2
DONE = (Answer.GOOD, Answer.ATTENTION)


def measure(shop: Shop, times: int) -> Iterator[Figure]:
    """Parcels that are expected, and parcels nobody announced."""
    expected = (waybill_of(number) for number in range(10**9) if is_expected(number))
    unknown = (f"YT{7_000_000_000_000 + number}" for number in range(10**9))
    with running(shop) as desk:
        yield from _scans(desk, "expected", lambda: next(expected), times * SCANS_PER_TIME)
        yield from _scans(desk, "unannounced", lambda: next(unknown), times * SCANS_PER_TIME)


def _scans(desk: Running, what: str, waybill: Callable[[], str], count: int) -> Iterator[Figure]:
    desk.enter("dock")
    page = desk.window.page
    assert isinstance(page, DockPage)
    commits: list[int] = []

    def committed(_changes: Changes) -> None:
        commits.append(time.perf_counter_ns())

    desk.services.on_changes(committed)
    safe, answered = Figure(f"{what}, to the commit", COMMIT), Figure(f"{what}, to the answer", ANSWER)
    for turn in range(-2, count):
        commits.clear()
        figure = answered if turn >= 0 else Figure("warm-up")
        began = _scan(desk, page, waybill(), figure)
        if turn >= 0:
            safe.samples.append((commits[0] - began) / 1e6)
        settle()
    yield safe
    yield answered


def _scan(desk: Running, page: DockPage, waybill: str, figure: Figure) -> int:
    """One scan; the moment of its last key."""
    at = time.monotonic_ns() // 1_000_000
    for place, letter in enumerate(waybill):
        _press(desk, letter, at + place * KEY_GAP_MS)
    began = time.perf_counter_ns()

    def end() -> QWidget:
        _press(desk, "\r", at + len(waybill) * KEY_GAP_MS)
        return page.answer

    with figure.sample():
        paint(end, lambda: page.answer.answer in DONE and waybill in page.answer.detail)
    return began


def _press(desk: Running, letter: str, at: int) -> None:
    """A key as a scanner types it: at the window, with the moment it was pressed (ms)."""
    key = Qt.Key.Key_Return if letter == "\r" else Qt.Key(ord(letter))
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, letter)
        event.setTimestamp(at)
        QCoreApplication.sendEvent(desk.window.windowHandle(), event)
