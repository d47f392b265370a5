"""Pictures of pages."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image, ImageOps
from reportlab.pdfgen.canvas import Canvas

from desk_app.texts import speaker
from printing.papers import inputs
from printing.papers.item_label import item_label
from printing.previews import page_picture


def test_a_page_is_drawn_in_the_asked_fineness(item: inputs.ItemLabel) -> None:
    pdf = item_label(item, speaker("en"))
    for dpi, size in ((203, (480, 320)), (102, (241, 161))):
        with Image.open(BytesIO(page_picture(pdf, 0, dpi))) as picture:
            assert picture.format == "PNG"
            assert all(abs(have - wanted) <= 1 for have, wanted in zip(picture.size, size, strict=True))
            assert picture.convert("L").getextrema() == (0, 255)


def test_a_page_is_not_stretched_to_whole_pixels() -> None:
    dot = 72 / 203
    out = BytesIO()
    canvas = Canvas(out, (480.05 * dot, 320.05 * dot))
    canvas.rect(400.1 * dot, 20.15 * dot, 3.8 * dot, 3.8 * dot, stroke=0, fill=1)
    canvas.save()
    with Image.open(BytesIO(page_picture(out.getvalue(), 0, 203))) as picture:
        assert picture.size == (481, 321)
        assert ImageOps.invert(picture.convert("L")).getbbox() == (400, 296, 404, 300)


@pytest.mark.parametrize("page", [-1, 1])
def test_a_page_that_is_not_there_is_refused(item: inputs.ItemLabel, page: int) -> None:
    with pytest.raises(IndexError):
        page_picture(item_label(item, speaker("en")), page, 72)
