"""A PDF that is drawn by hand, page by page: the same marks give the same bytes."""

from __future__ import annotations

from io import BytesIO

from reportlab.pdfgen.canvas import Canvas

from printing.papers import fonts


def blank(size: tuple[float, float], title: str, language: str) -> tuple[Canvas, BytesIO]:
    """What to draw on, and where its bytes are once it is saved; `size` in points, `language` as `zh-CN`."""
    fonts.load()
    out = BytesIO()
    canvas = Canvas(
        out, size, invariant=True, pageCompression=1, initialFontName=fonts.REGULAR, lang=language
    )
    canvas.setTitle(title)
    canvas.setCreator("Mendesk")
    return canvas, out
