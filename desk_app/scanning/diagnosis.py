"""What is wrong with how a scanner sends: what arrived, held against the code that was to be scanned."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from desk_app.scanning.burst import PACES, BurstSettings
from desk_app.scanning.layout import Learnt
from desk_app.scanning.wedge import NO_WEDGE, Wedge, narrow

TEST_CODE = "007-aQ/yZ-wM/End"
"""Zeros in front, both cases, what other layouts move; its slash keeps it from being taken for a waybill."""

LEAST_ALIKE = 4  # a quarter of the characters, and never fewer than this many, are the same in any layout
SHORTEST_PART = 3
_AIM = re.compile(r"\][A-Za-z][0-9A-Za-z]", re.ASCII)


class Trouble(StrEnum):
    """What can be wrong; the value is a code that the window has words for."""

    FULL_WIDTH = "full_width"
    LAYOUT = "layout"
    CAPS_LOCK = "caps_lock"
    CASE_LOST = "case_lost"
    ZEROS_LOST = "zeros_lost"
    LETTERS_MISSING = "letters_missing"
    CUT_SHORT = "cut_short"
    SLOW = "slow"
    PREFIX = "prefix"
    AIM_PREFIX = "aim_prefix"
    SUFFIX = "suffix"
    NO_SUFFIX = "no_suffix"
    TAB_SUFFIX = "tab_suffix"
    REPAIRED = "repaired"
    REPAIR_RESTS = "repair_rests"
    ALIKE = "alike"
    LOST = "lost"


_MILD = frozenset(
    (
        *(Trouble.CAPS_LOCK, Trouble.AIM_PREFIX, Trouble.NO_SUFFIX, Trouble.TAB_SUFFIX),
        *(Trouble.REPAIRED, Trouble.REPAIR_RESTS),
    )
)
_MILD_AS_CONTROLS = frozenset((Trouble.PREFIX, Trouble.SUFFIX))


@dataclass(frozen=True, slots=True)
class Heard:
    """What arrived. `end`: the Enter or Tab behind it, "" for none, None where that cannot be known.

    `gaps_ms` are the milliseconds between one key and the next; none where they cannot be known.
    """

    text: str
    end: str | None = None
    gaps_ms: tuple[int, ...] = ()

    @property
    def median_ms(self) -> int | None:
        """The median of the gaps, the lower one of two; None without any."""
        return sorted(self.gaps_ms)[(len(self.gaps_ms) - 1) // 2] if self.gaps_ms else None


@dataclass(frozen=True, slots=True)
class Letter:
    """One character: as it came ("" where it is missing), as it was meant ("" where it is too much)."""

    came: str
    meant: str

    @property
    def is_right(self) -> bool:
        """Whether it came as it was meant."""
        return self.came == self.meant


@dataclass(frozen=True, slots=True)
class Finding:
    """One trouble: what came and what was meant (character by character for a layout), or milliseconds."""

    trouble: Trouble
    came: str = ""
    meant: str = ""
    ms: int = 0

    @property
    def is_serious(self) -> bool:
        """Whether codes get lost or wrong by it; otherwise it could merely be better."""
        if self.trouble in _MILD_AS_CONTROLS:
            return any(letter.isprintable() for letter in self.came)
        return self.trouble not in _MILD


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Whether the known code arrived, in whatever shape; its letters; what was found, serious first."""

    is_expected: bool
    letters: tuple[Letter, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Match:
    """The known code in what arrived: its letters, and what stands before and behind it."""

    letters: tuple[Letter, ...]
    before: str = ""
    behind: str = ""
    findings: tuple[Finding, ...] = ()


def diagnose(heard: Heard, expected: str = TEST_CODE, wedge: Wedge = NO_WEDGE) -> Diagnosis:
    """Find what is wrong with an arrival. Any other code than `expected` is judged by its ends and pace.

    What `wedge` takes off or repairs is no trouble any more; that it does so is said.
    """
    plain = narrow(heard.text)
    before, code, behind = wedge.split(plain)
    text, repairs = _repaired(code, expected, wedge)
    match = _match(text, expected)
    found = match or _unmatched(text)
    findings = [
        *_width(heard.text, plain),
        *found.findings,
        *repairs,
        *_pace(heard, wedge.pace),
        *_around(found),
        *_end(heard.end),
    ]
    sent = heard.text[len(before) :] if text == code else text
    letters = (
        *_pairs(before, before),
        *(*_extra(found.before), *_as_sent(found.letters, sent, found), *_extra(found.behind)),
        *_pairs(behind, behind),
    )
    return Diagnosis(
        match is not None, letters, tuple(sorted(findings, key=lambda finding: not finding.is_serious))
    )


def told(learnt: Learnt) -> tuple[Finding, ...]:
    """What a calibration could not learn."""
    alike = " · ".join(" ".join(meant) for _came, meant in learnt.alike)
    found = (
        (learnt.caps_lock, Finding(Trouble.CAPS_LOCK)),
        (alike, Finding(Trouble.ALIKE, meant=alike)),
        (learnt.lost, Finding(Trouble.LOST, meant=" ".join(learnt.lost))),
    )
    return tuple(finding for is_so, finding in found if is_so)


def fitting_pace(heard: Heard) -> str | None:
    """The name of the quickest pace that takes what was heard; None where none does."""
    return next((name for name, pace in PACES.items() if not pace.too_long(heard.gaps_ms)), None)


def _repaired(code: str, expected: str, wedge: Wedge) -> tuple[str, tuple[Finding, ...]]:
    """The code as the repair leaves it, and that it did, or that it is no longer needed."""
    mended = wedge.repair.mend(code)
    if mended == code or expected not in mended:
        rests = mended != code and expected in code
        return code, (Finding(Trouble.REPAIR_RESTS),) * rests
    pairs = dict.fromkeys(zip(wedge.repair.came, wedge.repair.meant, strict=True))
    used = [pair for pair in pairs if pair[0] in code]
    came, meant = ("".join(letters) for letters in zip(*used, strict=True))
    return mended, (Finding(Trouble.REPAIRED, came, meant),)


def _match(text: str, expected: str) -> _Match | None:
    """The first way in which `text` can be what became of `expected`."""
    for way in (_exact, _one_case, _other_layout, _without_zeros, _first_part, _with_gaps):
        if (found := way(text, expected, str)) is not None:
            return found
        if (found := way(text, expected, str.swapcase)) is not None:
            return replace(found, findings=(Finding(Trouble.CAPS_LOCK), *found.findings))
    return None


_Change = Callable[[str], str]


def _exact(text: str, expected: str, change: _Change) -> _Match | None:
    meant = change(expected)
    start = text.find(meant)
    if start < 0:
        return None
    return _Match(_pairs(meant, expected), text[:start], text[start + len(meant) :])


def _one_case(text: str, expected: str, _change: _Change) -> _Match | None:
    """All letters became capitals, or small."""
    for change in (str.upper, str.lower):
        meant = change(expected)
        start = text.find(meant)
        if start >= 0 and meant != expected:
            finding = Finding(Trouble.CASE_LOST)
            return _Match(_pairs(meant, expected), text[:start], text[start + len(meant) :], (finding,))
    return None


def _other_layout(text: str, expected: str, change: _Change) -> _Match | None:
    """Every character always came as the same other one, and enough of them as they are."""
    meant, length = change(expected), len(expected)
    starts = range(len(text) - length + 1)
    fitting = [start for start in starts if _is_renamed(text[start : start + length], meant)]
    if not fitting:
        return None
    start = max(fitting, key=lambda at: _alike(text[at : at + length], meant))
    came = text[start : start + length]
    wrong = dict.fromkeys(pair for pair in zip(came, meant, strict=True) if pair[0] != pair[1])
    finding = Finding(Trouble.LAYOUT, "".join(pair[0] for pair in wrong), "".join(pair[1] for pair in wrong))
    return _Match(_pairs(came, expected), text[:start], text[start + length :], (finding,))


def _is_renamed(came: str, meant: str) -> bool:
    pairs = set(zip(came, meant, strict=True))
    one_to_one = len({letter for letter, _ in pairs}) == len({letter for _, letter in pairs}) == len(pairs)
    return one_to_one and _alike(came, meant) >= max(LEAST_ALIKE, len(meant) // 4)


def _alike(came: str, meant: str) -> int:
    return sum(letter == other for letter, other in zip(came, meant, strict=True))


def _without_zeros(text: str, expected: str, change: _Change) -> _Match | None:
    zeros = len(expected) - len(expected.lstrip("0"))
    for lost in range(1, zeros + 1):
        if text == change(expected[lost:]) and len(text) >= SHORTEST_PART:
            letters = (*_missing(expected[:lost]), *_pairs(text, expected[lost:]))
            return _Match(letters, findings=(Finding(Trouble.ZEROS_LOST, meant=expected[:lost]),))
    return None


def _first_part(text: str, expected: str, change: _Change) -> _Match | None:
    if not SHORTEST_PART <= len(text) < len(expected) or not change(expected).startswith(text):
        return None
    rest = expected[len(text) :]
    letters = (*_pairs(text, expected[: len(text)]), *_missing(rest))
    return _Match(letters, findings=(Finding(Trouble.CUT_SHORT, meant=rest),))


def _with_gaps(text: str, expected: str, change: _Change) -> _Match | None:
    """At least half of the characters, in their order."""
    letters, rest = [], text
    for meant in expected:
        is_there = rest.startswith(change(meant))
        letters.append(Letter(rest[:1] if is_there else "", meant))
        rest = rest[1:] if is_there else rest
    lost = "".join(letter.meant for letter in letters if not letter.came)
    if rest or len(text) * 2 < len(expected):
        return None
    return _Match(tuple(letters), findings=(Finding(Trouble.LETTERS_MISSING, meant=lost),))


def _unmatched(text: str) -> _Match:
    """Another code: only what cannot belong to any code is told apart."""
    aim = _AIM.match(text.lstrip(_controls(text)))
    start = len(text) - len(text.lstrip(_controls(text))) + (aim.end() if aim else 0)
    code = text[start:].rstrip(_controls(text))
    return _Match(_pairs(code, code), text[:start], text[start + len(code) :])


def _controls(text: str) -> str:
    return "".join(letter for letter in text if ord(letter) < ord(" ")) or "\0"


def _pairs(came: str, meant: str) -> tuple[Letter, ...]:
    return tuple(Letter(*pair) for pair in zip(came, meant, strict=True))


def _missing(meant: str) -> tuple[Letter, ...]:
    return tuple(Letter("", letter) for letter in meant)


def _extra(came: str) -> tuple[Letter, ...]:
    return tuple(Letter(letter, "") for letter in came)


def _as_sent(letters: tuple[Letter, ...], text: str, found: _Match) -> Iterator[Letter]:
    """The letters with their own width again."""
    sent = iter(text[len(found.before) :])
    for letter in letters:
        yield Letter(next(sent), letter.meant) if letter.came else letter


def _width(text: str, plain: str) -> Iterator[Finding]:
    wide = "".join(letter for letter, other in zip(text, plain, strict=True) if letter != other)
    if wide:
        yield Finding(Trouble.FULL_WIDTH, wide)


def _pace(heard: Heard, pace: BurstSettings) -> Iterator[Finding]:
    if too_long := pace.too_long(heard.gaps_ms):
        yield Finding(Trouble.SLOW, ms=too_long)


def _around(found: _Match) -> Iterator[Finding]:
    """What stands in front may be an AIM identifier, something else, or both."""
    aim = _AIM.match(found.before) or _AIM.search(found.before)
    if aim:
        yield Finding(Trouble.AIM_PREFIX, aim[0])
    rest = found.before.replace(aim[0], "", 1) if aim else found.before
    if rest:
        yield Finding(Trouble.PREFIX, rest)
    if found.behind:
        yield Finding(Trouble.SUFFIX, found.behind)


def _end(end: str | None) -> Iterator[Finding]:
    if end == "":
        yield Finding(Trouble.NO_SUFFIX)
    elif end == "\t":
        yield Finding(Trouble.TAB_SUFFIX)
