"""The serial ports of this computer, by the name a person knows them by."""

from __future__ import annotations

from dataclasses import dataclass

NO_NAME = "n/a"  # as the library says it


@dataclass(frozen=True, slots=True)
class Port:
    """A port: what is opened, and what is plugged in there, "" where nobody knows."""

    device: str
    name: str


def serial_ports() -> tuple[Port, ...]:
    """The ports that are there now, sorted."""
    from serial.tools import list_ports

    found = (Port(port.device, _name(port.description, port.device)) for port in list_ports.comports())
    return tuple(sorted(found, key=lambda port: port.device))


def _name(description: str | None, device: str) -> str:
    """Windows puts the port behind the name once more: `USB Serial Device (COM3)`."""
    name = (description or "").removesuffix(f"({device})").strip()
    return "" if name in (NO_NAME, device, device.rpartition("/")[2]) else name
