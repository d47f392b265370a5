"""The phases: what desk and service do at the same time, and that nothing is lost where one of them fails."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator

import pytest

from desk_app.domain.entries import STANDS, canonical
from desk_app.errors import OutsideError, RuleError
from desk_app.sync import exchange
from desk_app.sync.client import Client
from desk_app.sync.exchange import Exchange
from desk_app.sync.wire import Placed, Pulled, Push

FEED = "store/01"
WAIT_SECONDS = 20


@pytest.fixture(autouse=True)
def pages_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few entries make many pages."""
    monkeypatch.setattr(exchange, "MOST_ENTRIES", 2)


@pytest.fixture
def client(central) -> Iterator[Client]:
    made = Client(central.address, "t", patience=5)
    yield made
    made.close()


@pytest.fixture
def sync(journal, clock) -> Callable[[Client], RuleError | None]:
    """Greets, pushes and pulls once over a client; the refusal where there is one."""

    def go(client: Client) -> RuleError | None:
        made = Exchange(journal, clock, lambda push, head: push)
        made.greet(client)
        return made.run(client, journal.waiting_feeds())

    return go


def test_the_next_page_is_asked_for_before_this_one_is_stored(
    central, journal, client, sync, entry, eventually, monkeypatch
) -> None:
    central.add(FEED, *(entry(number, desk="B") for number in range(1, 6)))
    take, asked = journal.take, []

    def take_later(page: Pulled) -> None:
        eventually(lambda: central.paths().count("/v1/pull") == min(3, len(journal.pages) + 2))
        asked.append(central.paths().count("/v1/pull"))
        take(page)

    monkeypatch.setattr(journal, "take", take_later)
    assert sync(client) is None
    assert (journal.pages, asked) == ([2, 2, 1], [2, 3, 3])
    assert [placed.entry.number for placed in journal.taken[FEED]] == [1, 2, 3, 4, 5]
    assert central.connections == 1


def test_a_page_of_another_run_that_was_asked_for_is_thrown_away(
    central, journal, client, sync, entry, monkeypatch
) -> None:
    central.run = "R1"
    central.add(FEED, *(entry(number, desk="B") for number in range(1, 4)))
    pull, last_seen, seen = central.pull, journal.last_seen, []

    def pull_after_a_start(query: dict[str, str], body: bytes) -> object:
        if query["after"] == "2" and central.run == "R1":
            central.run = "R2"
            return Pulled(FEED, (Placed(3, entry(99, desk="B"), STANDS),), (), 3, run="R2")
        return pull(query, body)

    monkeypatch.setattr(central, "pull", pull_after_a_start)
    monkeypatch.setattr(journal, "last_seen", lambda: seen.append(dict(journal.cursors())) or last_seen())
    assert sync(client) is None
    assert [placed.entry.number for placed in journal.taken[FEED]] == [1, 2, 3]
    assert central.paths() == ["/v1/hello", "/v1/pull", "/v1/pull", "/v1/hello", "/v1/pull"]
    assert [cursors[FEED] for cursors in seen] == [0, 2]


def test_a_page_that_cannot_be_stored_leaves_a_line_that_works(
    central, journal, client, sync, entry, monkeypatch
) -> None:
    central.add("common", *(entry(number, desk="B", feed="common") for number in range(1, 6)))
    central.add(FEED, entry(7, desk="B"))
    take = journal.take

    def refuse_common(page: Pulled) -> None:
        if page.feed == "common":
            raise RuleError("push.forked", number=1)
        take(page)

    monkeypatch.setattr(journal, "take", refuse_common)
    refusal = sync(client)
    assert refusal and refusal.code == "push.forked"
    assert [placed.entry.number for placed in journal.taken[FEED]] == [7]
    assert client.hello(1, {}).heads == {"common": 5, FEED: 1}
    assert (journal.taken["common"], central.connections) == ([], 2)


def test_a_page_is_stored_also_where_the_next_cannot_be_asked_for(central, journal, entry, clock) -> None:
    central.add(FEED, *(entry(number, desk="B") for number in range(1, 6)))
    client = Cutting(central.address, "t", patience=5)
    made = Exchange(journal, clock, lambda push, head: push)
    made.greet(client)
    client.left = 1
    with pytest.raises(OutsideError, match=r"line\.cut"):
        made.run(client, ())
    assert journal.pages == [2]
    client.close()


class Cutting(Client):
    """A client that can send so many more requests."""

    left = 10

    def send(self, request) -> None:
        self.left -= 1
        if self.left < 0:
            raise OutsideError("line.cut")
        super().send(request)


def test_the_next_push_is_sent_before_what_came_of_this_one_is_noted(
    central, journal, client, sync, entry, eventually, monkeypatch
) -> None:
    journal.write(FEED, *(entry(number) for number in range(1, 6)))
    acknowledge, sent = journal.acknowledge, []

    def acknowledge_later(feed: str, receipts) -> None:
        eventually(lambda: central.paths().count("/v1/push") == min(3, len(sent) + 2))
        sent.append(central.paths().count("/v1/push"))
        acknowledge(feed, receipts)

    monkeypatch.setattr(journal, "acknowledge", acknowledge_later)
    assert sync(client) is None
    assert sent == [2, 3, 3]
    assert (central.numbers(), journal.waiting_count()) == ([1, 2, 3, 4, 5], 0)
    assert central.connections == 1


def test_the_next_push_is_made_ready_while_the_service_works(
    central, journal, client, sync, entry, monkeypatch
) -> None:
    journal.write(FEED, *(entry(number) for number in range(1, 4)))
    push, waiting, ready, met = central.push, journal.waiting, threading.Event(), []

    def push_later(query: dict[str, str], body: bytes) -> object:
        met.append(ready.wait(WAIT_SECONDS))
        return push(query, body)

    def waiting_noted(feed: str, limit: int, after: int = 0) -> Push | None:
        if after == 2:
            ready.set()
        return waiting(feed, limit, after)

    monkeypatch.setattr(central, "push", push_later)
    monkeypatch.setattr(journal, "waiting", waiting_noted)
    assert sync(client) is None
    assert met == [True, True]


def test_nothing_is_sent_after_a_push_that_was_refused(central, journal, client, sync, entry) -> None:
    central.faults["/v1/push"] = ["", "409 push.gap"]
    journal.write(FEED, *(entry(number) for number in range(1, 8)))
    refusal = sync(client)
    assert refusal and refusal.code == "push.gap"
    assert central.paths() == ["/v1/hello", "/v1/push", "/v1/push", "/v1/pull"]
    assert (central.numbers(), sorted(journal.receipts[FEED])) == ([1, 2], [1, 2])


@pytest.mark.parametrize("answer", ["garbage", "500"])
def test_nothing_is_noted_or_sent_after_a_push_without_an_answer(
    central, journal, client, sync, entry, answer: str
) -> None:
    central.faults["/v1/push"] = [answer]
    journal.write(FEED, *(entry(number) for number in range(1, 6)))
    with pytest.raises(OutsideError):
        sync(client)
    assert (central.paths(), journal.receipts[FEED]) == (["/v1/hello", "/v1/push"], {})


def test_an_answer_is_noted_also_where_the_next_push_cannot_be_sent(central, journal, entry, clock) -> None:
    journal.write(FEED, *(entry(number) for number in range(1, 6)))
    client = Cutting(central.address, "t", patience=5)
    made = Exchange(journal, clock, lambda push, head: push)
    made.greet(client)
    client.left = 1
    with pytest.raises(OutsideError, match=r"line\.cut"):
        made.run(client, (FEED,))
    assert (central.numbers(), sorted(journal.receipts[FEED])) == ([1, 2], [1, 2])
    client.close()


def test_what_is_too_large_in_the_midst_goes_in_parts(central, journal, client, sync, entry) -> None:
    journal.write(FEED, entry(1), entry(2), *(entry(number, text="x" * 2_500_000) for number in (3, 4, 5)))
    assert sync(client) is None
    assert (central.numbers(), journal.waiting_count()) == ([1, 2, 3, 4, 5], 0)
    assert central.paths().count("/v1/push") == 4


def test_one_entry_that_is_too_large_keeps_none_before_it_waiting(
    central, journal, client, sync, entry
) -> None:
    journal.write(FEED, entry(1), entry(2), entry(3, text="x" * 5_000_000), entry(4))
    refusal = sync(client)
    assert refusal and refusal.code == "body.too_large"
    assert (central.numbers(), sorted(journal.receipts[FEED])) == ([1, 2], [1, 2])


def test_each_push_is_signed_under_the_chain_after_it(central, journal, client, entry, clock) -> None:
    written = [entry(number) for number in range(1, 6)]
    journal.write(FEED, *written)
    signed: list[tuple[list[int], bytes]] = []

    def sign(push: Push, head: bytes) -> Push:
        signed.append(([each.number for each in push.entries], head))
        return push

    made = Exchange(journal, clock, sign)
    made.greet(client)
    made.run(client, (FEED,))
    heads = [bytes(32)]
    for each in written:
        heads.append(hashlib.sha256(heads[-1] + canonical(each)).digest())
    assert signed == [([1, 2], heads[2]), ([3, 4], heads[4]), ([5], heads[5])]
