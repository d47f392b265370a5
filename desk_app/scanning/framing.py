"""Cuts a serial reader's byte stream into scans. No clock inside: the caller says when bytes came."""

from __future__ import annotations

import re

IDLE_MS = 80
LONGEST_FRAME = 8192

_STX, _ETX = b"\x02", b"\x03"
_LINE_END = re.compile(rb"[\r\n\t]")
_NOISE_AT_ENDS = b"\x00\x02\x03\r\n\t "
_ENCODINGS = ("utf-8", "gb18030")


class Framer:
    """Collects bytes until a scan is whole.

    A scan ends at CR, LF, CRLF or TAB, or runs from STX to ETX, or ends where the line falls silent for
    `idle_ms`. A frame longer than `longest` bytes is noise and is dropped; no more than that is ever held.
    """

    def __init__(self, idle_ms: int = IDLE_MS, longest: int = LONGEST_FRAME) -> None:
        self._idle_ms = idle_ms
        self._longest = longest
        self._held = bytearray()
        self._last_at = 0

    def feed(self, data: bytes, at_ms: int) -> list[str]:
        """Take bytes read at `at_ms` (any clock that never goes back); the scans that are now whole."""
        self._held += data
        self._last_at = at_ms
        scans = []
        while (frame := self._next_frame()) is not None:
            scans += self._texts(frame)
        del self._held[self._longest + 2 :]  # still too long for a frame, whether or not its STX goes
        return scans

    def idle(self, at_ms: int) -> list[str]:
        """What waited for its end, if the line has been silent long enough by `at_ms`.

        To be called when a read came back empty: bytes that wait in the port are not silence.
        """
        if not self._held or at_ms - self._last_at < self._idle_ms:
            return []
        lines = _LINE_END.split(bytes(self._held))
        self._held.clear()
        return [text for line in lines for text in self._texts(line)]

    def _next_frame(self) -> bytes | None:
        """Cut the first whole frame, which may be empty, off what is held; None while there is none."""
        start = self._held.find(_STX)
        if start == 0:
            return self._next_enclosed()
        before = bytes(self._held[:start]) if start > 0 else bytes(self._held)
        end = _LINE_END.search(before)
        if end is not None:
            return self._cut(end.start(), end.end())
        return self._cut(start, start) if start > 0 else None

    def _next_enclosed(self) -> bytes | None:
        """The frame from STX to ETX. An STX without its ETX was a mere prefix: it goes, lines are read on.

        Not so where the next STX is so far off that some of what lies between is no longer held.
        """
        end, again = self._held.find(_ETX), self._held.find(_STX, 1)
        if again > 0 and (end < 0 or again < end):
            return self._cut(0, 1) if again < self._longest + 2 else self._cut(again, again)
        return self._cut(end, end + 1) if end > 0 else None

    def _cut(self, end: int, rest: int) -> bytes:
        frame = bytes(self._held[:end])
        del self._held[:rest]
        return frame

    def _texts(self, frame: bytes) -> list[str]:
        data = frame.strip(_NOISE_AT_ENDS)
        return [decode(data)] if data and len(frame) <= self._longest else []


def decode(data: bytes) -> str:
    """The text of a frame: UTF-8, else GB18030 (Chinese QR codes), else Latin-1, which takes any byte."""
    for encoding in _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")
