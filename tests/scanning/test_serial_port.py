"""A reader on a real pseudo-terminal: scans, unplugging, plugging in again, other programs, noise."""

import os
import queue
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import serial

from desk_app.scanning.serial_port import PortState, SerialReader

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals to read as ports"),
]

LIMIT_S = 10


class Device:
    """The scanner's end of a port that is plugged in at `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.plug_in()

    def plug_in(self) -> None:
        self.master, self.slave = os.openpty()
        self.path.symlink_to(os.ttyname(self.slave))

    def send(self, data: bytes) -> None:
        os.write(self.master, data)

    def unplug(self) -> None:
        self.path.unlink(missing_ok=True)
        os.close(self.slave)
        os.close(self.master)


class Desk:
    """A reader and what it reported."""

    def __init__(self, path: Path) -> None:
        self.scans: queue.Queue[str] = queue.Queue()
        self.states: queue.Queue[PortState] = queue.Queue()
        self.reader = SerialReader(str(path), 9600, self.scans.put, self.states.put)
        self.reader.start()

    def scan(self) -> str:
        return self.scans.get(timeout=LIMIT_S)

    def state(self) -> PortState:
        return self.states.get(timeout=LIMIT_S)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "scanner"


@pytest.fixture
def device(path: Path) -> Iterator[Device]:
    plugged = Device(path)
    yield plugged
    plugged.unplug()


@pytest.fixture
def begin(path: Path) -> Iterator[Callable[[], Desk]]:
    desks: list[Desk] = []

    def start() -> Desk:
        desks.append(Desk(path))
        return desks[-1]

    yield start
    for desk in desks:
        desk.reader.stop()
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("reader ")]


@pytest.fixture
def attempts(monkeypatch: pytest.MonkeyPatch) -> queue.Queue[None]:
    """One entry for each time the port was tried to be opened, put there when the try is over."""
    made: queue.Queue[None] = queue.Queue()
    really_open = serial.Serial.open

    def counted(port: serial.Serial) -> None:
        try:
            really_open(port)
        finally:
            made.put(None)

    monkeypatch.setattr(serial.Serial, "open", counted)
    return made


@pytest.fixture
def desk(device: Device, begin: Callable[[], Desk]) -> Desk:
    started = begin()
    assert started.state() is PortState.OPEN
    return started


def test_a_scan_arrives(desk: Desk, device: Device) -> None:
    device.send(b"SF1385628716739\r")
    assert desk.scan() == "SF1385628716739"


def test_two_scans_in_one_write_arrive_as_two(desk: Desk, device: Device) -> None:
    device.send(b"SF1385628716739\r\nYT8962646785389\r\n")
    assert [desk.scan(), desk.scan()] == ["SF1385628716739", "YT8962646785389"]


def test_a_scan_in_pieces_arrives_whole(desk: Desk, device: Device) -> None:
    device.send(b"\x02SF13856")
    device.send(b"2871")
    device.send(b"6739\x03")
    assert desk.scan() == "SF1385628716739"


def test_a_scan_without_suffix_arrives_when_the_line_is_silent(desk: Desk, device: Device) -> None:
    device.send(b"SF1385628716739")
    assert desk.scan() == "SF1385628716739"


def test_garbage_is_survived(desk: Desk, device: Device) -> None:
    device.send(bytes(sorted(set(range(256)) - set(b"\x02\x03\t\n\r"))) + b"\r")
    device.send(b"SF1385628716739\r")
    assert len(desk.scan()) > 100
    assert desk.scan() == "SF1385628716739"


def test_a_reader_that_is_unplugged_is_read_again_when_it_is_back(
    attempts: queue.Queue[None], desk: Desk, device: Device
) -> None:
    device.send(b"SF1385628716739\r")
    assert desk.scan() == "SF1385628716739"
    device.unplug()
    assert desk.state() is PortState.LOST
    for _ in range(4):  # the one that succeeded, and three in vain
        attempts.get(timeout=LIMIT_S)
    device.plug_in()
    assert desk.state() is PortState.OPEN
    device.send(b"YT8962646785389\r")
    assert desk.scan() == "YT8962646785389"
    assert desk.states.empty()


def test_half_a_scan_before_unplugging_is_not_glued_to_the_next(desk: Desk, device: Device) -> None:
    device.send(b"\x02SF13")
    device.unplug()
    assert desk.state() is PortState.LOST
    device.plug_in()
    assert desk.state() is PortState.OPEN
    device.send(b"YT8962646785389\r")
    scans = [desk.scan()]
    if scans == ["SF13"]:  # the silence after it was noticed before the port was gone
        scans = [desk.scan()]
    assert scans == ["YT8962646785389"]


def test_a_missing_reader_is_told_once_and_found_when_it_comes(
    attempts: queue.Queue[None], path: Path, begin: Callable[[], Desk]
) -> None:
    desk = begin()
    for _ in range(3):
        attempts.get(timeout=LIMIT_S)
    assert desk.state() is PortState.MISSING
    device = Device(path)
    try:
        assert desk.state() is PortState.OPEN
        device.send(b"SF1385628716739\r")
        assert desk.scan() == "SF1385628716739"
    finally:
        device.unplug()


def test_a_port_that_another_program_holds_is_busy_until_it_lets_go(
    path: Path, device: Device, begin: Callable[[], Desk]
) -> None:
    with serial.Serial(str(path), exclusive=True):
        desk = begin()
        assert desk.state() is PortState.BUSY
    assert desk.state() is PortState.OPEN


def test_a_path_that_is_no_port_is_missing(path: Path, begin: Callable[[], Desk]) -> None:
    path.write_text("a plain file")
    assert begin().state() is PortState.MISSING


def test_a_failure_of_the_listener_is_not_taken_for_an_unplugged_reader(device: Device, path: Path) -> None:
    failures: queue.Queue[threading.ExceptHookArgs] = queue.Queue()
    states: queue.Queue[PortState] = queue.Queue()

    def refuse(_text: str) -> None:
        raise OSError("the listener's own")

    before, threading.excepthook = threading.excepthook, failures.put
    try:
        reader = SerialReader(str(path), 9600, refuse, states.put)
        reader.start()
        assert states.get(timeout=LIMIT_S) is PortState.OPEN
        device.send(b"SF1385628716739\r")
        assert str(failures.get(timeout=LIMIT_S).exc_value) == "the listener's own"
    finally:
        threading.excepthook = before
        reader.stop()
    assert states.empty()


def test_a_speed_no_port_has_is_refused_at_once(path: Path) -> None:
    with pytest.raises(ValueError, match="baudrate"):
        SerialReader(str(path), -1, print, print)
