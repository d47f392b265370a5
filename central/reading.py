"""What desks ask for: pages of a feed in its order, heads, states."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate

from sqlalchemy import Connection, bindparam, func, select

from central import states
from central.desks import KnownDesk
from central.erasing import erased_among, in_parts
from central.storage import Storage
from central.tables import entry as entries
from central.tables import feed as feeds
from central.tables import record, watermark
from central.tables import run as runs
from desk_app.domain.entries import Entry, Standing
from desk_app.domain.folding import FOLD_VERSION, State
from desk_app.errors import RuleError
from desk_app.sync.wire import LARGEST_BODY, Hello, Placed, Pulled, SealedRecord, Seen, Welcome

# Built once: for a page of a few entries that takes longer than to read them.
_HEAD = select(feeds.c.head).where(feeds.c.feed == bindparam("of_feed"))
_PAGE = (
    select(entries)
    .where(entries.c.feed == bindparam("of_feed"), entries.c.place > bindparam("after"))
    .order_by(entries.c.place)
    .limit(bindparam("most"))
)


def welcome(storage: Storage, desk: KnownDesk, hello: Hello, at: int) -> Welcome:
    """Where the desk stands: heads of its feeds, and the last of its numbers that each feed has taken."""
    with storage.reader.begin() as connection:
        heads = connection.execute(select(feeds).where(feeds.c.feed.in_(desk.feeds)))
        by_feed = {row.feed: row.head for row in heads}
        marks = connection.execute(
            select(watermark.c.feed, watermark.c.number).where(
                watermark.c.feed.in_(desk.feeds), watermark.c.desk == desk.id
            )
        )
        numbers = dict.fromkeys(by_feed, 0) | {row.feed: row.number for row in marks}
        astray = [feed for feed in by_feed if _is_astray(connection, feed, hello.seen.get(feed))]
    return Welcome(storage.epoch, at, by_feed, numbers, tuple(astray), storage.run, FOLD_VERSION)


def _is_astray(connection: Connection, feed: str, seen: Seen | None) -> bool:
    """Whether the order the desk has seen is that of another copy of the service's file."""
    if seen is None:
        return False
    if seen.run:
        return _is_beside(connection, feed, seen)
    here = (entries.c.feed == feed) & (entries.c.place == seen.place)
    row = connection.execute(select(entries.c.desk, entries.c.number).where(here)).one_or_none()
    return row is None or tuple(row) != (seen.desk, seen.number)


def _is_beside(connection: Connection, feed: str, seen: Seen) -> bool:
    """Whether the run the desk last read in is not in this file's past, or not as far as the desk read."""
    of_feed = select(runs.c.number, runs.c.head).where(runs.c.feed == feed)
    known = connection.execute(of_feed.where(runs.c.id == seen.run)).one_or_none()
    if known is None:
        return True
    later = of_feed.where(runs.c.number > known.number).order_by(runs.c.number).limit(1)
    following = connection.execute(later).one_or_none()
    return following is not None and following.head < seen.place


def pull(storage: Storage, desk: KnownDesk, feed: str, after: int, limit: int, since: int = 0) -> Pulled:
    """The next entries after a place, as many as fit in a page, with the records they name.

    since: the place up to which the desk loaded by states; the page says which of its streams began before.
    Raises RuleError('feed.not_yours').
    """
    if feed not in desk.feeds:
        raise RuleError("feed.not_yours")
    with storage.reader.begin() as connection:
        head = connection.execute(_HEAD, {"of_feed": feed}).scalar_one()
        rows = connection.execute(_PAGE, {"of_feed": feed, "after": after, "most": limit}).all()
        page = [Placed(row.place, states.entry_of(row.body), states.verdict_of(row)) for row in rows]
        sizes = _sizes(connection, feed, _named(page))
        weights = [len(row.body) + _weight(each.entry, sizes) for row, each in zip(rows, page, strict=True)]
        page = page[: how_many_fit(weights, LARGEST_BODY)]
        records = _records(connection, feed, page, sizes)
        hashes = _hashes(connection, feed, page)
        older = _begun_by(connection, feed, {each.entry.stream for each in page}, since) if since else ()
    return Pulled(feed, tuple(page), tuple(records), head, hashes, FOLD_VERSION, storage.run, older)


def how_many_fit(weights: list[int], room: int) -> int:
    """How many from the beginning stay within `room`; at least one, so that a reader always gets on."""
    return max(1, sum(total <= room for total in accumulate(weights)))


def stream_state(storage: Storage, desk: KnownDesk, stream: str) -> State:
    """The folded state of a stream of the desk's feeds; raises RuleError('stream.unknown')."""
    with storage.reader.begin() as connection:
        return states.look_up(connection, desk.feeds, stream)


def _hashes(connection: Connection, feed: str, page: list[Placed]) -> dict[str, str]:
    if not page:
        return {}
    return states.hashes(connection, feed, {each.entry.stream for each in page}, page[-1].place)


def _named(page: Iterable[Placed]) -> list[str]:
    """The records that the entries of a page seal."""
    return list(dict.fromkeys(each for placed in page for each in placed.entry.seals))


def _sizes(connection: Connection, feed: str, ids: list[str]) -> dict[str, int]:
    """For each record that is still there, how much it weighs on the wire; no box is read for that."""
    weight = func.length(record.c.id) + func.length(record.c.stream) + func.length(record.c.box) * 4 / 3
    return {
        row.id: int(row.weight)
        for some in in_parts(ids)
        for row in connection.execute(
            select(record.c.id, weight.label("weight")).where(record.c.feed == feed, record.c.id.in_(some))
        )
    }


def _weight(entry: Entry, sizes: dict[str, int]) -> int:
    return sum(sizes.get(each, 0) for each in entry.seals)


def _records(
    connection: Connection, feed: str, page: list[Placed], sizes: dict[str, int]
) -> list[SealedRecord]:
    """The records that a page names; what is erased comes without key and box."""
    stream_of = {each: placed.entry.stream for placed in page for each in placed.entry.seals}
    found = []
    for some in in_parts([each for each in stream_of if each in sizes]):
        rows = connection.execute(select(record).where(record.c.feed == feed, record.c.id.in_(some)))
        found += [SealedRecord(row.id, row.stream, row.key, row.box) for row in rows]
    for some in in_parts([each for each in stream_of if each not in sizes]):
        gone = erased_among(connection, feed, some)
        found += [SealedRecord(each, stream_of[each], b"", b"") for each in some if each in gone]
    return found


def _begun_by(connection: Connection, feed: str, streams: Iterable[str], place: int) -> tuple[str, ...]:
    """Those of the streams that had an entry which counts at a place or before it."""
    found: list[str] = []
    counts = entries.c.standing != Standing.REFUSED.value
    for some in in_parts(streams):
        early = select(entries.c.stream).where(
            entries.c.feed == feed, entries.c.stream.in_(some), entries.c.place + 0 <= place, counts
        )
        found += connection.scalars(early.distinct())
    return tuple(sorted(found))
