"""When events arrived that carry no time of their own, and whether that can be believed."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, Qt, QTimer

BEAT_MS = 5
LATE_MS = 15


class Arrivals(QObject):
    """Between `begin` and `end` a beat shows that the thread is not held up.

    Events that waited in the queue of a busy thread arrive together: that they came at once says nothing.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._beat = QTimer(self, interval=BEAT_MS, timerType=Qt.TimerType.PreciseTimer)
        self._beat.timeout.connect(self._count)
        self._beat_at: int | None = None

    def now(self) -> int:
        """Milliseconds of a clock that never goes back."""
        return time.monotonic_ns() // 1_000_000

    def begin(self) -> None:
        """Untimed events come: begin to listen to the beat."""
        if not self._beat.isActive():
            self._beat.start()

    def end(self) -> None:
        """None are waited for any more."""
        self._beat.stop()
        self._beat_at = None

    def is_prompt(self) -> bool:
        """Whether the event at hand is handled when it came."""
        return self._beat_at is not None and self.now() - self._beat_at <= LATE_MS

    def _count(self) -> None:
        self._beat_at = self.now()
