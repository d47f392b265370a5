"""Permissions that exclude each other: what rests on the one that does not stand, and the ways out."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk_app.domain import facts
from desk_app.domain.cases import Case
from desk_app.domain.contests import ANEW, KEPT, can_decide_anew, rests_on
from desk_app.domain.entries import STANDS, Entry, Verdict, data_of
from desk_app.domain.facts import Fact
from desk_app.domain.folding import (
    RESTED_ON_CONTESTED,
    fold,
    fold_all,
    freeze,
    judge,
    open_contests,
    open_incidents,
    thaw,
)

BEGUN = (
    facts.CaseOpened("7QK00001", "repair", "customer/1", "R"),
    facts.ItemAdded(1, "Phone", "phone"),
    facts.ItemReceived(1),
    facts.ItemInspected(1, "phone", {}, {}, "A", "A"),
)
RESTOCK, SCRAP = "store/1:A:5", "store/1:B:6"  # the first two entries after `BEGUN`


def entry(fact: Fact, number: int, desk: str) -> Entry:
    kind, schema, data = data_of(fact)
    return Entry(
        feed="store/1",
        stream="case/1",
        desk=desk,
        number=number,
        act="A.1.1",
        schema=schema,
        person=f"person/{desk}",
        at=number,
        kind=kind,
        data=data,
    )


def entries(*more: Fact) -> list[Entry]:
    """A case with an inspected phone, and what two desks did then, by turns."""
    begun = [entry(fact, number, "A") for number, fact in enumerate(BEGUN, 1)]
    return begun + [entry(fact, number, "AB"[number % 2 == 0]) for number, fact in enumerate(more, 5)]


def folded(*more: Fact) -> Case:
    case = fold_all("case/1", [(each, None) for each in entries(*more)])
    assert isinstance(case, Case)
    return case


def decided(*more: Fact) -> Case:
    """Desk A puts the phone back into stock, desk B scraps it, which comes later; and then what is given."""
    return folded(facts.ItemDisposed(1, "restock", "S01"), facts.ItemDisposed(1, "scrap"), *more)


def test_both_sides_are_kept() -> None:
    (contest,) = open_contests(decided())
    assert (contest.entry, contest.detail, contest.person) == (SCRAP, "scrap", "person/B")
    assert contest.stands is not None
    assert (contest.stands.entry, contest.stands.detail, contest.stands.at) == (RESTOCK, "restock", 5)


def test_what_relied_on_a_contested_permission_is_contested_too() -> None:
    case = decided(
        facts.RepairRequested(1, relies_on=(SCRAP,)), facts.RepairRequested(1, relies_on=(RESTOCK,))
    )
    assert [(each.entry, each.reason, each.rests_on) for each in case.contests] == [
        (SCRAP, "item.disposed_already", ""),
        ("store/1:A:7", RESTED_ON_CONTESTED, SCRAP),
    ]


def test_a_contest_cascades_from_one_to_the_next() -> None:
    check = facts.RepairChecked(1, True, "", (SCRAP,))
    done = facts.RepairFinished(1, 90)
    case = decided(facts.RepairRequested(1), done, check, facts.ItemHandedOver(1, ("store/1:A:9",)))
    assert [(each.entry, each.kind, each.rests_on) for each in case.contests[1:]] == [
        ("store/1:A:9", "repair.checked", SCRAP),
        ("store/1:B:10", "item.handed_over", SCRAP),
    ]
    assert case.items[0].repair is not None and case.items[0].repair.check_passed is False


def test_what_was_done_counts_and_raises_an_incident() -> None:
    case = decided(facts.ItemHandedOver(1, (SCRAP,)))
    assert case.items[0].goods == "left"
    (incident,) = open_incidents(case)
    assert (incident.entry, incident.kind, incident.rests_on) == ("store/1:A:7", "item.handed_over", SCRAP)
    assert case.items[0].disposition == "restock"


def test_what_rested_on_what_stands_raises_nothing() -> None:
    case = decided(facts.ItemHandedOver(1, (RESTOCK,)))
    assert (case.items[0].goods, case.incidents, len(case.contests)) == ("left", (), 1)


def test_a_contest_is_settled_with_all_that_rests_on_it_but_an_incident_for_itself() -> None:
    handed = facts.ItemHandedOver(1, (SCRAP,))
    case = decided(handed, facts.ContestSettled(SCRAP, KEPT, 1))
    assert open_contests(case) == ()
    assert [each.entry for each in open_incidents(case)] == ["store/1:A:7"]
    assert len(case.contests) == 2
    case = decided(handed, facts.ContestSettled("store/1:A:7", KEPT, 1))
    assert open_incidents(case) == () and len(open_contests(case)) == 1


def test_both_sides_and_the_way_out_stay_in_the_story() -> None:
    case = decided(facts.ContestSettled(SCRAP, KEPT, 1))
    told = [(each.kind, each.detail, each.contested, each.item) for each in case.story[-3:]]
    assert told == [
        ("item.disposed", "restock", False, 1),
        ("item.disposed", "scrap", True, 1),
        ("contest.settled", KEPT, False, 1),
    ]


def test_to_decide_anew_makes_a_new_decision_legal() -> None:
    case = decided(facts.ContestSettled(SCRAP, ANEW, 1))
    item = case.items[0]
    assert (item.disposition, item.disposed_by, item.shelf, item.goods) == ("", "", "", "inspected")
    again = entry(facts.ItemDisposed(1, "scrap"), 9, "B")
    assert judge(case, again) == STANDS
    state = fold(case, again)
    assert isinstance(state, Case)
    assert state.items[0].disposition == "scrap" and open_contests(state) == ()
    assert rests_on(state, 1) == ("store/1:B:9",)


def test_a_repair_that_a_contested_decision_asked_for_does_not_hinder_a_new_one() -> None:
    asked = facts.RepairRequested(1, relies_on=(SCRAP,))
    assert decided(asked, facts.ContestSettled(SCRAP, ANEW, 1)).items[0].repair is None
    worked = facts.RepairWorked(1, 5)
    assert decided(asked, worked, facts.ContestSettled(SCRAP, ANEW, 1)).items[0].repair is not None


def test_only_the_first_word_about_a_contest_counts() -> None:
    again = facts.ContestSettled(SCRAP, ANEW, 1)
    kept = decided(facts.ContestSettled(SCRAP, KEPT, 1), again)
    assert (kept.items[0].disposition, kept.settled) == ("restock", {SCRAP: KEPT})
    anew = decided(again, facts.ItemDisposed(1, "parts"), again)
    assert anew.items[0].disposition == "parts"


def test_goods_that_have_left_are_not_decided_anew() -> None:
    case = decided(facts.ItemHandedOver(1, (RESTOCK,)))
    assert not can_decide_anew(case, case.contests[0])
    after = decided(facts.ItemHandedOver(1, (RESTOCK,)), facts.ContestSettled(SCRAP, ANEW, 1))
    assert (after.items[0].disposition, open_contests(after)) == ("restock", ())


def test_a_second_check_is_done_once_more() -> None:
    ready = (facts.RepairRequested(1), facts.RepairFinished(1, 90), facts.RepairChecked(1, True))
    case = folded(*ready, facts.RepairChecked(1, False))
    (contest,) = open_contests(case)
    assert (contest.detail, contest.stands and contest.stands.detail) == ("failed", "passed")
    assert rests_on(case, 1) == ("store/1:A:7",)
    again = folded(*ready, facts.RepairChecked(1, False), facts.ContestSettled(contest.entry, ANEW, 1))
    assert again.items[0].repair is not None and again.items[0].repair.step == "second_check"
    assert rests_on(again, 1) == ()


def test_a_stream_of_any_kind_can_be_settled() -> None:
    mark = facts.ContestSettled("store/1:B:3", KEPT)
    for stream in ("desk/1", "moon/1"):
        said = msgspec.structs.replace(entry(mark, 1, "A"), stream=stream)
        assert fold_all(stream, [(said, None)]).settled == {"store/1:B:3": KEPT}


# whatever comes


IDS = st.sampled_from([f"store/1:{desk}:{number}" for number in range(5, 13) for desk in "AB"])
RELIED = st.lists(IDS, max_size=2).map(tuple)
ITEMS = st.integers(1, 2)
ACTS = st.one_of(
    st.builds(facts.ItemDisposed, ITEMS, st.sampled_from(("restock", "scrap", "repair", "customer"))),
    st.builds(facts.RepairRequested, ITEMS, relies_on=RELIED),
    st.builds(facts.RepairPartUsed, ITEMS, st.just("P"), st.just("Part"), relies_on=RELIED),
    st.builds(facts.RepairFinished, ITEMS, st.just(90)),
    st.builds(facts.RepairChecked, ITEMS, st.booleans(), st.just(""), RELIED),
    st.builds(facts.ItemHandedOver, ITEMS, RELIED),
    st.builds(facts.CaseClosed),
    st.builds(facts.ContestSettled, IDS, st.sampled_from((KEPT, ANEW, "a newer way")), ITEMS),
)
HISTORIES = st.lists(ACTS, max_size=10)


@settings(max_examples=300)
@given(HISTORIES)
def test_whatever_comes_no_permission_both_stands_and_is_contested(acts: Sequence[Fact]) -> None:
    case = folded(*acts)
    contested = {each.entry for each in case.contests}
    assert contested.isdisjoint(mark.entry for mark in case.granted.values())
    assert {each.rests_on for each in case.contests} - {""} <= contested
    roots = {each.entry for each in case.contests if not each.rests_on}
    assert {each.rests_on for each in case.contests} - {""} <= roots
    assert freeze(thaw("case/1", freeze(case))) == freeze(case)


@settings(max_examples=300)
@given(HISTORIES)
def test_whatever_comes_doings_count_and_every_excess_is_an_incident(acts: Sequence[Fact]) -> None:
    case = folded(*acts)
    handed = {fact.item for fact in acts if isinstance(fact, facts.ItemHandedOver) and fact.item == 1}
    assert {item.item for item in case.items if item.goods == "left"} == handed
    parts = sum(isinstance(fact, facts.RepairPartUsed) and fact.item == 1 for fact in acts)
    repair = case.items[0].repair
    taken_back = any(isinstance(fact, facts.ContestSettled) for fact in acts)
    assert (len(repair.parts) if repair else 0) == parts or (taken_back and not parts)
    doings = ("item.handed_over", "repair.part_used")
    assert [each.entry for each in case.incidents] == [
        each.entry for each in case.contests if each.kind in doings
    ]


@settings(max_examples=300)
@given(HISTORIES, IDS, st.integers(0, 10))
def test_it_does_not_matter_when_a_contest_is_said_to_be_seen(
    acts: Sequence[Fact], settled: str, place: int
) -> None:
    rows: list[tuple[Entry, Verdict | None]] = []
    for each in entries(*acts):
        if each.kind != "contest.settled":
            rows.append((each, judge(fold_all("case/1", rows), each)))
    seen = (entry(facts.ContestSettled(settled, KEPT), 99, "A"), STANDS)
    place = min(len(BEGUN) + place, len(rows))
    early, late = (fold_all("case/1", [*rows[:at], seen, *rows[at:]]) for at in (place, len(rows)))
    assert (open_contests(early), open_incidents(early)) == (open_contests(late), open_incidents(late))
    assert isinstance(early, Case) and isinstance(late, Case) and early.items == late.items


@pytest.mark.parametrize("way", [KEPT, ANEW])
def test_a_word_about_nothing_changes_no_goods(way: str) -> None:
    case = decided(facts.ContestSettled("store/1:Z:1", way, 1))
    assert case.items == decided().items and open_contests(case) == open_contests(decided())
