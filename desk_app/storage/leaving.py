"""Cases that are done with leave the desk, and come back as states when somebody asks for them."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, Select, and_, delete, exists, false, func, literal, or_, select, update
from sqlalchemy.dialects.sqlite import insert

from desk_app.domain.cases import Case
from desk_app.domain.parcels import Parcel, parcel_stream
from desk_app.storage import journal, lookups, projecting
from desk_app.storage import tables as t

MOST_AT_ONCE = 200


def mark(connection: Connection, at: int) -> None:
    """Note up to where the feeds are here; at: the service's time (µs UTC)."""
    now = select(t.cursor.c.feed, t.cursor.c.place, literal(at)).where(t.cursor.c.place > 0)
    connection.execute(insert(t.mark).from_select(["feed", "place", "at"], now).on_conflict_do_nothing())


def let_go(connection: Connection, desk: str, block: str, done_before: int, came_before: int) -> set[str]:
    """Let some cases leave that were done with, and not asked for, before these moments (service's, µs UTC).

    What a desk's clock says was done with by then, and may be wrong, has also to have been here by then, as
    `mark` noted. Parcels and customers go with their cases where no case that stays needs them. Entries of
    this desk stay in the journal, as its chain is made of them, but nothing of them is folded. Returns the
    streams that went.
    """
    names = _done_with(connection, block, done_before, came_before)
    if not names:
        return set()
    states = journal.visible_states(connection, names)
    cases = {stream: each for stream, each in states.items() if isinstance(each, Case)}
    gone = {*cases, *_free_parcels(connection, cases), *_free_customers(connection, cases)}
    gone -= journal.waiting_in(connection, gone).keys()
    projecting.remove(connection, gone)
    _forget(connection, desk, gone)
    return gone


def left_out(connection: Connection, desk: str, feed: str) -> set[str]:
    """At the end of a load: what is still without a state has left the feed's desks; returns the streams."""
    waits = exists().where(t.entry.c.stream == t.state.c.stream, t.entry.c.place.is_(None))
    query = select(t.state.c.stream).where(t.state.c.feed == feed, t.state.c.place == 0, ~waits)
    wanted = select(t.wanted.c.stream)
    gone = set(connection.execute(query.where(t.state.c.stream.not_in(wanted))).scalars())
    projecting.remove(connection, gone)
    _forget(connection, desk, gone)
    return gone


def _done_with(connection: Connection, block: str, done_before: int, came_before: int) -> list[str]:
    """Cases that may leave; not the one with the desk's highest number, as the next number follows it."""
    row, base, waiting, state = t.case_row.c, t.base.c, t.entry.c, t.state.c
    reached = _reached(connection, done_before)
    was_here = or_(
        false(), *(and_(state.feed == feed, state.place <= place) for feed, place in reached.items())
    )
    waits = exists().where(waiting.stream == row.stream, waiting.place.is_(None))
    asked = exists().where(base.stream == row.stream, base.came_at > came_before)
    last = lookups.highest_number(block).scalar_subquery()
    done = select(row.stream).where(row.done_at > 0, row.done_at < done_before, ~waits, ~asked)
    may = done.join(t.state, state.stream == row.stream).where(
        was_here, func.coalesce(last, "") != row.number
    )
    return list(connection.execute(may.order_by(row.done_at).limit(MOST_AT_ONCE)).scalars())


def _reached(connection: Connection, before: int) -> dict[str, int]:
    """Up to which place each feed was here before a moment; older marks are of no more use."""
    feed, place = t.mark.c.feed, t.mark.c.place
    query = select(feed, func.max(place).label("place")).where(t.mark.c.at < before).group_by(feed)
    reached = {row.feed: row.place for row in connection.execute(query)}
    for name, last in reached.items():
        connection.execute(delete(t.mark).where(feed == name, place < last))
    return reached


def _free_parcels(connection: Connection, cases: Mapping[str, Case]) -> set[str]:
    """The parcels of cases that go which belong to no other case."""
    named = {parcel_stream(waybill) for case in cases.values() for waybill in case.parcels}
    states = journal.visible_states(connection, named)
    parcels = {stream: each for stream, each in states.items() if isinstance(each, Parcel)}
    return {stream for stream, each in parcels.items() if cases.keys() >= set(each.cases)}


def _free_customers(connection: Connection, cases: Mapping[str, Case]) -> set[str]:
    """The customers of cases that go of whom no other case is here."""
    customers = {case.customer for case in cases.values()} - {""}
    row = t.case_row.c
    rows = connection.execute(select(row.customer, row.stream).where(row.customer.in_(customers)))
    return customers - {row.customer for row in rows if row.stream not in cases}


def _forget(connection: Connection, desk: str, streams: set[str]) -> None:
    """Nothing of these streams is here any more, and what comes of them later asks for their states."""
    for feed, names in _by_feed(connection, streams).items():
        among = and_(t.entry.c.feed == feed, t.entry.c.stream.in_(names))
        connection.execute(delete(t.entry).where(among, t.entry.c.desk != desk))
        connection.execute(update(t.entry).where(among).values(place=0))
        cursor = t.cursor.c.feed == feed
        connection.execute(update(t.cursor).where(cursor).values(loaded_to=t.cursor.c.place))
    for table in (t.state, t.base, t.record, t.file):
        connection.execute(delete(table).where(table.c.stream.in_(streams)))


def _by_feed(connection: Connection, streams: set[str]) -> dict[str, list[str]]:
    query: Select[tuple[str, str]] = select(t.state.c.feed, t.state.c.stream)
    found: dict[str, list[str]] = {}
    for row in connection.execute(query.where(t.state.c.stream.in_(streams))):
        found.setdefault(row.feed, []).append(row.stream)
    return found
