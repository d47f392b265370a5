"""Tells a scanner that types from a person who types, by the key events' own time stamps.

Only those count: a window that was busy gets all its keys at once, and the wall clock would make a scanner of
every typist and a typist of every scanner. There is no clock in here.

Two things make a scan: half of the gaps are short, and four fifths of them are not long. People who type fast
strike some pairs within 10 to 30 ms, even several in a row, but between them they always need longer; a
scanner stumbles once, never in every third gap.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass

ENDS = frozenset("\r\n\t")
LONGEST_RUN = 8000
SHORT_LENGTH = 4
TINY_GAP_MS = 16


@dataclass(frozen=True, slots=True)
class BurstSettings:
    """How fast a scanner types: median gap, silence that ends a scan, fewest keys, most gaps."""

    median_gap_ms: int = 35
    silence_ms: int = 120
    min_length: int = 6
    wide_gap_ms: int = 55

    def too_long(self, gaps_ms: Sequence[int]) -> int:
        """The gap that makes some scans too slow; 0 where none will be.

        Stricter than what is taken: gaps that vary are shorter in one scan and longer in the next.
        """
        gaps = sorted(gaps_ms)
        longest = gaps[-1] if gaps else 0
        if most(gaps) > self.median_gap_ms:
            return most(gaps)
        return longest if longest >= self.silence_ms else 0


PACES = {
    "fast": BurstSettings(median_gap_ms=20, silence_ms=120, min_length=6, wide_gap_ms=30),
    "usual": BurstSettings(),
    "slow": BurstSettings(median_gap_ms=55, silence_ms=200, min_length=8, wide_gap_ms=62),
}
"""By the name of the setting. The slower the keys that count, the more of them it takes."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a key led to: a whole scan; then the texts of the keys, in order, that the field gets after all.

    The end of a scan (Enter, Tab) belongs to the scan and comes back in neither.
    """

    taken: str | None = None
    given_back: tuple[str, ...] = ()


_NOTHING = Outcome()


class Burst:
    """Fed with every key that has a text; holds keys back until they are known to be a scan or typing.

    Each key comes back once, in `taken` or in `given_back`. Repeats of a key that is held down are not fed.
    When `waiting` and no key came for `patience_ms`, call `silence`, but first feed the key events in the
    queue: a window that was busy may find its timer before them.
    """

    def __init__(self, settings: BurstSettings | None = None) -> None:
        self._settings = settings or BurstSettings()
        self._keys: list[str] = []
        self._gaps: list[int] = []  # sorted
        self._last_at: int | None = 0
        self._typing = False
        self._just_ended = False

    @property
    def waiting(self) -> bool:
        """Whether keys are held back."""
        return bool(self._keys)

    @property
    def held(self) -> int:
        """How many keys are held back."""
        return len(self._keys)

    def is_fast(self, longest_ms: int | None = None) -> bool:
        """Whether the gaps so far are known and a scanner's, none longer than `longest_ms`."""
        known = len(self._gaps)
        longest = self._settings.median_gap_ms if longest_ms is None else longest_ms
        return known * 2 >= len(self._keys) - 1 and known > 0 and self._gaps[-1] <= longest

    @property
    def patience_ms(self) -> int:
        """How long to wait for the next key before `silence`: one key alone is soon known to be typed."""
        return self._lone_gap_ms if len(self._keys) == 1 else self._settings.silence_ms

    def use(self, settings: BurstSettings) -> None:
        """Take another pace from the next run of keys on."""
        if not self._keys:
            self._settings = settings

    def lose_time(self) -> None:
        """The moment of the next key cannot be compared with the last one's: that gap counts for nothing."""
        self._last_at = None

    def key(self, text: str, at_ms: int) -> Outcome:
        """Take a key: its text (Enter is a CR, Ctrl+] is GS), its event's time stamp in milliseconds."""
        if not text:
            return Outcome(None, (text,))  # Shift and its like come between the keys of a scan
        # a time stamp that wrapped around is a long gap
        gap = None if self._last_at is None else abs(at_ms - self._last_at)
        self._last_at = at_ms
        before = self._end() if gap is not None and gap >= self._settings.silence_ms else _NOTHING
        if text in ENDS:
            return _join(before, self._terminate(text, gap or 0))
        self._just_ended = False
        if self._typing or not _may_scan(text):
            return _join(before, self._give_up(text))
        return _join(before, self._hold(text, gap))

    def silence(self) -> Outcome:
        """No key came for `patience_ms`: what was held is a scan without a suffix, or was typed."""
        outcome = self._end()
        self._typing = bool(outcome.given_back)
        return outcome

    @property
    def _lone_gap_ms(self) -> int:
        return self._settings.median_gap_ms * 3 // 2

    def _hold(self, text: str, gap: int | None) -> Outcome:
        if self._keys and gap is not None:
            insort(self._gaps, gap)
        self._keys.append(text)
        return self._give_up() if self._is_hopeless() else _NOTHING

    def _terminate(self, text: str, gap: int) -> Outcome:
        if self._just_ended and gap <= self._settings.median_gap_ms:
            return _NOTHING  # the second half of a CR LF suffix
        is_scan = self._is_scan(text)
        taken, typed = self._release(is_scan)
        self._typing, self._just_ended = False, is_scan
        return Outcome(taken) if is_scan else Outcome(None, (*typed, text))

    def _end(self) -> Outcome:
        """The run is over without Enter or Tab."""
        self._typing = self._just_ended = False
        return Outcome(*self._release(self._is_scan("")))

    def _give_up(self, *keys: str) -> Outcome:
        """A person types: what was held and these keys go to the field, and so do the next until a pause."""
        self._typing = True
        return Outcome(None, (*self._release(False)[1], *keys))

    def _release(self, is_scan: bool) -> tuple[str | None, tuple[str, ...]]:
        keys = tuple(self._keys)
        self._keys.clear()
        self._gaps.clear()
        return ("".join(keys), ()) if is_scan else (None, keys)

    def _is_hopeless(self) -> bool:
        if len(self._gaps) == 1:
            return self._gaps[0] > self._lone_gap_ms
        return median(self._gaps) > self._settings.median_gap_ms or len(self._keys) > LONGEST_RUN

    def _is_scan(self, end: str) -> bool:
        """Whether enough keys are held, half of their gaps or more are known, and those are a scanner's."""
        known, all_gaps = len(self._gaps), len(self._keys) - 1
        if known * 2 < all_gaps or len(set(self._keys)) < 2 or self._is_slow():
            return False
        is_short = end in ("\r", "\n") and self._is_tiny()
        return len(self._keys) >= (SHORT_LENGTH if is_short else self._settings.min_length)

    def _is_slow(self) -> bool:
        settings = self._settings
        return median(self._gaps) > settings.median_gap_ms or most(self._gaps) > settings.wide_gap_ms

    def _is_tiny(self) -> bool:
        """A short code leaves few gaps to judge by: they have to be short, all of them."""
        return median(self._gaps) <= TINY_GAP_MS and max(self._gaps, default=0) <= 2 * TINY_GAP_MS


def median(gaps: Sequence[int]) -> int:
    """The lower median of sorted gaps, so that one stumble of a scanner among few keys does not decide."""
    return gaps[(len(gaps) - 1) // 2] if gaps else 0


def most(gaps: Sequence[int]) -> int:
    """What four fifths of the sorted gaps do not exceed."""
    return gaps[(len(gaps) - 1) * 4 // 5] if gaps else 0


def _may_scan(text: str) -> bool:
    """Text, or one of the separators FS GS RS US; other control characters are a person's shortcuts."""
    return text.isprintable() or "\x1c" <= text <= "\x1f"


def _join(first: Outcome, second: Outcome) -> Outcome:
    return Outcome(first.taken or second.taken, first.given_back + second.given_back)
