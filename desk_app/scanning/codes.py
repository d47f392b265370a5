"""The codes this program prints: `M7`, one letter for the kind, a body, a check character.

Capitals and digits only, so that a keyboard with another layout or with CapsLock still sends them right;
no carrier and no GS1 code begins with `M7`. The check character covers the letter and the body, so a label
whose letter was misread does not pass as another kind. A case number already ends in its own check
character and gets no second one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from desk_app import ids

PREFIX = "M7"
LONGEST_BODY = 1000
LAST_ITEM = 99

_BODY = re.compile(r"[0-9A-Z]+", re.ASCII)
_SHAPE = re.compile(PREFIX + r"([A-Z])([0-9A-Z]{2,})", re.ASCII)


class OwnKind(StrEnum):
    """What one of our codes stands on; the value is its letter in the code."""

    CASE = "C"
    ITEM = "I"
    PARCEL = "P"
    SHELF = "S"
    BADGE = "B"
    COMMAND = "X"
    DOCUMENT = "D"
    JOIN = "J"


_LETTERS = frozenset(kind.value for kind in OwnKind)


@dataclass(frozen=True, slots=True)
class OwnCode:
    """One of our codes without prefix and check character; the body of a case code is the case number."""

    kind: OwnKind
    body: str


def encode(kind: OwnKind, body: str) -> str:
    """The text of a code, to be drawn as Code 128 or QR. Raises ValueError for a body no code can hold."""
    if not _fits(kind, body):
        raise ValueError(f"not the body of a {kind.name.lower()} code: {body!r}")
    if kind is OwnKind.CASE:
        return PREFIX + kind.value + body
    return PREFIX + kind.value + body + ids.check_character(kind.value + body)


def decode(text: str) -> OwnCode | None:
    """What `encode` was given, or None when the text is not exactly one of our codes with a right check."""
    match = _SHAPE.fullmatch(text)
    if match is None or match[1] not in _LETTERS:
        return None
    kind = OwnKind(match[1])
    body = match[2] if kind is OwnKind.CASE else match[2][:-1]
    if not _fits(kind, body):
        return None
    return OwnCode(kind, body) if kind is OwnKind.CASE or ids.is_checked(text[len(PREFIX) :]) else None


def looks_own(text: str) -> bool:
    """Whether the text begins as our codes do, whatever its check character says."""
    match = _SHAPE.fullmatch(text)
    return match is not None and match[1] in _LETTERS


def item_body(case_number: str, running: int) -> str:
    """The body of an item's label: the case number and the item's running number in it, 1 to 99."""
    if not 1 <= running <= LAST_ITEM:
        raise ValueError(f"an item's running number is 1 to {LAST_ITEM}, not {running}")
    return f"{case_number}{running:02}"


def split_item(body: str) -> tuple[str, int]:
    """Case number and running number of an item label's body."""
    return body[:-2], int(body[-2:])


def _fits(kind: OwnKind, body: str) -> bool:
    if len(body) > LONGEST_BODY or not _BODY.fullmatch(body):
        return False
    if kind is OwnKind.CASE:
        return ids.is_checked(body)
    if kind is OwnKind.ITEM:
        return body[-2:].isdecimal() and body[-2:] != "00" and ids.is_checked(body[:-2])
    return True
