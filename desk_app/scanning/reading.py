"""What a scan can mean: every reading that fits, surest first. Which of them counts is the page's affair."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from desk_app.scanning import codes, digital_link, garbled, gs1, identifiers
from desk_app.scanning.patterns import fits, sureness
from desk_app.scanning.waybills import compact, fold, identify, normalise_waybill

LONGEST_CODE = 4000
SHOWN_OF_TOO_LONG = 200
CERTAIN, LIKELY = 85, 60
SHORTEST_OWN, SHORTEST_GLUED, FEWEST_GLUED, MOST_GLUED = 5, 8, 20, 100


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
    RESTRICTED = "restricted"
    SSCC = "sscc"
    GRAI = "grai"
    GIAI = "giai"
    GS1 = "gs1"
    IMEI = "imei"
    MEID = "meid"
    MAC = "mac"
    SERIAL = "serial"
    ORDER = "order"
    SKU = "sku"
    URL = "url"
    SEVERAL = "several"
    UNKNOWN = "unknown"


TEACHABLE = (Kind.ORDER, Kind.SERIAL, Kind.SKU, Kind.WAYBILL, Kind.UNKNOWN)
"""What a person may say a code is; UNKNOWN is nothing of ours."""


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
    TYPED_BY_NUMBER = "typed_by_number"
    GLUED = "glued"
    TAUGHT = "taught"
    NOTHING_FITS = "nothing_fits"
    EMPTY = "empty"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class Reading:
    """One meaning of a code: kind, value in its normal form, carrier of a waybill, 0 to 100 sure, and why.

    parts: what the code says beside, by name in the order it stands there: application identifiers, the ZIP
    of a label, the codes of several that came as one.
    """

    kind: Kind
    value: str
    carrier: str | None
    confidence: int
    why: Why
    parts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Scan:
    """What a reader sent: text as it came, source, time in microseconds UTC, AIM identifier such as "]C1".

    readings: every meaning it can have, surest first, never none.
    """

    raw: str
    source: Source
    at: int
    aim: str | None
    readings: tuple[Reading, ...]

    @property
    def surest(self) -> Reading:
        """What it most likely means."""
        return self.readings[0]


def hear(
    raw: str, source: Source, at: int, patterns: Collection[tuple[str, str]] = (), aim: str = ""
) -> Scan:
    """A scan as a reader sent it; its `aim` is filled when the reader sends AIM identifiers.

    patterns: masks of the store's own codes with their kinds, as in `patterns`; aim: where it came apart.
    """
    found = _split_aim(_clean(raw[:LONGEST_CODE]))[0] or aim or None
    return Scan(raw, source, at, found, read(raw, found, patterns))


def prepare() -> None:
    """Read the tables of carriers and of GS1 now; at the first scan somebody would wait for that."""
    for code in ("SF1385628716739", "(01)09520123456788"):
        read(code)


def separate(raw: str) -> tuple[str, ...]:
    """What a reader sent in one go, as it came; two codes where they were glued together for certain."""
    first = read(raw)[0]
    return tuple(code for _, code in first.parts) if first.kind is Kind.SEVERAL else (raw,)


def read(raw: str, aim: str | None = None, patterns: Collection[tuple[str, str]] = ()) -> tuple[Reading, ...]:
    """All meanings of a code, surest first; never none, never an exception, whatever was sent.

    `aim` is the AIM identifier where the reader reports it apart; one that stands in front of `raw` is found.
    Where nothing fits well as it came, it is tried as what a keyboard may have made of it, and as two codes.
    """
    if len(raw) > LONGEST_CODE:
        return (Reading(Kind.UNKNOWN, raw[:SHOWN_OF_TOO_LONG], None, 0, Why.TOO_LONG),)
    found_aim, text = _split_aim(_clean(raw))
    if not text:
        return (Reading(Kind.UNKNOWN, "", None, 0, Why.EMPTY),)
    found = _meanings(text, found_aim or aim or "")
    if not _is_own(found):
        found += [*_taught(text, patterns), *_free(text)]
    found = found or [Reading(Kind.UNKNOWN, text, None, 0, Why.NOTHING_FITS)]
    return tuple(sorted(found, key=lambda reading: -reading.confidence))


def waybills_in(raw: str) -> tuple[str, ...]:
    """The waybills that a code or typed text can be, the surest first, as parcels' streams are keyed by them.

    A label that says more, such as a ZIP or what a pallet holds, gives the number alone. Raises the errors of
    `normalise_waybill` for what can be none.
    """
    readings = read(raw)
    found = [reading.value for reading in readings if reading.kind is Kind.WAYBILL]
    sscc = next((reading.value for reading in readings if reading.kind is Kind.SSCC), "")
    if sscc and not found:
        return waybills_in(f"00{sscc}")
    return tuple(dict.fromkeys(map(normalise_waybill, found or [raw])))


def _meanings(text: str, aim: str) -> list[Reading]:
    found = _structured(text, aim)
    if _best(found) < LIKELY:
        undone = _undone(text, aim)
        found = undone if _is_own(undone) else found + undone
    if _best(found) < CERTAIN and FEWEST_GLUED <= len(text) <= MOST_GLUED:
        found += _separated(text)
    return found


def _best(found: Sequence[Reading]) -> int:
    return max((reading.confidence for reading in found), default=0)


def _is_own(found: list[Reading]) -> bool:
    """Whether it is one of our codes: then it cannot be anything else."""
    return bool(found) and (found[0].kind in _OWN_KINDS or found[0].why is Why.GLUED)


def _structured(text: str, aim: str) -> list[Reading]:
    """The readings that a check, a prefix or a separator speaks for."""
    if not text.isascii():
        return []
    number = _BLANKS_AND_DASHES.sub("", text)
    own = _own(number)
    if own is not None:
        return [_two_of_ours(number) or own]
    found = [*_element_string(text, aim), *_retail(number, aim)]
    if not _RETAIL_AIM.fullmatch(aim):
        found += [*_device(text, number), *_waybill(text), *_address(text)]
    return found


def _own(text: str) -> Reading | None:
    own = codes.decode(text)
    return Reading(Kind[own.kind.name], own.body, None, 100, Why.OWN_CHECK) if own else None


def _two_of_ours(text: str) -> Reading | None:
    """Two labels that came as one: together they have a right check character too.

    In a join code, which is long, it is chance where there seem to be two.
    """
    if text.startswith(_JOIN) or len(text) > MOST_GLUED:
        return None
    places = [place for place in range(SHORTEST_OWN, len(text)) if text.startswith(codes.PREFIX, place)]
    pairs = [(text[:place], text[place:]) for place in places]
    found = [(("1", one), ("2", two)) for one, two in pairs if codes.decode(one) and codes.decode(two)]
    return Reading(Kind.SEVERAL, text, None, 95, Why.GLUED, found[0]) if found else None


def _undone(text: str, aim: str) -> list[Reading]:
    """What it means if a keyboard changed it; what was typed by number has to be certain: digits look so."""
    for other, way in garbled.undone(text):
        found = _structured(other, aim)
        if found and (way is garbled.Way.CASE_SWAPPED or _best(found) >= CERTAIN):
            return [replace(one, confidence=one.confidence - 5, why=Why(way.value)) for one in found]
    return []


def _separated(text: str) -> Iterator[Reading]:
    """Two codes that came as one, where there is one place only at which both halves are certain."""
    whole = [(text[:place], text[place:]) for place in range(SHORTEST_GLUED, len(text) - SHORTEST_GLUED + 1)]
    certain = [(one, two) for one, two in whole if _is_certain(one) and _is_certain(two)]
    if len(certain) == 1:
        one, two = certain[0]
        yield Reading(Kind.SEVERAL, text, None, CERTAIN, Why.GLUED, (("1", one), ("2", two)))


def _is_certain(text: str) -> bool:
    """Whether it is one of our codes, or a waybill with its carrier's prefix or check digit."""
    number = _BLANKS_AND_DASHES.sub("", text)
    return _own(number) is not None or _best(list(_waybill(text))) >= CERTAIN


def _free(text: str) -> list[Reading]:
    """What stays possible for any text."""
    found = []
    if codes.looks_own(text.upper()):
        found.append(Reading(Kind.UNKNOWN, text, None, 35, Why.OWN_CHECK_FAILED))
    if _SERIAL.fullmatch(text) and not text.isalpha():
        found.append(Reading(Kind.SERIAL, text, None, 10 if text.isdecimal() else 30, Why.SHAPE))
    return found


def _taught(text: str, patterns: Collection[tuple[str, str]]) -> Iterator[Reading]:
    """What a store's masks, each with the kind of code, make of a text."""
    for mask, kind in patterns:
        if kind in TEACHABLE and fits(mask, text):
            yield Reading(Kind(kind), text, None, sureness(mask), Why.TAUGHT)


def _element_string(text: str, aim: str) -> Iterator[Reading]:
    may_be = aim in _GS1_AIMS or text.startswith(("(", "00", "01")) or gs1.SEPARATOR in text
    elements = gs1.parse(text) if may_be else digital_link.parse(text)
    if elements is None:
        return
    values = dict(elements)
    confidence = 95
    if may_be and text[0] == "0" and aim not in _GS1_AIMS and gs1.SEPARATOR not in text:
        confidence = 75
    elif not may_be and values.keys().isdisjoint(_CHECKED_KEYS):  # any address may look so
        confidence = 55
    yield Reading(Kind.GS1, gs1.bracketed(elements), None, confidence, Why.ELEMENT_STRING, elements)
    for less, (identifier, kind) in enumerate(_SAID_BY.items(), start=1):
        if identifier in values:
            value = values[identifier]
            value = gs1.canonical_gtin(value) if kind is Kind.GTIN else value
            yield Reading(kind, value, None, confidence - less, Why.ELEMENT_STRING)


def _retail(number: str, aim: str) -> Iterator[Reading]:
    if not gs1.is_gtin(number):
        return
    retail = _RETAIL_AIM.fullmatch(aim)
    confidence = 98 if retail else _GTIN_CONFIDENCE[len(number)]
    why = Why.SYMBOLOGY if retail else Why.CHECK_DIGIT
    own = gs1.restricted(number)
    if own is None:
        yield Reading(Kind.GTIN, gs1.canonical_gtin(number), None, confidence, why)
        return
    parts = [("prefix", own.prefix), ("item", own.item), ("measure", own.measure), ("price", own.price)]
    said = tuple(part for part in parts if part[1])
    yield Reading(Kind.RESTRICTED, gs1.canonical_gtin(number), None, confidence, why, said)


def _device(text: str, number: str) -> Iterator[Reading]:
    """Numbers that name one device; `number` is the text without blanks and dashes."""
    reported = number[:2] in identifiers.REPORTING_BODIES
    if imei := identifiers.imei(number):
        yield Reading(Kind.IMEI, imei, None, 75 if reported else 40, Why.CHECK_DIGIT)
    if imei := identifiers.imeisv(number):
        yield Reading(Kind.IMEI, imei, None, 45, Why.PATTERN, (("imeisv", number),))
    if meid := identifiers.meid(number):
        checked = len(number) == 15
        why = Why.CHECK_DIGIT if checked else Why.PATTERN
        yield Reading(Kind.MEID, meid, None, 80 if checked else 40, why)
    if address := identifiers.mac(text):
        yield Reading(Kind.MAC, address, None, 90, Why.PATTERN)
    elif address := identifiers.bare_mac(text):
        yield Reading(Kind.MAC, address, None, 35, Why.PATTERN)


def _waybill(text: str) -> Iterator[Reading]:
    if text != text.upper():
        return
    for found in identify(compact(text)):
        why = Why.CHECK_DIGIT if found.checked else Why.PATTERN
        yield Reading(Kind.WAYBILL, found.number, found.carrier, found.confidence, why, found.parts)


def _address(text: str) -> Iterator[Reading]:
    """A web address, and the code of ours that it may lead to, as on what a customer shows."""
    if not _URL.fullmatch(text):
        return
    yield Reading(Kind.URL, text, None, 60, Why.PATTERN)
    for piece in _BETWEEN_PIECES.split(text):
        own = _own(piece.upper())
        if own:
            yield replace(own, confidence=90)


def _clean(raw: str) -> str:
    """Folded, without the blanks and frame characters at its ends; GS stays, it may be part of a GS1 code.

    Halves of surrogate pairs, which no file and no database takes, become "?".
    """
    return fold(raw if raw.isascii() else raw.encode(errors="replace").decode()).strip(_EDGES)


def _split_aim(text: str) -> tuple[str | None, str]:
    match = _AIM.match(text)
    return (match[0], text[match.end() :]) if match else (None, text)


_JOIN = codes.PREFIX + codes.OwnKind.JOIN
_OWN_KINDS = frozenset(Kind[kind.name] for kind in codes.OwnKind)
_EDGES = " \t\r\n\f\v\x00\x02\x03\x04\x06\x15\x85\u2028\u2029"
_AIM = re.compile(r"\][A-Za-z][0-9A-Za-z](?=.)", re.ASCII | re.DOTALL)
_GS1_AIMS = frozenset(("]C1", "]e0", "]e1", "]e2", "]d2", "]Q3", "]J1"))
_RETAIL_AIM = re.compile(r"\]E[04]")
_BLANKS_AND_DASHES = re.compile(r"[ -]+")
_SERIAL = re.compile(r"[0-9A-Za-z][0-9A-Za-z./_-]{2,38}[0-9A-Za-z]", re.ASCII)
_GTIN_CONFIDENCE = {8: 55, 12: 65, 13: 80, 14: 55}
_URL = re.compile(r"(?i:https?)://[^\s/]+(?:/\S*)?", re.ASCII)
_BETWEEN_PIECES = re.compile(r"[/?&=#]")
_SAID_BY = {
    "01": Kind.GTIN,
    "00": Kind.SSCC,
    "8003": Kind.GRAI,
    "8004": Kind.GIAI,
    "21": Kind.SERIAL,
}
_CHECKED_KEYS = frozenset(
    ("00", "01", "253", "255", "402", "414", "417", "8003", "8006", "8013", "8017", "8018")
)
