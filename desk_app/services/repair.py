"""The bench: diagnosis, parts, work, tests, and the second check by somebody else."""

from __future__ import annotations

from concurrent.futures import Future

from desk_app.domain.cases import Item, Repair
from desk_app.domain.contests import rests_on
from desk_app.domain.facts import (
    RepairChecked,
    RepairDiagnosed,
    RepairFinished,
    RepairPartUsed,
    RepairRequested,
    RepairTested,
    RepairWorked,
)
from desk_app.domain.people import Actor
from desk_app.errors import RuleError
from desk_app.handbook import checklists
from desk_app.services import past
from desk_app.services.desk import Desk, case_of, item_of
from desk_app.services.views import Diagnosis, PartUsed
from desk_app.storage.act import Act

LONGEST_WORK = 24 * 60


class Repairs:
    """What a technician and a checker do."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def request(self, case: str, item: int, by: Actor) -> Future[None]:
        """Begin a repair of goods that came for something else."""

        def decide(act: Act) -> None:
            if item_of(act, case, item).repair:
                raise RuleError("repair.requested_already")
            act.add(case, RepairRequested(item, relies_on=_rests_on(act, case, item)))

        return self._desk.act(by, "item.repair", decide)

    def diagnose(self, case: str, item: int, found: Diagnosis, by: Actor) -> Future[None]:
        """Record fault, part of the device and what was found."""

        def decide(act: Act) -> None:
            goods = at_bench(act, case, item, ("requested", "diagnosed"))
            if goods.goods == "expected":
                raise RuleError("item.not_here")
            if not found.fault:
                raise RuleError("diagnosis.fault_needed")
            sealed = [act.seal(found.note.strip())] if found.note.strip() else []
            record = sealed[0].id if sealed else ""
            fact = RepairDiagnosed(item, found.fault, found.part, record, found.in_warranty)
            act.add(case, fact, *sealed)

        return self._desk.act(by, "item.repair", decide)

    def use_part(self, case: str, item: int, part: PartUsed, by: Actor) -> Future[None]:
        """Record a part that went into the device."""

        def decide(act: Act) -> None:
            at_bench(act, case, item)
            if not part.name.strip():
                raise RuleError("part.name_needed")
            if not 1 <= part.quantity <= 999:
                raise RuleError("part.quantity")
            fact = RepairPartUsed(
                item=item,
                part=part.part.strip(),
                name=part.name.strip(),
                quantity=part.quantity,
                serial=part.serial,
                old_serial=part.old_serial,
                relies_on=_rests_on(act, case, item),
            )
            act.add(case, fact)

        return self._desk.act(by, "item.repair", decide)

    def work(self, case: str, item: int, minutes: int, by: Actor) -> Future[None]:
        """Record minutes at the bench."""

        def decide(act: Act) -> None:
            at_bench(act, case, item)
            if not 1 <= minutes <= LONGEST_WORK:
                raise RuleError("work.minutes", longest=LONGEST_WORK)
            act.add(case, RepairWorked(item, minutes, _rests_on(act, case, item)))

        return self._desk.act(by, "item.repair", decide)

    def test(self, case: str, item: int, test: str, passed: bool, by: Actor) -> Future[None]:
        """Record a test after the repair; the last result of a test counts."""

        def decide(act: Act) -> None:
            at_bench(act, case, item)
            act.add(case, RepairTested(item, test, passed))

        return self._desk.act(by, "item.repair", decide)

    def finish(self, case: str, item: int, by: Actor) -> Future[None]:
        """Give the repair to the second check; every test that was done must have passed."""

        def decide(act: Act) -> None:
            goods = at_bench(act, case, item)
            repair = goods.repair or Repair()
            if not repair.tests:
                raise RuleError("repair.tests_needed")
            if not all(test.passed for test in repair.tests):
                raise RuleError("repair.tests_failed")
            act.add(case, RepairFinished(item, checklists.load().warranty_days(goods.category)))

        return self._desk.act(by, "item.repair", decide)

    def check(self, case: str, item: int, passed: bool, note: str, by: Actor) -> Future[None]:
        """The second check; never by the technician who did the repair, and a failure says why."""

        def decide(act: Act) -> None:
            goods = item_of(act, case, item)
            repair = goods.repair
            if repair is None or repair.step != "second_check":
                raise RuleError("repair.not_waiting_for_check")
            if repair.technician == by.person:
                raise RuleError("repair.same_person")
            if not passed and not note.strip():
                raise RuleError("repair.reason_needed")
            sealed = [act.seal(note.strip())] if note.strip() else []
            record = sealed[0].id if sealed else ""
            act.add(case, RepairChecked(item, passed, record, _rests_on(act, case, item)), *sealed)
            if passed:
                past.tell_repaired(act, case, goods)

        return self._desk.act(by, "repair.check", decide)


def at_bench(act: Act, case: str, item: int, steps: tuple[str, ...] = ("diagnosed",)) -> Item:
    """The item, whose repair is at one of the steps; RuleError otherwise."""
    goods = item_of(act, case, item)
    if goods.repair is None:
        raise RuleError("repair.not_requested")
    if goods.repair.step not in steps:
        raise RuleError("repair.not_at_bench")
    return goods


def _rests_on(act: Act, case: str, item: int) -> tuple[str, ...]:
    return rests_on(case_of(act, case), item)
