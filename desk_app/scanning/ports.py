"""The serial ports of this computer, by the name a person knows them by, and which of them is a reader's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desk_app.readers import ReaderSettings

if TYPE_CHECKING:
    from serial.tools.list_ports_common import ListPortInfo

NO_NAME = "n/a"  # as the library says it


@dataclass(frozen=True, slots=True)
class Port:
    """A port: what is opened, and what is plugged in there, "" where nobody knows.

    usb: maker, model and serial number of what is plugged in, "" for what is no USB device. place: the
    socket it is in, which tells two of a kind apart that have no serial numbers.
    """

    device: str
    name: str
    usb: str = ""
    place: str = ""


def serial_ports() -> tuple[Port, ...]:
    """The ports that are there now, sorted."""
    from serial.tools import list_ports

    return tuple(sorted(map(_port, list_ports.comports()), key=lambda port: port.device))


def find(reader: ReaderSettings, readers: Sequence[ReaderSettings], ports: Sequence[Port]) -> str:
    """The port where one of a desk's `readers` is plugged in now, whatever the system calls it today.

    "" if it is not there, or if several are it could be.
    """
    if not reader.usb:
        return reader.port
    alike = [port for port in ports if port.usb == reader.usb]
    places = {other.place for other in readers if other.usb == reader.usb}
    same_place = [port for port in alike if port.place == reader.place]
    found = same_place or [port for port in alike if port.place not in places]
    return found[0].device if len(found) == 1 else ""


def _port(found: ListPortInfo) -> Port:
    name = _name(found.description, found.device)
    if found.vid is None:
        return Port(found.device, name)
    usb = f"{found.vid:04x}:{found.pid:04x}:{found.serial_number or ''}"
    return Port(found.device, name, usb, found.location or found.device)


def _name(description: str | None, device: str) -> str:
    """Windows puts the port behind the name once more: `USB Serial Device (COM3)`."""
    name = (description or "").removesuffix(f"({device})").strip()
    return "" if name in (NO_NAME, device, device.rpartition("/")[2]) else name
