"""A screen nobody sees: its picture is read where the X server keeps it, its keys are typed by XTest.

Nothing of it passes through the program that is watched, and a look costs the server nothing.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import struct
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SIZE = (1366, 768)
POLL = 0.0001
SCANNER_MS = 2
MAP_STATE = 23  # its place among the whole numbers of XWindowAttributes on a 64 bit system
ON_SHOW = 2
SHIFT = "Shift_L"
NAMED = {"\r": "Return", " ": "space", "-": "minus"}
CHINESE = 0x1000000
"""X numbers the signs that came after Latin 1 from here on, as Unicode does."""


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the screen, in pixels."""

    left: int
    top: int
    right: int
    bottom: int

    def lines(self, count: int) -> tuple[int, ...]:
        """So many lines of pixels, spread over its height."""
        high = self.bottom - self.top
        return tuple(self.top + high * (2 * number + 1) // (2 * count) for number in range(count))


class Screen:
    """A running X server: `display` as in the variable DISPLAY; `memory` is its picture (XWD)."""

    def __init__(self, display: str, memory: mmap.mmap) -> None:
        self.display = display
        self._memory = memory
        head = struct.unpack(">25I", memory[:100])
        self.wide, self.high, self._line = head[4], head[5], head[12]
        self._start = head[0] + 12 * head[19]

    def row(self, left: int, right: int, line: int) -> bytes:
        """The pixels of a line from `left` up to `right`, four bytes each: blue, green, red, nothing."""
        start = self._start + line * self._line
        return self._memory[start + 4 * left : start + 4 * right]

    def rows(self, box: Box, count: int) -> bytes:
        """What changes when something else stands in the box: some of its lines."""
        return b"".join(self.row(box.left, box.right, line) for line in box.lines(count))

    def find(self, colour: bytes, least: int) -> Box | None:
        """The box of the lines that have at least so many pixels of a colour; None where there are none."""
        lines = [line for line in range(self.high) if self._has(colour, line) >= least]
        if not lines:
            return None
        middle = self.row(0, self.wide, lines[len(lines) // 2])
        left, right = middle.find(colour) // 4, middle.rfind(colour) // 4
        return Box(left, lines[0], right, lines[-1])

    def _has(self, colour: bytes, line: int) -> int:
        return self.row(0, self.wide, line).count(colour)


@contextmanager
def screen(folder: Path) -> Iterator[Screen]:
    """A screen of its own under a free number; `folder` is made, and holds its picture."""
    folder.mkdir()
    hearing, telling = os.pipe()
    wide, high = SIZE
    command = ["Xvfb", "-displayfd", str(telling), "-screen", "0", f"{wide}x{high}x24"]
    command += ["-nolisten", "tcp", "-noreset", "-nocursor", "-fbdir", str(folder)]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, pass_fds=[telling], stdout=log, stderr=log)
    try:
        os.close(telling)
        with os.fdopen(hearing) as told:
            number = told.readline().strip()
        if not number:
            raise RuntimeError(f"no screen: {(folder / 'log').read_text('utf-8', 'replace')}")
        with (folder / "Xvfb_screen0").open("rb") as file:
            memory = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        yield Screen(f":{number}", memory)
    finally:
        server.terminate()
        server.wait()


class Keys:
    """A keyboard of the screen `display`; `signs` are put on keys that have none."""

    def __init__(self, display: str, signs: str = "") -> None:
        self._x, self._test = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXtst.so.6")
        self._prepare()
        self._display = ctypes.c_void_p(self._x.XOpenDisplay(display.encode()))
        if not self._display:
            raise RuntimeError(f"no screen {display}")
        self._signs = dict(zip(signs, self._put(signs), strict=True))

    def close(self) -> None:
        """Let go."""
        self._x.XCloseDisplay(self._display)

    def scan(self, code: str) -> float:
        """Type a code as a scanner does, at the pace of the server's clock; the moment before its Enter."""
        for letter in code:
            self._stroke(letter, SCANNER_MS)
        self._x.XSync(self._display, 0)
        return self.strike("\r")

    def strike(self, letter: str) -> float:
        """Strike the key of a letter; the moment before it (s)."""
        self._stroke(letter, 0)
        began = time.perf_counter()
        self._x.XFlush(self._display)
        return began

    def press(self, *chords: str) -> None:
        """Press keys one after the other, as a person does: `Return`, `Escape`, `Alt_L+2`, `a`."""
        for chord in chords:
            *held, last = (self._code(self._symbol(name)) for name in chord.split("+"))
            for key in held:
                self._test.XTestFakeKeyEvent(self._display, key, 1, 0)
            self._fake(last, 0)
            for key in held:
                self._test.XTestFakeKeyEvent(self._display, key, 0, 0)
            self._x.XFlush(self._display)
            time.sleep(0.06)

    def fill(self) -> bool:
        """Give the screen and the keyboard to the one window on it; whether there is one."""
        shown = list(self._windows())
        for window in shown:
            self._x.XMoveResizeWindow(self._display, window, 0, 0, *SIZE)
            self._x.XSetInputFocus(self._display, window, 2, 0)
        self._x.XSync(self._display, 0)
        return bool(shown)

    def _stroke(self, letter: str, wait: int) -> None:
        if letter in self._signs:
            self._fake(self._signs[letter], wait)
            return
        code = self._code(self._symbol(NAMED.get(letter, letter)))
        shift = self._code(self._symbol(SHIFT)) if letter.isupper() else 0
        if shift:
            self._test.XTestFakeKeyEvent(self._display, shift, 1, 0)
        self._fake(code, wait)
        if shift:
            self._test.XTestFakeKeyEvent(self._display, shift, 0, 0)

    def _fake(self, code: int, wait: int) -> None:
        self._test.XTestFakeKeyEvent(self._display, code, 1, wait)
        self._test.XTestFakeKeyEvent(self._display, code, 0, 0)

    def _symbol(self, name: str) -> int:
        return int(self._x.XStringToKeysym(name.encode()))

    def _code(self, symbol: int) -> int:
        code = int(self._x.XKeysymToKeycode(self._display, symbol))
        if not code:
            raise RuntimeError(f"no key types the sign {symbol:#x}")
        return code

    def _put(self, signs: str) -> Iterator[int]:
        """Put signs on keys that have none; the keys."""
        free = (
            code for code in range(255, 7, -1) if not self._x.XkbKeycodeToKeysym(self._display, code, 0, 0)
        )
        for sign, code in zip(signs, free, strict=False):
            both = (ctypes.c_ulong * 2)(CHINESE + ord(sign), CHINESE + ord(sign))
            self._x.XChangeKeyboardMapping(self._display, code, 2, both, 1)
            self._x.XSync(self._display, 0)
            yield code

    def _windows(self) -> Iterator[int]:
        """The windows on show that stand on the bare screen."""
        root = self._x.XDefaultRootWindow(self._display)
        found, above, under = ctypes.c_ulong(), ctypes.c_ulong(), ctypes.POINTER(ctypes.c_ulong)()
        count = ctypes.c_uint()
        self._x.XQueryTree(self._display, root, *map(ctypes.byref, (found, above, under, count)))
        try:
            yield from (window for window in under[: count.value] if self._is_shown(window))
        finally:
            self._x.XFree(under)

    def _is_shown(self, window: int) -> bool:
        attributes = (ctypes.c_int * 64)()
        self._x.XGetWindowAttributes(self._display, window, ctypes.byref(attributes))
        return attributes[MAP_STATE] == ON_SHOW

    def _prepare(self) -> None:
        """Tell the kinds of arguments and results that are not plain whole numbers."""
        at, number, long = ctypes.c_void_p, ctypes.c_int, ctypes.c_ulong
        x = self._x
        x.XOpenDisplay.argtypes, x.XOpenDisplay.restype = [ctypes.c_char_p], at
        x.XStringToKeysym.restype = x.XkbKeycodeToKeysym.restype = x.XDefaultRootWindow.restype = long
        x.XStringToKeysym.argtypes = [ctypes.c_char_p]
        x.XKeysymToKeycode.argtypes, x.XKeysymToKeycode.restype = [at, long], ctypes.c_ubyte
        x.XkbKeycodeToKeysym.argtypes = [at, ctypes.c_ubyte, number, number]
        x.XChangeKeyboardMapping.argtypes = [at, number, number, at, number]
        x.XMoveResizeWindow.argtypes = [at, long, number, number, number, number]
        x.XSetInputFocus.argtypes = [at, long, number, long]
        x.XGetWindowAttributes.argtypes = [at, long, at]
        x.XQueryTree.argtypes = [at, long, at, at, at, at]
        x.XSync.argtypes = [at, number]
        for name in ("XFlush", "XCloseDisplay", "XDefaultRootWindow", "XFree"):
            getattr(x, name).argtypes = [at]
        self._test.XTestFakeKeyEvent.argtypes = [at, ctypes.c_uint, number, long]


def colour(name: str) -> bytes:
    """The first three bytes of a pixel of the colour `#RRGGBB`."""
    red, green, blue = bytes.fromhex(name[1:])
    return bytes((blue, green, red))


def steady(shown: Screen, box: Box, seconds: float, longest: float) -> None:
    """Wait until nothing in a box has changed for so many seconds; RuntimeError after the longest time."""
    end, since, before = time.monotonic() + longest, time.monotonic(), b""
    while time.monotonic() - since < seconds:
        now = shown.rows(box, 40)
        if now != before:
            before, since = now, time.monotonic()
        if time.monotonic() > end:
            raise RuntimeError("the screen never rests")
        time.sleep(0.02)
