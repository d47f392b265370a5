"""Our own papers, rendered from their PDF, then tilted, blurred and noisy, are read as a camera sees them."""

from __future__ import annotations

import random
from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image, ImageChops, ImageFilter

from desk_app.scanning.picture_worker import picture_codes
from desk_app.texts import Speaker
from printing.papers import inputs
from printing.papers.intake_receipt import intake_receipt
from printing.papers.item_label import item_label
from printing.papers.parcel_label import parcel_label
from printing.previews import page_picture

pytestmark = pytest.mark.slow

Damage = Callable[[Image.Image], Image.Image]
TABLE = 205


def on_a_table(pdf: bytes, dpi: int) -> Image.Image:
    paper = Image.open(BytesIO(page_picture(pdf, 0, dpi))).convert("L")
    side = int(1.3 * max(paper.size))
    table = Image.new("L", (side, side), TABLE)
    table.paste(paper, ((side - paper.width) // 2, (side - paper.height) // 2))
    return table


def tilted(degrees: int) -> Damage:
    return lambda picture: picture.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=TABLE)


def blurred(picture: Image.Image) -> Image.Image:
    return picture.filter(ImageFilter.GaussianBlur(1.5))


def noisy(picture: Image.Image) -> Image.Image:
    grain = Image.frombytes("L", picture.size, random.Random(2).randbytes(picture.width * picture.height))
    return ImageChops.add(picture, grain.point(lambda grey: grey // 5), 1, -25)


DAMAGES = {
    "as it is": lambda picture: picture,
    "upside down": tilted(180),
    "tilted by 8": tilted(8),
    "tilted by -24": tilted(-24),
    "tilted by 41": tilted(41),
    "blurred": blurred,
    "noisy": noisy,
    "tilted, blurred and noisy": lambda picture: noisy(blurred(tilted(17)(picture))),
}


@pytest.fixture(params=DAMAGES)
def seen(request: pytest.FixtureRequest) -> Callable[[bytes, int], set[str]]:
    """The codes of a paper in a photograph with each damage in turn, at so many dots an inch."""

    def look(pdf: bytes, dpi: int) -> set[str]:
        out = BytesIO()
        DAMAGES[request.param](on_a_table(pdf, dpi)).save(out, "JPEG", quality=85)
        return {code.text for code in picture_codes(out.getvalue())}

    return look


def test_an_item_label(item: inputs.ItemLabel, say: Speaker, seen: Callable[[bytes, int], set[str]]) -> None:
    assert seen(item_label(item, say), 400) == {item.item_code}


def test_a_parcel_label(
    parcel: inputs.ParcelLabel, say: Speaker, seen: Callable[[bytes, int], set[str]]
) -> None:
    assert parcel.parcel_code in seen(parcel_label(parcel, say), 400)


def test_a_receipt(
    receipt: inputs.IntakeReceipt, say: Speaker, seen: Callable[[bytes, int], set[str]]
) -> None:
    assert receipt.case_code in seen(intake_receipt(receipt, say), 200)
