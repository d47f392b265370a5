"""The question before what cannot be undone: nothing happens by accident."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desk_app.scanning.reading import Source, hear
from ui.main_window import MainWindow
from ui.theme import Scheme, Theme
from ui.widgets import Button, Confirm, Page, TextField, Tools, confirm

pytestmark = pytest.mark.slow

WORDS, DETAIL, DANGER = "Erase all data?", "This cannot be undone.", "Erase for ever"


class Questions(Page):
    """A page with a field, and a question asked with F9's button."""

    def __init__(self, tools: Tools) -> None:
        super().__init__(tools, "Case")
        self.done = 0
        self.field = TextField()
        self.field.setAccessibleName("Note")
        self.ask = Button("Erase", key="F9")
        self.ask.clicked.connect(self._ask)
        self.body.addWidget(self.field)
        self.body.addWidget(self.ask)

    def _ask(self) -> None:
        self.asked = confirm(self, WORDS, DETAIL, DANGER, self._act)

    def _act(self) -> None:
        self.done += 1


@pytest.fixture
def page(shown: Callable[..., None], tools: Tools) -> Questions:
    made = Questions(tools)
    shown(made, 800, 500)
    made.field.setFocus()
    QTest.keyClick(made.field, Qt.Key.Key_F9)
    return made


def test_it_says_what_will_happen_and_the_harmless_button_has_the_focus(page: Questions) -> None:
    assert page.asked.keep.hasFocus()
    assert (page.asked.accessibleName(), page.asked.accessibleDescription()) == (WORDS, DETAIL)
    names = (page.asked.danger.accessibleName(), page.asked.keep.accessibleName())
    assert names == (DANGER, "Keep")
    assert page.asked.window() is page


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_Escape])
def test_enter_space_and_esc_keep_and_lead_back(qtbot: QtBot, page: Questions, key: Qt.Key) -> None:
    qtbot.waitUntil(page.asked.danger.isEnabled)
    QTest.keyClick(page.asked.keep, key)
    assert page.done == 0
    assert page.field.hasFocus()
    QApplication.processEvents()
    assert page.findChildren(Confirm) == [] or not page.findChildren(Confirm)[0].isVisible()


def test_esc_keeps_wherever_the_focus_is(qtbot: QtBot, page: Questions) -> None:
    page.field.setFocus()
    QTest.keyClick(page.field, Qt.Key.Key_Escape)
    assert not page.asked.isVisible()
    assert page.field.hasFocus()


def test_the_red_button_acts_once_when_it_is_chosen(qtbot: QtBot, page: Questions) -> None:
    asked = page.asked
    qtbot.waitUntil(asked.danger.isEnabled)
    QTest.mouseClick(asked.danger, Qt.MouseButton.LeftButton)
    assert not asked.isVisible()
    assert page.done == 1


def test_it_can_be_chosen_by_keys(qtbot: QtBot, page: Questions) -> None:
    qtbot.waitUntil(page.asked.danger.isEnabled)
    while not page.asked.danger.hasFocus():
        QTest.keyClick(page.focusWidget(), Qt.Key.Key_Backtab)
    QTest.keyClick(page.asked.danger, Qt.Key.Key_Return)
    assert page.done == 1


def test_a_double_tap_of_a_glove_does_nothing(qtbot: QtBot, page: Questions) -> None:
    QTest.mouseClick(page.asked.danger, Qt.MouseButton.LeftButton)
    assert page.done == 0
    assert page.asked.isVisible()


def test_buttons_are_tall_and_far_apart(qtbot: QtBot, page: Questions) -> None:
    QApplication.processEvents()
    danger, keep = page.asked.danger, page.asked.keep
    assert min(danger.height(), keep.height()) >= 56
    gap = keep.mapTo(page, QPoint(0, 0)).x() - danger.mapTo(page, QPoint(danger.width(), 0)).x()
    assert gap >= 40
    assert keep.mapTo(page, QPoint(0, 0)).x() > page.width() / 2


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_all_of_it_can_be_read(
    shown: Callable[..., None], tools: Tools, theme: Theme, layout: Any, scale: float
) -> None:
    theme.apply(Scheme.LIGHT, scale)
    made = Questions(tools)
    shown(made, 660, 430)
    confirm(made, "Erase all data of Maria del Carmen Sánchez?", DETAIL * 4, DANGER, lambda: None)
    QApplication.processEvents()
    assert layout.faults(made) == []


def test_the_next_scan_and_leaving_the_page_take_it_away(qtbot: QtBot, window: MainWindow) -> None:
    window.add_page("ask", "Case", "folder-open", Questions)
    window.add_page("other", "Cases", "clipboard-list", Questions)
    window.enter("ask")
    page = window.page
    assert isinstance(page, Questions)
    QTest.mouseClick(page.ask, Qt.MouseButton.LeftButton)
    first = page.asked
    window.take_scan(hear("SF1390027465183", Source.KEYBOARD, 0))
    assert not first.isVisible()
    QTest.mouseClick(page.ask, Qt.MouseButton.LeftButton)
    second = page.asked
    window.open("other")
    window.back()
    assert window.page is page
    assert not second.isVisible()
    assert page.done == 0
