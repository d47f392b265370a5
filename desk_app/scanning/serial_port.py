"""A reader on a serial port, in a thread of its own, through unplugging and plugging in again."""

from __future__ import annotations

import errno
import os
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum

import serial

from desk_app.readers import FRAMES, ReaderSettings
from desk_app.scanning.framing import Framer
from desk_app.scanning.handshake import Handshake

READ_TIMEOUT_S = 0.05
WRITE_TIMEOUT_S = 0.2
RETRY_S = 0.5
STOP_S = 1.0

# What pyserial lets through when a port vanishes under it; all but TypeError are named so on POSIX only.
LOST: tuple[type[Exception], ...] = (OSError, TypeError)
if sys.platform != "win32":
    import termios

    LOST = (*LOST, termios.error)

_BUSY = frozenset((errno.EBUSY, errno.EAGAIN, errno.EWOULDBLOCK))
_ours: dict[serial.Serial, str] = {}  # what this process has open: systems tell only that somebody has it


class PortState(StrEnum):
    """How a reader's port is; the value is a code that the window has a sentence for."""

    OPEN = "open"
    MISSING = "missing"
    BUSY = "busy"
    TWICE = "twice"
    DENIED = "denied"
    LOST = "lost"


class SerialReader:
    """Reads scans until `stop`; opens the port again whenever it comes back, whatever it is called then.

    `find` gives the present name of the port, "" while it is not there. `on_scan` gets the text of each
    scan, `on_state` each change of state and the port's name; all are called in the reader's thread, so none
    may touch a widget or take long. Raises ValueError for a speed no port has.
    """

    def __init__(
        self,
        reader: ReaderSettings,
        on_scan: Callable[[str], None],
        on_state: Callable[[PortState, str], None],
        find: Callable[[], str] | None = None,
    ) -> None:
        self._reader = reader
        self._name = reader.port
        self._port = make_port(reader.baud, reader.frame)
        self._on_scan, self._on_state = on_scan, on_state
        self._find = find or (lambda: reader.port)
        self._handshake = Handshake()
        self._told: tuple[PortState, str] | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"reader {reader.port}", daemon=True)

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
        found = self._find()
        self._name = found or self._reader.port
        state = open_port(self._port, found)
        self._tell(state)
        return state is PortState.OPEN

    def _read_until_lost(self) -> None:
        framer = Framer()
        try:
            while not self._stopping.is_set() and (data := self._receive()) is not None:
                now_ms = time.monotonic_ns() // 1_000_000
                self._hear(framer.feed(data, now_ms) if data else framer.idle(now_ms), now_ms)
        finally:
            close_port(self._port)

    def _receive(self) -> bytes | None:
        """The bytes that came; none after the time-out; None when the port is gone."""
        try:
            return bytes(self._port.read(max(1, self._port.in_waiting)))
        except LOST:
            self._tell(PortState.LOST)
            return None

    def _hear(self, scans: list[str], at_ms: int) -> None:
        """Hand scans on, then answer them all at once: the reader waits for one answer and no more."""
        if not self._reader.answers:
            for text in scans:
                self._on_scan(text)
            return
        answer = b""
        for text in scans:
            counts, answer = self._handshake.hear(text, at_ms)
            if counts:
                self._on_scan(text)
        if answer and self._is_sent(answer):
            self._handshake.answered()

    def _is_sent(self, answer: bytes) -> bool:
        """Whether the answer went out. A port that is gone is noticed at the next read."""
        try:
            self._port.write(answer)
        except LOST:
            return False
        return True

    def _tell(self, state: PortState) -> None:
        """Report a change. A port that was lost stays lost, not missing, until it is there again."""
        if self._told and state is PortState.MISSING and self._told[0] is PortState.LOST:
            return
        if self._told != (state, self._name):
            self._told = (state, self._name)
            self._on_state(state, self._name)


def make_port(baud: int, frame: str) -> serial.Serial:
    """A port that is not open yet; `frame` as in `desk_app.readers.FRAMES`."""
    port = serial.Serial(timeout=READ_TIMEOUT_S, write_timeout=WRITE_TIMEOUT_S, exclusive=True)
    set_port(port, baud, frame)
    return port


def set_port(port: serial.Serial, baud: int, frame: str) -> None:
    """Set speed and frame of a port, open or not; raises ValueError for a speed no port has."""
    bits, parity, stop = tuple(frame)
    port.baudrate, port.bytesize, port.parity, port.stopbits = baud, int(bits), parity, int(stop)


def open_port(port: serial.Serial, name: str) -> PortState:
    """Open a port under this name, "" for one that is not there; the state says whether it is open."""
    if not name:
        return PortState.MISSING
    try:
        port.port = name
        _open(port)
    except LOST as error:
        state = _why_not_open(error)
        is_ours = os.path.realpath(name) in list(_ours.values())
        return PortState.TWICE if state is PortState.BUSY and is_ours else state
    _ours[port] = os.path.realpath(name)
    return PortState.OPEN


def _open(port: serial.Serial) -> None:
    """A virtual port, which has no parity, may refuse one; bytes come whole without."""
    try:
        port.open()
    except LOST as error:
        if error.args[:1] != (errno.EINVAL,) or port.parity == serial.PARITY_NONE:
            raise
        set_port(port, port.baudrate, FRAMES[0])
        port.open()


def close_port(port: serial.Serial) -> None:
    """Let go of a port, whether it is still there or not."""
    _ours.pop(port, None)
    with suppress(*LOST):
        port.close()


def _why_not_open(error: Exception) -> PortState:
    # pyserial on Windows gives no error number, only the text of the system's error.
    number = getattr(error, "errno", None)
    if number in _BUSY or "PermissionError" in str(error):
        return PortState.BUSY
    return PortState.DENIED if number == errno.EACCES else PortState.MISSING
