"""One run: a store under one seed, with faults; then it heals, and nobody does anything any more."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path
from random import Random
from typing import Protocol

from acts import Chosen, People
from centre import Centre
from computer import Power
from computers import KEY, DeskComputer, DeskDiedError
from network import Network
from seeded import SECRETS
from template import LATE, NAMES, START, Template
from virtual import SECOND, Time

from desk_app.errors import OutsideError, RuleError

ACTS = 34
BETWEEN_ACTS = 0.5
LOADS_STATES = 0.35
"""How often long feeds come as states, and cases that are done with leave soon."""

AGAIN = 0.3
"""How often somebody at another desk does the same at the same time."""

REST = 400.0
"""Virtual seconds in which all has to come to rest once the faults are over."""

LOOK_EVERY = 2.0
AFTERWARDS = 20.0
"""Time for what was doubled to come late, and to change nothing."""

DOWN = (0.5, 8.0)


class Computer(Protocol):
    """What runs, dies and comes back."""

    power: Power
    folder: Path
    is_up: bool

    def open(self) -> None: ...

    def die(self) -> None: ...


class World:
    """The computers of one run, and what happened to them."""

    def __init__(self, template: Template, folder: Path, seed: int) -> None:
        SECRETS.seed(seed)
        self.seed = seed
        self.chance = Random(seed)
        self.folder = folder
        self.time = Time(START + 3_600_000_000)
        self.loads_states = self.chance.random() < LOADS_STATES
        template.copy_to(folder, LATE if self.loads_states else "")
        self.centre = Centre(self.time, self._part("centre"), folder / "central", KEY, seed)
        self.network = Network(self.time, self._part("network"), self.centre)
        self.happened: Counter[str] = self.network.happened
        self.people = People(self._part("people"), template.actors)
        self.desks = [self._desk(template, name) for name in NAMES]
        self.acts: Counter[str] = Counter()
        self.failures: list[str] = []
        self.is_put_back = False
        self.spoilt: list[tuple[DeskComputer, str]] = []
        self._trace = hashlib.sha256()

    def _part(self, name: str) -> Random:
        return Random(f"{self.seed} {name}")

    def _desk(self, template: Template, name: str) -> DeskComputer:
        return DeskComputer(
            name,
            self.folder / name,
            template.papers[name],
            self.time,
            self._part(name),
            self.network,
            Power(self.seed),
        )

    def note(self, *words: object) -> None:
        """A line of the trace, of which only the hash is kept."""
        self._trace.update(f"{self.time.now} {words}\n".encode())

    def trace(self) -> str:
        """The hash of all that happened."""
        return self._trace.hexdigest()

    @property
    def computers(self) -> list[Computer]:
        """The central service's computer, and the desks."""
        return [self.centre, *self.desks]

    def start(self) -> None:
        """Switch everything on."""
        self.time.watch = self.watch
        self.centre.open()
        for desk in self.desks:
            if not (self.loads_states and desk.name == LATE):
                desk.open()

    def work(self) -> None:
        """The time of acts and faults."""
        self.network.bad = True
        for number in range(ACTS):
            self.time.after(number * BETWEEN_ACTS + self.chance.uniform(0, 1), self._act)
        if self.loads_states:
            self.time.after(self.chance.uniform(0.4, 1.0) * ACTS * BETWEEN_ACTS, self._join_late)
        self.time.run(ACTS * BETWEEN_ACTS + 2)

    def heal(self) -> None:
        """Everything runs again; then nothing is done any more."""
        self.network.bad = False
        self.network.cut_off.clear()
        self.centre.power.fill(is_full=False)
        self.bring_back(self.centre)
        for desk in self.desks:
            desk.power.fill(is_full=False)
            desk.die_at = ""
            self.bring_back(desk)
            desk.forget_unsure()
        end = self.time.now + REST * SECOND
        while not self.is_at_rest() and self.time.now < end:
            self.time.run(LOOK_EVERY)
        self.time.run(AFTERWARDS)

    def is_at_rest(self) -> bool:
        """Whether every queue is empty and every desk has all there is."""
        if not all(computer.is_up for computer in self.computers):
            return False
        heads = self.centre.storage.heads()
        return all(is_even(desk, heads) for desk in self.desks if not desk.is_forked)

    def end(self) -> None:
        """Let go of everything."""
        for desk in self.desks:
            if desk.is_up:
                desk.die()
        self.centre.close()

    def _join_late(self) -> None:
        """A desk that has just joined begins when much has happened."""
        self.happened["desk joins late"] += 1
        (late,) = [desk for desk in self.desks if desk.name == LATE]
        self.bring_back(late)

    # people

    def _act(self) -> None:
        ready = [desk for desk in self.desks if desk.is_up]
        if not ready:
            return
        desk = self.chance.choice(ready)
        chosen = self.people.next(desk)
        self.act(desk, chosen)
        others = [one for one in ready if one is not desk and one.is_up]
        if not others:
            return
        if chosen.rival:
            self.act(self.chance.choice(others), Chosen("rival", chosen.rival))
        elif self.chance.random() < AGAIN:
            self.act(self.chance.choice(others), chosen)

    def act(self, desk: DeskComputer, chosen: Chosen) -> str:
        """Let somebody do it; how it ended."""
        outcome = "done"
        try:
            desk.act(chosen.do)
        except RuleError as refusal:
            outcome = refusal.code
        except OutsideError as failure:
            outcome = failure.code
            desk.forget_unsure()
        except DeskDiedError:
            outcome = "died"
            self.happened["desk killed in an act"] += 1
            self.crash(desk, is_killed=True)
        self.acts[outcome] += 1
        self.note("act", desk.name, chosen.name, outcome)
        self.watch()
        return outcome

    # computers

    def watch(self) -> None:
        """Where the power went, the program is dead and comes back later."""
        for computer in self.computers:
            if computer.power.is_off and computer.is_up:
                self.crash(computer)

    def crash(self, computer: Computer, is_killed: bool = False) -> None:
        """Power or process goes; the computer comes back after a while."""
        self.take_down(computer, is_killed)
        self.time.after(self.chance.uniform(*DOWN), lambda: self.bring_back(computer))

    def take_down(self, computer: Computer, is_killed: bool) -> None:
        """Power or process goes, and with the power what was not on the disk."""
        who = "central" if computer is self.centre else "desk"
        tear = self.chance.random() < 0.5
        if is_killed:
            self.happened[f"{who} killed"] += 1
            computer.power.kill()
        computer.die()
        if not is_killed:
            self.happened[f"{who} power {'torn' if tear else 'lost'}"] += 1
            computer.power.lose_power(tear)
        self.note("down", computer.folder.name, is_killed, tear)

    def bring_back(self, computer: Computer) -> None:
        """Switch a computer on, however often the power goes over it."""
        while not computer.is_up:
            try:
                computer.open()
            except OutsideError:
                if not computer.power.is_off:  # its disk is full for a while
                    self.time.after(1.0, lambda: self.bring_back(computer))
                    return
                computer.power.lose_power()
        self.note("up", computer.folder.name)


def is_even(desk: DeskComputer, heads: dict[str, int]) -> bool:
    """Whether nothing waits at a desk, and nothing for it."""
    return not desk.store.waiting_count() and all(
        desk.store.cursor(feed) == heads[feed] for feed in desk.store.feeds()
    )
