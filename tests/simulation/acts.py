"""What people do: acts of the real services, on few cases and parcels so that many of them collide."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Any

from computers import DeskComputer

from desk_app.domain.cases import Case, Item
from desk_app.domain.facts import KIND_OF, SCHEMA_OF, Fact, RepairWorked
from desk_app.domain.folding import open_incidents, to_decide
from desk_app.domain.parcels import SHELVES
from desk_app.domain.people import Actor
from desk_app.services.views import CaseRequest, Diagnosis, ItemRequest, PartUsed
from desk_app.storage import journal

Doing = Callable[[DeskComputer], Future[Any]]
WAYBILLS = tuple(f"SF{1390000000000 + number}" for number in range(1, 5))
DISPOSITIONS = ("restock", "refurbish", "vendor", "scrap", "repair")
PASSED = ("package_intact", "accessories_complete", "screen_ok", "body_ok", "powers_on", "touch_ok")
ANSWERS = dict.fromkeys((*PASSED, "no_liquid", "lock_removed"), "pass")
MEASURES = {"battery_health": "91"}
CASES = 3
SETTLED = 0.4
"""How often somebody who sees what does not count says how it goes on."""
BEYOND_EVERY_READER = 2**60


class CaseScored(Fact, frozen=True):
    """A kind that only a newer version knows."""

    score: int


class NotedInColour(Fact, frozen=True):
    """A note as a newer version writes it: another schema of a kind that is known."""

    colour: str


KIND_OF |= {CaseScored: "case.scored", NotedInColour: "case.noted"}
SCHEMA_OF |= {CaseScored: 1, NotedInColour: 2}


@dataclass(frozen=True)
class Chosen:
    """An act that somebody is about to do; `rival` is one that it excludes, for another desk."""

    name: str
    do: Doing
    rival: Doing | None = None


@dataclass
class People:
    """Draws acts. `cases`: the streams of the cases that somebody opened."""

    chance: Random
    actors: tuple[Actor, ...]
    cases: list[str] = field(default_factory=list)
    count: int = 0

    def next(self, desk: DeskComputer) -> Chosen:
        """What somebody at this desk does next."""
        self.count += 1
        draw = self.chance.random()
        if len(self.cases) < CASES and draw < 0.5:
            return self._open()
        if draw < 0.1:
            return self._receive()
        stream, case = self._case(desk)
        if case is None or not case.items:
            return self._receive()
        contested = [each.entry for each in to_decide(case)] + [each.entry for each in open_incidents(case)]
        if contested and self.chance.random() < SETTLED:
            return self._settle(stream, self.chance.choice(contested), case.items[0].item)
        return self._on_case(stream, case, case.items[0])

    def note(self, stream: str) -> Chosen:
        """A note on a case."""
        return Chosen("note", lambda desk: desk.reception.add_note(stream, self._words(), self.admin))

    @property
    def admin(self) -> Actor:
        return self.actors[0]

    def newer(self, stream: str) -> Chosen:
        """What only a newer version writes, on a case."""
        fact = self.chance.choice((CaseScored(5), NotedInColour("red")))
        return self._raw("newer", stream, fact)

    def malformed(self, stream: str) -> Chosen:
        """What no central service takes, on a case."""
        return self._raw("malformed", stream, RepairWorked(1, BEYOND_EVERY_READER))

    def _raw(self, name: str, stream: str, fact: Fact) -> Chosen:
        return Chosen(
            name,
            lambda desk: desk.store.act(lambda act: act.add(stream, fact), self.admin, desk.clock()),
        )

    def _open(self) -> Chosen:
        waybill = self.chance.choice(("", "", "", *WAYBILLS))
        kind = self.chance.choice(("repair", "repair", "return"))
        item = ItemRequest("K12 Pro", "phone", serial=f"SN{self.count}", accessories="box")
        request = CaseRequest(kind, "陈晓梅", "13800000001", "", self._words(), waybill, item)

        def do(desk: DeskComputer) -> Future[Any]:
            opened = desk.reception.open_case(request, self.admin)
            opened.add_done_callback(self._remember)
            return opened

        return Chosen("open", do)

    def _remember(self, opened: Future[Any]) -> None:
        if not opened.exception():
            self.cases.append(opened.result().stream)

    def _settle(self, stream: str, entry: str, number: int) -> Chosen:
        """One of the ways out of what does not count; somebody else may take the other one."""
        first, second = self.chance.sample(("kept", "anew"), 2)

        def settle(way: str, desk: DeskComputer) -> Future[Any]:
            return desk.attention.settle(stream, entry, way, number, self.admin)

        return Chosen("settle", partial(settle, first), partial(settle, second))

    def _receive(self) -> Chosen:
        waybill = self.chance.choice(WAYBILLS)
        return Chosen("receive", lambda desk: desk.receiving.receive(waybill, self.actors[1]))

    def _case(self, desk: DeskComputer) -> tuple[str, Case | None]:
        if not self.cases:
            return "", None
        stream = self.chance.choice(self.cases)
        return stream, seen_case(desk, stream)

    def _words(self) -> str:
        return f"words {self.count} {self.chance.randrange(10**6)}"

    def _on_case(self, stream: str, case: Case, item: Item) -> Chosen:
        found = list(self._fitting(stream, case, item))
        name, do = self.chance.choice(found)
        return Chosen(name, do, self._rival(name, stream, item.item))

    def _rival(self, name: str, stream: str, number: int) -> Doing | None:
        """What somebody else might do at the same time, though only one of both can be."""
        if name == "dispose":
            return partial(_dispose, stream, number, self.chance.choice(DISPOSITIONS[:-1]), self.admin)
        if name == "check":
            words = self._words()
            return lambda desk: desk.repairs.check(stream, number, False, words, self.admin)
        return None

    def _fitting(self, stream: str, case: Case, item: Item) -> Iterator[tuple[str, Doing]]:
        """What fits what is seen of the case; what leads on comes more often."""
        chance, words, admin, number = self.chance, self._words(), self.admin, item.item
        yield "note", lambda desk: desk.reception.add_note(stream, words, admin)
        if chance.random() < 0.06:
            yield "forget", lambda desk: desk.privacy.forget(case.customer, admin)
        if case.parcels:
            shelf = chance.choice(SHELVES[:5])
            parcel = f"parcel/{case.parcels[0]}"
            yield "shelve", lambda desk: desk.receiving.shelve(parcel, shelf, self.actors[1])
        if item.goods == "expected":
            yield from 3 * [("take in", lambda desk: desk.inspection.take_in(stream, number, admin))]
        elif item.goods != "left":
            yield from self._on_goods(stream, item)

    def _on_goods(self, stream: str, item: Item) -> Iterator[tuple[str, Doing]]:
        number, admin = item.item, self.admin
        if not item.grade:
            yield from 5 * [("inspect", self._inspect(stream, number))]
        elif item.disposition in ("", "repair"):
            for disposition in self.chance.sample(DISPOSITIONS, 4):
                yield "dispose", partial(_dispose, stream, number, disposition, admin)
        if item.repair and item.repair.step not in ("ready", "handed_over"):
            yield from 3 * [self._on_repair(stream, item)]
        elif (not item.repair or item.repair.step == "ready") and self.chance.random() < 0.3:
            yield "hand over", lambda desk: desk.reception.hand_over(stream, number, admin)

    def _inspect(self, stream: str, number: int) -> Doing:
        return lambda desk: desk.inspection.inspect(
            stream, number, ANSWERS, MEASURES, "A", "clean", self.admin
        )

    def _on_repair(self, stream: str, item: Item) -> tuple[str, Doing]:
        assert item.repair is not None
        number, technician, checker = item.item, self.actors[2], self.actors[3]
        if item.repair.step == "requested":
            found = Diagnosis("no_power", "board", self._words(), in_warranty=True)
            return "diagnose", lambda desk: desk.repairs.diagnose(stream, number, found, technician)
        if item.repair.step == "second_check":
            passed, words = self.chance.random() < 0.6, self._words()
            return "check", lambda desk: desk.repairs.check(stream, number, passed, words, checker)
        return self._at_bench(stream, number, bool(item.repair.tests), technician)

    def _at_bench(self, stream: str, number: int, tested: bool, by: Actor) -> tuple[str, Doing]:
        minutes, part = self.chance.randrange(1, 60), PartUsed("P1", "battery", 1, "S1", "S0")
        todo: list[tuple[str, Doing]] = [
            ("part", lambda desk: desk.repairs.use_part(stream, number, part, by)),
            ("work", lambda desk: desk.repairs.work(stream, number, minutes, by)),
        ]
        if tested:
            todo += 3 * [("finish", lambda desk: desk.repairs.finish(stream, number, by))]
        else:
            todo += 3 * [("test", lambda desk: desk.repairs.test(stream, number, "charging", True, by))]
        return self.chance.choice(todo)


def _dispose(stream: str, number: int, disposition: str, by: Actor, desk: DeskComputer) -> Future[Any]:
    return desk.inspection.dispose(stream, number, disposition, "", by)


def seen_case(desk: DeskComputer, stream: str) -> Case | None:
    """A case as this desk sees it."""
    with desk.store.read() as connection:
        state = journal.visible(connection, stream)
    return state if isinstance(state, Case) and state.number else None
