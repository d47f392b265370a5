"""The search for a reader's settings on real pseudo-terminals, which carry every speed alike."""

from __future__ import annotations

import queue
import select
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import serial

from desk_app.readers import ReaderSettings
from desk_app.scanning.diagnosis import TEST_CODE
from desk_app.scanning.handshake import ACK
from desk_app.scanning.port_assistant import PortAssistant, Told
from desk_app.scanning.port_search import Step
from desk_app.scanning.serial_port import PortState, SerialReader

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals to read as ports"),
]

LIMIT_S = 10
REPLY_MS = 1200
CODE = TEST_CODE.encode() + b"\r"
GARBLED = b"\xff\x00\xf8\x80"


class Search:
    """An assistant and what it told."""

    def __init__(self, ports: list[Path]) -> None:
        self.all_told: queue.Queue[Told] = queue.Queue()
        self.assistant = PortAssistant([str(port) for port in ports], self.all_told.put, REPLY_MS)
        self.assistant.start()

    def told(self) -> Told:
        return self.all_told.get(timeout=LIMIT_S)

    def step(self) -> Step:
        return self.told().step


@pytest.fixture
def begin(path: Path) -> Iterator[Callable[..., Search]]:
    searches: list[Search] = []

    def start(*ports: Path) -> Search:
        searches.append(Search(list(ports) or [path]))
        return searches[-1]

    yield start
    for search in searches:
        search.assistant.stop()
    assert "port assistant" not in [thread.name for thread in threading.enumerate()]


def test_garbled_scans_lead_to_the_next_setting_and_a_whole_one_ends_it(
    path: Path, device: Any, begin: Callable[..., Search]
) -> None:
    search = begin()
    assert search.told() == Told(Step.SCAN, str(path), 9600, "8N1")
    device.send(GARBLED)
    assert search.told() == Told(Step.OTHER_SPEED, str(path), 115200, "8N1")
    device.send(bytes(byte | (byte.bit_count() % 2) << 7 for byte in CODE))
    assert search.told() == Told(Step.OTHER_FRAME, str(path), 115200, "7E1")
    device.send(CODE)
    assert search.told() == Told(Step.WAIT, str(path), 115200, "7E1")
    assert search.told() == Told(Step.FOUND, str(path), 115200, "7E1")
    assert device.answer(within_s=0) == b""
    states: queue.Queue[PortState] = queue.Queue()
    reader = SerialReader(ReaderSettings(str(path)), print, lambda state, _port: states.put(state))
    reader.start()  # at the last word the port is free again
    assert states.get(timeout=LIMIT_S) is PortState.OPEN
    reader.stop()


def test_the_port_is_really_set_to_what_is_tried(
    device: Any, begin: Callable[..., Search], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[serial.Serial] = []
    really_open = serial.Serial.open

    def noted(port: serial.Serial) -> None:
        opened.append(port)
        really_open(port)

    monkeypatch.setattr(serial.Serial, "open", noted)
    search = begin()
    assert search.step() is Step.SCAN
    device.send(GARBLED)
    assert search.step() is Step.OTHER_SPEED
    device.send(bytes(byte | 0x80 for byte in CODE))
    assert search.step() is Step.OTHER_FRAME
    port = opened[-1]
    assert (port.baudrate, port.bytesize, port.parity, port.stopbits) == (115200, 7, "N", 2)


def test_of_several_ports_it_is_the_one_where_the_code_comes(
    begin: Callable[..., Search], plug_in: Callable[[Path], Any], tmp_path: Path
) -> None:
    names = [tmp_path / "scales", tmp_path / "reader", tmp_path / "gone"]
    scales, reader = (plug_in(name) for name in names[:2])
    search = begin(*names)
    states = {told.port: told.state for told in (search.told(), search.told(), search.told())}
    assert [states[str(name)] for name in names] == [PortState.OPEN, PortState.OPEN, PortState.MISSING]
    scales.send(b"    12.5 kg\r\n")
    assert search.told() == Told(Step.OTHER_CODE, str(names[0]), 9600, "8N1")
    reader.send(CODE)
    assert search.told() == Told(Step.WAIT, str(names[1]), 9600, "8N1")
    assert search.told() == Told(Step.FOUND, str(names[1]), 9600, "8N1")


def send_until(device: Any, answer: bytes) -> int:
    """Send as a reader that waits for an answer; how often it had to."""
    times, got = 0, b""
    while got != answer:
        device.send(CODE)
        got = device.answer(within_s=REPLY_MS / 1000)
        times += 1
    return times


def test_a_reader_that_waits_for_answers_is_noticed_and_answered(
    path: Path, device: Any, begin: Callable[..., Search]
) -> None:
    search = begin()
    assert search.step() is Step.SCAN
    assert send_until(device, ACK) == 2
    assert [search.step(), search.told()] == [
        Step.WAIT,
        Told(Step.ANSWERED, str(path), 9600, "8N1", answers=True),
    ]
    assert search.told() == Told(Step.FOUND, str(path), 9600, "8N1", answers=True)


def test_a_reader_that_does_not_hear_the_answer_is_told(
    path: Path, device: Any, begin: Callable[..., Search]
) -> None:
    search = begin()
    assert search.step() is Step.SCAN
    steps = []
    for _ in range(3):
        device.send(CODE)
        steps.append(search.step())
        select.select([], [], [], REPLY_MS / 1000)  # it waits, and what comes does not reach it
    assert steps == [Step.WAIT, Step.ANSWERED, Step.DEAF]


def test_a_reader_that_is_unplugged_in_the_middle_of_a_scan_is_told_and_found_again(
    path: Path, device: Any, begin: Callable[..., Search], monkeypatch: pytest.MonkeyPatch
) -> None:
    read: queue.Queue[bytes] = queue.Queue()
    really_read = serial.Serial.read

    def noted(port: serial.Serial, size: int = 1) -> bytes:
        if data := really_read(port, size):
            read.put(bytes(data))
        return bytes(data)

    monkeypatch.setattr(serial.Serial, "read", noted)
    search = begin()
    assert search.step() is Step.SCAN
    device.send(CODE[:-4])
    came = b""
    while came != CODE[:-4]:
        came += read.get(timeout=LIMIT_S)
    device.unplug()
    assert search.told().state is PortState.LOST
    device.plug_in()
    states = [search.told().state]
    if states == [PortState.MISSING]:
        states = [search.told().state]
    assert states == [PortState.OPEN]
    device.send(CODE[-4:])  # not glued to what came before
    assert search.step() is Step.OTHER_SPEED
    device.send(CODE)
    assert search.step() is Step.WAIT


def test_a_port_that_another_program_holds_is_told_and_taken_when_it_is_free(
    path: Path, device: Any, begin: Callable[..., Search]
) -> None:
    with serial.Serial(str(path), exclusive=True):
        search = begin()
        assert search.told().state is PortState.BUSY
    assert search.told().state is PortState.OPEN


def test_it_ends_when_it_is_told_to(device: Any, begin: Callable[..., Search]) -> None:
    search = begin()
    assert search.step() is Step.SCAN
    search.assistant.stop()
    device.send(CODE)
    assert search.all_told.empty()
