"""Every component together, in both languages, all schemes and three sizes of letters: readable, named."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desk_app.__main__ import main
from desk_app.texts import Speaker
from ui.gallery import PAGES, SIZE, gallery_window, pictures, sample_photos
from ui.main_window import MainWindow
from ui.theme import Scheme, Theme

pytestmark = pytest.mark.slow  # each builds every page of the gallery


@pytest.fixture(params=[1.0, 1.25, 1.5], ids=lambda scale: f"{scale:.0%}")
def window(
    qtbot: QtBot, theme: Theme, tmp_path: Path, stretched: Speaker, request: pytest.FixtureRequest
) -> Iterator[MainWindow]:
    theme.apply(Scheme.LIGHT, request.param)
    made = gallery_window(stretched, theme, sample_photos(tmp_path))
    made.resize(SIZE)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    made.tools.tasks.stop()


@pytest.mark.parametrize("page", PAGES)
def test_everything_can_be_read_and_touched(window: MainWindow, page: str, layout: Any) -> None:
    window.open(page)
    QApplication.processEvents()
    controls = layout.controls(window)
    assert len(controls) > 10
    assert [type(control).__name__ for control in controls if not control.accessibleName()] == []
    assert layout.faults(window) == []


def test_pictures_of_every_page_and_scheme(qtbot: QtBot, tmp_path: Path) -> None:
    drawn = pictures(tmp_path, ["en"])
    assert len(drawn) == 21
    images = [QImage(str(path)) for path in drawn]
    assert {(image.width(), image.height()) for image in images} == {(1366, 768)}
    assert len({image.pixelColor(700, 90).name() for image in images[::7]}) == 3


def test_without_a_folder_it_is_shown_to_try(qtbot: QtBot) -> None:
    seen: list[str] = []

    def look_and_leave() -> None:
        (window,) = [shown for shown in QApplication.topLevelWidgets() if isinstance(shown, MainWindow)]
        window.open("deadlines")
        seen.append(window.page.title.text() if window.page and window.isVisible() else "")
        QApplication.exit()

    QTimer.singleShot(0, look_and_leave)
    assert main(["gallery", "--language", "zh_CN"]) == 0
    assert seen == ["时限"]
