"""A desk's computer: the production store and loop, its disk, its clock, and how it dies and comes back."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import msgspec
from computer import Power
from network import Line, Network
from virtual import SECOND, Threading, Time

import desk_app.sync.loop
from desk_app.domain.entries import Entry
from desk_app.services.attention import Attention
from desk_app.services.desk import Desk
from desk_app.services.inspection import Inspection
from desk_app.services.privacy import Privacy
from desk_app.services.receiving import Receiving
from desk_app.services.reception import Reception
from desk_app.services.repair import Repairs
from desk_app.services.views import Brought
from desk_app.storage.store import Store
from desk_app.sync.client import Client
from desk_app.sync.loop import SyncLoop, SyncState
from desk_app.sync.signing import signed
from desk_app.sync.wire import Push

KEY = bytes(range(32))


@dataclass(frozen=True)
class Papers:
    """What a desk keeps outside its data folder."""

    token: str
    private: bytes


def nothing_more(_codes: tuple[str, ...]) -> Future[Brought]:
    """A desk that forgets somebody asks nobody: what of them has left it is not looked at."""
    brought: Future[Brought] = Future()
    brought.set_result(Brought.NOWHERE)
    return brought


class DeskDiedError(BaseException):
    """The desk's process died at a stop point in the midst of an act."""


@dataclass
class Board:
    """Which desk's program computes at this moment; None: the central service's, or nobody's."""

    running: DeskComputer | None = None


BOARD = Board()


@dataclass
class DeskComputer:
    """One desk.

    offset: how far its clock is ahead (µs), and `offset_greeted`, how far when it last greeted.
    is_old: speaks as the first version did. lacks_rules: an older program, which does not know that a second
    check excludes another. has_twin: its folder was copied, or it is the copy. acked: act → entry.
    """

    name: str
    folder: Path
    papers: Papers
    time: Time
    chance: Random
    network: Network
    power: Power
    offset: int = 0
    is_old: bool = False
    lacks_rules: bool = False
    offset_greeted: int = 0
    is_up: bool = False
    has_twin: bool = False
    die_at: str = ""
    states: list[SyncState] = field(default_factory=list)
    bugs: list[str] = field(default_factory=list)
    acked: dict[str, Entry] = field(default_factory=dict)

    def clock(self) -> int:
        """The desk's own idea of the time."""
        return self.time.now + self.offset

    def _seconds(self) -> float:
        return self.time.now / SECOND

    def open(self) -> None:
        """Start the program; raises OutsideError where the disk does not do."""
        with self.at_work():
            self.store = Store(self.folder, KEY, self.power.module, self._seconds)
        self.desk = Desk(self.store, self.clock)
        self.reception, self.receiving = Reception(self.desk), Receiving(self.desk)
        self.inspection, self.repairs = Inspection(self.desk), Repairs(self.desk)
        self.privacy, self.attention = Privacy(self.desk, nothing_more), Attention(self.desk)
        self._numbers = self._last_numbers()
        self.threading = Threading(self.time, self)
        desk_app.sync.loop.threading = self.threading  # type: ignore[attr-defined]
        self.loop = SyncLoop(
            self.store, self.client, self.clock, self.states.append, self._sign(), self._jitter
        )
        self.store.listen(lambda _: self.loop.poke())
        self.is_up = True
        self.loop.start()

    @property
    def is_forked(self) -> bool:
        """Whether the central service refuses it, as another desk with its name was there first.

        A line that was cut since says nothing of it.
        """
        answered = [state for state in self.states if state.line != "offline"]
        return self.has_twin and bool(answered) and answered[-1].reason == "push.forked"

    def client(self) -> Client:
        """One more connection."""
        return Line(self.network, self.name, self.papers.token, self.is_old, self._greeted)

    def _greeted(self, offset: int) -> None:
        self.offset_greeted = offset

    def close(self) -> None:
        """End the program as a person does."""
        self.loop.stop()
        self.die()

    def die(self) -> None:
        """The process is no more."""
        self.is_up = False
        for thread in self.threading.threads:
            thread.kill()
        self.store.close()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """While this desk's program computes."""
        before, BOARD.running = BOARD.running, self
        try:
            yield
        finally:
            BOARD.running = before

    def act(self, work: Callable[[DeskComputer], Any]) -> Any:
        """Do an act and remember what it wrote; raises what the act raises."""
        with self.at_work():
            answer = work(self).result()
            self.acked |= {entry.act: entry for entry in self._written()}
        return answer

    def forget_unsure(self) -> None:
        """What was written by an act that failed may or may not be there."""
        if self.is_up and not self.power.is_off:
            self._numbers = self._last_numbers()

    def _written(self) -> Iterator[Entry]:
        identity = self.store.identity
        assert identity is not None
        before, self._numbers = self._numbers, self._last_numbers()
        with self.store.read() as connection:
            for feed, number in self._numbers.items():
                if number > before[feed]:
                    rows = connection.exec_driver_sql(
                        "SELECT body FROM entry WHERE feed = ? AND desk = ? AND number > ?",
                        (feed, identity.desk, before[feed]),
                    )
                    yield from (msgspec.json.decode(row[0], type=Entry) for row in rows)

    def _last_numbers(self) -> dict[str, int]:
        with self.store.read() as connection:
            rows = connection.exec_driver_sql("SELECT feed, last_number FROM cursor ORDER BY feed")
            return {row[0]: row[1] for row in rows}

    def _sign(self) -> Callable[[Push, bytes], Push]:
        if self.is_old:
            return lambda push, chain: push
        return partial(signed, self.papers.private)

    def _jitter(self, pause: float) -> float:
        return self.chance.uniform(pause / 2, pause)

    def on_error(self, error: BaseException) -> None:
        if not self.power.is_off:
            self.bugs.append(f"a thread of desk {self.name} ended: {error!r}")

    def copy_to(self, folder: Path) -> None:
        """Copy the data folder while the program is down."""
        shutil.copytree(self.folder, folder)
