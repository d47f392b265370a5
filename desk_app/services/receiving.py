"""The dock: a scanned parcel is received once, durably, before anything says so."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from desk_app import sabotage
from desk_app.domain.facts import ParcelArrivalUndone, ParcelArrived, ParcelShelved
from desk_app.domain.parcels import SHELVES, Parcel, parcel_stream
from desk_app.domain.people import Actor, Store
from desk_app.errors import RuleError
from desk_app.scanning.codes import OwnKind, decode
from desk_app.scanning.reading import waybills_in
from desk_app.scanning.waybills import split_piece
from desk_app.services.desk import Desk, case_of, store_of
from desk_app.services.reception import carrier_of
from desk_app.services.views import ParcelRow, Received
from desk_app.storage import journal, queries
from desk_app.storage.act import Act
from desk_app.storage.queries import ParcelRecord


class Receiving:
    """What the dock does."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def receive(self, raw: str, by: Actor) -> Future[Received]:
        """Receive the parcel of a scanned waybill; a second scan is told and counts once."""
        sabotage.stop_point("scan.heard")
        return self._desk.act(by, "parcel.receive", lambda act: _receive(act, waybills_of(raw)))

    def shelve(self, parcel: str, shelf: str, by: Actor) -> Future[ParcelRow]:
        """Put a parcel on a numbered shelf, e.g. `S03` or its label's code; RuleError('shelf.unknown')."""

        def decide(act: Act) -> ParcelRow:
            state = _here(act, parcel)
            number = shelf_of(shelf)
            act.add(parcel, ParcelShelved(number))
            return ParcelRow(
                parcel, state.waybill, state.carrier, state.reception, state.arrived_at, number, "", ""
            )

        return self._desk.act(by, "parcel.receive", decide)

    def undo_arrival(self, parcel: str, by: Actor) -> Future[None]:
        """Say that a parcel is not here after all; RuleError once it was opened or lies on a shelf."""

        def decide(act: Act) -> None:
            state = _here(act, parcel)
            if state.reception != "arrived":
                raise RuleError("parcel.opened_already")
            if state.shelf:
                raise RuleError("parcel.shelved_already", shelf=state.shelf)
            act.add(parcel, ParcelArrivalUndone())

        return self._desk.act(by, "parcel.receive", decide)

    def undo_shelving(self, parcel: str, shelf: str, before: str, by: Actor) -> Future[None]:
        """Take a parcel off the shelf again, to where it was ("" for none); RuleError if moved since."""

        def decide(act: Act) -> None:
            if _here(act, parcel).shelf != shelf:
                raise RuleError("parcel.moved_already")
            act.add(parcel, ParcelShelved(before))

        return self._desk.act(by, "parcel.receive", decide)

    def arrived(self, limit: int) -> tuple[ParcelRow, ...]:
        """The parcels that are here, newest first."""
        with self._desk.journal.read() as connection:
            return tuple(parcel_row(row) for row in queries.arrived_parcels(connection, limit))

    def count_today(self) -> int:
        """How many parcels arrived since midnight in the store's zone."""
        with self._desk.journal.read() as connection:
            identity = self._desk.journal.identity
            store = journal.visible(connection, identity.store if identity else "")
            zone = store.zone if isinstance(store, Store) else Store().zone
            return queries.count_arrived(connection, midnight(self._desk.clock(), zone))


def parcel_row(row: ParcelRecord) -> ParcelRow:
    """A parcel's look-up row as pages show it."""
    return ParcelRow(
        row.stream,
        row.waybill,
        row.carrier,
        row.reception,
        row.arrived_at,
        row.shelf,
        row.case,
        row.case_number,
    )


def waybills_of(raw: str) -> tuple[str, ...]:
    """The waybills that what was scanned can be; RuleError for a code of ours, and those of `waybills_in`."""
    if decode(raw.strip()):
        raise RuleError("dock.not_a_waybill")
    return waybills_in(raw)


def shelf_of(text: str) -> str:
    """The shelf's number in a label's code or typed text."""
    own = decode(text.strip())
    number = (own.body if own and own.kind is OwnKind.SHELF else text).strip().upper()
    if number not in SHELVES:
        raise RuleError("shelf.unknown", shelf=text, first=SHELVES[0], last=SHELVES[-1])
    return number


def free_shelf(load: dict[str, int]) -> str:
    """The shelf that has the fewest parcels, the lowest number of those."""
    return min(SHELVES, key=lambda shelf: (load.get(shelf, 0), shelf))


def midnight(at: int, zone: str) -> int:
    """The beginning of the day of a moment in a zone, in microseconds UTC."""
    day = datetime.fromtimestamp(at / 1_000_000, UTC).astimezone(ZoneInfo(zone)).date()
    return int(datetime.combine(day, time(), ZoneInfo(zone)).timestamp()) * 1_000_000


def _here(act: Act, parcel: str) -> Parcel:
    """A parcel that has arrived; RuleError('parcel.not_here')."""
    state = act.state(parcel)
    if not isinstance(state, Parcel) or not state.arrivals:
        raise RuleError("parcel.not_here")
    return state


def _receive(act: Act, waybills: Sequence[str]) -> Received:
    known = (each for each in waybills if _find(act, each)[1].waybill)
    waybill = _swapped(act, next(known, waybills[0]))
    stream, parcel = _find(act, waybill)
    today = queries.count_arrived(act.connection, midnight(act.at, store_of(act).zone))
    if parcel.arrivals:
        return _answer(act, stream, parcel, "again", parcel.arrived_at, today)
    carrier = parcel.carrier or carrier_of(waybill)
    act.add(stream, ParcelArrived(parcel.waybill or waybill, carrier))
    outcome = "announced" if parcel.cases else "unannounced"
    arrived = Parcel(waybill=parcel.waybill or waybill, carrier=carrier, cases=parcel.cases)
    return _answer(act, stream, arrived, outcome, act.at, today + 1)


def _swapped(act: Act, waybill: str) -> str:
    """The waybill itself, or another expected one where that fault is asked for."""
    others = queries.expected_waybills(act.connection) if sabotage.active("swap_parcels") else ()
    return next((other for other in others if other != waybill), waybill)


def _find(act: Act, waybill: str) -> tuple[str, Parcel]:
    """The parcel of a waybill, or the one whose pieces this is one of."""
    for number in (waybill, split_piece(waybill)[0]):
        state = act.state(parcel_stream(number))
        if isinstance(state, Parcel) and state.waybill:
            return parcel_stream(number), state
    return parcel_stream(waybill), Parcel()


def _answer(act: Act, stream: str, parcel: Parcel, outcome: str, at: int, count: int) -> Received:
    case = parcel.cases[0] if parcel.cases else ""
    names = queries.names(act.connection, [parcel.arrived_by])
    suggested = "" if case else free_shelf(queries.shelf_load(act.connection))
    return Received(
        stream=stream,
        waybill=parcel.waybill,
        carrier=parcel.carrier,
        outcome=outcome,
        case=case,
        case_number=case_of(act, case).number if case else "",
        shelf=parcel.shelf or suggested,
        at=at,
        by=names.get(parcel.arrived_by, ""),
        count=count,
    )
