"""The program up to the sign-in: first paint, opening, setup, failures, bugs."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desk_app.domain.people import Actor
from desk_app.errors import OutsideError
from desk_app.settings import Settings
from ui.app import Program
from ui.failure import Failure
from ui.pages.setup.devices import PrinterCard, ScannerCard
from ui.pages.setup.page import SetupCards
from ui.pages.signin.page import SignIn
from ui.services import Services, Setup
from ui.widgets import Text, Tools

pytestmark = pytest.mark.slow

WAIT = 5000
Opened = Services | Setup
Start = Callable[..., Program]


def bare(program: Program) -> Any:
    stack: Any = program.window.centralWidget()
    return stack.currentWidget()


def words(widget: QWidget) -> str:
    return " ".join(text.text() for text in widget.findChildren(Text))


def test_the_desk_is_opened_after_the_first_paint_and_beside_the_qt_thread(
    qtbot: QtBot, start: Start, services: Services
) -> None:
    seen: list[tuple[bool, str]] = []
    gate = threading.Event()

    def open_desk() -> Opened:
        seen.append((painted.is_set(), threading.current_thread().name))
        assert gate.wait(WAIT)
        return services

    painted = threading.Event()

    class Eye(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
            if event.type() is QEvent.Type.Paint:
                painted.set()
            return False

    eye = Eye()
    program = start(open_desk)
    program.window.installEventFilter(eye)
    qtbot.waitUntil(lambda: bool(seen), timeout=WAIT)
    assert seen == [(True, seen[0][1])]
    assert seen[0][1] != threading.main_thread().name
    assert "Opening …" in words(bare(program))
    gate.set()
    qtbot.waitUntil(lambda: isinstance(bare(program), SignIn), timeout=WAIT)


def test_the_windows_go_by_the_desks_clock(qtbot: QtBot, start: Start, services: Services) -> None:
    minute = services.clock()
    now = [minute - 20_000]
    program = start(lambda: replace(services, clock=lambda: now[0]))
    with qtbot.waitSignal(program.hub.minute, timeout=WAIT):
        pass
    now[0] = minute
    assert program.hub.clock() == minute


def test_first_start_sets_up_and_then_asks_who_signs_in(
    qtbot: QtBot, start: Start, services: Services, settings: Settings
) -> None:
    class Begin:
        made = False
        devices, open_reader = services.devices, services.open_reader

        def found(self, *given: Any) -> Future[None]:
            Begin.made = True
            done: Future[None] = Future()
            done.set_result(None)
            return done

        def join(self, code: str, desk_name: str) -> Future[None]:
            raise NotImplementedError

    program = start(lambda: services if Begin.made else Begin())
    qtbot.waitUntil(lambda: isinstance(bare(program), SetupCards), timeout=WAIT)
    cards = bare(program)
    assert isinstance(cards, SetupCards)
    settings.language = "zh_CN"
    cards.show_way("sample")
    cards.card.go()  # type: ignore[union-attr, attr-defined]
    for card in (ScannerCard, PrinterCard):
        qtbot.waitUntil(lambda card=card: isinstance(cards.card, card), timeout=WAIT)
        cards.card.later.click()  # type: ignore[union-attr, attr-defined]
    qtbot.waitUntil(lambda: isinstance(bare(program), SignIn), timeout=WAIT)
    assert bare(program).accessibleName() == "登录"


@pytest.mark.parametrize(
    ("code", "values", "told"),
    [
        ("store.newer", {}, "Update this program"),
        ("store.wrong_key", {}, "does not open the data"),
        ("disk.full", {}, "The disk is full"),
        ("folder.not_writable", {"folder": "/srv/desk"}, "/srv/desk cannot be written"),
    ],
)
def test_what_cannot_be_opened_is_a_calm_sentence_and_can_be_tried_again(
    qtbot: QtBot, start: Start, services: Services, code: str, values: dict[str, str], told: str
) -> None:
    troubles = [OutsideError(code, **values)]

    def open_desk() -> Opened:
        if troubles:
            raise troubles.pop()
        return services

    program = start(open_desk)
    qtbot.waitUntil(lambda: isinstance(bare(program), Failure), timeout=WAIT)
    card = bare(program)
    assert isinstance(card, Failure)
    assert told in words(card)
    assert card.again.hasFocus() or card.again is card.focusProxy()
    card.again.click()
    qtbot.waitUntil(lambda: isinstance(bare(program), SignIn), timeout=WAIT)


@pytest.mark.logs("builtins.KeyError")
def test_a_bug_while_opening_is_logged_without_its_message_and_said(
    qtbot: QtBot, start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    phone = "13800138000"

    def open_desk() -> Opened:
        raise KeyError(phone)

    program = start(open_desk)
    program.crashes.install()
    try:
        qtbot.waitUntil(lambda: isinstance(bare(program), Failure), timeout=WAIT)
    finally:
        program.crashes.remove()
    assert "noted in the log" in words(bare(program))
    assert "open_desk" in caplog.text
    assert phone not in caplog.text


@pytest.mark.logs("builtins.ValueError")
def test_a_bug_in_any_thread_is_a_toast_and_the_hooks_are_given_back(
    qtbot: QtBot, signed_in: Callable[..., Program]
) -> None:
    program = signed_in()
    before = (sys.excepthook, threading.excepthook)

    def fail() -> None:
        raise ValueError("secret")

    program.crashes.install()
    try:
        thread = threading.Thread(target=fail)
        thread.start()
        thread.join(WAIT)
        qtbot.waitUntil(lambda: program.window.toasts.shown is not None, timeout=WAIT)
    finally:
        program.crashes.remove()
    shown = program.window.toasts.shown
    assert shown is not None
    assert "noted in the log" in shown.words.text()
    assert (sys.excepthook, threading.excepthook) == before


def test_no_part_of_a_page_is_ever_a_window_of_its_own(
    qtbot: QtBot, services: Services, tools: Tools, settings: Settings, actor: Actor, qapp: QApplication
) -> None:
    from ui.pages.settings.page import SettingsPage
    from ui.pages.window.page import WindowPage

    shown: list[str] = []

    class Eye(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
            if event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
                shown.append(repr(watched))
            return False

    eye = Eye()
    qapp.installEventFilter(eye)
    try:
        cards = SetupCards(settings, tools.tasks, services, lambda: None)  # type: ignore[arg-type]
        for way in ("found", "join", "sample"):
            cards.show_way(way)
        made: list[QWidget] = [
            cards,
            SignIn(tools.say, tools.tasks, tools.hub, services, lambda _actor: None),
            SettingsPage(tools, services, actor),
            WindowPage(tools, services, actor),
            Failure(tools.say, "Words", lambda: None),
        ]
    finally:
        qapp.removeEventFilter(eye)
    for widget in made:
        qtbot.addWidget(widget)
    assert shown == []
