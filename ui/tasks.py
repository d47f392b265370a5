"""Results and errors of work done elsewhere come home to the Qt thread, through one object and one signal."""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

from desk_app.errors import ShownError

R = TypeVar("R")
Failed = Callable[[ShownError], object]
READERS = 2


class Tasks(QObject):
    """Nothing of Qt lives off the main thread here; call `stop` before the program ends."""

    _home = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._stopped = False
        self._home.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        for number in range(READERS):
            # Daemons, because the executors of the standard library are waited for when the program ends.
            Thread(target=self._read, name=f"read-{number}", daemon=True).start()

    def when(self, future: Future[R], done: Callable[[R], object], failed: Failed | None = None) -> None:
        """Call `done` with the result, or `failed` with a RuleError or OutsideError, on the Qt thread.

        Any other error, and a shown one nobody takes, goes to `sys.excepthook`. Cancelled: nothing.
        """
        future.add_done_callback(lambda ready: self._come_home(lambda: _finish(ready, done, failed)))

    def run(
        self, work: Callable[[], R], done: Callable[[R], object], failed: Failed | None = None
    ) -> Future[R]:
        """Do a long read beside the Qt thread; `work` must not touch widgets."""
        future: Future[R] = Future()
        self.when(future, done, failed)
        self._work.put(lambda: _fulfil(future, work))
        return future

    def stop(self) -> None:
        """Deliver and start nothing any more; a read that still runs does not keep the program alive."""
        self._stopped = True
        for _ in range(READERS):
            self._work.put(None)

    def _read(self) -> None:
        while (work := self._work.get()) is not None:
            if not self._stopped:
                work()

    def _come_home(self, call: Callable[[], None]) -> None:
        if not self._stopped:
            self._home.emit(call)

    def _deliver(self, call: Callable[[], None]) -> None:
        if not self._stopped:
            call()


def _fulfil(future: Future[R], work: Callable[[], R]) -> None:
    if future.set_running_or_notify_cancel():
        try:
            future.set_result(work())
        except BaseException as error:  # comes home and goes to the excepthook there
            future.set_exception(error)


def _finish(ready: Future[Any], done: Callable[[Any], object], failed: Failed | None) -> None:
    if ready.cancelled():
        return
    error = ready.exception()
    if error is None:
        _call(done, ready.result())
    elif isinstance(error, ShownError) and failed:
        _call(failed, error)
    else:
        sys.excepthook(type(error), error, error.__traceback__)


def _call(slot: Callable[[Any], object], result: object) -> None:
    """Tell a method of a screen, unless the screen went away meanwhile (another person, another language)."""
    owner = getattr(getattr(slot, "func", slot), "__self__", None)
    if not isinstance(owner, QObject) or isValid(owner):
        slot(result)
