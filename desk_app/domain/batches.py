"""Entries and sealed records as they travel between a desk's journal and the central service."""

from __future__ import annotations

import msgspec

from desk_app.domain.entries import Entry, Verdict

KEPT_DAYS = 30
"""How many days a case that is done with stays on a desk; after that it comes back by a scan."""


class SealedRecord(msgspec.Struct, frozen=True):
    """A sealed record on its way: id, the stream it belongs to, key and box; empty key and box: erased."""

    id: str
    stream: str
    key: bytes
    box: bytes


class Seen(msgspec.Struct, frozen=True):
    """The last entry of a feed that a desk holds: its place, which entry it is, and the run that gave it."""

    place: int
    desk: str
    number: int
    run: str = ""


class Receipt(msgspec.Struct, frozen=True):
    """What became of one pushed entry: its place in the home order and its verdict."""

    number: int
    place: int
    verdict: Verdict


class Placed(msgspec.Struct, frozen=True):
    """An entry with its place in the home order and the central service's verdict."""

    place: int
    entry: Entry
    verdict: Verdict


class Push(msgspec.Struct, frozen=True):
    """Entries of one feed in the desk's order, numbers without a gap, with the records they need.

    signature: the desk's, under its chain's head after the last of these entries (`desk_app.signatures`).
    """

    feed: str
    entries: tuple[Entry, ...]
    records: tuple[SealedRecord, ...] = ()
    signature: str = ""


class Pulled(msgspec.Struct, frozen=True):
    """A page of a feed after a cursor; `head` is the feed's last place, `records` what the entries name.

    hashes: for streams that have no entry behind the page, the hash of the state the central service folded
    with `fold_version`; desks of the same version compare, and never take it over.
    run: the central service's, from one start to the next.
    older: those of the page's streams that had entries at the place a desk named, or before it.
    """

    feed: str
    entries: tuple[Placed, ...]
    records: tuple[SealedRecord, ...]
    head: int
    hashes: dict[str, str] = {}
    fold_version: int = 0
    run: str = ""
    older: tuple[str, ...] = ()


class Load(msgspec.Struct, frozen=True):
    """How a feed is loaded: up to which place by states, and where the next page of them begins (0: none)."""

    up_to: int
    next: int


class FrozenState(msgspec.Struct, frozen=True):
    """A stream's state as `freeze` wrote it, and the place of the last entry that is folded in."""

    stream: str
    place: int
    frozen: bytes


class Snapshot(msgspec.Struct, frozen=True):
    """States of streams of one feed, with their sealed records, so that their entries need not come.

    up_to: where the next page begins, downwards; 0: there is none. fold_version: of the states.
    head: the feed's last place at the moment of the states.
    """

    feed: str
    states: tuple[FrozenState, ...]
    records: tuple[SealedRecord, ...]
    up_to: int
    fold_version: int
    run: str
    head: int
