"""The scanners of a desk: none, one or several on ports, each with its job; finding out how one is set."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desk_app.errors import ShownError
from desk_app.readers import ReaderSettings
from desk_app.scanning.diagnosis import TEST_CODE
from desk_app.scanning.port_assistant import Told
from desk_app.scanning.port_search import Step
from desk_app.scanning.ports import Port
from desk_app.scanning.serial_port import PortState
from desk_app.settings import Settings
from desk_app.texts import Speaker
from ui.pages.settings.page import SettingsPage
from ui.pages.settings.reader_form import ReaderForm
from ui.pages.settings.reader_search import STEPS, step_words
from ui.pages.settings.readers import ReaderList
from ui.port_scanner import PortNow
from ui.services import Services
from ui.widgets import Answer, Choice, Tools

pytestmark = pytest.mark.slow

DOCK = Port("COM3", "Honeywell Voyager", "0c2e:0b0a:18021B3D1A", "1-1")
BENCH = Port("COM4", "Zebra DS2208", "05e0:1701:S/N:1", "1-2")
BARE = Port("COM5", "")
WAIT = 5000


@pytest.fixture
def failures() -> list[ShownError]:
    return []


@pytest.fixture
def readers(
    say: Speaker, settings: Settings, devices: Any, failures: list[ShownError], shown: Callable[..., None]
) -> ReaderList:
    devices.plugged = (DOCK, BENCH, BARE)
    made = ReaderList(say, settings, devices, failures.append)
    shown(made)
    return made


@pytest.fixture
def searches(devices: Any, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The searches that were begun; the test tells what they find."""

    class Searching:
        def __init__(self, ports: list[str], on_told: Callable[[Told], None]) -> None:
            self.ports, self.on_told, self.running = list(ports), on_told, False
            made.append(self)

        def start(self) -> None:
            self.running = True

        def stop(self) -> None:
            self.running = False

    made: list[Any] = []
    monkeypatch.setattr(devices, "search", Searching)
    return made


def choose(field: Choice, key: str) -> None:
    field.set_value(key)
    field.activated.emit(field.currentIndex())


def shown_fields(form: ReaderForm) -> list[str]:
    names = ("found", "port", "job", "baud", "frame", "answers")
    return [name for name in names if form.form.field(name).isVisible()]


def test_the_usual_scanner_types_and_asks_for_nothing(readers: ReaderList) -> None:
    (form,) = readers.forms
    assert shown_fields(form) == ["found", "port"]
    assert not form.edit.isVisible()
    assert not readers.add.isVisible()
    options = [form.found.itemText(row) for row in range(form.found.count())]
    assert options == [
        "Types like a keyboard (usual)",
        "COM3 · Honeywell Voyager",
        "COM4 · Zebra DS2208",
        "COM5",
    ]


def test_a_port_that_is_chosen_is_kept_with_what_is_plugged_in(
    readers: ReaderList, settings: Settings
) -> None:
    (form,) = readers.forms
    choose(form.found, "COM3")
    assert settings.readers == (ReaderSettings("COM3", usb=DOCK.usb, place=DOCK.place),)
    assert shown_fields(form) == ["found", "port", "job", "baud", "frame", "answers"]
    choose(form.frame, "7E1")
    choose(form.job, "dock")
    choose(form.answers, "yes")
    choose(form.found, "COM5")
    assert settings.readers == (ReaderSettings("COM5", frame="7E1", job="dock", answers=True),)
    choose(form.found, "")
    assert settings.readers == ()
    assert shown_fields(form) == ["found", "port"]


def test_several_scanners_are_added_one_open_at_a_time_and_removed(
    readers: ReaderList, settings: Settings
) -> None:
    choose(readers.forms[0].found, "COM3")
    QTest.keyClick(readers, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    first, second = readers.forms
    assert (first.form.isVisible(), second.form.isVisible()) == (False, True)
    assert first.name.text() == "COM3 · Honeywell Voyager"
    assert second.found.hasFocus()
    choose(second.found, "COM4")
    choose(second.job, "bench")
    assert [(reader.port, reader.job) for reader in settings.readers] == [("COM3", ""), ("COM4", "bench")]
    assert second.name.text() == "COM4 · Zebra DS2208 · Bench"
    QTest.mouseClick(first.edit, Qt.MouseButton.LeftButton)
    assert (first.form.isVisible(), second.form.isVisible()) == (True, False)
    QTest.mouseClick(first.remove, Qt.MouseButton.LeftButton)
    assert [reader.port for reader in settings.readers] == ["COM4"]
    (left,) = readers.forms
    assert left is second
    assert left.form.isVisible()
    assert not left.edit.isVisible()


def test_tab_goes_through_an_added_scanner_before_the_buttons(readers: ReaderList) -> None:
    choose(readers.forms[0].found, "COM3")
    readers.add.click()
    first, second = readers.forms
    choose(second.found, "COM4")
    reached = [first.edit]
    while reached[-1] is not readers.search:
        after = reached[-1].nextInFocusChain()
        while not (after.isVisible() and after.focusPolicy() & Qt.FocusPolicy.TabFocus):
            after = after.nextInFocusChain()
        assert after not in reached
        reached.append(after)
    fields = [second.found, second.port, second.job, second.baud, second.frame, second.answers]
    assert reached == [first.edit, first.remove, second.remove, *fields, readers.add, readers.search]


def test_a_new_scanner_without_a_port_is_not_kept_and_asked_for_once(
    readers: ReaderList, settings: Settings
) -> None:
    choose(readers.forms[0].found, "COM3")
    readers.add.click()
    readers.add.click()
    assert len(readers.forms) == 2
    assert len(settings.readers) == 1
    QTest.mouseClick(readers.forms[1].remove, Qt.MouseButton.LeftButton)
    assert len(readers.forms) == 1


def test_a_reader_that_was_renamed_is_shown_under_its_new_name(
    say: Speaker, settings: Settings, devices: Any
) -> None:
    settings.readers = (ReaderSettings("COM3", usb=DOCK.usb, place=DOCK.place),)
    devices.plugged = (Port("COM9", DOCK.name, DOCK.usb, "2-1"), Port("COM3", "Scales", "0b67:555e:", "1-1"))
    made = ReaderList(say, settings, devices, lambda _error: None)
    assert made.forms[0].found.value() == "COM9"
    made.forms[0].port.editingFinished.emit()
    assert settings.readers[0].port == "COM3"


def test_a_port_that_is_set_stays_chosen_though_nothing_is_plugged_in(
    say: Speaker, settings: Settings, devices: Any
) -> None:
    settings.readers = (ReaderSettings("/dev/pts/7"),)
    made = ReaderList(say, settings, devices, lambda _error: None)
    assert made.forms[0].found.value() == "/dev/pts/7"


def test_ports_are_looked_for_whenever_the_list_is_opened(readers: ReaderList, devices: Any) -> None:
    devices.plugged = (BENCH,)
    found = readers.forms[0].found
    found.showPopup()
    found.hidePopup()
    assert [found.itemText(row) for row in range(1, found.count())] == ["COM4 · Zebra DS2208"]


def test_what_cannot_be_kept_is_said_and_not_shown(
    readers: ReaderList, settings: Settings, failures: list[ShownError]
) -> None:
    settings._path.unlink(missing_ok=True)
    settings._path.mkdir(parents=True)
    choose(readers.forms[0].found, "COM3")
    assert [failure.code for failure in failures] == ["settings.not_written"]
    assert readers.forms[0].found.value() == ""


@pytest.mark.parametrize("state", PortState)
def test_every_state_has_words_that_name_the_port(readers: ReaderList, state: PortState) -> None:
    choose(readers.forms[0].found, "COM3")
    readers.show_states((PortNow(state, "COM3"),))
    shown = readers.forms[0].state
    assert shown.isVisible()
    assert "COM3" in shown.text() or shown.text() == "Scanner ready"
    readers.show_states(())
    assert not shown.isVisible()


def test_each_scanner_shows_its_own_state(readers: ReaderList, settings: Settings) -> None:
    choose(readers.forms[0].found, "COM3")
    readers.add.click()
    choose(readers.forms[1].found, "COM4")
    readers.show_states((PortNow("open", "COM3"), PortNow("busy", "COM4")))
    assert [form.state.text() for form in readers.forms] == ["Scanner ready", "Another program has COM4"]


# finding out


def test_a_search_takes_the_port_that_is_set_and_keeps_what_it_finds(
    qtbot: QtBot, readers: ReaderList, settings: Settings, searches: list[Any]
) -> None:
    choose(readers.forms[0].found, "COM3")
    choose(readers.forms[0].job, "dock")
    wanted: list[bool] = []
    readers.wanted.connect(wanted.append)
    QTest.keyClick(readers, Qt.Key.Key_F11)
    (search,) = searches
    assert (search.ports, search.running, wanted) == (["COM3"], True, [True])
    assert readers.search.words() == "Stop"
    with qtbot.waitSignal(readers.told, timeout=WAIT) as told:
        search.on_told(Told(Step.OTHER_SPEED, "COM3", 115200, "8N1"))
    assert told.args == [
        Answer.RECOGNISED,
        "It came garbled. Scan again",
        "Trying COM3 with 115200 · 8N1",
    ]
    search.on_told(Told(Step.FOUND, "COM3", 115200, "7E1", answers=True))
    qtbot.waitUntil(lambda: not readers.is_searching, timeout=WAIT)
    assert settings.readers == (ReaderSettings("COM3", 115200, "7E1", "dock", DOCK.usb, DOCK.place, True),)
    assert (wanted, search.running) == ([True, False], False)
    assert readers.search.words() == "Find out its settings"


def test_without_a_port_all_are_searched_that_no_other_scanner_has(
    qtbot: QtBot, readers: ReaderList, settings: Settings, searches: list[Any]
) -> None:
    choose(readers.forms[0].found, "COM3")
    readers.add.click()
    readers.search.click()
    assert searches[0].ports == ["COM4", "COM5"]
    searches[0].on_told(Told(Step.FOUND, "COM4", 9600, "8N1"))
    qtbot.waitUntil(lambda: len(settings.readers) == 2, timeout=WAIT)
    assert settings.readers[1] == ReaderSettings("COM4", usb=BENCH.usb, place=BENCH.place)


def test_without_any_port_nothing_is_searched(
    qtbot: QtBot, readers: ReaderList, devices: Any, searches: list[Any]
) -> None:
    devices.plugged = ()
    with qtbot.waitSignal(readers.told, timeout=WAIT) as told:
        readers.search.click()
    assert told.args is not None
    assert told.args[1] == "No port found. Plug the scanner in first"
    assert searches == []


@pytest.mark.parametrize("way", ["stop", "leave", "change"])
def test_a_search_ends_with_the_button_with_the_page_and_with_a_change(
    readers: ReaderList, searches: list[Any], way: str
) -> None:
    choose(readers.forms[0].found, "COM3")
    readers.search.click()
    wanted: list[bool] = []
    readers.wanted.connect(wanted.append)
    ways: dict[str, Callable[[], object]] = {
        "stop": readers.search.click,
        "leave": readers.hide,
        "change": lambda: choose(readers.forms[0].baud, "1200"),
    }
    ways[way]()
    assert (searches[0].running, wanted) == (False, [False])
    assert readers.search.words() == "Find out its settings"


@pytest.mark.parametrize("step", Step)
def test_every_step_has_words(say: Speaker, step: Step) -> None:
    assert {each.value for each in Step} == set(STEPS)
    kind, words, detail = step_words(Told(step, "COM3", 9600, "8N1"), say)
    assert words
    assert detail
    assert kind is STEPS[step][0]


def test_a_port_that_is_not_open_is_said_in_the_words_of_its_state(say: Speaker) -> None:
    told = Told(Step.SCAN, "COM3", 9600, "8N1", state=PortState.BUSY)
    assert step_words(told, say) == (Answer.ATTENTION, "Another program has COM3", "")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals to read as ports")
@pytest.mark.slow
def test_on_a_real_port_the_settings_are_found_while_the_code_is_scanned(
    qtbot: QtBot,
    tools: Tools,
    services: Services,
    devices: Any,
    actor: Any,
    shown: Callable[..., None],
    sound_log: Any,
) -> None:
    import tty

    line, desk_end = os.openpty()
    tty.setraw(desk_end)
    devices.plugged = (Port(os.ttyname(desk_end), "Scanner"),)
    page = SettingsPage(tools, services, actor)
    shown(page)
    page.open()
    QTest.keyClick(page, Qt.Key.Key_F11)
    target = page.scanner_test.target
    qtbot.waitUntil(lambda: target.words == "Scan this code again and again", timeout=WAIT)
    os.write(line, b"\xff\x00\xf8\x80")
    qtbot.waitUntil(lambda: target.words == "It came garbled. Scan again", timeout=WAIT)
    os.write(line, TEST_CODE.encode() + b"\r")
    qtbot.waitUntil(lambda: target.answer is Answer.GOOD, timeout=2 * WAIT)
    assert services.settings.readers == (ReaderSettings(devices.plugged[0].device, 115200),)
    assert sound_log.read_text() == "good\t\n"
    os.close(desk_end)
    os.close(line)
