"""The bench's checklists: complete in both languages, and the grade follows from the worst answer."""

from __future__ import annotations

from pathlib import Path

import pytest

import resources
from desk_app.domain.cases import CASE_KINDS
from desk_app.handbook import checklists
from desk_app.handbook.checklists import Point, grade, load, suggested_dispositions

SOURCE = resources.path("handbook/checklists.toml")
POINTS = (
    Point("box", "Box whole", "包装完好", "B"),
    Point("body", "No scratches", "无划痕", "C"),
    Point("power", "Powers on", "可开机", "D"),
    Point("liquid", "No liquid", "无进液", "E"),
)


@pytest.mark.parametrize(
    ("failed", "expected"),
    [
        ((), "A"),
        (("box",), "B"),
        (("body",), "C"),
        (("box", "body"), "C"),
        (("power", "box"), "D"),
        (("liquid",), "E"),
        (("box", "body", "power", "liquid"), "E"),
    ],
)
def test_the_worst_failed_point_decides(failed: tuple[str, ...], expected: str) -> None:
    answers = {point.key: "fail" if point.key in failed else "pass" for point in POINTS}
    assert grade(POINTS, answers) == expected


def test_answers_to_other_points_and_open_points_count_nothing() -> None:
    assert grade(POINTS, {"elsewhere": "fail"}) == "A"
    assert grade(POINTS, {}) == "A"


@pytest.mark.parametrize(
    ("category", "failed", "expected"),
    [
        ("phone", "package_intact", "B"),
        ("phone", "accessories_complete", "C"),
        ("phone", "screen_ok", "D"),
        ("phone", "no_liquid", "E"),
        ("computer", "keyboard_ok", "D"),
        ("headphones", "hygiene_seal", "C"),
        ("appliance", "cable_ok", "E"),
        ("clothing", "tags_on", "B"),
        ("other", "works", "D"),
    ],
)
def test_what_a_fail_means_in_each_category(category: str, failed: str, expected: str) -> None:
    points = load().checklist(category)
    answers = {point.key: "pass" for point in points}
    assert failed in answers
    assert grade(points, answers) == "A"
    assert grade(points, {**answers, failed: "fail"}) == expected


def test_the_categories_and_their_warranties() -> None:
    found = {category.key: category.warranty_days for category in load().categories}
    assert found == {
        "phone": 90,
        "computer": 90,
        "headphones": 90,
        "appliance": 90,
        "clothing": 30,
        "other": 30,
    }
    assert load().warranty_days("clothing") == 30


def test_goods_of_no_known_category_are_checked_as_other() -> None:
    assert load().category("spaceship").key == "other"
    assert load().checklist("") == load().checklist("other")


def test_each_category_has_everything_the_bench_asks_for() -> None:
    for category in load().categories:
        assert len(category.points) >= 5
        assert category.tests
        assert category.faults
        assert category.parts
        assert "no_fault_found" in [fault.key for fault in category.faults]


def test_batteries_and_drives_are_measured() -> None:
    units = {(c.key, p.key): p.unit for c in load().categories for p in c.points if p.unit}
    assert units == {("phone", "battery_health"): "%", ("computer", "disk_health"): "%"}


def test_codes_are_said_in_both_languages() -> None:
    english, chinese = load().words("en"), load().words("zh_CN")
    assert english.keys() == chinese.keys()
    assert (english["screen_broken"], chinese["screen_broken"]) == ("Screen broken", "屏幕损坏")
    assert (english["C"], chinese["C"]) == ("C · used or marked", "C · 有使用痕迹")
    assert (english["vendor"], chinese["vendor"]) == ("Return to vendor", "退供应商")
    assert (english["phone"], chinese["phone"]) == ("Phone", "手机")
    assert not [text for text in chinese.values() if text.isascii()]
    assert not [text for text in english.values() if not text.replace("·", "").isascii()]


@pytest.mark.parametrize(
    ("grade_given", "first"),
    [("A", "restock"), ("B", "restock"), ("C", "refurbish"), ("D", "repair"), ("E", "scrap")],
)
def test_what_is_likeliest_for_goods_that_came_back(grade_given: str, first: str) -> None:
    for kind in ("return", "exchange"):
        assert suggested_dispositions(grade_given, kind)[0] == first


@pytest.mark.parametrize("grade_given", ["A", "B", "C", "D", "E"])
def test_the_customer_s_own_goods_are_never_offered_for_sale(grade_given: str) -> None:
    assert suggested_dispositions(grade_given, "repair") == ("repair", "customer", "vendor")


def test_every_suggestion_is_a_disposition() -> None:
    known = {word.key for word in load().dispositions}
    for kind in CASE_KINDS:
        for given in "ABCDE":
            assert set(suggested_dispositions(given, kind)) <= known


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ('fail = "E"', 'fail = "F"', "phone.no_liquid leads to no grade: F"),
        ('key = "touch_ok"', 'key = "powers_on"', "phone.powers_on stands there twice"),
        ('key = "test_display"', 'key = "test_screen"', "test_screen has two meanings"),
        ('key = "other"', 'key = "rest"', "category other is missing"),
        ('key = "scrap"', 'key = "burn"', "dispositions must be"),
        ('key = "D"', 'key = "X"', "grades must be"),
        ('zh = "触摸正常"', 'zh = " "', "phone.touch_ok lacks a text"),
        ('zh = "触摸正常"', "", "zh"),
        ('unit = "%"', 'units = "%"', "units"),
        ("warranty_days = 90", "warranty_days = soon", "checklists.toml"),
    ],
)
def test_a_mistake_in_the_file_is_told_with_its_key(
    tmp_path: Path, right: str, wrong: str, told: str
) -> None:
    source = SOURCE.read_text("utf-8")
    assert right in source
    file = tmp_path / "checklists.toml"
    file.write_text(source.replace(right, wrong), "utf-8")
    with pytest.raises(ValueError, match=r"^checklists\.toml: ") as failed:
        checklists.read(file)
    assert told in str(failed.value)
