"""A window with one field and the watch over keys, in a process of its own: `typist.py SETTINGS`.

Each scan and each text of the field is a line of JSON on its output.
"""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QApplication, QLineEdit

from desk_app.scanning.wedge import wedge_of
from desk_app.settings import Settings
from ui.keys import KeyScans


def tell(name: str, text: str) -> None:
    """Say what came."""
    print(json.dumps([name, text]), flush=True)


def main() -> int:
    """Open the window; ends when it is told to."""
    app = QApplication(sys.argv)
    path = Path(sys.argv[1])
    keys = KeyScans(app, lambda: wedge_of(Settings(path)))
    keys.scanned.connect(partial(tell, "scan"))
    field = QLineEdit()
    field.textChanged.connect(partial(tell, "text"))
    field.show()
    app.focusObjectChanged.connect(lambda focus: focus is field and tell("ready", ""))
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
