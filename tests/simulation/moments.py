"""What is on the computers when all is quiet, read by plain SQL and not by the product."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
from computers import DeskComputer
from sqlalchemy import Connection

from central.storage import Storage
from desk_app.domain.entries import Entry

LOOKUPS = {
    "case_row": "stream, number, status, case_kind, customer, customer_name, phone, product, opened_at",
    "parcel_row": "*",
    "code_row": "*",
    "person_row": "*",
    "state": "*",
}
Rows = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Line:
    """An entry at its place, with its verdict."""

    place: int
    entry: Entry
    body: bytes
    standing: str
    reason: str


@dataclass(frozen=True)
class CentralMoment:
    """What the central service holds."""

    feeds: dict[str, list[Line]]
    states: dict[str, bytes]
    records: set[str]
    erased: set[str]

    def lines(self) -> list[Line]:
        return [line for lines in self.feeds.values() for line in lines]


@dataclass(frozen=True)
class DeskMoment:
    """What a desk holds. `waiting`: acts that the central service has not acknowledged.

    loaded: for each feed the place up to which streams came as states, or have left.
    """

    name: str
    feeds: dict[str, list[tuple[int, str, int, bytes, str, str]]]
    cursors: dict[str, int]
    loaded: dict[str, int]
    states: dict[str, bytes]
    visible: dict[str, bytes]
    records: set[str]
    incidents: Rows
    waiting: list[Entry]


def central_moment(storage: Storage) -> CentralMoment:
    """Read the central service's file."""
    with storage.reader.begin() as connection:
        heads = _all(connection, "SELECT feed FROM feed")
        feeds: dict[str, list[Line]] = {feed: [] for (feed,) in heads}
        rows = _all(connection, "SELECT feed, place, body, standing, reason FROM entry ORDER BY feed, place")
        for feed, place, body, standing, reason in rows:
            feeds[feed].append(Line(place, msgspec.json.decode(body, type=Entry), body, standing, reason))
        return CentralMoment(
            feeds,
            dict(_all(connection, "SELECT stream, frozen FROM stream_state")),
            _first(connection, "SELECT id FROM record"),
            _first(connection, "SELECT id FROM erased"),
        )


def desk_moment(desk: DeskComputer) -> DeskMoment:
    """Read a desk's file."""
    with desk.store.read() as connection:
        cursors = dict(_all(connection, "SELECT feed, place FROM cursor"))
        feeds: dict[str, list[tuple[int, str, int, bytes, str, str]]] = {feed: [] for feed in cursors}
        query = "SELECT feed, place, desk, number, body, standing, reason FROM entry"
        for feed, *line in _all(connection, f"{query} WHERE place > 0 ORDER BY feed, place"):
            feeds[feed].append((line[0], line[1], line[2], line[3], line[4], line[5]))
        waiting = _all(connection, "SELECT body FROM entry WHERE acknowledged = 0")
        return DeskMoment(
            desk.name,
            feeds,
            cursors,
            dict(_all(connection, "SELECT feed, loaded_to FROM cursor")),
            dict(_all(connection, "SELECT stream, confirmed FROM state")),
            dict(_all(connection, "SELECT stream, coalesce(visible, confirmed) FROM state")),
            _first(connection, "SELECT id FROM record"),
            _all(connection, "SELECT code, stream FROM incident"),
            [msgspec.json.decode(row[0], type=Entry) for row in waiting],
        )


def own_entries(desk: DeskComputer) -> dict[str, set[bytes]]:
    """The bodies of all entries under this desk's own name, by that name."""
    identity = desk.store.identity
    assert identity is not None
    with desk.store.read() as connection:
        rows = connection.exec_driver_sql("SELECT body FROM entry WHERE desk = ?", (identity.desk,)).all()
        return {identity.desk: {row[0] for row in rows}}


def lookups(desk: DeskComputer) -> dict[str, Rows]:
    """The rows of a desk's look-up tables, in an order of their own."""
    with desk.store.read() as connection:
        found = {
            table: sorted(_all(connection, f"SELECT {columns} FROM {table}"))
            for table, columns in LOOKUPS.items()
        }
        found["search"] = sorted(_all(connection, "SELECT words FROM search"))
        return found


def _all(connection: Connection, query: str) -> Rows:
    return [tuple(row) for row in connection.exec_driver_sql(query).all()]


def _first(connection: Connection, query: str) -> set[str]:
    return {row[0] for row in _all(connection, query)}
