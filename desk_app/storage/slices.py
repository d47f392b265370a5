"""Pages in slices: each a page such as the central service would give for a smaller limit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

import msgspec

from desk_app.domain.batches import Placed, Pulled, SealedRecord, Snapshot

T = TypeVar("T")


def of_page(page: Pulled, size: int) -> Iterator[Pulled]:
    """A page of a feed in slices of at most `size` entries, in order; one slice where it has none.

    A slice has the records its entries name, the first also those that none names; the hash of a stream
    comes with the last entry the page has of it.
    """
    parts = _parts(page.entries, size)
    last = {placed.entry.stream: number for number, part in enumerate(parts) for placed in part}
    homeless = {record.id for record in page.records} - _named(page.entries)
    for number, part in enumerate(parts):
        streams = {placed.entry.stream for placed in part}
        ending = {stream for stream in streams if last[stream] == number}
        yield msgspec.structs.replace(
            page,
            entries=part,
            records=_among(page.records, _named(part) | homeless),
            hashes={stream: told for stream, told in page.hashes.items() if stream in ending},
            older=tuple(stream for stream in page.older if stream in streams),
        )
        homeless = set()


def of_states(page: Snapshot, size: int) -> Iterator[Snapshot]:
    """A page of states in slices of at most `size`, each with its streams' records; one where it has none."""
    for part in _parts(page.states, size):
        streams = {state.stream for state in part}
        records = tuple(record for record in page.records if record.stream in streams)
        yield msgspec.structs.replace(page, states=part, records=records)


def _parts(whole: tuple[T, ...], size: int) -> list[tuple[T, ...]]:
    return [whole[first : first + size] for first in range(0, len(whole), size)] or [whole]


def _named(entries: Sequence[Placed]) -> set[str]:
    return {name for placed in entries for name in placed.entry.seals}


def _among(records: Sequence[SealedRecord], ids: set[str]) -> tuple[SealedRecord, ...]:
    return tuple(record for record in records if record.id in ids)
