"""What `desk decode` prints: for each code one line of JSON with every meaning it can have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from desk_app.scanning.gs1 import SEPARATOR
from desk_app.scanning.reading import Reading, read

WRITTEN_SEPARATORS = ("^", "\\x1d")
"""How somebody writes GS, which no keyboard has a key for."""


def lines(codes: Iterable[str]) -> Iterator[str]:
    """For each code, which may have GS written, a JSON object: `input` and `readings`."""
    for code in codes:
        yield msgspec.json.encode({"input": _whole(code), "readings": _readings(code)}).decode()


def _readings(code: str) -> list[dict[str, object]]:
    text = code
    for written in WRITTEN_SEPARATORS:
        text = text.replace(written, SEPARATOR)
    return [_told(reading) for reading in read(text)]


def _whole(text: str) -> str:
    """The text without halves of surrogate pairs, which JSON does not take."""
    return text.encode(errors="replace").decode()


def _told(reading: Reading) -> dict[str, object]:
    told: dict[str, object] = {"kind": reading.kind.value, "value": reading.value}
    if reading.carrier:
        told["carrier"] = reading.carrier
    if reading.parts:
        told["parts"] = dict(reading.parts)
    return {**told, "confidence": reading.confidence, "why": reading.why.value}
