"""What may wait: until the window has been painted, or until more has come together."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer

AFTER_PAINT = Qt.EventPriority.LowEventPriority.value - 1
"""Qt lays out and paints by posted events of low priority; a timer may come before them."""


class Later(QObject):
    """Does `work` once after the next paint, however often it is asked for until then."""

    def __init__(self, owner: QObject, work: Callable[[], object]) -> None:
        super().__init__(owner)
        self._work = work
        self._is_asked = False

    def ask(self) -> None:
        """Let it be done."""
        if not self._is_asked:
            self._is_asked = True
            QCoreApplication.postEvent(self, QEvent(QEvent.Type.User), AFTER_PAINT)

    def event(self, event: QEvent) -> bool:
        if event.type() is not QEvent.Type.User:
            return super().event(event)
        self._is_asked = False
        self._work()
        return True


class Seldom(QObject):
    """Does `work` a while after it was asked for, once for all that asked meanwhile: at most so often.

    For what tells of many changes, which may come hundreds a second, while somebody waits for an answer.
    """

    def __init__(self, owner: QObject, work: Callable[[], object], every_ms: int) -> None:
        super().__init__(owner)
        self._timer = QTimer(self, singleShot=True, interval=every_ms)
        self._timer.timeout.connect(work)

    def ask(self) -> None:
        """Let it be done."""
        if not self._timer.isActive():
            self._timer.start()

    def stop(self) -> None:
        """Leave undone what was asked for."""
        self._timer.stop()
