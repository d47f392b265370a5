"""The bench: inspection, disposition, photographs, and a repair to its second check."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from desk_app.domain.people import Actor
from desk_app.errors import OutsideError, RuleError
from desk_app.services.views import Diagnosis, PartUsed, PhotoView

FOUND = Diagnosis("screen", "display", "排线断裂", in_warranty=False)
PART = PartUsed("P-77", "屏幕总成", 1, "NEW1", "OLD1")


@pytest.fixture
def case(shop: Any) -> str:
    stream: str = shop.open(case_kind="repair").stream
    return stream


@pytest.fixture
def checker(actor: Any) -> Actor:
    other: Actor = actor("checker")
    return other


def repair(shop: Any, case: str) -> Any:
    return shop.cases.view(case).case.items[0].repair


def bring_to_check(shop: Any, case: str) -> None:
    shop.repairs.diagnose(case, 1, FOUND, shop.by).result()
    shop.repairs.test(case, 1, "power_on", True, shop.by).result()
    shop.repairs.finish(case, 1, shop.by).result()


def failing_point(shop: Any, grade: str) -> str:
    points = shop.inspection.handbook().checklist("phone")
    key: str = next(point.key for point in points if point.fail == grade)
    return key


def test_a_repair_goes_from_bench_to_customer(shop: Any, case: str, checker: Actor) -> None:
    shop.repairs.diagnose(case, 1, FOUND, shop.by).result()
    shop.repairs.use_part(case, 1, PART, shop.by).result()
    shop.repairs.work(case, 1, 25, shop.by).result()
    shop.repairs.work(case, 1, 10, shop.by).result()
    shop.repairs.test(case, 1, "power_on", False, shop.by).result()
    assert shop.refused(lambda: shop.repairs.finish(case, 1, shop.by)).code == "repair.tests_failed"
    shop.repairs.test(case, 1, "power_on", True, shop.by).result()
    shop.repairs.finish(case, 1, shop.by).result()
    assert shop.cases.view(case).status == "second_check"
    assert shop.refused(lambda: shop.repairs.check(case, 1, True, "", shop.by)).code == "repair.same_person"
    shop.repairs.check(case, 1, True, "", checker).result()
    done = repair(shop, case)
    assert (done.step, done.minutes, done.technician, done.checker) == (
        *("ready", 35, shop.by.person),
        checker.person,
    )
    assert [(part.name, part.serial, part.old_serial) for part in done.parts] == [
        ("屏幕总成", "NEW1", "OLD1")
    ]
    assert (done.fault, done.in_warranty, done.finished_at) == ("screen", False, shop.clock())
    assert shop.cases.view(case).texts[done.note_record] == "排线断裂"
    shop.reception.hand_over(case, 1, shop.by).result()
    assert shop.cases.view(case).status == "handed_over"


def test_a_failed_check_goes_back_to_the_bench(shop: Any, case: str, checker: Actor) -> None:
    bring_to_check(shop, case)
    refusal = shop.refused(lambda: shop.repairs.check(case, 1, False, " ", checker))
    assert refusal.code == "repair.reason_needed"
    shop.repairs.check(case, 1, False, "触摸失灵", checker).result()
    failed = repair(shop, case)
    assert (failed.step, failed.failed_checks, failed.check_passed) == ("diagnosed", 1, False)
    assert shop.refused(lambda: shop.repairs.check(case, 1, True, "", checker)).code == (
        "repair.not_waiting_for_check"
    )
    shop.repairs.finish(case, 1, shop.by).result()
    shop.repairs.check(case, 1, True, "", checker).result()
    assert repair(shop, case).step == "ready"


@pytest.mark.parametrize(
    ("step", "code"),
    [
        (lambda r, c, by: r.work(c, 1, 5, by), "repair.not_at_bench"),
        (lambda r, c, by: r.finish(c, 1, by), "repair.not_at_bench"),
        (lambda r, c, by: r.request(c, 1, by), "repair.requested_already"),
        (lambda r, c, by: r.diagnose(c, 1, Diagnosis("", "", "", True), by), "diagnosis.fault_needed"),
        (lambda r, c, by: r.work(c, 9, 5, by), "item.unknown"),
    ],
)
def test_a_step_before_its_time_is_refused(shop: Any, case: str, step: Any, code: str) -> None:
    assert shop.refused(lambda: step(shop.repairs, case, shop.by)).code == code


def test_wrong_parts_and_minutes_are_refused(shop: Any, case: str) -> None:
    shop.repairs.diagnose(case, 1, FOUND, shop.by).result()
    wrong = {
        "part.name_needed": lambda: shop.repairs.use_part(case, 1, PartUsed("", " ", 1, "", ""), shop.by),
        "part.quantity": lambda: shop.repairs.use_part(case, 1, PartUsed("", "螺丝", 0, "", ""), shop.by),
        "work.minutes": lambda: shop.repairs.work(case, 1, 0, shop.by),
        "repair.tests_needed": lambda: shop.repairs.finish(case, 1, shop.by),
    }
    assert {shop.refused(asked).code for asked in wrong.values()} == set(wrong)


def test_goods_still_on_their_way_are_not_diagnosed(shop: Any) -> None:
    case = shop.open(case_kind="repair", waybill="SF1234567890123").stream
    assert shop.refused(lambda: shop.repairs.diagnose(case, 1, FOUND, shop.by)).code == "item.not_here"


def test_goods_are_taken_out_of_their_parcel_once(shop: Any) -> None:
    case = shop.open(waybill="SF1234567890123").stream
    shop.receiving.receive("SF1234567890123", shop.by).result()
    shop.inspection.take_in(case, 1, shop.by).result()
    view = shop.cases.view(case)
    assert (view.status, view.parcels[0].reception) == ("in_hand", "opened")
    refusal = shop.refused(lambda: shop.inspection.take_in(case, 1, shop.by))
    assert refusal.code == "item.received_already"


def test_a_checklist_leads_to_its_grade(shop: Any) -> None:
    case, point = shop.open().stream, failing_point(shop, "C")
    answers = {point: "fail"}
    look = shop.inspection.inspect
    refusal = shop.refused(lambda: look(case, 1, answers, {}, "A", "", shop.by))
    assert (refusal.code, refusal.values) == ("grade.reason_needed", {"grade": "C"})
    assert shop.refused(lambda: look(case, 1, answers, {}, "F", "", shop.by)).code == "grade.unknown"
    look(case, 1, answers, {"battery": "88"}, "C", "", shop.by).result()
    item = shop.cases.view(case).case.items[0]
    assert (item.grade, item.answers, item.measures) == ("C", answers, {"battery": "88"})
    assert (item.goods, item.inspected_by) == ("inspected", shop.by.person)
    look(case, 1, answers, {}, "B", "只是外壳", shop.by).result()
    assert shop.cases.view(case).case.items[0].grade == "B"


def test_the_first_disposition_stands(shop: Any) -> None:
    case, decide = shop.open().stream, shop.inspection.dispose
    assert shop.refused(lambda: decide(case, 1, "scrap", "", shop.by)).code == "item.not_inspected"
    shop.inspection.inspect(case, 1, {}, {}, "A", "", shop.by).result()
    assert shop.refused(lambda: decide(case, 1, "burn", "", shop.by)).code == "disposition.unknown"
    decide(case, 1, "restock", "S03", shop.by).result()
    assert shop.refused(lambda: decide(case, 1, "scrap", "", shop.by)).code == "item.disposed_already"
    item = shop.cases.view(case).case.items[0]
    assert (item.disposition, item.shelf, item.goods) == ("restock", "S03", "placed")


def test_the_disposition_repair_begins_a_repair(shop: Any) -> None:
    case = shop.open().stream
    shop.inspection.inspect(case, 1, {}, {}, "A", "", shop.by).result()
    shop.inspection.dispose(case, 1, "repair", "", shop.by).result()
    assert repair(shop, case).step == "requested"


def test_two_desks_that_decide_differently_are_shown_both(shop: Any, second: Any, share: Any) -> None:
    case = shop.open().stream
    shop.inspection.inspect(case, 1, {}, {}, "A", "", shop.by).result()
    share(shop, second)
    shop.inspection.dispose(case, 1, "restock", "", shop.by).result()
    second.inspection.dispose(case, 1, "scrap", "", second.by).result()
    share(shop, second)
    for desk in (shop, second):
        view = desk.cases.view(case)
        assert view.case.items[0].disposition == "restock"
        assert view.contests == ("item.disposed_already",)


def test_photographs_are_kept_encrypted(shop: Any, case: str, tmp_path: Path) -> None:
    picture = tmp_path / "before.jpg"
    Image.effect_noise((640, 480), 80).save(picture)
    shop.inspection.photograph(case, 1, [picture], "before", shop.by).result()
    (photo,) = shop.cases.view(case).case.items[0].photos
    assert photo.stage == "before"
    assert shop.inspection.photo(photo.record) == PhotoView(picture.read_bytes(), False)
    kept = [path.read_bytes() for path in (shop.store.folder / "files").rglob("*") if path.is_file()]
    assert len(kept) == 1 and b"JFIF" not in kept[0]


def test_a_photograph_that_cannot_be_read_is_named(shop: Any, case: str, tmp_path: Path) -> None:
    before = shop.entries()
    with pytest.raises(OutsideError) as failure:
        shop.inspection.photograph(case, 1, [tmp_path / "gone.jpg"], "before", shop.by).result()
    assert (failure.value.code, failure.value.values) == ("photo.unreadable", {"name": "gone.jpg"})
    assert shop.entries() == before


def test_a_photograph_too_large_is_refused(shop: Any, case: str, tmp_path: Path) -> None:
    large = tmp_path / "large.jpg"
    with large.open("wb") as file:
        file.truncate(40 * 1024 * 1024 + 1)
    with pytest.raises(RuleError, match=r"photo\.too_large"):
        shop.inspection.photograph(case, 1, [large], "before", shop.by).result()
