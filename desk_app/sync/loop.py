"""Moves entries both ways, on threads of its own, for as long as the program runs.

One thread moves: hello, push what waits, pull what is new. The other holds the long poll and wakes the first.
A line that fails is tried again by itself, so what waits here drains without anybody doing anything.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from desk_app.clock import Clock
from desk_app.errors import OutsideError, RuleError, ShownError
from desk_app.sync.backoff import (
    FIRST_PAUSE,
    LONGEST_PAUSE,
    LONGEST_WHILE_CUT,
    RESTING,
    Backoff,
    Jitter,
    spread,
)
from desk_app.sync.client import Client
from desk_app.sync.exchange import Exchange, Journal, Sign
from desk_app.sync.lines import Line

BETWEEN_POLLS = 0.1
END_SECONDS = 1.0
NOTHING: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class SyncState:
    """How the line is, since when (µs UTC), why (a code, empty when online), and how many entries wait.

    refused: the central service answers, but does not take something of this desk.
    skew: how far the service's clock is ahead of this desk's (µs), as it was when they last greeted.
    values: what the sentence of the reason names; loaded: how much of a first load is here, in percent.
    """

    line: Literal["online", "offline", "refused"]
    waiting: int
    since: int
    reason: str
    skew: int = 0
    values: Mapping[str, object] = field(default_factory=dict)
    loaded: int = 100


@dataclass(frozen=True, slots=True)
class Rest:
    """How long to rest, in seconds: `least` in any case, `longest` unless something new waits."""

    least: float
    longest: float


class SyncLoop:
    """Keeps a journal and the central service alike from `start` to `stop`.

    client_factory: gives a client, anew after each failure, as the service's address may have changed.
    on_state: called with each state that differs from the one before, on a thread of the loop.
    sign: puts the desk's signature under a push.
    """

    def __init__(
        self,
        journal: Journal,
        client_factory: Callable[[], Client],
        clock: Clock,
        on_state: Callable[[SyncState], None],
        sign: Sign,
        jitter: Jitter = spread,
    ) -> None:
        self._journal = journal
        self._exchange = Exchange(journal, clock, sign)
        self._clock = clock
        self._on_state = on_state
        self._jitter = jitter
        self._backoff = Backoff(jitter)
        self._mover_line, self._listener_line = Line(client_factory), Line(client_factory)
        self._state = SyncState("offline", 0, clock(), "")
        self._wake, self._stopping, self._greeted = threading.Event(), threading.Event(), threading.Event()
        self._threads = [
            threading.Thread(target=self._move, name="sync", daemon=True),
            threading.Thread(target=self._listen, name="sync-wait", daemon=True),
        ]

    def start(self) -> None:
        """Begin to sync."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End within a second; what waits stays in the journal."""
        self._stopping.set()
        self._wake.set()
        self._greeted.set()
        self._mover_line.end()
        self._listener_line.end()
        for thread in self._threads:
            thread.join(END_SECONDS / len(self._threads))

    @property
    def heads(self) -> dict[str, int]:
        """The last place of each feed at the central service, as far as it was heard of."""
        return self._exchange.heads

    def poke(self) -> None:
        """Say that something new waits in the journal; returns at once."""
        self._wake.set()

    def _move(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            rest = self.round()
            self._stopping.wait(rest.least)
            if not self._wake.wait(rest.longest - rest.least) and rest.longest:
                self._greet_again()
        self._mover_line.drop()

    def round(self) -> Rest:
        """Move what there is to move, and say how long to rest before the next round."""
        try:
            refusal = self._talk(self._mover_line.client())
        except ShownError as error:
            return self._failed(error)
        if refusal:
            return self._failed(refusal)
        self._backoff.reset()
        self._tell("online")
        return Rest(0, 0 if self._exchange.is_loading else self._jitter(RESTING))

    def _talk(self, client: Client) -> RuleError | None:
        if not self._greeted.is_set():
            self._tell_waiting()
            self._exchange.greet(client)
            self._greeted.set()
        waiting = self._journal.waiting_feeds()
        if waiting:
            self._tell_waiting()
        return self._exchange.run(client, waiting)

    def _failed(self, error: ShownError) -> Rest:
        """Tell, and rest at least the shortest pause, whatever is poked."""
        refused = isinstance(error, RuleError)
        if not refused:
            self._greet_again()
            self._mover_line.drop()
        self._tell("refused" if refused else "offline", error.code, error.values)
        pause = self._backoff.pause(LONGEST_PAUSE if refused else LONGEST_WHILE_CUT)
        return Rest(min(pause, self._jitter(FIRST_PAUSE)), pause)

    def _listen(self) -> None:
        backoff = Backoff(self._jitter)
        while self._greeted.wait() and not self._stopping.is_set():
            asked = self._exchange.heads
            try:
                heads = self._listener_line.client().wait(asked).heads
            except ShownError:
                self._listener_line.drop()
                self._greet_again()
                self._wake.set()
                self._stopping.wait(backoff.pause(LONGEST_WHILE_CUT))
            else:
                backoff.reset()
                self._heard(asked, heads)
        self._listener_line.drop()

    def _heard(self, asked: dict[str, int], heads: dict[str, int]) -> None:
        if self._exchange.grown(heads):
            self._wake.set()
        if not any(head > asked.get(feed, -1) for feed, head in heads.items()):
            self._stopping.wait(BETWEEN_POLLS)  # a service that answers at once is not asked in a circle

    def _greet_again(self) -> None:
        self._greeted.clear()
        if self._stopping.is_set():  # whoever waits for the greeting has to end too
            self._greeted.set()

    def _tell_waiting(self) -> None:
        """Tell how much waits, before what may take long."""
        self._tell(self._state.line, self._state.reason, self._state.values)

    def _tell(
        self,
        line: Literal["online", "offline", "refused"],
        reason: str = "",
        values: Mapping[str, object] = NOTHING,
    ) -> None:
        if self._stopping.is_set():
            return
        since = self._state.since if line == self._state.line else self._clock()
        skew, loaded = self._exchange.skew, self._exchange.loaded
        state = SyncState(line, self._waiting(), since, reason, skew, values, loaded)
        if state != self._state:
            self._state = state
            self._on_state(state)

    def _waiting(self) -> int:
        """How many entries wait; where the disk does not say it, as many as it said last."""
        try:
            return self._journal.waiting_count()
        except OutsideError:
            return self._state.waiting
