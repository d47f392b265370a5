"""A desk's windows for tests: the bundled look, an English speaker, tools, and the shell."""

from __future__ import annotations

import gettext
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desk_app.texts import Speaker
from ui.actions import Actions
from ui.hub import Hub
from ui.main_window import MainWindow
from ui.scan_history import ScanHistory
from ui.sound import LogDevice, Sounds
from ui.tasks import Tasks
from ui.theme import Scheme, Theme
from ui.widgets import Tools


class Stretched(gettext.NullTranslations):
    """A made-up language whose texts are two fifths longer, as translations often are."""

    def gettext(self, message: str) -> str:
        return message + " " + "国" * (len(message) // 5 + 1)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


@pytest.fixture(scope="session")
def theme(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Theme:
    made = Theme(qapp, tmp_path_factory.mktemp("look"))
    made.apply(Scheme.LIGHT)
    qapp.setCursorFlashTime(0)
    return made


@pytest.fixture(autouse=True)
def _light(theme: Theme) -> Iterator[None]:
    """Leave the light look behind for the next test."""
    yield
    theme.apply(Scheme.LIGHT)


@pytest.fixture
def say() -> Speaker:
    return Speaker("en", gettext.NullTranslations())


@pytest.fixture
def stretched() -> Speaker:
    return Speaker("zh_CN", Stretched())


@pytest.fixture
def tasks(qapp: QApplication) -> Iterator[Tasks]:
    made = Tasks()
    yield made
    made.stop()


@pytest.fixture
def sound_log(tmp_path: Path) -> Path:
    return tmp_path / "sounds"


@pytest.fixture
def sounds(sound_log: Path) -> Sounds:
    return Sounds(LogDevice(sound_log))


@pytest.fixture
def tools(say: Speaker, tasks: Tasks, sounds: Sounds, shell: Any) -> Tools:
    return Tools(say, Actions(say), tasks, Hub(), sounds, shell, ScanHistory())


@pytest.fixture
def window(qtbot: QtBot, say: Speaker, tasks: Tasks, sounds: Sounds) -> MainWindow:
    """The shell, on screen and active, with no page registered yet."""
    made = MainWindow(say, tasks, Hub(), sounds)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


@pytest.fixture
def shown(qtbot: QtBot) -> Callable[..., None]:
    """Puts a widget on screen, at a size, as the active window."""

    def show(widget: QWidget, width: int = 700, height: int = 300) -> None:
        widget.resize(width, height)
        qtbot.addWidget(widget)
        with qtbot.waitExposed(widget):
            widget.show()
        widget.activateWindow()
        qtbot.waitUntil(widget.isActiveWindow)

    return show
