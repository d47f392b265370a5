"""Streams that come as states instead of their entries: in a first load, and those asked for by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, bindparam, delete, or_, select, update
from sqlalchemy.dialects.sqlite import insert

from desk_app import vault
from desk_app.domain.batches import FrozenState, Receipt, SealedRecord, Snapshot
from desk_app.domain.cases import Case
from desk_app.domain.folding import FOLD_VERSION
from desk_app.storage import journal, sealed_records
from desk_app.storage import tables as t
from desk_app.storage.journal import Held
from desk_app.storage.named import batched

ASKED_AT_ONCE = 200

_AT_FEED = t.cursor.c.feed == bindparam("at_feed")
_BEGIN = (
    update(t.cursor)
    .where(_AT_FEED)
    .values(
        place=bindparam("head"),
        loaded_to=bindparam("head"),
        load_from=bindparam("head"),
        run=bindparam("of_run"),
    )
)
_GO_ON = update(t.cursor).where(_AT_FEED).values(load_from=bindparam("next"))
_COVERED = (
    update(t.entry)
    .where(t.entry.c.feed == bindparam("at_feed"), t.entry.c.place.is_(None), t.entry.c.acknowledged == 1)
    .values(place=0)
)
_LOADED_TO = select(t.cursor.c.loaded_to).where(_AT_FEED)
_BASE = insert(t.base)
_BASE = _BASE.on_conflict_do_update(
    index_elements=["stream"],
    set_={name: _BASE.excluded[name] for name in ("feed", "place", "fold_version", "frozen", "came_at")},
)
_RECORDS_OF = select(t.record.c.id).where(t.record.c.stream.in_(bindparam("streams", expanding=True)))
_FILE = insert(t.file).on_conflict_do_nothing()


def begin(connection: Connection, feed: str, head: int, run: str) -> None:
    """From now on entries behind the place `head` come, and for what was before it states do.

    What the central service has of this desk's entries counts in those states.
    """
    connection.execute(_COVERED, {"at_feed": feed})
    connection.execute(_BEGIN, {"at_feed": feed, "head": head, "of_run": run})


def cover(connection: Connection, desk: str, feed: str, receipts: Sequence[Receipt]) -> set[str]:
    """What was at the central service before the load counts in states, also where its receipt came after.

    Returns the streams of which something else shows now.
    """
    loaded_to = connection.execute(_LOADED_TO, {"at_feed": feed}).scalar_one()
    numbers = [each.number for each in receipts if each.place <= loaded_to]
    if not numbers:
        return set()
    among = (t.entry.c.feed == feed) & (t.entry.c.desk == desk) & t.entry.c.number.in_(numbers)
    counted = update(t.entry).where(among, t.entry.c.place.is_(None)).values(place=0)
    streams = set(connection.execute(counted.returning(t.entry.c.stream)).scalars())
    journal.show(connection, dict.fromkeys(streams, feed), journal.held(connection, streams))
    return streams


def go_on(connection: Connection, feed: str, up_to: int) -> None:
    """A page has come whole; the next one begins at `up_to`, 0: it was the last."""
    connection.execute(_GO_ON, {"at_feed": feed, "next": up_to})


def take(connection: Connection, page: Snapshot, at: int) -> tuple[set[str], bool]:
    """Keep the states of a page that say more than what is here.

    Returns the streams that changed, and whether records of them went, as they were erased meanwhile.
    at: desk time in µs UTC. What is here of the entries after a state is folded on top of it.
    """
    known = journal.held(connection, [each.stream for each in page.states])
    fresh = {
        each.stream: each
        for each in page.states
        if each.stream not in known or known[each.stream].place < each.place
    }
    forget_wanted(connection, [each.stream for each in page.states])
    if not fresh:
        return set(), False
    _keep_bases(connection, page.feed, fresh.values(), at)
    _keep_records(connection, [each for each in page.records if each.stream in fresh])
    held = journal.folded_from_scratch(connection, fresh)
    _expect_files(connection, page.feed, held)
    journal.show(connection, dict.fromkeys(fresh, page.feed), held)
    return set(fresh), _forget_erased(connection, fresh, {each.id for each in page.records})


def forget_wanted(connection: Connection, streams: Sequence[str]) -> None:
    """These streams were asked for, and there is nothing more to ask."""
    for some in batched(streams):
        connection.execute(delete(t.wanted).where(t.wanted.c.stream.in_(some)))


def wanted(connection: Connection) -> dict[str, tuple[str, ...]]:
    """For each feed: streams whose states have to be asked for, some of them."""
    found: dict[str, tuple[str, ...]] = {}
    for row in connection.execute(select(t.wanted).order_by(t.wanted.c.stream).limit(ASKED_AT_ONCE)):
        found[row.feed] = (*found.get(row.feed, ()), row.stream)
    return found


def of_other_version(connection: Connection) -> tuple[str, ...]:
    """The feeds of which states are here that another version folded: they have to come anew."""
    version = t.base.c.fold_version  # two ranges of its index; all that is not equal would be every row
    other = or_(version < FOLD_VERSION, version > FOLD_VERSION)
    query = select(t.base.c.feed).where(other, t.base.c.place > 0).distinct()
    return tuple(sorted(connection.execute(query).scalars()))


def _keep_bases(connection: Connection, feed: str, states: Iterable[FrozenState], at: int) -> None:
    came = {"feed": feed, "fold_version": FOLD_VERSION, "came_at": at}
    rows = [{"stream": each.stream, "place": each.place, "frozen": each.frozen, **came} for each in states]
    connection.execute(_BASE, rows)


def _keep_records(connection: Connection, records: Iterable[SealedRecord]) -> None:
    """Keep records under what they hold, as the entries that committed to it are not here."""
    opened = [(each, vault.committed(each.id, each.key, each.box)) for each in records]
    sealed_records.keep(connection, [(each, commitment) for each, commitment in opened if commitment])


def _forget_erased(connection: Connection, fresh: Mapping[str, FrozenState], came: set[str]) -> bool:
    """Records that did not come with their state are erased, but those of entries after it; whether any are.

    They are not listed as erased: where an older copy of the service has lost them, they come again.
    """
    here = {
        name
        for some in batched(fresh)
        for name in connection.execute(_RECORDS_OF, {"streams": some}).scalars()
    }
    gone = here - came
    if not gone:
        return False
    later = (t.entry.c.place.is_(None)) | (t.entry.c.place > 0)
    for some in batched(fresh):
        rows = connection.execute(select(t.entry).where(t.entry.c.stream.in_(some), later))
        for row in rows:
            if row.place is None or row.place > fresh[row.stream].place:
                gone -= journal.decode(row.body).seals.keys()
    sealed_records.forget(connection, gone)
    return bool(gone)


def _expect_files(connection: Connection, feed: str, held: Mapping[str, Held]) -> None:
    """The photographs that states name are to be fetched, as if their entries had come."""
    rows = [
        {"address": photo.file, "record": photo.record, "feed": feed, "stream": stream}
        for stream, each in held.items()
        if isinstance(each.state, Case)
        for item in each.state.items
        for photo in item.photos
    ]
    if rows:
        connection.execute(_FILE, rows)
