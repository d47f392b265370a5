"""What GS1 asks of a part of a value beyond length and characters: the rules of `resources/gs1_ais.txt`.

A rule is an assertion of a regular expression (`PATTERNS`) where that can say it, else a function (`CHECKS`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import cache

import msgspec

import resources
from desk_app.scanning.checks import has_gs1_check, has_gs1_check_pair

CHARACTERS = {
    "N": "[0-9]",
    "X": r"[!\"%&'()*+,\-./0-9:;<=>?A-Z_a-z]",
    "Y": r"[#\-/0-9A-Z]",
    "Z": r"[\-0-9A-Z_a-z=]",
}
"""GS1's letter for a set of characters → one of it: digits, set 82, set 39, file-safe base64 with padding."""


class Lists(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The code lists as `resources/gs1_lists.toml` has them, each parted by blanks."""

    countries: str
    currencies: str
    package_types: str
    media_types: str


@cache
def _lists() -> Lists:
    return msgspec.toml.decode(resources.path("gs1_lists.toml").read_bytes(), type=Lists)


@cache
def _countries() -> frozenset[str]:
    """Two letters and three digits of every country."""
    pairs = _lists().countries.split()
    return frozenset(pair[:2] for pair in pairs) | frozenset(pair[2:] for pair in pairs)


@cache
def _currencies() -> frozenset[str]:
    return frozenset(_lists().currencies.split())


@cache
def _package_types() -> frozenset[str]:
    return frozenset(_lists().package_types.split())


@cache
def _media_types() -> frozenset[str]:
    return frozenset(_lists().media_types.split())


def _is_checked(value: str) -> bool:
    """Right check digit; a number of zeros, whose check digit is right too, names nothing."""
    return has_gs1_check(value) and not _is_zero(value)


def _is_zero(value: str) -> bool:
    return not value.strip("0")


def _is_long_date(value: str) -> bool:
    """YYYYMMDD."""
    try:
        date(int(value[:4]), int(value[4:6]), int(value[6:]))
    except ValueError:
        return False
    return True


def _is_iban(value: str) -> bool:
    """Country, two check digits, account; the whole, country and check last, is 1 modulo 97 (ISO 13616)."""
    if not _IBAN.fullmatch(value) or value[:2] not in _countries() | {"XK"}:
        return False
    return int("".join(str(int(character, 36)) for character in value[4:] + value[:4])) % 97 == 1


def _is_piece_of_total(value: str) -> bool:
    """Two digits for the piece, two for the total."""
    return "00" < value[:2] <= value[2:]


def _is_coupon(value: str) -> bool:
    """North American coupon code, AI (8110); it does not end before it begins."""
    match = re.fullmatch(_COUPON, value)
    return match is not None and not (match["first"] and match["last"] and match["first"] > match["last"])


def _counted(least: int, most: int, added: int) -> str:
    """A digit from `least` to `most` that says, with `added`, how many digits follow."""
    return "(?:" + "|".join(f"{count}[0-9]{{{count + added}}}" for count in range(least, most + 1)) + ")"


# A year of two digits is within fifty of today, and 2000 was a leap year: so every fourth one is.
_DATE = (
    "(?:[0-9]{2}(?:(?:0[13578]|1[02])(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)(?:0[1-9]|[12][0-9]|30)"
    "|02(?:0[1-9]|1[0-9]|2[0-8]))|(?:[02468][048]|[13579][26])0229)"
)
_FILE_SAFE = r"[\-0-9A-Z_a-z]"
_HOUR = "(?:[01][0-9]|2[0-3])"
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[0-9A-Z]{11,30}")
_BUYING = f"{_counted(1, 5, 0)}[0-49][0-9]{{3}}"
_BUYING_OF = f"{_BUYING}(?:{_counted(0, 6, 6)}|9)"
_COUPON = (
    f"{_counted(0, 6, 6)}[0-9]{{6}}{_counted(1, 5, 0)}{_BUYING}(?:1[0-3]{_BUYING_OF})?(?:2{_BUYING_OF})?"
    f"(?:3(?P<last>{_DATE}))?(?:4(?P<first>{_DATE}))?(?:5{_counted(0, 9, 6)})?(?:6{_counted(1, 7, 6)})?"
    "(?:9[01256][0-2][0-9][01])?"
)

PATTERNS = {
    "base64": rf"(?=(?:{_FILE_SAFE}{{4}})*(?:{_FILE_SAFE}{{2}}==|{_FILE_SAFE}{{3}}=)\Z|{_FILE_SAFE}+\Z)",
    "company_prefix": "(?=[0-9]{4})",
    "date": f"(?={_DATE})",
    "date_or_month": f"(?={_DATE}|[0-9]{{2}}(?:0[1-9]|1[0-2])00)",
    "hour": f"(?={_HOUR})",
    "importer": f"(?={_FILE_SAFE})",
    "minus": "(?=-)",
    "no_leading_zero": "(?!0)",
    "not_only_digits": r"(?![0-9]+\Z)",
    "offer": rf"(?=[01]{_counted(0, 6, 6)}[0-9]{{6}}{_counted(0, 9, 6)}\Z)",
    "percent_encoded": r"(?=(?:[^%]|%[0-9A-Fa-f]{2})*\Z)",
    "place_in_order": "(?=[1-9]/[1-9])",
    "sex": "(?=[0129])",
    "sixtieth": "(?=[0-5][0-9])",
    "time": f"(?={_HOUR}[0-5][0-9])",
    "winding": "(?=[019])",
    "yes_no": "(?=[01])",
    "zero": "(?=0)",
}
"""Rule → what stands in front of the part's own expression. `\\Z` only serves a part that ends its value."""

CHECKS: dict[str, Callable[[str], bool]] = {
    "check_digit": _is_checked,
    "check_pair": has_gs1_check_pair,
    "country": lambda value: value in _countries(),
    "country_letters": lambda value: value in _countries(),
    "country_or_several": lambda value: value == "999" or value in _countries(),
    "coupon": _is_coupon,
    "currency": lambda value: value in _currencies(),
    "iban": _is_iban,
    "latitude": lambda value: int(value) <= 180 * 10_000_000,
    "longitude": lambda value: int(value) <= 360 * 10_000_000,
    "long_date": _is_long_date,
    "media_type": lambda value: value in _media_types(),
    "not_zero": lambda value: not _is_zero(value),
    "package_type": lambda value: value in _package_types(),
    "piece_of_total": _is_piece_of_total,
    "place_in_order": lambda value: value[0] <= value[2],
}
"""Rule → whether a part, whose length, characters and pattern are right, is one."""
