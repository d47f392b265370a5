"""Scans out of a byte stream."""

import pytest
from hypothesis import given
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
    ],
)
def test_each_suffix_and_frame(data: bytes, scans: list[str]) -> None:
    assert all_at_once(data) == scans


@pytest.mark.parametrize("data", [b"A1\r\nB2\tC3\n\x02D4\x03", b"\x02A1\r\x02B2\x03C3\rD4\n"])
def test_the_pieces_a_scan_comes_in_do_not_matter(data: bytes) -> None:
    framer = Framer()
    scans = [text for place in range(len(data)) for text in framer.feed(data[place : place + 1], place)]
    assert scans == all_at_once(data)
    assert len(scans) == len([letter for letter in b"ABCD" if letter in data])


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
