"""Work done elsewhere comes home to the Qt thread, errors too."""

from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import Future
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desk_app.changes import Changes, Origin
from desk_app.errors import OutsideError, RuleError
from ui.hub import Hub
from ui.tasks import Tasks

ROOT = Path(__file__).resolve().parents[2]


def test_result_comes_home(qtbot: QtBot, tasks: Tasks) -> None:
    got: list[tuple[object, int]] = []
    tasks.run(lambda: threading.get_ident(), lambda there: got.append((there, threading.get_ident())))
    qtbot.waitUntil(lambda: bool(got))
    there, here = got[0]
    assert here == threading.get_ident()
    assert there != here


def test_result_of_a_service_that_is_ready_already_comes_later(qtbot: QtBot, tasks: Tasks) -> None:
    future: Future[int] = Future()
    future.set_result(7)
    got: list[int] = []
    tasks.when(future, got.append)
    assert got == []
    qtbot.waitUntil(lambda: got == [7])


@pytest.mark.parametrize("error", [RuleError("no_such_case", number="M7K"), OutsideError("disk_full")])
def test_shown_error_goes_to_its_handler(qtbot: QtBot, tasks: Tasks, error: Exception) -> None:
    future: Future[int] = Future()
    failed: list[Exception] = []
    tasks.when(future, lambda _: pytest.fail("it failed"), failed.append)
    future.set_exception(error)
    qtbot.waitUntil(lambda: failed == [error])


@pytest.mark.parametrize("error", [ZeroDivisionError("a bug"), RuleError("nobody_takes_it")])
def test_any_other_error_crashes_loudly(
    qtbot: QtBot, tasks: Tasks, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    loud: list[object] = []
    monkeypatch.setattr(sys, "excepthook", lambda _kind, value, _trace: loud.append(value))
    future: Future[int] = Future()
    takes = (lambda _: pytest.fail("a bug is not shown")) if isinstance(error, ZeroDivisionError) else None
    tasks.when(future, lambda _: None, takes)
    future.set_exception(error)
    qtbot.waitUntil(lambda: loud == [error])


def test_cancelled_work_calls_nothing(qtbot: QtBot, tasks: Tasks) -> None:
    future: Future[int] = Future()
    calls: list[object] = []
    tasks.when(future, calls.append, calls.append)
    future.cancel()
    future.set_running_or_notify_cancel()
    tasks.run(lambda: "after it", calls.append)
    qtbot.waitUntil(lambda: bool(calls))
    assert calls == ["after it"]


def test_nothing_is_delivered_after_stop(qtbot: QtBot) -> None:
    tasks = Tasks()
    begun, hold, calls = threading.Event(), threading.Event(), []
    future = tasks.run(lambda: (begun.set(), hold.wait(10)), calls.append)
    assert begun.wait(10)
    tasks.stop()
    hold.set()
    assert future.result(10) == (None, True)
    other = Tasks()
    other.run(lambda: "later", calls.append)
    qtbot.waitUntil(lambda: bool(calls))
    other.stop()
    assert calls == ["later"]


def test_a_read_that_never_ends_does_not_keep_the_program() -> None:
    code = (
        "import threading\n"
        "from PySide6.QtCore import QCoreApplication\n"
        "from ui.tasks import Tasks\n"
        "app = QCoreApplication([])\n"
        "tasks = Tasks()\n"
        "begun = threading.Event()\n"
        "tasks.run(lambda: (begun.set(), threading.Event().wait()), print)\n"
        "begun.wait(10)\n"
        "tasks.stop()\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=30)


def test_changes_from_any_thread_are_one_signal_on_the_qt_thread(qtbot: QtBot) -> None:
    hub = Hub()
    heard: list[tuple[Changes, int]] = []
    hub.changed.connect(lambda changes: heard.append((changes, threading.get_ident())))
    changes = Changes(frozenset({"case/1"}), Origin.SYNC)
    teller = threading.Thread(target=hub.tell, args=(changes,))
    teller.start()
    teller.join()
    assert heard == []
    qtbot.waitUntil(lambda: heard == [(changes, threading.get_ident())])
