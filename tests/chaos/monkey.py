"""What happens to the shop: every kind of trouble once in an order that the seed gives, and then again.

Whatever needs a process started anew kills it before, in the middle of its work. A step ends when somebody
felt it: the desk refused an act for the full disk, the line told that it is cut.
"""

from __future__ import annotations

import shutil
import signal
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from faulty_line import KINDS, WHOLE, Fault
from processes import Central, Desk, StuckError
from shop import BAD_DISK, NAMES, PLAIN, POWER, SMALL_DISK, Shop

PAGE = 4096
FAILED = 3
UNWRITABLE = ("disk.read_only", "folder.not_writable")
DAMAGED = ("store.damaged", "store.wrong_key")
SIZES = {
    "delay": (10, 300),
    "thin": (4_000, 60_000),
    "cut_request": (0, 3000),
    "cut_answer": (0, 3000),
}
STORMY = 0.6  # of the lines at any time


class Monkey:
    """Makes trouble in a shop, of all kinds or of those named; `done` counts the steps by name."""

    def __init__(self, shop: Shop, names: Sequence[str] = ()) -> None:
        self.shop, self.chance = shop, shop.chance
        self.done: Counter[str] = Counter()
        steps = {
            "kill desk": self.kill_desk,
            "kill before commit": lambda: self.die_at("act.decided"),
            "kill before the answer": lambda: self.die_at("act.committed"),
            "stop desk": self.stop_desk,
            "stop central": self.stop_central,
            "full disk, desk": self.fill_desk,
            "full disk, central": self.fill_central,
            "read-only disk, desk": self.lock_desk,
            "read-only disk, central": self.lock_central,
            "failing fsync": self.fail_fsync,
            "power loss": lambda: self.lose_power("lose power"),
            "power loss, torn": lambda: self.lose_power("tear"),
            "damaged file": self.damage,
            "older copy": self.restore,
        }
        self.steps: dict[str, Callable[[], None]] = {name: steps[name] for name in names or steps}

    def run(self, seconds: float) -> None:
        """Every step once at least, and again until `seconds` are over."""
        until = time.monotonic() + seconds
        while not self.done or time.monotonic() < until:
            names = list(self.steps)
            self.chance.shuffle(names)
            for name in names:
                if self.done[name] and time.monotonic() > until:
                    return
                self.step(name)

    def step(self, name: str) -> None:
        """One trouble, under another weather than before."""
        self.weather()
        self.shop.wait_for_acts(self.chance.randrange(8))
        self.shop.note(name)
        self.steps[name]()
        self.done[name] += 1

    def weather(self) -> None:
        """New faults for the lines; one of them is whole."""
        whole = self.chance.choice(NAMES)
        for name in NAMES:
            kind = self.chance.choice(KINDS) if name != whole and self.chance.random() < STORMY else ""
            self.shop.set_line(name, Fault(kind, self.chance.randint(*SIZES.get(kind, (0, 0)))))

    def any_desk(self) -> Desk:
        return self.shop.desks[self.chance.choice(NAMES)]

    def kill_desk(self) -> None:
        name = self.chance.choice((PLAIN, BAD_DISK, POWER))
        self.shop.wait_for_acts(3, name)
        self.shop.restart(name)

    def die_at(self, point: str) -> None:
        """A desk kills itself at a point of `desk_app.sabotage` within an act."""
        name = self.chance.choice((PLAIN, BAD_DISK))
        desk = self.shop.desks[name]
        self.shop.wait_for_acts(3, name)
        self.shop.restart(name, MENDESK_STOP=f"{point}:{self.chance.randint(3, 9)}")
        if desk.ended() != -signal.SIGKILL:
            raise StuckError(f"the end of desk {desk.name} at {point}")
        self.shop.start(name)

    def stop_desk(self) -> None:
        desk = self.any_desk()
        desk.ready()
        desk.process.signal(signal.SIGSTOP)
        self.shop.wait_for_acts(6)
        desk.process.signal(signal.SIGCONT)

    def stop_central(self) -> None:
        heard = self._heard("line.cut")
        self.shop.central.process.signal(signal.SIGSTOP)
        self.shop.wait(lambda: self._heard("line.cut") > heard, "a line that is told as cut")
        self.shop.central.process.signal(signal.SIGCONT)

    def fill_desk(self) -> None:
        """A full disk refuses acts; with room again the desk works on by itself."""
        self.shop.wait_for_acts(3, SMALL_DISK)
        self.shop.restart(SMALL_DISK)  # it begins with an empty log, which has to grow
        desk = self.shop.desks[SMALL_DISK]
        desk.ready()
        self._refusing(desk, "disk.full", self.shop.disks[SMALL_DISK].fill)
        self.shop.disks[SMALL_DISK].make_room()
        self.shop.wait_for_acts(2, SMALL_DISK)

    def fill_central(self) -> None:
        self.shop.restart_central()
        heard = self._heard("disk.full")
        self.shop.disks["central"].fill()
        self.shop.wait(lambda: self._heard("disk.full") > heard, "a line that tells of a full disk")
        self.shop.disks["central"].make_room()

    def lock_desk(self) -> None:
        desk, disk = self.shop.desks[SMALL_DISK], self.shop.disks[SMALL_DISK]
        desk.kill()
        disk.set_read_only(True)
        self.shop.start(SMALL_DISK)
        self._must_say(desk, UNWRITABLE)
        disk.set_read_only(False)
        self.shop.start(SMALL_DISK)

    def lock_central(self) -> None:
        disk = self.shop.disks["central"]

        def while_it_is_down() -> None:
            disk.set_read_only(True)
            said = self.shop.central.refuses()
            disk.set_read_only(False)
            if said.get("problem") not in UNWRITABLE:
                raise StuckError(f"central's word for a disk that cannot be written; it said {said}")

        self.shop.restart_central(while_it_is_down)

    def fail_fsync(self) -> None:
        """Some calls of fsync fail; now and then the desk dies in the middle of that."""
        desk = self.shop.desks[BAD_DISK]
        desk.ready()
        self._refusing(desk, "disk.failed", lambda: desk.fail_fsync(self.chance.choice((0.3, 1))))
        if self.chance.random() < 0.5:
            self.shop.restart(BAD_DISK)
        else:
            desk.fail_fsync(0)
            self.shop.wait_for_acts(2, BAD_DISK)

    def lose_power(self, command: str) -> None:
        """The desk's computer goes dark at whatever it is writing."""
        desk = self.shop.desks[POWER]
        desk.ready()
        self.shop.wait_for_acts(2, POWER)
        desk.process.say(command)
        if desk.ended() != -signal.SIGKILL:
            raise StuckError("the end of the desk without power")
        self.shop.start(POWER)

    def damage(self) -> None:
        """A desk's file is damaged; it says so, and another desk takes its place."""
        name = self.chance.choice((PLAIN, SMALL_DISK, BAD_DISK))
        desk = self.shop.desks[name]
        self.shop.set_line(name, WHOLE)
        desk.ready()
        desk.process.say("rest")  # what it could not hand over would be lost with its file
        self.shop.wait(lambda: not desk.report()["waiting"], f"the last entry of desk {desk.name}")
        desk.end()  # so that everything is in the file, and nothing in a log beside it
        self._flip(desk.folder / "desk.db")
        self.shop.start(name)
        self._must_say(desk, DAMAGED)
        self.shop.gone.append(desk)
        self.shop.join(name)
        self.shop.note(f"desk {desk.name} is gone, desk {self.shop.desks[name].name} has come")
        self.shop.desks[name].process.say("work")

    def _flip(self, path: Path) -> None:
        """Another bit in each page, or in the first one alone."""
        content = bytearray(path.read_bytes())
        pages = range(len(content) // PAGE) if self.chance.random() < 0.7 else range(1)
        for page in pages:
            content[page * PAGE + self.chance.randrange(PAGE)] ^= 1 << self.chance.randrange(8)
        path.write_bytes(content)

    def restore(self) -> None:
        """The central service is put back to a copy that lacks what desks handed over since."""
        central = self.shop.central
        copy = self.shop.folder / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        self.shop.restart_central(lambda: shutil.copytree(central.data, copy))
        before = sum(central.heads().values())
        self.shop.wait(lambda: sum(central.heads().values()) > before + 3, "an entry that the copy lacks")
        self.shop.restart_central(lambda: _replace(central, copy))

    def _heard(self, reason: str) -> int:
        """How often the lines of all desks told of this reason."""
        return sum(told == reason for desk in self.shop.desks.values() for _, told in desk.lines)

    def _refusing(self, desk: Desk, code: str, trouble: Callable[[], None]) -> None:
        """Make trouble until the desk refuses an act with this code."""
        refused = list(desk.refused.values()).count(code)
        trouble()
        what = f"an act that desk {desk.name} refuses with {code}"
        self.shop.wait(lambda: list(desk.refused.values()).count(code) > refused, what)

    def _must_say(self, desk: Desk, codes: tuple[str, ...]) -> None:
        if desk.ended() != FAILED or desk.failed.get("failed") not in codes:
            raise StuckError(f"the word of desk {desk.name}, one of {codes}; {desk.codes[-1]}, {desk.failed}")


def _replace(central: Central, copy: Path) -> None:
    shutil.rmtree(central.data)
    shutil.copytree(copy, central.data)
