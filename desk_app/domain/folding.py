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
from desk_app.domain.facts import Fact, Permission, Unknown

FOLD_VERSION = 1


class Contest(msgspec.Struct, frozen=True):
    """A permission that does not stand: the entry's id, its kind, and why (a code)."""

    entry: str
    kind: str
    reason: str


class State(msgspec.Struct, frozen=True, kw_only=True):
    """What every stream's state has: contested permissions and how many entries a newer version wrote."""

    contests: tuple[Contest, ...] = ()
    newer: int = 0


Apply = Callable[[Any, Any, Entry], Any]
Excludes = Callable[[Any, Any], str]

STATES: dict[str, type[State]] = {}
_APPLY: dict[tuple[str, type[Fact]], Apply] = {}
_EXCLUDES: dict[tuple[str, type[Fact]], Excludes] = {}

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


def empty(stream: str) -> State:
    """The state of a stream before its first entry; streams of an unknown kind keep a bare state."""
    return STATES.get(stream_kind(stream), State)()


def judge(state: State, entry: Entry) -> Verdict:
    """The standing an entry has when it comes next in the home order."""
    fact = entry.fact()
    rule = _EXCLUDES.get((stream_kind(entry.stream), type(fact)))
    reason = rule(state, fact) if rule else ""
    return contest(reason) if reason else STANDS


def fold(state: State, entry: Entry, verdict: Verdict | None = None) -> State:
    """The state after an entry; without the central service's verdict the entry is judged here."""
    verdict = verdict or judge(state, entry)
    if verdict.standing is Standing.REFUSED:  # its data may make no sense
        return state
    fact = entry.fact()
    if isinstance(fact, Unknown):
        return msgspec.structs.replace(state, newer=state.newer + 1)
    if verdict.standing is Standing.CONTESTED:
        mark = Contest(str(entry.id), entry.kind, verdict.reason)
        state = msgspec.structs.replace(state, contests=(*state.contests, mark))
        if isinstance(fact, Permission):
            return state
    apply = _APPLY.get((stream_kind(entry.stream), type(fact)))
    result: State = apply(state, fact, entry) if apply else state
    return result


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
