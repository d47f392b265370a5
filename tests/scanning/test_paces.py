"""Each pace against people who were recorded while they typed, and against scanners that were measured."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import accumulate, cycle, islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.scanning.burst import PACES, Burst
from desk_app.settings import PACES as NAMES

pytestmark = pytest.mark.slow

RECORDED = json.loads((Path(__file__).parent.parent / "fixtures" / "typing.json").read_text("utf-8"))
LEAST: dict[int, list[int]] = {int(length): gaps for length, gaps in RECORDED["least"].items()}
LETTERS = "the kind customer writes"
DIGITS = "690123456789269012345678"
SF = "SF1385628716739"
# What readers were measured to do, in ms: a cable at its delays of 1, 3, 10 and 30, and radio.
CABLE = [(0,), (1, 2), (2, 3, 1), (5, 4, 17, 5), (16, 15, 17, 3)]
SLOW_CABLE = [(30,), (29, 33, 30)]
RADIO = [(10, 50, 12, 34), (50, 10, 50, 40), (50,), (10, 10, 50, 50, 50)]


def fed(pace: str, text: str, gaps: Iterable[int], end: str) -> tuple[list[str], str]:
    """The scans that are taken, and what reaches the field."""
    burst, taken, typed = Burst(PACES[pace]), [], ""
    times = accumulate(islice(cycle(gaps), len(text + end) - 1), initial=1_000_000)
    outcomes = [burst.key(key, at) for key, at in zip(text + end, times, strict=True)]
    for outcome in (*outcomes, burst.silence()):
        taken += [outcome.taken] if outcome.taken is not None else []
        typed += "".join(outcome.given_back)
    return taken, typed


def orders(gaps: Sequence[int]) -> dict[str, list[int]]:
    """Ways in which the same gaps can follow each other."""
    half = (len(gaps) + 1) // 2
    rolls = [gap for pair in zip(gaps[:half], reversed(gaps[half:]), strict=False) for gap in pair]
    left = [gap for gap in gaps[half - 1 : half] if len(rolls) < len(gaps)]
    return {"fast first": list(gaps), "fast last": list(gaps)[::-1], "rolls": rolls + left}


def test_every_pace_of_the_settings_is_known() -> None:
    assert tuple(PACES) == NAMES


@pytest.mark.parametrize("pace", PACES)
@pytest.mark.parametrize("end", ["\r", "\t", ""])
@pytest.mark.parametrize("length", LEAST)
@pytest.mark.parametrize("text", [LETTERS, DIGITS])
def test_the_fastest_of_all_that_was_recorded_is_never_swallowed(
    pace: str, end: str, length: int, text: str
) -> None:
    written = text[: length + 1]
    for gaps in orders(LEAST[length]).values():
        assert fed(pace, written, [*gaps, 20], end) == ([], written + end)


@given(
    st.sampled_from([gaps for gaps in LEAST.values() if gaps[-1] < 120]).flatmap(st.permutations),
    st.sampled_from(NAMES),
)
def test_nor_is_it_in_any_other_order(gaps: list[int], pace: str) -> None:
    written = LETTERS[: len(gaps) + 1]
    assert fed(pace, written, [*gaps, 8], "\r") == ([], written + "\r")


@pytest.mark.parametrize("pace", PACES)
@pytest.mark.parametrize(
    "gaps",
    [
        (100,),  # 120 words a minute, even
        (60,),  # 200 words a minute, even; 60,000 keys an hour on a number pad, several times a champion's
        (12, 96),  # every second key rolled
        (18, 12, 110, 140),  # three rolled in a row
        (30, 10, 95, 25, 160),
    ],
)
@pytest.mark.parametrize("text", [LETTERS, DIGITS, "690123\r420\r7755881\r"])
def test_rolls_and_number_pads_are_typing(pace: str, gaps: tuple[int, ...], text: str) -> None:
    for first in range(len(gaps)):
        taken, typed = fed(pace, text, gaps[first:] + gaps[:first], "\r")
        assert (taken, typed) == ([], text + "\r") or PACES[pace].median_gap_ms >= min(gaps) == max(gaps)


@pytest.mark.parametrize("end", ["\r", "\t", ""])
@pytest.mark.parametrize(
    ("pace", "gaps"),
    [
        *(("fast", gaps) for gaps in CABLE),
        *(("usual", gaps) for gaps in (*CABLE, *SLOW_CABLE, RADIO[0])),
        *(("slow", gaps) for gaps in (*CABLE, *SLOW_CABLE, *RADIO)),
    ],
)
def test_scanners_are_taken_at_their_pace(pace: str, gaps: tuple[int, ...], end: str) -> None:
    assert fed(pace, SF, gaps, end) == ([SF], "")


@given(st.lists(st.integers(10, 50), min_size=7, max_size=40), st.sampled_from(["\r", ""]))
def test_radio_is_always_taken_at_the_slow_pace(gaps: list[int], end: str) -> None:
    code = "".join(islice(cycle("JT3081"), len(gaps) + 1))
    assert fed("slow", code, [*gaps, 10], end) == ([code], "")


@given(st.lists(st.integers(0, 30), min_size=5, max_size=40), st.sampled_from(["usual", "slow"]))
def test_a_cable_is_always_taken(gaps: list[int], pace: str) -> None:
    code = "".join(islice(cycle("JT3081"), max(8, len(gaps) + 1)))
    assert fed(pace, code, gaps, "\r") == ([code], "")


def test_the_pace_changes_with_the_next_run() -> None:
    burst = Burst(PACES["usual"])
    burst.key("S", 1000)
    burst.use(PACES["slow"])
    assert burst.patience_ms == 52
    burst.silence()
    burst.use(PACES["slow"])
    burst.key("S", 2000)
    assert burst.patience_ms == 82


@pytest.mark.parametrize(
    ("gaps", "pace"),
    [
        ((2, 3), "fast"),
        ((19, 20, 18), "fast"),
        ((30,), "usual"),
        ((10, 50, 12, 34, 44), "slow"),
        ((90,), None),
    ],
)
def test_the_quickest_pace_that_takes_a_reader(gaps: tuple[int, ...], pace: str | None) -> None:
    fitting = [name for name, one in PACES.items() if not one.too_long(gaps * 9)]
    assert next(iter(fitting), None) == pace


def test_a_key_whose_moment_is_unknown_ends_no_scan_and_proves_none() -> None:
    burst = Burst()
    for number, key in enumerate(SF):
        if number in (2, 3, 4):
            burst.lose_time()
        assert burst.key(key, 5000 * (number in (2, 3)) + 4 * number).taken is None
    burst.lose_time()
    assert burst.key("\r", 0).taken == SF
    for key in SF:
        burst.lose_time()
        burst.key(key, 9000)
    assert "".join(burst.silence().given_back) == SF
