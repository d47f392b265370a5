"""Cases that are done with leave a desk without a trace, and are whole again when they come back."""

from __future__ import annotations

from typing import Any

import pytest

from desk_app.clock import DAY
from desk_app.domain import facts
from desk_app.domain.batches import KEPT_DAYS, FrozenState, Pulled, Snapshot
from desk_app.domain.folding import FOLD_VERSION, State, fold_all, freeze
from desk_app.storage import journal, queries
from desk_app.storage.store import Store

FEED = "store/01STORE"
DONE, OPEN, PARCEL, SHARED = "case/01A", "case/01B", "parcel/SF1", "parcel/SF2"
ONE, BOTH = "customer/1", "customer/2"
CLOSED_AT = 1_772_366_400_000_000
LONG_AFTER = CLOSED_AT + KEPT_DAYS * DAY + 1


@pytest.fixture
def store(desks: Any) -> Store:
    """A desk with a case that was closed, and one that is open: all of it is at the central service."""
    store: Store = desks.open("one")
    for stream, number, customer, waybill in (
        (DONE, "7QK000018", ONE, "SF1"),
        (OPEN, "7QK000026", BOTH, "SF2"),
    ):
        desks.do(
            store,
            stream,
            facts.CaseOpened(number, "repair", customer, ""),
            facts.ItemAdded(1, "Phone 手机", "phone", serial=f"SN-{number}"),
            facts.CaseParcelAnnounced(waybill),
            facts.CaseParcelAnnounced("SF2"),
        )
        desks.do(store, f"parcel/{waybill}", facts.ParcelAnnounced(waybill, "", stream))
    desks.do(store, SHARED, facts.ParcelAnnounced("SF2", "", DONE))
    desks.do(store, DONE, facts.CaseClosed(), at=CLOSED_AT)
    desks.push(store)
    store.take(desks.page())
    store.let_go(CLOSED_AT)
    return store


def state_of(desks: Any, stream: str) -> State:
    return fold_all(stream, ((p.entry, p.verdict) for p in desks.order if p.entry.stream == stream))


def back(desks: Any, *streams: str) -> Snapshot:
    last = {each.entry.stream: each.place for each in desks.order}
    states = (FrozenState(each, last[each], freeze(state_of(desks, each))) for each in streams)
    return Snapshot(FEED, tuple(states), (), 0, FOLD_VERSION, "run", len(desks.order))


def here(store: Store) -> set[str]:
    with store.read() as connection:
        return set(connection.exec_driver_sql("SELECT stream FROM state").scalars())


def test_what_is_done_with_leaves_and_the_rest_stays(store: Store, desks: Any, dump: Any) -> None:
    told: list[frozenset[str]] = []
    store.listen(lambda changes: told.append(changes.streams))
    store.let_go(LONG_AFTER - 2)
    assert told == []
    assert here(store) == {DONE, OPEN, PARCEL, SHARED}
    store.let_go(LONG_AFTER)
    assert told == [{DONE, PARCEL, ONE}]  # the other parcel belongs to the open case too
    assert here(store) == {OPEN, SHARED}
    with store.read() as connection:
        assert queries.find_code(connection, "SN-7QK000018") is None
        assert [row.stream for row in queries.cases(connection, "", 0, 9)] == [OPEN]
        assert queries.count_cases(connection, "7QK000018") == 0
    before = dump(store)
    store.rebuild()
    assert dump(store) == before


def test_a_clock_that_is_wrong_by_years_sends_no_case_away(store: Store, desks: Any) -> None:
    end = len(desks.order)
    desks.do(store, OPEN, facts.CaseClosed(), at=1)
    desks.do(store, "case/NEXT", facts.CaseOpened("7QK000034", "repair", ONE, ""))
    desks.push(store)
    store.take(desks.page(end))
    store.let_go(LONG_AFTER)
    assert DONE not in here(store)
    assert OPEN in here(store)
    store.let_go(LONG_AFTER + KEPT_DAYS * DAY + 1)
    assert OPEN not in here(store)


def test_another_order_says_nothing_of_when_a_case_came(store: Store, desks: Any) -> None:
    store.settle("epoch", {FEED: len(desks.order)}, (FEED,))
    store.take(desks.page())
    store.let_go(LONG_AFTER)
    assert DONE in here(store)


def test_its_own_entries_stay_in_the_chain(store: Store, desks: Any) -> None:
    head = store.chain(FEED)
    store.let_go(LONG_AFTER)
    store.settle("epoch", {FEED: len(desks.order)}, (FEED,))
    assert store.chain(FEED) == head
    store.take(desks.page())
    assert here(store) == {DONE, OPEN, PARCEL, SHARED}
    with store.read() as connection:
        assert journal.visible(connection, DONE) == state_of(desks, DONE)


def test_what_left_is_asked_for_when_something_happens_in_it(store: Store, desks: Any, dump: Any) -> None:
    before = dump(store)
    store.let_go(LONG_AFTER)
    other = desks.open("two")
    other.take(desks.page())
    desks.do(other, DONE, facts.CaseNoted("01LATER"))
    end = len(desks.order)
    desks.push(other)
    page = desks.page(end)
    store.take(Pulled(FEED, page.entries, (), page.head, older=(DONE,)))
    assert store.wanted() == {FEED: (DONE,)}
    assert DONE not in here(store)
    store.take_states(back(desks, DONE, PARCEL), LONG_AFTER, is_load=False)
    with store.read() as connection:
        assert journal.visible(connection, DONE) == state_of(desks, DONE)
    assert here(store) == {DONE, OPEN, PARCEL, SHARED}
    assert dump(store)["case_row"] == before["case_row"]
    assert dump(store)["code_row"] == before["code_row"]


def test_what_was_asked_for_stays_for_a_day(store: Store, desks: Any) -> None:
    store.let_go(LONG_AFTER)
    store.take_states(back(desks, DONE), LONG_AFTER, is_load=False)
    store.let_go(LONG_AFTER + DAY - 1)
    assert DONE in here(store)
    store.let_go(LONG_AFTER + DAY + 1)
    assert DONE not in here(store)


def test_what_waits_keeps_its_case_here(store: Store, desks: Any) -> None:
    desks.do(store, DONE, facts.CaseNoted("01NOTE"), at=CLOSED_AT)
    store.let_go(LONG_AFTER)
    assert DONE in here(store)


def test_the_next_number_follows_the_highest_there_ever_was(store: Store, desks: Any) -> None:
    desks.do(store, OPEN, facts.CaseClosed(), at=CLOSED_AT)
    desks.push(store)
    store.take(desks.page(len(desks.order) - 1))
    store.let_go(LONG_AFTER)
    assert DONE not in here(store)
    assert OPEN in here(store)
