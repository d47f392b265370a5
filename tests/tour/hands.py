"""A keyboard and a window manager's grip from outside the program: XTest, as a scanner or a person types."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Iterator

SCANNER_MS = 2  # milliseconds before each key
PERSON = 0.045
KEYS = {"\r": "Return", "\n": "Return", "\t": "Tab", "\x1b": "Escape", " ": "space"}
MODIFIERS = {"Alt": "Alt_L", "Ctrl": "Control_L", "Shift": "Shift_L"}


class Hands:
    """Hands on the keyboard of one screen; `display` as in the variable DISPLAY."""

    def __init__(self, display: str) -> None:
        self._x = ctypes.CDLL("libX11.so.6")
        self._test = ctypes.CDLL("libXtst.so.6")
        self._prepare()
        self._display = ctypes.c_void_p(self._x.XOpenDisplay(display.encode()))
        if not self._display:
            raise RuntimeError(f"no screen {display}")
        self.keys = 0
        self.scans = 0

    def close(self) -> None:
        """Let go."""
        self._x.XCloseDisplay(self._display)

    def scan(self, code: str) -> None:
        """Type a code as a scanner does, with Enter behind it.

        The screen's server keeps the pace, as a scanner's own clock does: a machine that held this process
        up between two keys would send what no scanner sends.
        """
        for letter in code + "\r":
            shift, key = self._key(letter)
            self._stroke([self._code("Shift_L")] if shift else [], key, SCANNER_MS)
        self._x.XFlush(self._display)
        self.scans += 1

    def type(self, text: str) -> None:
        """Type as a person does who types well; letters of a keyboard only."""
        for letter in text:
            shift, key = self._key(letter)
            self._stroke([self._code("Shift_L")] if shift else [], key)
            self._x.XFlush(self._display)
            time.sleep(PERSON)
        self.keys += len(text)

    def press(self, *chords: str) -> None:
        """Press keys one after the other, each as it stands on a button: `Enter`, `F6`, `Alt+2`."""
        for chord in chords:
            *held, last = chord.split("+")
            self._stroke([self._code(MODIFIERS[name]) for name in held], self._code(last))
            self._x.XFlush(self._display)
            time.sleep(PERSON)
            self.keys += 1

    def fill(self, wide: int, high: int) -> None:
        """Give the whole screen to the one window on it and the keyboard to that window."""
        for window in self._windows():
            self._x.XMoveResizeWindow(self._display, window, 0, 0, wide, high)
            self._x.XSetInputFocus(self._display, window, 2, 0)
        self._x.XSync(self._display, 0)

    def _stroke(self, held: list[int], code: int, wait: int = 0) -> None:
        for modifier in held:
            self._test.XTestFakeKeyEvent(self._display, modifier, 1, 0)
        self._test.XTestFakeKeyEvent(self._display, code, 1, wait)
        self._test.XTestFakeKeyEvent(self._display, code, 0, 0)
        for modifier in reversed(held):
            self._test.XTestFakeKeyEvent(self._display, modifier, 0, 0)

    def _key(self, letter: str) -> tuple[bool, int]:
        """Whether Shift is held for a letter, and its key."""
        symbol = self._symbol(letter)
        code = self._x.XKeysymToKeycode(self._display, symbol)
        plain = self._x.XkbKeycodeToKeysym(self._display, code, 0, 0)
        if not code or symbol not in (plain, self._x.XkbKeycodeToKeysym(self._display, code, 0, 1)):
            raise ValueError(f"no key types {letter!r}")
        return symbol != plain, code

    def _symbol(self, letter: str) -> int:
        named = KEYS.get(letter)
        if named:
            return int(self._x.XStringToKeysym(named.encode()))
        return ord(letter)  # X numbers the letters of Latin 1 as Unicode does

    def _code(self, name: str) -> int:
        """The key of a name such as `Return`, `F6` or `a`."""
        named = {"Enter": "Return", "Esc": "Escape", "Space": "space"}.get(name, name)
        symbol = self._x.XStringToKeysym((named.lower() if len(named) == 1 else named).encode())
        code = int(self._x.XKeysymToKeycode(self._display, symbol))
        if not code:
            raise ValueError(f"no key is named {name!r}")
        return code

    def _windows(self) -> Iterator[int]:
        """The windows on show that stand on the bare screen."""
        root = self._x.XDefaultRootWindow(self._display)
        found, above, under = ctypes.c_ulong(), ctypes.c_ulong(), ctypes.POINTER(ctypes.c_ulong)()
        count = ctypes.c_uint()
        refs = (ctypes.byref(part) for part in (found, above, under, count))
        self._x.XQueryTree(self._display, root, *refs)
        try:
            yield from (window for window in under[: count.value] if self._is_shown(window))
        finally:
            self._x.XFree(under)

    def _is_shown(self, window: int) -> bool:
        attributes = (ctypes.c_int * 64)()
        self._x.XGetWindowAttributes(self._display, window, ctypes.byref(attributes))
        return attributes[MAP_STATE] == 2

    def _prepare(self) -> None:
        """Tell the kinds of arguments and results that are not plain whole numbers."""
        at, number, long = ctypes.c_void_p, ctypes.c_int, ctypes.c_ulong
        self._x.XOpenDisplay.argtypes, self._x.XOpenDisplay.restype = [ctypes.c_char_p], at
        self._x.XStringToKeysym.restype = self._x.XkbKeycodeToKeysym.restype = long
        self._x.XDefaultRootWindow.restype = long
        self._x.XKeysymToKeycode.argtypes, self._x.XKeysymToKeycode.restype = [at, long], ctypes.c_ubyte
        self._x.XkbKeycodeToKeysym.argtypes = [at, ctypes.c_ubyte, number, number]
        self._x.XMoveResizeWindow.argtypes = [at, long, number, number, number, number]
        self._x.XSetInputFocus.argtypes = [at, long, number, long]
        self._x.XGetWindowAttributes.argtypes = [at, long, at]
        self._test.XTestFakeKeyEvent.argtypes = [at, ctypes.c_uint, number, long]
        for name in ("XFlush", "XCloseDisplay", "XDefaultRootWindow", "XFree"):
            getattr(self._x, name).argtypes = [at]
        self._x.XSync.argtypes = [at, number]
        self._x.XQueryTree.argtypes = [at, long, at, at, at, at]


MAP_STATE = 23  # its place among the whole numbers of XWindowAttributes on a 64 bit system
