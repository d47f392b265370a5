"""A first load: the folded states of streams instead of all their entries, the last changed first.

What happened after a desk began to load comes to it as entries, and says of which streams there is more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Select, select

from central.desks import KnownDesk
from central.erasing import in_parts
from central.reading import how_many_fit
from central.states import current
from central.storage import Storage
from central.tables import feed as feeds
from central.tables import record, stream_state
from desk_app.clock import DAY
from desk_app.domain.folding import FOLD_VERSION
from desk_app.errors import RuleError
from desk_app.sync.wire import (
    KEPT_DAYS,
    LARGEST_BODY,
    MOST_STATES,
    FrozenState,
    SealedRecord,
    Snapshot,
    StatesAsked,
)

PAST = "0"  # the character after the slash
_PLACE = stream_state.c.place + 0
"""The place in statements that name streams: by the index of places SQLite would read the whole feed."""


def page(
    storage: Storage, desk: KnownDesk, feed: str, up_to: int, limit: int, kind: str, at: int
) -> Snapshot:
    """States whose last entry is at a place or before it, from there downwards; `up_to` leads on, 0 ends.

    kind: of the streams, such as `person`; empty for all. What is done with for `KEPT_DAYS` is left out;
    at: the service's clock (µs UTC).
    Raises RuleError('feed.not_yours').
    """
    is_recent = (stream_state.c.done_at == 0) | (stream_state.c.done_at > at - KEPT_DAYS * DAY)
    place = _PLACE if kind else stream_state.c.place
    here = select(stream_state).where(stream_state.c.feed == feed, place <= up_to, is_recent)
    if kind:
        here = here.where(stream_state.c.stream >= f"{kind}/", stream_state.c.stream < f"{kind}{PAST}")
    chosen = here.order_by(place.desc()).limit(limit)
    return _snapshot(storage, desk, feed, chosen, limit)


def named(storage: Storage, desk: KnownDesk, asked: StatesAsked) -> Snapshot:
    """The states of streams, as far as they are there and fit: at least one of them.

    Raises RuleError('feed.not_yours') or RuleError('query.malformed') for too many.
    """
    if len(asked.streams) > MOST_STATES:
        raise RuleError("query.malformed")
    among = stream_state.c.stream.in_(asked.streams)
    chosen = select(stream_state).where(stream_state.c.feed == asked.feed, among)
    return _snapshot(storage, desk, asked.feed, chosen.order_by(_PLACE.desc()), MOST_STATES)


def _snapshot(storage: Storage, desk: KnownDesk, feed: str, chosen: Select[Any], most: int) -> Snapshot:
    if feed not in desk.feeds:
        raise RuleError("feed.not_yours")
    with storage.reader.begin() as connection:
        rows = connection.execute(chosen).all()
        records = _records(connection, feed, [row.stream for row in rows])
        weights = [len(row.frozen) * 4 // 3 + _weight(records.get(row.stream, ())) for row in rows]
        some = rows[: how_many_fit(weights, LARGEST_BODY)]
        head = connection.execute(select(feeds.c.head).where(feeds.c.feed == feed)).scalar_one()
        states = [FrozenState(row.stream, row.place, current(connection, row)) for row in some]
    is_end = len(some) == len(rows) < most
    return Snapshot(
        feed,
        tuple(states),
        tuple(each for row in some for each in records.get(row.stream, ())),
        0 if is_end else some[-1].place - 1,
        FOLD_VERSION,
        storage.run,
        head,
    )


def _weight(records: Iterable[SealedRecord]) -> int:
    return sum(len(each.id) + len(each.stream) + len(each.box) * 4 // 3 for each in records)


def _records(connection: Connection, feed: str, streams: Sequence[str]) -> dict[str, list[SealedRecord]]:
    """The records of streams; those that were erased are no more."""
    found: dict[str, list[SealedRecord]] = {}
    for some in in_parts(streams):
        rows = connection.execute(select(record).where(record.c.feed == feed, record.c.stream.in_(some)))
        for row in rows:
            found.setdefault(row.stream, []).append(SealedRecord(row.id, row.stream, row.key, row.box))
    return found
