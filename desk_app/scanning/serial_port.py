"""A reader on a serial port, in a thread of its own, through unplugging and plugging in again."""

from __future__ import annotations

import errno
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum

import serial

from desk_app.scanning.framing import Framer

READ_TIMEOUT_S = 0.05
RETRY_S = 0.5
STOP_S = 1.0

# What pyserial lets through when a port vanishes under it; all but TypeError are named so on POSIX only.
_LOST: tuple[type[Exception], ...] = (OSError, TypeError)
if sys.platform != "win32":
    import termios

    _LOST = (*_LOST, termios.error)

_BUSY = frozenset((errno.EBUSY, errno.EAGAIN, errno.EWOULDBLOCK))


class PortState(StrEnum):
    """How a reader's port is; the value is a code that the window has a sentence for."""

    OPEN = "open"
    MISSING = "missing"
    BUSY = "busy"
    DENIED = "denied"
    LOST = "lost"


class SerialReader:
    """Reads scans from `port` until `stop`; opens the port again whenever it comes back.

    `on_scan` gets the text of each scan, `on_state` each change of state; both are called in the reader's
    thread, so neither may touch a widget or take long. Raises ValueError for a speed no port has.
    """

    def __init__(
        self, port: str, baud: int, on_scan: Callable[[str], None], on_state: Callable[[PortState], None]
    ) -> None:
        self._name = port
        self._port = serial.Serial(baudrate=baud, timeout=READ_TIMEOUT_S, exclusive=True)
        self._on_scan = on_scan
        self._on_state = on_state
        self._state: PortState | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"reader {port}", daemon=True)

    def start(self) -> None:
        """Begin to read; once."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread and close the port; returns within a second."""
        self._stopping.set()
        self._thread.join(STOP_S)

    def _run(self) -> None:
        while not self._stopping.is_set():
            if self._open():
                self._read_until_lost()
            self._stopping.wait(RETRY_S)

    def _open(self) -> bool:
        try:
            self._port.port = self._name
            self._port.open()
        except _LOST as error:
            self._tell(_why_not_open(error))
            return False
        self._tell(PortState.OPEN)
        return True

    def _read_until_lost(self) -> None:
        framer = Framer()
        try:
            while not self._stopping.is_set() and (data := self._receive()) is not None:
                now_ms = time.monotonic_ns() // 1_000_000
                for text in framer.feed(data, now_ms) if data else framer.idle(now_ms):
                    self._on_scan(text)
        finally:
            with suppress(*_LOST):
                self._port.close()

    def _receive(self) -> bytes | None:
        """The bytes that came; none after the time-out; None when the port is gone."""
        try:
            return bytes(self._port.read(max(1, self._port.in_waiting)))
        except _LOST:
            self._tell(PortState.LOST)
            return None

    def _tell(self, state: PortState) -> None:
        """Report a change. A port that was lost stays lost, not missing, until it is there again."""
        if state is self._state or (state is PortState.MISSING and self._state is PortState.LOST):
            return
        self._state = state
        self._on_state(state)


def _why_not_open(error: Exception) -> PortState:
    # pyserial on Windows gives no error number, only the text of the system's error.
    number = getattr(error, "errno", None)
    if number in _BUSY or "PermissionError" in str(error):
        return PortState.BUSY
    return PortState.DENIED if number == errno.EACCES else PortState.MISSING
