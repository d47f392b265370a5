"""Sealed records: kept until an entry says that they are to be destroyed, and never taken in again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from central import filing
from central.checks import is_erased
from central.tables import erased, record
from desk_app.domain.entries import Entry
from desk_app.domain.facts import RecordsErased
from desk_app.sync.wire import SealedRecord

T = TypeVar("T")

ERASED = "records.erased"
MOST_AT_ONCE = 500
"""How many ids one statement names; SQLite takes 32,766 values at most."""


def erase(connection: Connection, feed: str, entries: Iterable[Entry]) -> bool:
    """Destroy the records that the entries say are to be erased, and list them; whether there were any."""
    found = False
    for entry in entries:
        fact = entry.fact() if entry.kind == ERASED else None
        if isinstance(fact, RecordsErased):
            found = True
            _erase(connection, feed, entry.stream, fact.records)
    return found


def _erase(connection: Connection, feed: str, stream: str, ids: tuple[str, ...]) -> None:
    """Erase records of one stream; a stream's entry destroys nothing of another stream."""
    for some in in_parts(ids):
        here = (record.c.feed == feed) & record.c.id.in_(some)
        others = set(connection.scalars(select(record.c.id).where(here, record.c.stream != stream)))
        connection.execute(delete(record).where(here, record.c.stream == stream))
        rows = [{"feed": feed, "id": each} for each in some if each not in others]
        if rows:
            connection.execute(insert(erased).on_conflict_do_nothing(), rows)
            filing.erase(connection, feed, [row["id"] for row in rows])


def keep(connection: Connection, feed: str, records: Iterable[SealedRecord]) -> None:
    """Keep pushed records, except those on the erased list and those that come as erased."""
    for some in in_parts([each for each in records if not is_erased(each)]):
        gone = erased_among(connection, feed, [each.id for each in some])
        rows = [
            {"feed": feed, "id": each.id, "stream": each.stream, "key": each.key, "box": each.box}
            for each in some
            if each.id not in gone
        ]
        if rows:
            connection.execute(insert(record).on_conflict_do_nothing(), rows)


def erased_among(connection: Connection, feed: str, ids: list[str]) -> set[str]:
    """Which of the ids (at most `MOST_AT_ONCE`) are on the erased list."""
    return set(connection.scalars(select(erased.c.id).where(erased.c.feed == feed, erased.c.id.in_(ids))))


def in_parts(items: Iterable[T]) -> Iterator[list[T]]:
    """The items in lists of at most `MOST_AT_ONCE`."""
    rest = iter(items)
    while part := list(islice(rest, MOST_AT_ONCE)):
        yield part
