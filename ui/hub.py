"""Brings news home to the Qt thread, one signal each for all screens: what changed, and that time went by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from desk_app.changes import Changes
from desk_app.clock import MINUTE, Clock, system_clock

if TYPE_CHECKING:  # it brings the trade with it, which the first window does not wait for
    from desk_app.services.views import LineState

MS = 1000  # microseconds


class Hub(QObject):
    """Hand `tell` to the store; connect screens to `changed`, `line` (its new state) and `minute`.

    `port` says how the scanner's port is, as `port_state` does. `clock` gives the present moment for what
    screens say about time; `minute` comes when its minute changes.
    """

    changed = Signal(Changes)
    port = Signal(str)
    line = Signal(object)
    minute = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.clock: Clock = system_clock
        self.port_state = ""
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def tell(self, changes: Changes) -> None:
        """Say what changed, from any thread; Qt queues it for screens, which live on the Qt thread."""
        self.changed.emit(changes)

    def tell_port(self, state: str) -> None:
        """Say how the scanner's serial port is: a `PortState`, "" without a port."""
        self.port_state = state
        self.port.emit(state)

    def tell_line(self, state: LineState) -> None:
        """Say how the line to the central service is, from any thread."""
        self.line.emit(state)

    def keep_time(self, clock: Clock) -> None:
        """Go by this clock, and say when its minute changes."""
        self.clock = clock
        self._wait()

    def _wait(self) -> None:
        left = MINUTE - self.clock() % MINUTE
        self._timer.start(left // MS + 1)

    def _tick(self) -> None:
        self._wait()
        self.minute.emit()
