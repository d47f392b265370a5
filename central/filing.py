"""Photographs' encrypted files: they come and go in pieces, and vanish with the records that hold their keys.

A feed's files lie in a folder of its own. What lies at its address is whole and checked. A file is taken only
where an entry of the feed names it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from pathlib import Path

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from central.desks import KnownDesk
from central.storage import Storage
from central.tables import erased, file
from desk_app import files
from desk_app.domain.entries import Entry
from desk_app.domain.facts import ItemPhotographed
from desk_app.errors import RuleError
from desk_app.sync.wire import LARGEST_FILE, LARGEST_PIECE, MOST_FILES, FileHeld, FilesAsked, FilesHeld

PHOTOGRAPHED = "item.photographed"
ADDRESS = re.compile(r"[0-9a-f]{64}")


def note(connection: Connection, feed: str, entries: Iterable[Entry]) -> None:
    """Expect the files that entries name; not those of records that were erased before."""
    facts = [entry.fact() for entry in entries if entry.kind == PHOTOGRAPHED]
    taken = [fact for fact in facts if isinstance(fact, ItemPhotographed) and ADDRESS.fullmatch(fact.file)]
    if not taken:
        return
    named = erased.c.id.in_([fact.record for fact in taken])
    gone = set(connection.scalars(select(erased.c.id).where(erased.c.feed == feed, named)))
    rows = [{"feed": feed, "address": fact.file, "record": fact.record} for fact in taken]
    wanted = [row for row in rows if row["record"] not in gone]
    if wanted:
        connection.execute(insert(file).on_conflict_do_nothing(), wanted)


def erase(connection: Connection, feed: str, records: Collection[str]) -> None:
    """From now on the files of these records are unknown; `remove_erased` takes them off the disk."""
    named = (file.c.feed == feed) & file.c.record.in_(records)
    connection.execute(update(file).where(named).values(gone=True))


def remove_erased(storage: Storage) -> None:
    """Remove what there is of files whose records were erased; on the thread of the files."""
    with storage.reader.begin() as connection:
        rows = connection.execute(select(file.c.feed, file.c.address).where(file.c.gone)).all()
    for row in rows:
        files.forget(_folder(storage, row.feed), row.address)


def tidy(storage: Storage) -> None:
    """At the start: finish what was cut short, an erasure or the note that a file is whole."""
    remove_erased(storage)
    with storage.writer.begin() as connection:
        connection.execute(delete(file).where(file.c.gone))
        for row in connection.execute(select(file.c.feed, file.c.address).where(file.c.size == 0)).all():
            if size := files.size(_folder(storage, row.feed), row.address):
                _note_size(connection, row.feed, row.address, size)


def held(storage: Storage, desk: KnownDesk, asked: FilesAsked) -> FilesHeld:
    """How much of each file is here.

    Raises RuleError('feed.not_yours') or RuleError('query.malformed') for too many addresses.
    """
    if len(asked.addresses) > MOST_FILES:
        raise RuleError("query.malformed")
    known = _known(storage, desk, asked.feed, asked.addresses)
    folder = _folder(storage, asked.feed)
    return FilesHeld({address: _held(folder, address) for address in asked.addresses if address in known})


def take(
    storage: Storage, desk: KnownDesk, feed: str, address: str, span: tuple[int, int], piece: bytes
) -> FileHeld:
    """Keep a piece of a file durably; the last one makes it whole, if it is what the address says.

    span: where the piece begins, and how large the file is. What is here already may come again.
    Raises RuleError: 'feed.not_yours', 'file.unknown', 'body.too_large', 'file.gap' for a piece that does not
    join what is here, 'file.wrong' where all pieces are another file, of which then nothing is kept.
    """
    start, size = span
    if size > LARGEST_FILE:
        raise RuleError("body.too_large", most=LARGEST_FILE)
    _expect(storage, desk, feed, address)
    folder = _folder(storage, feed)
    before = _held(folder, address)
    if before.size:
        return before
    if start > before.here:
        raise RuleError("file.gap")
    here = files.add_piece(folder, address, start, piece)
    if here < size:
        return FileHeld(here)
    if not files.finish(folder, address):
        raise RuleError("file.wrong")
    return _held(folder, address)


def note_whole(storage: Storage, feed: str, address: str, size: int) -> None:
    """Remember that all of a file is here; on the writer's thread."""
    with storage.writer.begin() as connection:
        _note_size(connection, feed, address, size)


def piece(
    storage: Storage, desk: KnownDesk, feed: str, address: str, span: tuple[int, int]
) -> tuple[bytes, int]:
    """Bytes of a whole file, at most `LARGEST_PIECE`, and how large it is; span: where to begin, how many.

    Raises RuleError('feed.not_yours'), or 'file.unknown' also where the file is not whole or ends before.
    """
    _expect(storage, desk, feed, address)
    folder, (start, most) = _folder(storage, feed), span
    size = files.size(folder, address)
    found = files.read_piece(folder, address, start, min(most, LARGEST_PIECE))
    if not found:
        raise RuleError("file.unknown")
    return found, size


def _expect(storage: Storage, desk: KnownDesk, feed: str, address: str) -> None:
    if not _known(storage, desk, feed, [address]):
        raise RuleError("file.unknown")


def _known(storage: Storage, desk: KnownDesk, feed: str, addresses: Collection[str]) -> set[str]:
    """Those of the addresses that an entry of the feed names and whose records were not erased."""
    if feed not in desk.feeds:
        raise RuleError("feed.not_yours")
    named = (file.c.feed == feed) & file.c.address.in_(addresses)
    with storage.reader.begin() as connection:
        return set(connection.scalars(select(file.c.address).where(named, ~file.c.gone)))


def _held(folder: Path, address: str) -> FileHeld:
    size = files.size(folder, address)
    return FileHeld(size or files.begun(folder, address), size)


def _note_size(connection: Connection, feed: str, address: str, size: int) -> None:
    here = (file.c.feed == feed) & (file.c.address == address)
    connection.execute(update(file).where(here).values(size=size))


def _folder(storage: Storage, feed: str) -> Path:
    return storage.files / feed.replace("/", "-")
