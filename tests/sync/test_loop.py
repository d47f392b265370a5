"""The loop over a real line that fails in every way: nothing lost, nothing twice, and it heals by itself."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from desk_app.domain.entries import Standing
from desk_app.errors import OutsideError
from desk_app.sync.backoff import RESTING
from desk_app.sync.client import Client
from desk_app.sync.loop import SyncLoop, SyncState
from desk_app.sync.wire import Push

pytestmark = pytest.mark.slow

FEED = "store/01"
NEVER = 600.0


def unsigned(push: Push, chain: bytes) -> Push:
    """No signature: the small central service asks for none."""
    return push


def soon(pause: float) -> float:
    """Retries come a hundred times sooner; the timer of a line that is well does not come during a test."""
    return pause / 100 if pause < RESTING else NEVER


@pytest.fixture
def states() -> list[SyncState]:
    """The states the loop told, oldest first."""
    return []


@pytest.fixture
def loop(central, journal, states, clock) -> Iterator[SyncLoop]:
    """A loop, not yet started."""
    made = SyncLoop(
        journal, lambda: Client(central.address, "t", patience=5), clock, states.append, unsigned, jitter=soon
    )
    yield made
    made.stop()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("sync")]


def is_online(states: list[SyncState]) -> bool:
    return bool(states) and states[-1].line == "online" and states[-1].waiting == 0


def test_what_waits_is_pushed_and_what_is_new_is_pulled(central, journal, loop, states, entry, eventually):
    journal.write(FEED, entry(1), entry(2))
    central.add(FEED, entry(1, desk="B"))
    loop.start()
    eventually(lambda: is_online(states))
    assert [(placed.entry.desk, placed.entry.number) for placed in journal.taken[FEED]] == [
        ("B", 1),
        ("A", 1),
        ("A", 2),
    ]
    assert journal.settled == [("E1", {}, ())]
    assert central.paths() == ["/v1/hello", "/v1/push", "/v1/pull"]


def test_a_new_entry_goes_out_at_once(central, journal, loop, states, entry, eventually) -> None:
    loop.start()
    eventually(lambda: is_online(states))
    journal.write(FEED, entry(1))
    loop.poke()
    eventually(lambda: central.numbers() == [1])


def test_a_disk_that_fails_for_a_while_ends_nothing(
    central, journal, loop, states, entry, eventually, monkeypatch
) -> None:
    def fail() -> int:
        raise OutsideError("disk.failed")

    with monkeypatch.context() as failing:
        for question in ("waiting_count", "waiting_feeds", "last_seen"):
            failing.setattr(journal, question, fail)
        loop.start()
        eventually(lambda: states and (states[-1].line, states[-1].reason) == ("offline", "disk.failed"))
    journal.write(FEED, entry(1))
    eventually(lambda: is_online(states))
    assert central.numbers() == [1]


def test_what_another_desk_did_comes_in_at_once(central, journal, loop, states, entry, eventually) -> None:
    loop.start()
    eventually(lambda: is_online(states))
    central.add("common", entry(1, desk="B", feed="common"))
    eventually(lambda: journal.cursor("common") == 1)


def test_without_the_long_poll_its_own_entries_still_come_back(
    central, journal, states, clock, entry, eventually
) -> None:
    central.faults["/v1/wait"] = ["500"]
    loop = SyncLoop(
        journal,
        lambda: Client(central.address, "t"),
        clock,
        states.append,
        unsigned,
        jitter=lambda pause: NEVER,
    )
    loop.start()
    eventually(lambda: central.paths() == ["/v1/hello", "/v1/hello"])
    journal.write(FEED, entry(1))
    loop.poke()
    eventually(lambda: journal.cursor(FEED) == 1)
    loop.stop()


def test_the_timer_asks_a_line_that_is_well(central, journal, states, clock, eventually) -> None:
    loop = SyncLoop(
        journal,
        lambda: Client(central.address, "t"),
        clock,
        states.append,
        unsigned,
        jitter=lambda pause: pause / 2000,
    )
    loop.start()
    eventually(lambda: central.paths().count("/v1/hello") >= 3)
    loop.stop()
    assert [state.line for state in states] == ["online"]


@pytest.mark.parametrize("fault", ["cut", "answer lost", "500", "garbage", "503 disk.full"])
@pytest.mark.parametrize("path", ["/v1/hello", "/v1/push", "/v1/pull", "/v1/wait"])
def test_each_fault_on_each_path_heals_by_itself(
    central, journal, loop, states, entry, eventually, path: str, fault: str
) -> None:
    central.faults[path] = [fault, fault]
    journal.write(FEED, *(entry(number) for number in range(1, 4)))
    loop.start()
    eventually(lambda: is_online(states) and journal.cursor(FEED) == 3 and not central.faults[path])
    assert central.numbers() == [1, 2, 3]
    assert [placed.entry.number for placed in journal.taken[FEED]] == [1, 2, 3]


def test_entries_whose_answer_was_lost_are_sent_again_and_counted_once(
    central, journal, loop, states, entry, eventually
) -> None:
    central.faults["/v1/push"] = ["answer lost"]
    journal.write(FEED, entry(1), entry(2))
    loop.start()
    eventually(lambda: is_online(states))
    assert central.paths().count("/v1/push") == 2
    assert central.numbers() == [1, 2]


def test_with_the_line_cut_work_goes_on_and_drains_later(
    central, journal, loop, states, entry, eventually
) -> None:
    loop.start()
    eventually(lambda: is_online(states))
    central.stop()
    eventually(lambda: states[-1].line == "offline")
    for number in range(1, 8):
        journal.write(FEED, entry(number))
        loop.poke()
    eventually(lambda: states[-1].waiting == 7)
    central.start()
    eventually(lambda: is_online(states) and journal.cursor(FEED) == 7)
    assert central.numbers() == [1, 2, 3, 4, 5, 6, 7]
    assert {state.reason for state in states if state.line == "offline"} == {"line.cut"}


def test_a_cut_line_is_tried_every_few_seconds_and_a_refused_desk_asks_less(
    central, journal, states, clock
) -> None:
    loop = SyncLoop(
        journal,
        lambda: Client(central.address, "t"),
        clock,
        states.append,
        unsigned,
        jitter=lambda pause: pause,
    )
    central.stop()
    assert [loop.round().longest for _ in range(5)] == [1, 2, 4, 4, 4]
    central.start()
    central.faults["/v1/hello"] = ["401 token.unknown"] * 4
    assert [loop.round().longest for _ in range(5)] == [8, 16, 32, 60, RESTING]
    loop.start()  # only what was started can be stopped
    loop.stop()


def test_a_state_is_told_only_when_it_is_new(central, journal, loop, states, clock, eventually) -> None:
    central.faults["/v1/hello"] = ["500"] * 5
    loop.start()
    eventually(lambda: is_online(states))
    assert states == [
        SyncState("offline", 0, clock.now, "central.failed"),
        SyncState("online", 0, clock.now, "", skew=-clock.now),
    ]


def test_since_is_when_the_line_changed(central, journal, loop, states, clock, eventually, entry) -> None:
    start = clock.now
    loop.start()
    eventually(lambda: is_online(states))
    assert states[-1].since == start
    cut = clock.advance(60_000_000)
    central.stop()
    eventually(lambda: states[-1].line == "offline")
    clock.advance(60_000_000)
    journal.write(FEED, entry(1))
    loop.poke()
    eventually(lambda: states[-1].waiting == 1)
    told = replace(states[-1], skew=0)  # the service may have told its time before or after the clock went on
    assert told == SyncState("offline", 1, cut, "line.cut")
    central.start()


def test_a_refused_entry_blocks_nothing_behind_it(central, journal, loop, states, entry, eventually) -> None:
    central.refuses = {2}
    journal.write(FEED, *(entry(number) for number in range(1, 5)))
    loop.start()
    eventually(lambda: is_online(states))
    assert central.numbers() == [1, 2, 3, 4]
    refused = [n for n, got in journal.receipts[FEED].items() if got.verdict.standing is Standing.REFUSED]
    assert refused == [2]


def test_a_refused_feed_keeps_no_other_waiting(central, journal, loop, states, entry, eventually) -> None:
    central.faults["/v1/push"] = ["409 push.forked"]
    journal.write("common", entry(1, feed="common"))
    journal.write(FEED, entry(1))
    central.add(FEED, entry(1, desk="B"))
    loop.start()
    eventually(lambda: journal.cursor(FEED) == 2)
    eventually(lambda: is_online(states))
    assert ("refused", "push.forked") in [(state.line, state.reason) for state in states]
    assert central.numbers("common") == [1]
    assert central.paths()[:4] == ["/v1/hello", "/v1/push", "/v1/push", "/v1/pull"]


def test_a_desk_that_is_shut_out_is_told_and_asks_again(central, loop, states, eventually) -> None:
    central.faults["/v1/hello"] = ["401 token.unknown"] * 3
    loop.start()
    eventually(lambda: is_online(states))
    assert [(state.line, state.reason) for state in states] == [
        ("refused", "token.unknown"),
        ("online", ""),
    ]


def test_long_queues_go_in_pages_of_500(central, journal, loop, states, entry, eventually) -> None:
    journal.write(FEED, *(entry(number) for number in range(1, 1202)))
    loop.start()
    eventually(lambda: is_online(states) and journal.cursor(FEED) == 1201)
    assert central.paths().count("/v1/push") == 3
    assert journal.pages == [500, 500, 201]
    assert central.numbers() == list(range(1, 1202))


def test_what_is_too_large_together_goes_in_parts(central, journal, loop, states, entry, eventually) -> None:
    journal.write(FEED, *(entry(number, text="x" * 1_500_000) for number in range(1, 5)))
    loop.start()
    eventually(lambda: is_online(states))
    assert central.numbers() == [1, 2, 3, 4]
    assert central.paths().count("/v1/push") == 2


def test_a_new_epoch_is_told_to_the_journal(central, journal, loop, states, eventually) -> None:
    loop.start()
    eventually(lambda: is_online(states))
    central.stop()
    eventually(lambda: states[-1].line == "offline")
    central.epoch = "E2"
    central.start()
    eventually(lambda: len(journal.settled) == 2)
    assert journal.settled[1] == ("E2", {}, ())


def test_the_address_may_change(central, journal, states, clock, entry, eventually) -> None:
    addresses = ["127.0.0.1:1", central.address]
    loop = SyncLoop(journal, lambda: Client(addresses[-1], "t"), clock, states.append, unsigned, jitter=soon)
    addresses.reverse()
    journal.write(FEED, entry(1))
    loop.start()
    eventually(lambda: states and states[-1].line == "offline")
    addresses.reverse()
    eventually(lambda: central.numbers() == [1])
    loop.stop()


def test_no_client_yet_is_offline(journal, states, clock, eventually) -> None:
    def none_yet() -> Client:
        raise OutsideError("central.did_not_start", exit="")

    loop = SyncLoop(journal, none_yet, clock, states.append, unsigned)
    loop.start()
    eventually(lambda: states)
    loop.stop()
    assert states == [SyncState("offline", 0, clock.now, "central.did_not_start", values={"exit": ""})]


@pytest.mark.parametrize("moment", ["before it is asked", "in a slow answer", "in the long poll", "offline"])
def test_it_ends_wherever_it_is(central, loop, states, eventually: Callable[..., None], moment: str) -> None:
    if moment == "in a slow answer":
        central.faults["/v1/hello"] = ["slow"]
    if moment == "offline":
        central.stop()
    loop.start()
    if moment == "in a slow answer":
        eventually(lambda: central.asked)
    if moment == "in the long poll":
        eventually(lambda: "/v1/wait" in [path for _, path, _, _ in central.asked])
    if moment == "offline":
        eventually(lambda: states)
    told = len(states)
    loop.stop()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("sync")]
    assert moment == "before it is asked" or len(states) == told
    central.slow.set()
    if moment == "offline":
        central.start()
