"""Waybill numbers: the one way of writing them that a parcel's stream is keyed by, and whose they can be."""

from __future__ import annotations

import re
import unicodedata

from msgspec import structs

from desk_app.errors import RuleError
from desk_app.scanning import carriers
from desk_app.scanning.carriers import Candidate

SHORTEST, LONGEST = 4, 40

_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"), "-")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))
_LOOKALIKES = _DASHES | _INVISIBLE
_BLANKS = re.compile(r"[ \t\r\n\f\v]+")
_ALLOWED = re.compile(r"[0-9A-Z-]+", re.ASCII)
# JD and Deppon print "waybill-piece-pieces-gate" on every piece; the gate is the sorting centre's own affair.
_PIECE = re.compile(r"((?:JD|DPK)[0-9A-Z]{6,})-([0-9]{1,3})-([0-9]{1,3})-?[0-9]{0,3}", re.ASCII)


def normalise_waybill(text: str) -> str:
    """The form a parcel's stream is keyed by: capitals and digits, no blanks, no dashes.

    One piece of several of JD and Deppon keeps its place behind the number ("JDX024407261700-2-3"); the only
    piece of a parcel ("-1-1-") is the waybill itself. Raises RuleError `waybill.empty`,
    `waybill.characters`, `waybill.too_short` or `waybill.too_long`.
    """
    folded = fold(text)
    number = compact(folded)
    if not number:
        raise RuleError("waybill.empty")
    if not folded.isascii() or not _ALLOWED.fullmatch(number):
        raise RuleError("waybill.characters", text=text[:LONGEST])
    if len(number) < SHORTEST:
        raise RuleError("waybill.too_short", text=number, shortest=SHORTEST)
    if len(number) > LONGEST:
        raise RuleError("waybill.too_long", longest=LONGEST)
    return number


def identify(number: str) -> tuple[Candidate, ...]:
    """The carriers a number in `normalise_waybill`'s form can belong to, surest first, each carrier once.

    A piece of several stays behind the candidates' numbers; the carriers are those of its waybill.
    """
    base, piece = split_piece(number)
    found = carriers.identify(base)
    if not piece:
        return found
    return tuple(structs.replace(one, number=f"{one.number}-{piece}") for one in found)


def split_piece(number: str) -> tuple[str, str]:
    """The waybill and the piece of it ("" when it is the whole parcel): ("JDX024407261700", "2-3")."""
    base, _, piece = number.partition("-")
    return base, piece


def compact(text: str) -> str:
    """The text in capitals without blanks and dashes, but for the piece that a JD or Deppon label names.

    DPD's bar codes begin with a "%" that belongs to no number.
    """
    upper = _BLANKS.sub("", text.upper()).removeprefix("%")
    piece = _PIECE.fullmatch(upper)
    if piece is None or not 1 <= int(piece[2]) <= int(piece[3]):
        return upper.replace("-", "")
    base, number, total = piece[1], int(piece[2]), int(piece[3])
    return base if total == 1 else f"{base}-{number}-{total}"


def fold(text: str) -> str:
    """Full-width characters as ASCII ones, every dash as "-", invisible characters gone."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text).translate(_LOOKALIKES)
