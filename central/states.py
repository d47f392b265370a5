"""The folded states of streams, kept so that an entry can be judged without reading all those before it."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from central.tables import entry as entries
from central.tables import stream_state
from desk_app.domain.entries import Entry, Standing, Verdict
from desk_app.domain.folding import FOLD_VERSION, State, empty, fold_all, freeze, thaw
from desk_app.errors import RuleError


def entry_of(body: bytes) -> Entry:
    """The entry whose canonical bytes these are."""
    return msgspec.json.decode(body, type=Entry)


def verdict_of(row: Any) -> Verdict:
    """The verdict in a row of the table `entry`."""
    return Verdict(Standing(row.standing), row.reason)


def load(connection: Connection, feed: str, streams: set[str]) -> dict[str, State]:
    """The states of streams; a stream without entries has its empty state."""
    rows = connection.execute(
        select(stream_state).where(stream_state.c.feed == feed, stream_state.c.stream.in_(streams))
    )
    found = {
        row.stream: thaw(row.stream, row.frozen)
        if row.fold_version == FOLD_VERSION
        else _fold_anew(connection, feed, row.stream)
        for row in rows.all()
    }
    return {stream: found[stream] if stream in found else empty(stream) for stream in streams}


def save(connection: Connection, feed: str, states: dict[str, State]) -> None:
    """Keep states; raises RuleError('push.malformed') for one that has no bytes (a sum beyond 64 bits)."""
    statement = insert(stream_state)
    newer = {"fold_version": statement.excluded.fold_version, "frozen": statement.excluded.frozen}
    rows = [
        {"feed": feed, "stream": stream, "fold_version": FOLD_VERSION, "frozen": _frozen(state)}
        for stream, state in states.items()
    ]
    connection.execute(statement.on_conflict_do_update(index_elements=["feed", "stream"], set_=newer), rows)


def look_up(connection: Connection, feeds: tuple[str, ...], stream: str) -> State:
    """The state of a stream in whichever of the feeds it lives; raises RuleError('stream.unknown')."""
    place = stream_state.c.feed.in_(feeds) & (stream_state.c.stream == stream)
    feed = connection.execute(select(stream_state.c.feed).where(place)).scalars().first()
    if feed is None:
        raise RuleError("stream.unknown")
    return load(connection, feed, {stream})[stream]


def _fold_anew(connection: Connection, feed: str, stream: str) -> State:
    """A stream's state from scratch, for states of another version of the fold; stored verdicts stand."""
    rows = connection.execute(
        select(entries.c.body, entries.c.standing, entries.c.reason)
        .where(entries.c.feed == feed, entries.c.stream == stream)
        .order_by(entries.c.place)
    )
    return fold_all(stream, ((entry_of(row.body), verdict_of(row)) for row in rows))


def _frozen(state: State) -> bytes:
    try:
        return freeze(state)
    except OverflowError as error:
        raise RuleError("push.malformed") from error
