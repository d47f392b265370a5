"""An action is the same by button, key and name, and goes with its page."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desk_app.texts import Speaker
from ui.actions import Action, Actions
from ui.widgets import Button

SHELVE = Action("dock.shelve", "Put on a shelf", "F6", "inbox")


@pytest.fixture
def actions(say: Speaker) -> Actions:
    return Actions(say)


@pytest.fixture
def page(qtbot: QtBot) -> QWidget:
    made = QWidget()
    QVBoxLayout(made)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def test_button_key_and_name_do_the_same(actions: Actions, page: QWidget) -> None:
    done: list[str] = []
    button = Button.of(actions.bind(page, SHELVE, lambda: done.append("shelved")))
    page.layout().addWidget(button)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    QTest.keyClick(page.windowHandle(), Qt.Key.Key_F6)
    assert actions.run("dock.shelve")
    assert done == ["shelved"] * 3
    assert (button.words(), button.key_sign(), button.accessibleName()) == (
        "Put on a shelf",
        "F6",
        "Put on a shelf",
    )


def test_disabled_action_is_disabled_everywhere(actions: Actions, page: QWidget) -> None:
    done: list[str] = []
    action = actions.bind(page, SHELVE, lambda: done.append("shelved"))
    button = Button.of(action)
    page.layout().addWidget(button)
    action.setEnabled(False)
    QTest.keyClick(page.windowHandle(), Qt.Key.Key_F6)
    assert not button.isEnabled()
    assert not actions.run("dock.shelve")
    assert done == []


def test_action_of_a_page_that_is_not_on_show_does_nothing(actions: Actions, page: QWidget) -> None:
    done: list[str] = []
    actions.bind(page, SHELVE, lambda: done.append("shelved"))
    page.hide()
    assert not actions.run("dock.shelve")
    assert not actions.run("dock.unknown")
    assert done == []


def test_taken_name_or_key_is_a_bug(actions: Actions, page: QWidget) -> None:
    actions.bind(page, SHELVE, lambda: None)
    with pytest.raises(ValueError, match=r"dock\.shelve is bound already"):
        actions.bind(page, SHELVE, lambda: None)
    with pytest.raises(ValueError, match="F6"):
        actions.bind(page, Action("dock.other", "Other", "F6"), lambda: None)


def test_actions_go_with_their_page(qtbot: QtBot, actions: Actions, page: QWidget) -> None:
    other = QWidget(page)
    actions.bind(other, SHELVE, lambda: None)
    assert actions.names() == ["dock.shelve"]
    other.deleteLater()
    QCoreApplication.sendPostedEvents(other, QEvent.Type.DeferredDelete)
    assert actions.names() == []
    actions.bind(page, SHELVE, lambda: None)
