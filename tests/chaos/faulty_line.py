"""A TCP relay on loopback that goes wrong as networks do: one line between a desk and the central service.

All lines of a `Network` live on one thread. A fault concerns the connections that are open and those that
come, until another one takes its place.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
from collections import Counter
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar

PIECE = 16 * 1024
ABORT = struct.pack("ii", 1, 0)  # SO_LINGER: closing sends a reset, and what is under way is dropped
T = TypeVar("T")

KINDS = ("delay", "thin", "cut_request", "cut_answer", "reset", "hole", "half_open")


@dataclass(frozen=True)
class Fault:
    """What is wrong with a line.

    kind, and what `size` means to it: `delay` (milliseconds for each piece), `thin` (bytes a second),
    `cut_request` and `cut_answer` (bytes of one connection that still get through), `reset` (none does),
    `hole` (everything vanishes, and nobody is told), `half_open` (the service's end is gone, and the desk is
    not told). None of these: the line is whole.
    """

    kind: str = ""
    size: int = 0

    def __str__(self) -> str:
        return f"{self.kind} {self.size}".strip() if self.kind else "whole"


WHOLE = Fault()


class Network:
    """The thread of the lines; `felt` counts for each fault how often it hit a connection."""

    def __init__(self) -> None:
        self.felt: Counter[str] = Counter()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="network", daemon=True)
        self._thread.start()
        self._lines: list[Line] = []

    def line(self, far: Callable[[], str]) -> Line:
        """A new line to where `far` (host:port) is at the time of each connection."""
        line = Line(far, self.felt)
        self.call(line.listen())
        self._lines.append(line)
        return line

    def set(self, line: Line, fault: Fault) -> None:
        """Let a line have this fault and no other from now on."""
        self.call(line.set(fault))

    def call(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something on the lines' thread."""
        done: Future[T] = asyncio.run_coroutine_threadsafe(work, self._loop)
        return done.result(30)

    def close(self) -> None:
        """Take all lines away."""
        for line in self._lines:
            self.call(line.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class Line:
    """One relay; `address` (host:port) is where the desk connects to, `tries` how often it did.

    Used on the network's thread.
    """

    def __init__(self, far: Callable[[], str], felt: Counter[str]) -> None:
        self.fault = WHOLE
        self.felt = felt
        self.address, self.tries = "", 0
        self._far = far
        self._links: set[_Link] = set()

    async def listen(self) -> None:
        """Take connections from now on."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.address = "{}:{}".format(*self._server.sockets[0].getsockname())

    async def set(self, fault: Fault) -> None:
        """Have another fault; what an end was not told before, it is told now."""
        quiet = self.fault.kind in ("hole", "half_open")
        self.fault = fault
        for link in list(self._links):
            if quiet or fault.kind == "reset":
                link.abort()
            elif fault.kind == "half_open":
                link.lose_far_end()

    async def close(self) -> None:
        """Break every connection and take no other."""
        self._server.close()
        links = list(self._links)
        for link in links:
            link.abort()
        await asyncio.gather(*(link.ended.wait() for link in links))

    async def _accept(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        self.tries += 1
        link = _Link(self, near, back)
        self._links.add(link)
        try:
            with contextlib.suppress(OSError):
                await link.carry(self._far())
        finally:
            link.abort()
            self._links.discard(link)
            link.ended.set()


class _Link:
    """One connection of a desk, and the one to the service that belongs to it."""

    def __init__(self, line: Line, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        self.ended = asyncio.Event()
        self._line, self._near, self._back = line, near, back
        self._forth: asyncio.StreamWriter | None = None
        self._lost = False

    async def carry(self, far: str) -> None:
        """Bytes both ways until one end closes or a fault cuts."""
        if self._line.fault.kind == "reset":
            self._felt()
            return
        host, _, port = far.rpartition(":")
        answers, self._forth = await asyncio.open_connection(host, int(port))
        requests = asyncio.create_task(self._pump(self._near, self._forth, "cut_request"))
        back = asyncio.create_task(self._pump(answers, self._back, "cut_answer"))
        await asyncio.wait((requests, back), return_when=asyncio.FIRST_COMPLETED)
        if self._lost:
            await requests
        self.abort()
        await asyncio.gather(requests, back, return_exceptions=True)

    async def _pump(self, come: asyncio.StreamReader, go: asyncio.StreamWriter, cut: str) -> None:
        through = 0
        with contextlib.suppress(OSError):
            while piece := await come.read(PIECE):
                fault = self._line.fault
                if self._lost or fault.kind == "hole":
                    self._felt()
                    continue
                await self._slow(fault, len(piece))
                if fault.kind == cut:
                    piece = piece[: max(0, fault.size - through)]
                through += len(piece)
                go.write(piece)
                await go.drain()
                if fault.kind == cut and through >= fault.size:
                    self._felt()
                    return

    async def _slow(self, fault: Fault, size: int) -> None:
        if fault.kind in ("delay", "thin"):
            self._felt()
            await asyncio.sleep(fault.size / 1000 if fault.kind == "delay" else size / fault.size)

    def _felt(self) -> None:
        self._line.felt[self._line.fault.kind or "half_open"] += 1

    def lose_far_end(self) -> None:
        """Let the service's end go without telling the desk."""
        self._lost = True
        if self._forth:
            self._felt()
            _abort(self._forth)

    def abort(self) -> None:
        """Reset both ends."""
        self._lost = False
        for end in (self._back, self._forth):
            if end:
                _abort(end)


def _abort(end: asyncio.StreamWriter) -> None:
    line = end.get_extra_info("socket")
    with contextlib.suppress(OSError):
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORT)
    end.transport.abort()
