"""Another person at the same desk: two seconds, and what each person left is theirs alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desk_app.domain.people import Actor
from desk_app.services.views import PersonRow
from desk_app.settings import Settings
from ui.app import Program
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


def test_a_digit_four_digits_and_enter_change_the_person(
    qtbot: QtBot, signed_in: Callable[..., Program], answers: Any
) -> None:
    program = signed_in()
    to_front(program, qtbot)
    keys = [Qt.Key.Key_F12, "3", "1", "3", "5", "7", Qt.Key.Key_Return]
    for key in keys:
        press(program, key)
        qtbot.waitUntil(lambda: not program.session._keys._burst.waiting, timeout=WAIT)  # type: ignore[union-attr]
    assert answers.asked[-1] == ("sign_in", ("person/3", "1357"))
    answers.give(CLERK)
    qtbot.waitUntil(lambda: program.window.is_entered, timeout=WAIT)
    assert program.window.signs["person"].words == "Maria"


def test_who_came_last_stands_first_even_after_a_new_start(
    qtbot: QtBot, signed_in: Callable[..., Program], sign_in: SignInAs, settings: Settings, tmp_path: Path
) -> None:
    program = signed_in()
    presence(program).change_person()
    sign_in(program, CHEN)
    presence(program).change_person()
    names = [tile.option.text for tile in card(program).people.tiles.tiles]
    assert names == ["陈伟", "林晓雯", "Maria del Carmen Sánchez"]
    assert Settings(tmp_path / "settings.json").recent_people == "person/2 person/1"


def test_the_page_on_show_stays_where_the_next_person_may_use_it(
    qtbot: QtBot, signed_in: Callable[..., Program], sign_in: SignInAs
) -> None:
    program = signed_in()
    program.window.open("case", stream="case/1")
    presence(program).change_person()
    sign_in(program, CHEN)
    assert (page(program).actor, page(program).where) == (CHEN, [{"stream": "case/1"}])
    program.window.open("bench")
    presence(program).lock()
    card(program).entry.leave.click()
    assert isinstance(card(program), SignIn)
    sign_in(program, Actor("person/3", ("agent",), "Maria"))
    assert program.window.route is not None
    assert program.window.route.name == "window"


def test_what_somebody_was_writing_waits_for_them_alone(
    qtbot: QtBot, signed_in: Callable[..., Program], sign_in: SignInAs
) -> None:
    program = signed_in()
    to_front(program, qtbot)
    program.window.open("cases")
    program.window.open("window")
    field = write(program, "Ouyang")
    mine = page(program)
    press(program, Qt.Key.Key_F12)
    sign_in(program, CLERK)
    assert page(program) is not mine
    assert not page(program).findChildren(TextField)
    assert "Ouyang" not in " ".join(said(QAccessible.queryAccessibleInterface(program.window)))
    program.window.open("cases")
    press(program, Qt.Key.Key_F12)
    sign_in(program, LIN)
    assert page(program) is mine
    assert (field.text(), field.isVisible(), field.hasFocus()) == ("Ouyang", True, True)
    program.window.back()
    assert program.window.route is not None
    assert program.window.route.name == "cases"


def test_who_left_nothing_unfinished_sees_the_page_on_show(
    qtbot: QtBot, signed_in: Callable[..., Program], sign_in: SignInAs
) -> None:
    program = signed_in()
    program.window.open("settings")
    presence(program).change_person()
    sign_in(program, CLERK)
    program.window.open("case", stream="case/2")
    presence(program).change_person()
    sign_in(program, LIN)
    assert page(program).where[-1] == {"stream": "case/2"}
    program.window.back()
    assert program.window.route is not None
    assert program.window.route.name == "settings"


def test_after_an_hour_what_was_written_is_gone(
    qtbot: QtBot, signed_in: Callable[..., Program], sign_in: SignInAs
) -> None:
    program = signed_in()
    write(program, "Ouyang")
    mine = page(program)
    presence(program).change_person()
    kept = presence(program)._kept["person/1"]
    assert (kept.until.interval(), kept.until.isActive()) == (60 * 60_000, False)
    sign_in(program, CLERK)
    assert kept.until.isActive()
    kept.until.setInterval(1)
    qtbot.waitUntil(lambda: not presence(program)._kept, timeout=WAIT)
    presence(program).change_person()
    sign_in(program, LIN)
    assert page(program) is not mine
    assert not page(program).findChildren(TextField)


def test_who_has_other_roles_now_begins_anew(
    qtbot: QtBot, signed_in: Callable[..., Program], sign_in: SignInAs
) -> None:
    program = signed_in()
    write(program, "Ouyang")
    presence(program).change_person()
    sign_in(program, Actor("person/1", ("warehouse",), "林晓雯"))
    assert program.window.rail.jobs() == ["dock", "bench", "cases", "settings"]
    assert not page(program).findChildren(TextField)


def test_an_answer_that_comes_late_stays_with_its_person(
    qtbot: QtBot, signed_in: Callable[..., Program], sign_in: SignInAs
) -> None:
    program = signed_in()
    theirs = page(program).tools.shell
    presence(program).change_person()
    sign_in(program, CHEN)
    theirs.open("case", stream="case/9")
    theirs.toast("Late")
    assert program.window.toasts.shown is None
    assert program.window.route is not None
    assert program.window.route.name == "bench"
    presence(program).change_person()
    sign_in(program, LIN)
    program.window.back()
    assert page(program).where[-1] == {"stream": "case/9"}


def test_a_check_that_was_left_signs_nobody_in(
    qtbot: QtBot, signed_in: Callable[..., Program], answers: Any
) -> None:
    program = signed_in()
    presence(program).change_person()
    card(program).people.tiles.tiles[0].click()
    card(program).entry.enter.click()
    card(program).entry.leave.click()
    card(program).people.tiles.tiles[1].click()
    card(program).entry.enter.click()
    answers.give(LIN)
    QApplication.processEvents()
    assert not program.window.is_entered
    answers.give(CHEN)
    qtbot.waitUntil(lambda: program.window.is_entered, timeout=WAIT)
    assert presence(program).actor == CHEN


def test_many_people_are_found_by_part_of_the_name(
    qtbot: QtBot, start: Callable[..., Program], services: Services, answers: Any
) -> None:
    names = [
        "Ann Lee",
        "Anna Kovács",
        "Bo",
        "Cyd",
        "Dee",
        "Eve",
        "Fay",
        "Gus",
        "Hal",
        "Ida",
        "王芳",
        "王芳芳",
    ]
    rows = tuple(PersonRow(f"person/{n}", name, ("clerk",), True) for n, name in enumerate(names))
    services.people.rows = rows  # type: ignore[attr-defined]
    program = start(lambda: services)
    qtbot.waitUntil(lambda: isinstance(card(program), SignIn), timeout=WAIT)
    to_front(program, qtbot)
    people: Any = card(program).people
    assert people.search.hasFocus()
    assert len(people.tiles.tiles) == 12
    QTest.keyClicks(people.search, "ANN")
    assert [tile.option.text for tile in people.tiles.tiles] == ["Ann Lee", "Anna Kovács"]
    QTest.keyClick(people.search, Qt.Key.Key_Down)
    assert people.tiles.tiles[0].hasFocus()
    QTest.keyClick(people.tiles.tiles[0], Qt.Key.Key_Right)
    assert people.tiles.tiles[1].hasFocus()
    assert people.value() == ""
    QTest.keyClick(people.tiles.tiles[1], Qt.Key.Key_Return)
    assert card(program).who.text() == "Anna Kovács"
    assert card(program).entry.field.hasFocus()
    press(program, Qt.Key.Key_Escape)
    assert people.isVisible()
    people.search.setText("zz")
    assert people.nobody.isVisible()
    people.search.setText("芳芳")
    QTest.keyClick(people.search, Qt.Key.Key_Return)
    assert card(program).who.text() == "王芳芳"
