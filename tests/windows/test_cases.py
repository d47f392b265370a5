"""The list of cases: search, Enter, and news that leave the choice alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ui.pages.cases.page import CasesPage
from ui.widgets import Tools


@pytest.fixture
def page(real: Any, tools: Tools, shown: Callable[..., None]) -> CasesPage:
    made = CasesPage(tools, real.services, real.wang)
    shown(made)
    made.open()
    return made


def shown_in(page: CasesPage, column: int) -> list[str]:
    model = page.table.model()
    return [model.index(line, column).data() for line in range(model.rowCount())]


def test_without_cases_the_page_says_what_to_do(page: CasesPage, shell: Any, qtbot: QtBot) -> None:
    assert page.none_yet.isVisible()
    assert not page.table.isVisible()
    qtbot.keyClick(page, Qt.Key.Key_F2)
    assert shell.opened == [("window", {})]


def test_a_case_of_another_desk_comes_by_itself_and_the_choice_stays(
    qtbot: QtBot, real: Any, page: CasesPage, clock: Any
) -> None:
    first = real.open_case()
    clock.advance(60_000_000)
    qtbot.waitUntil(lambda: shown_in(page, 0) == [first.number])
    page.table.selectRow(0)
    second = real.open_case(customer_name="Øyvind Åse", phone="+4791234567")
    qtbot.waitUntil(lambda: page.table.model().rowCount() == 2)
    assert shown_in(page, 0) == [second.number, first.number]
    assert shown_in(page, 6) == ["+47****4567", "138****8000"]
    assert page.table.currentIndex().row() == 1
    assert page.found.text() == "2 cases"


def test_search_narrows_and_enter_opens(qtbot: QtBot, real: Any, page: CasesPage, shell: Any) -> None:
    real.open_case()
    sought = real.open_case(customer_name="Øyvind Åse")
    page.search.setText("Øyvind")
    qtbot.waitUntil(lambda: shown_in(page, 0) == [sought.number])
    qtbot.keyClick(page.search, Qt.Key.Key_Return)
    assert shell.opened == [("case", {"stream": sought.stream})]


def test_the_arrow_leads_into_the_list(qtbot: QtBot, real: Any, page: CasesPage, shell: Any) -> None:
    case = real.open_case()
    qtbot.waitUntil(lambda: page.table.model().rowCount() == 1)
    page.search.setFocus()
    qtbot.keyClick(page.search, Qt.Key.Key_Down)
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert shell.opened == [("case", {"stream": case.stream})]


def test_what_fits_nothing_is_said_and_can_be_cleared(qtbot: QtBot, real: Any, page: CasesPage) -> None:
    real.open_case()
    page.search.setText("Zanzibar")
    qtbot.waitUntil(page.none_fits.isVisible)
    qtbot.keyClick(page.search, Qt.Key.Key_Escape)
    qtbot.waitUntil(page.table.isVisible)


def test_a_key_is_answered_at_once_and_a_scanner_s_keys_are_one_question(
    qtbot: QtBot, real: Any, page: CasesPage
) -> None:
    case = real.open_case()
    qtbot.waitUntil(lambda: page.table.model().rowCount() == 1)
    asked: list[str] = []
    page.table.model().modelReset.connect(lambda: asked.append(page.search.text()))
    for end in range(1, len(case.number) + 1):
        page.search.setText(case.number[:end])
    assert asked == [case.number[:1]]
    qtbot.waitUntil(lambda: len(asked) > 1)
    assert asked == [case.number[:1], case.number]


def test_of_very_many_the_newest_are_listed(
    real: Any, page: CasesPage, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("ui.pages.cases.page", "desk_app.services.cases"):
        monkeypatch.setattr(f"{module}.MOST_FOUND", 2)
    numbers = []
    for _ in range(3):
        clock.advance(1)
        numbers.append(real.open_case(customer_name="Øyvind Åse").number)
    page.open(search="Øyvind")
    assert shown_in(page, 0) == [numbers[2], numbers[1]]
    assert page.found.text() == "The newest 2 cases"
