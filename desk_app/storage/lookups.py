"""Look-up tables: what lists, scans and search read. Written from visible states, rebuilt at any time."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, delete, select, text

from desk_app.domain.cases import Case, status
from desk_app.domain.entries import stream_kind
from desk_app.domain.parcels import Parcel, parcel_stream
from desk_app.domain.people import Contact, Customer, Person
from desk_app.storage import journal
from desk_app.storage import tables as t

_CHINESE = "㐀-鿿豈-﫿𠀀-𲎯"
_RUNS = re.compile(rf"[{_CHINESE}]+|[^\W_{_CHINESE}]+")


def project(connection: Connection, stream: str) -> set[str]:
    """Write a stream's look-up rows anew; returns the streams whose rows changed with it."""
    state = journal.visible(connection, stream)
    if isinstance(state, Case):
        _project_case(connection, stream, state)
    elif isinstance(state, Parcel):
        _project_parcel(connection, stream, state)
        return {stream, *_again(connection, state.cases)}
    elif isinstance(state, Person):
        _project_person(connection, stream, state)
    elif isinstance(state, Customer):
        cases = select(t.case_row.c.stream).where(t.case_row.c.customer == stream)
        return {stream, *_again(connection, tuple(connection.execute(cases).scalars()))}
    return {stream}


def _again(connection: Connection, cases: tuple[str, ...]) -> tuple[str, ...]:
    for case in cases:
        state = journal.visible(connection, case)
        if isinstance(state, Case) and state.number:
            _project_case(connection, case, state)
    return cases


def contact(connection: Connection, customer: str) -> Contact | None:
    """Name and phone of a customer; None where erased or not here."""
    state = journal.visible(connection, customer) if customer else None
    if not isinstance(state, Customer) or not state.contact_record:
        return None
    content = journal.open_record(connection, state.contact_record)
    return msgspec.json.decode(content, type=Contact) if content is not None else None


def has_arrived(connection: Connection, case: Case) -> bool:
    """Whether a parcel the customer announced is here."""
    streams = [parcel_stream(waybill) for waybill in case.parcels]
    query = select(t.parcel_row.c.stream).where(
        t.parcel_row.c.stream.in_(streams), t.parcel_row.c.arrived_at > 0
    )
    return connection.execute(query).first() is not None


def _project_case(connection: Connection, stream: str, case: Case) -> None:
    person = contact(connection, case.customer) or Contact("", "")
    products = " · ".join(item.product for item in case.items)
    _replace(
        connection,
        t.case_row,
        stream,
        {
            "number": case.number,
            "status": status(case, has_arrived(connection, case)),
            "case_kind": case.case_kind,
            "customer": case.customer,
            "customer_name": person.name,
            "phone": person.phone,
            "product": products,
            "order_number": case.order_number,
            "opened_at": case.opened_at,
        },
    )
    _index_codes(connection, stream, _codes(case))
    words = [case.number, person.name, person.phone, products, case.order_number, *case.parcels]
    words += [code for item in case.items for code in (item.gtin, item.sku, item.serial, item.imei)]
    _index_words(connection, stream, words)


def _codes(case: Case) -> set[tuple[str, int]]:
    codes = {(case.number, 0), (case.order_number, 0), *((waybill, 0) for waybill in case.parcels)}
    for item in case.items:
        codes |= {(item.serial, item.item), (item.imei, item.item)}
    return {(code.upper(), item) for code, item in codes if code}


def _project_parcel(connection: Connection, stream: str, parcel: Parcel) -> None:
    _replace(
        connection,
        t.parcel_row,
        stream,
        {
            "waybill": parcel.waybill,
            "carrier": parcel.carrier,
            "reception": parcel.reception,
            "arrived_at": parcel.arrived_at,
            "arrived_by": parcel.arrived_by,
            "shelf": parcel.shelf,
            "case": parcel.cases[0] if parcel.cases else "",
        },
    )


def _project_person(connection: Connection, stream: str, person: Person) -> None:
    name = journal.open_record(connection, person.name_record) if person.name_record else None
    values = {
        "name": name.decode() if name else "",
        "roles": " ".join(person.roles),
        "left": int(person.left),
    }
    _replace(connection, t.person_row, stream, values)


def _replace(connection: Connection, table: Table, stream: str, values: dict[str, Any]) -> None:
    connection.execute(delete(table).where(table.c.stream == stream))
    connection.execute(table.insert().values(stream=stream, **values))


def _index_codes(connection: Connection, stream: str, codes: set[tuple[str, int]]) -> None:
    connection.execute(delete(t.code_row).where(t.code_row.c.stream == stream))
    for code, item in codes:
        connection.execute(t.code_row.insert().values(code=code, stream=stream, item=item))


def _index_words(connection: Connection, stream: str, words: list[str]) -> None:
    connection.execute(text("DELETE FROM search WHERE stream = :stream"), {"stream": stream})
    terms = " ".join(term for word in words for term in terms_of(word))
    connection.execute(
        text("INSERT INTO search(words, stream) VALUES (:words, :stream)"), {"words": terms, "stream": stream}
    )


def terms_of(words: str) -> list[str]:
    """Search terms of a text: Chinese, its words not separated, in overlapping pairs; else whole runs."""
    terms: list[str] = []
    for run in _RUNS.findall(words.lower()):
        if run[0] >= "㐀" and len(run) > 1:
            terms += [run[place : place + 2] for place in range(len(run) - 1)]
        else:
            terms.append(run)
    return terms


def query_of(words: str) -> str:
    """The FTS5 query of what a person typed: every term, the last as a beginning."""
    return " ".join(f'"{term}"*' for term in terms_of(words))


def create(connection: Connection) -> None:
    """Make the look-up tables where they are missing."""
    t.lookups.create_all(connection)
    for statement in t.CREATE_SEARCH:
        connection.execute(text(statement))


def rebuild(connection: Connection) -> None:
    """Fold every stream anew from the journal and write all look-up tables."""
    for table in reversed(t.lookups.sorted_tables):
        connection.execute(delete(table))
    connection.execute(text("DELETE FROM search"))
    feeds = dict(connection.execute(select(t.entry.c.stream, t.entry.c.feed).distinct()).all())
    for stream, feed in feeds.items():
        state = journal.from_scratch(connection, stream)
        journal.keep_states(connection, stream, journal.States(feed, state, state))
        journal.replay_waiting(connection, stream)
    order = {"customer": 0, "parcel": 1}
    for stream in sorted(feeds, key=lambda name: order.get(stream_kind(name), 2)):
        project(connection, stream)
