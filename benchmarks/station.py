"""A desk in a process of its own, as in a shop: its store, its sync, and who asks it to do things."""

from __future__ import annotations

import gc
import hashlib
import multiprocessing
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import sqlalchemy
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmarks.entries import WIDE, Told, told
from desk_app.__main__ import GARBAGE_AFTER
from desk_app.changes import Changes
from desk_app.clock import system_clock
from desk_app.domain.batches import Pulled, Receipt, Snapshot
from desk_app.domain.parcels import parcel_stream
from desk_app.domain.people import Actor
from desk_app.services.desk import Desk
from desk_app.services.receiving import Receiving
from desk_app.services.setup import Founding, Welcome, found, join
from desk_app.storage import queries
from desk_app.storage.act import Act
from desk_app.storage.store import Store
from desk_app.sync import loading
from desk_app.sync.client import Client
from desk_app.sync.loop import SyncLoop, SyncState
from desk_app.sync.signing import signed
from desk_app.sync.wire import JoinCode

SECONDS = 180.0
AN_ACT = 500
A_PAGE = 50
FOUNDING = Founding("北京朝阳店", "Window 1", "林晓雯", "", "2580")


class Station:
    """The other end of a desk's process: `do` calls a method of `_Desk` there and gives its answer."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(folder, theirs), daemon=True)
        self._process.start()
        theirs.close()

    def do(self, what: str, *arguments: object) -> Any:
        """Ask and wait; raises EOFError where the desk broke, which its process has told."""
        self.begin(what, *arguments)
        return self.end()

    def begin(self, what: str, *arguments: object) -> None:
        """Ask; the answer comes by `end`."""
        self._pipe.send((what, arguments))

    def end(self) -> Any:
        """The answer to what was asked by `begin`."""
        return self._pipe.recv()

    def close(self) -> None:
        """End the desk."""
        self._pipe.send(None)
        self._process.join()


@contextmanager
def stations(folder: Path, *names: str) -> Iterator[tuple[Station, ...]]:
    """Desks in folders of these names, until the end."""
    open_ones = tuple(Station(folder / name) for name in names)
    try:
        yield open_ones
    finally:
        for station in open_ones:
            station.close()


def _serve(folder: Path, pipe: Connection) -> None:
    gc.set_threshold(*GARBAGE_AFTER)
    desk = _Desk(folder)
    while asked := pipe.recv():
        what, arguments = asked
        pipe.send(getattr(desk, what)(*arguments))
    desk.close()


class _Watched(Store):
    """The product's store, with the moments (monotonic seconds) when something from the line was durable."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, bytes(32))
        self.moved = threading.Condition()
        self.emptied = self.read_to = 0.0
        self.loaded = [(0, 0.0)]
        """How many cases were here after each page of a first load, and when."""

    def acknowledge(self, feed: str, receipts: tuple[Receipt, ...]) -> None:
        super().acknowledge(feed, receipts)
        with self.moved:
            self.emptied = time.monotonic()
            self.moved.notify_all()

    def take(self, page: Pulled) -> None:
        super().take(page)
        with self.moved:
            self.read_to = time.monotonic()
            self.moved.notify_all()

    def take_states(self, page: Snapshot, at: int, is_load: bool) -> None:
        super().take_states(page, at, is_load)
        if is_load:
            cases = sum(each.stream.startswith("case/") for each in page.states)
            self.loaded.append((self.loaded[-1][0] + cases, time.monotonic()))


class _Desk:
    """What a desk can be asked for by its `Station`."""

    def __init__(self, folder: Path) -> None:
        self._store = _Watched(folder)
        self._private = Ed25519PrivateKey.generate()
        self._loop: SyncLoop | None = None
        self._online = threading.Event()
        self._durable: dict[str, float] = {}
        self._heard = threading.Condition()
        self._store.listen(self._note)

    def close(self) -> None:
        self.stop()
        self._store.close()

    def found(self, address: str, secret: str) -> Actor:
        """Found the shop; its administrator."""
        return found(self._store, system_clock, FOUNDING, partial(self._enter, address, secret))[1]

    def join(self, address: str, secret: str) -> None:
        """Join the shop."""
        join(self._store, system_clock, "Window 2", partial(self._enter, address, secret))

    def _enter(self, address: str, secret: str, desk: str, name: str) -> Welcome:
        public = self._private.public_key().public_bytes_raw().hex()
        with closing(Client(address, "")) as client:
            joined = client.join(JoinCode(address, b"", secret), desk, name, public)
        self._line = partial(Client, address, joined.token)
        return Welcome(joined.block, joined.store, joined.feeds, address, public)

    def invite(self) -> str:
        """A secret for one more desk."""
        with closing(self._line()) as client:
            return client.invite()

    def fill(self, mark: str, amount: int, by: Actor) -> None:
        """Do acts that leave so many entries of about `WIDE` bytes."""
        every = told(mark, amount, WIDE)
        while some := list(islice(every, AN_ACT)):
            self._store.act(partial(_add_all, some), by, system_clock()).result()

    def by_entries(self) -> None:
        """Read every feed from its first entry, however long it is."""
        loading.LONG_FEED = sys.maxsize

    def start(self) -> float:
        """Begin to sync; the moment."""
        assert self._store.identity
        began = time.monotonic()
        sign = partial(signed, self._private.private_bytes_raw())
        self._loop = SyncLoop(self._store, self._line, system_clock, self._told, sign)
        self._loop.start()
        return began

    def _told(self, state: SyncState) -> None:
        (self._online.set if state.line == "online" else self._online.clear)()

    def _note(self, changes: Changes) -> None:
        if self._loop:
            self._loop.poke()
        now = time.monotonic()
        with self._heard:
            self._durable.update(dict.fromkeys(changes.streams, now))
            self._heard.notify_all()

    def stop(self) -> None:
        """Sync no more."""
        if self._loop:
            self._loop.stop()
        self._loop = None

    def online(self) -> None:
        """Wait until all is said that there was to say."""
        assert self._online.wait(SECONDS)

    def emptied(self) -> float:
        """Wait until nothing waits for the central service; the moment of the last acknowledgement."""
        with self._store.moved:
            assert self._store.moved.wait_for(lambda: not self._store.waiting_count(), SECONDS)
            return self._store.emptied

    def read_to(self, place: int) -> float:
        """Wait until the store's feed is here up to a place; the moment."""
        assert self._store.identity
        feed = self._store.identity.store
        with self._store.moved:
            assert self._store.moved.wait_for(lambda: self._store.cursor(feed) >= place, SECONDS)
            return self._store.read_to

    def place(self) -> int:
        """The place up to which the store's feed is here."""
        assert self._store.identity
        return self._store.cursor(self._store.identity.store)

    def receive(self, waybill: str, by: Actor) -> float:
        """Receive a parcel; the moment when that was durable here."""
        Receiving(Desk(self._store, system_clock)).receive(waybill, by).result()
        return self.durable(waybill)

    def durable(self, waybill: str) -> float:
        """Wait until a parcel is known here durably; the moment."""
        stream = parcel_stream(waybill)
        with self._heard:
            assert self._heard.wait_for(lambda: stream in self._durable, SECONDS)
            return self._durable[stream]

    def can_work(self, oldest: str) -> float:
        """Wait until people and the newest cases are here, then fetch the case with this code; the moment."""
        with self._heard:
            assert self._heard.wait_for(self._shows_cases, SECONDS)
        with closing(self._line()) as client:
            (known,) = client.find(oldest)
            page = client.states(known.feed, (known.stream,))
        self._store.take_states(page, system_clock(), is_load=False)
        with self._store.read() as connection:
            assert queries.find_code(connection, oldest) == (known.stream, 1)
        return time.monotonic()

    def _shows_cases(self) -> bool:
        """Whether somebody can sign in, and the list's first page tells whose the cases are."""
        with self._store.read() as connection:
            named = [case for case in queries.cases(connection, "", 0, A_PAGE) if case.customer_name]
            return bool(queries.people(connection)) and len(named) == A_PAGE

    def scan(self, waybill: str, by: Actor) -> float:
        """Receive a parcel; the milliseconds to its durable commit."""
        began = time.perf_counter()
        Receiving(Desk(self._store, system_clock)).receive(waybill, by).result()
        return (time.perf_counter() - began) * 1000

    def loaded(self, cases: int) -> float:
        """The moment when so many cases were here by a first load; 0: not yet."""
        return next((moment for count, moment in self._store.loaded if count >= cases), 0.0)

    def cases(self) -> int:
        """How many cases the list has."""
        with self._store.read() as connection:
            return queries.count_cases(connection, "")

    def digest(self) -> str:
        """A hash over all confirmed states."""
        with self._store.read() as connection:
            rows = connection.exec_driver_sql("SELECT stream, confirmed FROM state ORDER BY stream")
            return hashlib.sha256(repr([tuple(row) for row in rows]).encode()).hexdigest()

    def rebuild(self) -> tuple[float, float]:
        """Write the look-up tables anew; the seconds that took, and those of them the search tables took."""
        search = _Stopwatch("search")
        began = time.perf_counter()
        self._store.rebuild()
        return time.perf_counter() - began, search.seconds


class _Stopwatch:
    """The seconds that statements with a word in them take, in all stores of this process from now on."""

    def __init__(self, word: str) -> None:
        self.seconds = 0.0
        self._word = word
        self._began = 0.0
        sqlalchemy.event.listen(sqlalchemy.Engine, "before_cursor_execute", self._before)
        sqlalchemy.event.listen(sqlalchemy.Engine, "after_cursor_execute", self._after)

    def _before(self, *_: object) -> None:
        self._began = time.perf_counter()

    def _after(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        if self._word in statement:
            self.seconds += time.perf_counter() - self._began


def _add_all(some: list[Told], act: Act) -> None:
    for stream, fact in some:
        act.add(stream, fact)
