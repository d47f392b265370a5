"""Pictures of PDF pages, for windows and tests."""

from __future__ import annotations

import math
import threading
from io import BytesIO

import pypdfium2

_ONE_AT_A_TIME = threading.Lock()  # the library is not safe for several threads
_A_BIT_LESS = 1 - 1e-6  # so that no rounding makes one pixel more


def page_picture(pdf: bytes, page: int, dpi: int) -> bytes:
    """A page of a PDF as PNG; `page` counts from 0. Raises IndexError for a page it does not have."""
    with _ONE_AT_A_TIME:
        document = pypdfium2.PdfDocument(pdf)
        try:
            return _drawn(document, page, dpi)
        finally:
            document.close()


def _drawn(document: pypdfium2.PdfDocument, page: int, dpi: int) -> bytes:
    if not 0 <= page < len(document):
        raise IndexError(f"page {page} of {len(document)}")
    out = BytesIO()
    drawn = document[page]
    _fill_whole_pixels(drawn, dpi)
    drawn.render(scale=dpi / 72 * _A_BIT_LESS).to_pil().save(out, "PNG")
    return out.getvalue()


def _fill_whole_pixels(page: pypdfium2.PdfPage, dpi: int) -> None:
    """Let the page end where a pixel ends: the library would stretch it, and bars would lose their dots."""
    width, height = page.get_size()
    columns, rows = (math.ceil(side / 72 * dpi * _A_BIT_LESS) for side in (width, height))
    page.set_mediabox(0, height - rows / dpi * 72, columns / dpi * 72, height)
