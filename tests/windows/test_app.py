"""The program from its first paint to signed-in work: opening, setup, failures, people, scans, signs."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desk_app.changes import Changes, Origin
from desk_app.domain.people import Actor
from desk_app.errors import OutsideError
from desk_app.scanning.reading import Scan
from desk_app.services.views import LineState, Target
from desk_app.settings import Settings
from ui import session
from ui.app import Program
from ui.failure import Failure
from ui.pages.setup.page import SetupCards
from ui.pages.signin.page import SignIn
from ui.services import Services, Setup
from ui.theme import Scheme, Tone, look
from ui.widgets import Page, Text, Tools

WAIT = 5000
LIN = Actor("person/1", ("clerk", "manager"), "林晓雯")
Opened = Services | Setup


class Plain(Page):
    """A page that remembers how it was opened and takes waybills."""

    def __init__(self, tools: Tools, services: Services, actor: Actor) -> None:
        super().__init__(tools, tools.say("Dock"))
        self.actor = actor
        self.where: list[dict[str, str]] = []
        self.scans: list[tuple[str, str]] = []

    def open(self, **where: str) -> None:
        self.where.append(where)

    def scanned(self, scan: Scan) -> bool:
        self.scans.append((scan.raw, scan.source.value))
        return scan.raw.startswith("SF")


@pytest.fixture(autouse=True)
def _plain_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = tuple((name, title, icon, Plain, key) for name, title, icon, _, key in session.PAGES)
    monkeypatch.setattr(session, "PAGES", pages)


Start = Callable[..., Program]


@pytest.fixture
def start(qapp: QApplication, settings: Settings, tmp_path: Path) -> Iterator[Start]:
    made: list[Program] = []

    def begin(open_desk: Callable[[], Opened]) -> Program:
        program = Program(qapp, open_desk, settings, tmp_path / "cache")
        made.append(program)
        program.start()
        return program

    yield begin
    for program in made:
        program.stop()
        program.window.close()
        program.window.deleteLater()


@pytest.fixture
def signed_in(qtbot: QtBot, start: Start, services: Services, answers: Any) -> Callable[..., Program]:
    def begin(given: Services = services, actor: Actor = LIN) -> Program:
        program = start(lambda: given)
        sign_in(qtbot, program, answers, actor)
        return program

    return begin


def sign_in(qtbot: QtBot, program: Program, answers: Any, actor: Actor) -> None:
    qtbot.waitUntil(lambda: isinstance(bare(program), SignIn), timeout=WAIT)
    card = bare(program)
    assert isinstance(card, SignIn)
    card.tiles._tiles[0].click()
    card.enter.click()
    answers.give(actor)
    qtbot.waitUntil(lambda: program.window.is_entered, timeout=WAIT)


def bare(program: Program) -> QWidget:
    stack = program.window.centralWidget()
    return stack.currentWidget()  # type: ignore[attr-defined, no-any-return]


def words(widget: QWidget) -> str:
    return " ".join(text.text() for text in widget.findChildren(Text))


def page(program: Program) -> Plain:
    assert isinstance(program.window.page, Plain)
    return program.window.page


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


def test_first_start_sets_up_and_then_asks_who_signs_in(
    qtbot: QtBot, start: Start, services: Services, settings: Settings
) -> None:
    class Begin:
        made = False

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


@pytest.mark.parametrize(
    ("roles", "first"),
    [
        (("clerk",), "window"),
        (("warehouse",), "dock"),
        (("technician", "checker"), "bench"),
        (("admin",), "window"),
        (("warehouse", "clerk"), "window"),
    ],
)
def test_work_begins_where_the_person_works(
    signed_in: Callable[..., Program], services: Services, roles: tuple[str, ...], first: str
) -> None:
    program = signed_in(services, Actor("person/1", roles, "Lin"))
    assert program.window.route is not None
    assert program.window.route.name == first
    assert page(program).actor.roles == roles


def test_f12_and_the_persons_sign_let_the_next_person_in(
    qtbot: QtBot, signed_in: Callable[..., Program], answers: Any
) -> None:
    program = signed_in()
    window = program.window
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=WAIT)
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_F12)
    assert isinstance(bare(program), SignIn)
    sign_in(qtbot, program, answers, Actor("person/2", ("technician",), "陈伟"))
    assert (page(program).actor.name, window.signs["person"].words) == ("陈伟", "陈伟")
    window.signs["person"].click()
    assert isinstance(bare(program), SignIn)


def test_signs_say_who_where_line_and_scanner(
    signed_in: Callable[..., Program], services: Services, qtbot: QtBot, line_heard: list[Any]
) -> None:
    program = signed_in()
    signs = program.window.signs
    assert {name: sign.words for name, sign in signs.items()} == {
        "person": "林晓雯",
        "desk": "Window 1",
        "line": "Connected",
        "printer": "Prints into PDF files",
        "scanner": "Scanner types",
    }
    thread = threading.Thread(target=line_heard[0], args=(LineState("offline", 12, 0, ""),))
    thread.start()
    thread.join(WAIT)
    qtbot.waitUntil(lambda: signs["line"].words == "No line · 12 waiting", timeout=WAIT)
    assert signs["line"].tone is Tone.ATTENTION
    line_heard[0](LineState("refused", 12, 0, "desk.shut_out"))
    qtbot.waitUntil(lambda: signs["line"].tone is Tone.WRONG, timeout=WAIT)
    assert program.window.windowTitle() == "Mendesk · Harbour Street"


def test_the_sample_shop_is_marked_wherever_one_looks(
    signed_in: Callable[..., Program], sample_services: Services
) -> None:
    program = signed_in(sample_services)
    sign = program.window.signs["desk"]
    assert (sign.words, sign.tone) == ("Sample shop · Window 1", Tone.ATTENTION)
    assert program.window.windowTitle() == "Mendesk · Sample shop"


def test_scans_of_scanners_that_type_reach_the_page_whatever_has_the_focus(
    qtbot: QtBot, signed_in: Callable[..., Program]
) -> None:
    program = signed_in()
    window = program.window
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=WAIT)
    for sign in "SF1390027465183":
        QTest.keyClick(window.windowHandle(), sign)
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(page(program).scans), timeout=WAIT)
    assert page(program).scans == [("SF1390027465183", "keyboard")]


def test_serial_scans_come_from_their_thread_and_the_port_is_said(
    qtbot: QtBot, signed_in: Callable[..., Program], services: Services, settings: Settings
) -> None:
    settings.serial_port = "/dev/ttyACM0"
    program = signed_in()
    reader: Any = services.open_reader.made[-1]  # type: ignore[attr-defined]
    assert (reader.port, reader.baud, reader.running) == ("/dev/ttyACM0", 9600, True)
    thread = threading.Thread(target=lambda: (reader.on_state("open"), reader.on_scan("SF1390027465183")))
    thread.start()
    thread.join(WAIT)
    qtbot.waitUntil(lambda: bool(page(program).scans), timeout=WAIT)
    assert page(program).scans == [("SF1390027465183", "serial")]
    sign = program.window.signs["scanner"]
    assert (sign.words, sign.tone) == ("Scanner ready", Tone.NEUTRAL)
    reader.on_state("lost")
    qtbot.waitUntil(lambda: sign.tone is Tone.WRONG, timeout=WAIT)
    assert sign.words == "Scanner unplugged: plug it in again"
    program.stop()
    assert not reader.running


@pytest.mark.parametrize("state", ["open", "missing", "busy", "denied", "lost"])
def test_every_state_of_a_port_has_words(state: str) -> None:
    from desk_app.scanning.serial_port import PortState

    assert {port.value for port in PortState} == set(session.PORTS)
    assert session.PORTS[state][2]


def test_another_port_closes_the_one_before(
    qtbot: QtBot, signed_in: Callable[..., Program], services: Services, settings: Settings
) -> None:
    settings.serial_port = "/dev/ttyACM0"
    signed_in()
    made: list[Any] = services.open_reader.made  # type: ignore[attr-defined]
    settings.serial_port = "/dev/ttyACM1"
    qtbot.waitUntil(lambda: made[-1].port == "/dev/ttyACM1", timeout=WAIT)
    assert [reader.running for reader in made] == [False, True]
    settings.serial_port = ""
    qtbot.waitUntil(lambda: not made[-1].running, timeout=WAIT)


def test_a_code_no_page_takes_opens_what_it_names(
    qtbot: QtBot, signed_in: Callable[..., Program], services: Services
) -> None:
    services.cases.targets["M7K00214W"] = Target("case", "case/1")  # type: ignore[attr-defined]
    services.cases.targets["M7I1"] = Target("bench", "case/1", 2)  # type: ignore[attr-defined]
    program = signed_in()
    program.window.typed.emit("M7K00214W")
    assert program.window.route is not None
    assert (program.window.route.name, page(program).where) == ("case", [{"stream": "case/1"}])
    program.window.typed.emit("M7I1")
    assert (program.window.route.name, page(program).where) == (
        "bench",
        [{"stream": "case/1", "item": "2"}],
    )


def test_an_unknown_code_says_so_and_what_to_do(
    signed_in: Callable[..., Program], monkeypatch: pytest.MonkeyPatch
) -> None:
    program = signed_in()
    program.window.typed.emit("HELLO")
    assert program.window.scan_bar.words.text().startswith("Unknown code.")
    assert program.window.route is not None
    assert program.window.route.name == "window"


def test_what_changes_in_the_store_reaches_every_page(
    qtbot: QtBot, signed_in: Callable[..., Program], changes_heard: list[Any]
) -> None:
    program = signed_in()
    news = Changes(frozenset({"case/1"}), Origin.SYNC)
    with qtbot.waitSignal(program.hub.changed, timeout=WAIT) as heard:
        thread = threading.Thread(target=changes_heard[0], args=(news,))
        thread.start()
        thread.join(WAIT)
    assert heard.args == [news]


def test_settings_count_at_once(qtbot: QtBot, signed_in: Callable[..., Program], settings: Settings) -> None:
    program = signed_in()
    settings.scheme, settings.text_scale, settings.volume = "dark", 125, 0
    qtbot.waitUntil(lambda: look().scheme is Scheme.DARK and program.sounds.volume == 0, timeout=WAIT)
    assert look().scale == 1.25
    settings.language = "zh_CN"
    qtbot.waitUntil(lambda: program.window.signs["line"].words == "已连接", timeout=WAIT)
    assert page(program).title.text() == "收货台"
    assert page(program).actor is LIN


def test_settings_that_could_not_be_read_are_said_once(
    qtbot: QtBot, signed_in: Callable[..., Program], services: Services, tmp_path: Path, answers: Any
) -> None:
    (tmp_path / "broken.json").write_text("{")
    program = signed_in(replace(services, settings=Settings(tmp_path / "broken.json")))
    shown = program.window.toasts.shown
    assert shown is not None
    assert shown.words.text() == "设置无法读取，已使用默认设置。"
    program.session.change_person()  # type: ignore[union-attr]
    sign_in(qtbot, program, answers, LIN)
    assert program.window.toasts.shown is None


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
