"""The client against a real port: what it sends, what it understands, and that no raw error leaves it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest

from desk_app import VERSION
from desk_app.domain.entries import STANDS
from desk_app.errors import OutsideError, RuleError, ShownError
from desk_app.sync.client import Client
from desk_app.sync.wire import JoinCode, Push, Receipt

FEED = "store/01"


@pytest.fixture
def client(central) -> Iterator[Client]:
    made = Client(central.address, "the-token", patience=5)
    yield made
    made.close()


def test_the_messages_go_there_and_back(central, client, entry) -> None:
    joined = client.join(JoinCode(central.address, b"", "ONCE"), "D1", "Bench", "ab")
    assert (joined.token, joined.block, joined.feeds) == ("token of D1", "7QK", ("common", FEED))
    assert client.hello(1, {}).heads == {"common": 0, FEED: 0}
    pushed = client.ask(client.pushing(Push(FEED, (entry(1), entry(2)))))
    assert pushed.receipts == (Receipt(1, 1, STANDS), Receipt(2, 2, STANDS))
    page = client.pull(FEED, 1, 10)
    assert [placed.entry for placed in page.entries] == [entry(2)]
    assert page.head == 2
    assert client.wait({"common": 0, FEED: 1}).heads == {FEED: 2}
    assert client.invite() == "SECRET"


def test_one_connection_carries_them_all_and_shows_the_token(central, client) -> None:
    for _ in range(3):
        client.hello(1, {})
    assert central.connections == 1
    assert [headers["Authorization"] for _, _, headers, _ in central.asked] == ["Bearer the-token"] * 3


def test_large_bodies_go_compressed_and_small_ones_do_not(central, client, entry) -> None:
    client.ask(client.pushing(Push(FEED, (entry(1),))))
    client.ask(client.pushing(Push(FEED, tuple(entry(number) for number in range(2, 300)))))
    small, large = central.asked
    assert "Content-Encoding" not in small[2]
    assert large[2]["Content-Encoding"] == "zstd"
    assert large[3] < 298 * 50
    assert len(client.pull(FEED, 0, 500).entries) == 299


def test_what_is_too_large_is_not_sent(central, client, entry) -> None:
    with pytest.raises(RuleError) as refused:
        client.pushing(Push(FEED, (entry(1, text="x" * 4 * 1024 * 1024),)))
    assert refused.value.code == "body.too_large"
    assert central.asked == []


@pytest.mark.parametrize(
    ("fault", "kind", "code"),
    [
        ("cut", OutsideError, "line.cut"),
        ("answer lost", OutsideError, "line.cut"),
        ("500", OutsideError, "central.failed"),
        ("404", OutsideError, "line.not_understood"),
        ("garbage", OutsideError, "line.not_understood"),
        ("409 push.forked", RuleError, "push.forked"),
        ("503 disk.full", OutsideError, "disk.full"),
        ("409 newer.refusal", RuleError, "line.refused"),
        ("503 newer.trouble", OutsideError, "central.failed"),
    ],
)
def test_each_fault_has_its_code(central, client, fault: str, kind: type[ShownError], code: str) -> None:
    central.faults["/v1/hello"] = [fault]
    with pytest.raises(kind) as failed:
        client.hello(1, {})
    assert failed.value.code == code
    assert client.hello(1, {}).epoch == "E1"


def test_the_values_of_a_refusal_come_along(central, client) -> None:
    central.faults["/v1/hello"] = ["409 push.forked"]
    with pytest.raises(RuleError) as refused:
        client.hello(1, {})
    assert refused.value.values == {"number": 7}


def test_a_slow_answer_is_given_up(central) -> None:
    central.faults["/v1/hello"] = ["slow"]
    client = Client(central.address, "", patience=0.2)
    with pytest.raises(OutsideError) as failed:
        client.hello(1, {})
    assert failed.value.code == "line.cut"
    central.slow.set()
    client.close()


def test_a_service_that_never_answers_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        client = Client(f"127.0.0.1:{silent.getsockname()[1]}", "", patience=0.2)
        with pytest.raises(OutsideError) as failed:
            client.hello(1, {})
    assert failed.value.code == "line.cut"
    client.close()


def test_nobody_there_is_a_cut_line(central) -> None:
    central.stop()
    client = Client(central.address, "")
    with pytest.raises(OutsideError) as failed:
        client.hello(1, {})
    assert failed.value.code == "line.cut"
    central.start()
    assert client.hello(1, {}).epoch == "E1"
    client.close()


def test_a_connection_that_died_while_idle_is_made_anew(central, client, eventually) -> None:
    central.faults["/v1/hello"] = ["closed"]
    client.hello(1, {})
    eventually(lambda: not central._server.open)
    assert client.hello(1, {}).epoch == "E1"
    assert central.connections == 2


@pytest.mark.parametrize("fault", ["closed", "answer lost"])
def test_a_line_that_died_while_idle_is_made_anew_for_both_halves(
    central, client, entry, eventually, fault: str
) -> None:
    central.faults["/v1/hello"], asked = ["closed"], client.pulling(FEED, 0, 10)
    if fault == "answer lost":  # it dies when the request is sent already
        central.faults = {"/v1/pull": [fault]}
    client.hello(1, {})
    eventually(lambda: fault == "answer lost" or not central._server.open)
    client.send(asked)
    assert client.answer(asked).head == 0
    assert central.connections == 2


def test_work_goes_on_between_the_halves_however_long(
    central, client, entry, eventually, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed = [0.0]
    monkeypatch.setattr("desk_app.sync.client.time", SimpleNamespace(monotonic=lambda: passed[0]))
    central.add(FEED, entry(1, text="x" * 100_000))
    asked = client.pulling(FEED, 0, 10)
    client.send(asked)
    eventually(lambda: central.asked)
    passed[0] = 1000.0
    assert [placed.entry.number for placed in client.answer(asked).entries] == [1]


def test_an_answer_that_nobody_read_is_taken_for_no_other(central, client, entry) -> None:
    central.add(FEED, entry(1))
    client.send(client.pulling(FEED, 0, 10))
    assert client.pull("common", 0, 10).entries == ()
    client.send(client.pulling(FEED, 0, 10))
    client.close()
    assert client.hello(1, {}).heads == {"common": 0, FEED: 1}
    assert central.connections == 3


def test_another_thread_can_end_a_call_that_waits(central, client, eventually: Callable[..., None]) -> None:
    failed: list[str] = []

    def wait() -> None:
        with pytest.raises(OutsideError) as error:
            client.wait({"common": 0, FEED: 0})
        failed.append(error.value.code)

    thread = threading.Thread(target=wait)
    thread.start()
    eventually(lambda: central.asked)
    client.abort()
    thread.join(5)
    assert failed == ["line.cut"]
    with pytest.raises(OutsideError):
        client.hello(1, {})


def test_the_version_is_told(central, client, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[bytes] = []
    answer = central.hello
    monkeypatch.setattr(central, "hello", lambda query, body: told.append(body) or answer(query, body))
    client.hello(1_772_366_400_000_000, {})
    assert told == [f'{{"protocol":2,"version":"{VERSION}","clock":1772366400000000,"seen":{{}}}}'.encode()]
