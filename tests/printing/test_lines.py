"""Where lines are broken, and what they never do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printing.papers.lines import shortened, wrapped

TEXTS = st.text(st.sampled_from("清音耳机，。、（）“”…！? .,()ab1-½£￥\t\n 𬱖é"), max_size=80)


def measure(text: str) -> float:
    """A Latin letter is half as wide as a Chinese one."""
    return sum(0.5 if ord(letter) < 0x2000 else 1.0 for letter in text)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("左耳没有声音充电仓不亮", ["左耳没有声", "音充电仓不", "亮"]),
        ("左耳没有声，充电仓不亮", ["左耳没有", "声，充电仓", "不亮"]),
        ("左耳没有“声音”", ["左耳没有", "“声音”"]),
        ("the left side is dead", ["the left", "side is", "dead"]),
        ("耳机 left is 静音", ["耳机 left", "is 静音"]),
        ("1Z999AA101234", ["1Z999AA101", "234"]),
        ("no 1Z999AA101234", ["no", "1Z999AA101", "234"]),
        ("一\n\n二", ["一", "", "二"]),
        ("", [""]),
    ],
)
def test_where_lines_break(text: str, lines: list[str]) -> None:
    assert wrapped(text, 5, measure) == lines


@given(TEXTS, st.integers(2, 12))
def test_no_line_is_too_wide_and_nothing_is_lost(text: str, room: int) -> None:
    lines = wrapped(text, room, measure)
    assert all(measure(line) <= room for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@given(TEXTS)
def test_no_line_begins_with_a_mark_that_may_not(text: str) -> None:
    text = "耳" + text.replace("\n", "").replace("\t", "")
    if (
        max(
            len(run)
            for run in text.translate(str.maketrans(dict.fromkeys("清音耳机ab1-½£𬱖é", "|"))).split("|")
        )
        > 8
    ):
        return  # a run of marks alone that is wider than a line has to break
    for line in wrapped(text, 20, measure)[1:]:
        assert not line or line[0] not in "，。、）”…！?.,)"


@given(TEXTS.filter(str.strip), st.integers(2, 12))
def test_a_shortened_text_fits(text: str, room: int) -> None:
    short = shortened(text, room, measure)
    assert measure(short) <= room
    assert short == text or short.endswith("…")
    assert text.startswith(short.removesuffix("…"))
