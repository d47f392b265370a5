"""Entries in and out of the journal, and the states that follow; all inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from desk_app import vault
from desk_app.domain.batches import Placed, Pulled, Receipt, SealedRecord
from desk_app.domain.entries import Entry, EntryId, Standing, Verdict, canonical
from desk_app.domain.facts import ItemPhotographed, RecordsErased
from desk_app.domain.folding import State, empty, fold, fold_all, freeze, thaw
from desk_app.storage import tables as t

Row = tuple[Entry, Verdict | None]


@dataclass(frozen=True, slots=True)
class States:
    """A stream's home feed, its state as the home order has it, and with what still waits on top."""

    feed: str
    confirmed: State
    visible: State


def states(connection: Connection, stream: str) -> States | None:
    """The stored states of a stream; None for a stream without entries here."""
    row = connection.execute(select(t.state).where(t.state.c.stream == stream)).one_or_none()
    if row is None:
        return None
    return States(row.feed, thaw(stream, row.confirmed), thaw(stream, row.visible))


def visible(connection: Connection, stream: str) -> State:
    """What a person sees of a stream; the empty state where nothing is known."""
    known = states(connection, stream)
    return known.visible if known else empty(stream)


def keep_states(connection: Connection, stream: str, new: States) -> None:
    """Store a stream's states."""
    values = {"feed": new.feed, "confirmed": freeze(new.confirmed), "visible": freeze(new.visible)}
    statement = insert(t.state).values(stream=stream, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["stream"], set_=values))


def next_number(connection: Connection, feed: str) -> int:
    """The desk's next running number in a feed; taken with the transaction that uses it."""
    taken = (
        update(t.cursor)
        .where(t.cursor.c.feed == feed)
        .values(last_number=t.cursor.c.last_number + 1)
        .returning(t.cursor.c.last_number)
    )
    return int(connection.execute(taken).scalar_one())


def append(connection: Connection, entry: Entry) -> None:
    """Store an entry of this desk, which waits for its place, and fold it into what is visible."""
    connection.execute(
        t.entry.insert().values(
            feed=entry.feed,
            desk=entry.desk,
            number=entry.number,
            stream=entry.stream,
            body=canonical(entry),
        )
    )
    known = states(connection, entry.stream)
    confirmed = known.confirmed if known else empty(entry.stream)
    seen = fold(known.visible if known else confirmed, entry)
    keep_states(connection, entry.stream, States(entry.feed, confirmed, seen))
    _follow(connection, entry)


def place(connection: Connection, placed: Placed) -> None:
    """Store an entry at its place in the home order; the desk's own echo finds its entry waiting."""
    entry, verdict = placed.entry, placed.verdict
    values = {
        "place": placed.place,
        "standing": verdict.standing.value,
        "reason": verdict.reason,
        "acknowledged": 1,
    }
    statement = insert(t.entry).values(
        feed=entry.feed,
        desk=entry.desk,
        number=entry.number,
        stream=entry.stream,
        body=canonical(entry),
        **values,
    )
    connection.execute(
        statement.on_conflict_do_update(index_elements=["feed", "desk", "number"], set_=values)
    )
    known = states(connection, entry.stream)
    confirmed = fold(known.confirmed if known else empty(entry.stream), entry, verdict)
    keep_states(
        connection, entry.stream, States(entry.feed, confirmed, known.visible if known else confirmed)
    )
    _follow(connection, entry)


def replay_waiting(connection: Connection, stream: str) -> None:
    """Fold what still waits on top of the confirmed state anew."""
    known = states(connection, stream)
    if known is None:
        return
    seen = known.confirmed
    for entry, verdict in waiting_of(connection, stream):
        seen = fold(seen, entry, verdict)
    keep_states(connection, stream, States(known.feed, known.confirmed, seen))


def waiting_of(connection: Connection, stream: str) -> Iterable[Row]:
    """The stream's entries without a place, in the desk's order."""
    query = select(t.entry.c.body).where(t.entry.c.stream == stream, t.entry.c.place.is_(None))
    for body in connection.execute(query.order_by(t.entry.c.number)).scalars():
        yield decode(body), None


def confirmed_of(connection: Connection, stream: str) -> Iterable[Row]:
    """The stream's placed entries in the home order, with their verdicts."""
    query = select(t.entry).where(t.entry.c.stream == stream, t.entry.c.place.is_not(None))
    for row in connection.execute(query.order_by(t.entry.c.place)):
        yield decode(row.body), Verdict(Standing(row.standing), row.reason)


def from_scratch(connection: Connection, stream: str) -> State:
    """The state the home order gives, folded from the first entry."""
    return fold_all(stream, confirmed_of(connection, stream))


def decode(body: bytes) -> Entry:
    """The entry that `canonical` wrote."""
    return msgspec.json.decode(body, type=Entry)


def waiting(connection: Connection, feed: str, limit: int) -> tuple[Entry, ...]:
    """The feed's entries the central service has not acknowledged, in the desk's order."""
    query = select(t.entry.c.body).where(t.entry.c.feed == feed, t.entry.c.acknowledged == 0)
    bodies = connection.execute(query.order_by(t.entry.c.number).limit(limit)).scalars()
    return tuple(decode(body) for body in bodies)


def waiting_count(connection: Connection) -> int:
    """How many entries wait, over all feeds."""
    query = select(func.count()).select_from(t.entry).where(t.entry.c.acknowledged == 0)
    return int(connection.execute(query).scalar_one())


def acknowledge(connection: Connection, desk: str, feed: str, receipts: Iterable[Receipt]) -> None:
    """Note that the central service has these entries; their place comes with the next pull."""
    for receipt in receipts:
        connection.execute(
            update(t.entry)
            .where(t.entry.c.feed == feed, t.entry.c.desk == desk, t.entry.c.number == receipt.number)
            .values(acknowledged=1, standing=receipt.verdict.standing.value, reason=receipt.verdict.reason)
        )


def keep_record(connection: Connection, record: SealedRecord, commitment: str) -> None:
    """Store a sealed record that fits its entry's commitment, unless it was erased."""
    if not record.key:
        destroy_record(connection, record.id)
        return
    if connection.execute(select(t.erased.c.id).where(t.erased.c.id == record.id)).first():
        return
    statement = insert(t.record).values(**msgspec.structs.asdict(record), commitment=commitment)
    connection.execute(statement.on_conflict_do_nothing())


def open_record(connection: Connection, record: str) -> bytes | None:
    """The content of a sealed record; None where it was erased or has not come yet."""
    row = connection.execute(select(t.record).where(t.record.c.id == record)).one_or_none()
    if row is None:
        return None
    return vault.open_sealed(vault.Sealed(row.id, row.key, row.box, row.commitment))


def records(connection: Connection, ids: Iterable[str]) -> tuple[SealedRecord, ...]:
    """Sealed records as they travel; erased ones are left out."""
    query = select(t.record).where(t.record.c.id.in_(list(ids)))
    return tuple(SealedRecord(row.id, row.stream, row.key, row.box) for row in connection.execute(query))


def records_of(connection: Connection, stream: str) -> tuple[str, ...]:
    """Ids of the sealed records a stream has."""
    return tuple(connection.execute(select(t.record.c.id).where(t.record.c.stream == stream)).scalars())


def destroy_record(connection: Connection, record: str) -> None:
    """Erase a sealed record and remember that it is erased."""
    connection.execute(delete(t.record).where(t.record.c.id == record))
    connection.execute(insert(t.erased).values(id=record).on_conflict_do_nothing())


def _follow(connection: Connection, entry: Entry) -> None:
    """What an entry asks for beside the fold: its file is remembered, the records it names are destroyed."""
    fact = entry.fact()
    if isinstance(fact, ItemPhotographed):
        statement = insert(t.file).values(address=fact.file, record=fact.record)
        connection.execute(statement.on_conflict_do_nothing())
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


def take(connection: Connection, page: Pulled) -> set[str]:
    """Store a page of a feed after the cursor and move it; returns the streams that changed."""
    at = int(connection.execute(select(t.cursor.c.place).where(t.cursor.c.feed == page.feed)).scalar_one())
    fresh = [placed for placed in page.entries if placed.place > at]
    commitments = {name: seal for placed in fresh for name, seal in placed.entry.seals.items()}
    for record in page.records:
        if not record.key or _fits(record, commitments.get(record.id, "")):
            keep_record(connection, record, commitments.get(record.id, ""))
    for placed in fresh:
        place(connection, placed)
    touched = {placed.entry.stream for placed in fresh}
    for stream in touched:
        replay_waiting(connection, stream)
    if fresh:
        moved = update(t.cursor).where(t.cursor.c.feed == page.feed).values(place=fresh[-1].place)
        connection.execute(moved)
    return touched


def _fits(record: SealedRecord, commitment: str) -> bool:
    """Whether a record is what its entry committed to; another is not stored, as if it had not come."""
    return vault.matches(vault.Sealed(record.id, record.key, record.box, commitment), commitment)


def rewind(connection: Connection, desk: str, epoch: str, numbers: dict[str, int]) -> None:
    """Keep the epoch; in a new one, what lies above the central service's watermarks waits again."""
    known = connection.execute(select(t.meta.c.value).where(t.meta.c.key == "epoch")).scalar()
    if known == epoch:
        return
    statement = insert(t.meta).values(key="epoch", value=epoch)
    connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_={"value": epoch}))
    for feed, number in numbers.items() if known else ():
        connection.execute(
            update(t.entry)
            .where(t.entry.c.feed == feed, t.entry.c.desk == desk, t.entry.c.number > number)
            .values(acknowledged=0)
        )


def forgotten_papers(connection: Connection) -> tuple[str, ...]:
    """Papers whose people were erased and whose files have to go."""
    return tuple(connection.execute(select(t.paper.c.path).where(t.paper.c.forgotten == 1)).scalars())


def forgotten_files(connection: Connection) -> tuple[str, ...]:
    """Addresses of the encrypted files whose records, and so whose keys, are destroyed."""
    query = select(t.file.c.address).join(t.erased, t.erased.c.id == t.file.c.record)
    return tuple(connection.execute(query).scalars())
