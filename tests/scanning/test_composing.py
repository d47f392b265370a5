"""What was struck, told from what an input method composes and writes."""

from __future__ import annotations

import pytest

from desk_app.scanning.composing import Composition

Events = list[tuple[str, str]]  # what is composed now, what is written


def struck(events: Events) -> list[str | None]:
    composition = Composition()
    return [composition.take(*event) for event in events]


@pytest.mark.parametrize(
    ("events", "keys"),
    [
        ([("S", ""), ("SF", ""), ("", "SF")], ["S", "F", ""]),
        ([("S", ""), ("SF1", ""), ("1", "SF"), ("13", "")], ["S", "F1", "", "3"]),
        ([("", "１"), ("", "３")], ["1", "3"]),
        ([("", "SF13")], ["SF13"]),
        ([("s", ""), ("s'f", ""), ("s f g", "")], ["s", "f", "g"]),
        ([("S", ""), ("", ""), ("", "S"), ("", "F")], ["S", "", "", "F"]),
        ([("Ｓ", ""), ("", "Ｓ")], ["S", ""]),
        ([("", "à"), ("", "1")], ["à", "1"]),
    ],
)
def test_letters_are_told_one_by_one(events: Events, keys: list[str]) -> None:
    assert struck(events) == keys


@pytest.mark.parametrize(
    "events",
    [
        [("sh", ""), ("shou", ""), ("", "手")],
        [("", "，手机")],
        [("shu", ""), ("sh", "")],  # a letter was taken back
        [("是 f", "")],
        [("sf", ""), ("xf", "")],
    ],
)
def test_chinese_and_corrections_are_a_persons(events: Events) -> None:
    assert struck(events)[-1] is None


def test_a_composition_that_was_given_up_is_forgotten() -> None:
    assert struck([("SF", ""), ("", ""), ("J", ""), ("", "J")]) == ["SF", "", "J", ""]
