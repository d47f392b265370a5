"""Sealed records beside the journal: kept, opened, destroyed; and the files and papers that go with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
from sqlalchemy import BindParameter, Connection, bindparam, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from desk_app import vault
from desk_app.domain.batches import SealedRecord
from desk_app.domain.entries import Entry
from desk_app.domain.facts import KIND_OF, ItemPhotographed, RecordsErased
from desk_app.storage import tables as t
from desk_app.storage.named import batched

FOLLOWED = {KIND_OF[ItemPhotographed], KIND_OF[RecordsErased]}
"""The kinds of entries that ask for more than their fold."""

_AMONG_IDS: BindParameter[str] = bindparam("ids", expanding=True)
_RECORDS = select(t.record).where(t.record.c.id.in_(_AMONG_IDS))
_ERASED = select(t.erased.c.id).where(t.erased.c.id.in_(_AMONG_IDS))
_KEEP_RECORD = insert(t.record).on_conflict_do_nothing()


def keep(connection: Connection, records: Sequence[tuple[SealedRecord, str]]) -> None:
    """Store sealed records, each with the commitment it fits, unless they were erased."""
    for record, _ in records:
        if not record.key:
            destroy(connection, record.id)
    erased = {
        name
        for some in batched(record.id for record, _ in records)
        for name in connection.execute(_ERASED, {"ids": some}).scalars()
    }
    rows = [
        {**msgspec.structs.asdict(record), "commitment": commitment}
        for record, commitment in records
        if record.key and record.id not in erased
    ]
    if rows:
        connection.execute(_KEEP_RECORD, rows)


def open_one(connection: Connection, record: str) -> bytes | None:
    """The content of a sealed record; None where it was erased or has not come yet."""
    row = connection.execute(_RECORDS, {"ids": [record]}).one_or_none()
    if row is None:
        return None
    return vault.open_sealed(vault.Sealed(row.id, row.key, row.box, row.commitment))


def open_all(connection: Connection, ids: Iterable[str]) -> dict[str, bytes]:
    """The contents of those of the sealed records that are here and not erased."""
    found = {}
    for some in batched(filter(None, ids)):
        for row in connection.execute(_RECORDS, {"ids": some}):
            sealed = vault.Sealed(row.id, row.key, row.box, row.commitment)
            found[row.id] = vault.open_sealed(sealed)
    return found


def travelling(connection: Connection, ids: Iterable[str]) -> tuple[SealedRecord, ...]:
    """Sealed records as they travel; erased ones are left out."""
    return tuple(
        SealedRecord(row.id, row.stream, row.key, row.box)
        for some in batched(ids)
        for row in connection.execute(_RECORDS, {"ids": some})
    )


def of_stream(connection: Connection, stream: str) -> tuple[str, ...]:
    """Ids of the sealed records a stream has."""
    return tuple(connection.execute(select(t.record.c.id).where(t.record.c.stream == stream)).scalars())


def forget(connection: Connection, records: Iterable[str]) -> None:
    """Erase sealed records with the files whose keys they are and the papers of their streams."""
    for some in batched(records):
        streams = select(t.record.c.stream).where(t.record.c.id.in_(some))
        connection.execute(update(t.paper).where(t.paper.c.stream.in_(streams)).values(forgotten=1))
        connection.execute(delete(t.file).where(t.file.c.record.in_(some)))
        connection.execute(delete(t.record).where(t.record.c.id.in_(some)))


def destroy(connection: Connection, record: str) -> None:
    """Erase a sealed record and remember that it is erased."""
    connection.execute(delete(t.record).where(t.record.c.id == record))
    connection.execute(insert(t.erased).values(id=record).on_conflict_do_nothing())


def follow(connection: Connection, entry: Entry, here: bool = False) -> None:
    """What an entry asks for beside the fold: its file is remembered, the records it names are destroyed.

    here: whether the file was kept on this desk before.
    """
    if entry.kind not in FOLLOWED:
        return
    fact = entry.fact()
    if isinstance(fact, ItemPhotographed):
        file = {"address": fact.file, "record": fact.record, "feed": entry.feed, "stream": entry.stream}
        connection.execute(insert(t.file).values(**file, here=int(here)).on_conflict_do_nothing())
    if isinstance(fact, RecordsErased):
        _erase_named(connection, entry.stream, fact.records)


def _erase_named(connection: Connection, stream: str, named: tuple[str, ...]) -> None:
    """Destroy records of one stream; a stream's entry destroys nothing of another stream."""
    others = t.record.c.id.in_(named) & (t.record.c.stream != stream)
    foreign = set(connection.execute(select(t.record.c.id).where(others)).scalars())
    for record in named:
        if record not in foreign:
            destroy(connection, record)
    connection.execute(update(t.paper).where(t.paper.c.stream == stream).values(forgotten=1))


def forgotten_papers(connection: Connection) -> tuple[str, ...]:
    """Papers whose people were erased and whose files have to go."""
    return tuple(connection.execute(select(t.paper.c.path).where(t.paper.c.forgotten == 1)).scalars())


def forgotten_files(connection: Connection) -> tuple[str, ...]:
    """Addresses of the encrypted files whose records, and so whose keys, are destroyed."""
    query = select(t.file.c.address).join(t.erased, t.erased.c.id == t.file.c.record)
    return tuple(connection.execute(query).scalars())
