"""The real pages in the window: Back finds what was shown, and the focus is never lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from desk_app.texts import Speaker
from ui.main_window import MainWindow
from ui.session import PAGES
from ui.sound import LogDevice, Sounds
from ui.tasks import Tasks
from ui.widgets import Page, Tools
from ui.widgets.confirm import Confirm
from ui.workplace import Place

pytestmark = pytest.mark.slow

WAIT = 5000


@pytest.fixture
def window(qtbot: QtBot, real: Any, tools: Tools, say: Speaker, tasks: Tasks, tmp_path: Path) -> MainWindow:
    """The window with every page, for somebody who may use them all."""

    def place(name: str, title: str, icon: str, page: Callable[..., Page], key: str) -> Place:
        return Place(name, title, icon, lambda given: page(given, real.services, real.wang), key)

    made = MainWindow(say, tasks, tools.hub, Sounds(LogDevice(tmp_path / "heard")))
    qtbot.addWidget(made)
    made.enter("window", [place(*row) for row in PAGES])
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def page(window: MainWindow) -> Any:
    return window.page


def is_kept(window: MainWindow) -> bool:
    """Whether the focus is on the page, or on something of it that can be used."""
    focus, here = QApplication.focusWidget(), window.page
    assert here is not None
    inside = focus is not None and (focus is here or here.isAncestorOf(focus))
    return inside and focus.isVisible() and focus.isEnabled()  # type: ignore[union-attr]


def test_back_finds_the_search_and_the_chosen_case_again(qtbot: QtBot, real: Any, window: MainWindow) -> None:
    for number in range(40):
        real.open_case(customer_name=f"Customer {number:02}")
    window.open("cases")
    cases = page(window)
    cases.search.setText("Customer")
    qtbot.waitUntil(lambda: cases.table.model().rowCount() == 40)
    cases.table.selectRow(30)
    cases.table.setFocus()
    scrolled = cases.table.verticalScrollBar().value()
    assert scrolled > 0
    chosen = cases._chosen()
    QTest.keyClick(cases.table, Qt.Key.Key_Return)
    assert page(window).title.text() == real.services.cases.view(chosen).case.number
    window.open("cases", search="Customer 03")
    qtbot.waitUntil(lambda: cases.table.model().rowCount() == 1)
    window.back()
    window.back()
    assert page(window) is cases
    assert (cases.search.text(), cases.table.model().rowCount()) == ("Customer", 40)
    assert (cases._chosen(), cases.table.verticalScrollBar().value()) == (chosen, scrolled)
    assert cases.table.hasFocus()


def test_back_finds_the_item_that_was_on_the_bench(real: Any, window: MainWindow) -> None:
    first, second = real.open_case(), real.open_case()
    window.open("bench", stream=first.stream)
    window.open("cases")
    window.open("bench")
    assert page(window).title.text() == first.number
    window.open("bench", stream=second.stream)
    assert page(window).title.text() == second.number
    window.back()
    assert page(window).title.text() == first.number


def test_back_scrolls_a_case_to_where_it_was(qtbot: QtBot, real: Any, window: MainWindow) -> None:
    case, other = real.open_case(), real.open_case()
    for _ in range(12):
        real.services.reception.add_note(case.stream, "Called again. " * 12, real.wang).result()
    window.open("case", stream=case.stream)
    bar = page(window)._scroll.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 1000, timeout=WAIT)
    bar.setValue(900)
    window.open("case", stream=other.stream)
    qtbot.waitUntil(lambda: bar.maximum() < 900, timeout=WAIT)
    window.back()
    assert page(window).title.text() == case.number
    qtbot.waitUntil(lambda: bar.value() == 900, timeout=WAIT)


@pytest.mark.parametrize("name", [row[0] for row in PAGES])
def test_the_focus_is_never_lost(
    qtbot: QtBot, real: Any, window: MainWindow, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_given: ([], ""))
    case = real.open_case()
    where = {"case": {"stream": case.stream}, "bench": {"stream": case.stream}}.get(name, {})
    for number in range(len(actions(window, name, where))):
        window.open(name, **where)
        assert is_kept(window), "on opening"
        action = actions(window, name, where)[number]
        if action.isEnabled():
            press(window, action)
            for _ in range(3):
                QApplication.processEvents()
            qtbot.waitUntil(lambda: is_kept(window), timeout=WAIT)
            assert getattr(QApplication.focusWidget(), "_action", None) in (None, action), "a neighbour's"
    window.open(name, **where)
    window.toast("Done", undo=lambda: None)
    window.toasts.clear()
    assert is_kept(window), "after a toast"


def test_a_toast_never_covers_what_is_asked(qtbot: QtBot, real: Any, window: MainWindow) -> None:
    window.open("case", stream=real.open_case().stream)
    case = page(window)

    def foot_of(widget: QWidget) -> int:
        return widget.mapTo(window, QPoint(0, widget.height())).y()

    def toast() -> int:
        assert window.toasts.shown
        return foot_of(window.toasts.shown)

    window.toast("Done")
    low = toast()
    case._ask_to_forget()
    (asked,) = case.findChildren(Confirm)
    top = foot_of(asked) - asked.height()
    assert toast() < top < low
    window.toast("Done again")
    assert toast() < top
    case.put_away()
    qtbot.waitUntil(lambda: toast() == low, timeout=WAIT)


def actions(window: MainWindow, name: str, where: dict[str, str]) -> list[QAction]:
    """What can be done on a page, in an order that stays."""
    window.open(name, **where)
    found = [action for action in page(window).findChildren(QAction) if action.objectName()]
    return sorted(found, key=lambda action: action.objectName())


def press(window: MainWindow, action: QAction) -> None:
    """Do it by the button with the focus on it where there is one, else by its name."""
    buttons = [
        made for made in page(window).findChildren(type(window.work.back_button)) if made._action is action
    ]
    shown = [button for button in buttons if button.isVisible()]
    if shown:
        shown[0].setFocus()
        QTest.keyClick(shown[0], Qt.Key.Key_Return)
    else:
        window.tools.actions.run(action.objectName())


def test_a_menu_that_closes_leaves_the_focus_on_its_field(qtbot: QtBot, window: MainWindow) -> None:
    window.open("settings")
    choice: QComboBox = page(window).language
    choice.setFocus()
    choice.showPopup()
    QTest.keyClick(choice.view(), Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not choice.view().isVisible(), timeout=WAIT)
    assert is_kept(window)
    assert choice.hasFocus()


@pytest.mark.parametrize("sign", ["line", "scanner", "printer"])
def test_a_sign_leads_to_its_part_of_the_settings(qtbot: QtBot, window: MainWindow, sign: str) -> None:
    window.resize(1000, 620)
    window.open("settings", device=sign)
    settings = page(window)
    wanted = {
        "line": settings.invite.show_code,
        "scanner": settings.scanner_test.target,
        "printer": settings.printer_test.page,
    }[sign]
    assert wanted.hasFocus()
    qtbot.waitUntil(lambda: not wanted.visibleRegion().isEmpty(), timeout=WAIT)


def test_when_the_desk_locks_itself_is_chosen_in_the_settings(real: Any, window: MainWindow) -> None:
    window.open("settings")
    lock = page(window).lock
    words = [lock.itemText(index) for index in range(lock.count())]
    assert words == [
        "Never",
        "After 2 minutes without use",
        "After 5 minutes without use",
        "After 15 minutes without use",
    ]
    assert lock.value() == "5"
    lock.set_value("15")
    lock.activated.emit(3)
    assert real.services.settings.lock_minutes == 15


def test_what_was_taken_away_comes_back_with_the_focus_where_it_was(window: MainWindow) -> None:
    window.open("settings", device="scanner")
    page(window).language.setFocus()
    work = window.take_away()
    window.show_bare(QWidget())
    window.put_back(work)
    assert page(window).language.hasFocus()
