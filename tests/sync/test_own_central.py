"""The central service as a process of this desk, played by small programs that are real processes."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desk_app.errors import OutsideError
from desk_app.sync.own_central import OwnCentral, central_command

READY = """
import json, os, sys
with open(sys.argv[1] + "/runs", "a") as runs:
    print(os.getpid(), file=runs)
print(json.dumps({"address": "127.0.0.1:%d" % os.getpid(), "founding_secret": "ONCE"}), flush=True)
sys.stdout.write("more than a pipe holds" * 10_000)
sys.stdout.flush()
sys.stdin.read()
with open(sys.argv[1] + "/ended", "a") as ended:
    print(os.getpid(), file=ended)
"""

Playing = Callable[[str], OwnCentral]


@pytest.fixture
def playing(tmp_path: Path) -> Iterator[Playing]:
    """Makes an OwnCentral whose service is a program given as text; all are ended after the test."""
    made: list[OwnCentral] = []

    def make(program: str) -> OwnCentral:
        command = [sys.executable, "-c", program]
        made.append(OwnCentral(tmp_path, lambda data: [*command, str(data)], jitter=lambda pause: 0.01))
        return made[-1]

    yield make
    for own in made:
        own.stop()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("own-central")]


def pids(data: Path, name: str) -> list[int]:
    """The process ids in a file of the program's; none where it is not there."""
    path = data / name
    return [int(line) for line in path.read_text().split()] if path.exists() else []


def test_it_says_where_it_listens_and_ends_when_told(playing: Playing, tmp_path: Path) -> None:
    own = playing(READY)
    ready = own.start()
    (pid,) = pids(tmp_path, "runs")
    assert ready.founding_secret == "ONCE"
    assert ready.address == own.address() == f"127.0.0.1:{pid}"
    own.stop()
    assert pids(tmp_path, "ended") == [pid]


@pytest.mark.logs("is started again")
def test_it_is_started_again_when_it_dies(playing: Playing, tmp_path: Path, eventually) -> None:
    own = playing(READY)
    first = own.start().address
    for count in (2, 3):
        os.kill(pids(tmp_path, "runs")[-1], signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
        eventually(lambda count=count: len(pids(tmp_path, "runs")) == count)
    eventually(lambda: has_address(own))
    assert own.address() == f"127.0.0.1:{pids(tmp_path, 'runs')[-1]}" != first


def has_address(own: OwnCentral) -> bool:
    try:
        return bool(own.address())
    except OutsideError:
        return False


@pytest.mark.parametrize(
    ("program", "code", "values"),
    [
        ("import sys; sys.exit(3)", "central.did_not_start", {"exit": 3}),
        ("print('not JSON')", "central.did_not_start", {"exit": 0}),
        ("print('{}')", "central.did_not_start", {"exit": 0}),
        (
            """print('{"problem": "central.port_taken", "port": "8765"}')""",
            "central.port_taken",
            {"port": "8765"},
        ),
    ],
)
def test_a_service_that_does_not_start_is_told(
    playing: Playing, program: str, code: str, values: dict[str, object]
) -> None:
    own = playing(program)
    for ask in (own.start, own.address):
        with pytest.raises(OutsideError) as failed:
            ask()
        assert (failed.value.code, failed.value.values) == (code, values)


def test_a_service_that_says_nothing_is_given_up(playing: Playing) -> None:
    with pytest.raises(OutsideError) as failed:
        playing("import sys; sys.stdin.read()").start(seconds=0.3)
    assert failed.value.code == "central.did_not_start"


@pytest.mark.needs_linux
def test_a_service_that_does_not_want_to_end_is_killed(
    playing: Playing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desk_app.sync.own_central.END_SECONDS", 0.2)
    monkeypatch.setattr("desk_app.sync.own_central.KILL_SECONDS", 0.2)
    stubborn = "import signal, threading; signal.signal(signal.SIGTERM, signal.SIG_IGN)"
    own = playing(stubborn + READY.replace("sys.stdin.read()", "threading.Event().wait()"))
    own.start()
    own.stop()
    (pid,) = pids(tmp_path, "runs")
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_folder_that_is_still_held_is_waited_for(playing: Playing, tmp_path: Path) -> None:
    held = """
import os, sys
if not os.path.exists(sys.argv[1] + "/once"):
    open(sys.argv[1] + "/once", "w").close()
    print('{"problem": "central.running"}')
    sys.exit()
"""
    assert playing(held + READY).start().founding_secret == "ONCE"
    assert len(pids(tmp_path, "runs")) == 1


def test_no_address_before_it_runs(playing: Playing) -> None:
    with pytest.raises(OutsideError) as failed:
        playing(READY).address()
    assert failed.value.code == "central.did_not_start"


def test_a_service_that_could_not_start_is_tried_again(playing: Playing, eventually) -> None:
    first_no = """
import os, sys
if not os.path.exists(sys.argv[1] + "/once"):
    open(sys.argv[1] + "/once", "w").close()
    print('{"problem": "central.port_taken", "port": "1"}')
    sys.exit()
"""
    own = playing(first_no + READY)
    with pytest.raises(OutsideError):
        own.start()
    eventually(lambda: has_address(own))


def test_a_program_that_is_not_there_is_told(tmp_path: Path) -> None:
    own = OwnCentral(tmp_path, lambda data: [str(tmp_path / "nothing")])
    with pytest.raises(OutsideError) as failed:
        own.start()
    assert failed.value.code == "central.did_not_start"
    own.stop()


def test_the_command_is_this_program_s(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tail = ["central", "--data", str(tmp_path), "--with-parent"]
    assert central_command(tmp_path) == [sys.executable, "-P", "-m", "desk_app", *tail]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert central_command(tmp_path) == [sys.executable, *tail]
