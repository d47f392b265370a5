"""What comes from the central service: pages of a feed in its order, and feeds that begin anew."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, bindparam, case, delete, exists, select, update
from sqlalchemy.dialects.sqlite import insert

from desk_app import sabotage, vault
from desk_app.domain.batches import Placed, Pulled, SealedRecord
from desk_app.domain.entries import Standing, canonical, stream_kind
from desk_app.domain.folding import FOLD_VERSION, empty, fold, state_hash
from desk_app.errors import RuleError
from desk_app.signatures import grown
from desk_app.storage import journal, sealed_records
from desk_app.storage import tables as t
from desk_app.storage.journal import Held

log = logging.getLogger(__name__)

_PLACE = select(t.cursor.c.place).where(t.cursor.c.feed == bindparam("at_feed"))
_MOVE = (
    update(t.cursor)
    .where(t.cursor.c.feed == bindparam("at_feed"))
    .values(place=bindparam("reached"), run=bindparam("of_run"))
)
_STORE = insert(t.entry)
_STORE = _STORE.on_conflict_do_update(
    index_elements=["feed", "desk", "number"],
    set_={name: _STORE.excluded[name] for name in ("place", "standing", "reason", "acknowledged")},
)


def take(connection: Connection, desk: str, page: Pulled) -> tuple[set[str], set[str]]:
    """Store a page of a feed after the cursor and move it.

    Returns the streams that changed, and those of them whose look-up rows may not be right any more.
    Raises RuleError('push.forked', number=…) for an entry under this desk's name that this desk has not.
    """
    at = _place(connection, page.feed)
    fresh = [placed for placed in page.entries if placed.place > at]
    if sabotage.active("skip_entry"):
        fresh = [placed for placed in fresh if placed.entry.kind != "parcel.arrived"]
    if not fresh:
        return set(), set()
    bodies = [canonical(placed.entry) for placed in fresh]
    _refuse_namesake(connection, desk, page.feed, fresh, bodies)
    _keep_records(connection, page.records, fresh)
    _store(connection, fresh, bodies)
    _lengthen(connection, desk, page.feed, fresh)
    seen_otherwise = _fold(connection, page, fresh)
    for placed in fresh:
        if placed.verdict.standing is not Standing.REFUSED:
            sealed_records.follow(connection, placed.entry)
    connection.execute(_MOVE, {"at_feed": page.feed, "reached": fresh[-1].place, "of_run": page.run})
    return {placed.entry.stream for placed in fresh}, seen_otherwise | _from_elsewhere(desk, page, fresh)


def _from_elsewhere(desk: str, page: Pulled, fresh: Sequence[Placed]) -> set[str]:
    """Streams whose records may have come or gone; an act of this desk brought its own and wrote the rows."""
    erased = {record.stream for record in page.records if not record.key}
    return erased | {placed.entry.stream for placed in fresh if placed.entry.desk != desk}


def _place(connection: Connection, feed: str) -> int:
    return int(connection.execute(_PLACE, {"at_feed": feed}).scalar_one())


def _lengthen(connection: Connection, desk: str, feed: str, fresh: Sequence[Placed]) -> None:
    """What comes back has arrived, also where its receipt was lost: the next push is signed from there."""
    ours = [placed.entry.number for placed in fresh if placed.entry.desk == desk]
    if ours:
        journal.lengthen_chain(connection, desk, feed, max(ours))


def _refuse_namesake(
    connection: Connection, desk: str, feed: str, fresh: Sequence[Placed], bodies: Sequence[bytes]
) -> None:
    """This folder is a copy, or was put back to one, and the other has gone on: only one can be this desk."""
    both = zip(fresh, bodies, strict=True)
    ours = {placed.entry.number: body for placed, body in both if placed.entry.desk == desk}
    if not ours:
        return
    known = dict(journal.bodies(connection, desk, feed, min(ours), max(ours)))
    for number, body in ours.items():
        if known.get(number) != body:
            raise RuleError("push.forked", number=number)


def _keep_records(connection: Connection, records: Sequence[SealedRecord], fresh: Sequence[Placed]) -> None:
    """Keep the records that are what their entries committed to; others are as if they had not come."""
    commitments = {name: seal for placed in fresh for name, seal in placed.entry.seals.items()}
    committed = [(record, commitments.get(record.id, "")) for record in records]
    sealed_records.keep(connection, [each for each in committed if _fits(*each)])


def _fits(record: SealedRecord, commitment: str) -> bool:
    sealed = vault.Sealed(record.id, record.key, record.box, commitment)
    return not record.key or vault.matches(sealed, commitment)


def _store(connection: Connection, fresh: Sequence[Placed], bodies: Sequence[bytes]) -> None:
    """Store entries at their places; the desk's own echo finds its entry waiting."""
    connection.execute(
        _STORE,
        [
            {
                "feed": placed.entry.feed,
                "desk": placed.entry.desk,
                "number": placed.entry.number,
                "stream": placed.entry.stream,
                "body": body,
                "place": placed.place,
                "standing": placed.verdict.standing.value,
                "reason": placed.verdict.reason,
                "acknowledged": 1,
            }
            for placed, body in zip(fresh, bodies, strict=True)
        ],
    )


def _fold(connection: Connection, page: Pulled, fresh: Sequence[Placed]) -> set[str]:
    """Fold a page's entries into the states of their streams, and what waits on top of them anew.

    Returns the streams of which something else is seen now.
    """
    by_stream: dict[str, list[Placed]] = {}
    for placed in fresh:
        by_stream.setdefault(placed.entry.stream, []).append(placed)
    known = journal.held(connection, by_stream)
    parts = {stream for stream in page.older if stream not in known or not known[stream].place}
    want(connection, page.feed, parts)
    new = {}
    for stream in by_stream.keys() - parts:
        held = _folded(known.get(stream) or Held(0, empty(stream)), by_stream[stream])
        if page.fold_version == FOLD_VERSION:
            held = _compared(connection, page, stream, held)
        new[stream] = held
    before = journal.visible_stored(connection, new)
    now = journal.show(connection, dict.fromkeys(new, page.feed), new)
    return {stream for stream, seen in now.items() if seen != before.get(stream)}


def want(connection: Connection, feed: str, streams: Iterable[str]) -> None:
    """Remember that these streams begin before what is here of them: their states have to be asked for."""
    rows = [{"stream": stream, "feed": feed} for stream in sorted(streams)]
    if rows:
        connection.execute(insert(t.wanted).on_conflict_do_nothing(), rows)


def _folded(held: Held, entries: Sequence[Placed]) -> Held:
    """What is held, with those entries folded in that come after it."""
    state = held.state
    for placed in entries:
        if placed.place > held.place:
            state = fold(state, placed.entry, placed.verdict)
    return Held(max(held.place, entries[-1].place), state)


def _compared(connection: Connection, page: Pulled, stream: str, held: Held) -> Held:
    """The state, folded from scratch where the central service has another one; never taken from there."""
    told = page.hashes.get(stream)
    if told is None or held.place > page.entries[-1].place or state_hash(held.state) == told:
        return held
    again = journal.folded_from_scratch(connection, [stream])[stream]
    code = "state.mended" if state_hash(again.state) == told else "state.differs"
    log.error("the state of a %s is not that of the central service: %s", stream_kind(stream), code)
    row = {"code": code, "feed": page.feed, "stream": stream, "place": page.entries[-1].place}
    connection.execute(insert(t.incident).values(**row).on_conflict_do_nothing())
    return Held(held.place, again.state)


def start_over(connection: Connection, desk: str, feed: str, number: int) -> set[str]:
    """Forget the places of a feed, as its order is another one now; returns the streams that changed.

    number: the last of this desk's numbers that the central service holds; what lies above it waits again.
    Entries of other desks stay, and so do states that came; they show until the feed has brought them anew.
    """
    missing = (t.entry.c.desk == desk) & (t.entry.c.number > number)
    in_base = exists().where(t.base.c.stream == t.entry.c.stream, t.base.c.place >= t.entry.c.place)
    has_left = ((t.entry.c.place == 0) | in_base) & ~missing
    forgotten = {"standing": "", "reason": "", "acknowledged": case((missing, 0), else_=1)}
    connection.execute(
        update(t.entry)
        .where(t.entry.c.feed == feed)
        .values(place=case((has_left, 0), else_=None), **forgotten)
    )
    head = grown(bytes(32), (body for _, body in journal.bodies(connection, desk, feed, 1, number)))
    restarted = {"place": 0, "run": "", "chain": head, "chain_number": number}
    restarted |= {"loaded_to": 0, "load_from": 0}
    whole = select(t.state.c.stream).where(t.state.c.feed == feed, t.state.c.place > 0)
    of_feed = t.base.c.feed == feed
    connection.execute(delete(t.base).where(of_feed, t.base.c.place == 0, t.base.c.stream.in_(whole)))
    connection.execute(update(t.base).where(of_feed).values(place=0))
    for table in (t.wanted, t.mark):
        connection.execute(delete(table).where(table.c.feed == feed))
    connection.execute(update(t.cursor).where(t.cursor.c.feed == feed).values(**restarted))
    connection.execute(update(t.file).where(t.file.c.feed == feed).values(at_central=0))
    streams = set(connection.execute(select(t.state.c.stream).where(t.state.c.feed == feed)).scalars())
    nothing = {stream: Held(0, empty(stream)) for stream in streams}
    journal.show(connection, dict.fromkeys(streams, feed), nothing)
    return streams
