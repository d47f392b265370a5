"""The program from the sign-in on: people, scans, signs, settings."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desk_app.changes import Changes, Origin
from desk_app.domain.people import Actor
from desk_app.readers import ReaderSettings
from desk_app.scanning.layout import Repair
from desk_app.services.views import LineState
from desk_app.settings import Settings
from ui.app import Program
from ui.pages.settings.ports import STATES
from ui.port_scanner import PortNow
from ui.services import Services
from ui.theme import Scheme, Tone, look

pytestmark = pytest.mark.slow

WAIT = 5000
Start = Callable[..., Program]
SignInAs = Callable[[Program, Actor], None]


def page(program: Program) -> Any:
    """The plain page on show."""
    return program.window.page


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
    qtbot: QtBot, signed_in: Callable[..., Program], sign_in: SignInAs
) -> None:
    program = signed_in()
    window = program.window
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=WAIT)
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_F12)
    assert not window.is_entered
    sign_in(program, Actor("person/2", ("technician",), "陈伟"))
    assert (page(program).actor.name, window.signs["person"].words) == ("陈伟", "陈伟")
    window.signs["person"].click()
    assert not window.is_entered


def test_signs_say_who_where_line_and_scanner(
    signed_in: Callable[..., Program], services: Services, qtbot: QtBot, line_heard: list[Any]
) -> None:
    program = signed_in()
    signs = program.window.signs
    assert {name: sign.words for name, sign in signs.items()} == {
        "person": "林晓雯",
        "lock": "",
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


def test_how_the_scanner_is_set_counts_at_once_and_a_repair_that_rests_is_told(
    qtbot: QtBot, signed_in: Callable[..., Program], settings: Settings
) -> None:
    program = signed_in()
    window = program.window
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=WAIT)
    settings.keyboard_repair = Repair("yzYZ", "zyZY").kept()
    settings.reader_prefix = "#"
    for number in range(1, 3):
        for sign in f"#YT881234567890{number}":
            QTest.keyClick(window.windowHandle(), sign)
        QTest.keyClick(window.windowHandle(), Qt.Key.Key_Return)
        qtbot.waitUntil(lambda number=number: len(page(program).scans) == number, timeout=WAIT)
    assert page(program).scans == [("YT8812345678901", "keyboard"), ("YT8812345678902", "keyboard")]
    told = window.toasts.shown
    assert told is not None
    assert "The keyboard is right again" in told.accessibleName()


def test_two_codes_that_came_as_one_reach_the_page_one_after_the_other(
    signed_in: Callable[..., Program],
) -> None:
    program = signed_in()
    program.window.typed.emit("SF1390027465183SF1390027465184")
    assert page(program).scans == [("SF1390027465183", "typed"), ("SF1390027465184", "typed")]


def test_serial_scans_come_from_their_thread_and_the_port_is_said(
    qtbot: QtBot, signed_in: Callable[..., Program], services: Services, settings: Settings
) -> None:
    settings.readers = (ReaderSettings("/dev/ttyACM0"),)
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
    assert sign.words == "Scanner on /dev/ttyACM0 unplugged: plug it in again"
    program.stop()
    assert not reader.running


@pytest.mark.parametrize("state", ["open", "missing", "busy", "twice", "denied", "lost"])
def test_every_state_of_a_port_has_words(state: str) -> None:
    from desk_app.scanning.serial_port import PortState

    assert {port.value for port in PortState} == set(STATES)
    assert STATES[state][2]


def test_another_port_closes_the_one_before(
    qtbot: QtBot, signed_in: Callable[..., Program], services: Services, settings: Settings
) -> None:
    settings.readers = (ReaderSettings("/dev/ttyACM0"),)
    signed_in()
    made: list[Any] = services.open_reader.made  # type: ignore[attr-defined]
    settings.readers = (ReaderSettings("/dev/ttyACM1"),)
    qtbot.waitUntil(lambda: made[-1].port == "/dev/ttyACM1", timeout=WAIT)
    assert [reader.running for reader in made] == [False, True]
    settings.readers = ()
    qtbot.waitUntil(lambda: not made[-1].running, timeout=WAIT)


def test_a_page_that_wants_the_ports_gets_them_until_it_is_done(
    signed_in: Callable[..., Program], services: Services, settings: Settings
) -> None:
    settings.readers = (ReaderSettings("/dev/ttyACM0"),)
    program = signed_in()
    made: list[Any] = services.open_reader.made  # type: ignore[attr-defined]
    program.hub.ports_wanted.emit(True)
    assert [reader.running for reader in made] == [False]
    program.hub.ports_wanted.emit(False)
    assert [reader.running for reader in made] == [False, True]


def test_the_sign_names_the_port_that_is_worst_off(
    qtbot: QtBot, signed_in: Callable[..., Program], services: Services, settings: Settings
) -> None:
    settings.readers = (ReaderSettings("COM3", job="dock"), ReaderSettings("COM4"))
    program = signed_in()
    first, second = services.open_reader.made  # type: ignore[attr-defined]
    sign = program.window.signs["scanner"]
    first.on_state("open")
    second.on_state("open")
    qtbot.waitUntil(lambda: sign.words == "2 scanners ready", timeout=WAIT)
    second.on_state("twice")
    qtbot.waitUntil(lambda: sign.tone is Tone.ATTENTION, timeout=WAIT)
    assert sign.words == "Two scanners are set to COM4: give each its own"


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


def test_settings_count_at_once(
    qtbot: QtBot, signed_in: Callable[..., Program], settings: Settings, actor: Actor
) -> None:
    program = signed_in()
    settings.scheme, settings.text_scale, settings.volume = "dark", 125, 0
    qtbot.waitUntil(lambda: look().scheme is Scheme.DARK and program.sounds.volume == 0, timeout=WAIT)
    assert look().scale == 1.25
    settings.language = "zh_CN"
    qtbot.waitUntil(lambda: program.window.signs["line"].words == "已连接", timeout=WAIT)
    assert page(program).title.text() == "收货台"
    assert page(program).actor is actor


def test_settings_that_could_not_be_read_are_said_once(
    qtbot: QtBot,
    signed_in: Callable[..., Program],
    services: Services,
    tmp_path: Path,
    sign_in: SignInAs,
    actor: Actor,
) -> None:
    (tmp_path / "broken.json").write_text("{")
    program = signed_in(replace(services, settings=Settings(tmp_path / "broken.json")))
    shown = program.window.toasts.shown
    assert shown is not None
    assert shown.words.text() == "设置无法读取，已使用默认设置。"
    program.session.change_person()  # type: ignore[union-attr]
    sign_in(program, Actor("person/2", ("clerk",), "陈伟"))
    assert program.window.toasts.shown is None


def test_the_signs_of_the_devices_lead_to_their_part_of_the_settings(
    signed_in: Callable[..., Program],
) -> None:
    program = signed_in()
    for name in ("scanner", "printer"):
        program.window.signs[name].click()
        assert program.window.route is not None
        assert (program.window.route.name, page(program).where[-1]) == ("settings", {"device": name})


def test_the_line_is_on_the_rail_only_while_somebody_has_to_look(
    qtbot: QtBot, signed_in: Callable[..., Program], services: Services, changes_heard: list[Any]
) -> None:
    attention: Any = services.attention
    program = signed_in()
    sign = program.window.signs["line"]
    assert "line" not in program.window.rail.jobs()
    attention.number = 2
    changes_heard[0](Changes(frozenset({"case/1"}), Origin.SYNC))
    qtbot.waitUntil(lambda: "line" in program.window.rail.jobs(), timeout=WAIT)
    assert (sign.words, sign.tone) == ("2 to look at", Tone.ATTENTION)
    services.settings.language = "zh_CN"
    qtbot.waitUntil(lambda: program.window.signs["line"].words == "2 项待处理", timeout=WAIT)
    assert "line" in program.window.rail.jobs()
    attention.number = 0
    changes_heard[0](Changes(frozenset({"case/1"}), Origin.SYNC))
    qtbot.waitUntil(lambda: "line" not in program.window.rail.jobs(), timeout=WAIT)


def test_the_sign_of_the_line_leads_to_its_page_and_the_page_hears_of_it(
    qtbot: QtBot, signed_in: Callable[..., Program], line_heard: list[Any]
) -> None:
    program = signed_in()
    program.window.signs["line"].click()
    assert program.window.route is not None
    assert program.window.route.name == "line"
    state = LineState("refused", 12, 0, "desk.shut_out")
    with qtbot.waitSignal(program.hub.line, timeout=WAIT) as told:
        line_heard[0](state)
    assert told.args == [state]


def test_the_state_of_the_port_comes_to_the_pages(
    qtbot: QtBot, signed_in: Callable[..., Program], services: Services, settings: Settings
) -> None:
    settings.readers = (ReaderSettings("/dev/ttyACM0"),)
    program = signed_in()
    reader: Any = services.open_reader.made[-1]  # type: ignore[attr-defined]
    with qtbot.waitSignal(program.hub.ports, timeout=WAIT) as told:
        reader.on_state("busy")
    now = (PortNow("busy", "/dev/ttyACM0"),)
    assert (told.args, program.hub.port_states) == ([now], now)
    settings.readers = ()
    qtbot.waitUntil(lambda: program.hub.port_states == (), timeout=WAIT)
