"""Checklists, grades, fault codes and tests by category of goods, as data in `resources/handbook`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import msgspec

import resources
from desk_app.domain.cases import DISPOSITIONS, GRADES

OTHER = "other"
OWNED_BY_CUSTOMER = ("repair",)
"""The kinds of case whose goods stay the customer's."""


class Word(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A code with its text: a fault, a part of the device, a test, a category, a grade, a disposition."""

    key: str
    en: str
    zh: str

    def text(self, language: str) -> str:
        """The text in a language of `texts.LANGUAGES`."""
        return self.zh if language == "zh_CN" else self.en


class Point(Word, frozen=True, forbid_unknown_fields=True):
    """One point of a checklist; `fail` is the grade a fail leads to; with a `unit` a measure is asked for."""

    fail: str
    unit: str = ""


class Category(Word, frozen=True, forbid_unknown_fields=True):
    """One category of goods with everything the bench asks for; the warranty is the one after a repair."""

    warranty_days: int
    points: tuple[Point, ...]
    tests: tuple[Word, ...]
    faults: tuple[Word, ...]
    parts: tuple[Word, ...]

    def words(self) -> tuple[Word, ...]:
        """Every code that belongs to the category, and its own."""
        return (self, *self.points, *self.tests, *self.faults, *self.parts)


class Handbook(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of it. A key has the same text wherever it stands, so a code needs no category to be said."""

    categories: tuple[Category, ...]
    grades: tuple[Word, ...]
    dispositions: tuple[Word, ...]

    def category(self, key: str) -> Category:
        """The category of a key; goods of no known category are checked as `other`."""
        by_key = {category.key: category for category in self.categories}
        return by_key.get(key, by_key[OTHER])

    def checklist(self, category: str) -> tuple[Point, ...]:
        """The points to check in a category."""
        return self.category(category).points

    def warranty_days(self, category: str) -> int:
        """Days of warranty after a repair."""
        return self.category(category).warranty_days

    def words(self, language: str) -> dict[str, str]:
        """The text of every code in a language."""
        words = [*self.grades, *self.dispositions]
        words += [word for category in self.categories for word in category.words()]
        return {word.key: word.text(language) for word in words}


@cache
def load() -> Handbook:
    """The checklists that come with the program."""
    return read(resources.path("handbook/checklists.toml"))


def read(file: Path) -> Handbook:
    """The checklists of a file; raises ValueError that names the file, the key and what is wrong with it."""
    try:
        handbook = msgspec.toml.decode(file.read_bytes(), type=Handbook)
    except msgspec.DecodeError as error:
        raise ValueError(f"{file.name}: {error}") from error
    for wrong in _mistakes(handbook):
        raise ValueError(f"{file.name}: {wrong}")
    return handbook


def grade(points: tuple[Point, ...], answers: Mapping[str, str]) -> str:
    """The grade the answers lead to: the worst that any failed point names, A where nothing failed."""
    failed = [point.fail for point in points if answers.get(point.key) == "fail"]
    return max(failed, default=GRADES[0], key=GRADES.index)


SUGGESTED = {
    "A": ("restock", "refurbish", "vendor", "customer"),
    "B": ("restock", "refurbish", "vendor", "customer"),
    "C": ("refurbish", "parts", "vendor", "customer"),
    "D": ("repair", "vendor", "parts", "customer"),
    "E": ("scrap", "parts", "vendor", "customer"),
}
SUGGESTED_FOR_CUSTOMERS_GOODS = ("repair", "customer", "vendor")


def suggested_dispositions(grade_given: str, case_kind: str) -> tuple[str, ...]:
    """What may become of goods of a grade, the likeliest first; the customer's own are not ours to sell."""
    return SUGGESTED_FOR_CUSTOMERS_GOODS if case_kind in OWNED_BY_CUSTOMER else SUGGESTED[grade_given]


def _mistakes(handbook: Handbook) -> Iterator[str]:
    """What the shape of a handbook cannot say, each as a sentence."""
    if tuple(word.key for word in handbook.grades) != GRADES:
        yield f"grades must be {', '.join(GRADES)}"
    if tuple(word.key for word in handbook.dispositions) != DISPOSITIONS:
        yield f"dispositions must be {', '.join(DISPOSITIONS)}"
    if OTHER not in [category.key for category in handbook.categories]:
        yield f"category {OTHER} is missing"
    for category in handbook.categories:
        yield from _mistakes_in(category)
    yield from _two_meanings(handbook)


def _mistakes_in(category: Category) -> Iterator[str]:
    keys = [word.key for word in category.words()]
    for key in dict.fromkeys(key for key in keys if keys.count(key) > 1):
        yield f"{category.key}.{key} stands there twice"
    for point in category.points:
        if point.fail not in GRADES:
            yield f"{category.key}.{point.key} leads to no grade: {point.fail}"
    for word in category.words():
        if not (word.en.strip() and word.zh.strip()):
            yield f"{category.key}.{word.key} lacks a text"


def _two_meanings(handbook: Handbook) -> Iterator[str]:
    english, chinese = handbook.words("en"), handbook.words("zh_CN")
    common = (*handbook.grades, *handbook.dispositions)
    for word in (*common, *(word for category in handbook.categories for word in category.words())):
        if (word.en, word.zh) != (english[word.key], chinese[word.key]):
            yield f"{word.key} has two meanings: {word.en}, {english[word.key]}"
