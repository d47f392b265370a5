"""What desk and central service say to each other when the line is there: one phase after the other.

Greet, hand over what waits, fetch what is new. Nothing here waits or tries again; `sync.loop` does.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from desk_app.clock import Clock
from desk_app.domain.entries import canonical
from desk_app.errors import OutsideError, RuleError
from desk_app.signatures import grown
from desk_app.sync import loading
from desk_app.sync.client import Client, Request
from desk_app.sync.loading import Loading, States
from desk_app.sync.wire import MOST_ENTRIES, Pulled, Push, Pushed, Receipt, Seen

Sign = Callable[[Push, bytes], Push]
"""Gives a push the signature under the chain's head after it, which the bytes are."""


class Journal(States, Protocol):
    """What sync needs of the desk's store; every method may be called from any thread."""

    def outdated(self) -> tuple[str, ...]:
        """The feeds with states that another version of this program folded."""

    def cursors(self) -> dict[str, int]:
        """The feeds this desk holds, each with the place up to which it is here."""

    def waiting_feeds(self) -> tuple[str, ...]:
        """The feeds in which something waits."""

    def waiting(self, feed: str, limit: int, after: int = 0) -> Push | None:
        """Entries not yet acknowledged with numbers above `after`, in their order, with their records.

        None: no such entry waits.
        """

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


@dataclass(frozen=True)
class _Ready:
    """A push that has only to be sent, and the chain's head after it."""

    push: Push
    head: bytes
    request: Request[Pushed]


class Exchange:
    """The phases over one journal. Every phase raises what `Client` raises.

    What this desk and the service can do at the same time they do: the next request is sent before what came
    is stored here, and the next push is made ready while the service works on the one before.
    """

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
        self._loading = Loading(journal)

    @property
    def heads(self) -> dict[str, int]:
        """The last place of each feed, as far as it was heard of."""
        return dict(self._heads)

    def greet(self, client: Client) -> None:
        """Say what was seen last, and begin anew with feeds whose order is another one."""
        now = self._clock()
        welcome = client.hello(now, self._journal.last_seen())
        self.skew = welcome.clock - now
        astray = {*welcome.astray, *self._forgotten(welcome.numbers), *self._journal.outdated()}
        if welcome.epoch != self._epoch or astray:
            self._journal.settle(welcome.epoch, welcome.numbers, tuple(sorted(astray)))
            self._epoch = welcome.epoch
        self._run = welcome.run
        self._cursors = self._journal.cursors()
        self._loading.greeted(welcome)
        self.grown(welcome.heads)

    def run(self, client: Client, waiting: tuple[str, ...]) -> RuleError | None:
        """After a greeting: push the feeds in which something waits, pull every feed, and go on loading.

        A feed that is refused as a whole keeps no other one waiting.
        """
        steps = [partial(self._push, client, feed) for feed in waiting]
        steps += [partial(self._pull, client, feed) for feed in self._cursors]
        steps += [partial(self._load, client)]
        refusals = [refusal for step in steps if (refusal := _refusal(step))]
        return refusals[0] if refusals else None

    @property
    def is_loading(self) -> bool:
        """Whether `run` has more to do at once."""
        return self._loading.goes_on

    @property
    def loaded(self) -> int:
        """How much of a first load is here, in percent."""
        return self._loading.percent

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
                self._hand_over(client, self._ready(client, push, self._journal.chain(feed)), limit)
            except RuleError as refusal:
                if refusal.code != "body.too_large" or limit == 1:
                    raise
                limit = max(1, len(push.entries) // 2)

    def _ready(self, client: Client, push: Push, chain: bytes) -> _Ready:
        """chain: the head before the push."""
        head = grown(chain, map(canonical, push.entries))
        return _Ready(push, head, client.pushing(self._sign(push, head)))

    def _hand_over(self, client: Client, first: _Ready, limit: int) -> None:
        """Hand a push over, and all that waits behind it as long as that fits."""
        ready: _Ready | None = first
        client.send(first.request)
        while ready:
            following = self._following(client, ready, limit)
            receipts = client.answer(ready.request).receipts
            _refuse_missing(ready.push, receipts)
            note = partial(self._note, ready.push.feed, receipts)
            _meanwhile(client, following.request if following else None, note)
            ready = following

    def _following(self, client: Client, before: _Ready, limit: int) -> _Ready | None:
        if len(before.push.entries) < limit:  # all that waited
            return None
        push = self._journal.waiting(before.push.feed, limit, after=before.push.entries[-1].number)
        try:
            return self._ready(client, push, before.head) if push else None
        except RuleError:  # too large; `_push` comes to it when what is before it is noted
            return None

    def _note(self, feed: str, receipts: tuple[Receipt, ...]) -> None:
        self._journal.acknowledge(feed, receipts)
        self.grown({feed: max(receipt.place for receipt in receipts)})

    def _forgotten(self, numbers: dict[str, int]) -> set[str]:
        """Feeds of an older copy that knows the end of what is here, but not all it acknowledged since."""
        acknowledged = self._journal.acknowledged()
        return {feed for feed, number in numbers.items() if number < acknowledged.get(feed, 0)}

    def _load(self, client: Client) -> None:
        now = self._now()
        self._loading.fetch(client, now)
        self._loading.go_on(client, now)
        self._loading.tidy(now)

    def _now(self) -> int:
        """The service's time: by a wrong clock of this desk all cases might leave."""
        return self._clock() + self.skew

    def _pull(self, client: Client, feed: str) -> None:
        if not self._cursors[feed] and self._heads.get(feed, 0) > loading.LONG_FEED:
            self._cursors[feed] = self._loading.begin(client, feed, self._now())
        asked: Request[Pulled] | None = None
        while asked or self._is_behind(feed):
            page = client.answer(asked or self._send_for(client, feed, self._cursors[feed]))
            asked = self._take(client, feed, page)

    def _pulling(self, client: Client, feed: str, after: int) -> Request[Pulled]:
        return client.pulling(feed, after, MOST_ENTRIES, self._loading.since(feed))

    def _send_for(self, client: Client, feed: str, after: int) -> Request[Pulled]:
        request = self._pulling(client, feed, after)
        client.send(request)
        return request

    def _is_behind(self, feed: str) -> bool:
        return self._heads.get(feed, 0) > self._cursors[feed]

    def _take(self, client: Client, feed: str, page: Pulled) -> Request[Pulled] | None:
        """Take the page after the cursor; returns what was asked for meanwhile."""
        cursor = self._cursors[feed]
        if page.run != self._run:  # started since, and perhaps from an older copy
            self.greet(client)
        elif page.head <= cursor:  # the service was put back to an older copy
            self._shrunk(feed, page.head)
        elif not page.entries or page.entries[-1].place <= cursor:
            raise OutsideError("line.not_understood")
        else:
            last = page.entries[-1].place
            following = self._pulling(client, feed, last) if page.head > last else None
            _meanwhile(client, following, partial(self._journal.take, page))
            self._cursors[feed] = last
            self.grown({feed: page.head})
            return following
        return None

    def _shrunk(self, feed: str, head: int) -> None:
        with self._lock:
            self._heads = {**self._heads, feed: head}


def _meanwhile(client: Client, request: Request[Any] | None, work: Callable[[], None]) -> None:
    """Send a request, then do work of this desk, also where the line fails; the answer is not read here."""
    try:
        if request:
            client.send(request)
    finally:
        work()


def _refuse_missing(push: Push, receipts: tuple[Receipt, ...]) -> None:
    if not {entry.number for entry in push.entries} <= {receipt.number for receipt in receipts}:
        raise OutsideError("line.not_understood")


def _refusal(step: Callable[[], None]) -> RuleError | None:
    try:
        step()
    except RuleError as refusal:
        return refusal
    return None
