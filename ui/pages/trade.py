"""The words of the trade as the handbook has them, and what it asks of goods, ready for the screen."""

from __future__ import annotations

from desk_app.domain.cases import DISPOSITIONS, Case, Item, Moment
from desk_app.handbook import checklists
from desk_app.texts import Speaker
from ui.pages import words
from ui.widgets import Option, Point


class Trade:
    """The handbook in one language."""

    def __init__(self, handbook: checklists.Handbook, say: Speaker) -> None:
        self.say = say
        self._handbook = handbook
        self._words = self._texts((*handbook.grades, *handbook.dispositions))

    def word(self, code: str) -> str:
        """The text of a grade or disposition; the code itself where a newer handbook has written it."""
        return self._words.get(code, code)

    def code(self, category: str, code: str) -> str:
        """The text of a fault, part or test, which mean their own in each category."""
        known = self._handbook.category(category)
        return self._texts((*known.tests, *known.faults, *known.parts)).get(code, code)

    def disposition(self, item: Item) -> str:
        """What becomes of an item and on which shelf it lies."""
        return words.joined(self.word(item.disposition), item.shelf)

    def moment_detail(self, case: Case, moment: Moment) -> str:
        """The short detail of an entry in words."""
        if moment.kind in ("item.inspected", "item.disposed"):
            return self.word(moment.detail)
        item = case.item(moment.item)
        if item and moment.kind in ("repair.diagnosed", "repair.tested"):
            return self.code(item.category, moment.detail)
        return words.moment_detail(self.say, moment)

    def points(self, category: str) -> list[Point]:
        """The checklist of a category."""
        language = self.say.language
        return [
            Point(point.key, point.text(language), unit=point.unit)
            for point in self._handbook.checklist(category)
        ]

    def tests(self, category: str) -> list[Point]:
        """The tests after a repair."""
        return [Point(*pair) for pair in self._pairs(self._handbook.category(category).tests)]

    def faults(self, category: str) -> list[tuple[str, str]]:
        """Codes and texts of the faults that a category knows."""
        return self._pairs(self._handbook.category(category).faults)

    def parts(self, category: str) -> list[tuple[str, str]]:
        """Codes and texts of the parts that a device of a category has."""
        return self._pairs(self._handbook.category(category).parts)

    def grade_of(self, category: str, answers: dict[str, str]) -> str:
        """The grade that answers lead to."""
        return checklists.grade(self._handbook.checklist(category), answers)

    def grades(self) -> list[Option]:
        """All grades as tiles."""
        return [
            Option(word.key, word.text(self.say.language), "", look.icon, look.tone)
            for word in self._handbook.grades
            for look in [words.GRADES[word.key]]
        ]

    def dispositions(self, grade: str, case_kind: str, repaired: bool) -> list[Option]:
        """What may become of goods, as tiles: what the handbook suggests first, then the rest."""
        suggested = checklists.suggested_dispositions(grade, case_kind)
        keys = dict.fromkeys((*suggested, *DISPOSITIONS))
        possible = [key for key in keys if not (repaired and key == "repair")]
        return [self._disposition(key, key == possible[0]) for key in possible]

    def _disposition(self, key: str, first: bool) -> Option:
        look = words.DISPOSITIONS[key]
        detail = self.say("Suggested") if first else ""
        return Option(key, self.word(key), detail, look.icon, look.tone)

    def _texts(self, codes: tuple[checklists.Word, ...]) -> dict[str, str]:
        return dict(self._pairs(codes))

    def _pairs(self, codes: tuple[checklists.Word, ...]) -> list[tuple[str, str]]:
        return [(code.key, code.text(self.say.language)) for code in codes]
