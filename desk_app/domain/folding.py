"""One pure function folds a stream's entries into its state, step by step from any stored state.

Desk and central service call the same function; folding on from a stored state equals folding from scratch.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import msgspec

from desk_app.domain.entries import STANDS, Entry, Standing, Verdict, stream_kind
from desk_app.domain.entries import contested as contest
from desk_app.domain.facts import ContestSettled, Doing, Fact, Permission, Unknown

FOLD_VERSION = 4
RESTED_ON_CONTESTED = "permission.contested"


class Mark(msgspec.Struct, frozen=True):
    """What an entry wanted or did: its id, its kind, by whom, when (desk time), which item, in one word."""

    entry: str
    kind: str
    person: str = ""
    at: int = 0
    item: int = 0
    detail: str = ""


class Contest(Mark, frozen=True):
    """An entry that does not stand, or rests on one that does not: why (a code), and what stands instead.

    rests_on: the contested permission it relied on; empty where it is contested for itself.
    """

    reason: str = ""
    stands: Mark | None = None
    rests_on: str = ""


class Incident(Mark, frozen=True):
    """Something done in the world whose permission does not stand; it counts, and somebody has to look."""

    rests_on: str = ""


class State(msgspec.Struct, frozen=True, kw_only=True):
    """What every stream's state has.

    contests: all there ever were, see `open_contests`; granted: what a permission is about → the last that
    stands; settled: entry → way of `ContestSettled`; newer: how many entries a newer version wrote.
    """

    contests: tuple[Contest, ...] = ()
    incidents: tuple[Incident, ...] = ()
    granted: dict[str, Mark] = {}
    settled: dict[str, str] = {}
    newer: int = 0


Apply = Callable[[Any, Any, Entry], Any]
Excludes = Callable[[Any, Any], str]

STATES: dict[str, type[State]] = {}
_APPLY: dict[tuple[str, type[Fact]], Apply] = {}
_EXCLUDES: dict[tuple[str, type[Fact]], Excludes] = {}
_KEEPS: dict[str, Apply] = {}

S = TypeVar("S", bound=type[State])


def folds_into(kind: str) -> Callable[[S], S]:
    """Declare the state class of a kind of stream."""

    def register(cls: S) -> S:
        STATES[kind] = cls
        return cls

    return register


def applies(kind: str, fact: type[Fact]) -> Callable[[Apply], Apply]:
    """Declare how a fact changes the state of this kind of stream."""

    def register(function: Apply) -> Apply:
        _APPLY[kind, fact] = function
        return function

    return register


def excludes(kind: str, fact: type[Permission]) -> Callable[[Excludes], Excludes]:
    """Declare what a permission must meet: a function state, fact → code of what excludes it, or `""`."""

    def register(function: Excludes) -> Excludes:
        _EXCLUDES[kind, fact] = function
        return function

    return register


def keeps(kind: str) -> Callable[[Apply], Apply]:
    """Declare how this kind of stream remembers a permission that is contested and grants nothing."""

    def register(function: Apply) -> Apply:
        _KEEPS[kind] = function
        return function

    return register


def empty(stream: str) -> State:
    """The state of a stream before its first entry; streams of an unknown kind keep a bare state."""
    return STATES.get(stream_kind(stream), State)()


def judge(state: State, entry: Entry) -> Verdict:
    """The standing an entry has when it comes next in the home order."""
    return _judged(state, entry, entry.fact())


def judge_and_fold(state: State, entry: Entry) -> tuple[Verdict, State]:
    """The standing an entry has when it comes next in the home order, and the state after it."""
    fact = entry.fact()
    verdict = _judged(state, entry, fact)
    return verdict, _folded(state, entry, fact, verdict)


def _judged(state: State, entry: Entry, fact: Fact) -> Verdict:
    rule = _EXCLUDES.get((stream_kind(entry.stream), type(fact)))
    reason = rule(state, fact) if rule else ""
    if not reason and _relied_on(state, fact):
        reason = RESTED_ON_CONTESTED
    return contest(reason) if reason else STANDS


def fold(state: State, entry: Entry, verdict: Verdict | None = None) -> State:
    """The state after an entry; without the central service's verdict the entry is judged here."""
    verdict = verdict or judge(state, entry)
    if verdict.standing is Standing.REFUSED:  # its data may make no sense
        return state
    return _folded(state, entry, entry.fact(), verdict)


def _folded(state: State, entry: Entry, fact: Fact, verdict: Verdict) -> State:
    if isinstance(fact, Unknown):
        return msgspec.structs.replace(state, newer=state.newer + 1)
    if isinstance(fact, ContestSettled):
        if fact.entry in state.settled:
            return state
        state = msgspec.structs.replace(state, settled={**state.settled, fact.entry: fact.way})
    if verdict.standing is Standing.CONTESTED:
        state = _contested(state, fact, entry, verdict.reason)
        if isinstance(fact, Permission):
            return _apply(_KEEPS.get(stream_kind(entry.stream)), state, fact, entry)
    elif isinstance(fact, Permission):
        granted = {**state.granted, claim(entry.kind, _item(fact)): _mark(fact, entry)}
        state = msgspec.structs.replace(state, granted=granted)
    return _apply(_APPLY.get((stream_kind(entry.stream), type(fact))), state, fact, entry)


def _apply(apply: Apply | None, state: State, fact: Fact, entry: Entry) -> State:
    result: State = apply(state, fact, entry) if apply else state
    return result


def claim(kind: str, item: int) -> str:
    """What a permission is about: others of its kind for the same item exclude it."""
    return f"{kind}/{item}"


def open_contests(state: State) -> tuple[Contest, ...]:
    """What does not count and nobody has settled; what rests on a contest is settled with it."""
    return tuple(each for each in state.contests if not {each.entry, each.rests_on} & state.settled.keys())


def to_decide(state: State) -> tuple[Contest, ...]:
    """The open contests that are settled for themselves: not what rests on another, and nothing done."""
    doings = {each.entry for each in state.incidents}
    return tuple(each for each in open_contests(state) if not each.rests_on and each.entry not in doings)


def open_incidents(state: State) -> tuple[Incident, ...]:
    """The incidents nobody has said to have seen."""
    return tuple(each for each in state.incidents if each.entry not in state.settled)


def _contested(state: State, fact: Fact, entry: Entry, reason: str) -> State:
    mark, relied = _mark(fact, entry), _relied_on(state, fact)
    root = (relied.rests_on or relied.entry) if relied else ""
    stands = relied.stands if relied else state.granted.get(claim(entry.kind, mark.item))
    fields = msgspec.structs.asdict(mark)
    found = Contest(**fields, reason=reason, stands=stands, rests_on=root)
    state = msgspec.structs.replace(state, contests=(*state.contests, found))
    if isinstance(fact, Doing):
        happened = Incident(**fields, rests_on=root)
        state = msgspec.structs.replace(state, incidents=(*state.incidents, happened))
    return state


def _relied_on(state: State, fact: Fact) -> Contest | None:
    """The contested permission a fact rests on."""
    named = getattr(fact, "relies_on", ())
    return next((each for each in state.contests if each.entry in named), None)


def _mark(fact: Fact, entry: Entry) -> Mark:
    detail = fact.wants if isinstance(fact, Permission) else ""
    return Mark(str(entry.id), entry.kind, entry.person, entry.at, _item(fact), detail)


def _item(fact: Fact) -> int:
    item: int = getattr(fact, "item", 0)
    return item


def fold_all(stream: str, entries: Iterable[tuple[Entry, Verdict | None]]) -> State:
    """The state of a stream from scratch."""
    state = empty(stream)
    for entry, verdict in entries:
        state = fold(state, entry, verdict)
    return state


def freeze(state: State) -> bytes:
    """The state's bytes: equal states have equal bytes on every desk of the same `FOLD_VERSION`."""
    return msgspec.msgpack.encode(state, order="deterministic")


def thaw(stream: str, frozen: bytes) -> State:
    """The state that `freeze` wrote."""
    return msgspec.msgpack.decode(frozen, type=STATES.get(stream_kind(stream), State))


def state_hash(state: State) -> str:
    """Hex SHA-256 of the state's bytes."""
    return hash_of(freeze(state))


def hash_of(frozen: bytes) -> str:
    """Hex SHA-256 of what `freeze` wrote."""
    return hashlib.sha256(frozen).hexdigest()
