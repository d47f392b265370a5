"""Two desks that work without a line and meet at any moment come to the same state, byte by byte."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk_app.domain import facts
from desk_app.domain.batches import Placed, Pulled
from desk_app.domain.folding import empty, fold, freeze, judge
from desk_app.domain.people import Actor
from desk_app.storage import journal
from desk_app.storage.act import Identity
from desk_app.storage.store import Store

KEY = bytes(range(32))
FEED = "store/01STORE"
BY = Actor("person/P", ("admin",), "王芳")
CASE = "case/1"
OPENED = (
    facts.CaseOpened("7QK000018", "return", "customer/1", ""),
    facts.ItemAdded(1, "Phone 手机", "phone", serial="SN1"),
    facts.ItemInspected(1, "phone", {"screen": "pass"}, {}, "A", "A"),
)


def states(store: Store) -> journal.States:
    with store.read() as connection:
        known = journal.states(connection, CASE)
    assert known is not None
    return known


DONE = st.sampled_from(
    (
        facts.ItemDisposed(1, "scrap"),
        facts.ItemDisposed(1, "restock"),
        facts.ItemHandedOver(1),
        facts.RepairRequested(1),
        facts.RepairFinished(1, 90),
        facts.RepairChecked(1, True),
        facts.ItemInspected(1, "phone", {}, {}, "B", "B"),
        facts.CaseClosed(),
    )
)


@pytest.mark.slow
@settings(max_examples=10)
@given(st.lists(st.tuples(st.sampled_from(("do", "push", "take")), st.integers(0, 1), DONE), max_size=12))
def test_two_desks_always_come_to_the_same(tmp_path_factory: pytest.TempPathFactory, steps: Any) -> None:
    """Whatever two desks do, and whenever each of them has a line."""
    folder = tmp_path_factory.mktemp("two")
    order: list[Placed] = []
    stores = [Store(folder / name, KEY) for name in ("one", "two")]
    run_two(stores, steps, order)
    assert freeze(states(stores[0]).confirmed) == freeze(states(stores[1]).confirmed)
    for store in stores:
        assert states(store).confirmed == states(store).visible
        with store.read() as connection:
            assert journal.from_scratch(connection, CASE) == states(store).confirmed
        store.close()


def run_two(stores: list[Store], steps: Any, order: list[Placed]) -> None:
    def push(store: Store) -> None:
        for entry in getattr(store.waiting(FEED, 500), "entries", ()):
            if any(placed.entry.id == entry.id for placed in order):
                continue
            state = empty(CASE)
            for placed in order:
                state = fold(state, placed.entry, placed.verdict)
            order.append(Placed(len(order) + 1, entry, judge(state, entry)))

    def do(store: Store, *done: facts.Fact) -> None:
        store.act(lambda act: [act.add(CASE, fact) for fact in done], BY, 0).result()

    for name, store in zip(("one", "two"), stores, strict=True):
        store.begin(Identity(name, FEED, "7QK", ""), ("common", "sales", FEED), lambda act: None, 0)
    do(stores[0], *OPENED)
    for step, which, fact in (
        *steps,
        ("push", 0, None),
        ("push", 1, None),
        ("take", 0, None),
        ("take", 1, None),
    ):
        store = stores[which]
        if step == "do":
            do(store, fact)
        elif step == "push":
            push(store)
        else:
            after = store.cursor(FEED)
            store.take(Pulled(FEED, tuple(order[after:]), (), len(order)))
