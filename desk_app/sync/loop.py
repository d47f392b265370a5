"""Moves entries both ways, on threads of its own, for as long as the program runs.

One thread moves: hello, push what waits, pull what is new. The other holds the long poll and wakes the first.
A line that fails is tried again by itself, so what waits here drains without anybody doing anything.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from desk_app.clock import Clock
from desk_app.errors import OutsideError, RuleError, ShownError
from desk_app.sync.backoff import FIRST_PAUSE, LONGEST_PAUSE, Backoff, Jitter, spread
from desk_app.sync.client import Client
from desk_app.sync.wire import MOST_ENTRIES, Pulled, Push, Receipt, Seen

Sign = Callable[[Push, bytes], Push]
"""Gives a push the signature under the chain's head after it; the bytes are the head before it."""

BETWEEN_POLLS = 0.1
END_SECONDS = 1.0


class Journal(Protocol):
    """What the loop needs of the desk's store; every method may be called from the loop's threads."""

    def feeds(self) -> tuple[str, ...]:
        """The feeds this desk holds."""

    def waiting(self, feed: str, limit: int) -> Push | None:
        """Entries not yet acknowledged, in order of number, with their records; None: nothing waits."""

    def waiting_count(self) -> int:
        """How many entries of all feeds wait."""

    def acknowledge(self, feed: str, receipts: tuple[Receipt, ...]) -> None:
        """Note what became of pushed entries; durable when it returns."""

    def cursor(self, feed: str) -> int:
        """The place up to which the feed is here."""

    def take(self, page: Pulled) -> None:
        """Store entries and records and move the cursor, in one durable transaction."""

    def chain(self, feed: str) -> bytes:
        """The head of this desk's chain in a feed, before the first entry that waits."""

    def last_seen(self) -> dict[str, Seen]:
        """For each feed of which anything is here: the last entry in its order."""

    def settle(self, epoch: str, numbers: dict[str, int], astray: tuple[str, ...]) -> None:
        """Note the central service's epoch and watermarks; feeds whose order is another one begin anew."""


@dataclass(frozen=True, slots=True)
class SyncState:
    """How the line is, since when (µs UTC), why (a code, empty when online), and how many entries wait.

    refused: the central service answers, but does not take something of this desk.
    skew: how far the service's clock is ahead of this desk's (µs), as it was when they last greeted.
    """

    line: Literal["online", "offline", "refused"]
    waiting: int
    since: int
    reason: str
    skew: int = 0


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
        self._clock = clock
        self._on_state = on_state
        self._sign = sign
        self._jitter = jitter
        self._backoff = Backoff(jitter)
        self._mover_line, self._listener_line = _Line(client_factory), _Line(client_factory)
        self._heads: dict[str, int] = {}
        self._heads_lock = threading.Lock()
        self._epoch = ""
        self._skew = 0
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

    def poke(self) -> None:
        """Say that something new waits in the journal; returns at once."""
        self._wake.set()

    def _move(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            pause = self._round()
            if not self._wake.wait(pause):
                self._greet_again()
        self._mover_line.drop()

    def _round(self) -> float:
        """Move what there is to move, and return how long to rest unless woken, in seconds."""
        self._tell(self._state.line, self._state.reason)
        try:
            refusal = self._exchange(self._mover_line.client())
        except ShownError as error:
            return self._failed(error)
        if refusal:
            return self._failed(refusal)
        self._backoff.reset()
        self._tell("online")
        return self._jitter(LONGEST_PAUSE)

    def _exchange(self, client: Client) -> RuleError | None:
        """All phases; a feed whose entries are refused as a whole keeps no other one waiting."""
        if not self._greeted.is_set():
            self._hello(client)
        feeds = self._journal.feeds()
        refusals = [refusal for feed in feeds if (refusal := self._try_push(client, feed))]
        for feed in feeds:
            self._pull(client, feed)
        return refusals[0] if refusals else None

    def _hello(self, client: Client) -> None:
        now = self._clock()
        welcome = client.hello(now, self._journal.last_seen())
        self._skew = welcome.clock - now
        if welcome.epoch != self._epoch or welcome.astray:
            self._journal.settle(welcome.epoch, welcome.numbers, welcome.astray)
            self._epoch = welcome.epoch
        self._grown(welcome.heads)
        self._greeted.set()

    def _try_push(self, client: Client, feed: str) -> RuleError | None:
        try:
            self._push(client, feed)
        except RuleError as refusal:
            return refusal
        return None

    def _push(self, client: Client, feed: str) -> None:
        limit = MOST_ENTRIES
        while push := self._journal.waiting(feed, limit):
            try:
                receipts = client.push(self._sign(push, self._journal.chain(feed))).receipts
            except RuleError as refusal:
                if refusal.code != "body.too_large" or limit == 1:
                    raise
                limit = max(1, len(push.entries) // 2)
            else:
                self._settle(push, receipts)

    def _settle(self, push: Push, receipts: tuple[Receipt, ...]) -> None:
        if not {entry.number for entry in push.entries} <= {receipt.number for receipt in receipts}:
            raise OutsideError("line.not_understood")
        self._journal.acknowledge(push.feed, receipts)
        self._grown({push.feed: max(receipt.place for receipt in receipts)})

    def _pull(self, client: Client, feed: str) -> None:
        while self._heads.get(feed, 0) > (cursor := self._journal.cursor(feed)):
            page = client.pull(feed, cursor, MOST_ENTRIES)
            if page.head <= cursor:  # the service was put back to an older copy
                self._shrunk(feed, page.head)
            elif not page.entries or page.entries[-1].place <= cursor:
                raise OutsideError("line.not_understood")
            else:
                self._journal.take(page)
                self._grown({feed: page.head})

    def _failed(self, error: ShownError) -> float:
        """Tell, rest at least the shortest pause whatever is poked, and return how long to rest beyond it."""
        if not isinstance(error, RuleError):
            self._greet_again()
            self._mover_line.drop()
        self._tell("refused" if isinstance(error, RuleError) else "offline", error.code)
        pause = self._backoff.pause()
        least = min(pause, self._jitter(FIRST_PAUSE))
        self._stopping.wait(least)
        return pause - least

    def _listen(self) -> None:
        backoff = Backoff(self._jitter)
        while self._greeted.wait() and not self._stopping.is_set():
            asked = dict(self._heads)
            try:
                heads = self._listener_line.client().wait(asked).heads
            except ShownError:
                self._listener_line.drop()
                self._greet_again()
                self._wake.set()
                self._stopping.wait(backoff.pause())
            else:
                backoff.reset()
                self._heard(asked, heads)
        self._listener_line.drop()

    def _heard(self, asked: dict[str, int], heads: dict[str, int]) -> None:
        if self._grown(heads):
            self._wake.set()
        if not any(head > asked.get(feed, -1) for feed, head in heads.items()):
            self._stopping.wait(BETWEEN_POLLS)  # a service that answers at once is not asked in a circle

    def _greet_again(self) -> None:
        self._greeted.clear()
        if self._stopping.is_set():  # whoever waits for the greeting has to end too
            self._greeted.set()

    def _grown(self, heads: dict[str, int]) -> bool:
        """Note the last places of feeds; whether one is new."""
        with self._heads_lock:
            new = {feed: head for feed, head in heads.items() if head > self._heads.get(feed, -1)}
            self._heads = {**self._heads, **new}
        return bool(new)

    def _shrunk(self, feed: str, head: int) -> None:
        with self._heads_lock:
            self._heads = {**self._heads, feed: head}

    def _tell(self, line: Literal["online", "offline", "refused"], reason: str = "") -> None:
        if self._stopping.is_set():
            return
        since = self._state.since if line == self._state.line else self._clock()
        state = SyncState(line, self._journal.waiting_count(), since, reason, self._skew)
        if state != self._state:
            self._state = state
            self._on_state(state)


class _Line:
    """One thread's client, made when it is needed; another thread can end it for good."""

    def __init__(self, factory: Callable[[], Client]) -> None:
        self._factory = factory
        self._client: Client | None = None
        self._ended = False
        self._lock = threading.Lock()

    def client(self) -> Client:
        """The client; raises OutsideError `line.cut` after `end`."""
        with self._lock:
            if self._ended:
                raise OutsideError("line.cut")
            self._client = self._client or self._factory()
            return self._client

    def drop(self) -> None:
        """By the thread itself: close the client; the next one is new."""
        with self._lock:
            if self._client:
                self._client.close()
            self._client = None

    def end(self) -> None:
        """From another thread: end the call that waits, and make no other client."""
        with self._lock:
            self._ended = True
            if self._client:
                self._client.abort()
