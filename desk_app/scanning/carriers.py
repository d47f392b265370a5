"""Whose number a waybill can be: a table of formats (`resources/carriers.toml`) and its engine.

The engine knows patterns and check digits; a carrier is a row of the table with its source and its examples.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import msgspec

import resources
from desk_app.scanning.checks import ALGORITHMS, CheckDigit

# A candidate this much less sure than the best one is noise: "SF" and 13 digits is not an old YTO number too.
FAR_BEHIND = 60

# The groups of a pattern that the engine itself reads; any other tells something and becomes a part.
ENGINE_GROUPS = frozenset(("number", "body", "check"))


class CheckRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A format's check digit: algorithm by name, weights from the right, digits put in front of the body."""

    algorithm: str
    weights: tuple[int, ...] = ()
    prepend: str = ""


class FormatRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One way a carrier writes its numbers, as the table has it; `length` is the shortest and the longest."""

    name: str
    length: tuple[int, int]
    pattern: str
    confidence: int
    source: str
    invalid: tuple[str, ...]
    published: tuple[str, ...] = ()
    computed: tuple[str, ...] = ()
    check: CheckRow | None = None

    @property
    def valid(self) -> tuple[str, ...]:
        """All examples that fit: the published ones, then those computed after the rule."""
        return self.published + self.computed


class Carrier(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A carrier's code, its names in both languages, its formats."""

    code: str
    name_en: str
    name_zh: str
    formats: tuple[FormatRow, ...] = msgspec.field(name="format")


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole table; `countries` are the codes that `{country}` stands for in a pattern."""

    countries: str
    carriers: tuple[Carrier, ...] = msgspec.field(name="carrier")


class Candidate(msgspec.Struct, frozen=True):
    """A carrier whose number it can be: the tracking number alone, 0 to 100 sure, `checked` when a published
    check digit says so too, and what the number tells besides (name, value), in the order it stands.
    """

    carrier: str
    number: str
    confidence: int
    checked: bool
    parts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Format:
    """A row made ready: compiled pattern, check function, the groups that tell something."""

    carrier: str
    length: tuple[int, int]
    pattern: re.Pattern[str]
    check_digit: CheckDigit | None
    weights: tuple[int, ...]
    prepend: str
    confidence: int
    number_group: int | str
    told: tuple[str, ...]

    def read(self, label: str) -> Candidate | None:
        """What a label of one of the format's lengths says; None when pattern or check digit disagree."""
        match = self.pattern.fullmatch(label)
        if match is None or not self._is_checked(match):
            return None
        checked = self.check_digit is not None
        return Candidate(self.carrier, match[self.number_group], self.confidence, checked, self._parts(match))

    def fits(self, label: str) -> bool:
        """Whether length, pattern and a published check digit agree with the whole label."""
        return self.length[0] <= len(label) <= self.length[1] and self.read(label) is not None

    def _parts(self, match: re.Match[str]) -> tuple[tuple[str, str], ...]:
        if not self.told:
            return ()
        return tuple((name, match[name]) for name in self.told if match[name] is not None)

    def _is_checked(self, match: re.Match[str]) -> bool:
        if self.check_digit is None:
            return True
        return self.check_digit(self.prepend + match["body"], self.weights) == match["check"]


def load(file: Path) -> Table:
    """Read a table; raises msgspec.DecodeError or msgspec.ValidationError for a malformed one."""
    return msgspec.toml.decode(file.read_bytes(), type=Table)


@cache
def table() -> Table:
    """The table that came with the program."""
    return load(resources.path("carriers.toml"))


def formats(rows: Table) -> tuple[Format, ...]:
    """All rows of a table made ready; raises re.error or KeyError for a row that cannot work."""
    countries = _alternatives(rows.countries.split())
    return tuple(_ready(carrier.code, row, countries) for carrier in rows.carriers for row in carrier.formats)


def identify(label: str) -> tuple[Candidate, ...]:
    """The carriers a label (capitals and digits only) can belong to, surest first, each carrier once;
    candidates far behind the first are left out.
    """
    best: dict[str, Candidate] = {}
    least = 0
    for form in _of_length().get(len(label), ()):
        if form.confidence < least:
            break
        if form.carrier in best:
            continue
        candidate = form.read(label)
        if candidate is not None:
            best[form.carrier] = candidate
            least = max(least, candidate.confidence - FAR_BEHIND + 1)
    return tuple(best.values())


@cache
def _of_length() -> dict[int, tuple[Format, ...]]:
    """The formats a label of so many characters can have, surest first."""
    ranked = sorted(formats(table()), key=lambda form: -form.confidence)
    longest = max(form.length[1] for form in ranked)
    return {
        size: tuple(form for form in ranked if form.length[0] <= size <= form.length[1])
        for size in range(longest + 1)
    }


def _alternatives(countries: list[str]) -> str:
    """Two-letter codes as a pattern that looks at the first letter once: (?:A[DEF]|B[AB])."""
    groups = groupby(sorted(countries), key=itemgetter(0))
    return f"(?:{'|'.join(f'{first}[{_seconds(codes)}]' for first, codes in groups)})"


def _seconds(codes: Iterable[str]) -> str:
    return "".join(code[1] for code in codes)


def _ready(carrier: str, row: FormatRow, countries: str) -> Format:
    pattern = re.compile(row.pattern.replace("{country}", countries), re.ASCII)
    check = row.check
    return Format(
        carrier,
        row.length,
        pattern,
        ALGORITHMS[check.algorithm] if check else None,
        check.weights if check else (),
        check.prepend if check else "",
        row.confidence,
        number_group="number" if "number" in pattern.groupindex else 0,
        told=tuple(name for name in pattern.groupindex if name not in ENGINE_GROUPS),
    )
