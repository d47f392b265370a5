"""The A4 papers: codes scan, text can be copied, the longest content fits, same input gives same bytes."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from itertools import pairwise

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from desk_app.texts import Speaker, speaker
from printing.papers import inputs
from printing.papers.intake_receipt import intake_receipt
from printing.papers.repair_report import repair_report

Read = Callable[[bytes], str]
Scan = Callable[[bytes], set[tuple[str, str]]]
pytestmark = [pytest.mark.needs_linux, pytest.mark.slow]  # poppler reads the papers


@pytest.fixture(params=["receipt", "report"])
def paper(request: pytest.FixtureRequest) -> Callable[[Speaker], bytes]:
    """Each A4 paper in turn."""
    given = request.getfixturevalue(request.param)
    draw = {"receipt": intake_receipt, "report": repair_report}[request.param]
    return lambda say: draw(given, say)


def test_both_codes_of_the_case_scan(
    paper: Callable[[Speaker], bytes], say: Speaker, printed: Callable[..., bytes], scanned: Scan
) -> None:
    found = scanned(printed(paper(say)))
    assert found == {("Code128", "M7C7QK000421"), ("QRCode", "M7C7QK000421")}


def test_every_bar_is_two_four_six_or_eight_whole_dots_of_the_page(
    paper: Callable[[Speaker], bytes], printed: Callable[..., bytes]
) -> None:
    finer = 2
    with Image.open(BytesIO(printed(paper(speaker("en")), dpi=finer * 203))) as page:
        (code,) = zxingcpp.read_barcodes(page, formats=zxingcpp.BarcodeFormat.Code128)
        at = code.position
        left, top = at.top_left.x // finer * finer - 40 * finer, at.top_left.y + 20 * finer
        row = page.convert("L").crop((left, top, at.top_right.x + 40 * finer, top + 1)).tobytes()
    edges = [place for place in range(1, len(row)) if (row[place] < 128) != (row[place - 1] < 128)]
    assert len(edges) == 2 * (12 * 3 + 4)  # start, six letters, switch, three pairs of digits, check; stop
    assert all(edge % finer == 0 for edge in edges)
    assert {end - start for start, end in pairwise(edges)} == {finer * dots for dots in (2, 4, 6, 8)}


def test_only_embedded_fonts(
    paper: Callable[[Speaker], bytes], say: Speaker, poppler: Callable[..., str]
) -> None:
    rows = poppler("pdffonts", paper(say)).splitlines()[2:]
    assert rows
    for row in rows:
        assert "NotoSansSC" in row
        assert re.search(r"\byes yes yes\b", row), row


def test_the_same_input_gives_the_same_bytes(paper: Callable[[Speaker], bytes], say: Speaker) -> None:
    assert paper(say) == paper(say)


def test_title_and_language(paper: Callable[[Speaker], bytes], poppler: Callable[..., str]) -> None:
    chinese = paper(speaker("zh_CN"))
    assert re.search(r"Title: +\S+ 7QK000421", poppler("pdfinfo", chinese))
    assert b"/Lang (zh-CN)" in chinese
    assert b"/Lang (en)" in paper(speaker("en"))


def test_the_receipt_tells_everything(receipt: inputs.IntakeReceipt, say: Speaker, text: Read) -> None:
    told = text(intake_receipt(receipt, say))
    for part in (
        *("清音数码售后服务中心", "杭州市余杭区文一西路969号", "0571-88880000", "7QK000421", "欧阳文清"),
        *("13800138000", "TB20260301-88231120", "清音A3降噪耳机", "06901234567892", "QY-A3-0098117"),
        *("充电仓有划痕", "快充线USB-C", "CBL-100", "左耳没有声音，已试过重置。", "SF1385628716739"),
        *("顺丰速运", "陈晓", "超过30天未取，按门店规定处理。"),
    ):
        assert part in told, part


@pytest.mark.parametrize(
    ("wish", "chinese", "english"),
    [
        (inputs.Wish.REPAIR, "寄修凭证", "Repairreceipt"),
        (inputs.Wish.RETURN, "退货凭证", "Returnreceipt"),
        (inputs.Wish.EXCHANGE, "换货凭证", "Exchangereceipt"),
    ],
)
def test_the_receipt_is_named_after_the_wish(
    receipt: inputs.IntakeReceipt, text: Read, wish: inputs.Wish, chinese: str, english: str
) -> None:
    given = replace(receipt, wish=wish)
    in_chinese, in_english = (text(intake_receipt(given, speaker(name))) for name in ("zh_CN", "en"))
    assert chinese in in_chinese
    assert "2026-03-0120:00" in in_chinese
    assert "客户签字" in in_chinese
    assert english in in_english
    assert "1Mar2026,20:00" in in_english
    assert "Customer'ssignature" in in_english


def test_the_report_tells_everything(report: inputs.RepairReport, say: Speaker, text: Read) -> None:
    told = text(repair_report(report, say))
    for part in (
        *("左扬声器断路", "左声道无阻值", "左耳扬声器", "更换左扬声器", "扬声器A3", "SP-A3-L", "SPL-00122"),
        *("SPL-98221", "左右声道均有声", "86dB", "防水", "47", "触点氧化", "更换之后", "周维修", "吴质检"),
        *("90", "仅限本次更换的扬声器", "左耳没有声音", "QY-A3-0098117"),
    ):
        assert part in told, part


def test_the_report_in_both_languages(report: inputs.RepairReport, text: Read) -> None:
    chinese, english = (text(repair_report(report, speaker(name))) for name in ("zh_CN", "en"))
    for part in ("维修报告", "通过", "未通过", "未测", "47分钟", "维修后质保：90天，至2026年6月2日", "维修"):
        assert part in chinese, part
    for part in (
        "Repairreport",
        "Passed",
        "Failed",
        "Notdone",
        "47minutes",
        "90days,uptoandincluding2Jun2026",
    ):
        assert part in english, part


def test_what_is_not_known_leaves_no_line(report: inputs.RepairReport, text: Read) -> None:
    bare = replace(
        report,
        parts=(),
        tests=(),
        before=(),
        after=(),
        warranty=None,
        grade="",
        disposition="",
        checked_at=None,
    )
    told = text(repair_report(replace(bare, checker=""), speaker("en")))
    for part in ("Warranty", "Grade", "Goesto", "Checkedat", "Outcome", "Beforetherepair"):
        assert part not in told, part
    assert "Nopartwasreplaced." in told
    assert "Notcheckedyet" in told


def test_markup_is_text(receipt: inputs.IntakeReceipt, text: Read) -> None:
    given = replace(receipt, reason='<b>R&D</b> <img src="x"/> &amp; {reason} %s \\n')
    assert '<b>R&D</b><imgsrc="x"/>&amp;{reason}%s\\n' in text(intake_receipt(given, speaker("en")))


def test_a_sample_shop_says_so_on_every_page(
    receipt: inputs.IntakeReceipt, sample: inputs.StoreHead, say: Speaker, poppler: Callable[..., str]
) -> None:
    long = replace(receipt, store=sample, items=receipt.items * 20)
    told = poppler("pdftotext", intake_receipt(long, say)).strip("\f").split("\f")
    assert len(told) > 1
    assert all("SAMPLE" in page and "样例" in page for page in told)
    assert "SAMPLE" not in poppler("pdftotext", intake_receipt(receipt, say))


def test_the_longest_receipt(
    receipt: inputs.IntakeReceipt, say: Speaker, text: Read, pages: Callable[[bytes], int]
) -> None:
    items = tuple(
        inputs.IntakeItem(
            "超长商品名称" * 6 + f"第{n:02}号商", "06901234567892", "356938035643809", "外壳有明显划痕" * 3
        )
        for n in range(20)
    )
    reason = "".join(f"第{n:03}句话" for n in range(100))[:500]
    waybill = "1234567890123456789012345678901234"
    given = replace(
        receipt,
        items=items,
        customer_name="买买提江阿不都热依木古丽",
        reason=reason,
        parcels=(inputs.AnnouncedParcel(waybill, "中国邮政速递物流"),) * 3,
    )
    pdf = intake_receipt(given, say)
    told = text(pdf)
    assert pages(pdf) >= 2
    for part in (reason[:30], reason[-30:], waybill, "买买提江阿不都热依木古丽"):
        assert part in told, part
    assert told.count("06901234567892") == 20
    last = pages(pdf)
    assert (f"第{last}页，共{last}页" if say.language == "zh_CN" else f"Page{last}of{last}") in told
    assert_nothing_outside(pdf)


def test_texts_longer_than_a_page_go_over_to_the_next(
    receipt: inputs.IntakeReceipt, report: inputs.RepairReport, pages: Callable[[bytes], int]
) -> None:
    words = "".join(f"{n:04}号" for n in range(1200))
    say = speaker("zh_CN")
    first = intake_receipt(replace(receipt, reason=words), say)
    second = repair_report(replace(report, diagnosis=words), say)
    third = intake_receipt(replace(receipt, items=(replace(receipt.items[0], condition=words),)), say)
    for pdf in (first, second, third):
        assert pages(pdf) >= 2
        assert_nothing_outside(pdf)
        told = in_drawing_order(pdf)
        missing = [n for n in range(1200) if f"{n:04}号" not in told]
        assert len(missing) < pages(pdf), missing  # one may stand on both sides of a page's end


def test_photographs_stand_upright_in_their_colours(
    report: inputs.RepairReport, photo: Callable[..., bytes], printed: Callable[..., bytes]
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter: what is at the left in the file belongs to the top
    turned = inputs.Photo(photo("JPEG", (4000, 3000), exif=exif), "")
    pdf = repair_report(replace(report, before=(turned,), after=()), speaker("en"))
    assert len(pdf) < 300_000
    colours = [red_box(printed(pdf, page, 72)) for page in range(len(pypdfium2.PdfDocument(pdf)))]
    (left, top, right, bottom), *others = [box for box in colours if box]
    assert not others
    assert right - left > bottom - top  # the red half lies across, not along


def test_a_damaged_photograph_is_told_and_the_rest_printed(
    report: inputs.RepairReport, photo: Callable[..., bytes], text: Read
) -> None:
    whole = photo("PNG")
    broken = [b"", b"no picture", photo("JPEG")[:500], whole[:60], wrong_in_the_middle()]
    given = replace(report, before=tuple(inputs.Photo(data, f"photo{n}") for n, data in enumerate(broken)))
    told = text(repair_report(given, speaker("en")))
    assert told.count("Thisphotographcannotbeshown") == len(broken)
    assert "photo4" in told


def wrong_in_the_middle() -> bytes:
    """A PNG in several chunks, of which the second has no right name."""
    noise = Image.frombytes("RGB", (300, 200), random.Random(1).randbytes(180_000))
    out = BytesIO()
    noise.save(out, "PNG")
    head, first, second, *rest = out.getvalue().split(b"IDAT")
    return b"IDAT".join([head, first + b"\1\2\3\4" + second, *rest])


def red_box(picture: bytes) -> tuple[int, int, int, int] | None:
    """Where a picture is as red as the photographs of these tests; the mark of a sample shop is darker."""
    with Image.open(BytesIO(picture)) as opened:
        red, green, blue = opened.convert("RGB").split()
        reddish = Image.merge(
            "RGB",
            [
                red.point(lambda v: 255 * (v > 200)),
                *(c.point(lambda v: 255 * (v < 60)) for c in (green, blue)),
            ],
        )
        return reddish.convert("L").point(lambda v: 255 * (v == 255)).getbbox()


def in_drawing_order(pdf: bytes) -> str:
    """The text of a PDF as it was drawn, column by column, without any white."""
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)]
    return "".join("".join(pages).split())


def assert_nothing_outside(pdf: bytes) -> None:
    """No letter of any page stands outside its margins of 18 mm, head and foot excepted."""
    for page in pypdfium2.PdfDocument(pdf):
        words = page.get_textpage()
        width, _ = page.get_size()
        for index in range(words.count_chars()):
            left, _, right, _ = words.get_charbox(index)
            assert left >= 18 / 25.4 * 72 - 2
            assert right <= width - 18 / 25.4 * 72 + 2


def test_a_photograph_that_has_not_come_is_told(
    report: inputs.RepairReport, photo: Callable[..., bytes], text: Read
) -> None:
    small, nothing = inputs.Photo(photo("JPEG"), "", True), inputs.Photo(b"", "back", True)
    told = text(repair_report(replace(report, after=(small, nothing)), speaker("en"))).replace(" ", "")
    assert "Preview;photographonitsway" in told
    assert "Onitswaytothisdesk" in told and "back" in told
    assert "cannotbeshown" not in told
