"""A reader's end of a real pseudo-terminal whose far end is opened as a port; pictures with codes in them."""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from desk_app.scanning.pictures import Pictures

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


TABLE = 225


@pytest.fixture
def code() -> Callable[..., Image.Image]:
    """Draws a code alone: its text, the name of its format, pixels a module; bars 100 pixels high."""

    def draw(text: str, kind: str = "Code128", scale: int = 3, **options: Any) -> Image.Image:
        made = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, kind), **options)
        pixels = memoryview(made.to_image(scale=scale))
        high, wide = pixels.shape
        picture = Image.frombytes("L", (wide, high), pixels.tobytes())
        is_bars = made.format in zxingcpp.barcode_formats_list(zxingcpp.BarcodeFormat.AllLinear)
        return picture.resize((wide, 100)) if is_bars else picture

    return draw


@pytest.fixture
def table() -> Callable[..., Image.Image]:
    """Lays pictures on a grey table, each with a white edge, at the place of its upper left corner."""

    def lay(*laid: tuple[Image.Image, tuple[int, int]], size: tuple[int, int] = (1200, 800)) -> Image.Image:
        made = Image.new("L", size, TABLE)
        for picture, (left, top) in laid:
            paper = Image.new("L", (picture.width + 40, picture.height + 40), 255)
            paper.paste(picture, (20, 20))
            made.paste(paper, (left - 20, top - 20))
        return made

    return lay


@pytest.fixture
def file_of() -> Callable[..., bytes]:
    """The file of a picture."""

    def write(picture: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
        out = BytesIO()
        picture.save(out, kind, **options)
        return out.getvalue()

    return write


@pytest.fixture
def pictures() -> Iterator[Pictures]:
    """The real reader of pictures with its worker."""
    made = Pictures()
    yield made
    made.close()
