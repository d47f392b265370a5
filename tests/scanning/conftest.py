"""A reader's end of a real pseudo-terminal, to plug in and out, whose far end is opened as a port."""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

LIMIT_S = 10


class Device:
    """The scanner's end of a port that is plugged in at `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.plug_in()

    def plug_in(self) -> None:
        import tty

        self.master, self.slave = os.openpty()
        tty.setraw(self.slave)
        self.path.symlink_to(os.ttyname(self.slave))

    def send(self, data: bytes) -> None:
        os.write(self.master, data)

    def answer(self, within_s: float = LIMIT_S) -> bytes:
        """What the desk sent back; nothing when it is silent for so long."""
        ready, _, _ = select.select([self.master], [], [], within_s)
        return os.read(self.master, 100) if ready else b""

    def unplug(self) -> None:
        self.path.unlink(missing_ok=True)
        os.close(self.slave)
        os.close(self.master)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "scanner"


@pytest.fixture
def plug_in() -> Iterator[Callable[[Path], Device]]:
    """Plugs devices in."""
    plugged: list[Device] = []

    def begin(path: Path) -> Device:
        plugged.append(Device(path))
        return plugged[-1]

    yield begin
    for device in plugged:
        device.unplug()


@pytest.fixture
def device(path: Path, plug_in: Callable[[Path], Device]) -> Device:
    return plug_in(path)


@pytest.fixture
def no_right(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Takes the right to a port away, from the administrator too, as long as the test runs."""

    def take(path: Path) -> None:
        path.chmod(0)
        if os.geteuid() == 0:
            _open_as_nobody(monkeypatch)

    return take


def _open_as_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Linux checks files against a user that each thread has for itself."""
    import ctypes

    import serial

    really_open, become = serial.Serial.open, ctypes.CDLL(None).setfsuid

    def opened(port: serial.Serial) -> None:
        become(65534)
        try:
            really_open(port)
        finally:
            become(0)

    assert sys.platform == "linux"
    monkeypatch.setattr(serial.Serial, "open", opened)
