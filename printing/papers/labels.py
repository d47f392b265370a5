"""Labels of 60 × 40 mm, laid out once in printer dots and drawn as a PDF page or as a 1-bit picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Literal

from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.colors import black, white
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

import resources
from printing.papers import codes, fonts, lines
from printing.papers.drawing import blank
from printing.papers.flowables import DOT, fill_dots

WIDTH, HEIGHT = 480, 320  # dots: 60 × 40 mm at 203 dots an inch
EDGE = 16

_BAR = 2  # dots of the narrowest bar


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text; `x` is its left end, middle or right end, `y` its baseline counted from the top."""

    text: str
    x: int
    y: int
    size: int
    bold: bool = False
    side: Literal["left", "middle", "right"] = "left"
    colour: Literal["black", "white"] = "black"

    @property
    def font(self) -> str:
        """The name of its font."""
        return fonts.BOLD if self.bold else fonts.REGULAR

    @property
    def left(self) -> int:
        """Where the line begins."""
        parts = {"left": 0.0, "middle": 0.5, "right": 1.0}
        return self.x - round(parts[self.side] * fonts.width(self.text, self.font, self.size))


@dataclass(frozen=True, slots=True)
class Box:
    """A black rectangle; `y` is its upper edge."""

    x: int
    y: int
    width: int
    height: int


Mark = Words | Box


def bars(text: str, y: int, height: int) -> list[Mark]:
    """A Code 128 in the middle of the label, whole dots all through, with the white it needs at both ends.

    Raises ValueError for a text that is too long for the label.
    """
    modules = codes.code128(text)
    left = (WIDTH - len(modules) * _BAR) // 2
    if left < codes.QUIET * _BAR:
        raise ValueError(f"{text!r} is too long for a label of {WIDTH} dots")
    return [Box(left + first * _BAR, y, length * _BAR, height) for first, length in codes.runs(modules)]


def block(text: str, y: int, size: int, most: int, room: int = WIDTH - 2 * EDGE) -> list[Mark]:
    """Bold text in at most `most` lines, the last one cut with `…`; `y` is the first baseline."""
    told = lines.wrapped(text, room, lambda part: fonts.width(part, fonts.BOLD, size))
    if len(told) > most:
        told = [*told[: most - 1], fonts.fitted("".join(told[most - 1 :]), room, size, bold=True)]
    return [
        Words(line, EDGE, y + place * round(size * 1.2), size, bold=True) for place, line in enumerate(told)
    ]


def badge(text: str, right: int, y: int, size: int = 20) -> list[Mark]:
    """White words on black whose right end is at `right`; `y` is their baseline."""
    width = round(fonts.width(text, fonts.BOLD, size)) + 16
    box = Box(right - width, y - size, width, round(size * 1.4))
    return [box, Words(text, right - width + 8, y, size, bold=True, colour="white")]


def as_pdf(marks: Sequence[Mark], title: str, language: str) -> bytes:
    """One page of exactly 60 × 40 mm; the same marks give the same bytes."""
    canvas, out = blank((60 * mm, 40 * mm), title, language)
    for mark in marks:
        _draw(canvas, mark)
    canvas.save()
    return out.getvalue()


def _draw(canvas: Canvas, mark: Mark) -> None:
    top = 40 * mm
    if isinstance(mark, Box):
        canvas.setFillColor(black)
        bottom = top - (mark.y + mark.height) * DOT
        fill_dots(canvas, mark.x * DOT, bottom, mark.width * DOT, mark.height * DOT)
    else:
        canvas.setFillColor(white if mark.colour == "white" else black)
        canvas.setFont(mark.font, mark.size * DOT)
        canvas.drawString(mark.left * DOT, top - mark.y * DOT, mark.text)


def as_picture(marks: Sequence[Mark]) -> bytes:
    """A PNG of 480 × 320 pixels in black and white, a pixel a dot."""
    picture = Image.new("1", (WIDTH, HEIGHT), 1)
    draw = ImageDraw.Draw(picture)
    for mark in marks:
        if isinstance(mark, Box):
            draw.rectangle((mark.x, mark.y, mark.x + mark.width - 1, mark.y + mark.height - 1), fill=0)
        else:
            ink = 1 if mark.colour == "white" else 0
            draw.text((mark.left, mark.y), mark.text, ink, _type(mark.font, mark.size), anchor="ls")
    out = BytesIO()
    picture.save(out, "PNG", dpi=(codes.DPI, codes.DPI))
    return out.getvalue()


@cache
def _type(font: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(resources.path(f"fonts/{font}.ttf")), size)
