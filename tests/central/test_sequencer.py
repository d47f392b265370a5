"""Pushes that wait together are one transaction, and still each is what it would be alone."""

from __future__ import annotations

from typing import Any

from central.checks import check_push
from central.desks import KnownDesk
from central.sequencer import Offered, Taken, take
from desk_app.domain.entries import SALES, Standing
from desk_app.domain.facts import (
    CaseOpened,
    CustomerAdded,
    ItemAdded,
    ParcelArrived,
    RepairChecked,
    RepairFinished,
    RepairRequested,
)
from desk_app.errors import RuleError
from desk_app.sync.wire import Push


def offered(desk: Any, *entries: Any) -> Offered:
    known = KnownDesk(desk.id, desk.store, desk.key, True, False)
    push = Push(entries[0].feed, entries)
    return Offered(known, push, check_push(push, known))


def parcel(desk: Any, waybill: str, **fields: Any) -> Any:
    return desk.entry(f"parcel/{waybill}", ParcelArrived(waybill), **fields)


def places(taken: Taken | RuleError) -> list[tuple[int, int]]:
    assert isinstance(taken, Taken)
    return [(receipt.number, receipt.place) for receipt in taken.answer.receipts]


def test_a_group_of_many_desks_and_feeds_is_answered_one_by_one(central: Any) -> None:
    first = central.first_desk()
    second = first.second()
    one, two, three = (parcel(first, f"SF{number}") for number in range(3))
    other = parcel(second, "SF9")
    customer = second.entry("customer/01C", CustomerAdded("01R"), feed=SALES)
    gap, forked = parcel(second, "SF8", number=7), parcel(first, "SF7", number=1)
    group = [
        offered(first, one, two),
        offered(second, other),
        offered(second, customer),
        offered(second, gap),
        offered(first, one, two, three),
        offered(first, forked),
        offered(second, other),
    ]
    outcomes = take(central.storage.writer, group, 1)
    assert [places(outcomes[each]) for each in (0, 1, 2)] == [[(1, 1), (2, 2)], [(1, 3)], [(1, 1)]]
    assert [(error.code, error.values) for error in (outcomes[3], outcomes[5])] == [
        ("push.gap", {"expected": 2}),
        ("push.forked", {"number": 1}),
    ]
    assert places(outcomes[4]) == [(1, 1), (2, 2), (3, 4)]
    assert places(outcomes[6]) == [(1, 3)]
    assert [placed["place"] for placed in first.pull()["entries"]] == [1, 2, 3, 4]


def test_what_excludes_another_of_its_group_is_contested(central: Any) -> None:
    first = central.first_desk()
    second = first.second()
    opened = CaseOpened("7QK00001W", "repair", "customer/01C", "01R", "")
    facts = (opened, ItemAdded(1, "P", "phone"), RepairRequested(1), RepairFinished(1, 90))
    take(central.storage.writer, [offered(first, *(first.entry("case/1", fact) for fact in facts))], 1)
    checks = [each.entry("case/1", RepairChecked(1, True)) for each in (second, first)]
    outcomes = take(central.storage.writer, [offered(second, checks[0]), offered(first, checks[1])], 1)
    standing = [each.answer.receipts[0].verdict.standing for each in outcomes if isinstance(each, Taken)]
    assert standing == [Standing.STANDS, Standing.CONTESTED]
