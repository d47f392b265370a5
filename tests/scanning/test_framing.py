"""Scans out of a byte stream."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from desk_app.scanning.framing import Framer, decode


def all_at_once(data: bytes) -> list[str]:
    framer = Framer()
    return framer.feed(data, 0) + framer.idle(1000)


@pytest.mark.parametrize(
    ("data", "scans"),
    [
        (b"A1\r", ["A1"]),
        (b"A1\n", ["A1"]),
        (b"A1\r\nB2\r\n", ["A1", "B2"]),
        (b"A1\tB2\t", ["A1", "B2"]),
        (b"\x02A1\x03", ["A1"]),
        (b"\x02A1\x03\x02B2\x03", ["A1", "B2"]),
        (b"\x02A1\x03\r\n\x02B2\r\x03\r\n", ["A1", "B2"]),
        (b"\x02two\r\nlines\x03", ["two\r\nlines"]),
        (b"\x02A1\r\x02B2\r", ["A1", "B2"]),
        (b"\x02A1\rB2\r", ["A1", "B2"]),
        (b"\x02A1\rB2\r\x02C3\r", ["A1", "B2", "C3"]),
        (b"\x02A1\x02B2\x03", ["A1", "B2"]),
        (b"\x00\xffnoise\x02A1\x03", ["ÿnoise", "A1"]),
        (b"\r\n\r\n", []),
        (b"\x00\x00", []),
        (b"\x03A1\r", ["A1"]),
        (b"01069012345678921A\x1d10L\r", ["01069012345678921A\x1d10L"]),
        (b"\x1d01A\x1d\x1d10\x1d\r\x0221\x1d\x03", ["\x1d01A\x1d\x1d10\x1d", "21\x1d"]),
        (b"x" * 7089 + b"\rA1\r", ["x" * 7089, "A1"]),
        (b"x" * 10_000 + b"\rA1\r", ["A1"]),
        (b"\x02" + b"x" * 10_000 + b"\x03\x02A1\x03", ["A1"]),
    ],
)
def test_each_suffix_and_frame(data: bytes, scans: list[str]) -> None:
    assert all_at_once(data) == scans


MARKS = [b"\x02", b"\x03", b"\r", b"\n", b"\t", b"\x1d", b"\x00"]
LINE = st.lists(
    st.one_of(st.binary(max_size=15), st.sampled_from(MARKS), st.sampled_from([b"A1", b"B2", b"x" * 9])),
    max_size=30,
).map(b"".join)


@example(b"\x02" + b"A1\r" * 20 + b"\x02B2\x03", [30], 10)
@given(LINE, st.lists(st.integers(0, 200), max_size=20), st.integers(4, 40))
def test_the_pieces_the_bytes_come_in_do_not_matter(data: bytes, cuts: list[int], longest: int) -> None:
    whole, pieces = Framer(longest=longest), Framer(longest=longest)
    expected = whole.feed(data, 0) + whole.idle(1000)
    ends = [*sorted({min(cut, len(data)) for cut in cuts} | {0}), len(data)]
    scans = [text for start, end in pairwise(ends) for text in pieces.feed(data[start:end], 0)]
    assert scans + pieces.idle(1000) == expected


FRAMES = {"CR": (b"", b"\r"), "LF": (b"", b"\n"), "CRLF": (b"", b"\r\n"), "TAB": (b"", b"\t")}
FRAMES |= {"STX": (b"\x02", b"\x03"), "STX and CR": (b"\x02", b"\x03\r"), "prefix": (b"\x02", b"\r")}
CODES = st.lists(st.text("0A!-~\x1d", min_size=1, max_size=12), min_size=1, max_size=8)


@pytest.mark.parametrize("frame", FRAMES)
@given(codes=CODES, size=st.integers(1, 7))
def test_every_code_arrives_in_every_frame_and_any_pieces(frame: str, codes: list[str], size: int) -> None:
    before, behind = FRAMES[frame]
    data = b"".join(before + code.encode() + behind for code in codes)
    framer = Framer()
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    scans = [text for at, piece in enumerate(pieces) for text in framer.feed(piece, at)]
    assert scans + framer.idle(9999) == codes


def test_a_scan_without_suffix_ends_when_the_line_is_silent() -> None:
    framer = Framer(idle_ms=80)
    assert framer.feed(b"SF13", 1000) == []
    assert framer.idle(1079) == []
    assert framer.feed(b"85", 1079) == []
    assert framer.idle(1158) == []
    assert framer.idle(1159) == ["SF1385"]
    assert framer.idle(9999) == []


def test_bytes_that_were_read_late_are_not_cut_off() -> None:
    framer = Framer(idle_ms=80)
    assert framer.feed(b"SF13", 0) == []
    assert framer.feed(b"85\r", 5000) == ["SF1385"]


def test_a_flood_without_end_is_dropped_and_the_next_scan_is_whole() -> None:
    framer = Framer(longest=10)
    assert framer.feed(b"x" * 50, 0) == []
    assert framer.feed(b"x" * 50 + b"\rA1\r", 1) == ["A1"]


def test_a_flood_is_over_at_the_next_stx() -> None:
    framer = Framer(longest=10)
    assert framer.feed(b"\x02" + b"x" * 50, 0) == []
    assert framer.feed(b"\x02A1\x03", 1) == ["A1"]


def test_the_longest_frame_is_not_a_flood() -> None:
    framer = Framer(longest=10)
    assert framer.feed(b"0123456789", 0) == []
    assert framer.feed(b"\r0123456789A\r", 1) == ["0123456789"]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"SF1385", "SF1385"),
        ("退货 屏幕".encode(), "退货 屏幕"),
        ("维修".encode(), "维修"),
        ("退货 屏幕".encode("gb18030"), "退货 屏幕"),
        (b"caf\xe9", "café"),
        (b"\xff\xff\xff", "ÿÿÿ"),
    ],
)
def test_bytes_are_read_as_utf8_else_gb18030_else_latin1(data: bytes, text: str) -> None:
    assert decode(data) == text


@given(
    st.lists(
        st.one_of(st.binary(max_size=40), st.sampled_from([b"\x02", b"\x03", b"\r", b"x" * 40])), max_size=40
    )
)
def test_garbage_is_survived_and_the_buffer_stays_small(pieces: list[bytes]) -> None:
    framer = Framer(longest=50)
    for at_ms, piece in enumerate(pieces):
        assert all(text.strip("\x00") for text in framer.feed(piece, at_ms))
        assert len(framer._held) <= 52
    framer.idle(10_000)
    assert framer.feed(b"SF1385628716739\r", 20_000) == ["SF1385628716739"]
