"""Serial ports by the names people know."""

from __future__ import annotations

import pytest
from serial.tools import list_ports
from serial.tools.list_ports_common import ListPortInfo

from desk_app.readers import ReaderSettings
from desk_app.scanning.ports import Port, find, serial_ports


@pytest.mark.parametrize(
    ("device", "description", "name"),
    [
        ("/dev/ttyACM0", "Honeywell Voyager 1470g", "Honeywell Voyager 1470g"),
        ("COM3", "USB Serial Device (COM3)", "USB Serial Device"),
        ("/dev/ttyS0", "n/a", ""),
        ("/dev/ttyS0", "ttyS0", ""),
        ("COM1", None, ""),
    ],
)
def test_a_port_has_the_name_of_what_is_plugged_in(
    monkeypatch: pytest.MonkeyPatch, device: str, description: str | None, name: str
) -> None:
    there = ListPortInfo(device)
    there.description = description
    monkeypatch.setattr(list_ports, "comports", lambda: [there])
    assert serial_ports() == (Port(device, name),)


def test_ports_are_sorted_and_those_of_this_machine_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(serial_ports()) == sorted(serial_ports(), key=lambda port: port.device)
    monkeypatch.setattr(list_ports, "comports", lambda: [ListPortInfo("COM7"), ListPortInfo("COM3")])
    assert [port.device for port in serial_ports()] == ["COM3", "COM7"]


def test_a_usb_port_tells_what_is_plugged_in_and_where(monkeypatch: pytest.MonkeyPatch) -> None:
    there = ListPortInfo("COM3")
    there.vid, there.pid, there.serial_number, there.location = 0x0C2E, 0x0B0A, "18021B3D1A", "1-1.2"
    bare = ListPortInfo("COM4")
    bare.vid, bare.pid = 0x1A86, 0x7523
    monkeypatch.setattr(list_ports, "comports", lambda: [there, bare, ListPortInfo("COM5")])
    assert [(port.usb, port.place) for port in serial_ports()] == [
        ("0c2e:0b0a:18021B3D1A", "1-1.2"),
        ("1a86:7523:", "COM4"),
        ("", ""),
    ]


HONEYWELL = Port("COM3", "Honeywell", "0c2e:0b0a:18021B3D1A", "1-1")
CHEAP_A = Port("COM4", "USB Serial", "1a86:7523:", "1-2")
CHEAP_B = Port("COM5", "USB Serial", "1a86:7523:", "1-3")


def on(port: Port) -> ReaderSettings:
    return ReaderSettings(port.device, usb=port.usb, place=port.place)


def at(port: Port, device: str, place: str = "") -> Port:
    """The same thing under another name, and in another socket."""
    return Port(device, port.name, port.usb, place or port.place)


def test_a_reader_is_found_under_its_new_name() -> None:
    reader = on(HONEYWELL)
    assert find(reader, [reader], [HONEYWELL, CHEAP_A]) == "COM3"
    assert find(reader, [reader], [at(CHEAP_A, "COM3"), at(HONEYWELL, "COM9", "2-4")]) == "COM9"


def test_what_got_the_name_of_a_reader_that_is_gone_is_not_taken_for_it() -> None:
    reader = on(HONEYWELL)
    assert find(reader, [reader], [at(CHEAP_A, "COM3", "1-1")]) == ""
    assert find(reader, [reader], []) == ""


def test_two_of_a_kind_without_serial_numbers_are_told_apart_by_their_sockets() -> None:
    readers = [on(CHEAP_A), on(CHEAP_B)]
    swapped = [at(CHEAP_A, "COM5"), at(CHEAP_B, "COM4")]
    assert [find(reader, readers, swapped) for reader in readers] == ["COM5", "COM4"]


def test_one_of_a_kind_is_found_in_another_socket_but_never_in_that_of_another_reader() -> None:
    reader, other = on(CHEAP_A), on(CHEAP_B)
    moved = at(CHEAP_A, "COM8", "2-1")
    assert find(reader, [reader], [moved]) == "COM8"
    assert find(reader, [reader, other], [moved, CHEAP_B]) == "COM8"
    assert find(reader, [reader, other], [CHEAP_B]) == ""
    assert find(reader, [reader], [moved, at(CHEAP_B, "COM9", "2-2")]) == ""


def test_a_port_without_usb_is_its_name() -> None:
    reader = ReaderSettings("/dev/ttyS0")
    assert find(reader, [reader], []) == "/dev/ttyS0"
