"""What a keyboard may have made of a code, undone: capitals by CapsLock, characters typed by number.

A reader in "Alt mode" holds Alt and types each character's number on the keypad. Where nothing listens to Alt
the digits alone arrive: three or four for a character of ASCII, five for one of GBK.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum

LONGEST_TYPED = 400
FEWEST_TYPED = 4
"""Characters; fewer digits mean something by chance too often."""

_THREES = re.compile(r"(?:0(?:29|3[2-9]|[4-9]\d)|1(?:[01]\d|2[0-6]))+", re.ASCII)
_FOURS = re.compile(r"(?:00(?:29|3[2-9]|[4-9]\d)|01(?:[01]\d|2[0-6]))+", re.ASCII)
_GBK = re.compile(r"\d{5}", re.ASCII)
_FIRST_OF_GBK, _LAST_OF_GBK = 0x8140, 0xFEFE


class Way(StrEnum):
    """What happened to the code on its way."""

    CASE_SWAPPED = "case_swapped"
    TYPED_BY_NUMBER = "typed_by_number"


def undone(text: str) -> Iterator[tuple[str, Way]]:
    """What a code may have been, likeliest first; `text` itself is not among it."""
    for other in dict.fromkeys((text.swapcase(), text.upper())):
        if other != text and text != text.upper():
            yield other, Way.CASE_SWAPPED
    if len(text) <= LONGEST_TYPED and text.isascii() and text.isdecimal():
        yield from ((other, Way.TYPED_BY_NUMBER) for other in _by_number(text))


def _by_number(digits: str) -> Iterator[str]:
    for pattern, length in ((_THREES, 3), (_FOURS, 4)):
        if len(digits) >= length * FEWEST_TYPED and pattern.fullmatch(digits):
            yield "".join(chr(int(digits[at : at + length])) for at in range(0, len(digits), length))
    if len(digits) >= 5 * FEWEST_TYPED and len(digits) % 5 == 0:
        found = [_of_gbk(int(number)) for number in _GBK.findall(digits)]
        if all(found):
            yield "".join(found)


def _of_gbk(number: int) -> str:
    """The character of GBK with this number; "" where there is none."""
    if number < 127:
        return chr(number) if number >= 32 else ""
    if not _FIRST_OF_GBK <= number <= _LAST_OF_GBK:
        return ""
    return number.to_bytes(2, "big").decode("gbk", "ignore")
