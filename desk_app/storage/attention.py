"""What of the journal a person has to look at: what waits, what does not count, what differed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, Select, func, select, text

from desk_app.domain.entries import Entry, Standing
from desk_app.domain.folding import State
from desk_app.storage import journal
from desk_app.storage import tables as t

_WAITING = text(
    "SELECT stream, json_extract(CAST(body AS TEXT), '$.kind') AS kind, count(*) AS entries,"
    " min(json_extract(CAST(body AS TEXT), '$.at')) AS at"
    " FROM entry WHERE feed IN (SELECT feed FROM cursor) AND acknowledged = 0"
    " GROUP BY stream, kind ORDER BY at, stream, kind LIMIT :limit"
)
DIFFERS = "state.differs"


@dataclass(frozen=True, slots=True)
class WaitingRecord:
    """Entries of one kind in one stream that the central service does not have; at: the oldest (µs UTC)."""

    stream: str
    kind: str
    count: int
    at: int


@dataclass(frozen=True, slots=True)
class RefusedRecord:
    entry: Entry
    reason: str


@dataclass(frozen=True, slots=True)
class IncidentRecord:
    """A stream whose state was not that of the central service at a place of its feed."""

    code: str
    feed: str
    stream: str
    place: int

    @property
    def name(self) -> str:
        """By what a settlement in the stream names it."""
        return f"{self.code}@{self.place}"


def waiting(connection: Connection, limit: int) -> tuple[WaitingRecord, ...]:
    """What waits for the central service, by stream and kind, oldest first."""
    rows = connection.execute(_WAITING, {"limit": limit})
    return tuple(WaitingRecord(row.stream, row.kind, row.entries, row.at) for row in rows)


def streams(connection: Connection, limit: int) -> dict[str, State]:
    """The visible states of streams with open contests or incidents."""
    found = select(t.attention_row.c.stream)
    found = found.where((t.attention_row.c.contests > 0) | (t.attention_row.c.incidents > 0))
    names = connection.execute(found.order_by(t.attention_row.c.stream).limit(limit)).scalars()
    return journal.visible_states(connection, list(names))


def count(connection: Connection) -> int:
    """How much there is that somebody has to decide or to have seen; states that differed are in it."""
    rows = t.attention_row.c
    query = select(func.coalesce(func.sum(rows.contests + rows.incidents), 0))
    marked = int(connection.execute(query).scalar_one())
    return marked + len(refused(connection)) + len(differing(connection))


def count_newer(connection: Connection) -> int:
    """How many entries a newer version of the program wrote."""
    query = select(func.coalesce(func.sum(t.attention_row.c.newer), 0))
    return int(connection.execute(query).scalar_one())


def refused(connection: Connection) -> tuple[RefusedRecord, ...]:
    """The refused entries nobody has said to have seen, in the order they came."""
    query: Select[tuple[bytes, str]] = select(t.entry.c.body, t.entry.c.reason)
    query = query.where(t.entry.c.standing == Standing.REFUSED.value).order_by(
        t.entry.c.feed, t.entry.c.place
    )
    found = [RefusedRecord(journal.decode(row.body), row.reason) for row in connection.execute(query)]
    desks = journal.visible_states(connection, {f"desk/{each.entry.desk}" for each in found})
    seen = {name for state in desks.values() for name in state.settled}
    return tuple(each for each in found if str(each.entry.id) not in seen)


def differing(connection: Connection) -> tuple[IncidentRecord, ...]:
    """States that differ from those of the central service, and nobody has said to have seen."""
    found = [each for each in incidents(connection) if each.code == DIFFERS]
    states = journal.visible_states(connection, {each.stream for each in found})
    empty = State()
    return tuple(each for each in found if each.name not in states.get(each.stream, empty).settled)


def incidents(connection: Connection) -> Iterator[IncidentRecord]:
    """All that ever differed, mended or not."""
    rows = connection.execute(select(t.incident).order_by(t.incident.c.feed, t.incident.c.place))
    for row in rows:
        yield IncidentRecord(row.code, row.feed, row.stream, row.place)


def provisional(connection: Connection, names: list[str]) -> frozenset[str]:
    """Those of the streams of which something shows that the central service has not confirmed."""
    differs = t.state.c.visible.is_not(None)
    query = select(t.state.c.stream).where(t.state.c.stream.in_(names), differs)
    return frozenset(connection.execute(query).scalars())
