"""Entries and sealed records as they travel between a desk's journal and the central service."""

from __future__ import annotations

import msgspec

from desk_app.domain.entries import Entry, Verdict


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
    """

    feed: str
    entries: tuple[Placed, ...]
    records: tuple[SealedRecord, ...]
    head: int
    hashes: dict[str, str] = {}
    fold_version: int = 0
    run: str = ""
