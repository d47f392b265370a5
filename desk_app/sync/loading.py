"""Streams that come as states: what long feeds had before this desk, and single streams asked for by name."""

from __future__ import annotations

from typing import Protocol

from desk_app.clock import MINUTE
from desk_app.domain.entries import COMMON
from desk_app.domain.folding import FOLD_VERSION
from desk_app.errors import OutsideError
from desk_app.storage.store import Store
from desk_app.sync.client import Client
from desk_app.sync.wire import MOST_ENTRIES, MOST_STATES, Load, Snapshot, Welcome

HOUR = 60 * MINUTE
ANY_PLACE = 10**15 - 1
LONG_FEED = 2000
"""A feed with more entries than this is not read from its first one."""


FIRST_KINDS = ("store", "desk", "person")
"""What a desk has to know before anybody can sign in."""


class States(Protocol):
    """What loading needs of the desk's store."""

    def loads(self) -> dict[str, Load]:
        """For each feed how far it is loaded by states."""

    def begin_load(self, feed: str, head: int, run: str) -> None:
        """Load what a feed has up to the place `head` by states, and the entries behind it as ever."""

    def take_states(self, page: Snapshot, at: int, is_load: bool) -> None:
        """Store states that came, durably; is_load: as the next page of a first load."""

    def wanted(self) -> dict[str, tuple[str, ...]]:
        """For each feed: streams of which only a part is here, some of them."""

    def not_there(self, streams: tuple[str, ...]) -> None:
        """The central service knows nothing more of these streams either."""

    def let_go(self, at: int) -> bool:
        """Let some cases leave that have long been done with; whether there were any."""


class Loading:
    """A first load goes on by one page a round, so that it keeps nothing else waiting.

    It is for services whose states are folded as here; from others everything comes as entries.
    """

    def __init__(self, states: States) -> None:
        self._states = states
        self._loads: dict[str, Load] = {}
        self._run = ""
        self._can = False
        self._leaving = False
        self._tidied = -HOUR

    def greeted(self, welcome: Welcome) -> None:
        """Note what the service is, and how far each feed is."""
        self._can = welcome.fold_version == FOLD_VERSION
        self._run = welcome.run
        self._loads = self._states.loads()

    def since(self, feed: str) -> int:
        """The place up to which a feed is loaded by states."""
        return self._loads[feed].up_to

    def begin(self, client: Client, feed: str, at: int) -> int:
        """Load a feed by states from now on, if it is long; from which place it is read then, 0: the first.

        The place comes with the states: any other may be of a time before the service was put back.
        """
        page = self._sound(client.snapshot(feed, ANY_PLACE, MOST_STATES)) if self._can else None
        if page is None or page.head <= LONG_FEED:
            return 0
        self._states.begin_load(feed, page.head, self._run)
        self._states.take_states(page, at, is_load=True)
        self._loads = self._states.loads()
        return page.head

    @property
    def goes_on(self) -> bool:
        """Whether there is more to do at once."""
        return self._can and (self._leaving or self._is_loading)

    @property
    def _is_loading(self) -> bool:
        return any(load.next for load in self._loads.values())

    @property
    def percent(self) -> int:
        """How much of what is to come by states is here; 100 where all is."""
        begun = [load for load in self._loads.values() if load.next]
        left = sum(load.next for load in begun) / max(1, sum(load.up_to for load in begun))
        return 100 if not begun else min(99, int(100 * (1 - left)))

    def fetch(self, client: Client, at: int) -> None:
        """Fetch the streams of which only a part is here; at: the time (µs UTC)."""
        while self._can and (wanted := self._states.wanted()):
            for feed, streams in wanted.items():
                self._fetch(client, feed, streams, at)

    def _fetch(self, client: Client, feed: str, streams: tuple[str, ...], at: int) -> None:
        page = self._sound(client.states(feed, streams))
        self._states.take_states(page, at, is_load=False)
        left = {*streams} - {each.stream for each in page.states}
        if left and not page.up_to:  # else they did not fit
            self._states.not_there(tuple(sorted(left)))

    def go_on(self, client: Client, at: int) -> None:
        """Fetch the next page of each feed; at: the time (µs UTC)."""
        for feed, load in self._loads.items():
            if load.next and self._can:
                page = self._sound(client.snapshot(feed, load.next, MOST_STATES))
                if page.up_to >= load.next:
                    raise OutsideError("line.not_understood")
                self._states.take_states(page, at, is_load=True)
                self._loads = {**self._loads, feed: Load(load.up_to, page.up_to)}

    def tidy(self, at: int) -> None:
        """Where the service can give them back: let some cases leave that have long been done with.

        That is looked at each hour, and at once where there are more; at: the time (µs UTC).
        """
        if self._can and not self._is_loading and at - self._tidied >= HOUR:
            self._leaving = self._states.let_go(at)
            self._tidied = self._tidied if self._leaving else at
            self._loads = self._states.loads()

    def _sound(self, page: Snapshot) -> Snapshot:
        """A page of another run, or another fold, says nothing of the order that is known here."""
        if page.run != self._run or page.fold_version != FOLD_VERSION:
            raise OutsideError("line.cut")
        return page


def load_people(client: Client, store: Store, at: int) -> None:
    """Fetch who works in the shop and what it is called, before all else; at: desk time (µs UTC)."""
    if client.hello(at, {}).fold_version != FOLD_VERSION:
        _read_all(client, store)
        return
    for kind in FIRST_KINDS:
        up_to = ANY_PLACE
        while up_to:
            page = client.snapshot(COMMON, up_to, MOST_STATES, kind)
            store.take_states(page, at, is_load=False)
            up_to = page.up_to


def _read_all(client: Client, store: Store) -> None:
    """Read the feed they are in from its first entry."""
    page = client.pull(COMMON, store.cursor(COMMON), MOST_ENTRIES)
    while page.entries:
        store.take(page)
        page = client.pull(COMMON, store.cursor(COMMON), MOST_ENTRIES)
