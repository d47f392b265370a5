"""Code 128 and QR as whole dots of a label printer with 203 dots an inch."""

from __future__ import annotations

import barcode
import segno

DPI = 203
DOT = 25.4 / DPI  # in mm
QUIET = 10  # modules of white a Code 128 needs at each end

Rows = tuple[str, ...]


def code128(text: str) -> str:
    """The modules of a Code 128, `1` for black, without the white at its ends.

    Raises ValueError for a text with other than ASCII characters.
    """
    if not text or not text.isascii() or not text.isprintable():
        raise ValueError(f"no Code 128 can hold {text!r}")
    return str(barcode.get("code128", text).build()[0])


def qr(text: str) -> Rows:
    """The rows of a QR code with medium error correction, without the white around it."""
    return tuple("".join(str(int(cell)) for cell in row) for row in segno.make_qr(text, error="m").matrix)


def runs(modules: str) -> list[tuple[int, int]]:
    """The black bars of a row of modules: (first module, how many)."""
    bars: list[tuple[int, int]] = []
    for place, module in enumerate(modules):
        if module == "1":
            first, length = bars.pop() if place and modules[place - 1] == "1" else (place, 0)
            bars.append((first, length + 1))
    return bars
