"""Writes look-up rows from visible states, of one stream or of thousands with the same few statements."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
from sqlalchemy import BindParameter, Column, Connection, Table, Text, bindparam, delete, select, text, union

from desk_app.domain.cases import Case
from desk_app.domain.codes import case_codes
from desk_app.domain.entries import stream_kind
from desk_app.domain.folding import State, thaw
from desk_app.domain.parcels import Parcel, parcel_stream
from desk_app.domain.people import Contact, Customer, Person
from desk_app.storage import journal, lookups, sealed_records
from desk_app.storage import tables as t
from desk_app.storage.named import batched

NOBODY = Contact("", "")
AT_ONCE = 2000
"""How many streams a rebuilding folds and writes before it goes on to the next."""

ORDER = {"customer": 0, "parcel": 1}
"""Cases come last: their rows say something of customers and parcels."""

S = TypeVar("S", bound=State)

_STREAMS: BindParameter[str] = bindparam("streams", expanding=True)
_IDS: BindParameter[int] = bindparam("ids", expanding=True)
_REMOVE = {
    table: delete(table).where(table.c.stream.in_(_STREAMS))
    for table in (t.case_row, t.code_row, t.attention_row, t.parcel_row)
}
_REPLACE = {table: table.insert().prefix_with("OR REPLACE") for table in (t.parcel_row, t.person_row)}
_ADD = {table: table.insert() for table in (t.case_row, t.code_row, t.attention_row)}
_CASES_OF = select(t.case_row.c.stream).where(t.case_row.c.customer.in_(_STREAMS))
_CASE_IDS = select(t.case_row.c.id).where(t.case_row.c.stream.in_(_STREAMS))
_TAKEN_IDS = select(t.case_row.c.id).where(t.case_row.c.id.in_(_IDS))
_ARRIVED = select(t.parcel_row.c.stream).where(
    t.parcel_row.c.arrived_at > 0, t.parcel_row.c.stream.in_(_STREAMS)
)
_WORDS = (
    text(
        "SELECT stream, id, words FROM case_row JOIN search ON search.rowid = case_row.id"
        " WHERE stream IN :streams"
    )
    .bindparams(_STREAMS)
    .columns(t.case_row.c.stream, t.case_row.c.id, Column("words", Text))
)
_REMOVE_WORDS = text("DELETE FROM search WHERE rowid = :id")


def project(connection: Connection, streams: Collection[str]) -> set[str]:
    """Write the look-up rows of streams anew; returns the streams whose rows changed with them."""
    return {*streams, *_project(connection, journal.visible_states(connection, streams))}


def _project(connection: Connection, states: dict[str, State]) -> set[str]:
    _project_parcels(connection, _of(states, Parcel))
    _project_people(connection, _of(states, Person))
    _project_attention(connection, states)
    cases = _of(states, Case)
    others = _cases_with(connection, states) - cases.keys()
    more = _of(journal.visible_states(connection, others), Case)
    _project_cases(connection, cases | {stream: case for stream, case in more.items() if case.number})
    return {*states, *others}


def _of(states: dict[str, State], kind: type[S]) -> dict[str, S]:
    return {stream: state for stream, state in states.items() if isinstance(state, kind)}


def _cases_with(connection: Connection, states: dict[str, State]) -> set[str]:
    """The cases that name one of the parcels or customers, as their rows say something of these."""
    found = {case for parcel in _of(states, Parcel).values() for case in parcel.cases}
    for some in batched(_of(states, Customer)):
        found |= set(connection.execute(_CASES_OF, {"streams": some}).scalars())
    return found


def _project_parcels(connection: Connection, parcels: dict[str, Parcel]) -> None:
    rows = [{"stream": stream, **lookups.parcel_values(parcel)} for stream, parcel in parcels.items()]
    _replace(connection, t.parcel_row, rows)


def _project_people(connection: Connection, people: dict[str, Person]) -> None:
    names = sealed_records.open_all(connection, [person.name_record for person in people.values()])
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
        connection.execute(_ADD[t.attention_row], rows)


def _replace(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(_REPLACE[table], rows)


def _remove(connection: Connection, table: Table, streams: Iterable[str]) -> None:
    for some in batched(streams):
        connection.execute(_REMOVE[table], {"streams": some})


@dataclass(frozen=True, slots=True)
class _Known:
    """What rows of cases say beside the cases' own states: customers' contacts, waybills that are here."""

    contacts: dict[str, Contact]
    arrived: set[str]

    def person(self, case: Case) -> Contact:
        """Who brought the case; nobody where that was erased or is not here."""
        return self.contacts.get(case.customer, NOBODY)

    def has_arrived(self, case: Case) -> bool:
        """Whether a parcel the customer announced is here."""
        return not self.arrived.isdisjoint(map(parcel_stream, case.parcels))


def _project_cases(connection: Connection, cases: dict[str, Case]) -> None:
    if not cases:
        return
    contacts = contacts_of(connection, {case.customer for case in cases.values()})
    known = _Known(contacts, _arrived(connection, cases.values()))
    words = {stream: lookups.case_words(case, known.person(case)) for stream, case in cases.items()}
    kept = _with_same_words(connection, cases, words)
    own = set(kept.values())
    _forget_cases(connection, cases, own)
    ids = {**_free_ids(connection, cases, own), **kept}
    rows, codes = [], []
    for stream, case in cases.items():
        values = lookups.case_values(case, known.person(case), known.has_arrived(case))
        rows.append({"id": ids[stream], "stream": stream, **values})
        codes += [{"code": code, "stream": stream, "item": item} for code, item in case_codes(case)]
    connection.execute(_ADD[t.case_row], rows)
    if others := [{"id": ids[stream], "words": words[stream]} for stream in words.keys() - kept.keys()]:
        connection.execute(lookups.WRITE_WORDS, others)
    if codes:
        connection.execute(_ADD[t.code_row], codes)


def _with_same_words(connection: Connection, cases: dict[str, Case], words: dict[str, str]) -> dict[str, int]:
    """The ids of the cases that the search finds by the same words as before: most acts change none of them.

    Words that are written anew cost a commit more than all else it writes.
    """
    return {
        row.stream: row.id
        for some in batched(cases)
        for row in connection.execute(_WORDS, {"streams": some})
        if row.words == words[row.stream]
        and row.id == lookups.row_id(row.stream, cases[row.stream].opened_at)
    }


def _forget_cases(connection: Connection, cases: Iterable[str], kept: Collection[int] = ()) -> None:
    """Remove the rows of cases; the search keeps the words of the ids `kept`."""
    for some in batched(cases):
        gone = connection.execute(_CASE_IDS, {"streams": some}).scalars().all()
        if wordless := [{"id": row} for row in gone if row not in kept]:
            connection.execute(_REMOVE_WORDS, wordless)
        if gone:
            connection.execute(_REMOVE[t.case_row], {"streams": some})
    _remove(connection, t.code_row, cases)


def remove(connection: Connection, streams: Collection[str]) -> None:
    """Take the rows of streams that are no longer here out of the look-up tables."""
    _forget_cases(connection, streams)
    for table in (t.parcel_row, t.attention_row):
        _remove(connection, table, streams)


def _free_ids(connection: Connection, cases: dict[str, Case], kept: Collection[int]) -> dict[str, int]:
    """For each case the id its moment gives, or the next that no other has, nor is `kept`."""
    wanted = {stream: lookups.row_id(stream, case.opened_at) for stream, case in cases.items()}
    taken = set(kept)
    for some in batched(wanted.values()):
        taken |= set(connection.execute(_TAKEN_IDS, {"ids": some}).scalars())
    for stream in sorted(wanted):
        while wanted[stream] in taken:
            wanted[stream] = _next_free(connection, wanted[stream], taken)
        taken.add(wanted[stream])
    return wanted


def _next_free(connection: Connection, row: int, taken: set[int]) -> int:
    while row in taken or connection.execute(_TAKEN_IDS, {"ids": [row]}).first():
        row += 1
    return row


def contacts_of(connection: Connection, customers: Collection[str]) -> dict[str, Contact]:
    """Name and phone of those of the customers who are here and not erased."""
    states = _of(journal.visible_states(connection, customers), Customer)
    contents = sealed_records.open_all(connection, [state.contact_record for state in states.values()])
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
    return {
        stream
        for some in batched(named)
        for stream in connection.execute(_ARRIVED, {"streams": some}).scalars()
    }


def rebuild(connection: Connection) -> None:
    """Fold every stream anew from the journal and write all look-up tables."""
    _create(connection)
    feeds = _all_streams(connection)
    ordered = sorted(feeds, key=lambda stream: (ORDER.get(stream_kind(stream), 2), stream))
    for first in range(0, len(ordered), AT_ONCE):
        some = ordered[first : first + AT_ONCE]
        shown = journal.show(connection, feeds, journal.folded_from_scratch(connection, some))
        _project(connection, {stream: thaw(stream, frozen) for stream, frozen in shown.items()})


def _all_streams(connection: Connection) -> dict[str, str]:
    """The home feed of each stream of which there is something to show."""
    shows = t.entry.c.place.is_(None) | (t.entry.c.place > 0)
    entered = select(t.entry.c.stream, t.entry.c.feed).where(shows)
    return dict(connection.execute(union(entered, select(t.base.c.stream, t.base.c.feed))).all())


def _create(connection: Connection) -> None:
    """Make the look-up tables in the place of those another version made."""
    t.lookups.drop_all(connection)
    connection.execute(text("DROP TABLE IF EXISTS search"))
    t.lookups.create_all(connection)
    for statement in t.CREATE_SEARCH:
        connection.execute(text(statement))
