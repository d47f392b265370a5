"""Brings news home to the Qt thread, one signal each for all screens: what changed, and that time went by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from desk_app.changes import Changes
from desk_app.clock import MINUTE, Clock, system_clock

if TYPE_CHECKING:  # it brings the trade with it, which the first window does not wait for
    from desk_app.services.views import LineState
    from ui.port_scanner import PortNow

MS = 1000  # microseconds


class Hub(QObject):
    """Hand `tell` to the store; connect screens to `changed`, `line` (its new state) and `minute`.

    `ports` says how the readers' ports are, as `port_states` does, in the settings' order; emit
    `ports_wanted` when a page needs them for itself, and when it is done. `clock` gives the present moment
    for what screens say about time; `minute` comes when its minute changes.
    """

    changed = Signal(Changes)
    ports = Signal(tuple)
    ports_wanted = Signal(bool)
    line = Signal(object)
    minute = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.clock: Clock = system_clock
        self.port_states: tuple[PortNow, ...] = ()
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def tell(self, changes: Changes) -> None:
        """Say what changed, from any thread; Qt queues it for screens, which live on the Qt thread."""
        self.changed.emit(changes)

    def tell_ports(self, states: tuple[PortNow, ...]) -> None:
        """Say how the serial port of each reader is."""
        self.port_states = states
        self.ports.emit(states)

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
