"""What a scan means to this store: the table's readings, its own codes' looks, and what it knows already."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future
from dataclasses import replace

from desk_app.domain.facts import CodeTaught
from desk_app.domain.parcels import Parcel, parcel_stream
from desk_app.domain.people import Actor, Store
from desk_app.errors import RuleError
from desk_app.scanning.patterns import is_mask
from desk_app.scanning.reading import TEACHABLE, Kind, Reading, Scan, Source, hear, separate
from desk_app.services.desk import Desk
from desk_app.services.views import Taught
from desk_app.storage import journal, queries
from desk_app.storage.act import Act
from desk_app.storage.queries import Moment

_KNOWN_BY_CODE = (Kind.ORDER, Kind.SERIAL, Kind.IMEI, Kind.WAYBILL)


class Codes:
    """Hears scans as this store understands them, and keeps what people teach it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def hear(self, raw: str, source: Source, aim: str = "") -> tuple[Scan, ...]:
        """The scans in what a reader sent in one go; of two equally sure meanings a known one comes first.

        aim: the AIM identifier where the reader says it apart.
        """
        with self._desk.journal.read() as connection:
            patterns = _patterns(connection, self._store())
            heard = [hear(code, source, self._desk.clock(), patterns, aim) for code in separate(raw)]
            return tuple(replace(scan, readings=_expected_first(connection, scan.readings)) for scan in heard)

    def taught(self) -> tuple[Taught, ...]:
        """The looks of codes that this store was taught, by mask."""
        with self._desk.journal.read() as connection:
            return tuple(Taught(mask, kind) for mask, kind in sorted(_patterns(connection, self._store())))

    def teach(self, mask: str, kind: str, by: Actor) -> Future[None]:
        """Take codes that look like `mask` for this kind from now on; RuleError for what is no mask."""
        if kind not in TEACHABLE:
            raise ValueError(f"{kind} cannot be taught")

        def decide(act: Act) -> None:
            if not is_mask(mask):
                raise RuleError("mask.unfit")
            act.add(act.identity.store, CodeTaught(mask, kind))

        return self._desk.act(by, "code.teach", decide)

    def forget(self, mask: str, by: Actor) -> Future[None]:
        """Take a mask away."""
        return self._desk.act(by, "code.teach", lambda act: act.add(act.identity.store, CodeTaught(mask, "")))

    def _store(self) -> str:
        identity = self._desk.journal.identity
        return identity.store if identity else ""


def _patterns(connection: Moment, store: str) -> tuple[tuple[str, str], ...]:
    state = journal.visible(connection, store)
    return tuple(state.codes.items()) if isinstance(state, Store) else ()


def _expected_first(connection: Moment, readings: Iterable[Reading]) -> tuple[Reading, ...]:
    """Surest first; where the sureness is the same, what is known here before what is not."""
    found = list(readings)
    tied = [each for each in found if each.confidence == found[0].confidence]
    if len(tied) > 1:
        tied.sort(key=lambda reading: not _is_known(connection, reading))
    return (*tied, *found[len(tied) :])


def _is_known(connection: Moment, reading: Reading) -> bool:
    if reading.kind is Kind.WAYBILL:
        parcel = journal.visible(connection, parcel_stream(reading.value))
        if isinstance(parcel, Parcel) and parcel.waybill:
            return True
    return reading.kind in _KNOWN_BY_CODE and queries.find_code(connection, reading.value) is not None
