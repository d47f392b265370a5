"""The labels: whole dots, codes that scan from picture and printed page, nothing over the edge."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image

from desk_app.scanning import codes as own_codes
from desk_app.texts import Speaker, speaker
from printing.papers import codes, inputs
from printing.papers.item_label import item_label, item_label_picture
from printing.papers.labels import HEIGHT, WIDTH
from printing.papers.parcel_label import parcel_label, parcel_label_picture

Scan = Callable[[bytes], set[tuple[str, str]]]
ITEM, PARCEL = "M7I7QK00042101R", "M7P7QK00042U"


@pytest.fixture(params=["item", "parcel"])
def label(
    request: pytest.FixtureRequest,
) -> tuple[Callable[[Speaker], bytes], Callable[[Speaker], bytes], str]:
    """Each label in turn: as PDF, as picture, its code."""
    given = request.getfixturevalue(request.param)
    if request.param == "item":
        return lambda say: item_label(given, say), lambda say: item_label_picture(given, say), ITEM
    return lambda say: parcel_label(given, say), lambda say: parcel_label_picture(given, say), PARCEL


Label = tuple[Callable[[Speaker], bytes], Callable[[Speaker], bytes], str]


def test_the_picture_is_black_and_white_dots(label: Label, say: Speaker) -> None:
    with Image.open(BytesIO(label[1](say))) as picture:
        assert (picture.format, picture.mode, picture.size) == ("PNG", "1", (480, 320))
        assert [round(dpi) for dpi in picture.info["dpi"]] == [203, 203]


def test_the_code_scans_from_picture_and_page(
    label: Label, say: Speaker, printed: Callable[..., bytes], scanned: Scan
) -> None:
    pdf, picture, code = label
    assert scanned(picture(say)) == {("Code128", code)}
    assert scanned(printed(pdf(say))) == {("Code128", code)}


def test_the_page_measures_60_by_40_mm_and_its_fonts_are_embedded(
    label: Label, say: Speaker, poppler: Callable[..., str]
) -> None:
    pdf = label[0](say)
    size = re.search(r"Page size: +([\d.]+) x ([\d.]+) pts", poppler("pdfinfo", pdf))
    assert size
    assert [float(side) / 72 * 25.4 for side in size.groups()] == pytest.approx([60, 40], abs=0.01)
    rows = poppler("pdffonts", pdf).splitlines()[2:]
    assert rows
    assert all(re.search(r"NotoSansSC.*\byes yes yes\b", row) for row in rows)


def test_the_same_input_gives_the_same_bytes(label: Label, say: Speaker) -> None:
    pdf, picture, _ = label
    assert pdf(say) == pdf(say)
    assert picture(say) == picture(say)


def test_every_bar_is_a_whole_number_of_two_dots(label: Label) -> None:
    widths = bar_widths(label[1](speaker("en")), 210)
    assert len(widths) > 40
    assert all(width in (2, 4, 6, 8) for width in widths)


def test_a_label_printer_prints_the_page_with_the_same_bars(
    label: Label, printed: Callable[..., bytes]
) -> None:
    pdf, picture, _ = label
    say = speaker("en")
    assert bar_widths(printed(pdf(say)), 210) == bar_widths(picture(say), 210)


def test_the_item_label_tells_everything(item: inputs.ItemLabel, text: Callable[[bytes], str]) -> None:
    chinese, english = (text(item_label(item, speaker(name))) for name in ("zh_CN", "en"))
    for part in ("清音A3降噪耳机", "7QK000421", "-0098117", "A-07", ITEM):
        assert part in chinese
        assert part in english
    assert "QY-A3" not in english  # only the tail of a long serial
    assert "维修" in chinese
    assert "Repair" in english


def test_the_parcel_label_tells_everything(parcel: inputs.ParcelLabel, text: Callable[[bytes], str]) -> None:
    chinese, english = (text(parcel_label(parcel, speaker(name))) for name in ("zh_CN", "en"))
    for part in ("A-07", "SF1385628716739", "顺丰速运", PARCEL):
        assert part in chinese
        assert part in english
    assert "未预报包裹" in chinese
    assert "2026-03-0120:00" in chinese
    assert "Unannounced" in english


def test_a_sample_shop_says_so(
    item: inputs.ItemLabel, parcel: inputs.ParcelLabel, sample: inputs.StoreHead, text: Callable[[bytes], str]
) -> None:
    say = speaker("zh_CN")
    assert "样例/SAMPLE" in text(item_label(replace(item, sample=True), say))
    assert "样例/SAMPLE" in text(parcel_label(replace(parcel, store=sample), say))
    assert "SAMPLE" not in text(item_label(item, say)) + text(parcel_label(parcel, say))


def test_the_longest_texts_stay_on_the_item_label_and_off_the_bars(
    item: inputs.ItemLabel, say: Speaker, scanned: Scan, text: Callable[[bytes], str]
) -> None:
    long = replace(item, product="超长商品名称" * 7, serial="W" * 40, shelf="超长货位名称" * 5, sample=True)
    picture = item_label_picture(long, say)
    assert scanned(picture) == {("Code128", ITEM)}
    assert_white_edge(picture)
    told = text(item_label(long, say))
    assert "超长商品名称" * 2 in told
    assert "…" in told


@pytest.mark.parametrize("waybill", ["SF1385628716739", "1234567890123456789012345678901234", "9" * 60])
def test_the_longest_waybill_stays_on_the_label(
    parcel: inputs.ParcelLabel, say: Speaker, scanned: Scan, text: Callable[[bytes], str], waybill: str
) -> None:
    long = replace(
        parcel, waybill=waybill, carrier="中国邮政速递物流股份有限公司杭州分公司", shelf="A-07-03-12-B"
    )
    picture = parcel_label_picture(long, say)
    assert scanned(picture) == {("Code128", PARCEL)}
    assert_white_edge(picture)
    assert (waybill if len(waybill) < 60 else "…") in text(parcel_label(long, say))


def test_a_code_that_does_not_fit_is_refused(item: inputs.ItemLabel, say: Speaker) -> None:
    for code in ("M7I" + "ABCDEFGH" * 3, "M7I壹", ""):
        with pytest.raises(ValueError, match=r"no Code 128|too long"):
            item_label(replace(item, item_code=code), say)


@pytest.mark.parametrize(
    "text",
    [
        "6901234567890",  # not a right EAN-13: it must come out as it went in
        "1",
        "12",
        "123",
        "12345",
        "A1",
        "A12",
        "A123",
        "A1234",
        "A12345B",
        "JDX024407261700",
        "7QK000421",
    ],
)
def test_code_128_holds_exactly_its_text(text: str, scanned: Scan) -> None:
    assert scanned(drawn(codes.code128(text))) == {("Code128", text)}


@pytest.mark.parametrize("kind", list(own_codes.OwnKind))
def test_every_own_code_can_be_read_back(kind: own_codes.OwnKind, scanned: Scan) -> None:
    text = own_codes.encode(kind, "7QK000421" if kind is own_codes.OwnKind.CASE else "7QK00042101")
    assert scanned(drawn(codes.code128(text))) == {("Code128", text)}


def drawn(modules: str) -> bytes:
    """Modules as a picture with white around."""
    picture = Image.new("1", (len(modules) * 2 + 80, 120), 1)
    for first, length in codes.runs(modules):
        picture.paste(0, (40 + first * 2, 20, 40 + (first + length) * 2, 100))
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def bar_widths(picture: bytes, y: int) -> list[int]:
    """The widths of the black runs in a row of a picture."""
    with Image.open(BytesIO(picture)) as opened:
        row = opened.convert("L").crop((0, y, WIDTH, y + 1))
        dots = "".join("1" if dot < 128 else " " for dot in row.tobytes())
    return [len(run) for run in dots.split()]


def assert_white_edge(picture: bytes) -> None:
    """Nothing stands nearer to an edge than a millimetre."""
    with Image.open(BytesIO(picture)) as opened:
        left, top, right, bottom = opened.convert("L").point(lambda dot: 255 - dot).getbbox() or (0, 0, 0, 0)
    assert left >= 8
    assert top >= 8
    assert right <= WIDTH - 8
    assert bottom <= HEIGHT - 8
