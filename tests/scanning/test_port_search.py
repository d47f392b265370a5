"""What a reader's bytes tell of its settings; garbled as a receiver set otherwise garbles them."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest

from desk_app.readers import BAUDS, FRAMES
from desk_app.scanning.diagnosis import TEST_CODE
from desk_app.scanning.handshake import ACK
from desk_app.scanning.port_search import Fit, Search, Step, judge

pytestmark = pytest.mark.slow

CODE = TEST_CODE.encode()
ENDS = (b"", b"\r", b"\r\n")


class Wire:
    """The level of a line while bytes go over it, and what a receiver makes of it.

    gap: bits of silence between two characters. waits: whether the receiver waits for the line to go high
    before it looks for the next start; others take the low level of a missing stop bit for a start.
    """

    def __init__(self, data: bytes, baud: int, frame: str, gap: int = 0) -> None:
        self.levels: list[int] = []
        self.baud = baud
        bits, parity, stop = int(frame[0]), frame[1], int(frame[2])
        for byte in data:
            ones = [byte >> bit & 1 for bit in range(bits)]
            checks = {"N": [], "E": [sum(ones) % 2], "O": [1 - sum(ones) % 2]}[parity]
            self.levels += [0, *ones, *checks, *[1] * (stop + gap)]

    def read(self, baud: int, frame: str, waits: bool) -> bytes:
        data_bits, checks = int(frame[0]), int(frame[1] != "N")
        step, at, heard = Fraction(1, baud), Fraction(0), []
        while (start := self._next_low(at)) is not None:
            middle = start + step / 2
            if self._level(middle):  # too short for a start
                at = middle
                continue
            heard.append(sum(self._level(middle + step * (bit + 1)) << bit for bit in range(data_bits)))
            stop = middle + step * (data_bits + checks + 1)
            at = stop
            if not self._level(stop):
                at = self._next_high(stop) if waits else stop - step / 2
        return bytes(heard)

    def _level(self, at: Fraction) -> int:
        place = int(at * self.baud)
        return self.levels[place] if place < len(self.levels) else 1

    def _next_low(self, at: Fraction) -> Fraction | None:
        if not self._level(at):
            return at
        places = range(int(at * self.baud), len(self.levels))
        return next((Fraction(place, self.baud) for place in places if not self.levels[place]), None)

    def _next_high(self, at: Fraction) -> Fraction:
        places = range(int(at * self.baud), len(self.levels))
        return next(
            (Fraction(place, self.baud) for place in places if self.levels[place]),
            Fraction(len(self.levels), self.baud),
        )


def test_the_wire_carries_what_is_read_as_it_is_sent() -> None:
    for baud, frame, gap, waits in product(BAUDS, FRAMES, (0, 2), (True, False)):
        assert Wire(CODE, baud, frame, gap).read(baud, frame, waits) == CODE


def test_the_wire_garbles_what_is_read_at_another_speed() -> None:
    assert Wire(b"\x00", 9600, "8N1").read(4800, "8N1", True) == b"\xf8"  # a start and three bits low
    assert Wire(b"7", 9600, "7E1").read(9600, "8N1", True) == b"\xb7"  # five ones: the parity bit is one


@pytest.mark.parametrize("waits", [True, False])
@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("baud", BAUDS)
def test_a_reader_is_found_however_it_is_set(baud: int, frame: str, waits: bool) -> None:
    for end, gap in product(ENDS, (0, 1, 3)):
        wire, search = Wire(CODE + end, baud, frame, gap), Search()
        tried = []
        step = Step.SCAN
        while step is not Step.WAIT:
            tried.append((search.baud, search.frame))
            step, answer = search.hear(wire.read(search.baud, search.frame, waits), len(tried) * 10_000)
            assert step not in (Step.OTHER_CODE, Step.NOTHING_FITS), tried
            assert answer == b""
        assert len(tried) <= len(BAUDS) + 2
        assert (search.baud, search.frame) == tried[-1]
        assert search.baud == baud
        if not (waits and frame[0] == "8"):  # then eight bits with parity come whole as 8N1
            assert search.frame == frame


@pytest.mark.parametrize(
    ("heard", "frame", "fit", "frames"),
    [
        (CODE + b"\r", "8N1", Fit.WHOLE, ()),
        (b"\x02" + CODE + b"\x03", "7E1", Fit.WHOLE, ()),
        (b"]C0" + CODE, "8N1", Fit.WHOLE, ()),
        (b"SF1385628716739\r", "8N1", Fit.OTHER_CODE, ()),
        (b"01069012\x1d10A\r\n", "8N1", Fit.OTHER_CODE, ()),
        (b"\xff", "8N1", Fit.OTHER_SPEED, ()),
        (b"ab", "8N1", Fit.OTHER_SPEED, ()),
        (bytes(reversed(range(256))), "8N1", Fit.OTHER_SPEED, ()),
        (b"\x00\xf8\x80" * 20, "8N1", Fit.OTHER_SPEED, ()),
        (b"SF1385628716739\r", "7E1", Fit.OTHER_SPEED, ()),
        (Wire(b"SF1385628716739\r", 9600, "7E1").read(9600, "8N1", True), "8N1", Fit.OTHER_FRAME, ("7E1",)),
        (Wire(b"SF1385628716739\r", 9600, "7O1").read(9600, "8N1", True), "8N1", Fit.OTHER_FRAME, ("7O1",)),
        (bytes(byte | 0x80 for byte in CODE), "8N1", Fit.OTHER_FRAME, ("7N2",)),
    ],
)
def test_each_arrival_is_judged(heard: bytes, frame: str, fit: Fit, frames: tuple[str, ...]) -> None:
    assert judge(heard, frame) == (fit, frames)


def test_all_is_tried_once_more_when_nothing_fits() -> None:
    search = Search()
    tried, steps = [], []
    for number in range(2 * len(BAUDS)):
        tried.append(search.baud)
        steps.append(search.hear(b"\xff\x00", number * 10_000)[0])
    assert sorted(tried[: len(BAUDS)]) == sorted(tried[len(BAUDS) :]) == sorted(BAUDS)
    assert [number for number, step in enumerate(steps, 1) if step is Step.NOTHING_FITS] == [8, 16]


def test_another_code_changes_nothing() -> None:
    search = Search()
    assert search.hear(b"SF1385628716739\r", 0) == (Step.OTHER_CODE, b"")
    assert (search.baud, search.frame) == (9600, "8N1")
    assert not search.is_over(60_000)


def test_a_reader_that_stays_quiet_waits_for_no_answer() -> None:
    search = Search()
    assert search.hear(CODE, 1000) == (Step.WAIT, b"")
    assert not search.is_over(4000)
    assert search.is_over(4001)
    assert not search.answers


def test_a_reader_that_sends_again_waits_for_an_answer() -> None:
    search = Search()
    search.hear(CODE, 1000)
    assert search.hear(CODE, 3100) == (Step.ANSWERED, ACK)
    assert search.answers
    assert not search.is_over(6100)
    assert search.is_over(6101)


def test_a_reader_that_goes_on_after_an_answer_does_not_hear_it() -> None:
    search = Search()
    search.hear(CODE, 1000)
    search.hear(CODE, 3000)
    assert search.hear(CODE, 5000) == (Step.DEAF, b"")
    assert not search.answers


def test_what_somebody_scans_while_waiting_is_not_taken_for_a_reader_that_repeats_itself() -> None:
    search = Search()
    search.hear(CODE, 1000)
    assert search.hear(CODE, 1800) == (Step.WAIT, b"")
    assert search.hear(b"SF1385628716739\r", 3000) == (Step.WAIT, b"")
    assert search.is_over(4001)
    assert not search.answers


def test_what_somebody_scans_after_the_answer_is_answered_too() -> None:
    search = Search()
    search.hear(CODE, 1000)
    search.hear(CODE, 3000)
    assert search.hear(CODE, 3500) == (Step.ANSWERED, ACK)
    assert search.is_over(6001)
    assert search.answers
