"""The entry: one act's mark in one stream, never changed and never deleted.

The envelope is fixed. Its id is (home feed, desk, number); its place in the home feed's order and the
verdict that goes with it are given by the central service and stand beside the entry, not in it.
"""

from __future__ import annotations

from enum import Enum
from typing import Any, NamedTuple

import msgspec

from desk_app.domain.facts import KIND_OF, KINDS, SCHEMA_OF, Fact, Unknown

COMMON = "common"
SALES = "sales"


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What happened, by whom, when; `at` is the desk's clock in microseconds UTC, a remark and no order.

    act: `<ULID>.<part>.<parts>`, so that the parts of one act in several feeds name each other.
    seals: id of a sealed record → its commitment (hex SHA-256 over salt and content).
    """

    feed: str
    stream: str
    desk: str
    number: int
    act: str
    schema: int
    person: str
    at: int
    kind: str
    data: dict[str, Any]
    seals: dict[str, str] = {}

    @property
    def id(self) -> EntryId:
        return EntryId(self.feed, self.desk, self.number)

    def fact(self) -> Fact:
        """The typed data; `Unknown` for a kind or schema of a newer version."""
        kind = KINDS.get(self.kind)
        if kind is None or self.schema > SCHEMA_OF[kind]:
            return Unknown(kind=self.kind)
        return msgspec.convert(self.data, kind)


class EntryId(NamedTuple):
    feed: str
    desk: str
    number: int

    def __str__(self) -> str:
        return f"{self.feed}:{self.desk}:{self.number}"


class Standing(Enum):
    """What became of an entry in the home order."""

    STANDS = "stands"
    CONTESTED = "contested"
    REFUSED = "refused"


class Verdict(msgspec.Struct, frozen=True):
    """Standing and, when it does not stand, why: a code of `desk_app.refusals.SENTENCES`."""

    standing: Standing
    reason: str = ""


STANDS = Verdict(Standing.STANDS)


def contested(reason: str) -> Verdict:
    """A permission that came later than one it excludes: kept, grants nothing, shown to a person."""
    return Verdict(Standing.CONTESTED, reason)


def refused(reason: str) -> Verdict:
    """An entry that cannot count: kept and passed on, folded nowhere, shown with its reason."""
    return Verdict(Standing.REFUSED, reason)


def data_of(fact: Fact) -> tuple[str, int, dict[str, Any]]:
    """Kind, schema version and plain data of a fact, as the envelope carries them."""
    return KIND_OF[type(fact)], SCHEMA_OF[type(fact)], msgspec.to_builtins(fact)


def canonical(entry: Entry) -> bytes:
    """The bytes that are hashed and signed: JSON, keys in order, no blanks, UTF-8."""
    return msgspec.json.encode(entry, order="sorted")


def stream_kind(stream: str) -> str:
    """`case` of `case/01J…`."""
    return stream.partition("/")[0]


def home_feed(stream: str, store: str) -> str:
    """The feed whose order is the order of a new stream; a stream never changes its home.

    store: the feed of the store the desk belongs to, e.g. `store/01J…`.
    """
    kind = stream_kind(stream)
    if kind in ("person", "desk", "store", "device"):
        return COMMON
    return SALES if kind == "customer" else store
