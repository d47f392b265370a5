"""The promises of docs/protocol.md, each checked when all is quiet; a check tells what does not hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from acts import BEYOND_EVERY_READER
from moments import CentralMoment, DeskMoment, Line, central_moment, desk_moment, lookups, own_entries
from world import World, is_even

from desk_app.domain.cases import Case
from desk_app.domain.codes import done_at
from desk_app.domain.entries import Standing, Verdict
from desk_app.domain.folding import State, fold, freeze, judge, thaw
from desk_app.domain.folding import empty as empty_state
from desk_app.domain.parcels import Parcel, parcel_stream
from desk_app.storage import sealed_records

SKEW_TOLERATED = 60_000_000
RESTED = "permission.contested"
CONTESTED, REFUSED, STANDS = (each.value for each in (Standing.CONTESTED, Standing.REFUSED, Standing.STANDS))


class Quiet:
    """A world at rest. `desks`: those that the central service takes."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.computers = [desk for desk in world.desks if not desk.is_forked]
        self.central: CentralMoment = central_moment(world.centre.storage)
        self.desks: list[DeskMoment] = [desk_moment(desk) for desk in self.computers]
        self.refused_twins = [desk_moment(desk) for desk in world.desks if desk.is_forked]

    @cached_property
    def may_leave(self) -> set[str]:
        """Cases that are done with, their parcels and customers, where they leave soon."""
        if not self.world.loads_states:
            return set()
        states = {stream: state for stream, (state, _) in self.folded.items()}
        done = {stream: each for stream, each in states.items() if isinstance(each, Case) and done_at(each)}
        parcels = {parcel_stream(waybill) for case in done.values() for waybill in case.parcels}
        return {*done, *parcels, *(case.customer for case in done.values())}

    def has_left(self, desk: DeskMoment, stream: str) -> bool:
        return stream in self.may_leave and stream not in desk.states

    @cached_property
    def contested(self) -> list[Line]:
        return [line for line in self.central.lines() if line.standing == CONTESTED]

    @cached_property
    def refused(self) -> list[Line]:
        return [line for line in self.central.lines() if line.standing == REFUSED]

    @cached_property
    def newer(self) -> list[Line]:
        kinds = ("case.scored", "case.noted")
        return [
            line
            for line in self.central.lines()
            if line.entry.kind == kinds[0] or (line.entry.kind == kinds[1] and line.entry.schema > 1)
        ]

    @cached_property
    def folded(self) -> dict[str, tuple[State, list[str]]]:
        """Each stream from scratch, judged anew; and where the stored verdict is another one."""
        found: dict[str, tuple[State, list[str]]] = {}
        for line in self.central.lines():
            state, wrong = found.get(line.entry.stream, (empty_state(line.entry.stream), []))
            verdict = Verdict(Standing(line.standing), line.reason)
            if line.standing != REFUSED and judge(state, line.entry) != verdict:
                wrong.append(f"{line.entry.id} is {line.standing}, but should not")
            found[line.entry.stream] = fold(state, line.entry, verdict), wrong
        return found


Check = Callable[[Quiet], Iterator[str]]


@dataclass(frozen=True)
class Promise:
    """A promise's number in docs/protocol.md, its check, and whether a run put it to the test."""

    number: int
    check: Check
    is_tried: Callable[[Quiet], bool] = lambda quiet: True


def nothing_is_lost(quiet: Quiet) -> Iterator[str]:
    there = {line.entry.act: line.entry for line in quiet.central.lines()}
    kept = {entry.act: entry for twin in quiet.refused_twins for entry in twin.waiting}
    for desk in quiet.world.desks:
        for act, entry in desk.acked.items():
            found = there.get(act) or (kept.get(act) if desk.has_twin else None)
            if found != entry:
                yield f"{entry.kind} {entry.id} of desk {desk.name} is lost"


def once_each(quiet: Quiet) -> Iterator[str]:
    acts = Counter(line.entry.act for line in quiet.central.lines())
    yield from (f"{act} is there {count} times" for act, count in acts.items() if count > 1)
    for stream, (*sums, arrivals) in _sums(quiet).items():
        for desk in quiet.desks:
            if quiet.has_left(desk, stream):
                continue
            state = thaw(stream, desk.states[stream]) if stream in desk.states else empty_state(stream)
            if isinstance(state, Case):
                repair = state.items[0].repair if state.items else None
                worked, used = (repair.minutes, len(repair.parts)) if repair else (0, 0)
                if [worked, len(state.notes), used] != sums:
                    yield f"{stream} on {desk.name} counts {worked, len(state.notes), used}, not {sums}"
            elif isinstance(state, Parcel) and state.arrivals != arrivals:
                yield f"{stream} on {desk.name} arrived {state.arrivals} times, not {arrivals}"


def _sums(quiet: Quiet) -> dict[str, tuple[int, int, int, int]]:
    """For each stream, from its acts and not from a fold: minutes, notes, parts and arrivals.

    Work on goods counts from where the order names the goods; only after the central service was put back to
    an older copy can it come before that, as each desk hands its own over again.
    """
    sums: dict[str, tuple[int, int, int, int]] = {}
    goods: set[str] = set()
    for entry in {line.entry.act: line.entry for line in quiet.central.lines()}.values():
        minutes, notes, parts, arrivals = sums.get(entry.stream, (0, 0, 0, 0))
        if entry.kind == "item.added":
            goods.add(entry.stream)
        if entry.kind == "repair.worked" and entry.data["minutes"] < BEYOND_EVERY_READER:
            minutes += entry.data["minutes"] * (entry.stream in goods)
        notes += entry.kind == "case.noted" and entry.schema == 1
        parts += entry.kind == "repair.part_used" and entry.stream in goods
        arrivals += entry.kind == "parcel.arrived"
        sums[entry.stream] = minutes, notes, parts, arrivals
    return sums


def the_same_state(quiet: Quiet) -> Iterator[str]:
    scratch = {stream: freeze(state) for stream, (state, _) in quiet.folded.items()}
    known = quiet.central.states
    for stream, frozen in scratch.items():
        if stream in known and known[stream] != frozen:
            yield f"the central service's {stream} is not what its order gives"
        for desk in quiet.desks:
            if quiet.has_left(desk, stream):
                continue
            if desk.states.get(stream) != frozen:
                yield f"{stream} on {desk.name} is not what the order gives"
            elif desk.visible[stream] != frozen:
                yield f"{stream} on {desk.name} shows something else"
    for desk in quiet.desks:
        yield from (
            f"{desk.name} has {stream}, nobody else" for stream in desk.states.keys() - scratch.keys()
        )


def no_false_incident(quiet: Quiet) -> Iterator[str]:
    spoilt = {(desk.name, stream) for desk, stream in quiet.world.spoilt}
    for desk in quiet.desks:
        for code, stream in desk.incidents:
            if (desk.name, stream) not in spoilt or code != "state.mended":
                yield f"an incident {code} of {stream} on {desk.name}"


def look_ups_are_those_of_the_journal(quiet: Quiet) -> Iterator[str]:
    for desk in quiet.computers:
        before = lookups(desk)
        desk.store.rebuild()
        after = lookups(desk)
        for table in (table for table in before if before[table] != after[table]):
            yield f"{table} on {desk.name} is out of date"


def none_is_skipped(quiet: Quiet) -> Iterator[str]:
    for feed, lines in quiet.central.feeds.items():
        if [line.place for line in lines] != list(range(1, len(lines) + 1)):
            yield f"the places of {feed} have gaps"
        told = [(line.place, line.entry.desk, line.entry.number, line.body) for line in lines]
        for desk in quiet.desks:
            if not desk.loaded[feed] and [line[:4] for line in desk.feeds[feed]] != told:
                yield f"{feed} on {desk.name} is another one"
            if not {line[:4] for line in desk.feeds[feed]} <= set(told):
                yield f"{feed} on {desk.name} is another one"
            if desk.cursors[feed] != len(lines):
                yield f"the cursor of {desk.name} in {feed} is not at its end"


def permissions_exclude(quiet: Quiet) -> Iterator[str]:
    yield from _standing_together(quiet)
    for _, wrong in quiet.folded.values():
        yield from wrong
    for line in quiet.contested:
        for desk in quiet.desks:
            if quiet.has_left(desk, line.entry.stream):
                continue
            if not line.reason or line.reason not in _contests(desk, line):
                yield f"{desk.name} does not show the contested {line.entry.id}"
            came = line.place > desk.loaded[line.entry.feed]
            if came and (line.place, CONTESTED, line.reason) not in _verdicts(desk, line.entry.feed):
                yield f"{desk.name} has another verdict on {line.entry.id}"


def _standing_together(quiet: Quiet) -> Iterator[str]:
    goods: dict[str, Goods] = {}
    for line in quiet.central.lines():
        stream = line.entry.stream
        if line.entry.kind == "item.added":
            goods[stream] = Goods()
        elif stream in goods and line.standing != REFUSED:
            yield from (f"two {what} of {stream} stand" for what in goods[stream].happens(line))


@dataclass
class Goods:
    """The item of a case by the words of the rules, not by their code.

    contested: what does not count and rests on nothing else that does not, as id → kind.
    """

    disposed: str = "repair"
    waits_for_check: bool = False
    passed: bool = False
    left: bool = False
    contested: dict[str, str] = field(default_factory=dict)
    settled: set[str] = field(default_factory=set)

    def happens(self, line: Line) -> Iterator[str]:
        """Go on by one entry; tells what stands though it may not."""
        entry = line.entry
        if line.standing == CONTESTED and line.reason != RESTED:
            self.contested[str(entry.id)] = entry.kind
        if entry.kind == "item.disposed" and line.standing == STANDS:
            if self.disposed not in ("repair", entry.data["disposition"]):
                yield "dispositions"
            self.disposed = entry.data["disposition"]
        elif entry.kind == "repair.checked" and line.standing == STANDS:
            if not self.waits_for_check:
                yield "second checks"
            self.waits_for_check, self.passed = False, entry.data["passed"]
        elif entry.kind in ("repair.finished", "repair.diagnosed", "item.handed_over"):
            self.waits_for_check, self.passed = entry.kind == "repair.finished", False
            self.left |= entry.kind == "item.handed_over"
        elif entry.kind == "contest.settled":
            self._settle(entry.data["entry"], entry.data["way"])

    def _settle(self, contested: str, way: str) -> None:
        """The first word about what does not count is the one that counts; `anew` opens the decision."""
        is_first = contested not in self.settled
        self.settled.add(contested)
        if not is_first or way != "anew" or self.left:
            return
        if self.contested.get(contested) == "item.disposed":
            self.disposed = "repair"
        elif self.contested.get(contested) == "repair.checked" and self.passed:
            self.waits_for_check, self.passed = True, False


def _contests(desk: DeskMoment, line: Line) -> list[str]:
    if line.entry.stream not in desk.states:
        return []
    state = thaw(line.entry.stream, desk.states[line.entry.stream])
    return [contest.reason for contest in state.contests if contest.entry == str(line.entry.id)]


def _verdicts(desk: DeskMoment, feed: str) -> set[tuple[int, str, str]]:
    return {(place, standing, reason) for place, _, _, _, standing, reason in desk.feeds[feed]}


def clocks_do_no_harm(quiet: Quiet) -> Iterator[str]:
    for lines in quiet.central.feeds.values():
        by_desk: dict[str, int] = {}
        for line in lines:
            if line.entry.number != by_desk.get(line.entry.desk, 0) + 1:
                yield f"{line.entry.id} is out of its desk's order"
            by_desk[line.entry.desk] = line.entry.number
    for desk in quiet.computers:
        if abs(desk.loop._exchange.skew + desk.offset_greeted) > SKEW_TOLERATED:
            yield f"desk {desk.name} shows a skew of {desk.loop._exchange.skew}, not {-desk.offset_greeted}"


def versions_live_together(quiet: Quiet) -> Iterator[str]:
    newer = Counter(line.entry.stream for line in quiet.newer)
    for desk in quiet.desks:
        for stream, count in newer.items():
            state = thaw(stream, desk.states[stream]) if stream in desk.states else None
            if quiet.has_left(desk, stream):
                continue
            if state is None or state.newer != count:
                yield f"{desk.name} does not tell {count} newer entries of {stream}"


def one_feed_keeps_no_other_waiting(quiet: Quiet) -> Iterator[str]:
    """A desk that is refused, as it is a copy, still reads the feeds in which it is none."""
    for desk in (desk for desk in quiet.world.desks if desk.is_forked):
        moment, own = desk_moment(desk), own_entries(desk)
        for feed, lines in quiet.central.feeds.items():
            waits = any(entry.feed == feed for entry in moment.waiting)
            foreign = any(line.entry.desk in own and line.body not in own[line.entry.desk] for line in lines)
            if not waits and not foreign and moment.cursors[feed] != len(lines):
                yield f"{desk.name} does not read {feed}, in which nothing is wrong"


def the_refused_are_kept(quiet: Quiet) -> Iterator[str]:
    for line in quiet.refused:
        if line.reason != "entry.malformed":
            yield f"{line.entry.id} is refused for {line.reason!r}"
        for desk in quiet.desks:
            if line.place <= desk.loaded[line.entry.feed]:
                continue
            if (line.place, REFUSED, line.reason) not in _verdicts(desk, line.entry.feed):
                yield f"{desk.name} does not show why {line.entry.id} is refused"
    for line in quiet.central.lines():
        is_malformed = BEYOND_EVERY_READER in line.entry.data.values()
        if is_malformed != (line.standing == REFUSED):
            yield f"{line.entry.id} is {line.standing}"


def queues_drain(quiet: Quiet) -> Iterator[str]:
    heads = {feed: len(lines) for feed, lines in quiet.central.feeds.items()}
    for desk in quiet.computers:
        if not is_even(desk, heads):
            state = desk.states[-1] if desk.states else None
            yield f"desk {desk.name} did not come to rest: {state}"


def records_are_where_they_belong(quiet: Quiet) -> Iterator[str]:
    erased = {
        record
        for line in quiet.central.lines()
        if line.entry.kind == "records.erased" and line.standing == STANDS
        for record in line.entry.data["records"]
    }
    named = {
        record: line.entry.stream
        for line in quiet.central.lines()
        for record in line.entry.seals
        if record not in erased
    }
    places = [("central", quiet.central.records, set(named))]
    places += [(desk.name, desk.records, _kept(quiet, desk, named)) for desk in quiet.desks]
    for name, records, expected in places:
        if records & erased:
            yield f"{len(records & erased)} erased records are still at {name}"
        if missing := expected - records:
            yield f"{len(missing)} records are missing at {name}"
    yield from _unreadable(quiet, named)


def _kept(quiet: Quiet, desk: DeskMoment, named: dict[str, str]) -> set[str]:
    """The records of streams that have not left the desk."""
    return {record for record, stream in named.items() if not quiet.has_left(desk, stream)}


def _unreadable(quiet: Quiet, named: dict[str, str]) -> Iterator[str]:
    for computer, desk in zip(quiet.computers, quiet.desks, strict=True):
        with computer.store.read() as connection:
            for record in sorted(_kept(quiet, desk, named))[-3:]:
                if sealed_records.open_one(connection, record) is None:
                    yield f"a record cannot be read on {desk.name}"


def nothing_broke(quiet: Quiet) -> Iterator[str]:
    """No thread of the product ended and no request crashed, whatever happened."""
    yield from quiet.world.centre.bugs
    for desk in quiet.world.desks:
        yield from desk.bugs


def _clock_is_wrong(quiet: Quiet) -> bool:
    return any(desk.offset for desk in quiet.computers)


PROMISES = (
    Promise(9, queues_drain),
    Promise(1, nothing_is_lost),
    Promise(2, once_each),
    Promise(3, the_same_state),
    Promise(3, no_false_incident),
    Promise(4, none_is_skipped),
    Promise(5, permissions_exclude, lambda quiet: bool(quiet.contested)),
    Promise(6, clocks_do_no_harm, _clock_is_wrong),
    Promise(7, versions_live_together, lambda quiet: bool(quiet.newer)),
    Promise(8, one_feed_keeps_no_other_waiting, lambda quiet: bool(quiet.refused_twins)),
    Promise(8, the_refused_are_kept, lambda quiet: bool(quiet.refused)),
    Promise(1, records_are_where_they_belong),
    Promise(1, nothing_broke),
    Promise(3, look_ups_are_those_of_the_journal),
)


def broken(quiet: Quiet) -> list[str]:
    """What does not hold, each with its promise."""
    return [f"promise {promise.number}: {told}" for promise in PROMISES for told in promise.check(quiet)]


def tried(quiet: Quiet) -> set[int]:
    """The promises this run put to the test."""
    return {promise.number for promise in PROMISES if promise.is_tried(quiet)}
