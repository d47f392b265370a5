"""Tries speeds and formats on real ports while somebody scans the test code, in a thread of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from desk_app.scanning.handshake import REPLY_MS
from desk_app.scanning.port_search import Search, Step
from desk_app.scanning.serial_port import (
    LOST,
    RETRY_S,
    STOP_S,
    PortState,
    close_port,
    make_port,
    open_port,
    set_port,
)

POLL_S = 0.02
SILENCE_MS = 300  # after which a scan is over, at the slowest speed too
LAST_STEPS = frozenset((Step.FOUND, Step.DEAF))


@dataclass(frozen=True, slots=True)
class Told:
    """How it goes: the step on a port, and what is tried there or was found.

    A port that is not open has its `state` and nothing else to tell.
    """

    step: Step
    port: str
    baud: int
    frame: str
    answers: bool = False
    state: PortState = PortState.OPEN


class PortAssistant:
    """Listens on all `ports` until the code came whole on one, then ends with `Step.FOUND` or `Step.DEAF`.

    `on_told` is called in the assistant's thread, for the last time when all ports are closed again.
    """

    def __init__(
        self, ports: Sequence[str], on_told: Callable[[Told], None], reply_ms: int = REPLY_MS
    ) -> None:
        self._lines = [_Line(port, Search(reply_ms), on_told) for port in ports]
        self._on_told = on_told
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="port assistant", daemon=True)

    def start(self) -> None:
        """Begin to listen; once."""
        self._thread.start()

    def stop(self) -> None:
        """End it and close the ports; returns within a second."""
        self._stopping.set()
        self._thread.join(STOP_S)

    def _run(self) -> None:
        try:
            found = self._listen()
        finally:
            for line in self._lines:
                line.close()
        if found:
            self._on_told(found)

    def _listen(self) -> Told | None:
        while not self._stopping.wait(POLL_S):
            for line in self._lines:
                if found := line.serve(time.monotonic_ns() // 1_000_000):
                    return found
        return None


class _Line:
    """One port and what is found out there."""

    def __init__(self, name: str, search: Search, on_told: Callable[[Told], None]) -> None:
        self._name, self._search, self._on_told = name, search, on_told
        self._port, self._frame = make_port(search.baud, search.frame), search.frame
        self._port.timeout = 0
        self._heard = bytearray()
        self._began_at = self._last_at = 0
        self._again_at = 0
        self._state: PortState | None = None

    def serve(self, now_ms: int) -> Told | None:
        """Look once what came; the end of the search, if this is it."""
        try:
            if not self._port.is_open and not self._open(now_ms):
                return None
            return self._receive(now_ms)
        except LOST:
            self._change(PortState.LOST)
            self._heard.clear()
            self.close()
            return None

    def close(self) -> None:
        """Let go of the port."""
        close_port(self._port)

    def _open(self, now_ms: int) -> bool:
        if now_ms < self._again_at:
            return False
        self._again_at = now_ms + round(RETRY_S * 1000)
        self._change(open_port(self._port, self._name))
        return self._state is PortState.OPEN

    def _receive(self, now_ms: int) -> Told | None:
        if data := self._port.read(max(1, self._port.in_waiting)):
            self._began_at = self._began_at if self._heard else now_ms
            self._heard += data
            self._last_at = now_ms
        elif self._heard and now_ms - self._last_at >= SILENCE_MS:
            return self._judge(now_ms)
        elif not self._heard and self._search.is_over(now_ms):
            return self._told(Step.FOUND)
        return None

    def _judge(self, now_ms: int) -> Told | None:
        step, answer = self._search.hear(bytes(self._heard), self._began_at)
        self._heard.clear()
        if answer:
            self._port.write(answer)
        if step in LAST_STEPS:
            return self._told(step)
        self._set(now_ms)
        self._on_told(self._told(step))
        return None

    def _set(self, now_ms: int) -> None:
        """Close the port and open it with other settings: not all drivers take them while it is open."""
        search, port = self._search, self._port
        if (search.baud, search.frame) != (port.baudrate, self._frame):
            self.close()
            self._frame = search.frame
            set_port(port, search.baud, search.frame)
            self._again_at = 0
            self._open(now_ms)

    def _change(self, state: PortState) -> None:
        if state is not self._state:
            self._state = state
            self._on_told(self._told(Step.SCAN))

    def _told(self, step: Step) -> Told:
        search, state = self._search, self._state or PortState.OPEN
        return Told(step, self._name, search.baud, search.frame, search.answers, state)
