"""The last scans: when, what was read, what it led to, and how to undo it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ui.theme import Tone

if TYPE_CHECKING:  # its tables of codes would keep the first window waiting
    from desk_app.scanning.reading import Scan

KEPT = 200


@dataclass(eq=False)
class Heard:
    """One scan and what was said of it; `undo` while it can be undone."""

    scan: Scan
    tone: Tone = Tone.NEUTRAL
    words: str = ""
    undo: Callable[[], object] | None = None
    is_undone: bool = False


class ScanHistory(QObject):
    """What this desk's readers sent since it was opened; `changed` when there is something new to show."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._heard: deque[Heard] = deque(maxlen=KEPT)

    def rows(self) -> list[Heard]:
        """Newest first."""
        return list(reversed(self._heard))

    def hear(self, scan: Scan) -> None:
        """Keep a scan."""
        self._heard.append(Heard(scan))
        self.changed.emit()

    def answer(self, tone: Tone, words: str, scan: Scan | None, undo: Callable[[], object] | None) -> None:
        """Keep what a scan led to, the last one if none is named."""
        found = next((each for each in reversed(self._heard) if scan is None or each.scan is scan), None)
        if found:
            found.tone, found.words, found.undo = tone, words, undo or found.undo
            self.changed.emit()

    def last(self) -> Heard | None:
        """The newest that can be undone."""
        return next((each for each in reversed(self._heard) if each.undo), None)

    def undo(self, heard: Heard) -> None:
        """Undo one, once; what becomes of it is said by the page that did it."""
        undo, heard.undo, heard.is_undone = heard.undo, None, True
        if undo:
            undo()
        self.changed.emit()

    def settle(self) -> None:
        """Somebody else works now: what was done stays done."""
        for each in self._heard:
            each.undo = None
        self.changed.emit()
