"""The service as a process: started, ended, killed, started again."""

from __future__ import annotations

import json
import signal
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from desk_app.domain.facts import CustomerAdded, ParcelArrived
from desk_app.vault import seal

pytestmark = pytest.mark.slow  # each starts a process


def arrived(desk: Any) -> Any:
    return desk.entry("parcel/SF1", ParcelArrived("SF1"))


def first_desk(running: Any, join: Callable[[int, str], Any]) -> Any:
    line = running.ready()
    return join(int(line["address"].rpartition(":")[2]), line["founding_secret"])


def test_it_tells_address_and_founding_secret_until_a_desk_has_come(start: Any, join: Any) -> None:
    running = start()
    desk = first_desk(running, join)
    assert running.end() == (0, "")
    again = start()
    line = again.ready()
    assert line["founding_secret"]
    desk = join(desk.port, line["founding_secret"])
    desk.push(arrived(desk)).good()
    assert again.end() == (0, "")
    assert start().ready() == {"address": f"127.0.0.1:{desk.port}"}


def test_it_listens_on_the_loopback_address_only(start: Any) -> None:
    port = start().port()
    with socket.create_server(("127.0.0.2", port)):
        pass


def test_what_was_acknowledged_is_there_after_kill_9(start: Any, join: Any) -> None:
    running = start()
    desk = first_desk(running, join)
    acknowledged: list[int] = []
    with ThreadPoolExecutor(1) as pool:

        def push_on() -> None:
            while True:
                try:
                    answer = desk.push(arrived(desk))
                except OSError:
                    return
                acknowledged.append(answer.good()["receipts"][0]["number"])
                if len(acknowledged) == 20:
                    running.process.kill()

        pool.submit(push_on).result()
    assert running.process.wait(30) == -signal.SIGKILL
    assert len(acknowledged) >= 20
    start().ready()
    stored = [placed["entry"]["number"] for placed in desk.pull()["entries"]]
    assert stored[: len(acknowledged)] == acknowledged
    assert stored == list(range(1, len(stored) + 1))


def test_sigterm_answers_who_waits_and_ends_well(start: Any, join: Any) -> None:
    running = start()
    desk = first_desk(running, join)
    desk.push(arrived(desk)).good()
    with closing(HTTPConnection("127.0.0.1", desk.port, timeout=30)) as line:
        line.request("GET", "/v1/wait?common=0", headers={"Authorization": f"Bearer {desk.token}"})
        desk.get("/v1/health").good()  # what was sent before it has been heard
        running.process.send_signal(signal.SIGTERM)
        assert json.loads(line.getresponse().read()) == {"heads": {}}
    assert running.process.wait(30) == 0


def test_a_second_service_on_the_same_folder_is_refused(start: Any) -> None:
    start().ready()
    assert start().end() == (1, "central.running {}")


def test_a_port_taken_by_somebody_else_is_told(start: Any) -> None:
    running = start()
    port = running.port()
    running.end()
    with socket.create_server(("127.0.0.1", port)):
        assert start().end() == (1, f"central.port_taken {{'port': {port}}}")
    assert start().port() == port


def test_a_named_port_is_taken_and_kept(start: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    running = start(port)
    assert running.port() == port
    running.end()
    assert start().port() == port


@pytest.mark.parametrize("content", [b"", b"x", b"99999999", b"\xff"])
def test_a_spoilt_port_file_is_no_hindrance(start: Any, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "central.port").write_bytes(content)
    assert start().port() > 0


def test_a_copied_folder_is_not_readable_elsewhere(start: Any, tmp_path: Path) -> None:
    running = start()
    running.ready()
    running.end()
    assert start(MENDESK_KEYS=str(tmp_path / "other keys")).end() == (1, "store.no_key {}")


def test_the_log_holds_no_customer_data(start: Any, join: Any, tmp_path: Path) -> None:
    running = start()
    desk = first_desk(running, join)
    sealed = seal(b"somebody", 0)
    customer = desk.entry(
        "customer/01JC", CustomerAdded("x"), feed="sales", data={"contact_record": 13800138000}
    )
    desk.push(customer).good()
    desk.push(arrived(desk)).good()
    desk.get("/v1/parcels/SF1234567890123")
    desk.post("/v1/push", b'{"phone": "13800138000"')
    assert running.end() == (0, "")
    log = (tmp_path / "data" / "central.log").read_text("utf-8")
    assert f"desk {desk.id} joined" in log
    for plant in ("SF1234567890123", "13800138000", desk.token, sealed.id):
        assert plant not in log
