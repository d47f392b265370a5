"""Folding: whatever comes in whatever order, no entry breaks a desk, and every desk comes to the same."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk_app.domain import facts
from desk_app.domain.cases import DISPOSITIONS, STATUSES, Case, status
from desk_app.domain.entries import STANDS, Entry, Standing, Verdict, data_of
from desk_app.domain.entries import contested as contest
from desk_app.domain.facts import KINDS, Fact
from desk_app.domain.folding import (
    STATES,
    Contest,
    Mark,
    State,
    empty,
    fold,
    fold_all,
    freeze,
    judge,
    state_hash,
    thaw,
)
from desk_app.domain.parcels import Parcel
from desk_app.domain.people import MAY, ROLES, Actor, require
from desk_app.errors import RuleError

ITEMS = st.integers(0, 3)
NUMBERS = st.integers(-(2**53), 2**53)
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=4) | st.sampled_from(
    (*DISPOSITIONS, "repair", "SF1234567890123", "case/1", "before")
)


def facts_of(kind: type[Fact]) -> st.SearchStrategy[Fact]:
    """Any fact of a kind; items are few, so that entries meet on the same goods."""
    by_type = {
        int: NUMBERS,
        str: WORDS,
        bool: st.booleans(),
        tuple[str, ...]: st.lists(WORDS, max_size=3).map(tuple),
        dict[str, str]: st.dictionaries(WORDS, WORDS, max_size=3),
    }
    fields = msgspec.structs.fields(kind)
    return st.builds(
        kind, **{each.name: ITEMS if each.name == "item" else by_type[each.type] for each in fields}
    )


def entry_of(fact: Fact, number: int = 1, stream: str = "case/1", person: str = "person/1") -> Entry:
    kind, schema, data = data_of(fact)
    return Entry(
        feed="store/1",
        stream=stream,
        desk="D",
        number=number,
        act="A.1.1",
        schema=schema,
        person=person,
        at=number,
        kind=kind,
        data=data,
    )


ANY_FACT = st.one_of([facts_of(kind) for kind in KINDS.values()])
VERDICTS = st.sampled_from([None, STANDS, contest("item.disposed_already"), Verdict(Standing.REFUSED, "x")])


@st.composite
def histories(draw: st.DrawFn) -> tuple[str, list[tuple[Entry, Verdict | None]]]:
    """A stream of any kind, also an unknown one, with any entries, some of a newer version."""
    stream = draw(st.sampled_from((*STATES, "moon"))) + "/1"
    rows: list[tuple[Entry, Verdict | None]] = []
    for number, fact in enumerate(draw(st.lists(ANY_FACT, max_size=12)), 1):
        entry = entry_of(fact, number, stream, draw(st.sampled_from(("person/1", "person/2", ""))))
        newer = draw(st.sampled_from(({}, {}, {}, {"schema": 9}, {"kind": "moon.landed"})))
        rows.append((msgspec.structs.replace(entry, **newer), draw(VERDICTS)))
    return stream, rows


@settings(max_examples=300)
@given(histories(), st.integers(0, 12))
def test_folding_on_from_anywhere_is_folding_from_scratch(history: Any, cut: int) -> None:
    stream, rows = history
    whole = fold_all(stream, rows)
    stored = freeze(fold_all(stream, rows[:cut]))
    state = thaw(stream, stored)
    assert freeze(state) == stored
    for entry, verdict in rows[cut:]:
        state = fold(state, entry, verdict)
    assert freeze(state) == freeze(whole) and state_hash(state) == state_hash(whole)
    counting = [entry for entry, verdict in rows if not (verdict and verdict.standing is Standing.REFUSED)]
    assert whole.newer == sum(isinstance(entry.fact(), facts.Unknown) for entry in counting)


@given(histories(), st.booleans())
def test_every_case_has_one_word(history: Any, arrived: bool) -> None:
    _, rows = history
    case = fold_all("case/1", [(msgspec.structs.replace(entry, stream="case/1"), v) for entry, v in rows])
    assert isinstance(case, Case)
    assert status(case, arrived) in STATUSES


@pytest.mark.parametrize("kind", [*STATES, "moon"])
def test_every_fact_folds_into_every_stream(kind: str) -> None:
    @settings(max_examples=3, database=None)
    @given(st.data())
    def check(data: st.DataObject) -> None:
        for fact in KINDS.values():
            state = fold(empty(f"{kind}/1"), entry_of(data.draw(facts_of(fact)), stream=f"{kind}/1"))
            assert isinstance(state, STATES.get(kind, State))

    check()


def case_with(*more: Fact, person: str = "person/1") -> Case:
    """A case of one phone that was inspected, and then what is given."""
    begun = (
        facts.CaseOpened("7QK00001", "repair", "customer/1", "R"),
        facts.ItemAdded(1, "Phone", "phone"),
        facts.ItemReceived(1),
        facts.ItemInspected(1, "phone", {}, {}, "A", "A"),
    )
    rows = [(entry_of(fact, number, person=person), None) for number, fact in enumerate((*begun, *more), 1)]
    state = fold_all("case/1", rows)
    assert isinstance(state, Case)
    return state


def test_the_first_disposition_stands_and_the_other_is_kept_but_grants_nothing() -> None:
    case = case_with(facts.ItemDisposed(1, "restock", "S01"), facts.ItemDisposed(1, "scrap", "S02"))
    assert (case.items[0].disposition, case.items[0].shelf) == ("restock", "S01")
    first = Mark("store/1:D:5", "item.disposed", "person/1", 5, 1, "restock")
    (contest,) = case.contests
    assert contest == Contest(
        entry="store/1:D:6",
        kind="item.disposed",
        person="person/1",
        at=6,
        item=1,
        detail="scrap",
        reason="item.disposed_already",
        stands=first,
    )
    told = [(moment.detail, moment.contested) for moment in case.story if moment.kind == "item.disposed"]
    assert told == [("restock", False), ("scrap", True)]


def test_the_same_disposition_twice_is_no_contest() -> None:
    case = case_with(facts.ItemDisposed(1, "restock"), facts.ItemDisposed(1, "restock"))
    assert case.contests == ()


def test_a_repair_may_be_followed_by_another_disposition() -> None:
    case = case_with(facts.ItemDisposed(1, "repair"), facts.ItemDisposed(1, "customer"))
    assert (case.items[0].disposition, case.contests) == ("customer", ())


def test_the_home_s_verdict_counts_and_not_the_desk_s_own() -> None:
    case, late = case_with(), entry_of(facts.ItemDisposed(1, "scrap"), 9)
    assert judge(case, late) == STANDS
    refused = fold(case, late, Verdict(Standing.REFUSED, "role.missing"))
    assert refused == case
    contested = fold(case, late, contest("item.disposed_already"))
    assert isinstance(contested, Case) and contested.items[0].disposition == ""
    assert [each.entry for each in contested.contests] == ["store/1:D:9"]


def test_what_was_done_counts_even_where_it_is_contested() -> None:
    case = fold(case_with(), entry_of(facts.ItemHandedOver(1), 9), contest("repair.not_ready"))
    assert isinstance(case, Case)
    assert case.items[0].goods == "left" and len(case.contests) == 1


def test_a_second_check_nobody_waits_for_is_contested() -> None:
    case = case_with(facts.RepairRequested(1), facts.RepairChecked(1, True))
    assert [each.reason for each in case.contests] == ["repair.not_waiting_for_check"]
    assert case.items[0].repair is not None and case.items[0].repair.step == "requested"


def test_a_case_closes_once() -> None:
    case = case_with(facts.CaseClosed("solved"), facts.CaseClosed("lost"))
    assert (case.outcome, status(case, False)) == ("solved", "closed")
    assert [each.reason for each in case.contests] == ["case.closed_already"]


def test_an_inspection_after_the_goods_were_placed_does_not_take_them_back() -> None:
    again = facts.ItemInspected(1, "phone", {}, {}, "C", "C")
    case = case_with(facts.ItemDisposed(1, "restock"), again, facts.ItemHandedOver(1), again)
    assert (case.items[0].goods, case.items[0].grade) == ("left", "C")


def test_the_least_advanced_item_speaks_for_the_case() -> None:
    case = case_with(facts.ItemAdded(2, "Cable", "other"))
    assert (status(case, False), status(case, True)) == ("open", "arrived")
    assert status(case_with(), True) == "inspected"


def test_a_parcel_arrives_once_however_often_it_is_scanned() -> None:
    rows = [
        (facts.ParcelArrived("SF1", "sf"), 5, "person/1"),
        (facts.ParcelArrived("SF1", "yto", "damaged"), 9, "person/2"),
        (facts.ParcelAnnounced("SF1", "", "case/1"), 10, "person/1"),
        (facts.ParcelAnnounced("SF1", "", "case/1"), 11, "person/1"),
    ]
    entries = [(entry_of(fact, number, "parcel/SF1", who), None) for fact, number, who in rows]
    assert fold_all("parcel/SF1", entries) == Parcel(
        waybill="SF1",
        carrier="sf",
        cases=("case/1",),
        reception="arrived",
        condition="intact",
        arrived_at=5,
        arrived_by="person/1",
        arrivals=2,
    )


def test_who_may_do_what() -> None:
    assert {role for roles in MAY.values() for role in roles} == set(ROLES)
    assert all(Actor("p", ("admin",), "王芳").may(right) for right in MAY)
    require(Actor("p", ("clerk", "technician"), "王芳"), "item.repair")
    with pytest.raises(RuleError) as refusal:
        require(Actor("p", ("agent",), "王芳"), "item.repair")
    assert (refusal.value.code, refusal.value.values) == ("role.missing", {"name": "王芳"})
