"""What a printer is tried with: page and label that show its scale, edges, letters, greys, finest bars."""

from __future__ import annotations

from reportlab.lib.colors import Color, white
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from desk_app.texts import Speaker
from printing.papers import fonts, lines
from printing.papers.codes import DOT
from printing.papers.drawing import blank
from printing.papers.flowables import (
    ACCENT,
    BODY,
    HEADING,
    INK,
    MARGIN,
    MUTED,
    SMALL,
    TITLE,
    WIDTH,
    code128_width,
    draw_code128,
    draw_qr,
    qr_width,
)
from printing.papers.inputs import TestPrint
from printing.papers.kit import LANGUAGE_TAGS
from printing.papers.labels import EDGE, HEIGHT, Box, Mark, Words, as_pdf, as_picture, bars
from printing.papers.labels import WIDTH as LABEL_WIDTH

RULER = 50  # mm
SPECIMEN = "收货 运单 质检 换货 退款 维修凭证 0123456789 ABC ，。（￥）"
GREYS = 11
_FRAME = 5 * mm
_QR_DOTS = 3
_SIZES = (6.0, 7.5, 9.5, 14.0)
_STEP = 14 * mm


def test_page(test: TestPrint, say: Speaker) -> bytes:
    """A page of A4; the same input gives the same bytes."""
    canvas, out = blank(A4, say("Test page"), LANGUAGE_TAGS[say.language])
    _frame(canvas)
    top = _head(canvas, test, say)
    for part in (_ruler, _letters, _greys):
        top = part(canvas, say, top) - _STEP
    _codes(canvas, test, say, top)
    canvas.save()
    return out.getvalue()


def test_label(test: TestPrint, say: Speaker) -> bytes:
    """A label of 60 × 40 mm as a PDF page."""
    return as_pdf(_marks(test, say), say("Test label"), LANGUAGE_TAGS[say.language])


def test_label_picture(test: TestPrint, say: Speaker) -> bytes:
    """The label as a 1-bit PNG, a pixel a printer dot."""
    return as_picture(_marks(test, say))


# the page


def _frame(canvas: Canvas) -> None:
    """A thin line 5 mm from the edge."""
    canvas.setStrokeColor(INK)
    canvas.setLineWidth(0.3)
    canvas.rect(_FRAME, _FRAME, A4[0] - 2 * _FRAME, A4[1] - 2 * _FRAME)


def _head(canvas: Canvas, test: TestPrint, say: Speaker) -> float:
    top = A4[1] - MARGIN
    _write(canvas, say("Test page"), top - TITLE, TITLE, bold=True)
    _write(canvas, f"Mendesk · {test.desk}", top - TITLE - 18, BODY, colour=MUTED)
    canvas.setFillColor(ACCENT)
    canvas.rect(MARGIN, top - TITLE - 30, WIDTH, 1.4, stroke=0, fill=1)
    return float(top - TITLE - 30 - _STEP)


def _ruler(canvas: Canvas, say: Speaker, top: float) -> float:
    """50 mm across, a tick each millimetre."""
    top = _section(
        canvas,
        top,
        say("Scale"),
        say("Lay a ruler on it: the line is 50 mm long. If it is not, print in actual size (100 %)."),
    )
    base = top - 10 * mm
    canvas.setStrokeColor(INK)
    canvas.setFillColor(INK)
    canvas.setLineWidth(0.4)
    canvas.setFont(fonts.REGULAR, SMALL)
    canvas.line(MARGIN, base, MARGIN + RULER * mm, base)
    for place in range(RULER + 1):
        high = 6 if place % 10 == 0 else 4 if place % 5 == 0 else 2.5
        canvas.line(MARGIN + place * mm, base, MARGIN + place * mm, base + high * mm)
        if place % 10 == 0:
            canvas.drawCentredString(MARGIN + place * mm, base - SMALL - 1, str(place))
    canvas.drawString(MARGIN + (RULER + 4) * mm, base, "mm")
    return float(base - SMALL)


def _letters(canvas: Canvas, say: Speaker, top: float) -> float:
    """The same line in the sizes that papers use, and in a large one."""
    base = _section(
        canvas, top, say("Letters"), say("Every line should be sharp, the smallest one can be read.")
    )
    for size in _SIZES:
        base -= size * 1.6
        _write(canvas, SPECIMEN, base, size)
    return base


def _greys(canvas: Canvas, say: Speaker, top: float) -> float:
    """From white to black, each tenth named."""
    top = _section(
        canvas, top, say("Greys"), say("Each field is darker than the one before; the first is white.")
    )
    side = WIDTH / GREYS
    base = top - 14 * mm
    for place in range(GREYS):
        share = place / (GREYS - 1)
        canvas.setFillColor(Color(1 - share, 1 - share, 1 - share))
        canvas.rect(MARGIN + place * side, base, side, 12 * mm, stroke=0, fill=1)
        canvas.setFillColor(white if share > 0.5 else INK)
        canvas.setFont(fonts.REGULAR, SMALL)
        canvas.drawCentredString(MARGIN + (place + 0.5) * side, base + 5 * mm, f"{share:.0%}")
    canvas.rect(MARGIN, base, WIDTH, 12 * mm, stroke=1, fill=0)
    return float(base)


def _codes(canvas: Canvas, test: TestPrint, say: Speaker, top: float) -> None:
    """The finest bars that papers and labels have."""
    told = say("Scan both in the scanner test: these are the finest bars and cells that Mendesk prints.")
    top = _section(canvas, top, say("Codes"), told)
    side = qr_width(test.code, _QR_DOTS)
    base = top - side - 4 * mm
    draw_code128(canvas, test.code, MARGIN, base, side)
    left = MARGIN + code128_width(test.code) + 20 * mm
    draw_qr(canvas, test.code, left, base, _QR_DOTS)
    _write(canvas, test.code, base - SMALL - 3, SMALL, colour=MUTED)
    told = say(
        "A thin frame stands 5 mm from the edge of the paper. What is cut off, no paper of ours needs."
    )
    _section(canvas, base - SMALL - _STEP, say("Edges"), told)


def _section(canvas: Canvas, top: float, name: str, told: str) -> float:
    """A heading with what to look at below it; where the next thing begins."""
    _write(canvas, name, top, HEADING, bold=True)
    for line in lines.wrapped(told, WIDTH, lambda part: fonts.width(part, fonts.REGULAR, BODY)):
        top -= BODY * 1.6
        _write(canvas, line, top, BODY, colour=MUTED)
    return top


def _write(
    canvas: Canvas, text: str, base: float, size: float, *, bold: bool = False, colour: Color = INK
) -> None:
    canvas.setFillColor(colour)
    canvas.setFont(fonts.BOLD if bold else fonts.REGULAR, size)
    canvas.drawString(MARGIN, base, text)


# the label


def _marks(test: TestPrint, say: Speaker) -> list[Mark]:
    right = LABEL_WIDTH - EDGE
    return [
        Words(say("Test label"), EDGE, 42, 28, bold=True),
        Words(fonts.fitted(test.desk, 200, 20), right, 42, 20, side="right"),
        *_label_ruler(64),
        Words(say("The line is 50 mm long"), EDGE, 128, 20),
        *bars(test.code, 142, 84),
        Words(test.code, LABEL_WIDTH // 2, 248, 20, side="middle"),
        Words(SPECIMEN[:17], EDGE, HEIGHT - 42, 24),
        Words(SPECIMEN[:17], EDGE, HEIGHT - 18, 16),
    ]


def _label_ruler(y: int) -> list[Mark]:
    """50 mm in whole dots, 0.05 mm too long, with a tick each half centimetre."""
    long = round(RULER / DOT)
    left = (LABEL_WIDTH - long) // 2
    ticks = [(left + round(place * 5 / DOT), 32 if place % 2 == 0 else 20) for place in range(RULER // 5 + 1)]
    return [
        Box(left, y, long, 2),
        *(Box(min(x, left + long - 2), y, 2, high) for x, high in ticks),
    ]
