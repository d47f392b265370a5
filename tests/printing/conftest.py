"""Papers to print and the means to read them again."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from desk_app import ids
from desk_app.scanning import codes
from desk_app.texts import LANGUAGES, N_, Speaker, speaker
from printing.papers import inputs
from printing.previews import page_picture

ARRIVED = 1_772_366_400_000_000  # 1 March 2026, 20:00 in Shanghai
FINISHED = 1_772_593_200_000_000  # 4 March 2026, 11:00 there
DAY = 86_400_000_000
NUMBER = ids.case_number("7QK", 42)
PRINTER_DPI = 203


@pytest.fixture(params=LANGUAGES)
def say(request: pytest.FixtureRequest) -> Speaker:
    """A speaker of each language in turn."""
    return speaker(request.param)


@pytest.fixture
def store() -> inputs.StoreHead:
    """A store in Hangzhou."""
    return inputs.StoreHead(
        "清音数码售后服务中心", "杭州市余杭区文一西路 969 号", "0571-88880000", "Asia/Shanghai"
    )


@pytest.fixture
def receipt(store: inputs.StoreHead) -> inputs.IntakeReceipt:
    """A repair with two things and an announced parcel."""
    return inputs.IntakeReceipt(
        store=store,
        wish=inputs.Wish.REPAIR,
        case_number=NUMBER,
        case_code=codes.encode(codes.OwnKind.CASE, NUMBER),
        opened_at=ARRIVED,
        customer_name="欧阳文清",
        customer_phone="138 0013 8000",
        items=(
            inputs.IntakeItem("清音 A3 降噪耳机", "06901234567892", "QY-A3-0098117", "充电仓有划痕"),
            inputs.IntakeItem("快充线 USB-C", "CBL-100"),
        ),
        reason="左耳没有声音，已试过重置。",
        order_number="TB20260301-88231120",
        parcels=(inputs.AnnouncedParcel("SF1385628716739", "顺丰速运"),),
        taken_by="陈晓",
        terms="超过 30 天未取，按门店规定处理。",
    )


@pytest.fixture
def report(store: inputs.StoreHead, photo: Callable[..., bytes]) -> inputs.RepairReport:
    """A finished and checked repair with everything a report can hold."""
    return inputs.RepairReport(
        store=store,
        case_number=NUMBER,
        case_code=codes.encode(codes.OwnKind.CASE, NUMBER),
        received_at=ARRIVED,
        finished_at=FINISHED,
        customer_name="欧阳文清",
        product="清音 A3 降噪耳机",
        reason="左耳没有声音",
        fault="左扬声器断路",
        diagnosis="左声道无阻值",
        device_part="左耳扬声器",
        technician="周维修",
        minutes=47,
        code="06901234567892",
        serial="QY-A3-0098117",
        work="更换左扬声器",
        parts=(inputs.ReplacedPart("扬声器 A3", "SP-A3-L", "SPL-00122", "SPL-98221", 2),),
        tests=(
            inputs.RepairTest("左右声道均有声", True, "86 dB"),
            inputs.RepairTest("充电", False),
            inputs.RepairTest("防水", None),
        ),
        before=(inputs.Photo(photo("JPEG"), "触点氧化"),),
        after=(inputs.Photo(photo("PNG"), "更换之后"),),
        checker="吴质检",
        checked_at=FINISHED + 3_600_000_000,
        warranty=inputs.RepairWarranty(90, FINISHED + 90 * DAY, "仅限本次更换的扬声器"),
        grade="B",
        disposition=N_("Repair"),
    )


@pytest.fixture
def item(store: inputs.StoreHead) -> inputs.ItemLabel:
    """The label of the first thing of a case."""
    return inputs.ItemLabel(
        case_number=NUMBER,
        item_code=codes.encode(codes.OwnKind.ITEM, codes.item_body(NUMBER, 1)),
        product="清音 A3 降噪耳机",
        serial="QY-A3-0098117",
        shelf="A-07",
        disposition=N_("Repair"),
    )


@pytest.fixture
def parcel(store: inputs.StoreHead) -> inputs.ParcelLabel:
    """The label of a parcel nobody announced."""
    return inputs.ParcelLabel(
        store=store,
        shelf="A-07",
        waybill="SF1385628716739",
        received_at=ARRIVED,
        parcel_code=codes.encode(codes.OwnKind.PARCEL, "7QK00042"),
        carrier="顺丰速运",
    )


@pytest.fixture
def sample(store: inputs.StoreHead) -> inputs.StoreHead:
    """The sample shop."""
    return replace(store, sample=True)


@pytest.fixture
def photo() -> Callable[..., bytes]:
    """Makes a photograph in a format: light grey, its left half red."""

    def make(kind: str, size: tuple[int, int] = (1600, 1200), **options: object) -> bytes:
        picture = Image.new("RGB", size, (200, 200, 200))
        picture.paste((220, 20, 20), (0, 0, size[0] // 2, size[1]))
        out = BytesIO()
        picture.save(out, kind, **options)
        return out.getvalue()

    return make


@pytest.fixture
def scanned() -> Callable[[bytes], set[tuple[str, str]]]:
    """Reads the codes of a picture: (format, text)."""

    def scan(picture: bytes) -> set[tuple[str, str]]:
        found = zxingcpp.read_barcodes(Image.open(BytesIO(picture)), text_mode=zxingcpp.TextMode.Plain)
        return {(code.format.name, code.text) for code in found}

    return scan


@pytest.fixture
def printed() -> Callable[..., bytes]:
    """A page of a PDF as a label printer draws it."""

    def draw(pdf: bytes, page: int = 0, dpi: int = PRINTER_DPI) -> bytes:
        return page_picture(pdf, page, dpi)

    return draw


@pytest.fixture
def pages() -> Callable[[bytes], int]:
    """Counts the pages of a PDF."""
    return lambda pdf: len(pypdfium2.PdfDocument(pdf))


@pytest.fixture
def poppler(tmp_path: Path) -> Callable[..., str]:
    """Runs a program of poppler on a PDF and returns what it says."""

    def run(program: str, pdf: bytes, *options: str) -> str:
        path = tmp_path / "paper.pdf"
        path.write_bytes(pdf)
        output = ["-"] if program == "pdftotext" else []
        return subprocess.run(
            [program, *options, path, *output], check=True, stdout=subprocess.PIPE
        ).stdout.decode()

    return run


@pytest.fixture
def text(poppler: Callable[..., str]) -> Callable[[bytes], str]:
    """The text of a PDF without any white, as lines may be broken anywhere."""
    return lambda pdf: "".join(poppler("pdftotext", pdf).split())
