"""Scanners that type, told from people who type."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, cycle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.scanning.burst import Burst, BurstSettings, Outcome

SF = "SF1385628716739"
START = 86_400_000

# Gaps in milliseconds as a fast typist makes them: most 60 to 90, pairs typed by both hands about 25.
TYPIST = (78, 64, 88, 25, 71, 83, 62, 90, 24, 69, 76, 60, 85, 27, 66, 73, 89, 61, 80, 25, 25, 70)
# Median gaps of wedge scanners measured on an X server were 1, 2, 5 and 16 ms, none above 17.
SCANNERS = [(0,), (1, 2), (5, 4, 17, 5), (16, 15, 17), (30,), (10, 50, 12, 34)]


def timed(text: str, gaps: Iterable[int], start: int = START) -> Iterator[tuple[str, int]]:
    repeated = cycle(gaps)
    return zip(text, accumulate((next(repeated) for _ in text[1:]), initial=start), strict=True)


def feed(burst: Burst, keys: Iterable[tuple[str, int]]) -> list[Outcome]:
    return [burst.key(text, at_ms) for text, at_ms in keys]


def taken(outcomes: Sequence[Outcome]) -> list[str]:
    return [outcome.taken for outcome in outcomes if outcome.taken is not None]


def typed(outcomes: Sequence[Outcome]) -> str:
    return "".join(text for outcome in outcomes for text in outcome.given_back)


@pytest.mark.parametrize("gaps", SCANNERS, ids=str)
@pytest.mark.parametrize("end", ["\r", "\n", "\t"])
def test_a_scan_is_taken_whole_and_nothing_is_typed(gaps: tuple[int, ...], end: str) -> None:
    outcomes = feed(Burst(), timed(SF + end, gaps))
    assert taken(outcomes) == [SF]
    assert typed(outcomes) == ""
    assert outcomes[-1].taken == SF


@pytest.mark.parametrize("gaps", SCANNERS, ids=str)
def test_a_scan_without_suffix_ends_in_silence(gaps: tuple[int, ...]) -> None:
    burst = Burst()
    outcomes = feed(burst, timed(SF, gaps))
    assert taken(outcomes) == []
    assert burst.waiting
    assert burst.patience_ms == 120
    assert burst.silence() == Outcome(SF)
    assert not burst.waiting


def test_silence_is_noticed_by_the_next_key_when_no_timer_ran() -> None:
    burst = Burst()
    feed(burst, timed(SF, [2]))
    assert burst.key("x", START + 14 * 2 + 120) == Outcome(SF)
    assert burst.silence() == Outcome(None, ("x",))


def test_two_scans_on_end_are_two() -> None:
    outcomes = feed(Burst(), timed(f"{SF}\r{SF[::-1]}\r", [1]))
    assert taken(outcomes) == [SF, SF[::-1]]
    assert typed(outcomes) == ""


def test_the_line_feed_of_a_cr_lf_suffix_is_no_key_of_its_own() -> None:
    outcomes = feed(Burst(), timed(f"{SF}\r\n{SF}\r\r", [3]))
    assert taken(outcomes) == [SF, SF]
    assert typed(outcomes) == ""


def test_an_enter_pressed_after_a_scan_is_a_persons() -> None:
    burst = Burst()
    feed(burst, timed(f"{SF}\r", [3]))
    assert burst.key("\r", START + 15 * 3 + 300) == Outcome(None, ("\r",))


def test_the_group_separator_is_kept() -> None:
    code = "010690123456789221A7\x1d10L"
    assert taken(feed(Burst(), timed(code + "\r", [4]))) == [code]


def test_shift_between_the_keys_changes_nothing() -> None:
    keys = [key for one in timed(SF + "\r", [4]) for key in (("", one[1]), one)]
    outcomes = feed(Burst(), keys)
    assert taken(outcomes) == [SF]
    assert set(outcomes[::2]) == {Outcome(None, ("",))}


@pytest.mark.parametrize(
    "text", ["the screen is broken\r", "thththththth\r", "123456789012345\r", "退货原因\r"]
)
@pytest.mark.parametrize("first", range(0, len(TYPIST), 3))
def test_a_fast_typist_is_never_swallowed(text: str, first: int) -> None:
    burst = Burst()
    outcomes = feed(burst, timed(text, TYPIST[first:] + TYPIST[:first]))
    assert taken(outcomes) == []
    assert typed(outcomes) + typed([burst.silence()]) == text


def test_a_typists_keys_pass_at_once_after_the_first() -> None:
    outcomes = feed(Burst(), timed("broken", [80]))
    assert [outcome.given_back for outcome in outcomes] == [(), ("b", "r"), ("o",), ("k",), ("e",), ("n",)]


def test_one_key_alone_is_not_held_for_long() -> None:
    burst = Burst()
    assert burst.key("x", START) == Outcome()
    assert burst.patience_ms == 52
    assert burst.silence() == Outcome(None, ("x",))
    assert burst.key("y", START + 70) == Outcome(None, ("y",))


def test_a_second_enter_right_after_a_scan_is_a_persons_when_it_comes_late() -> None:
    burst = Burst()
    feed(burst, timed(f"{SF}\r", [3]))
    assert burst.key("\r", START + 15 * 3 + 36) == Outcome(None, ("\r",))


def test_typing_ends_with_enter_and_a_scan_may_follow_at_once() -> None:
    outcomes = feed(Burst(), [*timed("abc\r", [80]), *timed(SF + "\r", [2], start=START + 3 * 80 + 50)])
    assert taken(outcomes) == [SF]
    assert typed(outcomes) == "abc\r"


def test_a_scan_right_after_typing_and_a_pause_is_taken() -> None:
    burst = Burst()
    feed(burst, timed("abc", [80]))
    outcomes = feed(burst, timed(SF + "\r", [2], start=START + 160 + 120))
    assert taken(outcomes) == [SF]
    assert typed(outcomes) == ""


def test_the_window_may_be_busy_because_only_time_stamps_count() -> None:
    # All keys are handled in one go after 300 ms; their stamps say that they were typed 80 ms apart.
    outcomes = feed(Burst(), timed("slowly typed", [80]))
    assert taken(outcomes) == []
    # The scanner's keys come in two lots; their stamps are 6 ms apart.
    assert taken(feed(Burst(), timed(SF + "\r", [6]))) == [SF]


@pytest.mark.parametrize(
    ("text", "gap", "scan"),
    [
        ("A12345\r", 30, True),
        ("A1234\r", 30, False),
        ("A123\r", 16, True),
        ("A123\t", 16, False),
        ("A123\r", 17, False),
        ("A12\r", 1, False),
        ("A12345\r", 35, True),
        ("A12345\r", 36, False),
    ],
)
def test_length_and_speed_that_make_a_scan(text: str, gap: int, scan: bool) -> None:
    outcomes = feed(Burst(), timed(text, [gap]))
    assert taken(outcomes) == ([text[:-1]] if scan else [])
    assert typed(outcomes) == ("" if scan else text)


def test_the_threshold_is_a_setting() -> None:
    slow = list(timed(SF + "\r", [48]))
    assert taken(feed(Burst(), slow)) == []
    assert taken(feed(Burst(BurstSettings(median_gap_ms=50)), slow)) == [SF]


def test_a_scanner_may_stumble_once_it_runs() -> None:
    assert taken(feed(Burst(), timed(SF + "\r", [2, 2, 2, 100, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2]))) == [SF]


def test_a_key_that_is_held_down_is_no_scan() -> None:
    burst = Burst()
    feed(burst, timed("aaaaaaaaaaaa", [30]))
    assert burst.silence() == Outcome(None, ("a",) * 12)


@pytest.mark.parametrize("shortcut", ["\x08", "\x1b", "\x03", "\x7f"])
def test_shortcuts_are_not_held_back(shortcut: str) -> None:
    burst = Burst()
    assert burst.key(shortcut, START) == Outcome(None, (shortcut,))
    feed(burst, timed("ab", [10], start=START + 1000))
    assert burst.key(shortcut, START + 1020) == Outcome(None, ("a", "b", shortcut))


def test_time_stamps_may_wrap_around() -> None:
    burst = Burst()
    feed(burst, timed("abc", [80], start=2**32 - 200))
    assert taken(feed(burst, timed(SF + "\r", [2], start=5))) == [SF]


@given(
    st.lists(
        st.tuples(st.sampled_from([*"abcdefgh0123", "\x1d", "\r", "\t", "\x08", "中"]), st.integers(0, 200)),
        max_size=60,
    )
)
def test_every_key_comes_back_once_and_in_order(keys: list[tuple[str, int]]) -> None:
    burst = Burst()
    at_ms = START
    came_back = ""
    for text, gap in keys:
        at_ms += gap
        outcome = burst.key(text, at_ms)
        came_back += (outcome.taken or "") + "".join(outcome.given_back)
    last = burst.silence()
    came_back += (last.taken or "") + "".join(last.given_back)
    ends = str.maketrans("", "", "\r\t")
    assert came_back.translate(ends) == "".join(text for text, _ in keys).translate(ends)
    assert not burst.waiting


@given(st.lists(st.integers(53, 119), min_size=1, max_size=40), st.booleans())
def test_gaps_no_scanner_makes_are_never_a_scan(gaps: list[int], enter: bool) -> None:
    text = "".join(letter for letter, _ in zip(cycle("abcdef"), [0, *gaps], strict=False)) + "\r" * enter
    burst = Burst()
    outcomes = [*feed(burst, timed(text, [*gaps, 60])), burst.silence()]
    assert taken(outcomes) == []
    assert typed(outcomes) == text


@given(
    st.text("ABCDEFGHJK0123456789\x1d", min_size=6, max_size=60).filter(lambda text: len(set(text)) > 1),
    st.lists(st.integers(0, 35), min_size=1, max_size=60),
)
def test_gaps_a_scanner_makes_are_always_a_scan(text: str, gaps: list[int]) -> None:
    outcomes = feed(Burst(), timed(text + "\r", gaps))
    assert taken(outcomes) == [text]
    assert typed(outcomes) == ""
