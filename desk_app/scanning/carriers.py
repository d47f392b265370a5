"""Whose number a waybill can be: a table of formats (`resources/carriers.toml`) and its engine.

The engine knows patterns and check digits; a carrier is a row of the table with its source and its examples.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

import resources
from desk_app.scanning.checks import ALGORITHMS, CheckDigit

# A candidate this much less sure than the best one is noise: "SF" and 13 digits is not an old YTO number too.
FAR_BEHIND = 60


class CheckRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A format's check digit: algorithm by name, weights from the right, digits put in front of the body."""

    algorithm: str
    weights: tuple[int, ...]
    prepend: str = ""


class FormatRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One way a carrier writes its numbers, as the table has it."""

    name: str
    pattern: str
    confidence: int
    source: str
    examples: Literal["published", "computed"]
    valid: tuple[str, ...]
    invalid: tuple[str, ...]
    check: CheckRow | None = None


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


@dataclass(frozen=True, slots=True)
class Format:
    """A row made ready: compiled pattern, check function."""

    carrier: str
    pattern: re.Pattern[str]
    check_digit: CheckDigit | None
    weights: tuple[int, ...]
    prepend: str
    confidence: int

    def fits(self, number: str) -> bool:
        """Whether the pattern matches the whole number and a published check digit agrees."""
        match = self.pattern.fullmatch(number)
        if match is None or self.check_digit is None:
            return match is not None
        return self.check_digit(self.prepend + match["body"], self.weights) == match["check"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A carrier whose number it can be, 0 to 100 sure; `checked` when a published check digit says so too."""

    carrier: str
    confidence: int
    checked: bool


def load(file: Path) -> Table:
    """Read a table; raises msgspec.DecodeError or msgspec.ValidationError for a malformed one."""
    return msgspec.toml.decode(file.read_bytes(), type=Table)


@cache
def table() -> Table:
    """The table that came with the program."""
    return load(resources.path("carriers.toml"))


def formats(rows: Table) -> tuple[Format, ...]:
    """All rows of a table made ready; raises re.error or KeyError for a row that cannot work."""
    countries = f"(?:{'|'.join(rows.countries.split())})"
    return tuple(_ready(carrier.code, row, countries) for carrier in rows.carriers for row in carrier.formats)


def identify(number: str) -> tuple[Candidate, ...]:
    """The carriers a number (capitals and digits only) can belong to, surest first, each carrier once;
    candidates far behind the first are left out.
    """
    best: dict[str, Candidate] = {}
    for form in _formats():
        if form.carrier not in best and form.fits(number):
            best[form.carrier] = Candidate(form.carrier, form.confidence, form.check_digit is not None)
    ranked = tuple(best.values())
    return tuple(found for found in ranked if ranked[0].confidence - found.confidence < FAR_BEHIND)


@cache
def _formats() -> tuple[Format, ...]:
    return tuple(sorted(formats(table()), key=lambda form: -form.confidence))


def _ready(carrier: str, row: FormatRow, countries: str) -> Format:
    pattern = re.compile(row.pattern.replace("{country}", countries), re.ASCII)
    if row.check is None:
        return Format(carrier, pattern, None, (), "", row.confidence)
    check_digit = ALGORITHMS[row.check.algorithm]
    return Format(carrier, pattern, check_digit, row.check.weights, row.check.prepend, row.confidence)
