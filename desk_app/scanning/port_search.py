"""Finds out how a reader's port is to be set, from what comes while the test code is scanned again and again.

No port and no clock inside: the caller says what came and when.
"""

from __future__ import annotations

from collections.abc import Callable
from difflib import SequenceMatcher
from enum import StrEnum

from desk_app.readers import FRAMES
from desk_app.scanning.diagnosis import TEST_CODE
from desk_app.scanning.handshake import ACK, REPLY_MS

USUAL_BAUDS = (9600, 115200, 38400, 19200, 57600, 4800, 2400, 1200)
LEAST_TEXT = 8  # fewer bytes look like text by chance
LEAST_ALIKE = 0.25  # of the code's characters: a wrong speed gives half of it, the right one more
SOONEST, LATEST = 0.75, 1.5  # of the reply time-out: when a reader that waits for an answer sends again

_CODE = TEST_CODE.encode()
_TOP_BITS: dict[str, Callable[[int], int]] = {
    "7E1": lambda ones: ones % 2,
    "7O1": lambda ones: 1 - ones % 2,
    "7N2": lambda _ones: 1,
}
"""What stands in the eighth bit of a seven-bit character that is read as one of eight."""


class Fit(StrEnum):
    """How what came fits the setting it was read with."""

    WHOLE = "whole"
    OTHER_CODE = "other_code"
    OTHER_FRAME = "other_frame"
    OTHER_SPEED = "other_speed"


class Step(StrEnum):
    """How far the search is; the value is a code that the window has words for."""

    SCAN = "scan"
    OTHER_CODE = Fit.OTHER_CODE.value
    OTHER_FRAME = Fit.OTHER_FRAME.value
    OTHER_SPEED = Fit.OTHER_SPEED.value
    NOTHING_FITS = "nothing_fits"
    WAIT = "wait"
    ANSWERED = "answered"
    FOUND = "found"
    DEAF = "deaf"


def judge(heard: bytes, frame: str) -> tuple[Fit, tuple[str, ...]]:
    """Hold the bytes of one scan, read in `frame`, against the test code; and the frames to try instead.

    Only what was read as 8N1 tells of other frames.
    """
    if _CODE in heard:
        return Fit.WHOLE, ()
    if frame != FRAMES[0]:
        return Fit.OTHER_SPEED, ()
    if len(heard) >= LEAST_TEXT and _is_text(bytes(byte & 0x7F for byte in heard)):
        if max(heard) < 0x80:
            return Fit.OTHER_CODE, ()
        if frames := tuple(name for name, top in _TOP_BITS.items() if _has_top_bits(heard, top)):
            return Fit.OTHER_FRAME, frames
    if _alike(heard) >= LEAST_ALIKE:
        # Each parity bit of 0 is taken for a start: only with odd parity is that of the first zeros 1.
        return Fit.OTHER_FRAME, ("8O1", "8E1") if _CODE[:3] in heard else ("8E1", "8O1")
    return Fit.OTHER_SPEED, ()


class Search:
    """What to try next on one port: `baud` and `frame`; and at the end, `answers`.

    When the code came whole, it is seen for a moment whether the reader sends it again unasked, because it
    waits to be answered; and whether an answer then keeps it quiet.
    """

    def __init__(self, reply_ms: int = REPLY_MS) -> None:
        self._soonest, self._latest = round(reply_ms * SOONEST), round(reply_ms * LATEST)
        self._todo = _usual()
        self._whole_at: int | None = None
        self.baud, self.frame = self._todo.pop(0)
        self.answers = False

    def hear(self, heard: bytes, at_ms: int) -> tuple[Step, bytes]:
        """Take the bytes of one scan, whose first came at `at_ms`; what it means, and what to answer."""
        fit, frames = judge(heard, self.frame)
        if self._whole_at is not None:
            return self._hear_again(fit, at_ms)
        if fit is Fit.WHOLE:
            self._whole_at = at_ms
            return Step.WAIT, b""
        if fit is Fit.OTHER_CODE:
            return Step.OTHER_CODE, b""
        self._todo[:0] = [(self.baud, other) for other in frames]
        return self._go_on(Step(fit.value)), b""

    def is_over(self, at_ms: int) -> bool:
        """Whether a reader whose code came whole has been quiet for so long that it waits for no answer."""
        return self._whole_at is not None and at_ms - self._whole_at > self._latest

    def _hear_again(self, fit: Fit, at_ms: int) -> tuple[Step, bytes]:
        """What comes too soon to be sent again by the reader itself was scanned by somebody."""
        assert self._whole_at is not None
        if fit is not Fit.WHOLE or not self._soonest <= at_ms - self._whole_at <= self._latest:
            return (Step.ANSWERED if self.answers else Step.WAIT), ACK if self.answers else b""
        if self.answers:
            self.answers = False
            return Step.DEAF, b""
        self.answers, self._whole_at = True, at_ms
        return Step.ANSWERED, ACK

    def _go_on(self, step: Step) -> Step:
        if not self._todo:
            self._todo = _usual()
            step = Step.NOTHING_FITS
        self.baud, self.frame = self._todo.pop(0)
        return step


def _usual() -> list[tuple[int, str]]:
    return [(baud, FRAMES[0]) for baud in USUAL_BAUDS]


def _is_text(data: bytes) -> bool:
    return all(0x20 <= byte < 0x7F or byte in b"\r\n\t\x02\x03\x1d" for byte in data)


def _has_top_bits(data: bytes, top: Callable[[int], int]) -> bool:
    return all(byte >> 7 == top((byte & 0x7F).bit_count()) for byte in data)


def _alike(data: bytes) -> float:
    """The share of the code's characters that are there, in their order."""
    blocks = SequenceMatcher(None, _CODE, data, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / len(_CODE)
