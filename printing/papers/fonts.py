"""The one typeface of all papers, in two weights, always embedded."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

import resources
from printing.papers import lines

REGULAR = "NotoSansSC-Regular"
BOLD = "NotoSansSC-Bold"

_WIDE = re.compile(r"<([0-9A-F]{5,6})>")


class EmbeddedFont(TTFont):  # type: ignore[misc]
    """A font whose characters beyond U+FFFF can be copied and searched in the PDF as well.

    The library writes their number where the format wants UTF-16, so rare characters of names would
    extract as two wrong ones.
    """

    def addObjects(self, doc: Any) -> None:  # noqa: N802 - the name of the base class
        """Add the font's objects to a PDF document."""
        super().addObjects(doc)
        for name, thing in doc.idToObject.items():
            if str(name).startswith("toUnicodeCMap:"):
                thing.content = _WIDE.sub(_utf16, thing.content)


def _utf16(number: re.Match[str]) -> str:
    return f"<{chr(int(number[1], 16)).encode('utf-16-be').hex().upper()}>"


@cache
def load() -> None:
    """Make both weights known to the PDF library; takes some 0.3 s the first time."""
    for name in (REGULAR, BOLD):
        pdfmetrics.registerFont(EmbeddedFont(name, str(resources.path(f"fonts/{name}.ttf"))))


def width(text: str, font: str, size: float) -> float:
    """How wide a text is, in the unit of `size`."""
    load()
    return float(pdfmetrics.stringWidth(text, font, size))


def fitted(text: str, room: float, size: float, bold: bool = False) -> str:
    """The text in one line, cut with `…` where it is wider than `room`."""
    font = BOLD if bold else REGULAR
    return lines.shortened(text, room, lambda part: width(part, font, size))


def missing_characters(text: str) -> str:
    """The characters of a text that no paper can draw, each once in their order; empty when all can be."""
    load()
    known = pdfmetrics.getFont(REGULAR).face.charToGlyph
    return "".join(
        dict.fromkeys(letter for letter in text if ord(letter) not in known and letter not in "\r\n\t")
    )
