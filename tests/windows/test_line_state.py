"""The line's page: how it is, since when and why; the desks of the store; the file for support."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from desk_app.errors import OutsideError
from desk_app.services.views import DeskRow, LineState
from ui.pages.line.page import LinePage
from ui.widgets import Confirm, Tools

NOON = 1_772_366_400_000_000
HOUR = 3_600_000_000
FEED = "store/01STORE"
OFFLINE = LineState("offline", 3, NOON - 2 * HOUR, "line.cut")


@pytest.fixture
def page(real: Any, tools: Tools, shown: Callable[..., None]) -> LinePage:
    made = LinePage(tools, real.services, real.wang)
    shown(made, 1200, 900)
    made.open()
    return made


def words(page: QWidget) -> str:
    """All that can be read on a page."""
    QApplication.processEvents()
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def tell(page: LinePage, state: LineState) -> None:
    page._services.line.now = state  # type: ignore[attr-defined]
    page.tools.hub.tell_line(state)
    QApplication.processEvents()


def test_a_line_that_is_cut_says_since_when_why_and_what_to_do(page: LinePage, tools: Tools) -> None:
    tools.hub.clock = lambda: NOON
    tell(page, OFFLINE)
    said = words(page)
    assert page.state.words.text() == "No line"
    assert "Since 1 Mar 2026, 18:00 · 2 h ago" in said
    assert "Go on working; everything is kept and sent later." in said
    assert "3 entries wait and are sent by themselves" in said


@pytest.mark.parametrize(
    ("code", "values", "said"),
    [
        ("central.port_taken", {"port": 8765}, "Another program uses port 8765,"),
        ("central.port_taken", {}, "Another program uses port –,"),
        ("central.port_taken", {"self": 1, "key": 2, "port": "{0}"}, "Another program uses port {0},"),
        ("moon.full", {"phase": 1}, "no words for: moon.full"),
        ("body.too_large", {"least": 4}, "at most – bytes"),
    ],
)
def test_a_reason_is_said_with_its_values_and_never_fails(
    page: LinePage, code: str, values: dict[str, object], said: str
) -> None:
    tell(page, LineState("offline", 0, NOON, code, 0, values))
    assert said in words(page)


def test_a_first_load_says_how_far_it_is_and_that_work_goes_on(page: LinePage) -> None:
    tell(page, LineState("online", 0, NOON, "", loaded=40))
    assert page.state.words.text() == "Connected"
    assert "Older cases are still coming: 40 % are here." in words(page)
    tell(page, LineState("online", 0, NOON, ""))
    assert "still coming" not in words(page)


@pytest.mark.parametrize(("minutes", "visible"), [(4, False), (5, False), (6, True), (-75, True)])
def test_a_clock_that_is_wrong_by_more_than_five_minutes_is_told_with_both_times(
    page: LinePage, tools: Tools, minutes: int, visible: bool
) -> None:
    tools.hub.clock = lambda: NOON
    tell(page, LineState("online", 0, NOON, "", minutes * 60_000_000))
    assert page.state.clock.isVisible() is visible
    if visible:
        there = {6: "1 Mar 2026, 20:06", -75: "1 Mar 2026, 18:45"}[minutes]
        assert "1 Mar 2026, 20:00 by this computer's clock" in page.state.clock.text()
        assert f"{there} by the central service's" in page.state.clock.text()


def test_a_desk_that_is_shut_out_is_told_that_nothing_is_lost(page: LinePage) -> None:
    tell(page, LineState("refused", 7, NOON, "desk.shut_out"))
    said = words(page)
    assert "This desk was shut out. Its entries stay here; ask the manager." in said
    assert "Nothing on this desk is lost." in said
    assert "7 entries stay here" in said


DESKS = (
    DeskRow("A", "Dock 1", NOON - 48 * HOUR, NOON, False, ours=True),
    DeskRow("B", "Window 2", NOON - 24 * HOUR, NOON - 3 * HOUR, False, ours=False),
    DeskRow("C", "Old", NOON - 24 * HOUR, 0, True, ours=False),
)


def test_a_desk_is_shut_out_after_a_question(
    qtbot: QtBot, page: LinePage, answers: Any, shell: Any, real: Any, tools: Tools
) -> None:
    tools.hub.clock = lambda: NOON
    answers.give(DESKS)
    qtbot.waitUntil(lambda: "Window 2" in words(page.desks))
    assert "Joined 28 Feb 2026, 20:00 · last contact 3 h ago" in words(page.desks)
    assert list(page.desks.buttons) == ["B"]
    page.desks.buttons["B"].click()
    (asked,) = page.findChildren(Confirm)
    assert asked.accessibleName() == "Shut Window 2 out?"
    qtbot.waitUntil(asked.danger.isEnabled)
    asked.danger.click()
    assert answers.asked[-1] == ("shut_out", ("B", real.wang))
    answers.give((DESKS[0], replace(DESKS[1], shut_out=True), DESKS[2]))
    qtbot.waitUntil(lambda: shell.toasts == ["Window 2 is shut out"])
    assert words(page.desks).count("Was shut out") == 2 and not page.desks.buttons


def test_without_a_line_the_list_says_why_it_is_not_there(qtbot: QtBot, page: LinePage, answers: Any) -> None:
    answers.give(OutsideError("line.cut"))
    qtbot.waitUntil(lambda: "cannot be reached" in words(page.desks))


def test_a_further_desk_is_added_where_the_code_is(page: LinePage, shell: Any) -> None:
    QTest.keyClick(page, Qt.Key.Key_F10)
    assert shell.opened == [("settings", {"device": "line"})]


def test_the_file_for_support_is_shown_where_it_lies(qtbot: QtBot, page: LinePage, answers: Any) -> None:
    answers.give(DESKS)
    QTest.keyClick(page, Qt.Key.Key_F7)
    assert answers.asked[-1][0] == "write"
    answers.give(Path("/papers/mendesk-support.zip"))
    qtbot.waitUntil(page.support.folder.isVisible)
    assert page.support.result.text() == f"Written to {Path('/papers/mendesk-support.zip')}"
