"""Pictures of PDF pages, for windows and tests."""

from __future__ import annotations

from io import BytesIO

import pypdfium2


def page_picture(pdf: bytes, page: int, dpi: int) -> bytes:
    """A page of a PDF as PNG; `page` counts from 0. Raises IndexError for a page it does not have."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        if not 0 <= page < len(document):
            raise IndexError(f"page {page} of {len(document)}")
        out = BytesIO()
        document[page].render(scale=dpi / 72).to_pil().save(out, "PNG")
        return out.getvalue()
    finally:
        document.close()
