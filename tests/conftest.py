"""What holds for every test: an empty home, no log record that was not declared, nothing skipped silently.

And what the tests of windows share: how to see that something on a page cannot be read or touched.
"""

from __future__ import annotations

import logging
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any, TypeVar

import hypothesis
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QSpinBox,
    QStyle,
    QStyleOptionComboBox,
    QTableView,
    QWidget,
)

LINUX = sys.platform.startswith("linux")
WAIT_SECONDS = 20.0
Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)
Widget = TypeVar("Widget", bound=QWidget)

hypothesis.settings.register_profile(  # no example fails because the machine was busy
    "mendesk",
    deadline=None,
    print_blob=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("mendesk")


def pytest_configure(config: pytest.Config) -> None:
    """Take each test process away from the person's home, screen, key store, zone and language."""
    home = tempfile.TemporaryDirectory(prefix="mendesk-home-", ignore_cleanup_errors=True)
    config.add_cleanup(home.cleanup)
    for name in [name for name in os.environ if name.startswith(("XDG_", "LC_", "DBUS_SESSION"))]:
        del os.environ[name]
    runtime = Path(home.name, "run")
    runtime.mkdir(mode=0o700)
    os.environ |= dict.fromkeys(("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"), home.name)
    os.environ |= {"XDG_RUNTIME_DIR": str(runtime), "TZ": "UTC", "LANG": "C.UTF-8"}
    os.environ |= {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring", "QT_QPA_PLATFORM": "offscreen"}
    if LINUX:
        time.tzset()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Say by name which tests this system cannot run."""
    if not LINUX and item.get_closest_marker("needs_linux"):
        pytest.skip(f"{item.nodeid} is not run here: it needs Linux")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let a test that was skipped on Linux fail with its reason."""
    report = yield
    return _not_skipped(report) if not hasattr(report, "wasxfail") else report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Let a module that was skipped on Linux fail with its reason."""
    report = yield
    return _not_skipped(report)


def _not_skipped(report: Report) -> Report:
    if LINUX and report.skipped:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"On Linux nothing is skipped. {reason}"
    return report


@pytest.fixture(autouse=True)
def _only_declared_logs(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail where a WARNING or worse was logged that `logs` does not declare, or a declared one was not."""
    yield
    marker = request.node.get_closest_marker("logs")
    declared = marker.args if marker else ()
    records = [*caplog.get_records("setup"), *caplog.get_records("call")]
    logged = [record.getMessage() for record in records if record.levelno >= logging.WARNING]
    undeclared = [message for message in logged if not any(part in message for part in declared)]
    assert not undeclared, f"logged, but not declared with @pytest.mark.logs: {undeclared}"
    missing = [part for part in declared if not any(part in message for message in logged)]
    assert not missing, f"declared with @pytest.mark.logs, but not logged: {missing}"


class StandingClock:
    """A `desk_app.clock.Clock` that stands still until a test moves it; microseconds, UTC."""

    def __init__(self, now: int) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now

    def advance(self, microseconds: int) -> int:
        """Move on by `microseconds` and return the new moment."""
        self.now += microseconds
        return self.now


@pytest.fixture
def clock() -> StandingClock:
    """A clock at noon of 1 March 2026."""
    return StandingClock(1_772_366_400_000_000)


class Layout:
    """What is wrong with how a window's widgets lie: each question answers with a line for each fault."""

    CONTROLS = (QAbstractButton, QAbstractItemView, QComboBox, QLineEdit, QPlainTextEdit, QSpinBox)
    FINGER = 44

    def faults(self, window: QWidget) -> list[str]:
        """The answers to all questions."""
        questions = (self.cut, self.overlapping, self.small, self.outside, self.scrolled_sideways)
        return [f"{question.__name__}: {fault}" for question in questions for fault in question(window)]

    def cut(self, window: QWidget) -> list[str]:
        """Words that have too little room. Cells of tables may be shortened, their titles not."""
        cut = [label.text() for label in _visible(window, QLabel) if _too_small(label)]
        cut += [_name(button) for button in _visible(window, QAbstractButton) if _narrow(button)]
        cut += [_name(field) for field in _visible(window, QComboBox) if _cuts_choice(field)]
        cut += [_name(field) for field in _visible(window, QLineEdit) if _cuts_placeholder(field)]
        titles = (title for table in _visible(window, QTableView) for title in _cut_titles(table))
        return [*cut, *titles]

    def overlapping(self, window: QWidget) -> list[str]:
        """Widgets that lie on each other."""
        parts = [part for kind in (*self.CONTROLS, QLabel) for part in _visible(window, kind)]
        places = [(part, place(part, window)) for part in parts if not self.is_inside_a_control(part)]
        return [
            f"{_name(one)} / {_name(other)}"
            for index, (one, here) in enumerate(places)
            for other, there in places[index + 1 :]
            if here.intersects(there)
        ]

    def small(self, window: QWidget) -> list[str]:
        """Controls that a finger in a glove misses."""
        return [
            _name(control)
            for control in self.controls(window)
            if min(control.height(), control.width()) < self.FINGER and not _plain(control)
        ]

    def outside(self, window: QWidget) -> list[str]:
        """What reaches over the edge of its card, of what scrolls, or of the window."""
        parts = [*self.controls(window), *_visible(window, QLabel)]
        return [_name(part) for part in parts for holder in _holders(part) if not _holds(holder, part)]

    def scrolled_sideways(self, window: QWidget) -> list[str]:
        """What is wider than where it is shown."""
        wide = [part for area in _visible(window, QScrollArea) for part in _too_wide(area)]
        tables = [table for table in _visible(window, QTableView) if table.horizontalScrollBar().maximum()]
        return [_name(part) for part in (*wide, *tables)]

    def controls(self, window: QWidget) -> list[QWidget]:
        """What a person can act on, each once."""
        return [
            widget
            for kind in self.CONTROLS
            for widget in _visible(window, kind)
            if widget.focusPolicy() != Qt.FocusPolicy.NoFocus and not self.is_inside_a_control(widget)
        ]

    def is_inside_a_control(self, widget: QWidget) -> bool:
        """Whether a widget is a part of a control, such as the line of a number field."""
        return any(isinstance(parent, self.CONTROLS) for parent in _parents(widget))


def place(widget: QWidget, window: QWidget) -> QRect:
    """Where a widget can be seen, in the window."""
    found = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())
    for area in (parent for parent in _parents(widget) if isinstance(parent, QScrollArea)):
        port = area.viewport()
        found &= QRect(port.mapTo(window, QPoint(0, 0)), port.size())
    return found


def _visible(window: QWidget, kind: type[Widget]) -> list[Widget]:
    return [widget for widget in window.findChildren(kind) if widget.isVisible()]


def _parents(widget: QWidget) -> Iterator[QWidget]:
    while (parent := widget.parentWidget()) and not widget.isWindow():
        yield parent
        widget = parent


def _name(widget: QWidget) -> str:
    words = widget.accessibleName() or (widget.text() if isinstance(widget, QLabel) else "")
    return f"{type(widget).__name__} {words!r}"


def _too_small(label: QLabel) -> bool:
    if label.hasHeightForWidth() and label.height() < label.heightForWidth(label.width()):
        return True
    if not label.text():
        return False
    least = label.minimumSizeHint() if label.wordWrap() else label.sizeHint()
    return label.width() < least.width() or label.height() < least.height()


def _narrow(button: QAbstractButton) -> bool:
    least = button.minimumSizeHint()
    low = button.hasHeightForWidth() and button.height() < button.heightForWidth(button.width())
    return low or button.width() < least.width() or button.height() < least.height()


def _cuts_choice(field: QComboBox) -> bool:
    option = QStyleOptionComboBox()
    field.initStyleOption(option)
    part = QStyle.SubControl.SC_ComboBoxEditField
    room = field.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, field)
    return room.width() < field.fontMetrics().horizontalAdvance(field.currentText())


def _cuts_placeholder(field: QLineEdit) -> bool:
    words = field.placeholderText()
    return bool(words) and field.contentsRect().width() < field.fontMetrics().horizontalAdvance(words)


def _cut_titles(table: QTableView) -> list[str]:
    header, model = table.horizontalHeader(), table.model()
    across = Qt.Orientation.Horizontal
    titles = [str(model.headerData(number, across)) for number in range(model.columnCount())]
    return [
        f"{_name(table)}: {title}"
        for number, title in enumerate(titles)
        if not header.isSectionHidden(number)
        and header.sectionSize(number) < header.sectionSizeFromContents(number).width()
    ]


def _plain(control: QWidget) -> bool:
    """The line inside the scan bar, which is itself as tall as a finger."""
    return control.property("role") == "plain" and control.parentWidget().height() >= Layout.FINGER


def _holders(part: QWidget) -> list[QWidget]:
    """What has to hold a part whole: cards up to what scrolls, and that; or else the window."""
    found: list[QWidget] = []
    for parent in _parents(part):
        if isinstance(parent, QScrollArea):
            return [*found, parent.widget()]
        if type(parent).__name__ == "Card" or parent.isWindow():
            found.append(parent)
    return found


def _holds(holder: QWidget, part: QWidget) -> bool:
    return holder.rect().contains(QRect(part.mapTo(holder, QPoint(0, 0)), part.size()))


def _too_wide(area: QScrollArea) -> list[QWidget]:
    """What is in an area that is wider than it is shown, and each part that is alone wider than that."""
    room = area.viewport().width()
    if area.widget().width() <= room:
        return []
    parts = [part for part in _visible(area.widget(), QWidget) if part.minimumSizeHint().width() > room]
    return [area.widget(), *parts]


@pytest.fixture(scope="session")
def layout() -> Layout:
    """Looks for what cannot be read or touched."""
    return Layout()


@pytest.fixture
def eventually() -> Callable[[Callable[[], object]], None]:
    """Waits until something holds; fails where it does not in good time."""

    def wait(holds: Callable[[], object]) -> None:
        until = time.monotonic() + WAIT_SECONDS
        pause = threading.Event()
        while not holds():
            assert time.monotonic() < until, "it did not come about"
            pause.wait(0.005)

    return wait


class QuietShell:
    """Remembers what a page asked of the shell."""

    def __init__(self) -> None:
        self.opened: list[tuple[str, dict[str, str]]] = []
        self.answers: list[tuple[Any, str]] = []
        self.toasts: list[str] = []
        self.undos: list[Callable[[], object] | None] = []

    def open(self, name: str, **where: str) -> None:
        self.opened.append((name, where))

    def back(self) -> None:
        self.opened.append(("back", {}))

    def toast(self, text: str, _tone: object = None, undo: Callable[[], object] | None = None) -> None:
        self.toasts.append(text)

    def answer(
        self, tone: object, words: str, _scan: object = None, undo: Callable[[], object] | None = None
    ) -> None:
        self.answers.append((tone, words))
        self.undos.append(undo)


@pytest.fixture
def shell() -> QuietShell:
    """A shell that shows nothing."""
    return QuietShell()
