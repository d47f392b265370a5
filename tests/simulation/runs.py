"""Runs of many seeds, and what they add up to."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import faults
import seeded
from promises import Quiet, broken, tried
from template import Template, founded
from world import ACTS, BETWEEN_ACTS, World

MEMORY = Path("/dev/shm")


@dataclass
class Outcome:
    """How one seed ended."""

    seed: int
    trace: str
    failures: list[str]
    happened: Counter[str]
    acts: Counter[str]
    tried: set[int]
    contested: int


@dataclass
class Simulator:
    """Runs seeds in a folder of its own; the store is founded once."""

    folder: Path
    template: Template = field(init=False)

    def __post_init__(self) -> None:
        self.template = founded(self.folder / "template")

    def run(self, seed: int) -> Outcome:
        """One seed from its beginning to the checked end."""
        folder = self.folder / f"run-{seed}"
        folder.mkdir()
        world = World(self.template, folder, seed)
        seeded.load_states(world.loads_states)
        try:
            return _played(world)
        except Exception as error:
            failure = f"the run ended by {error!r}"
            return Outcome(seed, world.trace(), [failure], world.happened, world.acts, set(), 0)
        finally:
            world.end()
            shutil.rmtree(folder)


def _played(world: World) -> Outcome:
    faults.at_start(world)
    world.start()
    faults.plan(world, ACTS * BETWEEN_ACTS)
    world.work()
    faults.touch_spoilt(world)
    world.heal()
    quiet = Quiet(world)
    for line in quiet.central.lines():
        world.note(line.place, line.entry.kind, line.entry.desk, line.standing, line.reason)
    return Outcome(
        world.seed,
        world.trace(),
        broken(quiet),
        world.happened,
        world.acts,
        tried(quiet),
        len(quiet.contested),
    )


@contextmanager
def simulator() -> Iterator[Simulator]:
    """A simulator whose files lie in memory where there is such a place."""
    place = MEMORY if os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="mendesk-", dir=place) as folder:
        yield Simulator(Path(folder))
