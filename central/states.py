"""The folded states of streams, kept so that an entry can be judged without reading all those before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects.sqlite import insert

from central.tables import entry as entries
from central.tables import stream_state
from desk_app.domain.codes import done_at
from desk_app.domain.entries import Entry, Standing, Verdict
from desk_app.domain.folding import FOLD_VERSION, State, empty, fold_all, freeze, hash_of, thaw
from desk_app.errors import RuleError

_IN_FEED = (stream_state.c.feed == bindparam("of_feed")) & stream_state.c.stream.in_(
    bindparam("streams", expanding=True)
)
_STATES = select(stream_state).where(_IN_FEED)
_SETTLED = select(stream_state.c.stream, stream_state.c.frozen).where(
    _IN_FEED, stream_state.c.place + 0 <= bindparam("up_to"), stream_state.c.fold_version == FOLD_VERSION
)
"""`+ 0`: for without statistics SQLite takes the index of places, and with it reads all of a feed."""

_NEW = insert(stream_state)
_SAVE = _NEW.on_conflict_do_update(
    index_elements=["feed", "stream"],
    set_={name: _NEW.excluded[name] for name in ("fold_version", "place", "frozen", "done_at")},
)


@dataclass(frozen=True)
class Folded:
    """A stream's state and the place of the last entry that is folded into it; 0 before the first."""

    state: State
    place: int


def entry_of(body: bytes) -> Entry:
    """The entry whose canonical bytes these are."""
    return msgspec.json.decode(body, type=Entry)


def verdict_of(row: Any) -> Verdict:
    """The verdict in a row of the table `entry`."""
    return Verdict(Standing(row.standing), row.reason)


def load(connection: Connection, feed: str, streams: set[str]) -> dict[str, Folded]:
    """The states of streams; a stream without entries has its empty state."""
    rows = connection.execute(_STATES, {"of_feed": feed, "streams": list(streams)})
    found = {row.stream: Folded(_state(connection, row), row.place) for row in rows.all()}
    return {stream: found.get(stream) or Folded(empty(stream), 0) for stream in streams}


def save(connection: Connection, feed: str, states: dict[str, Folded], at: int) -> None:
    """Keep states; at: the service's clock (µs UTC).

    Raises RuleError('push.malformed') for one that has no bytes (a sum beyond 64 bits).
    """
    rows = [
        {
            "feed": feed,
            "stream": stream,
            "fold_version": FOLD_VERSION,
            "place": folded.place,
            "frozen": _frozen(folded.state),
            "done_at": at if done_at(folded.state) else 0,
        }
        for stream, folded in states.items()
    ]
    if rows:
        connection.execute(_SAVE, rows)


def look_up(connection: Connection, feeds: tuple[str, ...], stream: str) -> State:
    """The state of a stream in whichever of the feeds it lives; raises RuleError('stream.unknown')."""
    place = stream_state.c.feed.in_(feeds) & (stream_state.c.stream == stream)
    feed = connection.execute(select(stream_state.c.feed).where(place)).scalars().first()
    if feed is None:
        raise RuleError("stream.unknown")
    return load(connection, feed, {stream})[stream].state


def hashes(connection: Connection, feed: str, streams: set[str], up_to: int) -> dict[str, str]:
    """The hash of the state of each stream that has no entry behind the place `up_to`."""
    rows = connection.execute(_SETTLED, {"of_feed": feed, "streams": list(streams), "up_to": up_to})
    return {row.stream: hash_of(row.frozen) for row in rows}


def current(connection: Connection, row: Any) -> bytes:
    """The bytes of the state in a row of `stream_state`, as this version folds it."""
    if row.fold_version == FOLD_VERSION:
        frozen: bytes = row.frozen
        return frozen
    return freeze(_fold_anew(connection, row.feed, row.stream))


def _state(connection: Connection, row: Any) -> State:
    if row.fold_version == FOLD_VERSION:
        return thaw(row.stream, row.frozen)
    return _fold_anew(connection, row.feed, row.stream)


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
