"""What becomes of a case where permissions excluded each other: what rests on which, and the ways out."""

from __future__ import annotations

import msgspec

from desk_app.domain.cases import Case, Item, Repair, change_item, change_repair, tell
from desk_app.domain.entries import Entry
from desk_app.domain.facts import ContestSettled, Permission
from desk_app.domain.folding import Contest, applies, claim, keeps

KEPT, ANEW = "kept", "anew"
"""The ways of `ContestSettled`."""


@keeps("case")
def _kept(case: Case, fact: Permission, entry: Entry) -> Case:
    return tell(case, entry, fact.wants, contested=True)


@applies("case", ContestSettled)
def _settled(case: Case, fact: ContestSettled, entry: Entry) -> Case:
    contest = next((each for each in case.contests if each.entry == fact.entry), None)
    if contest and fact.way == ANEW:
        case = _reopened(case, contest)
    return tell(case, entry, fact.way)


def can_decide_anew(case: Case, contest: Contest) -> bool:
    """Whether what stands against a contested entry can be opened again: the goods are here still."""
    item = case.item(contest.item)
    if item is None or item.goods == "left" or contest.rests_on:
        return False
    if contest.kind == "repair.checked":
        return item.repair is not None and item.repair.step == "ready"
    return contest.kind == "item.disposed" and item.disposition != ""


def _reopened(case: Case, contest: Contest) -> Case:
    """Take back what stands, so that somebody decides once more."""
    if not can_decide_anew(case, contest):
        return case
    about = claim(contest.kind, contest.item)
    granted = {name: mark for name, mark in case.granted.items() if name != about}
    case = msgspec.structs.replace(case, granted=granted)
    if contest.kind == "repair.checked":
        return change_repair(case, contest.item, _back_to_check)
    return change_item(case, contest.item, _back_to_decision)


def _back_to_check(repair: Repair) -> Repair:
    return msgspec.structs.replace(repair, step="second_check")


def _back_to_decision(item: Item) -> Item:
    goods = "inspected" if item.grade else "in_hand"
    repair = None if item.repair == Repair() else item.repair  # it was asked for by a decision, and not begun
    return msgspec.structs.replace(item, disposition="", disposed_by="", shelf="", goods=goods, repair=repair)


def rests_on(case: Case, number: int) -> tuple[str, ...]:
    """The entries of the permissions on which work with an item, and handing it over, rests now."""
    item = case.item(number)
    if item is None:
        return ()
    kinds = ["item.disposed"] if item.disposition else []
    if item.repair and item.repair.step == "ready":
        kinds.append("repair.checked")
    marks = (case.granted.get(claim(kind, number)) for kind in kinds)
    return tuple(mark.entry for mark in marks if mark)
