"""A first load goes on page by page, and takes nothing of another run or another fold."""

from __future__ import annotations

from typing import Any

import pytest

from desk_app.domain.folding import FOLD_VERSION
from desk_app.errors import OutsideError
from desk_app.sync import loading
from desk_app.sync.loading import Loading
from desk_app.sync.wire import FrozenState, Load, Snapshot, Welcome

FEED, AT = "store/01STORE", 1_772_366_400_000_000
HELLO = Welcome("E1", AT, {FEED: 9000}, {}, run="run", fold_version=FOLD_VERSION)


class Here:
    """The desk's store, in memory: how far it is, and what was done to it."""

    def __init__(self) -> None:
        self.load = Load(0, 0)
        self.done: list[tuple[Any, ...]] = []
        self.asks: tuple[str, ...] = ()
        self.goes = 0

    def loads(self) -> dict[str, Load]:
        return {FEED: self.load}

    def begin_load(self, feed: str, head: int, run: str) -> None:
        self.done.append(("begin", feed, head, run))
        self.load = Load(head, head)

    def take_states(self, page: Snapshot, at: int, is_load: bool) -> None:
        self.done.append(("take", page.up_to, is_load))
        if is_load:
            self.load = Load(self.load.up_to, page.up_to)
        self.asks = tuple(each for each in self.asks if each not in {one.stream for one in page.states})

    def wanted(self) -> dict[str, tuple[str, ...]]:
        return {FEED: self.asks} if self.asks else {}

    def not_there(self, streams: tuple[str, ...]) -> None:
        self.done.append(("not there", streams))
        self.asks = tuple(each for each in self.asks if each not in streams)

    def let_go(self, at: int) -> bool:
        self.done.append(("let go", at))
        self.goes -= 1
        return self.goes >= 0


class Service:
    """Answers with pages; `asked`: what it was asked."""

    def __init__(self, *pages: Snapshot) -> None:
        self.pages = list(pages)
        self.asked: list[tuple[Any, ...]] = []

    def snapshot(self, feed: str, up_to: int, limit: int) -> Snapshot:
        self.asked.append((feed, up_to))
        return self.pages.pop(0)

    def states(self, feed: str, streams: tuple[str, ...]) -> Snapshot:
        self.asked.append((feed, streams))
        return self.pages.pop(0)


def page(up_to: int, *streams: str, head: int = 9000, run: str = "run", fold: int = FOLD_VERSION) -> Snapshot:
    states = tuple(FrozenState(stream, 1, b"") for stream in streams)
    return Snapshot(FEED, states, (), up_to, fold, run, head)


@pytest.fixture
def here() -> Here:
    return Here()


@pytest.fixture
def load(here: Here) -> Loading:
    made = Loading(here)
    made.greeted(HELLO)
    return made


def test_it_begins_where_the_states_say_the_feed_ends(load: Loading, here: Here) -> None:
    client: Any = Service(page(6000, head=9007), page(3000), page(0))
    assert load.percent == 100
    assert load.begin(client, FEED, AT) == 9007
    assert here.done == [("begin", FEED, 9007, "run"), ("take", 6000, True)]
    assert load.since(FEED) == 9007
    assert (load.goes_on, load.percent) == (True, 33)
    load.go_on(client, AT)
    assert (load.goes_on, load.percent) == (True, 66)
    load.go_on(client, AT)
    assert (load.goes_on, load.percent) == (False, 100)
    assert client.asked[1:] == [(FEED, 6000), (FEED, 3000)]
    load.go_on(client, AT)
    assert len(client.asked) == 3


def test_a_short_feed_is_read_from_its_first_entry(load: Loading, here: Here) -> None:
    client: Any = Service(page(0, head=loading.LONG_FEED))
    assert load.begin(client, FEED, AT) == 0
    assert here.done == []


def test_a_service_that_folds_otherwise_is_asked_for_no_states(here: Here) -> None:
    load, client = Loading(here), Service()
    load.greeted(Welcome("E1", AT, {FEED: 9000}, {}, run="run", fold_version=FOLD_VERSION + 1))
    here.asks, here.load = ("case/1",), Load(9, 5)
    asked: Any = client
    assert load.begin(asked, FEED, AT) == 0
    load.fetch(asked, AT)
    load.go_on(asked, AT)
    load.tidy(AT)
    assert (client.asked, here.done, load.goes_on) == ([], [], False)


@pytest.mark.parametrize("wrong", [page(0, run="another"), page(0, fold=FOLD_VERSION + 1)])
def test_a_page_of_another_run_or_fold_is_not_taken(load: Loading, here: Here, wrong: Snapshot) -> None:
    client: Any = Service(wrong, wrong)
    with pytest.raises(OutsideError):
        load.begin(client, FEED, AT)
    here.asks = ("case/1",)
    with pytest.raises(OutsideError):
        load.fetch(client, AT)
    assert here.done == []


def test_a_service_that_goes_in_a_circle_is_left(load: Loading, here: Here) -> None:
    client: Any = Service(page(6000), page(6000))
    load.begin(client, FEED, AT)
    with pytest.raises(OutsideError):
        load.go_on(client, AT)
    assert here.load.next == 6000


def test_single_streams_are_asked_for_until_none_is_left(load: Loading, here: Here) -> None:
    here.asks = ("case/1", "case/2", "case/3")
    client: Any = Service(page(5, "case/1"), page(0, "case/2"))  # the first answer had no room for more
    load.fetch(client, AT)
    assert [asked[1] for asked in client.asked] == [("case/1", "case/2", "case/3"), ("case/2", "case/3")]
    assert here.done[-1] == ("not there", ("case/3",))
    assert here.asks == ()


def test_what_is_done_with_is_looked_for_each_hour_and_until_nothing_leaves(
    load: Loading, here: Here
) -> None:
    here.goes = 1
    load.tidy(AT)
    assert load.goes_on
    load.tidy(AT)
    assert not load.goes_on
    load.tidy(AT + loading.HOUR - 1)
    load.tidy(AT + loading.HOUR)
    assert [done[1] - AT for done in here.done] == [0, 0, loading.HOUR]
