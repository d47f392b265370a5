"""The codes in pictures, found in a process of their own: what a picture does to the decoder stays there.

The process is started when it is first needed, kept, and replaced when it died, hung or grew too large.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from desk_app.errors import OutsideError

log = logging.getLogger(__name__)

LONGEST_S = 10.0
"""The worker ends its search after some seconds by itself; after these it hangs."""
LARGEST_FILE = 64 << 20
TRIES = 2

Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Code:
    """A code in a picture: its text with GS as it is, its AIM identifier such as "]C1", and its corners.

    Corners: pixels of the upright picture, around the code from its own upper left. A UPC-A comes as the
    EAN-13 that it is, with a 0 in front.
    """

    text: str
    aim: str
    corners: tuple[Point, Point, Point, Point]


class Asked(msgspec.Struct, frozen=True):
    """A picture's file of `length` bytes; or a frame: its size, one grey byte a pixel, and a tilt to try."""

    length: int
    frame: Point | None = None
    tilt: int = 0


class Told(msgspec.Struct, frozen=True):
    """The codes in reading order, each once; or the code of the trouble."""

    codes: tuple[Code, ...] = ()
    trouble: str = ""


def worker_command() -> list[str]:
    """The command line of this program's worker."""
    program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-P", "-m", "desk_app"]
    return [*program, "look-at-pictures"]


class Pictures:
    """Reads one picture after the other, aside; to be closed in the end.

    The Futures give the codes, or an OutsideError: `picture.unreadable` (no picture, or of no known kind),
    `picture.too_large`, `picture.too_hard` (the worker died over it, or did not come to an end).
    """

    def __init__(self, command: Callable[[], list[str]] = worker_command, seconds: float = LONGEST_S) -> None:
        self._command, self._seconds = command, seconds
        self._worker: _Worker | None = None
        self._lock = threading.Lock()
        self._closed = False
        self._aside = ThreadPoolExecutor(1, "pictures")

    def read(self, picture: bytes | Path) -> Future[tuple[Code, ...]]:
        """The codes of a picture's file, in reading order, each once."""
        return self._aside.submit(self._read, picture)

    def read_frame(self, size: Point, grey: bytes, tilt: int = 0) -> Future[tuple[Code, ...]]:
        """The codes of a frame of one grey byte a pixel; bars also on a copy turned by `tilt` degrees."""
        return self._aside.submit(self._ask, Asked(len(grey), size, tilt), grey)

    @property
    def process(self) -> int | None:
        """The number of the worker's process; None while there is none."""
        return self._worker.number if self._worker else None

    def close(self) -> None:
        """End the worker at once, and whatever is read."""
        with self._lock:
            self._closed = True
            if self._worker:
                self._worker.kill()
        self._aside.shutdown(cancel_futures=True)
        self._forget()

    def _read(self, picture: bytes | Path) -> tuple[Code, ...]:
        data = picture if isinstance(picture, bytes) else _bytes(picture)
        return self._ask(Asked(len(data)), data)

    def _ask(self, asked: Asked, data: bytes) -> tuple[Code, ...]:
        for _ in range(TRIES):  # the worker may have been killed by somebody else
            worker = self._worker_at_hand()
            told = worker.ask(msgspec.json.encode(asked) + b"\n", data, self._seconds)
            if told is None:
                self._forget()
                if worker.hung or self._closed:
                    break
            elif told.trouble:
                raise OutsideError(told.trouble)
            else:
                return told.codes
        log.info("the worker for pictures ended over %s bytes", asked.length)
        raise OutsideError("picture.too_hard")

    def _worker_at_hand(self) -> _Worker:
        with self._lock:
            if self._closed:
                raise OutsideError("picture.too_hard")
            self._worker = self._worker or _Worker(self._command())
            return self._worker

    def _forget(self) -> None:
        with self._lock:
            if self._worker:
                self._worker.end()
            self._worker = None


class _Worker:
    """One run of the worker. It ends with its input, so it never outlives the program."""

    def __init__(self, command: list[str]) -> None:
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            raise OutsideError("picture.too_hard") from error
        self.hung = False

    @property
    def number(self) -> int:
        """Its process number."""
        return self._process.pid

    def ask(self, question: bytes, data: bytes, seconds: float) -> Told | None:
        """Its answer; None when it died, or was killed because it took longer (then it `hung`)."""
        given, out = self._process.stdin, self._process.stdout
        assert given
        assert out
        watchdog = threading.Timer(seconds, self._give_up)
        watchdog.daemon = True
        watchdog.start()
        try:
            given.write(question)
            given.write(data)
            given.flush()
            return msgspec.json.decode(out.readline(), type=Told)
        except (OSError, msgspec.DecodeError):  # no line, or half of one
            return None
        finally:
            watchdog.cancel()

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()

    def end(self) -> None:
        """Kill it and let go of its pipes."""
        self.kill()
        with suppress(OSError):  # what was not sent yet goes nowhere
            self._process.communicate()

    def _give_up(self) -> None:
        self.hung = True
        self.kill()


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise OutsideError("picture.too_large")
        return path.read_bytes()
    except OSError as error:
        raise OutsideError("picture.unreadable") from error
