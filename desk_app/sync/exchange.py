"""What desk and central service say to each other when the line is there: one phase after the other.

Greet, hand over what waits, fetch what is new. Nothing here waits or tries again; `sync.loop` does.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import Protocol

from desk_app.clock import Clock
from desk_app.errors import OutsideError, RuleError
from desk_app.sync.client import Client
from desk_app.sync.wire import MOST_ENTRIES, Pulled, Push, Receipt, Seen

Sign = Callable[[Push, bytes], Push]
"""Gives a push the signature under the chain's head after it; the bytes are the head before it."""


class Journal(Protocol):
    """What sync needs of the desk's store; every method may be called from any thread."""

    def cursors(self) -> dict[str, int]:
        """The feeds this desk holds, each with the place up to which it is here."""

    def waiting_feeds(self) -> tuple[str, ...]:
        """The feeds in which something waits."""

    def waiting(self, feed: str, limit: int) -> Push | None:
        """Entries not yet acknowledged, in order of number, with their records; None: nothing waits."""

    def waiting_count(self) -> int:
        """How many entries of all feeds wait."""

    def acknowledge(self, feed: str, receipts: tuple[Receipt, ...]) -> None:
        """Note what became of pushed entries; durable when it returns."""

    def acknowledged(self) -> dict[str, int]:
        """For each feed: the last of this desk's numbers that was acknowledged."""

    def chain(self, feed: str) -> bytes:
        """The head of this desk's chain in a feed, before the first entry that waits."""

    def last_seen(self) -> dict[str, Seen]:
        """For each feed of which anything is here: the last entry in its order."""

    def take(self, page: Pulled) -> None:
        """Store entries and records and move the cursor, in one durable transaction; may raise RuleError."""

    def settle(self, epoch: str, numbers: dict[str, int], astray: tuple[str, ...]) -> None:
        """Note the central service's epoch and watermarks; feeds whose order is another one begin anew."""


class Exchange:
    """The phases over one journal. Every phase raises what `Client` raises."""

    def __init__(self, journal: Journal, clock: Clock, sign: Sign) -> None:
        self.skew = 0
        self._journal = journal
        self._clock = clock
        self._sign = sign
        self._epoch = ""
        self._run = ""
        self._heads: dict[str, int] = {}
        self._cursors: dict[str, int] = {}
        self._lock = threading.Lock()

    @property
    def heads(self) -> dict[str, int]:
        """The last place of each feed, as far as it was heard of."""
        return dict(self._heads)

    def greet(self, client: Client) -> None:
        """Say what was seen last, and begin anew with feeds whose order is another one."""
        now = self._clock()
        welcome = client.hello(now, self._journal.last_seen())
        self.skew = welcome.clock - now
        astray = {*welcome.astray, *self._forgotten(welcome.numbers)}
        if welcome.epoch != self._epoch or astray:
            self._journal.settle(welcome.epoch, welcome.numbers, tuple(sorted(astray)))
            self._epoch = welcome.epoch
        self._run = welcome.run
        self._cursors = self._journal.cursors()
        self.grown(welcome.heads)

    def run(self, client: Client, waiting: tuple[str, ...]) -> RuleError | None:
        """After a greeting: push the feeds in which something waits, then pull every feed.

        A feed that is refused as a whole keeps no other one waiting.
        """
        steps = [partial(self._push, client, feed) for feed in waiting]
        steps += [partial(self._pull, client, feed) for feed in self._cursors]
        refusals = [refusal for step in steps if (refusal := _refusal(step))]
        return refusals[0] if refusals else None

    def grown(self, heads: dict[str, int]) -> bool:
        """Note the last places of feeds; whether one is new."""
        with self._lock:
            new = {feed: head for feed, head in heads.items() if head > self._heads.get(feed, -1)}
            self._heads = {**self._heads, **new}
        return bool(new)

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
        self.grown({push.feed: max(receipt.place for receipt in receipts)})

    def _forgotten(self, numbers: dict[str, int]) -> set[str]:
        """Feeds of an older copy that knows the end of what is here, but not all it acknowledged since."""
        acknowledged = self._journal.acknowledged()
        return {feed for feed, number in numbers.items() if number < acknowledged.get(feed, 0)}

    def _pull(self, client: Client, feed: str) -> None:
        while self._heads.get(feed, 0) > (cursor := self._cursors[feed]):
            page = client.pull(feed, cursor, MOST_ENTRIES)
            if page.run != self._run:  # started since, and perhaps from an older copy
                self.greet(client)
            elif page.head <= cursor:  # the service was put back to an older copy
                self._shrunk(feed, page.head)
            elif not page.entries or page.entries[-1].place <= cursor:
                raise OutsideError("line.not_understood")
            else:
                self._journal.take(page)
                self._cursors[feed] = page.entries[-1].place
                self.grown({feed: page.head})

    def _shrunk(self, feed: str, head: int) -> None:
        with self._lock:
            self._heads = {**self._heads, feed: head}


def _refusal(step: Callable[[], None]) -> RuleError | None:
    try:
        step()
    except RuleError as refusal:
        return refusal
    return None
