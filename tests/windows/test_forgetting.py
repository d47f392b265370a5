"""Erasing a customer's data from their case: asked first, then gone everywhere, and only by who may."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desk_app.errors import RuleError
from ui.pages.case.page import CasePage
from ui.widgets import Confirm, Tools

PERSONAL = ("欧阳文静", "138 0013 8000", "13800138000", "左耳没有声音", "电话里很生气")


@pytest.fixture
def case(real: Any) -> Any:
    made = real.open_case(serial="QY-A3-0098117")
    real.services.reception.add_note(made.stream, "电话里很生气", real.wang).result()
    return made


@pytest.fixture
def open_page(real: Any, case: Any, tools: Tools, shown: Callable[..., None]) -> Callable[[Any], CasePage]:
    def opened(actor: Any) -> CasePage:
        made = CasePage(tools, real.services, actor)
        shown(made)
        made.open(stream=case.stream)
        return made

    return opened


def said(page: CasePage) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def question(page: CasePage) -> Confirm | None:
    return next((asked for asked in page.findChildren(Confirm) if asked.isVisible()), None)


def test_it_is_asked_then_erased_everywhere_for_good(
    qtbot: QtBot, real: Any, case: Any, open_page: Any, shell: Any
) -> None:
    page = open_page(real.wang)
    personal = {"欧阳文静", "138 0013 8000", "左耳没有声音", "电话里很生气"}
    qtbot.waitUntil(lambda: personal <= set(said(page).splitlines()))
    QTest.keyClick(page, Qt.Key.Key_F9)
    asked = question(page)
    assert asked is not None
    assert asked.accessibleName() == "Erase all data of 欧阳文静?"
    assert "This cannot be undone" in asked.accessibleDescription()
    qtbot.waitUntil(asked.danger.isEnabled)
    QTest.mouseClick(asked.danger, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: shell.toasts == ["The customer's data are erased"])
    qtbot.waitUntil(lambda: not page._forget_button.isVisible())
    assert [words for words in PERSONAL if words in said(page)] == []
    qtbot.waitUntil(lambda: said(page).splitlines().count("Erased") >= 4)
    assert "QY-A3-0098117" in said(page)
    view = real.services.cases.view(case.stream)
    assert (view.customer, view.texts) == (None, {})
    QTest.keyClick(page, Qt.Key.Key_F9)
    assert question(page) is None


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Return])
def test_esc_and_enter_erase_nothing(qtbot: QtBot, real: Any, case: Any, open_page: Any, key: Qt.Key) -> None:
    page = open_page(real.wang)
    QTest.keyClick(page, Qt.Key.Key_F9)
    asked = question(page)
    assert asked is not None
    qtbot.waitUntil(asked.danger.isEnabled)
    QTest.keyClick(asked.keep, key)
    assert question(page) is None
    assert real.services.cases.view(case.stream).customer.name == "欧阳文静"


def test_who_may_not_is_not_offered_it(real: Any, open_page: Any) -> None:
    assert not real.maria.may("customer.forget")
    page = open_page(real.maria)
    assert not page._forget_button.isVisible()
    QTest.keyClick(page, Qt.Key.Key_F9)
    assert question(page) is None


def test_a_refusal_is_told(qtbot: QtBot, real: Any, open_page: Any, shell: Any, answers: Any) -> None:
    page = open_page(real.wang)
    page._services = replace(page._services, privacy=Refusing(answers))
    page._forget("customer/1")
    answers.futures[-1].set_exception(RuleError("role.missing", name="王芳"))
    qtbot.waitUntil(lambda: len(shell.toasts) == 1)
    assert "王芳" in shell.toasts[0]


class Refusing:
    """A service that the test answers for."""

    def __init__(self, answers: Any) -> None:
        self._answers = answers

    def forget(self, customer: str, by: Any) -> Any:
        return self._answers.ask("forget", customer, by)
