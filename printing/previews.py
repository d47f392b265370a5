"""Pictures of PDF pages, for windows and tests."""

from __future__ import annotations

import threading
from io import BytesIO

import pypdfium2

_ONE_AT_A_TIME = threading.Lock()  # the library is not safe for several threads


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
    document[page].render(scale=dpi / 72).to_pil().save(out, "PNG")
    return out.getvalue()
