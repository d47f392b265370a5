"""The application identifiers of GS1 (`resources/gs1_ais.txt`), read once, each made ready when it is met."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import resources
from desk_app.scanning.gs1_rules import CHARACTERS, CHECKS, PATTERNS


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table; the columns are explained at its head. `needs`: any of these groups."""

    format: str
    rules: tuple[str, ...]
    title: str
    needs: tuple[str, ...]
    excludes: tuple[str, ...]
    link: str
    valid: str
    invalid: str
    origin: str


@dataclass(frozen=True, slots=True)
class Identifier:
    """A row made ready. `length` of the value where GS1 sets it beforehand: no separator ends it; else 0."""

    length: int
    shape: re.Pattern[str]
    checks: tuple[tuple[Callable[[str], bool], int, int], ...]

    def fits(self, value: str) -> bool:
        """Whether length, characters and every rule of the value are right."""
        if self.shape.fullmatch(value) is None:
            return False
        for check, start, end in self.checks:
            part = value[start:end]
            if part and not check(part):
                return False
        return True


@cache
def rows() -> dict[str, Row]:
    """Every identifier ("01", "3103") with its row; a range has one row for all."""
    text = resources.path("gs1_ais.txt").read_text("utf-8")
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return {identifier: row for line in lines for identifier, row in _read(line)}


@cache
def identifier(name: str) -> Identifier:
    """The identifier `name` made ready; raises KeyError for one that is not in the table."""
    row = rows()[name]
    pattern, checks = "", []
    end = 0
    parts = _PART.findall(row.format)
    for (optional, letter, upto, digits), names in zip(parts, row.rules, strict=True):
        rules = names.split(",")
        start, end = end, end + int(digits)
        pattern += "(?:" if optional else ""
        pattern += "".join(PATTERNS.get(rule, "") for rule in rules)
        pattern += f"{CHARACTERS[letter]}{{{'1,' if upto else ''}{digits}}}"
        checks += [(CHECKS[rule], start, end) for rule in rules if rule in CHECKS]
    pattern += ")?" * sum(optional != "" for optional, *_ in parts)
    return Identifier(end if name[:2] in PREDEFINED else 0, re.compile(pattern), tuple(checks))


def _read(line: str) -> Iterator[tuple[str, Row]]:
    span, form, rules, title, needs, excludes, link, valid, invalid, origin = map(str.strip, line.split("|"))
    row = Row(
        form,
        tuple(rules.split()),
        title,
        tuple(needs.split()),
        tuple(excludes.split()),
        link,
        valid,
        invalid,
        origin,
    )
    first, _, last = span.partition("-")
    for number in range(int(first), int(last or first) + 1):
        yield str(number).zfill(len(first)), row


_PART = re.compile(r"(\[?)\+?([NXYZ])(\.\.)?([0-9]+)\]?")
PREDEFINED = frozenset(
    ["00", "01", "02", "03", "04", *map(str, range(11, 21)), *map(str, range(31, 37)), "41"]
)
"""First two digits of identifiers whose length is set beforehand (General Specifications, section 7.8)."""
