"""Who is at the desk: what their rights show them, and the lock."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from desk_app.domain.people import Actor
from desk_app.readers import ReaderSettings
from desk_app.services.views import Target
from desk_app.settings import Settings
from ui.app import Program
from ui.pages.signin.lock import Lock
from ui.pages.signin.page import SignIn
from ui.services import Services
from ui.sound import LOG_VARIABLE
from ui.widgets import TextField

pytestmark = pytest.mark.slow

WAIT = 5000
CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
LIN = Actor("person/1", ("clerk", "manager", "admin"), "林晓雯")
CHEN = Actor("person/2", ("technician",), "陈伟")
CLERK = Actor("person/3", ("clerk",), "Maria")
SignInAs = Callable[[Program, Actor], None]


@pytest.fixture(autouse=True)
def heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the sounds are noted."""
    monkeypatch.setenv(LOG_VARIABLE, str(tmp_path / "heard"))
    return tmp_path / "heard"


def card(program: Program) -> Any:
    """The sign-in or the lock screen."""
    stack: Any = program.window.centralWidget()
    return stack.currentWidget()


def page(program: Program) -> Any:
    return program.window.page


def presence(program: Program) -> Any:
    session: Any = program.session
    return session._presence


def to_front(program: Program, qtbot: QtBot) -> None:
    program.window.activateWindow()
    qtbot.waitUntil(program.window.isActiveWindow, timeout=WAIT)


def press(program: Program, key: Any, modifiers: Any = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(program.window.windowHandle(), key, modifiers)


def scan(program: Program, code: str) -> None:
    for sign in code:
        press(program, sign)
    press(program, Qt.Key.Key_Return)


def write(program: Program, text: str) -> TextField:
    """Write into a field of the page on show."""
    field = page(program).findChild(TextField) or TextField()
    page(program).body.addWidget(field)
    field.show()
    field.setFocus()
    QTest.keyClicks(field, text)
    return field


def said(interface: QAccessibleInterface | None) -> list[str]:
    """Every name, description and text below a point of the accessibility tree."""
    if interface is None or not interface.isValid():
        return []
    kinds = (QAccessible.Text.Name, QAccessible.Text.Description, QAccessible.Text.Value)
    here = [interface.text(kind) for kind in kinds]
    return here + [word for at in range(interface.childCount()) for word in said(interface.child(at))]


# rights


@pytest.mark.parametrize(
    ("roles", "jobs"),
    [
        (("clerk",), ["window", "dock", "cases", "settings"]),
        (("agent",), ["window", "cases", "settings"]),
        (("warehouse",), ["dock", "bench", "cases", "settings"]),
        (("technician",), ["bench", "cases", "settings"]),
        (("checker",), ["bench", "cases", "settings"]),
        (("manager",), ["window", "dock", "bench", "cases", "settings"]),
        (("technician", "clerk"), ["window", "dock", "bench", "cases", "settings"]),
    ],
)
def test_the_rail_has_the_jobs_the_person_may_do(
    signed_in: Callable[..., Program], services: Services, roles: tuple[str, ...], jobs: list[str]
) -> None:
    program = signed_in(services, Actor("person/1", roles, "Lin"))
    assert program.window.rail.jobs() == jobs
    for job in jobs:
        program.window.rail.button(job).click()
        assert program.window.route is not None
        assert program.window.route.name == job


def test_a_scan_that_names_a_page_of_others_says_so(
    qtbot: QtBot, signed_in: Callable[..., Program], services: Services, heard: Path
) -> None:
    services.cases.targets["M7I1"] = Target("bench", "case/1", 2)  # type: ignore[attr-defined]
    program = signed_in(services, Actor("person/1", ("agent",), "Lin"))
    program.window.typed.emit("M7I1")
    assert program.window.scan_bar.words.text() == "“Bench” is not among your jobs"
    assert program.window.route is not None
    assert program.window.route.name == "window"
    assert heard.read_text().split()[-1] == "error"


def test_a_page_that_leads_to_a_page_of_others_is_told(
    signed_in: Callable[..., Program], services: Services
) -> None:
    program = signed_in(services, CHEN)
    page(program).tools.shell.open("window")
    shown = program.window.toasts.shown
    assert shown is not None
    assert shown.words.text() == "“Window” is not among your jobs"
    assert program.window.route is not None
    assert program.window.route.name == "bench"


def test_a_clerk_hands_over_at_the_bench_a_code_leads_to(
    signed_in: Callable[..., Program], services: Services
) -> None:
    services.cases.targets["M7I1"] = Target("bench", "case/1", 2)  # type: ignore[attr-defined]
    program = signed_in(services, CLERK)
    program.window.typed.emit("M7I1")
    assert page(program).where == [{"stream": "case/1", "item": "2"}]


# the lock


def test_the_lock_hides_everything_and_gives_it_back_as_it_was(
    qtbot: QtBot, signed_in: Callable[..., Program], answers: Any
) -> None:
    program = signed_in()
    to_front(program, qtbot)
    program.window.open("case", stream="case/欧阳文静")
    before, field = page(program), write(program, "Ouyang 13800138000")
    field.setCursorPosition(4)
    page(program).set_title("欧阳文静")
    program.window.toast("欧阳文静")
    program.window.scan_bar.show_scan("SF1390027465183")
    everything = " ".join(said(QAccessible.queryAccessibleInterface(program.window)))
    assert all(secret in everything for secret in ("欧阳文静", "13800138000", "SF1390027465183", "林晓雯"))
    press(program, Qt.Key.Key_L, CTRL_SHIFT)
    assert isinstance(card(program), Lock)
    left = " ".join(
        [*said(QAccessible.queryAccessibleInterface(program.window)), program.window.windowTitle()]
    )
    assert "Locked" in left
    assert not any(secret in left for secret in ("欧阳文静", "13800138000", "SF1390027465183", "林晓雯"))
    assert not before.isVisible()
    press(program, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    press(program, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    assert isinstance(card(program), Lock)
    for digit in "2468":
        press(program, digit)
        QTest.qWait(0)
    card(program).entry.enter.click()
    assert answers.asked[-1] == ("sign_in", ("person/1", card(program).entry.field.text()))
    answers.give(LIN)
    qtbot.waitUntil(lambda: program.window.is_entered, timeout=WAIT)
    assert page(program) is before
    assert (field.text(), field.cursorPosition(), field.hasFocus()) == ("Ouyang 13800138000", 4, True)


def test_a_wrong_secret_leaves_it_locked(
    qtbot: QtBot, signed_in: Callable[..., Program], answers: Any
) -> None:
    from desk_app.errors import RuleError

    program = signed_in()
    presence(program).lock()
    card(program).entry.field.setText("1111")
    card(program).entry.enter.click()
    answers.give(RuleError("sign_in.wrong"))
    qtbot.waitUntil(lambda: bool(card(program).entry.form.errors()), timeout=WAIT)
    assert not program.window.is_entered
    assert card(program).entry.field.text() == ""


def test_what_lies_over_the_window_is_closed_by_the_lock(
    qtbot: QtBot, signed_in: Callable[..., Program]
) -> None:
    program = signed_in()
    dialog = QDialog(program.window)
    dialog.open()
    assert dialog.isVisible()
    presence(program).lock()
    assert not dialog.isVisible()


def test_a_scan_while_locked_is_refused_aloud_and_is_no_pin(
    qtbot: QtBot, signed_in: Callable[..., Program], heard: Path
) -> None:
    program = signed_in()
    to_front(program, qtbot)
    before = page(program)
    press(program, Qt.Key.Key_L, CTRL_SHIFT)
    scan(program, "SF1390027465183")
    qtbot.waitUntil(card(program).refused.isVisible, timeout=WAIT)
    assert card(program).refused.words.text() == "Locked: sign in first. Nothing was recorded."
    assert (card(program).entry.field.text(), card(program).entry.field.hasFocus()) == ("", True)
    assert heard.read_text().split()[-1] == "error"
    assert before.scans == []


def test_a_scan_before_anybody_signed_in_is_refused_aloud(
    qtbot: QtBot, start: Callable[..., Program], services: Services, heard: Path
) -> None:
    program = start(lambda: services)
    qtbot.waitUntil(lambda: isinstance(card(program), SignIn), timeout=WAIT)
    to_front(program, qtbot)
    scan(program, "SF1390027465183")
    qtbot.waitUntil(card(program).refused.isVisible, timeout=WAIT)
    assert card(program).refused.words.text() == "Sign in first: nothing was recorded"
    assert heard.read_text().split()[-1] == "error"


def test_a_desk_nobody_touches_locks_itself(
    qtbot: QtBot, signed_in: Callable[..., Program], settings: Settings
) -> None:
    program = signed_in()
    idle = presence(program).idle
    assert idle.timer.interval() == 5 * 60_000
    settings.lock_minutes = 2
    qtbot.waitUntil(lambda: idle.timer.interval() == 2 * 60_000, timeout=WAIT)
    assert idle.timer.isActive()
    idle.timer.setInterval(1)
    qtbot.waitUntil(lambda: isinstance(card(program), Lock), timeout=WAIT)


def test_a_desk_that_shall_not_lock_does_not(
    qtbot: QtBot, signed_in: Callable[..., Program], settings: Settings
) -> None:
    program = signed_in()
    settings.lock_minutes = 0
    idle = presence(program).idle
    qtbot.waitUntil(lambda: not idle.timer.isActive(), timeout=WAIT)
    press(program, Qt.Key.Key_Shift)
    assert not idle.timer.isActive()


@pytest.mark.parametrize("touch", ["key", "mouse", "click", "wire"])
def test_every_touch_and_every_scan_counts_as_somebody(
    qtbot: QtBot,
    signed_in: Callable[..., Program],
    services: Services,
    settings: Settings,
    touch: str,
) -> None:
    settings.readers = (ReaderSettings("/dev/ttyACM0"),)
    program = signed_in()
    to_front(program, qtbot)
    window, timer = program.window.windowHandle(), presence(program).idle.timer
    timer.stop()
    touches: dict[str, Callable[[], object]] = {
        "key": lambda: QTest.keyClick(window, Qt.Key.Key_Tab),
        "mouse": lambda: QTest.mouseMove(window, QPoint(200, 200)),
        "click": lambda: QTest.mouseClick(window, Qt.MouseButton.LeftButton, pos=QPoint(600, 300)),
        "wire": lambda: services.open_reader.made[-1].on_scan("SF1390027465183"),  # type: ignore[attr-defined]
    }
    touches[touch]()
    qtbot.waitUntil(timer.isActive, timeout=WAIT)
