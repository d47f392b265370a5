"""GS1 numbers: GTINs, restricted numbers, and element strings with the separator GS or in brackets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from desk_app.scanning import gs1_table
from desk_app.scanning.checks import has_gs1_check, price_verifier

SEPARATOR = "\x1d"

Elements = tuple[tuple[str, str], ...]
"""Application identifiers with their values, in the order they stand in the code."""


@dataclass(frozen=True, slots=True)
class Restricted:
    """A number that means something only in one region or company.

    Where scales print it, item and measure (price or weight) have five digits each; in a company's own
    numbers all is item and the measure is empty. `price` is the measure, or its last four digits, if the
    digit before is the right verifier of a price, as one in five is by chance; else it is empty.
    """

    prefix: str
    item: str
    measure: str
    price: str


def is_gtin(number: str) -> bool:
    """Whether it is 8, 12, 13 or 14 ASCII digits with the right check digit, not all of them zero."""
    return (
        len(number) in (8, 12, 13, 14)
        and number.isascii()
        and number.isdecimal()
        and number.strip("0") != ""
        and has_gs1_check(number)
    )


def canonical_gtin(number: str) -> str:
    """One way of writing a GTIN however it was printed: 8 digits, 14 for a case of goods, 13 for the rest."""
    digits = number.zfill(14)
    if digits.startswith("000000"):
        return digits[6:]
    return digits[1:] if digits[0] == "0" else digits


def restricted(number: str) -> Restricted | None:
    """The parts of a number with a restricted prefix: 02, 04 and 20 to 29 of 13 digits (2 and 4 of 12), 0 and
    2 of 8; None for any other number and for one whose check digit is wrong.
    """
    digits = canonical_gtin(number) if is_gtin(number) else ""
    if len(digits) == 8 and digits[0] in "02":
        return Restricted(digits[0], digits[1:-1], "", "")
    if len(digits) != 13 or not (digits[0] == "2" or digits[:2] in ("02", "04")):
        return None
    prefix, body = digits[:2], digits[2:-1]
    if prefix == "04":
        return Restricted(prefix, body, "", "")
    price = next((body[at:] for at in (6, 5) if price_verifier(body[at:]) == body[at - 1]), "")
    return Restricted(prefix, body[:5], body[5:], price)


def parse(text: str) -> Elements | None:
    """The elements of an element string, bracketed or with separators; None when any part of it is wrong.

    In brackets a value may hold brackets itself, unless there are two to four digits between them: that is an
    identifier, or an error, and only a backslash before it says that it belongs to the value.
    """
    body = text.strip(SEPARATOR)
    if body.startswith("("):
        return _parse_bracketed(body)
    found: list[tuple[str, str]] = []
    at, end = 0, len(body)
    while at < end:
        name = _name_at(at, body)
        if name is None:
            return None
        element = gs1_table.identifier(name)
        start = at + len(name)
        stop = start + element.length if element.length else body.find(SEPARATOR, start)
        at = stop = end if stop < 0 else stop
        value = body[start:stop]
        if not element.fits(value):
            return None
        found.append((name, value))
        if body.startswith(SEPARATOR, at):
            at += 1
    return tuple(found) or None


def bracketed(elements: Elements) -> str:
    """The elements as they are printed under a code, "(01)06901234567892(21)A7"; `parse` reads them back."""
    return "".join(f"({name}){_BRACKETED.sub(_escaped, value)}" for name, value in elements)


def broken_pairs(elements: Elements) -> tuple[str, ...]:
    """Which pairings of the General Specifications do not hold in what `parse` gave: "02 needs 37".

    "10 excludes 10" is said of one that occurs with two values. The pairings are meant for all codes on one
    thing together, so a single code that breaks one may still be right.
    """
    present = dict(elements)
    repeated = [name for name, value in elements if present[name] != value]
    broken = dict.fromkeys(f"{name} excludes {name}" for name in repeated)
    broken |= dict.fromkeys(pair for name in present for pair in _broken(name, present))
    return tuple(broken)


def _broken(name: str, present: dict[str, str]) -> Iterator[str]:
    row = gs1_table.rows()[name]
    others = [other for other in present if other != name]
    if row.needs and not any(all(_among(one, others) for one in group.split("+")) for group in row.needs):
        yield f"{name} needs {' or '.join(row.needs)}"
    yield from (f"{name} excludes {other}" for other in row.excludes if _among(other, others))


def _among(pattern: str, names: list[str]) -> bool:
    """Whether an identifier, or with n for any digit a range such as 310n, is among `names`."""
    known = pattern.rstrip("n")
    return any(len(name) == len(pattern) and name.startswith(known) for name in names)


def _name_at(at: int, body: str) -> str | None:
    """The identifier that stands there; no identifier begins as a shorter one does."""
    rows = gs1_table.rows()
    for end in (at + 2, at + 3, at + 4):
        if body[at:end] in rows:
            return body[at:end]
    return None


def _parse_bracketed(text: str) -> Elements | None:
    parts = _BRACKET.split(text)
    names = parts[1::2]
    values = [part.replace("\\(", "(").strip(" ") for part in parts[2::2]]
    rows = gs1_table.rows()
    found = tuple(zip(names, values, strict=True))
    if parts[0] or not all(name in rows and gs1_table.identifier(name).fits(value) for name, value in found):
        return None
    return found


def _escaped(match: re.Match[str]) -> str:
    return "\\" + match[0]


_BRACKETED = re.compile(r"\([0-9]{2,4}\)")
_BRACKET = re.compile(r"(?<!\\)\(([0-9]{2,4})\)")
