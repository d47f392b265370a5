"""The windows say how long ago things were, keep it true, and leave everything else where it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel, QScrollArea
from pytestqt.qtbot import QtBot

from desk_app.domain.cases import Moment
from desk_app.texts import speaker
from ui.actions import Actions
from ui.pages import words as words_of
from ui.pages.case.page import CasePage
from ui.pages.cases.page import CasesPage
from ui.pages.dock.page import DockPage
from ui.widgets import Tools, When

MINUTE = 60_000_000
HOUR = 60 * MINUTE
SF, YTO = "SF1390027465183", "YT7512345678901"
TIME, OPENED = 5, 4  # columns


@pytest.fixture
def goes_by(tools: Tools, clock: Any) -> Callable[[int], None]:
    """Lets time go by, with the tick at its end; it is 20:00 in the store at first."""
    tools.hub.clock = clock

    def go(span: int) -> None:
        clock.advance(span)
        tools.hub.minute.emit()

    return go


def words(page: CasePage) -> list[str]:
    return [label.text() for label in page.findChildren(QLabel) if label.isVisible()]


def column(table: Any, number: int) -> list[str]:
    model = table.model()
    return [model.index(line, number).data() for line in range(model.rowCount())]


@pytest.fixture
def case_page(
    real: Any, tools: Tools, goes_by: Callable[[int], None], shown: Callable[..., None], qtbot: QtBot
) -> CasePage:
    """A case with a parcel that came two hours after it was opened, low enough that it scrolls."""
    case = real.open_case(waybill=SF)
    goes_by(2 * HOUR)
    real.services.receiving.receive(SF, real.wang).result()
    made = CasePage(tools, real.services, real.wang)
    shown(made, 1200, 400)
    made.open(stream=case.stream)
    qtbot.waitUntil(lambda: "Case opened" in words(made))
    return made


def test_a_case_and_its_story_follow_the_clock(case_page: CasePage, goes_by: Callable[[int], None]) -> None:
    opened, by = "1 Mar 2026, 20:00", "王芳"
    assert {f"{opened} · 2 h ago", "SF Express · just now", f"2 h ago · {by}"} <= set(words(case_page))
    goes_by(3 * MINUTE)
    assert {f"{opened} · 2 h ago", "SF Express · 3 min ago", f"2 h ago · {by}"} <= set(words(case_page))
    goes_by(24 * HOUR)
    late = "SF Express · yesterday 22:00"
    assert {f"{opened} · yesterday 20:00", late, f"yesterday 20:00 · {by}"} <= set(words(case_page))
    goes_by(9 * 24 * HOUR)
    assert {opened, "SF Express · 1 Mar 2026, 22:00", f"{opened} · {by}"} <= set(words(case_page))


def test_nothing_else_moves_on_a_case(case_page: CasePage, goes_by: Callable[[int], None]) -> None:
    scroll = case_page.findChild(QScrollArea)
    assert isinstance(scroll, QScrollArea)
    note = case_page.note.field("note")
    note.setFocus()
    case_page.note.set_text("note", "客户周六")
    scroll.verticalScrollBar().setValue(60)
    labels = case_page.findChildren(When)
    goes_by(MINUTE)
    assert scroll.verticalScrollBar().value() == 60
    assert note.hasFocus()
    assert case_page.note.text("note") == "客户周六"
    assert case_page.findChildren(When) == labels


def test_a_case_in_chinese(
    real: Any, tools: Tools, goes_by: Callable[[int], None], shown: Callable[..., None], qtbot: QtBot
) -> None:
    say = speaker("zh_CN")
    case = real.open_case(phone="+86 13800138000")
    goes_by(3 * 24 * HOUR)
    chinese = Tools(say, Actions(say), tools.tasks, tools.hub, tools.sounds, tools.shell, tools.scans)
    page = CasePage(chinese, real.services, real.wang)
    shown(page)
    page.open(stream=case.stream)
    told = {"2026-03-01 20:00 · 3 天前", "3 天前 · 王芳", "+86 138 0013 8000"}
    qtbot.waitUntil(lambda: told <= set(words(page)))


def test_the_list_of_cases_is_relative_today_and_exact_before(
    real: Any, tools: Tools, goes_by: Callable[[int], None], shown: Callable[..., None], qtbot: QtBot
) -> None:
    real.open_case()
    page = CasesPage(tools, real.services, real.wang)
    shown(page)
    page.open()
    assert column(page.table, OPENED) == ["just now"]
    goes_by(2 * HOUR)
    real.open_case()
    qtbot.waitUntil(lambda: column(page.table, OPENED) == ["just now", "2 h ago"])
    page.table.selectRow(1)
    page.search.setFocus()
    with qtbot.waitSignal(page.table.model().dataChanged):
        goes_by(2 * HOUR)
    assert column(page.table, OPENED) == ["1 Mar 2026, 22:00", "1 Mar 2026, 20:00"]
    assert page.table.currentIndex().row() == 1
    assert page.search.hasFocus()


def test_a_case_is_found_by_its_phone_as_it_is_shown(
    real: Any, tools: Tools, shown: Callable[..., None], qtbot: QtBot
) -> None:
    real.open_case(customer_name="Øyvind Åse", phone="+4791234567")
    sought = real.open_case()
    page = CasesPage(tools, real.services, real.wang)
    shown(page)
    page.open()
    page.search.setText("138 0013 8000")
    qtbot.waitUntil(lambda: column(page.table, 0) == [sought.number])


def test_the_dock_follows_the_clock_and_counts_from_midnight(
    real: Any, tools: Tools, goes_by: Callable[[int], None], shown: Callable[..., None], qtbot: QtBot
) -> None:
    real.services.receiving.receive(SF, real.wang).result()
    goes_by(5 * MINUTE)
    real.services.receiving.receive(YTO, real.wang).result()
    page = DockPage(tools, real.services, real.wang)
    shown(page)
    page.open()
    page.setFocus()
    assert column(page.table, TIME) == ["just now", "5 min ago"]
    goes_by(HOUR)
    assert column(page.table, TIME) == ["1 h ago", "1 h ago"]
    assert page.count.text() == "2 parcels today"
    goes_by(3 * HOUR)
    assert column(page.table, TIME) == ["1 Mar 2026, 20:05", "1 Mar 2026, 20:00"]
    assert page.count.text() == "0 parcels today"
    assert page.hasFocus()


def test_minutes_of_work_are_told_in_hours() -> None:
    worked = Moment("repair.worked", "person/1", 0, 1, "95")
    assert words_of.moment_detail(speaker("en"), worked) == "1 h 35 min"
    assert words_of.moment_detail(speaker("zh_CN"), worked) == "1 小时 35 分钟"
