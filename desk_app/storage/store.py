"""The desk's store: acts are decided and committed durably by one writer thread; reads never wait for it."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import TypeVar

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from desk_app import files, sabotage
from desk_app.changes import Changes, Origin
from desk_app.clock import DAY
from desk_app.domain.batches import KEPT_DAYS, Load, Pulled, Push, Receipt, Seen, Snapshot
from desk_app.domain.people import Actor
from desk_app.engine import check_writable, checkpoint, open_engine, wipe_traces
from desk_app.errors import OutsideError
from desk_app.storage import inbox, journal, leaving, lookups, projecting, sealed_records, slices, snapshot
from desk_app.storage import tables as t
from desk_app.storage.act import Act, Identity
from desk_app.storage.kept import KeptFiles
from desk_app.storage.migrations import migrate
from desk_app.storage.writer import Rank, Writer

log = logging.getLogger(__name__)
T = TypeVar("T")
Listener = Callable[[Changes], None]
FILE = "desk.db"

A_SLICE = 20
"""How many entries, or states, one transaction takes while somebody works.

Measured on two cores: about 4 ms, whatever the size, then 75 µs an entry and the commit; so 20 are 5 to 6 ms,
where a page of 500 is 30 to 50 ms, and fewer would mostly cost more transactions.
"""

RECENT = 5.0
"""For how many seconds after an act sync comes in slices."""

CHECKPOINT_EVERY = 50
"""After how many small transactions, such as an act or a slice, the log goes into the file.

A scan writes 12 pages of 4 KiB into the log, a slice 44. Measured on a file of 1.3 GB while a feed came in
slices: 50 of them go into the file within 11 ms, 19 ms at p99, with both syncs.
"""

LONGEST_LOG = 10_000
"""At how many pages of 4 KiB a commit writes the log into the file itself, as nobody came to it before."""


class Store:
    """One desk's journal and look-up tables in an encrypted file.

    folder: the data folder; key: 32 bytes; module: another DB-API driver (the power-loss tests);
    now: seconds of a clock that only goes on.
    Raises OutsideError where the folder, the disk or the key does not do.
    """

    def __init__(
        self,
        folder: Path,
        key: bytes,
        module: ModuleType | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        check_writable(folder)
        self.folder = folder
        self._now, self._acted_at = now, -math.inf
        self._engine = open_engine(folder / FILE, key, module=module, longest_log=LONGEST_LOG)
        with self._engine.begin() as connection:
            migrate(connection)
            _refold_if_newer(connection)
            self._identity = _identity(connection)
        self._wipe()
        self._reading = open_engine(folder / FILE, key, read_only=True, module=module)
        self._writer = Writer(self._checkpoint, CHECKPOINT_EVERY)
        self._listeners: list[Listener] = []
        self.files = KeptFiles(folder, (self._engine, self._reading), self._writer, self._file_came)

    def close(self) -> None:
        """Finish what is queued and close the file."""
        self._writer.stop()
        self._reading.dispose()
        self._engine.dispose()

    @property
    def identity(self) -> Identity | None:
        """Which desk this is; None before it was founded or joined."""
        return self._identity

    def begin(self, identity: Identity, feeds: tuple[str, ...], decide: Callable[[Act], T], at: int) -> T:
        """Take on a desk's identity and its feeds, and do its first act, as one transaction."""

        def write() -> T:
            with self._engine.begin() as connection:
                for name, value in identity.values():
                    connection.execute(t.meta.insert().values(key=name, value=value))
                for feed in feeds:
                    connection.execute(t.cursor.insert().values(feed=feed, place=0, last_number=0))
                act = Act(connection, identity, "", at)
                answer = decide(act)
                act.finish()
                return answer

        answer = self._writer.do(Rank.ACT, write).result()
        self._identity = identity
        return answer

    def listen(self, listener: Listener) -> None:
        """Call `listener` with the Changes of every commit, on the writer's thread."""
        self._listeners.append(listener)

    def act(self, decide: Callable[[Act], T], by: Actor, at: int) -> Future[T]:
        """Decide and commit one act of a person; the Future is done after the durable commit.

        decide: reads states through the `Act`, adds facts, returns the answer, or raises RuleError and then
        nothing is written. at: desk time in microseconds UTC.
        """
        self._acted_at = self._now()
        return self._writer.do(Rank.ACT, lambda: self._commit(decide, by, at))

    def _commit(self, decide: Callable[[Act], T], by: Actor, at: int) -> T:
        if self._identity is None:
            raise RuntimeError("a store without identity takes no acts")
        with self._engine.begin() as connection:
            act = Act(connection, self._identity, by.person, at)
            answer = decide(act)
            touched = act.finish()
            sabotage.stop_point("act.decided")
        sabotage.stop_point("act.committed")
        self._after(touched, act.erases, Origin.ACT)
        return answer

    def _after(self, touched: set[str], erases: bool, origin: Origin) -> None:
        if erases:
            self._wipe()
        if touched:
            changes = Changes(frozenset(touched), origin)
            for listener in self._listeners:
                listener(changes)

    def _file_came(self, streams: set[str]) -> None:
        self._after(streams, False, Origin.SYNC)

    def _wipe(self) -> None:
        with self._engine.begin() as connection:
            for path in filter(_remove, sealed_records.forgotten_papers(connection)):
                connection.execute(delete(t.paper).where(t.paper.c.path == path))
            for address in sealed_records.forgotten_files(connection):
                files.forget(self.folder / "files", address)
                connection.execute(delete(t.file).where(t.file.c.address == address))
        try:
            wipe_traces(self._engine)
        except OutsideError:
            log.warning("old pages are still read by somebody; they are wiped at the next start")

    def _checkpoint(self) -> None:
        try:
            checkpoint(self._engine)
        except OutsideError as failure:
            log.warning("the log of the store's file grows on for now: %s", failure.code)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one moment of the store; for `storage.queries` only."""
        with self._reading.begin() as connection:
            yield connection

    def rebuild(self) -> None:
        """Write all states and look-up tables anew from the journal."""

        self._sync(projecting.rebuild)

    def keep_paper(self, stream: str, path: Path) -> None:
        """Remember that a paper about this stream lies at `path`, so that an erasure takes it too."""

        def write() -> None:
            with self._engine.begin() as connection:
                statement = insert(t.paper).values(path=str(path), stream=stream)
                connection.execute(statement.on_conflict_do_nothing())

        self._writer.do(Rank.ACT, write).result()

    def feeds(self) -> tuple[str, ...]:
        """The feeds this desk holds."""
        return tuple(self.cursors())

    def cursor(self, feed: str) -> int:
        """The last place of the feed that is stored here."""
        return self.cursors()[feed]

    # What `desk_app.sync.exchange.Journal` asks for.

    def cursors(self) -> dict[str, int]:
        """The feeds this desk holds, each with its last place that is stored here."""
        with self.read() as connection:
            return journal.cursors(connection)

    def waiting_feeds(self) -> tuple[str, ...]:
        """The feeds with entries the central service has not acknowledged."""
        with self.read() as connection:
            return journal.waiting_feeds(connection)

    def waiting(self, feed: str, limit: int, after: int = 0) -> Push | None:
        """The entries that wait behind the number `after` with the records they name; None: there is none."""
        with self.read() as connection:
            entries = journal.waiting(connection, feed, limit, after)
            named = [name for entry in entries for name in entry.seals]
            records = sealed_records.travelling(connection, named)
        return Push(feed, entries, records) if entries else None

    def waiting_count(self) -> int:
        """How many entries the central service has not acknowledged."""
        with self.read() as connection:
            return journal.waiting_count(connection)

    def acknowledged(self) -> dict[str, int]:
        """For each feed: the last of this desk's numbers that the central service has acknowledged."""
        with self.read() as connection:
            return dict(connection.execute(select(t.cursor.c.feed, t.cursor.c.chain_number)).all())

    def chain(self, feed: str) -> bytes:
        """The head of this desk's chain in a feed, as far as the central service has acknowledged."""
        with self.read() as connection:
            return journal.chain(connection, feed)[1]

    def acknowledge(self, feed: str, receipts: tuple[Receipt, ...]) -> None:
        """Note durably that the central service has these entries."""
        identity = self._identity
        assert identity is not None

        def work(connection: Connection) -> set[str]:
            journal.acknowledge(connection, identity.desk, feed, receipts)
            return projecting.project(connection, snapshot.cover(connection, identity.desk, feed, receipts))

        self._after(self._sync(work), False, Origin.SYNC)

    def _sync(self, work: Callable[[Connection], T], amount: int = 1) -> T:
        """Do a piece of sync in one durable transaction, once no act of a person waits.

        amount: how many entries or states come with it.
        """

        def write() -> T:
            with self._engine.begin() as connection:
                return work(connection)

        return self._writer.do(Rank.SYNC, write, _weight(amount)).result()

    def _slice(self, amount: int) -> int:
        """How many of so many entries or states to write at once, as somebody works or does not."""
        return A_SLICE if self._now() - self._acted_at < RECENT else max(1, amount)

    def last_seen(self) -> dict[str, Seen]:
        """For each feed of which anything is here: the last entry in its order."""
        with self.read() as connection:
            return journal.last_seen(connection)

    def take(self, page: Pulled) -> None:
        """Store a page of a feed and move the cursor, durably; in slices while somebody works.

        Raises RuleError('push.forked', number=…) where another desk goes by this one's name.
        """
        for part in slices.of_page(page, self._slice(len(page.entries))):
            take = partial(self._take, part)
            self._writer.do(Rank.SYNC, take, _weight(len(part.entries))).result()

    def _take(self, page: Pulled) -> None:
        assert self._identity is not None
        with self._engine.begin() as connection:
            touched, changed = inbox.take(connection, self._identity.desk, page)
            touched |= projecting.project(connection, changed)
        erases = any(placed.entry.kind == "records.erased" for placed in page.entries)
        self._after(touched, erases, Origin.SYNC)

    def loads(self) -> dict[str, Load]:
        """For each feed how far it is loaded by states."""
        with self.read() as connection:
            return journal.loads(connection)

    def begin_load(self, feed: str, head: int, run: str) -> None:
        """Load what a feed has up to the place `head` by states, and the entries behind it as ever."""
        self._sync(lambda connection: snapshot.begin(connection, feed, head, run))

    def take_states(self, page: Snapshot, at: int, is_load: bool) -> None:
        """Store states that came instead of entries, durably; is_load: as the next page of a first load.

        at: desk time in µs UTC. In slices while somebody works; the load goes on with the last of them.
        """
        parts = tuple(slices.of_states(page, self._slice(len(page.states))))
        for part in parts:
            work = partial(self._take_states, page=part, at=at, is_load=is_load and part is parts[-1])
            touched, erases = self._sync(work, len(part.states))
            self._after(touched, erases, Origin.SYNC)

    def _take_states(
        self, connection: Connection, page: Snapshot, at: int, is_load: bool
    ) -> tuple[set[str], bool]:
        assert self._identity is not None
        touched, erases = snapshot.take(connection, page, at)
        if is_load:
            snapshot.go_on(connection, page.feed, page.up_to)
        touched = projecting.project(connection, touched)
        if is_load and not page.up_to:
            touched |= leaving.left_out(connection, self._identity.desk, page.feed)
        return touched, erases

    def wanted(self) -> dict[str, tuple[str, ...]]:
        """For each feed: streams of which only a part is here, some of them."""
        with self.read() as connection:
            return snapshot.wanted(connection)

    def not_there(self, streams: tuple[str, ...]) -> None:
        """The central service knows nothing more of these streams either."""
        self._sync(lambda connection: snapshot.forget_wanted(connection, streams))

    def let_go(self, at: int) -> bool:
        """Let some cases leave that have long been done with; whether there were any. at: µs UTC."""
        identity = self._identity
        assert identity is not None

        def work(connection: Connection) -> set[str]:
            leaving.mark(connection, at)
            before = at - KEPT_DAYS * DAY
            return leaving.let_go(connection, identity.desk, identity.block, before, at - DAY)

        gone = self._sync(work)
        self._after(gone, False, Origin.SYNC)
        return bool(gone)

    def outdated(self) -> tuple[str, ...]:
        """The feeds with states that another version of this program folded: they have to come anew."""
        with self.read() as connection:
            return snapshot.of_other_version(connection)

    def settle(self, epoch: str, numbers: dict[str, int], astray: tuple[str, ...]) -> None:
        """Note the central service's epoch; feeds whose order is another one now begin anew.

        numbers: the last of this desk's numbers each feed holds there. In another epoch all feeds begin anew.
        """
        self._writer.do(Rank.SYNC, lambda: self._settle(epoch, numbers, astray)).result()

    def _settle(self, epoch: str, numbers: dict[str, int], astray: tuple[str, ...]) -> None:
        assert self._identity is not None
        touched: set[str] = set()
        with self._engine.begin() as connection:
            if journal.note_epoch(connection, epoch):
                astray = tuple(numbers)
            for feed in astray:
                touched |= inbox.start_over(connection, self._identity.desk, feed, numbers.get(feed, 0))
            touched = projecting.project(connection, touched)
        self._after(touched, False, Origin.SYNC)


def _weight(amount: int) -> int:
    """How many small transactions one with so many entries or states is worth."""
    return max(1, amount // A_SLICE)


def _remove(path: str) -> bool:
    """Whether the paper is gone; one that a viewer holds open goes at the next start."""
    try:
        Path(path).unlink(missing_ok=True)
    except OSError:
        log.warning("a paper that has to be forgotten cannot be removed yet")
        return False
    return True


def _identity(connection: Connection) -> Identity | None:
    values = dict(connection.execute(select(t.meta.c.key, t.meta.c.value)).all())
    return Identity.read(values)


def _refold_if_newer(connection: Connection) -> None:
    """Look-up tables of another version are made and written anew."""
    version = lookups.version()
    stored = connection.execute(select(t.meta.c.value).where(t.meta.c.key == "fold_version")).scalar()
    if stored == version:
        return
    projecting.rebuild(connection)
    statement = insert(t.meta).values(key="fold_version", value=version)
    connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_={"value": version}))
