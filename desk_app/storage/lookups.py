"""What the look-up tables say of a state: the columns of its rows, what a scan and the search find it by."""

from __future__ import annotations

import hashlib
import re
import zlib
from typing import Any

from sqlalchemy import Index, Select, Table, func, select, text
from sqlalchemy.schema import CreateIndex, CreateTable

from desk_app.domain.cases import Case, status
from desk_app.domain.codes import done_at
from desk_app.domain.folding import FOLD_VERSION, State, open_incidents, to_decide
from desk_app.domain.parcels import Parcel
from desk_app.domain.people import Contact
from desk_app.storage import tables as t

CONTENT_VERSION = 3
"""Raised where the rows of a state are others than before, though the tables look the same."""

PAST = "~"  # comes after every character of a case number
SAME_MOMENT = 512
BACKWARDS = "\ue000"
"""Begins a term that is written backwards, so that its end is found as a beginning; nobody can type it."""

SHORTEST_END = 3  # of what is typed: shorter ends find too much
WRITE_WORDS = text("INSERT INTO search(rowid, words) VALUES (:id, :words)")
_CHINESE = "㐀-鿿豈-﫿𠀀-𲎯"
_RUNS = re.compile(rf"[{_CHINESE}]+|[^\W_{_CHINESE}]+")


def row_id(stream: str, opened_at: int) -> int:
    """The id of a case's row: ids are in the order of the list, so that a page of it needs no sorting.

    Cases of one microsecond are spread over `SAME_MOMENT` ids by their streams, alike on every desk.
    """
    return opened_at * SAME_MOMENT + zlib.crc32(stream.encode()) % SAME_MOMENT


def highest_number(block: str) -> Select[Any]:
    """Asks for the highest case number of a desk's block; a range, as a beginning would read every row."""
    number = t.case_row.c.number
    return select(func.max(number)).where(number >= block, number < block + PAST)


def case_values(case: Case, person: Contact, arrived: bool) -> dict[str, Any]:
    """The columns of a case's row, as `has_arrived` and its customer's `contact` say."""
    return {
        "number": case.number,
        "status": status(case, arrived),
        "case_kind": case.case_kind,
        "customer": case.customer,
        "customer_name": person.name,
        "phone": person.phone,
        "product": _products(case),
        "order_number": case.order_number,
        "opened_at": case.opened_at,
        "done_at": done_at(case),
    }


def case_words(case: Case, person: Contact) -> str:
    """What the search finds a case by, as terms; long numbers by their ends too."""
    by_end = [person.phone, case.order_number, *case.parcels]
    by_end += [code for item in case.items for code in (item.serial, item.imei)]
    words = [case.number, person.name, _products(case), *by_end]
    words += [code for item in case.items for code in (item.gtin, item.sku)]
    terms = [term for word in words for run in _runs(word) for term in _indexed(run)]
    return " ".join([*terms, *(_backwards(run) for word in by_end for run in _runs(word))])


def _products(case: Case) -> str:
    return " · ".join(item.product for item in case.items)


def parcel_values(parcel: Parcel) -> dict[str, Any]:
    """The columns of a parcel's row."""
    return {
        "waybill": parcel.waybill,
        "carrier": parcel.carrier,
        "reception": parcel.reception,
        "arrived_at": parcel.arrived_at,
        "arrived_by": parcel.arrived_by,
        "shelf": parcel.shelf,
        "case": parcel.cases[0] if parcel.cases else "",
    }


def attention_values(state: State) -> dict[str, int]:
    """The columns of a stream's row of what somebody has to look at."""
    return {
        "contests": len(to_decide(state)),
        "incidents": len(open_incidents(state)),
        "newer": state.newer,
    }


def _runs(words: str) -> list[str]:
    """What of a text is searched by itself: runs of Chinese, and the words of other scripts."""
    found: list[str] = _RUNS.findall(words.lower())
    return found


def _terms(run: str) -> list[str]:
    """Chinese, its words not separated, in overlapping pairs; else the run itself."""
    if run[0] < "㐀" or len(run) == 1:
        return [run]
    return [run[place : place + 2] for place in range(len(run) - 1)]


def _indexed(run: str) -> list[str]:
    """The terms, and the last character of Chinese alone, as no pair begins with it."""
    return [*_terms(run), run[-1]] if run[0] >= "㐀" and len(run) > 1 else [run]


def _backwards(run: str) -> str:
    return BACKWARDS + run[::-1]


def query_of(words: str) -> str:
    """The FTS5 query of what a person typed: every run, its terms one after the other, as a beginning.

    What has a digit may be the end of a number as well.
    """
    return " AND ".join(map(_sought, _runs(words)))


def _sought(run: str) -> str:
    beginning = f'"{" ".join(_terms(run))}"*'
    if len(run) < SHORTEST_END or not any(map(str.isdigit, run)):
        return beginning
    return f'({beginning} OR "{_backwards(run)}"*)'


def version() -> str:
    """Names the folds and the shape of the look-up tables; those of another version are written anew."""
    made = [str(CreateTable(table)) for table in t.lookups.sorted_tables]
    made += [str(CreateIndex(index)) for table in t.lookups.sorted_tables for index in _indices(table)]
    shape = hashlib.sha256("\n".join((*made, *t.CREATE_SEARCH)).encode()).hexdigest()[:12]
    return f"{FOLD_VERSION}.{CONTENT_VERSION}.{shape}"


def _indices(table: Table) -> list[Index]:
    return sorted(table.indexes, key=lambda index: str(index.name))
