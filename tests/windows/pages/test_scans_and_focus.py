"""Wherever the focus is, a scan goes to the program and changes nothing, save in fields for scans."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QSpinBox,
    QWidget,
)

from desk_app.scanning.wedge import Wedge
from ui.keys import KeyScans
from ui.main_window import MainWindow
from ui.widgets.fields import TAKES_KEYS, TAKES_SCANS

pytestmark = pytest.mark.slow

CODE = "SF 139 yes 0274"  # letters that lists jump to, digits that choose, blanks that press
KEYS = {"\r": Qt.Key.Key_Return, " ": Qt.Key.Key_Space}
FIELDS_FOR_SCANS = {"bench-repair", "cases", "cases-none", "setup-join"}
Stand = Any


class Scanner:
    """Types into the window; `scans` is what the program took, `pressed` the buttons that went down."""

    def __init__(self, app: QApplication, window: MainWindow, wedge: Wedge) -> None:
        self.scans: list[str] = []
        self.pressed: list[str] = []
        self._window, self._times = window, count(90_000_000, 4)
        self._watch = KeyScans(app, lambda: wedge)
        self._watch.scanned.connect(self.scans.append)
        for button in window.findChildren(QAbstractButton):
            button.pressed.connect(lambda button=button: self.pressed.append(button.accessibleName()))

    def scan(self, code: str) -> None:
        for _ in range(100):  # a pause
            next(self._times)
        for letter in code + "\r":
            at = next(self._times)
            key = KEYS.get(letter, Qt.Key(ord(letter.upper())) if letter.isascii() else Qt.Key.Key_A)
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, letter)
                event.setTimestamp(at)
                QCoreApplication.sendEvent(self._window.windowHandle(), event)

    def stop(self) -> None:
        self._watch.stop()
        QCoreApplication.sendPostedEvents(self._watch, QEvent.Type.DeferredDelete)


@pytest.fixture
def scanner(qapp: QApplication) -> Iterator[Callable[..., Scanner]]:
    made: list[Scanner] = []

    def begin(window: MainWindow, wedge: Wedge | None = None) -> Scanner:
        made.append(Scanner(qapp, window, wedge or Wedge()))
        return made[-1]

    yield begin
    for one in made:
        one.stop()


def held(window: QWidget) -> dict[str, Any]:
    """What everything that can be written, chosen or ticked holds."""
    found: dict[str, Any] = {}
    for number, part in enumerate(window.findChildren(QWidget)):
        name = f"{number} {type(part).__name__} {part.accessibleName()}"
        match part:
            case QLineEdit():
                found[name] = part.text()
            case QPlainTextEdit():
                found[name] = part.toPlainText()
            case QComboBox():
                found[name] = part.currentIndex(), part.view().isVisible()
            case QSpinBox():
                found[name] = part.value()
            case QAbstractButton():
                found[name] = part.isChecked(), part.isDown()
            case QAbstractItemView():
                found[name] = part.currentIndex().row()
    return found


def focusable(window: QWidget) -> list[QWidget]:
    """Each part that can have the focus."""
    parts = [part for part in window.findChildren(QWidget) if part.focusPolicy() != Qt.FocusPolicy.NoFocus]
    return [part for part in parts if part.isVisible() and part.isEnabled()]


def test_a_scan_changes_nothing_on_any_page(
    stand: Callable[..., Stand], state: str, scanner: Callable[..., Scanner]
) -> None:
    window = stand("en", state=state).window
    reader, tried, for_scans = scanner(window), 0, 0
    for part in focusable(window):
        part.setFocus()
        focus = QApplication.focusWidget()
        assert focus is not None
        takes = bool(focus.property(TAKES_SCANS) or focus.property(TAKES_KEYS))
        for_scans += takes
        if takes:
            continue
        before = held(window)
        reader.scans.clear()
        reader.pressed.clear()
        reader.scan(CODE)
        where = f"{type(part).__name__} {part.accessibleName()!r}"
        assert (reader.scans, reader.pressed) == ([CODE], []), where
        assert held(window) == before, where
        assert QApplication.focusWidget() is focus, where
        tried += 1
    assert tried >= 2
    assert bool(for_scans) or state not in FIELDS_FOR_SCANS


@pytest.mark.parametrize("wedge", [Wedge(), Wedge(prefix="#")], ids=["as it comes", "mended"])
@pytest.mark.parametrize("state", ["bench-repair", "cases"])
def test_a_field_for_scans_gets_them(
    stand: Callable[..., Stand], state: str, scanner: Callable[..., Scanner], wedge: Wedge
) -> None:
    window = stand("en", state=state).window
    reader = scanner(window, wedge)
    fields = [part for part in focusable(window) if part.property(TAKES_SCANS)]
    assert fields
    for field in fields:
        assert isinstance(field, QLineEdit)
        field.clear()
        field.setFocus()
        written: list[str] = []
        field.textChanged.connect(written.append)
        reader.scan(f"{wedge.prefix}SERIAL-0274")
        assert written[: len("SERIAL-0274")][-1] == "SERIAL-0274"
        assert reader.scans == []
