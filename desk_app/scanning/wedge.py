"""How this desk's scanner types: its pace, what it adds around a code, what the keyboard makes of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from desk_app.scanning.burst import PACES, BurstSettings
from desk_app.scanning.layout import Repair
from desk_app.scanning.reading import LIKELY, read
from desk_app.settings import Settings

ENOUGH = 2
"""Scans in a row that only make sense as they came, before the repair rests."""

NO_REPAIR = Repair()
_AIM = re.compile(r"\][A-Za-z][0-9A-Za-z]", re.ASCII)
_NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: ord(" ")}


@dataclass(frozen=True, slots=True)
class Wedge:
    """Pace, prefix and suffix as they come, and the repair of the layout."""

    pace: BurstSettings = PACES["usual"]
    prefix: str = ""
    suffix: str = ""
    repair: Repair = NO_REPAIR

    @property
    def mends(self) -> bool:
        """Whether a scan can come out of it other than it went in."""
        return bool(self.prefix or self.suffix or self.repair)

    def split(self, text: str) -> tuple[str, str, str]:
        """What the scanner added in front, the code, what it added behind; either may be missing.

        An AIM identifier stays with the code, whether it stands before the prefix or behind it.
        """
        aim = _AIM.match(text)
        start = aim.end() if aim and not text.startswith(self.prefix) else 0
        before = self.prefix if text.startswith(self.prefix, start) else ""
        behind = self.suffix if self.suffix and text.endswith(self.suffix) else ""
        core = text[:start] + text[start + len(before) : len(text) - len(behind)]
        return (before, core, behind) if core else ("", text, "")


NO_WEDGE = Wedge()


def wedge_of(settings: Settings) -> Wedge:
    """As it is set now."""
    return _wedge(
        settings.reader_pace, settings.reader_prefix, settings.reader_suffix, settings.keyboard_repair
    )


@lru_cache(maxsize=8)
def _wedge(pace: str, prefix: str, suffix: str, repair: str) -> Wedge:
    return Wedge(PACES[pace], prefix, suffix, Repair.of(repair))


def narrow(text: str) -> str:
    """Full-width characters, as input methods write them, made narrow; all else stays."""
    return text if text.isascii() else text.translate(_NARROW)


class Mender:
    """Makes of what a scanner typed the code that was printed.

    Somebody may put the keyboard right while a repair is set; from then on the repair would spoil codes. So
    each code that it would change is read both ways. Where one way makes sense and the other does not (check
    digits, our own codes, carriers' shapes), that way is taken. A character that only the wrong layout has
    settles it alone. Where both or neither make sense, what the last scans said holds: the repair rests after
    two in a row that were right as they came, and works again after one that was not.
    """

    def __init__(self, wedge: Callable[[], Wedge]) -> None:
        self._wedge = wedge
        self._repair = Repair()
        self._right = 0

    @property
    def rests(self) -> bool:
        """Whether a repair is set that codes no longer need."""
        return bool(self._repair) and self._right >= ENOUGH

    def mend(self, text: str) -> str:
        """The code as it is printed, as far as can be known."""
        wedge = self._wedge()
        if wedge.repair != self._repair:
            self._repair, self._right = wedge.repair, 0
        came = narrow(text)
        plain = wedge.split(came)[1]
        if not wedge.repair:
            return plain
        # the prefix may be set as the wrong layout shows it, or as it is meant
        repaired = wedge.repair.mend(plain)
        return self._likelier(plain, repaired if plain != came else wedge.split(repaired)[1])

    def _likelier(self, plain: str, repaired: str) -> str:
        if plain == repaired:
            return plain
        if not self._repair.foreign.isdisjoint(plain):
            self._right = 0
            return repaired
        is_right, is_mended = _makes_sense(plain), _makes_sense(repaired)
        if is_right != is_mended:
            self._right = self._right + 1 if is_right else 0
            return plain if is_right else repaired
        return plain if self.rests else repaired


def _makes_sense(text: str) -> bool:
    return read(text)[0].confidence >= LIKELY
