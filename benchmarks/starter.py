"""`desk run`, watched: says when its window and its sign-in were painted, then closes. For `start.py`.

The argument is a data folder. It prints a JSON object: what was painted → the monotonic clock at that
moment.
"""

from __future__ import annotations

import json
import os
import sys
import time

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

SEEN = {"MainWindow": "paint", "SignIn": "sign_in"}


class Watch(QObject):
    """Notes the first paint of each class in `SEEN`."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self.told: dict[str, float] = {}
        self._app = app
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint:
            seen = SEEN.get(type(watched).__name__)
            if seen and seen not in self.told:
                self.told[seen] = time.monotonic()
            if seen == "sign_in":
                self._app.removeEventFilter(self)
                QTimer.singleShot(0, self._app.closeAllWindows)
        return False


def main(data: str) -> int:
    """Run until the sign-in is there."""
    watch = Watch(QApplication([]))
    from desk_app.__main__ import main as desk  # its imports are part of what is measured

    code = desk(["run", "--data", data])
    print(json.dumps(watch.told))
    return code


if __name__ == "__main__":
    result = main(sys.argv[1])
    sys.stdout.flush()
    os._exit(result)  # how the interpreter takes Qt down is not what is measured
