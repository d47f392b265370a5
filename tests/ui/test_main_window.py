"""The shell hosts pages: made late, found again by Back, given every scan, made anew for another language."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desk_app.scanning.reading import Scan, Source, hear
from desk_app.texts import Speaker
from ui.main_window import MainWindow
from ui.widgets import Page, Text, TextField, Tone, Tools

ROOT = Path(__file__).resolve().parents[2]
ALT = Qt.KeyboardModifier.AltModifier


class Sample(Page):
    """Remembers what it was opened with; takes scans that begin with SF."""

    made: list[str] = []

    def __init__(self, tools: Tools, name: str) -> None:
        super().__init__(tools, tools.say(name))
        self.name = name
        self.where: list[dict[str, str]] = []
        self.scans: list[str] = []
        self.field = TextField()
        self.body.addWidget(self.field)
        Sample.made.append(name)

    def open(self, **where: str) -> None:
        self.where.append(where)

    def scanned(self, scan: Scan) -> bool:
        self.scans.append(scan.raw)
        return scan.raw.startswith("SF")

    def kept(self) -> dict[str, Any]:
        return {**super().kept(), "words": self.field.text()}

    def restore(self, kept: Mapping[str, Any]) -> None:
        super().restore(kept)
        self.field.setText(kept["words"])

    def first_focus(self) -> QWidget:
        return self.field if self.name == "Bench" else self


@pytest.fixture
def shell(window: MainWindow) -> MainWindow:
    Sample.made.clear()
    window.add_page("dock", "Dock", "truck", lambda tools: Sample(tools, "Dock"), "Alt+1")
    window.add_page("bench", "Bench", "wrench", lambda tools: Sample(tools, "Bench"), "Alt+2")
    window.add_page("case", "Case", "folder-open", lambda tools: Sample(tools, "Case"), rail=False)
    return window


def page(window: MainWindow) -> Sample:
    assert isinstance(window.page, Sample)
    return window.page


def press(window: MainWindow, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
    QTest.keyClick(window.windowHandle(), key, modifiers)


def test_first_window_is_calm_and_has_no_pages(window: MainWindow) -> None:
    assert not window.is_entered
    assert [text.text() for text in window.centralWidget().currentWidget().findChildren(Text)] == [
        "Mendesk",
        "Opening …",
    ]


def test_pages_are_made_when_first_shown_and_once(shell: MainWindow) -> None:
    shell.enter("dock")
    assert Sample.made == ["Dock"]
    shell.open("bench")
    shell.open("dock")
    assert Sample.made == ["Dock", "Bench"]


def test_rail_and_keys_open_jobs_and_mark_them(shell: MainWindow) -> None:
    shell.enter("dock")
    QTest.mouseClick(shell.rail.button("bench"), Qt.MouseButton.LeftButton)
    assert page(shell).name == "Bench"
    press(shell, Qt.Key.Key_1, ALT)
    assert page(shell).name == "Dock"
    assert shell.rail.button("dock").isChecked()
    assert not shell.rail.button("bench").isChecked()
    shell.open("case", number="M7K")
    assert not shell.rail.button("dock").isChecked()


def test_back_and_forward_as_in_a_browser(shell: MainWindow) -> None:
    shell.enter("dock")
    shell.open("case", number="1")
    shell.open("case", number="2")
    press(shell, Qt.Key.Key_Left, ALT)
    assert page(shell).where[-1] == {"number": "1"}
    press(shell, Qt.Key.Key_Left, ALT)
    assert page(shell).name == "Dock"
    press(shell, Qt.Key.Key_Left, ALT)
    assert page(shell).name == "Dock"
    press(shell, Qt.Key.Key_Right, ALT)
    assert page(shell).where[-1] == {"number": "1"}
    shell.open("bench")
    press(shell, Qt.Key.Key_Right, ALT)
    assert page(shell).name == "Bench"


def test_back_shows_what_was_shown_with_the_focus_where_it_was(qtbot: QtBot, shell: MainWindow) -> None:
    shell.enter("case", number="1")
    page(shell).field.setText("of the first")
    page(shell).field.setFocus()
    shell.open("case", number="2")
    assert page(shell).hasFocus()
    page(shell).field.setText("of the second")
    shell.open("dock")
    shell.back()
    assert (page(shell).where[-1], page(shell).field.text()) == ({"number": "2"}, "of the second")
    shell.back()
    assert (page(shell).where[-1], page(shell).field.text()) == ({"number": "1"}, "of the first")
    assert page(shell).field.hasFocus()
    shell.forward()
    assert page(shell).field.text() == "of the second"
    assert page(shell).hasFocus()


def test_back_scrolls_to_where_the_page_was(qtbot: QtBot, shell: MainWindow) -> None:
    shell.enter("dock")
    tall = QWidget()
    tall.setMinimumHeight(3000)
    page(shell).body.addWidget(tall)
    dock = page(shell)
    bar = dock._scroll.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 1000)
    bar.setValue(700)
    shell.open("bench")
    bar.setValue(0)
    tall.setMinimumHeight(10)
    QApplication.processEvents()
    tall.setMinimumHeight(3000)
    shell.back()
    qtbot.waitUntil(lambda: bar.value() == 700)
    bar.setValue(300)
    tall.setMinimumHeight(5000)
    qtbot.waitUntil(lambda: bar.maximum() > 4000)
    assert bar.value() == 300


def test_the_back_button_is_named_large_and_rests_where_it_leads_nowhere(
    qtbot: QtBot, shell: MainWindow
) -> None:
    shell.enter("dock")
    button = shell.work.back_button
    assert (button.accessibleName(), button.toolTip()) == ("Back", "Back (Alt+Left)")
    assert min(button.width(), button.height()) >= 44
    assert not button.isEnabled()
    shell.open("bench")
    assert button.isEnabled()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert page(shell).name == "Dock"
    assert page(shell).hasFocus()
    assert not button.isEnabled()


def test_the_side_buttons_of_the_mouse_go_back_and_forward_over_any_field(
    qtbot: QtBot, shell: MainWindow
) -> None:
    shell.enter("dock")
    shell.open("bench")
    field = page(shell).field
    over = field.mapTo(shell, field.rect().center())
    QTest.mouseClick(shell.windowHandle(), Qt.MouseButton.BackButton, pos=over)
    assert page(shell).name == "Dock"
    QTest.mouseClick(shell.windowHandle(), Qt.MouseButton.ForwardButton, pos=over)
    assert page(shell).name == "Bench"


def test_back_leads_nowhere_while_nobody_works(shell: MainWindow) -> None:
    shell.enter("dock")
    shell.open("bench")
    bench = page(shell)
    shell.take_away()
    shell.show_bare(QWidget())
    press(shell, Qt.Key.Key_Left, ALT)
    QTest.mouseClick(shell.windowHandle(), Qt.MouseButton.BackButton)
    assert page(shell) is bench


def test_focus_that_falls_comes_to_the_page_and_to_no_neighbour(qtbot: QtBot, shell: MainWindow) -> None:
    shell.enter("bench")
    here = page(shell)
    others = [TextField() for _ in range(2)]
    for field in others:
        here.body.addWidget(field)
        field.show()
    here.field.setFocus()
    here.field.setEnabled(False)
    assert QApplication.focusWidget() is here
    others[0].setFocus()
    others[0].hide()
    assert QApplication.focusWidget() is here
    others[1].setFocus()
    others[1].deleteLater()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is here)
    shell.toast("Put on shelf", undo=lambda: None)
    assert shell.toasts.shown
    assert shell.toasts.shown.undo
    shell.toasts.shown.undo.setFocus()
    shell.toasts.shown.undo.click()
    assert QApplication.focusWidget() is here


def test_a_first_focus_that_cannot_have_it_is_the_page(shell: MainWindow) -> None:
    shell.enter("dock")
    shell.open("bench")
    bench = page(shell)
    shell.open("dock")
    bench.field.setEnabled(False)
    shell.open("bench")
    assert QApplication.focusWidget() is bench


def test_opening_what_is_on_show_is_not_another_step_back(shell: MainWindow) -> None:
    shell.enter("dock")
    shell.open("bench")
    shell.open("bench")
    shell.back()
    assert page(shell).name == "Dock"


def test_focus_is_where_the_page_wants_it(qtbot: QtBot, shell: MainWindow) -> None:
    shell.enter("dock")
    assert page(shell).hasFocus()
    shell.open("bench")
    assert page(shell).field.hasFocus()


def test_scan_goes_to_the_page_and_else_to_the_program(shell: MainWindow) -> None:
    lost: list[str] = []
    shell.on_scan(lambda scan: lost.append(scan.raw))
    shell.enter("dock")
    shell.take_scan(hear("SF1390027465183", Source.KEYBOARD, 1))
    shell.take_scan(hear("M7K-00214", Source.KEYBOARD, 2))
    assert page(shell).scans == ["SF1390027465183", "M7K-00214"]
    assert lost == ["M7K-00214"]
    assert shell.scan_bar.code.text() == "M7K-00214"


def test_scan_before_anybody_signed_in_goes_nowhere(shell: MainWindow) -> None:
    lost: list[Scan] = []
    shell.on_scan(lost.append)
    shell.take_scan(hear("SF1390027465183", Source.KEYBOARD, 1))
    assert lost == []


def test_typed_code_is_told_and_the_field_is_empty_again(qtbot: QtBot, shell: MainWindow) -> None:
    shell.enter("dock")
    press(shell, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert shell.scan_bar.field.hasFocus()
    shell.scan_bar.field.setText(" M7K-00214 ")
    with qtbot.waitSignal(shell.typed) as typed:
        QTest.keyClick(shell.scan_bar.field, Qt.Key.Key_Return)
    assert typed.args == ["M7K-00214"]
    assert shell.scan_bar.field.text() == ""


def test_another_language_keeps_the_page_the_way_back_and_the_signs(
    shell: MainWindow, stretched: Speaker
) -> None:
    shell.enter("dock")
    shell.show_sign("line", Tone.ATTENTION, "No line", "cloud-off")
    shell.open("case", number="1")
    shell.set_language(stretched)
    assert shell.page is not None
    assert page(shell).where == [{"number": "1"}]
    assert shell.rail.button("dock").text() == "Dock 国"
    assert (shell.signs["line"].words, shell.signs["line"].tone) == ("No line", Tone.ATTENTION)
    shell.back()
    assert page(shell).name == "Dock"
    assert page(shell).title.text() == "Dock 国"


def test_next_person_gets_fresh_pages(shell: MainWindow) -> None:
    shell.enter("dock")
    before = page(shell)
    shell.show_bare(QWidget())
    assert not shell.is_entered
    shell.enter("dock")
    assert page(shell) is not before
    shell.back()
    assert page(shell).name == "Dock"


def test_signs_say_which_was_chosen(qtbot: QtBot, shell: MainWindow) -> None:
    shell.enter("dock")
    shell.show_sign("printer", Tone.NEUTRAL, "Ready")
    with qtbot.waitSignal(shell.sign_clicked) as chosen:
        QTest.mouseClick(shell.signs["printer"], Qt.MouseButton.LeftButton)
    assert chosen.args == ["printer"]


def test_page_that_is_there_already_is_a_bug(shell: MainWindow) -> None:
    with pytest.raises(ValueError, match="dock"):
        shell.add_page("dock", "Dock", "truck", lambda tools: Sample(tools, "Dock"))


def test_window_paints_before_anything_heavy_is_imported() -> None:
    code = (
        "import gettext, os, sys\n"
        "os.environ['QT_QPA_PLATFORM'] = 'offscreen'\n"
        "from PySide6.QtWidgets import QApplication\n"
        "from desk_app.texts import Speaker\n"
        "from ui.hub import Hub\n"
        "from ui.main_window import MainWindow\n"
        "from ui.sound import BeepDevice, Sounds\n"
        "from ui.tasks import Tasks\n"
        "from ui.theme import Scheme, Theme\n"
        "app = QApplication([])\n"
        "Theme(app).apply(Scheme.LIGHT)\n"
        "tasks = Tasks()\n"
        "say, sounds = Speaker('en', gettext.NullTranslations()), Sounds(BeepDevice(app.beep))\n"
        "window = MainWindow(say, tasks, Hub(), sounds)\n"
        "window.show()\n"
        "app.processEvents()\n"
        "assert not window.grab().isNull()\n"
        "tasks.stop()\n"
        "heavy = {'sqlalchemy', 'reportlab', 'sqlcipher3', 'serial', 'babel', 'PIL', 'httpx'}\n"
        "print(sorted(heavy & {name.split('.')[0] for name in sys.modules}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, timeout=60, capture_output=True, text=True
    )
    assert done.stdout.strip() == "[]"
