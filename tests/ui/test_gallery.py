"""Every component together, in both languages, all schemes and three sizes of letters: readable, named."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from desk_app.texts import Speaker
from ui.gallery import PAGES, SIZE, gallery_window, pictures, sample_photos
from ui.main_window import MainWindow
from ui.theme import Scheme, Theme

pytestmark = pytest.mark.slow  # each builds every page of the gallery

CONTROLS = (QAbstractButton, QAbstractItemView, QComboBox, QLineEdit, QPlainTextEdit, QSpinBox)


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


def visible(window: MainWindow, kind: type[QWidget]) -> list[QWidget]:
    return [widget for widget in window.findChildren(kind) if widget.isVisible()]


@pytest.mark.parametrize("page", PAGES)
def test_no_words_are_cut_off(window: MainWindow, page: str) -> None:
    window.open(page)
    QApplication.processEvents()
    cut = [label.text() for label in visible(window, QLabel) if too_small(label)]
    cut += [type(button).__name__ for button in visible(window, QAbstractButton) if narrow(button)]
    assert cut == []


def too_small(label: QWidget) -> bool:
    assert isinstance(label, QLabel)
    if not label.text():
        return False
    if not label.wordWrap():
        return label.width() < label.sizeHint().width()
    return (
        label.height() < label.heightForWidth(label.width())
        or label.width() < label.minimumSizeHint().width()
    )


def narrow(button: QWidget) -> bool:
    least = button.minimumSizeHint()
    return button.width() < least.width() or button.height() < least.height()


@pytest.mark.parametrize("page", PAGES)
def test_nothing_lies_on_something_else(window: MainWindow, page: str) -> None:
    window.open(page)
    QApplication.processEvents()
    parts = [widget for kind in (*CONTROLS, QLabel) for widget in visible(window, kind)]
    places = [(widget, place(widget, window)) for widget in parts if not is_inside_a_control(widget)]
    overlaps = [
        f"{type(one).__name__} {one.accessibleName()} / {type(other).__name__} {other.accessibleName()}"
        for index, (one, here) in enumerate(places)
        for other, there in places[index + 1 :]
        if here.intersects(there)
    ]
    assert overlaps == []


def place(widget: QWidget, window: MainWindow) -> QRect:
    """Where a widget can be seen, in the window."""
    found = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())
    for area in window.findChildren(QScrollArea):
        if area.isAncestorOf(widget):
            port = area.viewport()
            found &= QRect(port.mapTo(window, QPoint(0, 0)), port.size())
    return found


def is_inside_a_control(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    while parent:
        if isinstance(parent, CONTROLS):
            return True
        parent = parent.parentWidget()
    return False


@pytest.mark.parametrize("page", PAGES)
def test_every_control_is_named_and_large_enough_to_touch(window: MainWindow, page: str) -> None:
    window.open(page)
    QApplication.processEvents()
    controls = [
        widget
        for kind in CONTROLS
        for widget in visible(window, kind)
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus and not is_inside_a_control(widget)
    ]
    assert len(controls) > 10
    assert [type(control).__name__ for control in controls if not control.accessibleName()] == []
    small = [control.accessibleName() for control in controls if control.height() < 44 and not plain(control)]
    assert small == []


def plain(control: QWidget) -> bool:
    """The line inside the scan bar, which is itself as tall as a finger."""
    return control.property("role") == "plain" and control.parentWidget().height() >= 44


def test_pictures_of_every_page_and_scheme(qtbot: QtBot, tmp_path: Path) -> None:
    drawn = pictures(tmp_path, ["en"])
    assert len(drawn) == 15
    images = [QImage(str(path)) for path in drawn]
    assert {(image.width(), image.height()) for image in images} == {(1366, 768)}
    assert len({image.pixelColor(700, 90).name() for image in images[::5]}) == 3
