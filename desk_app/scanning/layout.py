"""A keyboard layout that differs from the scanner's: learnt from codes that are known, repaired by table.

A scanner that types presses the keys of the layout it is set to; a computer set to another makes other
characters of them. Each printable character of ASCII is scanned once. What came twice for different
characters cannot be told apart any more: that is said, and left as it comes.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from string import ascii_lowercase, ascii_uppercase, digits

ANCHOR = "Q"
"""Stands behind every sign: no accent combines with it, so a key that waits for a letter is found out."""

_ALL = digits + ascii_lowercase + ascii_uppercase
LETTERS = tuple(_ALL[start : start + 16] for start in range(0, len(_ALL), 16))
SIGNS = ("!\"#$%&'", "()*+ ,-", "./:;<=>", "?@[\\]^", "_`{|}~")
CODES = LETTERS + tuple("".join(sign + ANCHOR for sign in signs) for signs in SIGNS)
"""Bar codes in the order in which they are scanned; none longer than a label is wide."""

AIM_LENGTH = 3
_CAPS_LOCK = 40  # of 52 letters; a scanner that sends one case only swaps 26
_ACCENTS = {"\u0300": "`", "\u0301": "´", "\u0302": "^", "\u0303": "~", "\u0308": "¨", "\u030c": "ˇ"}


@dataclass(frozen=True, slots=True)
class Repair:
    """What each character of `came` was meant as, in the same order; empty where nothing is repaired."""

    came: str = ""
    meant: str = ""

    def __bool__(self) -> bool:
        return bool(self.came)

    @property
    def foreign(self) -> frozenset[str]:
        """Characters that no scanner types on the right layout: where one stands, the wrong one is on."""
        return frozenset(letter for letter in self.came if not letter.isascii())

    def mend(self, text: str) -> str:
        """The text as it was meant. Characters that were not learnt stay."""
        table = dict(zip(self.came, self.meant, strict=True))
        return "".join(table.get(letter) or _apart(letter, table) for letter in text)

    def kept(self) -> str:
        """As a setting holds it."""
        return json.dumps([self.came, self.meant], ensure_ascii=False) if self else ""

    @classmethod
    def of(cls, kept: str) -> Repair:
        """From a setting; one that cannot be read repairs nothing."""
        try:
            came, meant = json.loads(kept)
            return cls(came, meant) if len(came) == len(meant) == len(set(came)) else cls()
        except (ValueError, TypeError):
            return cls()


@dataclass(frozen=True, slots=True)
class Learnt:
    """What a calibration found: the repair; what came alike for several characters; what did not come at all.

    `caps_lock`: the letters came with their cases swapped, which is no matter of layouts; nothing was learnt.
    """

    repair: Repair
    alike: tuple[tuple[str, str], ...] = ()
    lost: str = ""
    caps_lock: bool = False


class Took(StrEnum):
    """What a scan was to a calibration."""

    NEXT = "next"
    AGAIN = "again"
    OTHER = "other"


class Calibration:
    """Scans of `CODES`, one after the other, and what they teach."""

    def __init__(self) -> None:
        self._pairs: list[tuple[str, str]] = []
        self._last = ""
        self._lead = 0
        self.number = 0

    @property
    def is_over(self) -> bool:
        """Whether all codes were scanned."""
        return self.number == len(CODES)

    @property
    def code(self) -> str:
        """The code to scan now."""
        return CODES[self.number]

    def take(self, text: str) -> Took:
        """Take a scan as it came, without prefix and suffix. The same code twice counts once."""
        if self._last and text == self._last:
            return Took.AGAIN
        pairs = self._letters(text) if self.number < len(LETTERS) else self._signs(text[self._lead :])
        if pairs is None:
            return Took.OTHER
        self._pairs += pairs
        self._last = text
        self.number += 1
        return Took.NEXT

    def learnt(self) -> Learnt:
        """What all the scans say together."""
        meant: dict[str, list[str]] = {}
        for came, letter in self._pairs:
            meant.setdefault(came, []).append(letter)
        lost = "".join(meant.pop("", []))
        if sum(came == letter.swapcase() != letter for came, letter in self._pairs) >= _CAPS_LOCK:
            return Learnt(Repair(), caps_lock=True)
        alike = tuple((came, "".join(letters)) for came, letters in meant.items() if len(letters) > 1)
        sure = {came: one[0] for came, one in meant.items() if len(one) == 1 and one[0] != came}
        return Learnt(Repair("".join(sure), "".join(sure.values())), alike, lost)

    def _letters(self, text: str) -> list[tuple[str, str]] | None:
        """One for one; the first code also shows whether an AIM identifier stands in front of each."""
        lead = self._lead if self.number else len(text) - len(self.code)
        came = text[lead:] if lead in (0, AIM_LENGTH) else ""
        if len(came) != len(self.code) or len(set(came)) * 4 < len(came) * 3:
            return None
        self._lead = lead
        return list(zip(came, self.code, strict=True))

    def _signs(self, text: str) -> list[tuple[str, str]] | None:
        anchor = next(came for came, letter in self._pairs if letter == ANCHOR)
        signs = SIGNS[self.number - len(LETTERS)]
        if len(text) == 2 * len(signs) and set(text[1::2]) == {anchor}:
            return list(zip(text[::2], signs, strict=True))
        pieces = text.split(anchor)
        if len(pieces) != len(signs) + 1 or pieces[-1]:
            return None
        return [(piece if len(piece) == 1 else "", sign) for piece, sign in zip(pieces, signs, strict=False)]


def _apart(letter: str, table: dict[str, str]) -> str:
    """A letter with an accent as the two keys that were struck, where the accent is a learnt character."""
    parts = "" if letter.isascii() else unicodedata.normalize("NFD", letter)
    accent = table.get(_ACCENTS.get(parts[1:], ""), "")
    return "".join(_struck(accent, parts[0], table)) if accent else letter


def _struck(accent: str, base: str, table: dict[str, str]) -> Iterator[str]:
    yield accent
    yield table.get(base, base)
