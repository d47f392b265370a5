"""Entries in and out of the journal, and the states that follow; all inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import BindParameter, Connection, Select, bindparam, exists, func, select, update
from sqlalchemy.dialects.sqlite import insert

from desk_app.domain.batches import Load, Receipt, Seen
from desk_app.domain.entries import Entry, EntryId, Standing, Verdict, canonical
from desk_app.domain.folding import State, empty, fold, freeze, thaw
from desk_app.signatures import grown
from desk_app.storage import sealed_records
from desk_app.storage import tables as t
from desk_app.storage.named import batched

Row = tuple[Entry, Verdict | None]
WAITING_ORDER = (t.entry.c.acknowledged.desc(), t.entry.c.number)
"""What the central service has, or had before it was put back to an older copy, comes before the rest."""

# Built once: for a small statement that takes longer than to carry it out.
_AT_FEED = t.cursor.c.feed == bindparam("at_feed")
_AMONG_STREAMS: BindParameter[str] = bindparam("streams", expanding=True)
_STATE = select(t.state).where(t.state.c.stream == bindparam("stream"))
_CONFIRMED = select(t.state.c.stream, t.state.c.place, t.state.c.confirmed).where(
    t.state.c.stream.in_(_AMONG_STREAMS)
)
_SEEN = func.coalesce(t.state.c.visible, t.state.c.confirmed).label("seen")
_VISIBLE = select(t.state.c.stream, _SEEN).where(t.state.c.stream.in_(_AMONG_STREAMS))
_FOLDED = ("feed", "place", "confirmed", "visible")
_KEEP = insert(t.state)
_KEEP = _KEEP.on_conflict_do_update(
    index_elements=["stream"], set_={name: _KEEP.excluded[name] for name in _FOLDED}
)
_APPEND = t.entry.insert()
_WITHOUT_PLACE = (
    select(t.entry.c.stream, t.entry.c.body)
    .where(t.entry.c.place.is_(None), t.entry.c.stream.in_(_AMONG_STREAMS))
    .order_by(*WAITING_ORDER)
)
_PLACED = (
    select(t.entry.c.stream, t.entry.c.place, t.entry.c.body, t.entry.c.standing, t.entry.c.reason)
    .where(t.entry.c.place > 0, t.entry.c.stream.in_(_AMONG_STREAMS))
    .order_by(t.entry.c.stream, t.entry.c.place)
)
_BASES = select(t.base).where(t.base.c.stream.in_(_AMONG_STREAMS), t.base.c.place > 0)
_OUTLIVED = select(t.base).where(t.base.c.stream.in_(_AMONG_STREAMS), t.base.c.place == 0)
_WANTED = select(t.wanted.c.stream).where(t.wanted.c.stream.in_(_AMONG_STREAMS))
_BODIES = (
    select(t.entry.c.number, t.entry.c.body)
    .where(t.entry.c.feed == bindparam("feed"), t.entry.c.desk == bindparam("desk"))
    .where(t.entry.c.number.between(bindparam("first"), bindparam("last")))
    .order_by(t.entry.c.number)
)
_NEXT_NUMBER = (
    update(t.cursor)
    .where(_AT_FEED)
    .values(last_number=t.cursor.c.last_number + 1)
    .returning(t.cursor.c.last_number)
)
_WAITING = (
    select(t.entry.c.body)
    .where(t.entry.c.feed == bindparam("feed"), t.entry.c.acknowledged == 0)
    .where(t.entry.c.number > bindparam("after"))
    .order_by(t.entry.c.number)
    .limit(bindparam("most"))
)
_FEEDS = select(t.cursor.c.feed)
_WAITING_COUNT = (  # the feeds are named, so that the index finds what waits among all that does not
    select(func.count()).where(t.entry.c.feed.in_(_FEEDS), t.entry.c.acknowledged == 0)
)
_WAITING_FEEDS = _FEEDS.where(
    exists().where(t.entry.c.feed == t.cursor.c.feed, t.entry.c.acknowledged == 0)
).order_by(t.cursor.c.feed)
_ACKNOWLEDGE = (
    update(t.entry)
    .where(t.entry.c.feed == bindparam("of_feed"), t.entry.c.desk == bindparam("of_desk"))
    .where(t.entry.c.number.between(bindparam("first"), bindparam("last")))
    .values(acknowledged=1, standing=bindparam("told_standing"), reason=bindparam("told_reason"))
)
_CURSORS = select(t.cursor.c.feed, t.cursor.c.place).order_by(t.cursor.c.feed)
_CHAIN = select(t.cursor.c.chain_number, t.cursor.c.chain).where(_AT_FEED)
_MOVE_CHAIN = update(t.cursor).where(_AT_FEED).values(chain_number=bindparam("last"), chain=bindparam("head"))


class Held(NamedTuple):
    """A stream's state as the home order has it, and the place of the last entry it counts; 0 for none."""

    place: int
    state: State


@dataclass(frozen=True, slots=True)
class States:
    """A stream's home feed, what is held of it, and that with what still waits on top."""

    feed: str
    held: Held
    visible: State

    @property
    def confirmed(self) -> State:
        return self.held.state


def states(connection: Connection, stream: str) -> States | None:
    """The stored states of a stream; None for a stream without entries here."""
    row = connection.execute(_STATE, {"stream": stream}).one_or_none()
    if row is None:
        return None
    confirmed = thaw(stream, row.confirmed)
    seen = confirmed if row.visible is None else thaw(stream, row.visible)
    return States(row.feed, Held(row.place, confirmed), seen)


def visible(connection: Connection, stream: str) -> State:
    """What a person sees of a stream; the empty state where nothing is known."""
    known = states(connection, stream)
    return known.visible if known else empty(stream)


def keep_all(connection: Connection, new: dict[str, States]) -> dict[str, bytes]:
    """Store the states of many streams; returns the visible ones as they are stored."""
    rows = [_row(stream, each) for stream, each in new.items()]
    if rows:
        connection.execute(_KEEP, rows)
    return {row["stream"]: row["visible"] or row["confirmed"] for row in rows}


def _row(stream: str, each: States) -> dict[str, Any]:
    confirmed = freeze(each.confirmed)
    seen = confirmed if each.visible is each.confirmed else freeze(each.visible)
    held = {"feed": each.feed, "place": each.held.place, "confirmed": confirmed}
    return {"stream": stream, **held, "visible": None if seen == confirmed else seen}


def held(connection: Connection, streams: Iterable[str]) -> dict[str, Held]:
    """What is held of those of the streams that are here."""
    return {
        row.stream: Held(row.place, thaw(row.stream, row.confirmed))
        for some in batched(streams)
        for row in connection.execute(_CONFIRMED, {"streams": some})
    }


def visible_states(connection: Connection, streams: Iterable[str]) -> dict[str, State]:
    """What a person sees of those of the streams that are here."""
    return {stream: thaw(stream, frozen) for stream, frozen in visible_stored(connection, streams).items()}


def visible_stored(connection: Connection, streams: Iterable[str]) -> dict[str, bytes]:
    """The same as it is stored: equal where nothing else is seen."""
    return {
        row.stream: row.seen
        for some in batched(streams)
        for row in connection.execute(_VISIBLE, {"streams": some})
    }


def waiting_in(connection: Connection, streams: Iterable[str]) -> dict[str, list[Entry]]:
    """For each of the streams that has entries without a place: these, in the order they show in."""
    found: dict[str, list[Entry]] = {}
    for some in batched(streams):
        for row in connection.execute(_WITHOUT_PLACE, {"streams": some}):
            found.setdefault(row.stream, []).append(decode(row.body))
    return found


def bodies(
    connection: Connection, desk: str, feed: str, first: int, last: int
) -> Iterable[tuple[int, bytes]]:
    """Number and canonical bytes of a desk's entries in a feed, from one number to another, in order."""
    span = {"feed": feed, "desk": desk, "first": first, "last": last}
    return [(row.number, row.body) for row in connection.execute(_BODIES, span)]


def next_number(connection: Connection, feed: str) -> int:
    """The desk's next running number in a feed; taken with the transaction that uses it."""
    return int(connection.execute(_NEXT_NUMBER, {"at_feed": feed}).scalar_one())


def append(connection: Connection, entry: Entry) -> None:
    """Store an entry of this desk, which waits for its place, and fold it into what is visible."""
    row = {"feed": entry.feed, "desk": entry.desk, "number": entry.number, "stream": entry.stream}
    connection.execute(_APPEND, {**row, "body": canonical(entry)})
    known = states(connection, entry.stream)
    here = known.held if known else Held(0, empty(entry.stream))
    seen = fold(known.visible if known else here.state, entry)
    keep_all(connection, {entry.stream: States(entry.feed, here, seen)})
    sealed_records.follow(connection, entry, here=True)


def folded_from_scratch(connection: Connection, streams: Collection[str]) -> dict[str, Held]:
    """What the home order gives, from the first entry or the base; nothing of what came without either."""
    found = {stream: Held(0, empty(stream)) for stream in streams} | bases(connection, streams)
    for some in batched(found.keys() - wanted_among(connection, streams)):
        rows = connection.execute(_PLACED, {"streams": some}).all()
        for stream, following in groupby(rows, itemgetter(0)):
            found[stream] = _followed(found[stream], following)
    return found


def _followed(before: Held, rows: Iterable[tuple[str, int, bytes, str, str]]) -> Held:
    """What is held after the rows (stream, place, body, standing, reason) of one stream, in their order."""
    place, state = before
    for _, at, body, standing, reason in rows:
        if at > place:
            place, state = at, fold(state, decode(body), _verdict(standing, reason))
    return Held(place, state)


def bases(connection: Connection, streams: Iterable[str]) -> dict[str, Held]:
    """The states those of the streams came with that came so."""
    return _thawed(connection, _BASES, streams)


def _thawed(connection: Connection, query: Select[Any], streams: Iterable[str]) -> dict[str, Held]:
    """Bases; one that another version wrote so that this one cannot read it is as if it were not here."""
    found = {}
    for some in batched(streams):
        for row in connection.execute(query, {"streams": some}):
            with suppress(msgspec.ValidationError):
                found[row.stream] = Held(row.place, thaw(row.stream, row.frozen))
    return found


def show(connection: Connection, feeds: Mapping[str, str], held: Mapping[str, Held]) -> dict[str, bytes]:
    """Keep what is held of streams, with what waits on top; returns what shows, as it is stored.

    feeds: the home feed of each. Where nothing is held, as the order is another one now, what waits comes on
    top of the state that had come before, until another one comes.
    """
    waiting = waiting_in(connection, held)
    outlived = _thawed(connection, _OUTLIVED, [stream for stream, each in held.items() if not each.place])
    new = {}
    for stream, each in held.items():
        below = outlived.get(stream, each).state
        new[stream] = States(feeds[stream], each, on_top(below, waiting.get(stream, ())))
    return keep_all(connection, new)


def wanted_among(connection: Connection, streams: Iterable[str]) -> set[str]:
    """Those of the streams of which only later entries are here."""
    return {
        stream
        for some in batched(streams)
        for stream in connection.execute(_WANTED, {"streams": some}).scalars()
    }


@cache
def _verdict(standing: str, reason: str) -> Verdict:
    return Verdict(Standing(standing), reason)


def on_top(state: State, waiting: Iterable[Entry]) -> State:
    """A state with what still waits folded on top."""
    for entry in waiting:
        state = fold(state, entry)
    return state


def from_scratch(connection: Connection, stream: str) -> State:
    """The state the home order gives, folded from the first entry."""
    return folded_from_scratch(connection, [stream])[stream].state


def decode(body: bytes) -> Entry:
    """The entry that `canonical` wrote."""
    return msgspec.json.decode(body, type=Entry)


def waiting(connection: Connection, feed: str, limit: int, after: int) -> tuple[Entry, ...]:
    """The feed's entries behind a number that were not acknowledged, in the desk's order."""
    bodies = connection.execute(_WAITING, {"feed": feed, "most": limit, "after": after}).scalars()
    return tuple(decode(body) for body in bodies)


def waiting_count(connection: Connection) -> int:
    """How many entries wait, over all feeds."""
    return int(connection.execute(_WAITING_COUNT).scalar_one())


def waiting_feeds(connection: Connection) -> tuple[str, ...]:
    """The feeds in which something waits."""
    return tuple(connection.execute(_WAITING_FEEDS).scalars())


def cursors(connection: Connection) -> dict[str, int]:
    """For each feed the last place that is stored here."""
    return {row.feed: row.place for row in connection.execute(_CURSORS)}


def loads(connection: Connection) -> dict[str, Load]:
    """For each feed how far it is loaded by states."""
    query = select(t.cursor.c.feed, t.cursor.c.loaded_to, t.cursor.c.load_from)
    return {row.feed: Load(row.loaded_to, row.load_from) for row in connection.execute(query)}


def acknowledge(connection: Connection, desk: str, feed: str, receipts: Sequence[Receipt]) -> None:
    """Note that the central service has these entries; their place comes with the next pull."""
    ours = {"of_feed": feed, "of_desk": desk}
    connection.execute(_ACKNOWLEDGE, [{**ours, **span} for span in _spans(receipts)])
    lengthen_chain(connection, desk, feed, max(each.number for each in receipts))


def _spans(receipts: Sequence[Receipt]) -> Iterator[dict[str, Any]]:
    """The receipts in runs of numbers without a gap that have one verdict."""
    ordered = enumerate(sorted(receipts, key=lambda each: each.number))
    for (verdict, _), run in groupby(ordered, key=lambda at: (at[1].verdict, at[1].number - at[0])):
        numbers = [each.number for _, each in run]
        told = {"told_standing": verdict.standing.value, "told_reason": verdict.reason}
        yield {"first": numbers[0], "last": numbers[-1], **told}


def lengthen_chain(connection: Connection, desk: str, feed: str, last: int) -> None:
    """The central service has this desk's entries of a feed up to the number `last`; it may be known."""
    number, head = chain(connection, feed)
    if last > number:
        head = grown(head, (body for _, body in bodies(connection, desk, feed, number + 1, last)))
        connection.execute(_MOVE_CHAIN, {"at_feed": feed, "last": last, "head": head})


def chain(connection: Connection, feed: str) -> tuple[int, bytes]:
    """The last of this desk's numbers the central service has, and the head of the chain up to it."""
    row = connection.execute(_CHAIN, {"at_feed": feed}).one()
    return row.chain_number, row.chain


def last_seen(connection: Connection) -> dict[str, Seen]:
    """For each feed of which anything is here: the entry at the cursor, nameless where it came in a state."""
    at_cursor = (t.entry.c.feed == t.cursor.c.feed) & (t.entry.c.place == t.cursor.c.place)
    ends = select(t.cursor.c.feed, t.cursor.c.place, t.entry.c.desk, t.entry.c.number, t.cursor.c.run)
    rows = connection.execute(ends.outerjoin_from(t.cursor, t.entry, at_cursor).where(t.cursor.c.place > 0))
    return {row.feed: Seen(row.place, row.desk or "", row.number or 0, row.run) for row in rows}


def contests(connection: Connection) -> tuple[EntryId, ...]:
    """The entries whose permission does not stand."""
    query = select(t.entry.c.feed, t.entry.c.desk, t.entry.c.number)
    rows = connection.execute(query.where(t.entry.c.standing == Standing.CONTESTED.value))
    return tuple(EntryId(*row) for row in rows)


def note_epoch(connection: Connection, epoch: str) -> bool:
    """Keep the central service's epoch; whether it is another one than before."""
    known = connection.execute(select(t.meta.c.value).where(t.meta.c.key == "epoch")).scalar()
    statement = insert(t.meta).values(key="epoch", value=epoch)
    connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_={"value": epoch}))
    return known is not None and known != epoch
