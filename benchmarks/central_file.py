"""A central service's file with many cases, as after years of work, written in bulk and without a desk.

There are states, sealed records and codes, each as the service itself writes it, and places that fit them;
the entries they would come of are not there, as nothing reads them in a first load.
"""

from __future__ import annotations

import secrets
from functools import cache
from pathlib import Path

import msgspec
from sqlalchemy import Connection, update

from benchmarks.entries import AT, entries
from central import codes, erasing, states
from central.keeping import FILE, key_name, only_one, store_key
from central.states import Folded
from central.storage import first_store, open_storage
from central.tables import feed as feeds
from desk_app import vault
from desk_app.clock import MINUTE, system_clock
from desk_app.domain import facts
from desk_app.domain.batches import SealedRecord
from desk_app.domain.cases import Case
from desk_app.domain.entries import SALES
from desk_app.domain.folding import fold_all
from desk_app.domain.people import Contact, Customer
from desk_app.sync.loading import LONG_FEED

LEAST = 2 * LONG_FEED
"""With fewer customers a desk would ask for their entries."""

AT_ONCE = 5000
ENTRIES_A_CASE = 4
DESK = "01JBENCHDESK00000000000000"


def fill(folder: Path, cases: int) -> None:
    """Make the file of a service in a folder: so many cases, at least `LEAST`, the oldest first.

    Each has a customer of its own; none is done with.
    """
    folder.mkdir(parents=True)
    with only_one(folder):
        keys = vault.key_store()
        key = store_key(folder, keys, key_name(folder, system_clock), secrets.token_bytes(vault.KEY_LENGTH))
        storage = open_storage(folder / FILE, key, system_clock)
        try:
            codes.note_all(storage, AT)  # while there are none: else the next start works through all of them
            for first in range(0, cases, AT_ONCE):
                with storage.writer.begin() as connection:
                    _fill(connection, range(first, min(cases, first + AT_ONCE)))
        finally:
            storage.close()


def code_of(number: int) -> str:
    """A code that names the case with this running number; 0 is the oldest."""
    return f"SN{number:010}"


def _fill(connection: Connection, numbers: range) -> None:
    store = first_store(connection)
    sealed = {number: vault.seal(_contact(number), AT + number * MINUTE) for number in numbers}
    cases = {f"case/01J{number:023}": _case(number) for number in numbers}
    placed = zip(cases.items(), numbers, strict=True)
    states.save(
        connection, store, {stream: Folded(case, _place(number)) for (stream, case), number in placed}, AT
    )
    codes.note(connection, store, cases)
    customers = {
        _customer(number): Folded(Customer(contact_record=each.id), number + 1)
        for number, each in sealed.items()
    }
    states.save(connection, SALES, customers, AT)
    records = [
        SealedRecord(each.id, _customer(number), each.key, each.box) for number, each in sealed.items()
    ]
    erasing.keep(connection, SALES, records)
    for feed, head in ((store, _place(numbers[-1])), (SALES, numbers[-1] + 1)):
        connection.execute(update(feeds).where(feeds.c.feed == feed).values(head=head))


def _place(number: int) -> int:
    """Of a case's last entry."""
    return ENTRIES_A_CASE * (number + 1)


def _customer(number: int) -> str:
    return f"customer/01J{number:023}"


def _contact(number: int) -> bytes:
    return msgspec.json.encode(Contact(f"王伟{number % 1000}", f"1{3_000_000_000 + number}"))


def _case(number: int) -> Case:
    """One case like all others, but for what names it and when it was opened."""
    like = _folded()
    return msgspec.structs.replace(
        like,
        number=f"B{number:08}",
        customer=_customer(number),
        opened_at=AT + number * MINUTE,
        items=(msgspec.structs.replace(like.items[0], serial=code_of(number)),),
    )


@cache
def _folded() -> Case:
    """A case whose goods came and were looked at."""
    done = (
        facts.CaseOpened("B00000000", "repair", _customer(0), ""),
        facts.ItemAdded(1, "云雀 P3", "phone", serial=code_of(0)),
        facts.ItemReceived(1),
        facts.ItemInspected(1, "phone", {"power": "pass", "screen": "fail"}, {"battery": "88"}, "B", "B"),
    )
    assert len(done) == ENTRIES_A_CASE
    made = entries(DESK, "store/01J", ((f"case/01J{0:023}", fact) for fact in done))
    case = fold_all(made[0].stream, ((each, None) for each in made))
    assert isinstance(case, Case)
    return case
