"""Moves photographs both ways, on a thread and a line of its own, after everything else.

What a page shows comes first, then what the central service lacks, then the newest that are missing here.
Files go in pieces, each of which is kept, so that a cut costs no more than one; they are small while people
scan. Nothing here is needed for work to go on: what fails is tried again later.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from itertools import groupby

from desk_app.changes import Changes, Origin
from desk_app.errors import OutsideError, RuleError, ShownError
from desk_app.storage.kept import KeptFiles, ListedFile
from desk_app.sync.backoff import FIRST_PAUSE, RESTING, Backoff, Jitter, spread
from desk_app.sync.client import Client
from desk_app.sync.lines import Line
from desk_app.sync.loop import END_SECONDS, Rest
from desk_app.sync.wire import LARGEST_PIECE, MOST_FILES, FileHeld

log = logging.getLogger(__name__)

SMALLEST_PIECE = 32 * 1024
QUIET_SECONDS = 2.0
BETWEEN_SMALL = 0.05
MOST_TRIES = 3

_OF_THE_FILE = ("file.unknown", "file.gap", "file.wrong", "body.too_large")
_OF_THE_DISK = ("disk.full", "disk.read_only", "disk.failed")

Pieces = Iterator[None]
"""Work that stops after each piece, so that something better can be done first."""


class FileLoop:
    """Keeps a desk's files and those of the central service alike from `start` to `stop`.

    now: seconds that only go forward. `trouble`: the code of what keeps files from coming, empty for nothing.
    """

    def __init__(
        self,
        files: KeptFiles,
        client_factory: Callable[[], Client],
        jitter: Jitter = spread,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.trouble = ""
        self._files = files
        self._line = Line(client_factory)
        self._jitter = jitter
        self._now = now
        self._backoff, self._asking = Backoff(jitter), Backoff(jitter)
        self._largest = LARGEST_PIECE
        self._acted_at = now() - QUIET_SECONDS
        self._wanted: Collection[str] = ()
        self._wrong: Counter[str] = Counter()
        self._lacking = False
        self._wake, self._wished, self._stopping = threading.Event(), threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._move, name="sync-files", daemon=True)

    def start(self) -> None:
        """Begin to move files."""
        self._thread.start()

    def stop(self) -> None:
        """End within a second; what is under way goes on at the next start where it ended."""
        self._stopping.set()
        self._wake.set()
        self._line.end()
        if self._thread.is_alive():
            self._thread.join(END_SECONDS)

    def poke(self) -> None:
        """Say that there may be something to move; returns at once."""
        self._asking.reset()
        self._wake.set()

    def want(self, addresses: Collection[str]) -> None:
        """A page shows these: they come before all others, until another page asks."""
        self._wanted = addresses
        self._wished.set()
        self.poke()

    def heard(self, changes: Changes) -> None:
        """Something changed: it may name a file; where somebody works here, pieces are small for a while."""
        if changes.origin is Origin.ACT:
            self._acted_at = self._now()
        if changes.touch("case"):
            self.poke()

    def _move(self) -> None:
        self._files.tidy()
        while not self._stopping.is_set():
            self._wake.clear()
            rest = self.round()
            self._stopping.wait(rest.least)
            self._wake.wait(rest.longest - rest.least)
        self._line.drop()

    def round(self) -> Rest:
        """Move what there is to move, and say how long to rest; ends early where a page wants something."""
        self._wished.clear()
        self._lacking = False
        try:
            for _ in self._pieces():
                self._largest = min(LARGEST_PIECE, 2 * self._largest)
                self._backoff.reset()
                if self._wished.is_set() or self._stopping.is_set():
                    return Rest(0, 0)
                self._give_way()
        except ShownError as error:
            return self._failed(error)
        self._backoff.reset()
        if self._lacking:
            return Rest(self._jitter(FIRST_PAUSE), self._jitter(FIRST_PAUSE) + self._asking.pause())
        return Rest(0, self._jitter(RESTING))

    def _failed(self, error: ShownError) -> Rest:
        """Be modest: the next piece is smaller, as a slow line may not have got this one through in time."""
        if not isinstance(error, RuleError):
            self._line.drop()
            self._largest = max(SMALLEST_PIECE, self._largest // 4)
        pause = self._backoff.pause()
        return Rest(min(pause, self._jitter(FIRST_PAUSE)), pause)

    def _give_way(self) -> None:
        if self._is_busy():
            self._stopping.wait(BETWEEN_SMALL)

    def _is_busy(self) -> bool:
        return self._now() - self._acted_at < QUIET_SECONDS

    def _most(self) -> int:
        return SMALLEST_PIECE if self._is_busy() else self._largest

    def _pieces(self) -> Pieces:
        if self._wanted:
            yield from self._fetch(self._wanted)
        yield from self._send()
        yield from self._fetch(())

    def _fetch(self, wanted: Collection[str]) -> Pieces:
        """Fetch what is missing; a disk that takes no more ends that, and nothing else."""
        try:
            for feed, addresses in _grouped(self._files.to_fetch(wanted)):
                held = self._line.client().files(feed, addresses)
                for address in addresses:
                    whole = held.get(address, FileHeld(0)).size
                    yield from self._spared(address, self._download(feed, address, whole))
            self.trouble = ""
        except OutsideError as error:
            if error.code not in _OF_THE_DISK:
                raise
            self.trouble, self._lacking = error.code, True

    def _download(self, feed: str, address: str, size: int) -> Pieces:
        start = self._files.begun(address)
        if not size:  # whoever took the photograph has not sent it yet
            self._lacking = True
            return
        while start < size:
            piece = self._line.client().get_file(feed, address, start, min(self._most(), size - start))
            if not piece:
                raise OutsideError("line.not_understood")
            if not self._files.add(address, start, piece):
                return
            start += len(piece)
            yield
        if not self._files.finish(address):
            raise RuleError("file.wrong")

    def _send(self) -> Pieces:
        """Send what the central service lacks; where its disk takes no more, that is tried again later."""
        try:
            for feed, addresses in _grouped(self._files.to_send()):
                held = self._line.client().files(feed, addresses)
                self._lacking |= not held.keys() >= set(addresses)  # their entries wait to be sent first
                for address in filter(held.__contains__, addresses):
                    yield from self._spared(address, self._upload(feed, address, held[address]))
        except OutsideError as error:
            if error.code not in _OF_THE_DISK:
                raise
            self._lacking = True

    def _upload(self, feed: str, address: str, held: FileHeld) -> Pieces:
        size = self._files.size(address)
        while not held.size:
            start = min(held.here, max(0, size - 1))  # the last byte again makes the service look at them all
            piece = self._files.piece(address, start, self._most())
            if not piece:  # erased meanwhile
                return
            held = self._line.client().put_file(feed, address, start, piece, size)
            yield
        self._files.sent(address)

    def _spared(self, address: str, work: Pieces) -> Pieces:
        """One file's work, unless it went wrong too often; what is wrong with it hinders no other one."""
        if self._wrong[address] >= MOST_TRIES:
            return
        try:
            yield from work
        except RuleError as error:
            if error.code not in _OF_THE_FILE:
                raise
            log.info("a photograph is not moved now: %s", error.code)
            self._lacking = True
            self._wrong[address] += error.code == "file.wrong"


def _grouped(listed: tuple[ListedFile, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Feeds, each with as many addresses as one question may hold."""
    for feed, some in groupby(sorted(listed, key=lambda file: file.feed), key=lambda file: file.feed):
        addresses = [file.address for file in some]
        for first in range(0, len(addresses), MOST_FILES):
            yield feed, tuple(addresses[first : first + MOST_FILES])
