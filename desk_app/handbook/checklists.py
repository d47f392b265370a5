"""Checklists, grades, fault codes and tests by category of goods, as data in `resources/handbook`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache

import msgspec

import resources

GRADES = ("A", "B", "C", "D", "E")
SOURCE = "handbook/checklists.toml"


class Text(msgspec.Struct, frozen=True):
    """A text in both languages."""

    en: str
    zh: str

    def text(self, language: str) -> str:
        """The text in a language of `texts.LANGUAGES`."""
        return self.zh if language == "zh_CN" else self.en


class Word(msgspec.Struct, frozen=True):
    """A code with its text: a fault, a part of the device, a test, a category, a grade, a disposition."""

    key: str
    en: str
    zh: str

    def text(self, language: str) -> str:
        """The text in a language of `texts.LANGUAGES`."""
        return self.zh if language == "zh_CN" else self.en


class Point(msgspec.Struct, frozen=True):
    """One point of a checklist; `fail` is the grade a fail leads to; with a `unit` a measure is asked for."""

    key: str
    en: str
    zh: str
    fail: str = "C"
    unit: str = ""

    def text(self, language: str) -> str:
        """The question in a language of `texts.LANGUAGES`."""
        return self.zh if language == "zh_CN" else self.en


class Category(msgspec.Struct, frozen=True):
    """One category of goods with everything the bench asks for."""

    key: str
    en: str
    zh: str
    warranty_days: int
    points: tuple[Point, ...]
    tests: tuple[Word, ...]
    faults: tuple[Word, ...]
    parts: tuple[Word, ...]

    def text(self, language: str) -> str:
        """The category's name in a language of `texts.LANGUAGES`."""
        return self.zh if language == "zh_CN" else self.en


class Handbook(msgspec.Struct, frozen=True):
    """All of it; raises ValueError while loading where a grade is unknown or a key stands twice."""

    categories: tuple[Category, ...]
    grades: tuple[Word, ...]
    dispositions: tuple[Word, ...]

    def category(self, key: str) -> Category:
        """The category of a key; goods of no known category are checked as `other`."""
        by_key = {category.key: category for category in self.categories}
        return by_key.get(key, by_key["other"])

    def checklist(self, category: str) -> tuple[Point, ...]:
        """The points to check in a category."""
        return self.category(category).points

    def warranty_days(self, category: str) -> int:
        """Days of warranty after a repair."""
        return self.category(category).warranty_days

    def words(self, language: str) -> dict[str, str]:
        """The text of every code in a language."""
        words: dict[str, str] = {}
        for word in (*self.grades, *self.dispositions):
            words[word.key] = word.text(language)
        for category in self.categories:
            words[category.key] = category.text(language)
            for word in (*category.tests, *category.faults, *category.parts):
                words[word.key] = word.text(language)
            for point in category.points:
                words[point.key] = point.text(language)
        return words


@cache
def load() -> Handbook:
    """The handbook's checklists, checked."""
    raw = tomllib.loads(resources.path(SOURCE).read_text(encoding="utf-8"))
    handbook = msgspec.convert(raw, Handbook)
    for category in handbook.categories:
        _check(category)
    return handbook


def _check(category: Category) -> None:
    keys = [word.key for word in (*category.tests, *category.faults, *category.parts)]
    keys += [point.key for point in category.points]
    twice = {key for key in keys if keys.count(key) > 1}
    if twice:
        raise ValueError(f"{SOURCE}: category {category.key} has {sorted(twice)} twice")
    for point in category.points:
        if point.fail not in GRADES:
            raise ValueError(f"{SOURCE}: {category.key}.{point.key} leads to no grade: {point.fail}")


def grade(points: tuple[Point, ...], answers: Mapping[str, str]) -> str:
    """The grade the answers lead to: the worst that any failed point names, A where nothing failed."""
    failed = [point.fail for point in points if answers.get(point.key) == "fail"]
    return max(failed, default="A", key=GRADES.index)


SUGGESTED = {
    "A": ("restock", "refurbish", "vendor", "customer"),
    "B": ("restock", "refurbish", "vendor", "customer"),
    "C": ("refurbish", "parts", "vendor", "customer"),
    "D": ("repair", "vendor", "parts", "customer"),
    "E": ("scrap", "parts", "vendor", "customer"),
}


def suggested_dispositions(grade_given: str, case_kind: str) -> tuple[str, ...]:
    """What may become of goods of a grade, the likeliest first; a repair case repairs first."""
    suggested = SUGGESTED[grade_given]
    if case_kind != "repair":
        return suggested
    return ("repair", *(each for each in suggested if each != "repair"))
