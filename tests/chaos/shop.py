"""A shop: the central service and four desks, each a process, with a line and a disk that can go wrong."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

from disks import Disk
from faulty_line import WHOLE, Fault, Line, Network
from processes import Bell, Central, Desk, StuckError, each

from desk_app.sync.client import Client

PLAIN, SMALL_DISK, BAD_DISK, POWER = "a", "b", "c", "d"
NAMES = (PLAIN, SMALL_DISK, BAD_DISK, POWER)
"""The desks, each by what can happen to it."""


class Shop:
    """Everything that runs. `gone`: desks whose files were damaged, which others replaced."""

    def __init__(self, folder: Path, seed: int, room: int) -> None:
        self.folder, self.chance, self.begun = folder, Random(seed), time.monotonic()
        self.seed = seed
        self.timeline: list[str] = []
        self.bell, self.network = Bell(), Network()
        self.logs = folder / "logs"
        self.logs.mkdir(parents=True)
        (folder / "pipes").mkdir()
        self.disks = {name: Disk(folder / f"disk-{name}", room) for name in ("central", SMALL_DISK)}
        data = folder / "disk-central" / "data"
        self.keys = folder / "keys"
        self.central = Central(data, self.logs, self.keys, self.bell)
        self.lines: dict[str, Line] = {
            name: self.network.line(lambda: self.central.address) for name in NAMES
        }
        self.faults: dict[str, Fault] = dict.fromkeys(NAMES, WHOLE)
        self.desks: dict[str, Desk] = {}
        self.gone: list[Desk] = []
        self.person = ""

    def note(self, what: str) -> None:
        """One line of the timeline."""
        self.timeline.append(f"{time.monotonic() - self.begun:7.2f}  {what}")

    def open(self) -> None:
        """The first desk founds the store, the others join it."""
        self.central.start()
        self.central.ready()
        self.person = self.join(PLAIN).person
        for name in NAMES[1:]:
            self.begin(name)
        for desk in self.desks.values():
            desk.ready()
        each(self.desks.values(), "work")
        self.note("the shop is open")

    def join(self, name: str) -> Desk:
        """A new desk in the place of whichever had this name, as soon as it has joined."""
        desk = self.begin(name)
        desk.ready()
        return desk

    def begin(self, name: str) -> Desk:
        """A new desk; it is ready later."""
        number = len(self.desks) + len(self.gone) + 1
        folder = self.folder / f"disk-{name}" / f"desk-{number}"
        folder.mkdir(parents=True)
        desk = Desk(f"{name}{number}", number, folder, self.logs, self.bell)
        secret = self.invite() if self.person else self.central.secret
        self.desks[name] = desk
        self.start(name, secret)
        return desk

    def invite(self) -> str:
        """A secret for one more desk, asked for as a desk asks."""
        token = next(desk for desk in self.desks.values() if desk.is_ready).token()
        with closing(Client(self.central.address, token)) as client:
            return client.invite()

    def start(self, name: str, secret: str = "", **environ: str) -> None:
        """Start a desk's process; it works as soon as it is ready."""
        desk = self.desks[name]
        desk.start(
            self.lines[name].address,
            self.seed,
            secret,
            self.person,
            control=self.folder / "pipes" / desk.name if name == BAD_DISK else None,
            power=name == POWER,
            **environ,
        )
        if self.person:
            desk.process.say("work")

    def restart(self, name: str, **environ: str) -> None:
        """Kill a desk and start it again."""
        self.desks[name].kill()
        self.start(name, **environ)

    def restart_central(self, between: Callable[[], Any] = lambda: None) -> None:
        """Kill the central service, do something, and start it again."""
        self.central.kill()
        between()
        self.central.start()
        self.central.ready()

    def set_line(self, name: str, fault: Fault) -> None:
        """Let a desk's line have this fault."""
        if fault != self.faults[name]:
            self.note(f"line {name}: {fault}")
            self.faults[name] = fault
            self.network.set(self.lines[name], fault)

    def acknowledged(self) -> int:
        """How many acts of all desks were acknowledged so far."""
        return sum(len(desk.done) for desk in (*self.desks.values(), *self.gone))

    def wait(self, holds: Callable[[], Any], what: str) -> Any:
        """Wait until something holds."""
        return self.bell.wait(holds, what)

    def wait_for_acts(self, count: int, *names: str) -> None:
        """Until the desks together, or each of those named, have acknowledged so many more acts."""
        goals = {name: len(self.desks[name].done) + count for name in names}
        goal = 0 if names else self.acknowledged() + count
        self.wait(
            lambda: self.acknowledged() >= goal and all(len(self.desks[n].done) >= goals[n] for n in goals),
            f"an act of desk {', '.join(names) or 'any'}",
        )

    def heal(self) -> None:
        """Let everybody rest with something in hand, and mend the lines when nobody has acted for a while."""
        for name in NAMES:
            self.desks[name].ready()
            self.set_line(name, Fault("reset"))
        everybody = self.desks.values()
        self.wait(
            lambda: all(desk.report()["waiting"] for desk in everybody), "something that waits everywhere"
        )
        each(everybody, "rest")
        tries = {name: line.tries + 3 for name, line in self.lines.items()}
        self.wait(lambda: all(self.lines[n].tries > tries[n] for n in tries), "another try of every desk")
        self.note(f"everybody rests; what waits: {[desk.report()['waiting'] for desk in everybody]}")
        for name in NAMES:
            self.set_line(name, WHOLE)

    def quiet(self) -> None:
        """Wait until nothing waits and everybody has everything."""
        try:
            self.wait(self._is_quiet, "quiet")
        except StuckError as stuck:
            raise StuckError(f"{stuck}: heads {self.central.heads()}, reports {self._reports()}") from None
        self.note("all is quiet")

    def _is_quiet(self) -> bool:
        wanted = {"waiting": 0, "loads": False, "places": self.central.heads()}
        return all(report == wanted for report in self._reports().values())

    def _reports(self) -> dict[str, dict[str, Any]]:
        return {desk.name: desk.report() for desk in self.desks.values()}

    def close(self) -> None:
        """End every process as a person does."""
        for desk in self.desks.values():
            desk.end()
        self.central.end()
        self.network.close()

    def abandon(self) -> None:
        """End every process that is left, and keep what lies on the disks of memory."""
        for process in [desk.process for desk in (*self.desks.values(), *self.gone)] + [self.central.process]:
            if process and process.is_alive:
                process.kill()
        for name, disk in self.disks.items():
            disk.make_room()
            shutil.copytree(disk.folder, self.folder / f"kept-{name}")

    def clear(self) -> None:
        """Leave nothing behind."""
        for disk in self.disks.values():
            disk.remove()
        shutil.rmtree(self.folder)
