"""Papers are made of the case as it stands, kept in the folder, and remembered for the day they must go."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from desk_app.domain.dossier import Dossier
from desk_app.services.inspection import Inspection, Transfer
from desk_app.services.papers import Makers, Papers
from desk_app.services.views import Diagnosis


@pytest.fixture
def papers(shop: Any, tmp_path: Path) -> Papers:
    """Papers whose bytes say what they were made of."""

    def receipt(dossier: Dossier, language: str) -> bytes:
        name = dossier.contact.name if dossier.contact else ""
        return f"{language} {dossier.store.name} {name} {dossier.texts[dossier.case.reason_record]}".encode()

    def report(dossier: Dossier, item: int, language: str) -> bytes:
        return language.encode() + b"".join(dossier.photos.values())

    def save(name: str, data: bytes) -> Path:
        (tmp_path / name).write_bytes(data)
        return tmp_path / name

    makers = Makers(
        receipt=receipt,
        label=lambda dossier, item: dossier.item_codes[item].encode(),
        label_picture=lambda dossier, item: b"picture",
        repair_report=report,
        parcel_label=lambda store, parcel, code: f"{store.name} {parcel.shelf} {code}".encode(),
        save=save,
    )
    return Papers(shop.desk, shop.cases, shop.inspection, makers)


def remembered(shop: Any) -> dict[str, str]:
    with shop.store.read() as connection:
        return {
            Path(row[0]).name: row[1] for row in connection.exec_driver_sql("SELECT path, stream FROM paper")
        }


def test_a_receipt_says_what_the_case_says(shop: Any, papers: Papers) -> None:
    case = shop.open()
    path = papers.receipt(case.stream, "zh_CN", shop.by).result()
    assert path.name == f"{case.number}-receipt.pdf"
    assert path.read_text("utf-8") == "zh_CN 北京店 李雷 屏幕不亮"
    assert remembered(shop) == {path.name: case.stream}


def test_a_label_is_paper_and_picture(shop: Any, papers: Papers) -> None:
    case = shop.open()
    pdf, picture = papers.label(case.stream, 1, shop.by).result()
    assert pdf.read_text() == shop.cases.item_code(case.number, 1)
    assert shop.cases.target(pdf.read_text()).page == "bench"
    assert set(remembered(shop)) == {pdf.name, picture.name}


def test_a_repair_report_waits_for_the_repair_and_shows_its_photographs(
    shop: Any, papers: Papers, tmp_path: Path
) -> None:
    case = shop.open(case_kind="repair").stream
    asked = lambda: papers.repair_report(case, 1, "en", shop.by)  # noqa: E731 - asked twice
    assert shop.refused(asked).code == "repair.not_finished"
    picture = tmp_path / "after.jpg"
    Image.new("RGB", (40, 30), "navy").save(picture)
    shop.inspection.photograph(case, 1, [picture], "after", shop.by).result()
    shop.repairs.diagnose(case, 1, Diagnosis("screen", "display", "", True), shop.by).result()
    shop.repairs.test(case, 1, "power_on", True, shop.by).result()
    shop.repairs.finish(case, 1, shop.by).result()
    assert asked().result().read_bytes() == b"en" + picture.read_bytes()


def test_a_report_has_the_preview_of_a_photograph_that_has_not_come(
    shop: Any, second: Any, share: Any, papers: Papers, tmp_path: Path
) -> None:
    """It never lacks a photograph in silence: the dossier names what is on its way."""
    case = shop.open(case_kind="repair").stream
    picture = tmp_path / "after.jpg"
    Image.new("RGB", (400, 300), "navy").save(picture)
    shop.inspection.photograph(case, 1, [picture], "after", shop.by).result()
    share(shop, second)
    asked: list[frozenset[str]] = []
    inspection = Inspection(second.desk, Transfer(asked.append, lambda: ""))
    there = Papers(second.desk, second.cases, inspection, papers._make)
    (photo,) = second.cases.view(case).case.items[0].photos
    dossier = there._with_photos(second.cases.dossier(case), 1)
    assert dossier.coming == {photo.record} and asked == [{photo.file}]
    with Image.open(BytesIO(dossier.photos[photo.record])) as small:
        assert small.size == (240, 180)
    second.store.files.keep(photo.file, shop.store.files.read(photo.file))
    second.store.files.tidy()
    dossier = there._with_photos(second.cases.dossier(case), 1)
    assert (dossier.coming, dossier.photos) == (frozenset(), {photo.record: picture.read_bytes()})


def test_a_parcel_s_label_names_its_shelf(shop: Any, papers: Papers) -> None:
    stream = shop.receiving.receive("YT1234567890123", shop.by).result().stream
    shop.receiving.shelve(stream, "S04", shop.by).result()
    path = papers.parcel_label(stream, shop.by).result()
    assert path.read_text("utf-8").startswith("北京店 S04 M7PYT1234567890123")
    assert shop.refused(lambda: papers.parcel_label("case/1", shop.by)).code == "parcel.not_here"


def test_there_is_no_paper_of_a_case_that_is_not(shop: Any, papers: Papers) -> None:
    assert shop.refused(lambda: papers.receipt("case/NONE", "en", shop.by)).code == "case.unknown"
