"""What a person has to look at: what waits, what does not count and why, and the ways out of it."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future

from desk_app.domain.cases import Case
from desk_app.domain.contests import ANEW, KEPT, can_decide_anew
from desk_app.domain.devices import device_name
from desk_app.domain.entries import stream_kind
from desk_app.domain.facts import ContestSettled
from desk_app.domain.folding import Contest, Mark, State, open_contests, open_incidents, to_decide
from desk_app.domain.parcels import Parcel
from desk_app.domain.people import Actor
from desk_app.domain.people import Desk as DeskState
from desk_app.errors import RuleError
from desk_app.services.desk import Desk
from desk_app.services.views import AttentionView, ContestRow, SeenRow, Side, WaitingRow
from desk_app.storage import attention, journal, queries
from desk_app.storage.act import Act
from desk_app.storage.queries import Moment

MOST_ROWS = 100
MOST_CASES = 50


class Attention:
    """Reads what is behind the line's sign, and writes what a person says about it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def count(self) -> int:
        """How much there is that somebody has to decide or to have seen."""
        with self._desk.journal.read() as connection:
            return attention.count(connection)

    def view(self) -> AttentionView:
        """Everything, oldest first; of each at most what a person can look through."""
        with self._desk.journal.read() as connection:
            return _Reading(connection, self._desk_id()).view()

    def settle(self, stream: str, entry: str, way: str, item: int, by: Actor) -> Future[None]:
        """Say that somebody has seen what does not count, and how it goes on (`domain.contests`).

        Raises RuleError('contest.settled_already') where somebody was faster.
        """

        def decide(act: Act) -> None:
            state = act.state(stream)
            if entry in state.settled:
                raise RuleError("contest.settled_already")
            if way not in _ways(state, entry):
                raise RuleError("contest.cannot_be_reopened")
            act.add(stream, ContestSettled(entry, way, item))

        return self._desk.act(by, "contest.settle", decide)

    def _desk_id(self) -> str:
        identity = self._desk.journal.identity
        return identity.desk if identity else ""


def _ways(state: State, entry: str) -> tuple[str, ...]:
    """The ways out of an entry that does not count."""
    contest = next((each for each in state.contests if each.entry == entry), None)
    again = contest is not None and isinstance(state, Case) and can_decide_anew(state, contest)
    return (KEPT, ANEW) if again else (KEPT,)


class _Reading:
    """One look at the store."""

    def __init__(self, connection: Moment, desk: str) -> None:
        self._connection = connection
        self._desk = desk

    def view(self) -> AttentionView:
        states = attention.streams(self._connection, MOST_CASES)
        contests = [row for stream, state in states.items() for row in self._contests(stream, state)]
        incidents = [row for stream, state in states.items() for row in self._incidents(stream, state)]
        return AttentionView(
            waiting=self._waiting(),
            contests=tuple(sorted(contests, key=lambda row: row.wanted.at)),
            incidents=tuple(sorted(incidents, key=lambda row: row.at)),
            refused=self._refused(),
            differing=self._differing(),
            newer=attention.count_newer(self._connection),
        )

    def _waiting(self) -> tuple[WaitingRow, ...]:
        found = attention.waiting(self._connection, MOST_ROWS)
        names = self._names(row.stream for row in found)
        return tuple(WaitingRow(row.stream, names[row.stream], row.kind, row.count, row.at) for row in found)

    def _contests(self, stream: str, state: State) -> list[ContestRow]:
        opened = open_contests(state)
        people = self._people(mark.person for each in opened for mark in (each, each.stands) if mark)
        return [
            ContestRow(
                entry=each.entry,
                stream=stream,
                name=_name(state),
                item=each.item,
                reason=each.reason,
                wanted=self._side(each, people),
                stands=self._side(each.stands, people) if each.stands else None,
                rest=tuple(other.kind for other in opened if other.rests_on == each.entry),
                ways=_ways(state, each.entry),
            )
            for each in to_decide(state)
        ]

    def _side(self, mark: Mark, people: dict[str, str]) -> Side:
        person = people.get(mark.person, "")
        return Side(mark.kind, mark.detail, person, mark.at, _desk_of(mark.entry) == self._desk)

    def _incidents(self, stream: str, state: State) -> list[SeenRow]:
        people = self._people(each.person for each in state.incidents)
        contests: dict[str, Contest] = {each.entry: each for each in state.contests}
        return [
            SeenRow(
                entry=each.entry,
                stream=stream,
                name=_name(state),
                kind=each.kind,
                item=each.item,
                person=people.get(each.person, ""),
                at=each.at,
                reason=contests[each.rests_on or each.entry].reason,
            )
            for each in open_incidents(state)
        ]

    def _refused(self) -> tuple[SeenRow, ...]:
        found = attention.refused(self._connection)[:MOST_ROWS]
        names = self._names(each.entry.stream for each in found)
        people = self._people(each.entry.person for each in found)
        desks = journal.visible_states(self._connection, {f"desk/{each.entry.desk}" for each in found})
        return tuple(
            SeenRow(
                entry=str(each.entry.id),
                stream=f"desk/{each.entry.desk}",
                name=names[each.entry.stream],
                kind=each.entry.kind,
                item=0,
                person=people.get(each.entry.person, ""),
                at=each.entry.at,
                reason=each.reason,
                desk=_desk_name(desks.get(f"desk/{each.entry.desk}")),
            )
            for each in found
        )

    def _differing(self) -> tuple[SeenRow, ...]:
        found = attention.differing(self._connection)[:MOST_ROWS]
        names = self._names(each.stream for each in found)
        return tuple(
            SeenRow(each.name, each.stream, names[each.stream], stream_kind(each.stream), 0, "", 0, each.code)
            for each in found
        )

    def _names(self, streams: Iterable[str]) -> dict[str, str]:
        wanted = set(streams)
        states = journal.visible_states(self._connection, wanted)
        return {stream: _name(states.get(stream)) or device_name(stream) for stream in wanted}

    def _people(self, streams: Iterable[str]) -> dict[str, str]:
        return queries.names(self._connection, set(streams))


def _name(state: State | None) -> str:
    """By what people call a stream: a case by its number, a parcel by its waybill."""
    if isinstance(state, Case):
        return state.number
    return state.waybill if isinstance(state, Parcel) else ""


def _desk_name(state: State | None) -> str:
    return state.name if isinstance(state, DeskState) else ""


def _desk_of(entry: str) -> str:
    return entry.rsplit(":", 2)[-2]
