"""A reader on a real pseudo-terminal: scans, unplugging, plugging in again, other programs, noise."""

import os
import queue
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import serial

from desk_app.readers import FRAMES, ReaderSettings
from desk_app.scanning.handshake import ACK, NAK
from desk_app.scanning.ports import Port, find
from desk_app.scanning.serial_port import PortState, SerialReader

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals to read as ports"),
]

LIMIT_S = 10


class Desk:
    """A reader and what it reported."""

    def __init__(self, reader: ReaderSettings, find: Callable[[], str] | None = None) -> None:
        self.scans: queue.Queue[str] = queue.Queue()
        self.states: queue.Queue[tuple[PortState, str]] = queue.Queue()
        self.reader = SerialReader(
            reader, self.scans.put, lambda state, port: self.states.put((state, port)), find
        )
        self.reader.start()

    def scan(self) -> str:
        return self.scans.get(timeout=LIMIT_S)

    def state(self) -> PortState:
        return self.states.get(timeout=LIMIT_S)[0]


@pytest.fixture
def begin(path: Path) -> Iterator[Callable[..., Desk]]:
    desks: list[Desk] = []

    def start(find: Callable[[], str] | None = None, **settings: Any) -> Desk:
        desks.append(Desk(ReaderSettings(**({"port": str(path)} | settings)), find))
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
def desk(device: Any, begin: Callable[..., Desk]) -> Desk:
    started = begin()
    assert started.state() is PortState.OPEN
    return started


def test_a_scan_arrives(desk: Desk, device: Any) -> None:
    device.send(b"SF1385628716739\r")
    assert desk.scan() == "SF1385628716739"


def test_two_scans_in_one_write_arrive_as_two(desk: Desk, device: Any) -> None:
    device.send(b"SF1385628716739\r\nYT8962646785389\r\n")
    assert [desk.scan(), desk.scan()] == ["SF1385628716739", "YT8962646785389"]


def test_a_scan_in_pieces_arrives_whole(desk: Desk, device: Any) -> None:
    device.send(b"\x02SF13856")
    device.send(b"2871")
    device.send(b"6739\x03")
    assert desk.scan() == "SF1385628716739"


def test_a_scan_without_suffix_arrives_when_the_line_is_silent(desk: Desk, device: Any) -> None:
    device.send(b"SF1385628716739")
    assert desk.scan() == "SF1385628716739"


def test_garbage_is_survived(desk: Desk, device: Any) -> None:
    device.send(bytes(sorted(set(range(256)) - set(b"\x02\x03\t\n\r"))) + b"\r")
    device.send(b"SF1385628716739\r")
    assert len(desk.scan()) > 100
    assert desk.scan() == "SF1385628716739"


def test_a_reader_that_is_unplugged_is_read_again_when_it_is_back(
    attempts: queue.Queue[None], desk: Desk, device: Any
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


def test_half_a_scan_before_unplugging_is_not_glued_to_the_next(desk: Desk, device: Any) -> None:
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
    attempts: queue.Queue[None], path: Path, begin: Callable[..., Desk], plug_in: Callable[[Path], Any]
) -> None:
    desk = begin()
    for _ in range(3):
        attempts.get(timeout=LIMIT_S)
    assert desk.state() is PortState.MISSING
    device = plug_in(path)
    assert desk.state() is PortState.OPEN
    device.send(b"SF1385628716739\r")
    assert desk.scan() == "SF1385628716739"


def test_a_port_that_another_program_holds_is_busy_until_it_lets_go(
    path: Path, device: Any, begin: Callable[..., Desk]
) -> None:
    with serial.Serial(str(path), exclusive=True):
        desk = begin()
        assert desk.state() is PortState.BUSY
    assert desk.state() is PortState.OPEN


def test_a_port_two_readers_are_set_to_is_read_by_the_first_alone(
    path: Path, device: Any, begin: Callable[..., Desk], tmp_path: Path
) -> None:
    first = begin()
    assert first.state() is PortState.OPEN
    other_name = tmp_path / "other"
    other_name.symlink_to(path)
    second = begin(port=str(other_name))
    assert second.state() is PortState.TWICE
    device.send(b"SF1385628716739\r")
    assert first.scan() == "SF1385628716739"
    assert second.scans.empty()
    first.reader.stop()
    assert second.state() is PortState.OPEN
    device.send(b"YT8962646785389\r")
    assert second.scan() == "YT8962646785389"


@pytest.mark.needs_linux
def test_a_port_nobody_gave_a_right_to_is_denied_until_somebody_does(
    path: Path, device: Any, begin: Callable[..., Desk], no_right: Callable[[Path], None]
) -> None:
    port = path.resolve()  # its folder is the administrator's alone
    no_right(port)
    desk = begin(port=str(port))
    assert desk.states.get(timeout=LIMIT_S) == (PortState.DENIED, str(port))
    port.chmod(0o666)
    assert desk.state() is PortState.OPEN


def test_several_readers_are_read_side_by_side(
    begin: Callable[..., Desk], plug_in: Callable[[Path], Any], tmp_path: Path
) -> None:
    names = [tmp_path / f"reader-{number}" for number in range(3)]
    devices = [plug_in(name) for name in names]
    desks = [begin(port=str(name)) for name in names]
    assert [desk.state() for desk in desks] == [PortState.OPEN] * 3
    for number in range(10):
        for place, device in enumerate(devices):
            device.send(f"R{place}-{number}\r".encode())
    assert [[desk.scan() for _ in range(10)] for desk in desks] == [
        [f"R{place}-{number}" for number in range(10)] for place in range(3)
    ]
    devices[1].path.unlink()
    os.close(devices[1].slave)
    os.close(devices[1].master)
    assert desks[1].state() is PortState.LOST
    devices[0].send(b"SF1385628716739\r")
    assert desks[0].scan() == "SF1385628716739"
    devices[1].plug_in()
    assert desks[1].state() is PortState.OPEN
    assert desks[0].states.empty() and desks[2].states.empty()


@pytest.mark.parametrize("frame", FRAMES)
def test_a_port_can_be_set_to_every_frame(device: Any, begin: Callable[..., Desk], frame: str) -> None:
    desk = begin(frame=frame, baud=1200)
    assert desk.state() is PortState.OPEN
    device.send(b"SF1385628716739\r")
    assert desk.scan() == "SF1385628716739"


def test_a_port_that_is_renamed_is_read_under_its_new_name(
    path: Path, device: Any, begin: Callable[..., Desk], plug_in: Callable[[Path], Any], tmp_path: Path
) -> None:
    there = [Port(str(path), "Honeywell", "0c2e:0b0a:1", "1-1")]
    reader = ReaderSettings(str(path), usb="0c2e:0b0a:1", place="1-1")
    desk = begin(lambda: find(reader, [reader], there), usb=reader.usb, place=reader.place)
    assert desk.states.get(timeout=LIMIT_S) == (PortState.OPEN, str(path))
    there.clear()
    device.path.rename(tmp_path / "gone")
    device.path = tmp_path / "gone"
    device.unplug()
    assert desk.states.get(timeout=LIMIT_S) == (PortState.LOST, str(path))
    stranger = plug_in(path)  # what got the old name is another thing
    there.append(Port(str(path), "Scales", "0b67:555e:", "1-1"))
    new = tmp_path / "new"
    back = plug_in(new)
    there.append(Port(str(new), "Honeywell", "0c2e:0b0a:1", "2-1"))
    assert desk.states.get(timeout=LIMIT_S) == (PortState.OPEN, str(new))
    stranger.send(b"12.5 kg\r")
    back.send(b"SF1385628716739\r")
    assert desk.scan() == "SF1385628716739"
    assert desk.scans.empty()
    device.plug_in()  # for its own end


def test_a_reader_without_handshake_is_not_answered(desk: Desk, device: Any) -> None:
    device.send(b"SF1385628716739\rSF1385628716739\r")
    assert [desk.scan(), desk.scan()] == ["SF1385628716739"] * 2
    assert device.answer(within_s=0) == b""


def test_a_reader_with_handshake_gets_ack_and_for_garbage_nak(
    device: Any, begin: Callable[..., Desk]
) -> None:
    desk = begin(answers=True)
    assert desk.state() is PortState.OPEN
    device.send(b"SF1385628716739\r")
    assert (desk.scan(), device.answer()) == ("SF1385628716739", ACK)
    device.send(b"\xff\x81SF13\r")
    assert device.answer() == NAK
    device.send(b"SF1385628716739\r")
    assert (desk.scan(), device.answer()) == ("SF1385628716739", ACK)
    assert desk.scans.empty()


def test_what_a_reader_sent_twice_before_the_desk_looked_counts_once(
    device: Any, begin: Callable[..., Desk]
) -> None:
    desk = begin(answers=True)
    assert desk.state() is PortState.OPEN
    device.send(b"SF1385628716739\rSF1385628716739\r")
    assert (desk.scan(), device.answer()) == ("SF1385628716739", ACK)
    device.send(b"YT8962646785389\r")
    assert (desk.scan(), device.answer()) == ("YT8962646785389", ACK)


def test_what_a_reader_repeats_because_the_answer_did_not_get_through_counts_once(
    monkeypatch: pytest.MonkeyPatch, device: Any, begin: Callable[..., Desk]
) -> None:
    desk = begin(answers=True)
    assert desk.state() is PortState.OPEN
    really_write, tried = serial.Serial.write, queue.Queue[bytes]()

    def held_up(port: serial.Serial, data: bytes) -> None:
        tried.put(data)
        raise serial.SerialTimeoutException("Write timeout")

    monkeypatch.setattr(serial.Serial, "write", held_up)
    device.send(b"SF1385628716739\r")
    assert (desk.scan(), tried.get(timeout=LIMIT_S)) == ("SF1385628716739", ACK)
    monkeypatch.setattr(serial.Serial, "write", really_write)
    device.send(b"SF1385628716739\r")
    assert device.answer() == ACK
    device.send(b"YT8962646785389\r")
    assert (desk.scan(), device.answer()) == ("YT8962646785389", ACK)
    assert desk.states.empty()


def test_a_path_that_is_no_port_is_missing(path: Path, begin: Callable[..., Desk]) -> None:
    path.write_text("a plain file")
    assert begin().state() is PortState.MISSING


def test_a_failure_of_the_listener_is_not_taken_for_an_unplugged_reader(device: Any, path: Path) -> None:
    failures: queue.Queue[threading.ExceptHookArgs] = queue.Queue()
    states: queue.Queue[PortState] = queue.Queue()

    def refuse(_text: str) -> None:
        raise OSError("the listener's own")

    before, threading.excepthook = threading.excepthook, failures.put
    try:
        reader = SerialReader(ReaderSettings(str(path)), refuse, lambda state, _port: states.put(state))
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
        SerialReader(ReaderSettings(str(path), baud=-1), print, print)
