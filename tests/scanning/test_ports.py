"""Serial ports by the names people know."""

from __future__ import annotations

import pytest
from serial.tools import list_ports
from serial.tools.list_ports_common import ListPortInfo

from desk_app.scanning.ports import Port, serial_ports


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
