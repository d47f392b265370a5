"""What lists, scans and search ask: plain frozen rows, read at one moment of the store."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, select, text

from desk_app.storage import lookups
from desk_app.storage import sealed_records as sealed_records
from desk_app.storage import tables as t

_ALL = text("SELECT id FROM case_row ORDER BY opened_at DESC, id DESC LIMIT :limit OFFSET :offset")
_FOUND = text(
    "SELECT rowid FROM search WHERE words MATCH :words ORDER BY rowid DESC LIMIT :limit OFFSET :offset"
)
_COUNT_FOUND = text(
    "SELECT count(*) FROM (SELECT 1 FROM search WHERE words MATCH :words ORDER BY rowid DESC LIMIT :most)"
)
_CASE_COLUMNS = [column for column in t.case_row.c if column.name not in ("id", "done_at")]

Moment = Connection
"""One moment of the store, as `Store.read` gives it: opaque to services, who only hand it on."""


@dataclass(frozen=True, slots=True)
class CaseRecord:
    stream: str
    number: str
    status: str
    case_kind: str
    customer: str
    customer_name: str
    phone: str
    product: str
    order_number: str
    opened_at: int


@dataclass(frozen=True, slots=True)
class ParcelRecord:
    stream: str
    waybill: str
    carrier: str
    reception: str
    arrived_at: int
    arrived_by: str
    shelf: str
    case: str
    case_number: str


@dataclass(frozen=True, slots=True)
class PersonRecord:
    stream: str
    name: str
    roles: tuple[str, ...]


def count_cases(connection: Connection, words: str, most: int = -1) -> int:
    """How many cases have all the words, counted up to `most` (-1: all); how many there are for no words."""
    sought = lookups.query_of(words)
    if not sought:
        return int(connection.execute(select(func.count()).select_from(t.case_row)).scalar_one())
    return int(connection.execute(_COUNT_FOUND, {"words": sought, "most": most}).scalar_one())


def cases(connection: Connection, words: str, offset: int, limit: int) -> tuple[CaseRecord, ...]:
    """A page of cases, newest first."""
    sought = lookups.query_of(words)
    page = {"offset": offset, "limit": limit}
    ids = connection.execute(_FOUND if sought else _ALL, {"words": sought, **page} if sought else page)
    query = select(*_CASE_COLUMNS).where(t.case_row.c.id.in_(ids.scalars().all()))
    return tuple(CaseRecord(*row) for row in connection.execute(query.order_by(t.case_row.c.id.desc())))


def cases_of(connection: Connection, customer: str) -> tuple[str, ...]:
    """The cases of a customer."""
    query = select(t.case_row.c.stream).where(t.case_row.c.customer == customer)
    return tuple(connection.execute(query).scalars())


def find_code(connection: Connection, code: str) -> tuple[str, int] | None:
    """Stream and item a code names, the newest case first; item 0 for the case itself."""
    query = select(t.code_row.c.stream, t.code_row.c.item).where(t.code_row.c.code == code.upper())
    row = connection.execute(query.order_by(t.code_row.c.stream.desc())).first()
    return (row.stream, row.item) if row else None


def arrived_parcels(connection: Connection, limit: int) -> tuple[ParcelRecord, ...]:
    """The parcels that are here, newest first."""
    query = _parcels().where(t.parcel_row.c.arrived_at > 0).order_by(t.parcel_row.c.arrived_at.desc())
    return tuple(ParcelRecord(*row) for row in connection.execute(query.limit(limit)))


def parcels(connection: Connection, streams: Iterable[str]) -> tuple[ParcelRecord, ...]:
    """These parcels, as far as they are known here."""
    query = _parcels().where(t.parcel_row.c.stream.in_(list(streams))).order_by(t.parcel_row.c.waybill)
    return tuple(ParcelRecord(*row) for row in connection.execute(query))


def _parcels() -> Select[Any]:
    number = func.coalesce(t.case_row.c.number, "")
    query: Select[Any] = select(*t.parcel_row.c, number)
    return query.outerjoin_from(t.parcel_row, t.case_row, t.case_row.c.stream == t.parcel_row.c.case)


def expected_waybills(connection: Connection) -> tuple[str, ...]:
    """The waybills somebody announced that are not here yet."""
    query = select(t.parcel_row.c.waybill).where(t.parcel_row.c.arrived_at == 0)
    return tuple(connection.execute(query.order_by(t.parcel_row.c.waybill)).scalars())


def count_arrived(connection: Connection, since: int) -> int:
    """How many parcels arrived since a moment (µs UTC)."""
    query = select(func.count()).select_from(t.parcel_row).where(t.parcel_row.c.arrived_at >= since)
    return int(connection.execute(query).scalar_one())


def shelf_load(connection: Connection) -> dict[str, int]:
    """How many parcels lie on each numbered shelf that has any."""
    query = select(t.parcel_row.c.shelf, func.count()).where(t.parcel_row.c.shelf != "")
    return {row[0]: row[1] for row in connection.execute(query.group_by(t.parcel_row.c.shelf))}


def people(connection: Connection) -> tuple[PersonRecord, ...]:
    """Everybody who may sign in, by name."""
    query = select(t.person_row.c.stream, t.person_row.c.name, t.person_row.c.roles)
    rows = connection.execute(query.where(t.person_row.c.left == 0).order_by(t.person_row.c.name))
    return tuple(PersonRecord(row[0], row[1], tuple(row[2].split())) for row in rows)


def names(connection: Connection, streams: Iterable[str]) -> dict[str, str]:
    """The names of people by their stream."""
    query = select(t.person_row.c.stream, t.person_row.c.name)
    rows = connection.execute(query.where(t.person_row.c.stream.in_(list(streams))))
    return {row[0]: row[1] for row in rows}


def texts(connection: Connection, records: Iterable[str]) -> dict[str, str]:
    """The contents of sealed text records that still exist, by id."""
    opened = sealed_records.open_all(connection, records)
    return {record: content.decode() for record, content in opened.items()}
