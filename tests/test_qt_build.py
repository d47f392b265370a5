"""Notices a build of PySide6 that drops references it does not own, as 6.12.0 does on Python 3.11."""

from __future__ import annotations

import json
import subprocess
import sys

ROUNDS = 400  # a process starts with some 600 references to True, so the measure comes before the end
NOISE = 50  # what a sound build may shift, by caches for instance

PROBE = f"""
import json, sys
from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

class Bell(QObject):
    rung = Signal(int)

application = QCoreApplication([])
bell, timer = Bell(), QTimer()
before = [sys.getrefcount(True), sys.getrefcount(None)]
for number in range({ROUNDS}):
    bell.rung.emit(number)
    timer.setInterval(number)
after = [sys.getrefcount(True), sys.getrefcount(None)]
print(json.dumps([after[0] - before[0], after[1] - before[1]]), flush=True)
"""


def test_signals_and_void_calls_drop_no_references() -> None:
    done = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"PySide6 ended the process: {done.stderr}"
    true, none = json.loads(done.stdout)
    assert abs(true) < NOISE, (
        f"{ROUNDS} signals shifted the references to True by {true}: a bad PySide6 build"
    )
    assert abs(none) < NOISE, (
        f"{ROUNDS} void calls shifted the references to None by {none}: a bad PySide6 build"
    )
