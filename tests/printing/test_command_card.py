"""The command codes on paper: every one of them scans, on a sheet and on cards, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pypdfium2
import pytest
from PIL import Image, ImageOps

from desk_app.paper_makers import trial_makers
from desk_app.scanning.commands import CARDS
from desk_app.scanning.reading import Kind, read
from desk_app.texts import Speaker

pytestmark = pytest.mark.slow

DPI, MM = 203, 25.4
EDGE_MM = 10


def test_every_command_scans_from_the_sheet(
    say: Speaker, printed: Callable[..., bytes], scanned: Callable[[bytes], set[tuple[str, str]]]
) -> None:
    sheet = trial_makers().commands(say.language)
    assert len(pypdfium2.PdfDocument(sheet)) == 1
    codes = {command.code for card in CARDS for command in card.commands}
    assert scanned(printed(sheet)) == {("Code128", code) for code in codes}


def test_every_command_scans_from_its_card(
    say: Speaker, printed: Callable[..., bytes], scanned: Callable[[bytes], set[tuple[str, str]]]
) -> None:
    cards = trial_makers().cards(say.language)
    assert len(pypdfium2.PdfDocument(cards)) == len(CARDS)
    for number, card in enumerate(CARDS):
        page = printed(cards, number)
        assert scanned(page) == {("Code128", command.code) for command in card.commands}


def test_nothing_stands_where_printers_cut(say: Speaker, printed: Callable[..., bytes]) -> None:
    page = Image.open(BytesIO(printed(trial_makers().commands(say.language)))).convert("L")
    left, top, right, bottom = ImageOps.invert(page).getbbox() or (0, 0, 0, 0)
    edge = EDGE_MM * DPI / MM
    assert min(left, top) >= edge
    assert right <= page.width - edge
    assert bottom <= page.height - edge


def test_the_words_of_each_command_stand_on_the_paper(say: Speaker) -> None:
    pdf = pypdfium2.PdfDocument(trial_makers().cards(say.language))
    for page, card in zip(pdf, CARDS, strict=True):
        text = page.get_textpage().get_text_range()
        for command in card.commands:
            assert command.told(say) in text


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.title)
def test_a_command_is_read_as_one(card: object) -> None:
    for command in card.commands:  # type: ignore[attr-defined]
        (reading,) = read(command.code)
        assert (reading.kind, reading.value) == (Kind.COMMAND, command.body)
