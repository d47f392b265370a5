"""Entries in and out of the journal, and the states that follow; all inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any, TypeVar

import msgspec
from sqlalchemy import BindParameter, Connection, bindparam, delete, exists, func, select, update
from sqlalchemy.dialects.sqlite import insert

from desk_app import vault
from desk_app.domain.batches import Receipt, SealedRecord, Seen
from desk_app.domain.entries import Entry, EntryId, Standing, Verdict, canonical
from desk_app.domain.facts import KIND_OF, ItemPhotographed, RecordsErased
from desk_app.domain.folding import State, empty, fold, fold_all, freeze, thaw
from desk_app.signatures import grown
from desk_app.storage import tables as t

N = TypeVar("N")
Row = tuple[Entry, Verdict | None]
MOST_NAMED = 5000
"""How many names one statement holds; SQLite takes 32,766 values at most."""

FOLLOWED = {KIND_OF[ItemPhotographed], KIND_OF[RecordsErased]}
"""The kinds of entries that ask for more than their fold."""

WAITING_ORDER = (t.entry.c.acknowledged.desc(), t.entry.c.number)
"""What the central service has, or had before it was put back to an older copy, comes before the rest."""

# Built once: for a small statement that takes longer than to carry it out.
_AT_FEED = t.cursor.c.feed == bindparam("at_feed")
_AMONG_STREAMS: BindParameter[str] = bindparam("streams", expanding=True)
_STATE = select(t.state).where(t.state.c.stream == bindparam("stream"))
_CONFIRMED = select(t.state.c.stream, t.state.c.confirmed).where(t.state.c.stream.in_(_AMONG_STREAMS))
_VISIBLE = select(t.state.c.stream, t.state.c.visible).where(t.state.c.stream.in_(_AMONG_STREAMS))
_KEEP = insert(t.state)
_KEEP = _KEEP.on_conflict_do_update(
    index_elements=["stream"], set_={name: _KEEP.excluded[name] for name in ("feed", "confirmed", "visible")}
)
_APPEND = t.entry.insert()
_WITHOUT_PLACE = (
    select(t.entry.c.stream, t.entry.c.body)
    .where(t.entry.c.place.is_(None), t.entry.c.stream.in_(_AMONG_STREAMS))
    .order_by(*WAITING_ORDER)
)
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
    .order_by(t.entry.c.number)
    .limit(bindparam("most"))
)
_AMONG_IDS: BindParameter[str] = bindparam("ids", expanding=True)
_RECORDS = select(t.record).where(t.record.c.id.in_(_AMONG_IDS))
_ERASED = select(t.erased.c.id).where(t.erased.c.id.in_(_AMONG_IDS))
_KEEP_RECORD = insert(t.record).on_conflict_do_nothing()
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


@dataclass(frozen=True, slots=True)
class States:
    """A stream's home feed, its state as the home order has it, and with what still waits on top."""

    feed: str
    confirmed: State
    visible: State


def states(connection: Connection, stream: str) -> States | None:
    """The stored states of a stream; None for a stream without entries here."""
    row = connection.execute(_STATE, {"stream": stream}).one_or_none()
    if row is None:
        return None
    return States(row.feed, thaw(stream, row.confirmed), thaw(stream, row.visible))


def visible(connection: Connection, stream: str) -> State:
    """What a person sees of a stream; the empty state where nothing is known."""
    known = states(connection, stream)
    return known.visible if known else empty(stream)


def keep_all(connection: Connection, new: dict[str, States]) -> dict[str, bytes]:
    """Store the states of many streams; returns the visible ones as they are stored."""
    rows: list[dict[str, Any]] = []
    for stream, each in new.items():
        confirmed = freeze(each.confirmed)
        seen = confirmed if each.visible is each.confirmed else freeze(each.visible)
        rows.append({"stream": stream, "feed": each.feed, "confirmed": confirmed, "visible": seen})
    if rows:
        connection.execute(_KEEP, rows)
    return {row["stream"]: row["visible"] for row in rows}


def confirmed_states(connection: Connection, streams: Iterable[str]) -> dict[str, State]:
    """The confirmed states of those of the streams that are here."""
    return {
        row.stream: thaw(row.stream, row.confirmed)
        for some in batched(streams)
        for row in connection.execute(_CONFIRMED, {"streams": some})
    }


def visible_states(connection: Connection, streams: Iterable[str]) -> dict[str, State]:
    """What a person sees of those of the streams that are here."""
    return {stream: thaw(stream, frozen) for stream, frozen in visible_stored(connection, streams).items()}


def visible_stored(connection: Connection, streams: Iterable[str]) -> dict[str, bytes]:
    """The same as it is stored: equal where nothing else is seen."""
    return {
        row.stream: row.visible
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


def batched(names: Iterable[N]) -> Iterator[list[N]]:
    """The names in lists that one statement can name."""
    rest = iter(names)
    while some := list(islice(rest, MOST_NAMED)):
        yield some


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
    confirmed = known.confirmed if known else empty(entry.stream)
    seen = fold(known.visible if known else confirmed, entry)
    keep_all(connection, {entry.stream: States(entry.feed, confirmed, seen)})
    follow(connection, entry, here=True)


def confirmed_of(connection: Connection, stream: str) -> Iterable[Row]:
    """The stream's placed entries in the home order, with their verdicts."""
    query = select(t.entry).where(t.entry.c.stream == stream, t.entry.c.place.is_not(None))
    for row in connection.execute(query.order_by(t.entry.c.place)):
        yield decode(row.body), Verdict(Standing(row.standing), row.reason)


def folded_from_scratch(connection: Connection, streams: Sequence[str]) -> dict[str, State]:
    """The states the home order gives, from the first entry; empty ones where nothing has a place."""
    found = {stream: empty(stream) for stream in streams}
    query = select(t.entry.c.stream, t.entry.c.body, t.entry.c.standing, t.entry.c.reason)
    placed = query.where(t.entry.c.place.is_not(None)).order_by(t.entry.c.stream, t.entry.c.place)
    for some in batched(streams):
        for row in connection.execute(placed.where(t.entry.c.stream.in_(some))):
            verdict = Verdict(Standing(row.standing), row.reason)
            found[row.stream] = fold(found[row.stream], decode(row.body), verdict)
    return found


def on_top(state: State, waiting: Iterable[Entry]) -> State:
    """A state with what still waits folded on top."""
    for entry in waiting:
        state = fold(state, entry)
    return state


def from_scratch(connection: Connection, stream: str) -> State:
    """The state the home order gives, folded from the first entry."""
    return fold_all(stream, confirmed_of(connection, stream))


def decode(body: bytes) -> Entry:
    """The entry that `canonical` wrote."""
    return msgspec.json.decode(body, type=Entry)


def waiting(connection: Connection, feed: str, limit: int) -> tuple[Entry, ...]:
    """The feed's entries the central service has not acknowledged, in the desk's order."""
    bodies = connection.execute(_WAITING, {"feed": feed, "most": limit}).scalars()
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
    """For each feed of which anything is here: the entry at the cursor."""
    at_cursor = (t.entry.c.feed == t.cursor.c.feed) & (t.entry.c.place == t.cursor.c.place)
    ends = select(t.entry.c.feed, t.entry.c.place, t.entry.c.desk, t.entry.c.number, t.cursor.c.run)
    rows = connection.execute(ends.join(t.cursor, at_cursor))
    return {row.feed: Seen(row.place, row.desk, row.number, row.run) for row in rows}


def keep_records(connection: Connection, records: Sequence[tuple[SealedRecord, str]]) -> None:
    """Store sealed records, each with the commitment it fits, unless they were erased."""
    for record, _ in records:
        if not record.key:
            destroy_record(connection, record.id)
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


def open_record(connection: Connection, record: str) -> bytes | None:
    """The content of a sealed record; None where it was erased or has not come yet."""
    row = connection.execute(_RECORDS, {"ids": [record]}).one_or_none()
    if row is None:
        return None
    return vault.open_sealed(vault.Sealed(row.id, row.key, row.box, row.commitment))


def open_records(connection: Connection, ids: Iterable[str]) -> dict[str, bytes]:
    """The contents of those of the sealed records that are here and not erased."""
    found = {}
    for some in batched(filter(None, ids)):
        for row in connection.execute(_RECORDS, {"ids": some}):
            sealed = vault.Sealed(row.id, row.key, row.box, row.commitment)
            found[row.id] = vault.open_sealed(sealed)
    return found


def records(connection: Connection, ids: Iterable[str]) -> tuple[SealedRecord, ...]:
    """Sealed records as they travel; erased ones are left out."""
    return tuple(
        SealedRecord(row.id, row.stream, row.key, row.box)
        for some in batched(ids)
        for row in connection.execute(_RECORDS, {"ids": some})
    )


def records_of(connection: Connection, stream: str) -> tuple[str, ...]:
    """Ids of the sealed records a stream has."""
    return tuple(connection.execute(select(t.record.c.id).where(t.record.c.stream == stream)).scalars())


def destroy_record(connection: Connection, record: str) -> None:
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
            destroy_record(connection, record)
    connection.execute(update(t.paper).where(t.paper.c.stream == stream).values(forgotten=1))


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


def forgotten_papers(connection: Connection) -> tuple[str, ...]:
    """Papers whose people were erased and whose files have to go."""
    return tuple(connection.execute(select(t.paper.c.path).where(t.paper.c.forgotten == 1)).scalars())


def forgotten_files(connection: Connection) -> tuple[str, ...]:
    """Addresses of the encrypted files whose records, and so whose keys, are destroyed."""
    query = select(t.file.c.address).join(t.erased, t.erased.c.id == t.file.c.record)
    return tuple(connection.execute(query).scalars())
