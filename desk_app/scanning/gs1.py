"""GS1 numbers: GTINs, and element strings with the separator GS or in brackets."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from desk_app.scanning.checks import has_gs1_check

SEPARATOR = "\x1d"

Elements = tuple[tuple[str, str], ...]
"""Application identifiers with their values, in the order they stand in the code."""


@dataclass(frozen=True, slots=True)
class _Element:
    """How long an identifier's value is (`fixed`: exactly), and what it may be."""

    length: int
    fixed: bool
    allows: Callable[[str], bool]


def is_gtin(number: str) -> bool:
    """Whether it is 8, 12, 13 or 14 ASCII digits with the right check digit, not all of them zero."""
    return len(number) in (8, 12, 13, 14) and _is_checked_number(number)


def canonical_gtin(number: str) -> str:
    """One way of writing a GTIN however it was printed: 8 digits, 14 for a case of goods, 13 for the rest."""
    digits = number.zfill(14)
    if digits.startswith("000000"):
        return digits[6:]
    return digits[1:] if digits[0] == "0" else digits


def parse(text: str) -> Elements | None:
    """The elements of an element string, bracketed or with separators; None when any part of it is wrong."""
    body = text.strip(SEPARATOR)
    if body.startswith("("):
        return _parse_bracketed(body)
    found: list[tuple[str, str]] = []
    while body:
        element, body = _take(body)
        if element is None:
            return None
        found.append(element)
    return tuple(found) or None


def bracketed(elements: Elements) -> str:
    """The elements as they are printed under a code: "(01)06901234567892(21)A7"."""
    return "".join(f"({identifier}){value}" for identifier, value in elements)


def _take(text: str) -> tuple[tuple[str, str] | None, str]:
    """The first element of a string with separators and what follows it."""
    identifier = text[:2]
    element = _ELEMENTS.get(identifier)
    if element is None:
        return None, ""
    if element.fixed:
        value, rest = text[2 : 2 + element.length], text[2 + element.length :].removeprefix(SEPARATOR)
    else:
        value, _, rest = text[2:].partition(SEPARATOR)
    return ((identifier, value), rest) if _fits(element, value) else (None, "")


def _parse_bracketed(text: str) -> Elements | None:
    parts = _BRACKET.split(text)
    found = tuple(zip(parts[1::2], parts[2::2], strict=True))
    if parts[0] or not all(_fits(_ELEMENTS[identifier], value) for identifier, value in found):
        return None
    return found


def _fits(element: _Element, value: str) -> bool:
    exact = len(value) == element.length
    return (exact if element.fixed else len(value) <= element.length) and element.allows(value)


def _is_checked_number(value: str) -> bool:
    return value.isascii() and value.isdecimal() and value.strip("0") != "" and has_gs1_check(value)


def _is_date(value: str) -> bool:
    """YYMMDD, where day 00 means the whole month."""
    return _DATE.fullmatch(value) is not None


def _is_text(value: str) -> bool:
    return _CHARACTERS.fullmatch(value) is not None


_DATE = re.compile(r"[0-9]{2}(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01])", re.ASCII)
_CHARACTERS = re.compile(r"[!\"%&'()*+,\-./0-9:;<=>?A-Z_a-z]+", re.ASCII)

_ELEMENTS = {
    "00": _Element(18, True, _is_checked_number),  # SSCC
    "01": _Element(14, True, _is_checked_number),  # GTIN
    "10": _Element(20, False, _is_text),  # batch or lot
    "11": _Element(6, True, _is_date),  # production date
    "17": _Element(6, True, _is_date),  # expiration date
    "21": _Element(20, False, _is_text),  # serial number
}
_BRACKET = re.compile(rf"\(({'|'.join(_ELEMENTS)})\)")
