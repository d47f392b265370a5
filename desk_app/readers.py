"""What code readers on serial ports are set to. A desk may have several, each on a port of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

BAUDS = (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200)
FRAMES = ("8N1", "7E1", "7O1", "7N2", "8E1", "8O1")
"""Data bits, parity (none, even, odd) and stop bits, as readers have them."""

JOBS = ("", "window", "dock", "bench")
"""What a reader's scans are for; "" is whatever page is on show."""


@dataclass(frozen=True, slots=True)
class ReaderSettings:
    """One reader.

    port: the name the port had when it was chosen. usb, place: what is plugged in there, and where, as
    `desk_app.scanning.ports.Port` tells; "" for a port that its name alone stands for. answers: whether the
    reader waits for ACK or NAK after each scan.
    """

    port: str
    baud: int = 9600
    frame: str = FRAMES[0]
    job: str = ""
    usb: str = ""
    place: str = ""
    answers: bool = False


_FITS: dict[str, Callable[[Any], bool]] = {
    "baud": BAUDS.__contains__,
    "frame": FRAMES.__contains__,
    "job": JOBS.__contains__,
}


def readers_of(raw: Mapping[str, Any]) -> tuple[ReaderSettings, ...]:
    """The readers in a settings file; before there could be several, it named one port and its speed."""
    kept = raw.get("readers")
    if not isinstance(kept, list):
        kept = [{"port": raw.get("serial_port"), "baud": raw.get("serial_baud")}]
    return tuple(_reader(each) for each in kept if isinstance(each, dict) and _has_port(each))


def _has_port(raw: Mapping[str, Any]) -> bool:
    return isinstance(raw.get("port"), str) and bool(raw["port"])


def _reader(raw: Mapping[str, Any]) -> ReaderSettings:
    """What does not fit is not used."""
    known = {field.name: raw[field.name] for field in fields(ReaderSettings) if field.name in raw}
    fitting = {
        name: value
        for name, value in known.items()
        if type(value) is type(getattr(_USUAL, name)) and _FITS.get(name, lambda _value: True)(value)
    }
    return ReaderSettings(**fitting)


_USUAL = ReaderSettings("")
