"""What sync asks of a desk's encrypted files: which wait to be sent, which are missing, and their pieces."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Engine, Select, Update, select, update

from desk_app import files
from desk_app.storage import tables as t
from desk_app.storage.named import batched
from desk_app.storage.writer import Rank, Writer

NEWEST = 1000
"""How many of the newest files a desk fetches before anybody asks; older ones come when a page shows them."""


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file by its address, and the feed that names it."""

    address: str
    feed: str


class KeptFiles:
    """A desk's files in its data folder. One whose record was erased is on no list.

    Every method may be called from any thread.
    tell: called on the writer's thread with the streams of which a file has come.
    """

    def __init__(
        self, folder: Path, engines: tuple[Engine, Engine], writer: Writer, tell: Callable[[set[str]], None]
    ) -> None:
        self._folder = folder / "files"
        self._writing, self._reading = engines
        self._writer = writer
        self._tell = tell
        self._in_hand: set[str] = set()

    def keep(self, address: str, box: bytes) -> None:
        """Keep a file durably; raises OutsideError for a full or read-only disk."""
        files.keep(self._folder, address, box)

    def read(self, address: str) -> bytes | None:
        """The encrypted bytes; None where this desk does not have them."""
        return files.read(self._folder, address)

    def forget(self, address: str) -> None:
        """Remove what there is of a file."""
        files.forget(self._folder, address)

    @contextmanager
    def in_hand(self, addresses: Collection[str]) -> Iterator[None]:
        """While files are kept that no entry names yet: `tidy` leaves them alone."""
        self._in_hand |= set(addresses)
        try:
            yield
        finally:
            self._in_hand -= set(addresses)

    def tidy(self) -> None:
        """Remove files that no entry names, and find those that are gone or came without being noted."""
        there = set(files.names(self._folder))
        in_hand = set(self._in_hand)  # asked before the table: what is no longer in hand is in it by then
        with self._reading.begin() as connection:
            rows = connection.execute(select(t.file.c.address, t.file.c.here)).all()
        known = {row.address for row in rows}
        for address in there - known - in_hand:
            self.forget(address)
        whole = {address for address in there & known if files.size(self._folder, address)}
        self._note([row.address for row in rows if row.here and row.address not in whole], here=0)
        self._note([row.address for row in rows if not row.here and row.address in whole], here=1)

    def coming(self, addresses: Collection[str]) -> frozenset[str]:
        """Those of the files that are not on this desk yet and will be."""
        query = _readable(t.file.c.address).where(t.file.c.here == 0, t.file.c.address.in_(list(addresses)))
        with self._reading.begin() as connection:
            return frozenset(connection.execute(query).scalars())

    def to_send(self) -> tuple[ListedFile, ...]:
        """The files that the central service may not have, newest first."""
        query = _readable(t.file.c.address, t.file.c.feed).where(t.file.c.here == 1, t.file.c.at_central == 0)
        return self._listed(query)

    def to_fetch(self, wanted: Collection[str]) -> tuple[ListedFile, ...]:
        """The files that are missing among the wanted ones, or without any among the newest; newest first."""
        query = _readable(t.file.c.address, t.file.c.feed).where(t.file.c.here == 0)
        if wanted:
            return self._listed(query.where(t.file.c.address.in_(list(wanted))))
        newest = select(t.file.c.record).order_by(t.file.c.record.desc()).limit(NEWEST)
        return self._listed(query.where(t.file.c.record.in_(newest)))

    def sent(self, address: str) -> None:
        """Note that the central service has a file."""
        self._change([address], at_central=1)

    def size(self, address: str) -> int:
        """How large a file is; 0 where it was erased meanwhile."""
        return files.size(self._folder, address)

    def piece(self, address: str, start: int, most: int) -> bytes:
        """The bytes of a file from `start` on; empty where it was erased meanwhile."""
        return files.read_piece(self._folder, address, start, most)

    def begun(self, address: str) -> int:
        """How much of a missing file has come."""
        return files.begun(self._folder, address)

    def add(self, address: str, start: int, piece: bytes) -> bool:
        """Keep the next piece of a missing file durably; False where it was erased meanwhile.

        Raises OutsideError, such as `disk.full`.
        """
        if not self.coming([address]):
            return False
        files.add_piece(self._folder, address, start, piece)
        return True

    def finish(self, address: str) -> bool:
        """All pieces are here; whether they are the file. One that was erased meanwhile is thrown away."""
        is_right = files.finish(self._folder, address)
        if is_right:
            self._writer.do(Rank.SYNC, lambda: self._came(address)).result()
        return is_right

    def _came(self, address: str) -> None:
        with self._writing.begin() as connection:
            streams = set(connection.execute(_readable(t.file.c.stream, address=address)).scalars())
            connection.execute(_of([address]).values(here=1, at_central=1))
        if streams:
            self._tell(streams)
        else:
            self.forget(address)

    def _listed(self, query: Select[Any]) -> tuple[ListedFile, ...]:
        with self._reading.begin() as connection:
            rows = connection.execute(query.order_by(t.file.c.record.desc()))
            return tuple(ListedFile(*row) for row in rows)

    def _note(self, addresses: list[str], here: int) -> None:
        for some in batched(addresses):
            self._change(some, here=here)

    def _change(self, addresses: list[str], **values: int) -> None:
        def work() -> None:
            with self._writing.begin() as connection:
                connection.execute(_of(addresses).values(**values))

        self._writer.do(Rank.SYNC, work).result()


def _readable(*columns: Column[Any], address: str = "") -> Select[Any]:
    """Columns of the files whose keys are here, or of the one at an address."""
    query = select(*columns).join(t.record, t.record.c.id == t.file.c.record)
    return query.where(t.file.c.address == address) if address else query


def _of(addresses: list[str]) -> Update:
    return update(t.file).where(t.file.c.address.in_(addresses))
