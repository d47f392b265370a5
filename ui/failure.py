"""What is shown where nothing can be opened, and where a bug comes to light."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal

from desk_app.texts import Speaker
from ui.widgets import Alone, Button, Icon, Text, Tone, row

log = logging.getLogger(__name__)


class Failure(Alone):
    """A sentence that says what to do, and a way to try again."""

    def __init__(self, say: Speaker, words: str, again: Callable[[], object]) -> None:
        super().__init__(say("Mendesk cannot open"))
        line = row(Icon("triangle-alert", 28, Tone.ATTENTION), Text(words))
        line.setStretch(1, 1)
        self.again = Button(say("Try again"), "refresh-cw", kind="primary")
        self.again.clicked.connect(lambda: again())
        leave = Button(say("Close"), "x")
        leave.clicked.connect(lambda: self.window().close())
        self.body.addLayout(line)
        self.body.addLayout(row(1, leave, self.again))
        self.setFocusProxy(self.again)


class Crashes(QObject):
    """Takes what nobody caught, in any thread: into the log, and then `happened` on the Qt thread.

    The log gets where it happened and which error it was, not its message: that may hold a customer's data.
    """

    happened = Signal()
    _seen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._before = (sys.excepthook, threading.excepthook)
        self._seen.connect(self.happened, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Take over the hooks."""
        sys.excepthook = self._crashed
        threading.excepthook = lambda told: self._crashed(told.exc_type, told.exc_value, told.exc_traceback)

    def remove(self) -> None:
        """Give the hooks back."""
        sys.excepthook, threading.excepthook = self._before

    def _crashed(
        self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt | SystemExit):
            sys.__excepthook__(kind, error or kind(), trace)
            return
        where = "".join(traceback.format_tb(trace))
        log.error("%s.%s\n%s", kind.__module__, kind.__qualname__, where, extra={"whole": True})
        self._seen.emit()
