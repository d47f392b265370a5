"""Command codes to hang up at the dock or the bench: a sheet of A4, or cards of the size of a bank card."""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from desk_app.texts import Speaker
from printing.papers import fonts
from printing.papers.drawing import blank
from printing.papers.flowables import BODY, HEADING, INK, MARGIN, RULE, TITLE, code128_width, draw_code128
from printing.papers.inputs import CodeCard
from printing.papers.kit import LANGUAGE_TAGS

CARD = (85.6 * mm, 53.98 * mm)
"""ISO/IEC 7810, format ID-1."""

_SHEET_COLUMNS, _CARD_COLUMNS = 4, 2
_SHEET_ROW, _SHEET_BARS = 19 * mm, 10 * mm
_CARD_EDGE, _CARD_BARS = 4 * mm, 4.6 * mm
_CARD_WORDS = 7.0


def command_sheet(cards: Sequence[CodeCard], say: Speaker) -> bytes:
    """All commands on one page of A4, a block for each card; the same language gives the same bytes."""
    canvas, out = blank(A4, say("Command codes"), LANGUAGE_TAGS[say.language])
    top = A4[1] - MARGIN - TITLE
    _write(canvas, say("Command codes"), MARGIN, top, TITLE, bold=True)
    top -= 10 * mm
    for card in cards:
        top = _block(canvas, card, top) - 5 * mm
    canvas.save()
    return out.getvalue()


def command_cards(cards: Sequence[CodeCard], say: Speaker) -> bytes:
    """A page of the size of a bank card for each card; the same language gives the same bytes."""
    canvas, out = blank(CARD, say("Command codes"), LANGUAGE_TAGS[say.language])
    for card in cards:
        _card(canvas, card)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _block(canvas: Canvas, card: CodeCard, top: float) -> float:
    """A card's commands on the sheet, four beside each other; where the next block begins."""
    _write(canvas, card.title, MARGIN, top - HEADING, HEADING, bold=True)
    canvas.setStrokeColor(RULE)
    canvas.line(MARGIN, top - HEADING - 2 * mm, A4[0] - MARGIN, top - HEADING - 2 * mm)
    top -= HEADING + 4 * mm
    wide = (A4[0] - 2 * MARGIN) / _SHEET_COLUMNS
    for place, code in enumerate(card.codes):
        line, column = divmod(place, _SHEET_COLUMNS)
        middle = MARGIN + (column + 0.5) * wide
        _code(canvas, code, middle, top - line * _SHEET_ROW, _SHEET_BARS, BODY)
    return float(top - _lines(card.codes, _SHEET_COLUMNS) * _SHEET_ROW)


def _card(canvas: Canvas, card: CodeCard) -> None:
    wide, high = CARD
    _write(canvas, card.title, _CARD_EDGE, high - _CARD_EDGE - 1.5 * mm, 8, bold=True)
    top = high - _CARD_EDGE - 3 * mm
    step = (top - 2 * mm) / _lines(card.codes, _CARD_COLUMNS)
    for place, code in enumerate(card.codes):
        line, column = divmod(place, _CARD_COLUMNS)
        middle = (column + 0.5) * wide / _CARD_COLUMNS
        _code(canvas, code, middle, top - line * step, _CARD_BARS, _CARD_WORDS)


def _code(
    canvas: Canvas, code: tuple[str, str], middle: float, top: float, height: float, size: float
) -> None:
    """Bars with their words below them; `top` is their upper edge, `middle` their axis."""
    text, words = code
    draw_code128(canvas, text, middle - code128_width(text) / 2, top - height, height)
    canvas.setFillColor(INK)
    canvas.setFont(fonts.BOLD, size)
    canvas.drawCentredString(middle, top - height - size - 0.6 * mm, words)


def _write(canvas: Canvas, text: str, left: float, base: float, size: float, *, bold: bool = False) -> None:
    canvas.setFillColor(INK)
    canvas.setFont(fonts.BOLD if bold else fonts.REGULAR, size)
    canvas.drawString(left, base, text)


def _lines(codes: Sequence[tuple[str, str]], columns: int) -> int:
    return -(-len(codes) // columns)
