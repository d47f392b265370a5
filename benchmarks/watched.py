"""The real program on a screen of its own, scanned and typed at from outside; its answers are seen there."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import tty
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from benchmarks.screen import POLL, SIZE, Box, Keys, Screen, colour, screen, steady
from benchmarks.shop import PIN, Shop
from desk_app.readers import ReaderSettings
from desk_app.settings import Settings
from ui.sound import LOG_VARIABLE
from ui.theme.tokens import LIGHT, Tone

GOOD = colour(LIGHT.tones[Tone.GOOD].solid)
ACCENT, WIDE_BUTTON = colour(LIGHT.accent), 150
WIDE_GREEN = 300  # pixels; only the answer has so many
INSET = 8
LINES = 12
PATIENCE = 2.0  # seconds a scan may take before it counts as not answered
START, REST = 120.0, 0.7
WHOLE = Box(0, 0, *SIZE)
LIST, LIST_LINES = Box(260, 266, 1300, 660), 40
"""Where the rows of the list of cases stand, below its head and the field with the caret that blinks."""

Send = Callable[[], float]
"""Sends something; the moment before its last sign (s)."""


class Seen(NamedTuple):
    """Milliseconds from the last sign: until the answer changed, and until it was green and heard."""

    recognised: float
    safe: float


@dataclass
class Watched:
    """The program as somebody sees and hears it who stands before it."""

    shown: Screen
    keys: Keys
    line: int
    sounds: Path
    process: subprocess.Popen[bytes]
    answer: Box = WHOLE
    looks: list[float] = field(default_factory=list)
    """Milliseconds between two looks at the screen."""

    def by_line(self, code: str) -> float:
        """Send a code as a scanner on a serial line does; the moment before."""
        began = time.perf_counter()
        os.write(self.line, code.encode() + b"\r")
        return began

    def by_keys(self, code: str) -> float:
        """Type a code as a scanner does; the moment before its Enter."""
        return self.keys.scan(code)

    def scan(self, send: Callable[[str], float], waybill: str, longest: float = PATIENCE) -> Seen | None:
        """One scan of a parcel that is expected; None where it was not answered in time."""
        before = self._words()
        heard = self.sounds.stat().st_size if self.sounds.exists() else 0
        began = send(waybill)
        end = began + longest
        recognised = self.when(lambda: self._words() != before, end)
        safe = self.when(lambda: self._is_green() and self._words() != before, end)
        beeped = self.when(lambda: self._beeped(heard, waybill), end)
        if recognised is None or safe is None or beeped is None:
            return None
        return Seen((recognised - began) * 1000, (max(safe, beeped) - began) * 1000)

    def when(self, is_so: Callable[[], bool], end: float) -> float | None:
        """Look until something is so; the moment, None where it is not by `end`."""
        last = time.perf_counter()
        while not is_so():
            time.sleep(POLL)
            now = time.perf_counter()
            self.looks.append((now - last) * 1000)
            last = now
            if now > end:
                return None
        return time.perf_counter()

    def listed(self, key: str) -> float | None:
        """Strike a key on the page of the cases; milliseconds until other rows are seen."""
        before = self.shown.rows(LIST, LIST_LINES)
        began = self.keys.strike(key)
        seen = self.when(lambda: self.shown.rows(LIST, LIST_LINES) != before, began + PATIENCE)
        return None if seen is None else (seen - began) * 1000

    def rest(self, box: Box, seconds: float = REST) -> None:
        """Wait until a part of the screen rests; a whole page may have a caret that blinks."""
        steady(self.shown, box, seconds, START)

    def sign_in(self, waybills: Iterator[str]) -> None:
        """Sign in, open the dock and scan a parcel; again until one is answered."""
        end = time.monotonic() + START
        self.when(self._is_asked, time.perf_counter() + START)
        while not self._signed_in(waybills):
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError("nobody could sign in")

    def _is_asked(self) -> bool:
        """Whether a card with a button to sign in is on show."""
        return self.keys.fill() and self.shown.find(ACCENT, WIDE_BUTTON) is not None

    def _signed_in(self, waybills: Iterator[str]) -> bool:
        time.sleep(REST)
        self.keys.press(*PIN, "Return")
        time.sleep(2 * REST)
        self.keys.press("Alt_L+2")
        time.sleep(REST)
        self.by_line(next(waybills))
        self.when(lambda: self.shown.find(GOOD, WIDE_GREEN) is not None, time.perf_counter() + PATIENCE)
        found = self.shown.find(GOOD, WIDE_GREEN)
        if found:
            self.answer = found
        return found is not None

    def _words(self) -> bytes:
        return self.shown.rows(self.answer, LINES)

    def _is_green(self) -> bool:
        box = self.answer
        middle = (box.top + box.bottom) // 2
        return self.shown.row(box.left + INSET, box.left + INSET + 1, middle)[:3] == GOOD

    def _beeped(self, after: int, waybill: str) -> bool:
        with self.sounds.open("rb") as file:
            file.seek(after)
            return waybill.encode() in file.read()


@contextmanager
def watched(shop: Shop, folder: Path, signs: str) -> Iterator[Watched]:
    """The program over a shop's data on a screen of its own, killed at the end as by a power cut.

    folder: for the screen's picture and the log of the sounds; signs: what is to be typed beside ASCII.
    """
    line, port = os.openpty()
    tty.setraw(port)
    settings = Settings(shop.data / "settings.json")
    settings.readers = (ReaderSettings(os.ttyname(port)),)
    settings.lock_minutes, settings.scheme = 0, "light"
    with screen(folder / "screen") as shown, closing(Keys(shown.display, signs)) as keys:
        sounds = folder / "sounds"
        process = _start(shop, shown, sounds, folder / "output")
        try:
            yield Watched(shown, keys, line, sounds, process)
        finally:
            process.kill()
            process.wait()
            os.close(line)
            os.close(port)


def _start(shop: Shop, shown: Screen, sounds: Path, output: Path) -> subprocess.Popen[bytes]:
    more = {"DISPLAY": shown.display, "QT_QPA_PLATFORM": "xcb", LOG_VARIABLE: str(sounds)}
    command = [sys.executable, "-P", "-m", "desk_app", "run", "--data", str(shop.data)]
    with output.open("wb") as said:
        return subprocess.Popen(command, env={**os.environ, **more}, stdout=said, stderr=said)
