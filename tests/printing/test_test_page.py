"""What a printer is tried with: true to scale, its finest codes scan, Chinese extracts, greys are grey."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image

from desk_app.scanning.diagnosis import TEST_CODE
from desk_app.texts import Speaker, speaker
from printing.papers import codes, inputs
from printing.papers.labels import HEIGHT, WIDTH
from printing.papers.test_page import test_label as label_of
from printing.papers.test_page import test_label_picture as label_picture_of
from printing.papers.test_page import test_page as page_of

pytestmark = pytest.mark.slow

Scan = Callable[[bytes], set[tuple[str, str]]]
MM = 25.4
FINE = 600  # dots an inch, to measure by


@pytest.fixture
def test() -> inputs.TestPrint:
    """Printed at a window."""
    return inputs.TestPrint("前台 1 号窗口", TEST_CODE)


def grey(picture: bytes) -> Image.Image:
    with Image.open(BytesIO(picture)) as opened:
        return opened.convert("L")


def test_both_codes_scan_as_a_label_printer_draws_them(
    test: inputs.TestPrint, say: Speaker, printed: Callable[..., bytes], scanned: Scan
) -> None:
    page = printed(page_of(test, say))
    assert scanned(page) == {("Code128", TEST_CODE), ("QRCode", TEST_CODE)}
    assert scanned(printed(label_of(test, say))) == {("Code128", TEST_CODE)}
    assert scanned(label_picture_of(test, say)) == {("Code128", TEST_CODE)}


def test_the_finest_bar_of_the_page_is_two_dots(
    test: inputs.TestPrint, printed: Callable[..., bytes]
) -> None:
    picture = grey(printed(page_of(test, speaker("en"))))
    bars = [2 * length for _, length in codes.runs(codes.code128(TEST_CODE))]
    assert min(bars) == 2
    rows = [widths(picture, y) for y in range(picture.height)]
    assert any(bars in (row[start : start + len(bars)] for start in (0, 1)) for row in rows)


def test_the_ruler_is_50_mm_long(test: inputs.TestPrint, printed: Callable[..., bytes]) -> None:
    picture = grey(printed(page_of(test, speaker("en")), dpi=FINE))
    assert any(
        abs(width / FINE * MM - 50) < 0.2 for y in range(picture.height) for width in widths(picture, y)
    )


def test_the_ruler_of_the_label_is_50_mm_long(test: inputs.TestPrint, printed: Callable[..., bytes]) -> None:
    picture = grey(printed(label_of(test, speaker("en"))))
    longest = max(width for y in range(picture.height) for width in widths(picture, y))
    assert abs(longest / 203 * MM - 50) < 0.1


def test_chinese_extracts_and_fonts_are_embedded(
    test: inputs.TestPrint, say: Speaker, text: Callable[[bytes], str], poppler: Callable[..., str]
) -> None:
    for pdf in (page_of(test, say), label_of(test, say)):
        assert "收货运单质检换货退款" in text(pdf)
        assert "前台1号窗口" in text(pdf)
        assert TEST_CODE in text(pdf)
        rows = poppler("pdffonts", pdf).splitlines()[2:]
        assert rows
        assert all(re.search(r"NotoSansSC.*\byes yes yes\b", row) for row in rows)


def test_words_are_in_the_language_asked_for(test: inputs.TestPrint, text: Callable[[bytes], str]) -> None:
    assert "Testpage" in text(page_of(test, speaker("en")))
    assert "测试页" in text(page_of(test, speaker("zh_CN")))
    assert "测试标签" in text(label_of(test, speaker("zh_CN")))


def test_greys_go_from_white_to_black_in_eleven_steps(
    test: inputs.TestPrint, printed: Callable[..., bytes]
) -> None:
    picture = grey(printed(page_of(test, speaker("en"))))
    edge, across = 18 / MM * 203, (210 - 36) / MM * 203
    fields = [int(edge + (place + 0.15) * across / 11) for place in range(11)]
    dots, wide = picture.tobytes(), picture.width
    found = [[dots[y * wide + x] for x in fields] for y in range(picture.height)]
    want = [round(255 * (10 - place) / 10) for place in range(11)]
    assert any(all(abs(have - grey) <= 2 for have, grey in zip(row, want, strict=True)) for row in found)


def test_one_page_of_a4_and_a_label_of_60_by_40(
    test: inputs.TestPrint, pages: Callable[[bytes], int], poppler: Callable[..., str]
) -> None:
    for pdf, sides in ((page_of(test, speaker("en")), [210, 297]), (label_of(test, speaker("en")), [60, 40])):
        size = re.search(r"Page size: +([\d.]+) x ([\d.]+) pts", poppler("pdfinfo", pdf))
        assert size
        assert [float(side) / 72 * MM for side in size.groups()] == pytest.approx(sides, abs=0.1)
        assert pages(pdf) == 1


def test_a_long_desk_name_stays_on_the_label(say: Speaker, scanned: Scan) -> None:
    picture = label_picture_of(inputs.TestPrint("超长的工位名称" * 8, TEST_CODE), say)
    assert scanned(picture) == {("Code128", TEST_CODE)}
    box = grey(picture).point(lambda dot: 255 - dot).getbbox()
    assert box is not None
    assert box[2] <= WIDTH - 8
    assert box[3] <= HEIGHT - 8


def test_the_same_input_gives_the_same_bytes(test: inputs.TestPrint, say: Speaker) -> None:
    assert page_of(test, say) == page_of(test, say)
    assert label_of(test, say) == label_of(test, say)


def widths(picture: Image.Image, y: int) -> list[int]:
    """The widths of the black runs in a row."""
    row = picture.crop((0, y, picture.width, y + 1)).tobytes()
    return [len(run) for run in "".join("1" if dot < 128 else " " for dot in row).split()]
