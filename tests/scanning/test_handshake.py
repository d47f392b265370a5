"""What a reader that waits for an answer is told, and which of its scans count."""

from __future__ import annotations

import pytest

from desk_app.scanning.handshake import ACK, MOST_REFUSED, NAK, REPEAT_MS, Handshake, is_garbage

CODE = "SF1385628716739"


def test_each_scan_counts_and_is_acknowledged() -> None:
    handshake = Handshake()
    for at_ms in (0, 100, 200):
        assert handshake.hear(CODE, at_ms) == (True, ACK)
        handshake.answered()


def test_what_comes_again_because_no_answer_went_out_counts_once() -> None:
    handshake = Handshake()
    assert handshake.hear(CODE, 0) == (True, ACK)
    assert handshake.hear(CODE, 2000) == (False, ACK)
    assert handshake.hear(CODE, 4000) == (False, ACK)
    handshake.answered()
    assert handshake.hear(CODE, 6000) == (True, ACK)


def test_the_same_code_long_after_is_another_scan_and_so_is_another_code() -> None:
    handshake = Handshake()
    assert handshake.hear(CODE, 0) == (True, ACK)
    assert handshake.hear(CODE, REPEAT_MS + 1) == (True, ACK)
    assert handshake.hear("YT8962646785389", REPEAT_MS + 2) == (True, ACK)
    assert handshake.hear(CODE, REPEAT_MS + 3) == (True, ACK)


def test_garbage_is_asked_for_again_and_then_counts_when_it_is_right() -> None:
    handshake = Handshake()
    assert handshake.hear("SF13\x8585", 0) == (False, NAK)
    handshake.answered()
    assert handshake.hear(CODE, 50) == (True, ACK)


def test_what_comes_the_same_way_again_is_what_the_code_holds() -> None:
    handshake = Handshake()
    assert handshake.hear("A\x01B", 0) == (False, NAK)
    assert handshake.hear("A\x01B", 50) == (True, ACK)
    handshake.answered()
    assert handshake.hear("A\x01B", 5000) == (False, NAK)


def test_a_line_that_is_never_clean_does_not_ask_for_ever() -> None:
    handshake = Handshake()
    heard = [handshake.hear(f"A\x01{number}", number) for number in range(MOST_REFUSED + 1)]
    assert heard == [(False, NAK)] * MOST_REFUSED + [(True, ACK)]


@pytest.mark.parametrize("text", ["SF13", "退货\u3000屏幕", "café", "01A\x1d10\x1e\x1c\x1f\x04", "a\r\n\tb"])
def test_what_codes_hold_is_no_garbage(text: str) -> None:
    assert not is_garbage(text)


@pytest.mark.parametrize("text", ["\x01", "A\x00B", "\x7f", "\x85", "Aÿ"])
def test_noise_is_garbage(text: str) -> None:
    assert is_garbage(text)
