"""What comes back to a desk: receipts of what it pushed, and its own entries at their places."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import select, text, update

from desk_app.domain import facts
from desk_app.domain.batches import Placed, Pulled, Receipt
from desk_app.domain.entries import STANDS, contested, refused
from desk_app.domain.people import Actor, Contact
from desk_app.storage import tables

FEED = "store/01STORE"
BY = Actor("person/P", ("admin",), "王芳")
CASE = "case/1"
OPENED = (
    facts.CaseOpened("7QK000018", "return", "customer/1", ""),
    facts.ItemAdded(1, "Phone 手机", "phone", serial="SN1"),
    facts.ItemInspected(1, "phone", {"screen": "pass"}, {}, "A", "A"),
)


def test_only_what_the_receipts_name_is_acknowledged_with_its_verdict(desks: Any) -> None:
    store = desks.open("one")
    for _ in range(3):
        desks.do(store, CASE, *OPENED)
    told = {1: STANDS, 2: STANDS, 3: contested("a.b"), 5: contested("a.b"), 6: refused("c.d"), 7: STANDS}
    store.acknowledge(FEED, tuple(Receipt(number, number, told[number]) for number in (7, 2, 1, 6, 5, 3)))
    with store.read() as connection:
        query = select(tables.entry.c.number, tables.entry.c.standing, tables.entry.c.reason)
        rows = connection.execute(query.where(tables.entry.c.acknowledged == 1)).all()
    assert {row.number: (row.standing, row.reason) for row in rows} == {
        number: (verdict.standing.value, verdict.reason) for number, verdict in told.items()
    }
    assert [entry.number for entry in store.waiting(FEED, 500).entries] == [4, 8, 9]


def test_an_echo_that_shows_nothing_else_leaves_the_look_up_rows_alone(desks: Any) -> None:
    store = desks.open("one")
    desks.do(store, CASE, *OPENED)
    desks.push(store)
    with store._engine.begin() as connection:
        connection.execute(update(tables.case_row).values(phone="as it was"))
    store.take(desks.page(limit=3))
    with store.read() as connection:
        assert connection.execute(select(tables.case_row.c.phone)).scalars().all() == ["as it was"]
    desks.place(msgspec.structs.replace(desks.order[2].entry, desk="two", number=1))
    store.take(desks.page(after=3))
    with store.read() as connection:
        assert connection.execute(select(tables.case_row.c.phone)).scalars().all() == [""]


def test_an_echo_whose_record_is_erased_by_now_takes_the_name_out_of_the_rows(desks: Any) -> None:
    store = desks.open("one")

    def register(act: Any) -> None:
        sealed = act.seal(Contact("李雷", "13800138000"))
        act.add("customer/1", facts.CustomerAdded(sealed.id), sealed)
        act.add(CASE, OPENED[0])

    store.act(register, BY, 0).result()
    push = store.waiting("sales", 500)
    erased = tuple(msgspec.structs.replace(each, key=b"", box=b"") for each in push.records)
    store.take(Pulled("sales", (Placed(1, push.entries[0], STANDS),), erased, 2))
    with store.read() as connection:
        names = connection.execute(select(tables.case_row.c.customer_name)).scalars().all()
        found = connection.execute(
            text("SELECT count(*) FROM search WHERE words MATCH '13800138000'")
        ).scalar()
    assert (names, found) == ([""], 0)
