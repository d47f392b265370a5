"""Writes look-up rows from visible states, of one stream or of thousands with the same few statements."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Connection, Table, delete, select, text

from desk_app.domain.cases import Case
from desk_app.domain.entries import stream_kind
from desk_app.domain.folding import State
from desk_app.domain.parcels import Parcel, parcel_stream
from desk_app.domain.people import Contact, Customer, Person
from desk_app.storage import journal, lookups
from desk_app.storage import tables as t

NOBODY = Contact("", "")
AT_ONCE = 2000
"""How many streams a rebuilding folds and writes before it goes on to the next."""

ORDER = {"customer": 0, "parcel": 1}
"""Cases come last: their rows say something of customers and parcels."""

S = TypeVar("S", bound=State)


def project(connection: Connection, streams: Collection[str]) -> set[str]:
    """Write the look-up rows of streams anew; returns the streams whose rows changed with them."""
    states = journal.visible_states(connection, streams)
    _project_parcels(connection, _of(states, Parcel))
    _project_people(connection, _of(states, Person))
    _project_attention(connection, states)
    cases = _of(states, Case)
    others = _cases_with(connection, states) - cases.keys()
    more = _of(journal.visible_states(connection, others), Case)
    _project_cases(connection, cases | {stream: case for stream, case in more.items() if case.number})
    return {*streams, *others}


def _of(states: dict[str, State], kind: type[S]) -> dict[str, S]:
    return {stream: state for stream, state in states.items() if isinstance(state, kind)}


def _cases_with(connection: Connection, states: dict[str, State]) -> set[str]:
    """The cases that name one of the parcels or customers, as their rows say something of these."""
    found = {case for parcel in _of(states, Parcel).values() for case in parcel.cases}
    for some in journal.batched(_of(states, Customer)):
        query = select(t.case_row.c.stream).where(t.case_row.c.customer.in_(some))
        found |= set(connection.execute(query).scalars())
    return found


def _project_parcels(connection: Connection, parcels: dict[str, Parcel]) -> None:
    rows = [{"stream": stream, **lookups.parcel_values(parcel)} for stream, parcel in parcels.items()]
    _replace(connection, t.parcel_row, rows)


def _project_people(connection: Connection, people: dict[str, Person]) -> None:
    names = journal.open_records(connection, [person.name_record for person in people.values()])
    rows = [
        {
            "stream": stream,
            "name": names.get(person.name_record, b"").decode(),
            "roles": " ".join(person.roles),
            "left": int(person.left),
        }
        for stream, person in people.items()
    ]
    _replace(connection, t.person_row, rows)


def _project_attention(connection: Connection, states: dict[str, State]) -> None:
    """A row for each stream in which a person has something to look at; none for all others."""
    _remove(connection, t.attention_row, states)
    rows = [{"stream": stream, **lookups.attention_values(state)} for stream, state in states.items()]
    rows = [row for row in rows if row["contests"] or row["incidents"] or row["newer"]]
    if rows:
        connection.execute(t.attention_row.insert(), rows)


def _replace(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    _remove(connection, table, [row["stream"] for row in rows])
    connection.execute(table.insert(), rows)


def _remove(connection: Connection, table: Table, streams: Iterable[str]) -> None:
    for some in journal.batched(streams):
        connection.execute(delete(table).where(table.c.stream.in_(some)))


@dataclass(frozen=True, slots=True)
class _Known:
    """What rows of cases say beside the cases' own states: customers' contacts, waybills that are here."""

    contacts: dict[str, Contact]
    arrived: set[str]

    def has_arrived(self, case: Case) -> bool:
        """Whether a parcel the customer announced is here."""
        return not self.arrived.isdisjoint(map(parcel_stream, case.parcels))


def _project_cases(connection: Connection, cases: dict[str, Case]) -> None:
    if not cases:
        return
    contacts = contacts_of(connection, {case.customer for case in cases.values()})
    known = _Known(contacts, _arrived(connection, cases.values()))
    _forget_cases(connection, cases)
    ids = _free_ids(connection, cases)
    rows, words, codes = [], [], []
    for stream, case in cases.items():
        person = known.contacts.get(case.customer, NOBODY)
        values = lookups.case_values(case, person, known.has_arrived(case))
        rows.append({"id": ids[stream], "stream": stream, **values})
        words.append({"id": ids[stream], "words": lookups.case_words(case, person)})
        codes += [{"code": code, "stream": stream, "item": item} for code, item in lookups.case_codes(case)]
    connection.execute(t.case_row.insert(), rows)
    connection.execute(lookups.WRITE_WORDS, words)
    if codes:
        connection.execute(t.code_row.insert(), codes)


def _forget_cases(connection: Connection, cases: Iterable[str]) -> None:
    for some in journal.batched(cases):
        ids = connection.execute(select(t.case_row.c.id).where(t.case_row.c.stream.in_(some))).scalars().all()
        if ids:
            gone = [{"id": row} for row in ids]
            connection.execute(text("DELETE FROM search WHERE rowid = :id"), gone)
            connection.execute(delete(t.case_row).where(t.case_row.c.stream.in_(some)))
    _remove(connection, t.code_row, cases)


def _free_ids(connection: Connection, cases: dict[str, Case]) -> dict[str, int]:
    """For each case the id its moment gives, or the next that no other has."""
    wanted = {stream: lookups.row_id(stream, case.opened_at) for stream, case in cases.items()}
    taken: set[int] = set()
    for some in journal.batched(wanted.values()):
        taken |= set(connection.execute(select(t.case_row.c.id).where(t.case_row.c.id.in_(some))).scalars())
    for stream in sorted(wanted):
        while wanted[stream] in taken:
            wanted[stream] = _next_free(connection, wanted[stream], taken)
        taken.add(wanted[stream])
    return wanted


def _next_free(connection: Connection, row: int, taken: set[int]) -> int:
    while row in taken or connection.execute(select(t.case_row.c.id).where(t.case_row.c.id == row)).first():
        row += 1
    return row


def contacts_of(connection: Connection, customers: Collection[str]) -> dict[str, Contact]:
    """Name and phone of those of the customers who are here and not erased."""
    states = _of(journal.visible_states(connection, customers), Customer)
    contents = journal.open_records(connection, [state.contact_record for state in states.values()])
    return {
        stream: msgspec.json.decode(contents[state.contact_record], type=Contact)
        for stream, state in states.items()
        if state.contact_record in contents
    }


def contact(connection: Connection, customer: str) -> Contact | None:
    """Name and phone of a customer; None where erased or not here."""
    return contacts_of(connection, [customer]).get(customer)


def _arrived(connection: Connection, cases: Iterable[Case]) -> set[str]:
    """The streams of those of the cases' parcels that are here."""
    named = {parcel_stream(waybill) for case in cases for waybill in case.parcels}
    query = select(t.parcel_row.c.stream).where(t.parcel_row.c.arrived_at > 0)
    return {
        stream
        for some in journal.batched(named)
        for stream in connection.execute(query.where(t.parcel_row.c.stream.in_(some))).scalars()
    }


def rebuild(connection: Connection) -> None:
    """Fold every stream anew from the journal and write all look-up tables."""
    _create(connection)
    query = select(t.entry.c.stream, t.entry.c.feed).distinct()
    feeds = dict(connection.execute(query).all())
    ordered = sorted(feeds, key=lambda stream: (ORDER.get(stream_kind(stream), 2), stream))
    for first in range(0, len(ordered), AT_ONCE):
        some = ordered[first : first + AT_ONCE]
        confirmed = journal.folded_from_scratch(connection, some)
        waiting = journal.waiting_in(connection, some)
        new = {
            stream: journal.States(feeds[stream], state, journal.on_top(state, waiting.get(stream, ())))
            for stream, state in confirmed.items()
        }
        journal.keep_all(connection, new)
        project(connection, some)


def _create(connection: Connection) -> None:
    """Make the look-up tables in the place of those another version made."""
    t.lookups.drop_all(connection)
    connection.execute(text("DROP TABLE IF EXISTS search"))
    t.lookups.create_all(connection)
    for statement in t.CREATE_SEARCH:
        connection.execute(text(statement))
