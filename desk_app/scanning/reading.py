"""What a scan can mean: every reading that fits, surest first. Which of them counts is the page's affair."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from desk_app.scanning import codes, digital_link, gs1
from desk_app.scanning.checks import has_luhn_check
from desk_app.scanning.waybills import compact, fold, identify

LONGEST_CODE = 4000
SHOWN_OF_TOO_LONG = 200


class Kind(StrEnum):
    """What a code can be."""

    CASE = "case"
    ITEM = "item"
    PARCEL = "parcel"
    SHELF = "shelf"
    BADGE = "badge"
    COMMAND = "command"
    DOCUMENT = "document"
    JOIN = "join"
    WAYBILL = "waybill"
    GTIN = "gtin"
    IMEI = "imei"
    GS1 = "gs1"
    SERIAL = "serial"
    UNKNOWN = "unknown"


class Source(StrEnum):
    """Where a scan came from."""

    KEYBOARD = "keyboard"
    SERIAL_PORT = "serial"
    CAMERA = "camera"
    TYPED = "typed"


class Why(StrEnum):
    """Why a reading was given."""

    OWN_CHECK = "own_check"
    OWN_CHECK_FAILED = "own_check_failed"
    CHECK_DIGIT = "check_digit"
    PATTERN = "pattern"
    ELEMENT_STRING = "element_string"
    SYMBOLOGY = "symbology"
    SHAPE = "shape"
    CASE_SWAPPED = "case_swapped"
    NOTHING_FITS = "nothing_fits"
    EMPTY = "empty"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class Scan:
    """What a reader sent: text as it came, source, time in microseconds UTC, AIM identifier such as "]C1"."""

    raw: str
    source: Source
    at: int
    aim: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """One meaning of a code: kind, value in its normal form, carrier of a waybill, 0 to 100 sure, and why."""

    kind: Kind
    value: str
    carrier: str | None
    confidence: int
    why: Why


def hear(raw: str, source: Source, at: int) -> Scan:
    """A scan as a reader sent it; `aim` is filled when the reader sends AIM identifiers."""
    return Scan(raw, source, at, _split_aim(_clean(raw[:LONGEST_CODE]))[0])


def read(raw: str, aim: str | None = None) -> tuple[Reading, ...]:
    """All meanings of a code, surest first; never none, never an exception, whatever was sent.

    `aim` is the AIM identifier where the reader reports it apart; one that stands in front of `raw` is found.
    Capitals are tried when nothing fits as it came: a keyboard with CapsLock swaps the case of every letter.
    """
    if len(raw) > LONGEST_CODE:
        return (Reading(Kind.UNKNOWN, raw[:SHOWN_OF_TOO_LONG], None, 0, Why.TOO_LONG),)
    found_aim, text = _split_aim(_clean(raw))
    if not text:
        return (Reading(Kind.UNKNOWN, "", None, 0, Why.EMPTY),)
    found = _structured(text, found_aim or aim or "") or _swapped(text, found_aim or aim or "")
    if not _is_own(found):
        found += _free(text)
    return tuple(sorted(found, key=lambda reading: -reading.confidence))


def _is_own(found: list[Reading]) -> bool:
    """Whether it is one of our codes: then it cannot be anything else."""
    return bool(found) and found[0].kind in _OWN_KINDS


def _structured(text: str, aim: str) -> list[Reading]:
    """The readings that a check, a prefix or a separator speaks for."""
    if not text.isascii():
        return []
    number = _BLANKS_AND_DASHES.sub("", text)
    own = codes.decode(number)
    if own is not None:
        return [Reading(Kind[own.kind.name], own.body, None, 100, Why.OWN_CHECK)]
    found = [*_element_string(text, aim), *_retail(number, aim)]
    if not _RETAIL_AIM.fullmatch(aim):
        found += [*_imei(number), *_waybill(text)]
    return found


def _swapped(text: str, aim: str) -> list[Reading]:
    if text == text.upper():
        return []
    found = _structured(text.upper(), aim)
    return [replace(one, confidence=one.confidence - 5, why=Why.CASE_SWAPPED) for one in found]


def _free(text: str) -> list[Reading]:
    """What stays possible for any text."""
    found = []
    if codes.looks_own(text.upper()):
        found.append(Reading(Kind.UNKNOWN, text, None, 35, Why.OWN_CHECK_FAILED))
    if _SERIAL.fullmatch(text) and not text.isalpha():
        found.append(Reading(Kind.SERIAL, text, None, 10 if text.isdecimal() else 30, Why.SHAPE))
    return found or [Reading(Kind.UNKNOWN, text, None, 0, Why.NOTHING_FITS)]


def _element_string(text: str, aim: str) -> Iterator[Reading]:
    elements = gs1.parse(text) if _may_be_elements(text, aim) else digital_link.parse(text)
    if elements is None:
        return
    bare = text[0] == "0" and aim not in _GS1_AIMS and gs1.SEPARATOR not in text
    confidence = 75 if bare else 95
    yield Reading(Kind.GS1, gs1.bracketed(elements), None, confidence, Why.ELEMENT_STRING)
    values = dict(elements)
    if "01" in values:
        gtin = gs1.canonical_gtin(values["01"])
        yield Reading(Kind.GTIN, gtin, None, confidence - 1, Why.ELEMENT_STRING)
    if "21" in values:
        yield Reading(Kind.SERIAL, values["21"], None, confidence - 2, Why.ELEMENT_STRING)


def _may_be_elements(text: str, aim: str) -> bool:
    return aim in _GS1_AIMS or text.startswith(("(", "00", "01")) or gs1.SEPARATOR in text


def _retail(number: str, aim: str) -> Iterator[Reading]:
    if not gs1.is_gtin(number):
        return
    if _RETAIL_AIM.fullmatch(aim):
        yield Reading(Kind.GTIN, gs1.canonical_gtin(number), None, 98, Why.SYMBOLOGY)
    else:
        yield Reading(
            Kind.GTIN, gs1.canonical_gtin(number), None, _GTIN_CONFIDENCE[len(number)], Why.CHECK_DIGIT
        )


def _imei(number: str) -> Iterator[Reading]:
    if len(number) == 15 and number.isdecimal() and has_luhn_check(number):
        confidence = 75 if number[:2] in _IMEI_REPORTERS else 40
        yield Reading(Kind.IMEI, number, None, confidence, Why.CHECK_DIGIT)


def _waybill(text: str) -> Iterator[Reading]:
    number = compact(text)
    if text == text.upper():
        for candidate in identify(number):
            why = Why.CHECK_DIGIT if candidate.checked else Why.PATTERN
            yield Reading(Kind.WAYBILL, candidate.number, candidate.carrier, candidate.confidence, why)


def _clean(raw: str) -> str:
    """Folded, without the blanks and frame characters at its ends; GS stays, it may be part of a GS1 code.

    Halves of surrogate pairs, which no file and no database takes, become "?".
    """
    return fold(raw if raw.isascii() else raw.encode(errors="replace").decode()).strip(_EDGES)


def _split_aim(text: str) -> tuple[str | None, str]:
    match = _AIM.match(text)
    return (match[0], text[match.end() :]) if match else (None, text)


_OWN_KINDS = frozenset(Kind[kind.name] for kind in codes.OwnKind)
_EDGES = " \t\r\n\f\v\x00\x02\x03\x04\x06\x15\x85\u2028\u2029"
_AIM = re.compile(r"\][A-Za-z][0-9A-Za-z](?=.)", re.ASCII | re.DOTALL)
_GS1_AIMS = frozenset(("]C1", "]e0", "]e1", "]e2", "]d2", "]Q3", "]J1"))
_RETAIL_AIM = re.compile(r"\]E[04]")
_BLANKS_AND_DASHES = re.compile(r"[ -]+")
_SERIAL = re.compile(r"[0-9A-Za-z][0-9A-Za-z./_-]{2,38}[0-9A-Za-z]", re.ASCII)
_GTIN_CONFIDENCE = {8: 55, 12: 65, 13: 80, 14: 55}
# The first two digits of an IMEI name the body that gave its type allocation code (GSMA TS.06).
_IMEI_REPORTERS = frozenset(("01", "35", "86", "91", "97", "98", "99"))
