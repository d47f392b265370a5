"""Everything the story plays with: two desks on their screens, scanner, cable, checker, record."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import proxy
import reader
import scanner
import screen
from desks import Desk
from record import Asks, Record


@dataclass
class Stage:
    """What a step of the story may use; `numbers`: customer → case number, as the story opens cases."""

    a: Desk
    b: Desk
    scanner: scanner.Scanner
    record: Record
    out: Path
    life: contextlib.ExitStack
    sabotage: dict[str, str]
    cable: proxy.Cable | None = None
    numbers: dict[str, str] = field(default_factory=dict)

    @property
    def desks(self) -> tuple[Desk, Desk]:
        """Both."""
        return self.a, self.b

    def start(self, desk: Desk, **variables: str) -> None:
        """Start a desk, broken where the tour was asked to break one."""
        desk.start(**self.sabotage, **variables)

    def sign_in(self, desk: Desk, name: str, pin: str) -> None:
        """Choose the person, type the PIN, and wait for the first page."""
        desk.window.wait_for(desk.say("Who are you?"), within=20)
        desk.window.press(name)
        desk.write("PIN or password", pin)
        desk.hands.press("Enter")
        desk.window.wait_for(desk.say("Scan or type a code"), within=10)

    def see(
        self, name: str, desk: Desk, *parts: str, within: float = 5, together: tuple[str, ...] = ()
    ) -> None:
        """Check that a desk's window says all of `parts`, and `together` on one line."""
        self.record.check(name, "see", pid=desk.pid, parts=parts, together=together, within=within)

    def central(self, name: str, *entries: dict[str, object], count: int = 1, within: float = 5) -> None:
        """Check that central holds `count` entries like each of these."""
        self.record.check(name, "central", entries=entries, count=count, within=within)

    def paper(
        self, name: str, desk: Desk, pattern: str, parts: tuple[str, ...], codes: tuple[str, ...]
    ) -> None:
        """Check the newest paper of a desk whose name fits."""
        folder = str(desk.papers)
        self.record.check(name, "paper", folder=folder, file=pattern, parts=parts, codes=codes, within=10)

    def lay_cable(self, address: str) -> str:
        """A line to central that can be cut; the address of its near end."""
        self.cable = proxy.Cable(address)
        self.life.callback(self.cable.close)
        return self.cable.address

    def picture(self, desk: Desk, name: str) -> None:
        """Keep what a desk shows under the page's name and the desk's language."""
        desk.picture(self.out / "pictures" / f"{name}-{desk.language}.png")

    def keep_papers(self) -> None:
        """Copy what was printed beside the report."""
        for desk in self.desks:
            if desk.papers.is_dir():
                shutil.copytree(desk.papers, self.out / "papers" / desk.name, dirs_exist_ok=True)


@contextlib.contextmanager
def stage(home: Path, out: Path, sabotage: str) -> Iterator[Stage]:
    """Set everything up on empty homes and take it all down again, whatever happens inside."""
    with contextlib.ExitStack() as life:
        bus = life.enter_context(screen.bus(home / "bus"))
        listener = reader.Reader(bus["DBUS_SESSION_BUS_ADDRESS"])
        life.callback(listener.close)
        asks = Asks(bus["DBUS_SESSION_BUS_ADDRESS"], {**os.environ, **bus})
        life.callback(asks.close)
        desks = []
        for name, language in (("A", "zh_CN"), ("B", "en")):
            shown = life.enter_context(screen.screen(home / f"screen-{name}"))
            desk = Desk(name, home / name, language, shown, listener, bus)
            life.callback(desk.close)
            desks.append(desk)
        line = scanner.Scanner()
        life.callback(line.unplug)

        def counted() -> tuple[int, int]:
            keys = sum(desk.hands.keys for desk in desks)
            return keys, line.scans + sum(desk.hands.scans for desk in desks)

        record = Record(asks, counted, print)
        broken = {"MENDESK_SABOTAGE": sabotage} if sabotage else {}
        yield Stage(*desks, line, record, out, life, broken)
