"""Parcels: announced, arrived, shelved. A parcel's stream is named by its waybill, so desks agree offline."""

from __future__ import annotations

import msgspec

from desk_app.domain.entries import Entry
from desk_app.domain.facts import (
    ParcelAnnounced,
    ParcelArrivalUndone,
    ParcelArrived,
    ParcelOpened,
    ParcelShelved,
)
from desk_app.domain.folding import State, applies, folds_into

SHELVES = tuple(f"S{number:02}" for number in range(1, 25))
"""The numbered shelves for parcels nobody announced."""


@folds_into("parcel")
class Parcel(State, frozen=True, kw_only=True):
    """reception: announced, arrived, opened; times in microseconds UTC, as the desk that received it says."""

    waybill: str = ""
    carrier: str = ""
    cases: tuple[str, ...] = ()
    reception: str = ""
    condition: str = ""
    arrived_at: int = 0
    arrived_by: str = ""
    arrivals: int = 0
    shelf: str = ""

    @property
    def unannounced(self) -> bool:
        """Here, but expected by no case."""
        return self.arrivals > 0 and not self.cases


def parcel_stream(waybill: str) -> str:
    """The stream of a waybill in its normal form (`scanning.waybills.normalise_waybill`)."""
    return f"parcel/{waybill}"


@applies("parcel", ParcelAnnounced)
def _announced(state: Parcel, fact: ParcelAnnounced, entry: Entry) -> Parcel:
    cases = state.cases if fact.case in state.cases else (*state.cases, fact.case)
    return msgspec.structs.replace(
        state,
        waybill=fact.waybill,
        carrier=fact.carrier or state.carrier,
        cases=cases,
        reception=state.reception or "announced",
    )


@applies("parcel", ParcelArrived)
def _arrived(state: Parcel, fact: ParcelArrived, entry: Entry) -> Parcel:
    if state.arrivals:
        return msgspec.structs.replace(state, arrivals=state.arrivals + 1)
    return msgspec.structs.replace(
        state,
        waybill=fact.waybill,
        carrier=state.carrier or fact.carrier,
        reception="arrived",
        condition=fact.condition,
        arrived_at=entry.at,
        arrived_by=entry.person,
        arrivals=1,
    )


@applies("parcel", ParcelArrivalUndone)
def _arrival_undone(state: Parcel, fact: ParcelArrivalUndone, entry: Entry) -> Parcel:
    if state.reception != "arrived" or state.arrivals > 1:  # another desk has it in its hands, too
        return msgspec.structs.replace(state, arrivals=max(state.arrivals - 1, min(state.arrivals, 1)))
    return msgspec.structs.replace(
        state,
        reception="announced" if state.cases else "",
        condition="",
        arrived_at=0,
        arrived_by="",
        arrivals=0,
        shelf="",
    )


@applies("parcel", ParcelShelved)
def _shelved(state: Parcel, fact: ParcelShelved, entry: Entry) -> Parcel:
    return msgspec.structs.replace(state, shelf=fact.shelf)


@applies("parcel", ParcelOpened)
def _opened(state: Parcel, fact: ParcelOpened, entry: Entry) -> Parcel:
    return msgspec.structs.replace(state, reception="opened")
