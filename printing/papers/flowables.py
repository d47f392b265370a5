"""The pieces a page is laid out of: text, facts, tables, codes, signature lines. Lengths in points."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, zip_longest
from typing import Any

from reportlab.lib.colors import Color, HexColor, black, white
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Flowable, Spacer, Table, TableStyle

from printing.papers import codes, fonts, lines

INK = HexColor("#152026")
MUTED = HexColor("#52606A")
RULE = HexColor("#C9D2D7")
SOFT = HexColor("#EEF3F5")
ACCENT = HexColor("#0F5E78")

DOT: float = codes.DOT * mm
SMALL, CELL, BODY, HEADING, TITLE = 7.5, 9.0, 9.5, 11.0, 22.0
MARGIN = 18 * mm
WIDTH: float = A4[0] - 2 * MARGIN

_LEADING = 1.45
_APART = 9.0  # between columns
_MOST_LINES = 4  # of a fact in its column
_MOST_CELL_LINES = 20  # of a table's cell before the row goes on in another one


class Text(Flowable):  # type: ignore[misc]
    """Wrapped text in one size; goes on to the next page between two lines."""

    def __init__(
        self, text: str, size: float = BODY, *, bold: bool = False, colour: Color = INK, right: bool = False
    ) -> None:
        super().__init__()
        self.text, self.size, self.colour, self.right = text, size, colour, right
        self.font = fonts.BOLD if bold else fonts.REGULAR
        self._lines: list[str] = []

    def measure(self, text: str) -> float:
        """The width of a text as this piece would draw it."""
        return fonts.width(text, self.font, self.size)

    def wrap(self, room: float, _height: float) -> tuple[float, float]:
        """Width and height in a column `room` wide."""
        self.width = room
        self._lines = lines.wrapped(self.text, room, self.measure)
        self.height = len(self._lines) * self.size * _LEADING
        return room, self.height

    def split(self, room: float, height: float) -> list[Flowable]:
        """What fits in `height`, and the rest."""
        self.wrap(room, height)
        fitting = int(height / (self.size * _LEADING))
        if not 0 < fitting < len(self._lines):
            return [self] if fitting else []
        return [self._part(self._lines[:fitting]), self._part(self._lines[fitting:])]

    def pieces(self, room: float, most: int) -> list[Text]:
        """The text in parts of at most `most` lines of a column `room` wide."""
        broken = lines.wrapped(self.text, room, self.measure)
        return [self._part(broken[start : start + most]) for start in range(0, len(broken), most)]

    def _part(self, some: list[str]) -> Text:
        bold = self.font == fonts.BOLD
        return Text("\n".join(some), self.size, bold=bold, colour=self.colour, right=self.right)

    def draw(self) -> None:
        """Draw the lines from the top down."""
        self.canv.setFillColor(self.colour)
        self.canv.setFont(self.font, self.size)
        for place, line in enumerate(self._lines):
            baseline = self.height - (place + 0.5) * self.size * _LEADING - 0.36 * self.size
            left = self.width - self.measure(line) if self.right else 0
            self.canv.drawString(left, baseline, line)


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading, its share of the width, and whether it holds numbers."""

    heading: str
    share: float
    numbers: bool = False


def gap(height: float) -> Flowable:
    """White, `height` in millimetres."""
    return Spacer(0, height * mm)


def section(heading: str, *content: Flowable, together: float = 32) -> list[Flowable]:
    """A part of a paper under its heading; it begins on a new page where less than `together` mm are left."""
    if not content:
        return []
    return [
        gap(6),
        CondPageBreak(together * mm),
        Text(heading, HEADING, bold=True, colour=ACCENT),
        gap(1.6),
        *content,
    ]


def facts(pairs: Sequence[tuple[str, str]], columns: int = 3) -> list[Flowable]:
    """Names and values in aligned columns, long values in full width beneath; empty ones are left out."""
    room = WIDTH / columns - _APART
    short = [pair for pair in pairs if pair[1] and _lines_of(pair[1], room) <= _MOST_LINES]
    rows = [
        [_fact(*pair) for pair in short[start : start + columns]] for start in range(0, len(short), columns)
    ]
    filled = [[*row, *[""] * (columns - len(row))] for row in rows]
    grid = [_table(filled, [1.0] * columns, [("BOTTOMPADDING", (0, 0), (-1, -1), 7)])] if rows else []
    long = [pair for pair in pairs if _lines_of(pair[1], room) > _MOST_LINES]
    return [*grid, *(part for pair in long for part in (*_fact(*pair), gap(2.5)))]


def _lines_of(text: str, room: float) -> int:
    return len(lines.wrapped(text, room, lambda part: fonts.width(part, fonts.REGULAR, BODY)))


def _fact(name: str, value: str) -> list[Flowable]:
    return [Text(name, SMALL, colour=MUTED), Text(value, BODY)]


def table(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> Flowable:
    """A table with hairlines whose heading is repeated on every page; numbers stand at the right."""
    head = [Text(column.heading, SMALL, bold=True, colour=MUTED, right=column.numbers) for column in columns]
    body = [[Text(cell, CELL, right=c.numbers) for cell, c in zip(row, columns, strict=True)] for row in rows]
    pieces = [_split_row(row, columns) for row in body]
    last = list(accumulate(len(piece) for piece in pieces))
    style = [
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, INK),
        *(("LINEBELOW", (0, row), (-1, row), 0.4, RULE) for row in last),
        *_paddings(4, "TOP", "BOTTOM"),
        ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
    ]
    shares = [column.share for column in columns]
    return _table([head, *(row for piece in pieces for row in piece)], shares, style, repeatRows=1)


def _split_row(row: list[Text], columns: Sequence[Column]) -> list[list[Text]]:
    """A row as one or more of them, none too high for a page: the library cannot break a row well."""
    shares = sum(column.share for column in columns)
    cells = [
        text.pieces(WIDTH * column.share / shares - _APART, _MOST_CELL_LINES)
        for text, column in zip(row, columns, strict=True)
    ]
    return [list(parts) for parts in zip_longest(*cells, fillvalue=Text(""))]


def _table(rows: list[list[Any]], shares: list[float], style: list[Any], **options: Any) -> Table:
    bare = [
        ("FONTNAME", (0, 0), (-1, -1), fonts.REGULAR),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        *_paddings(0, "LEFT", "TOP", "BOTTOM"),
        *_paddings(_APART, "RIGHT"),
    ]
    widths = [WIDTH * share / sum(shares) for share in shares]
    return Table(rows, widths, style=TableStyle([*bare, *style]), **options)


def _paddings(amount: float, *sides: str) -> list[Any]:
    return [(f"{side}PADDING", (0, 0), (-1, -1), amount) for side in sides]


class Quote(Text):
    """Somebody's own words, set off by a bar at their left."""

    INDENT = 9.0

    def wrap(self, room: float, height: float) -> tuple[float, float]:
        """Width and height in a column `room` wide."""
        _, height = super().wrap(room - self.INDENT, height)
        return room, height

    def _part(self, some: list[str]) -> Text:
        return Quote("\n".join(some), self.size)

    def draw(self) -> None:
        """Draw the bar and the lines."""
        self.canv.setFillColor(ACCENT)
        self.canv.rect(0, 0, 2, self.height, stroke=0, fill=1)
        self.canv.translate(self.INDENT, 0)
        super().draw()


class Signatures(Flowable):  # type: ignore[misc]
    """Lines to sign on, side by side, what each is for beneath."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self.names = names

    def wrap(self, room: float, _height: float) -> tuple[float, float]:
        """Width and height in a column `room` wide."""
        self.width, self.height = room, 20 * mm
        return room, self.height

    def draw(self) -> None:
        """Draw lines and names."""
        step, space = self.width / len(self.names), 8 * mm
        self.canv.setStrokeColor(INK)
        self.canv.setLineWidth(0.6)
        self.canv.setFont(fonts.REGULAR, SMALL)
        self.canv.setFillColor(MUTED)
        for place, name in enumerate(self.names):
            left = place * (step + space / len(self.names))
            right = left + step - space + space / len(self.names)
            self.canv.line(left, 5 * mm, right, 5 * mm)
            self.canv.drawString(left, 1.5 * mm, fonts.fitted(name, right - left, SMALL))


def draw_code128(canvas: Any, text: str, left: float, bottom: float, height: float, dots: int = 2) -> float:
    """Draw a Code 128 whose bars are whole printer dots on whole dots of the page; returns its width."""
    modules = codes.code128(text)
    left = _on_dot(canvas, left)
    canvas.setFillColor(black)
    for first, length in codes.runs(modules):
        fill_dots(canvas, left + first * dots * DOT, bottom, length * dots * DOT, height)
    return len(modules) * dots * DOT


def draw_qr(canvas: Any, text: str, left: float, bottom: float, dots: int) -> float:
    """Draw a QR code whose cells are whole printer dots; returns its width without the white around it."""
    rows = codes.qr(text)
    left, bottom, cell = _on_dot(canvas, left), _on_dot_from_top(canvas, bottom), dots * DOT
    canvas.setFillColor(black)
    for place, row in enumerate(reversed(rows)):
        for first, length in codes.runs(row):
            fill_dots(canvas, left + first * cell, bottom + place * cell, length * cell, cell)
    return len(rows) * cell


def code128_width(text: str, dots: int = 2) -> float:
    """How wide `draw_code128` draws a text."""
    return len(codes.code128(text)) * dots * DOT


def qr_width(text: str, dots: int) -> float:
    """How wide `draw_qr` draws a text."""
    return len(codes.qr(text)) * dots * DOT


def _on_dot(canvas: Any, left: float) -> float:
    shift = canvas.absolutePosition(0, 0)[0]
    return float(math.ceil((left + shift) / DOT - 1e-6) * DOT - shift)


def _on_dot_from_top(canvas: Any, bottom: float) -> float:
    down = A4[1] - canvas.absolutePosition(0, bottom)[1]
    return float(bottom + down - round(down / DOT) * DOT)


def fill_dots(canvas: Any, left: float, bottom: float, width: float, height: float) -> None:
    """Fill a rectangle of whole dots, a trifle smaller: renderers fill every dot it so much as touches."""
    trifle = DOT / 50
    sides = (width - 2 * trifle, height - 2 * trifle)
    canvas.rect(left + trifle, bottom + trifle, *sides, stroke=0, fill=1)


def pill(canvas: Any, text: str, right: float, bottom: float) -> None:
    """A filled mark whose right end is at `right`."""
    size, pad = 9.0, 7.0
    width = fonts.width(text, fonts.BOLD, size) + 2 * pad
    canvas.setFillColor(HexColor("#A11D18"))
    canvas.roundRect(right - width, bottom, width, size + 6, 3, stroke=0, fill=1)
    canvas.setFillColor(white)
    canvas.setFont(fonts.BOLD, size)
    canvas.drawString(right - width + pad, bottom + 4.4, text)
