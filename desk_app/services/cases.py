"""Looking things up: the list of cases, one case whole, and what a scan names."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping

from desk_app.domain.cases import Case, status
from desk_app.domain.devices import device_streams
from desk_app.domain.dossier import Dossier
from desk_app.domain.entries import COMMON
from desk_app.domain.folding import open_incidents, to_decide
from desk_app.domain.parcels import Parcel, parcel_stream
from desk_app.domain.people import Store
from desk_app.errors import RuleError
from desk_app.scanning.codes import OwnKind, encode, item_body, split_item
from desk_app.scanning.reading import Kind, Reading, read
from desk_app.services.desk import Desk
from desk_app.services.past import Pasts
from desk_app.services.receiving import parcel_row
from desk_app.services.views import MOST_FOUND, CaseRow, CaseView, DevicePast, ParcelRow, Target
from desk_app.storage import attention, journal, projecting, queries
from desk_app.storage.queries import Moment

_LOOKED_UP = (Kind.WAYBILL, Kind.IMEI, Kind.SERIAL, Kind.UNKNOWN)
_NAMES_A_CASE = (Kind.CASE, Kind.ITEM, *_LOOKED_UP)


class Cases:
    """Reads by indexed keys; each answers at once.

    heads: the last place of each feed at the central service, as far as this desk heard of it.
    """

    def __init__(self, desk: Desk, heads: Callable[[], Mapping[str, int]] = dict) -> None:
        self._desk, self._heads = desk, heads

    def count(self, words: str) -> int:
        """How many cases have all the words, at most `MOST_FOUND`; how many there are for no words."""
        with self._desk.journal.read() as connection:
            return queries.count_cases(connection, words, MOST_FOUND)

    def page(self, words: str, offset: int, limit: int) -> tuple[CaseRow, ...]:
        """A page of the list, newest first."""
        with self._desk.journal.read() as connection:
            rows = queries.cases(connection, words, offset, limit)
            provisional = attention.provisional(connection, [row.stream for row in rows])
            return tuple(_row(found, found.stream in provisional) for found in rows)

    def view(self, stream: str) -> CaseView:
        """A case with its sealed records opened."""
        with self._desk.journal.read() as connection:
            case = _case(connection, stream)
            parcels = _parcels(connection, case)
            return CaseView(
                stream=stream,
                case=case,
                status=status(case, any(parcel.arrived_at for parcel in parcels)),
                customer=projecting.contact(connection, case.customer),
                texts=queries.texts(connection, _records(case)),
                people=queries.names(connection, _people(case)),
                parcels=parcels,
                contests=tuple(contest.reason for contest in to_decide(case)),
                incidents=tuple(incident.kind for incident in open_incidents(case)),
                provisional=bool(attention.provisional(connection, [stream])),
                pasts=self._pasts(connection, stream, case),
            )

    def past(self, product: str, *codes: str) -> DevicePast | None:
        """What all stores told of a device by its serial number or IMEI; None for what names no device."""
        with self._desk.journal.read() as connection:
            return self._known(connection, device_streams(*codes)).of("", product, *codes)

    def dossier(self, stream: str) -> Dossier:
        """A case as papers need it, without its photographs; RuleError('case.unknown')."""
        with self._desk.journal.read() as connection:
            case = _case(connection, stream)
            if not case.number:
                raise RuleError("case.unknown")
            identity = self._desk.journal.identity
            store = journal.visible(connection, identity.store if identity else "")
            return Dossier(
                store=store if isinstance(store, Store) else Store(),
                case=case,
                contact=projecting.contact(connection, case.customer),
                case_code=encode(OwnKind.CASE, case.number),
                item_codes={item.item: self.item_code(case.number, item.item) for item in case.items},
                texts=queries.texts(connection, _records(case)),
                people=queries.names(connection, _people(case)),
                carriers={parcel.waybill: parcel.carrier for parcel in _parcels(connection, case)},
            )

    def item_code(self, case_number: str, item: int) -> str:
        """The code on an item's label."""
        return encode(OwnKind.ITEM, item_body(case_number, item))

    def target(self, raw: str) -> Target:
        """Where a scan leads; page `` where nothing here has this code."""
        with self._desk.journal.read() as connection:
            for reading in read(raw):
                target = _target(connection, reading)
                if target:
                    return target
            found = queries.find_code(connection, raw.strip().upper())
        return Target("case", *found) if found else Target("")

    def codes(self, raw: str) -> tuple[str, ...]:
        """What else a scan may name, surest first, to ask the central service for."""
        found = dict.fromkeys(_named(reading) for reading in read(raw) if reading.kind in _NAMES_A_CASE)
        return (*found, *({raw.strip().upper()} - found.keys()))

    def _pasts(self, connection: Moment, stream: str, case: Case) -> dict[int, DevicePast]:
        codes = {item.item: (item.serial, item.imei) for item in case.items}
        known = self._known(connection, {name for each in codes.values() for name in device_streams(*each)})
        found = {item.item: known.of(stream, item.product, *codes[item.item]) for item in case.items}
        return {item: past for item, past in found.items() if past}

    def _known(self, connection: Moment, streams: Collection[str]) -> Pasts:
        identity = self._desk.journal.identity
        read = journal.cursors(connection).get(COMMON, 0)
        is_complete = read > 0 and read >= self._heads().get(COMMON, 0)
        return Pasts(connection, streams, identity.store if identity else "", self._desk.clock(), is_complete)


def _case(connection: Moment, stream: str) -> Case:
    state = journal.visible(connection, stream)
    return state if isinstance(state, Case) else Case()


def _named(reading: Reading) -> str:
    return split_item(reading.value)[0] if reading.kind is Kind.ITEM else reading.value


def _target(connection: Moment, reading: Reading) -> Target | None:
    if reading.kind is Kind.CASE:
        found = queries.find_code(connection, reading.value)
        return Target("case", found[0]) if found else None
    if reading.kind is Kind.ITEM:
        number, item = split_item(reading.value)
        found = queries.find_code(connection, number)
        return Target("bench", found[0], item) if found else None
    if reading.kind not in _LOOKED_UP:
        return None
    if reading.kind is Kind.WAYBILL:
        parcel = journal.visible(connection, parcel_stream(reading.value))
        if isinstance(parcel, Parcel) and parcel.waybill:
            return (
                Target("case", parcel.cases[0])
                if parcel.cases
                else Target("dock", parcel_stream(reading.value))
            )
    found = queries.find_code(connection, reading.value)
    return Target("case", *found) if found else None


def _parcels(connection: Moment, case: Case) -> tuple[ParcelRow, ...]:
    streams = [parcel_stream(waybill) for waybill in case.parcels]
    return tuple(parcel_row(found) for found in queries.parcels(connection, streams))


def _records(case: Case) -> Iterable[str]:
    yield case.reason_record
    yield from case.notes
    for item in case.items:
        yield from (item.accessories_record, item.inspection_record)
        if item.repair:
            yield from (item.repair.fault_record, item.repair.note_record, item.repair.check_record)


def _people(case: Case) -> set[str]:
    people = {case.opened_by, *(moment.person for moment in case.story)}
    return people - {""}


def _row(found: queries.CaseRecord, provisional: bool) -> CaseRow:
    return CaseRow(
        found.stream,
        found.number,
        found.status,
        found.case_kind,
        found.customer_name,
        found.phone,
        found.product,
        found.order_number,
        found.opened_at,
        provisional,
    )
