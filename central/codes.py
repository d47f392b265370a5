"""What a scan may read, so that a desk finds a case that is not on it."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from central import states
from central.desks import KnownDesk
from central.erasing import in_parts
from central.storage import Storage
from central.tables import code as codes
from central.tables import feed as feeds
from central.tables import meta, stream_state
from desk_app.domain.cases import Case
from desk_app.domain.codes import case_codes
from desk_app.domain.folding import State
from desk_app.domain.parcels import parcel_stream
from desk_app.sync.wire import CodeFound, StreamFound

VERSION = "1"
"""Raised where a state is found by other codes than before."""

MOST_FOUND = 500
_NOTED = "codes"
_ADD = insert(codes).on_conflict_do_nothing()


def note(connection: Connection, feed: str, folded: Mapping[str, State]) -> None:
    """From now on a scan finds these cases by what their states say, and their customers' erasure does."""
    rows = [
        {"feed": feed, "code": code, "stream": stream}
        for stream, state in folded.items()
        if isinstance(state, Case)
        for code in {state.customer.upper(), *(code for code, _ in case_codes(state))} - {""}
    ]
    if rows:
        connection.execute(_ADD, rows)


def find(storage: Storage, desk: KnownDesk, code: str) -> CodeFound:
    """The streams a code names, in all feeds: cases, the newest first, and the parcel of a waybill."""
    sought = code.upper()
    with storage.reader.begin() as connection:
        every = select(feeds.c.feed)  # named, so that the keys that begin with the feed are of use
        named = select(codes.c.feed, codes.c.stream).where(codes.c.feed.in_(every), codes.c.code == sought)
        rows = list(connection.execute(named.order_by(codes.c.stream.desc()).limit(MOST_FOUND)))
        parcel = stream_state.c.feed.in_(every) & (stream_state.c.stream == parcel_stream(sought))
        rows += connection.execute(select(stream_state.c.feed, stream_state.c.stream).where(parcel))
    return CodeFound(tuple(StreamFound(row.stream, row.feed, row.feed in desk.feeds) for row in rows))


def note_all(storage: Storage, at: int) -> None:
    """At the start of another version: fold what the one before folded, and note the codes of every case.

    at: the service's clock (µs UTC).
    """
    with storage.writer.begin() as connection:
        noted = connection.scalar(select(meta.c.value).where(meta.c.name == _NOTED))
        if noted == VERSION:
            return
        cases = select(stream_state.c.feed, stream_state.c.stream)
        rows = connection.execute(cases.where(stream_state.c.stream.startswith("case/"))).all()
        for feed in {row.feed for row in rows}:
            for some in in_parts([row.stream for row in rows if row.feed == feed]):
                folded = states.load(connection, feed, set(some))
                states.save(connection, feed, folded, at)
                note(connection, feed, {stream: each.state for stream, each in folded.items()})
        said = insert(meta).values(name=_NOTED, value=VERSION)
        connection.execute(said.on_conflict_do_update(index_elements=["name"], set_={"value": VERSION}))
