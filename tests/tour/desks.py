"""A desk of the tour: the real program on a screen of its own, with hands at it and eyes on it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import hands
import reader
import screen

from desk_app.texts import Speaker, speaker

PROGRAM = [sys.executable, "-m", "desk_app", "run"]
START = 30  # seconds a start may take on a busy machine


class Desk:
    """One desk over a home folder; `start` and `stop` as often as the story wants."""

    def __init__(
        self,
        name: str,
        home: Path,
        language: str,
        shown: screen.Screen,
        listener: reader.Reader,
        environ: Mapping[str, str],
    ) -> None:
        self.name, self.language, self.screen = name, language, shown
        self.data, self.sounds = home / "data", home / "sounds"
        self.hands = hands.Hands(shown.environ["DISPLAY"])
        self.log = home / "output"
        self._listener = listener
        self._environ = {**os.environ, **environ, **shown.environ, **self._places(home)}
        self._life = contextlib.ExitStack()
        self.process: subprocess.Popen[bytes] | None = None
        home.mkdir(parents=True)

    @property
    def say(self) -> Speaker:
        """What stands on its buttons."""
        return speaker(self.language)

    @property
    def papers(self) -> Path:
        """Where it prints to."""
        return self.data / "papers"

    @property
    def logs(self) -> tuple[Path, ...]:
        """What tells why it failed."""
        return self.log, self.data / "mendesk.log", self.data / "central" / "central.log"

    def start(self, **variables: str) -> None:
        """Start the program, wait for its window, and give it the whole screen."""
        command = [*PROGRAM, "--data", str(self.data)]
        environ = {**self._environ, **variables}
        self.process = self._life.enter_context(screen.running(command, environ, self.log))
        self.window = reader.wait(self._appeared, START, lambda: f"no window of desk {self.name}")
        self.window.wait_for("Mendesk", within=START)
        self.hands.fill(*screen.SIZE)

    @property
    def pid(self) -> int:
        """Its process; raises RuntimeError before the first start."""
        if self.process is None:
            raise RuntimeError(f"desk {self.name} was never started")
        return self.process.pid

    def stop(self) -> None:
        """End the program, as closing the system does, and wait for the central service it started."""
        started = screen.children(self.process.pid) if self.process else []
        self._life.close()
        reader.wait(
            lambda: not any(map(screen.exists, started)) or None, START, lambda: f"still there: {started}"
        )

    def died(self, within: float) -> bool:
        """Whether it dies by SIGKILL within so many seconds."""
        if self.process is None:
            return False
        try:
            return self.process.wait(within) == -signal.SIGKILL
        except subprocess.TimeoutExpired:
            return False

    def close(self) -> None:
        """End whatever still runs."""
        self.stop()
        self.hands.close()

    def press(self, key: str, **values: object) -> None:
        """Press a button by the words it has in the desk's language."""
        self.window.press(self.say(key, **values))

    def strike(self, key: str, **values: object) -> None:
        """Strike the key that stands on the button with these words."""
        button = self.window.find(self.say(key, **values), reader.is_button)
        if not button.description:
            raise reader.NotSeenError(f"no key stands on {button.name!r}")
        self.hands.press(button.description.replace("回车", "Enter"))

    def write(self, key: str, text: str) -> None:
        """Write into the field with the label `key`: typed, or put in where no key types it."""
        label = self.say(key)
        if text.isascii():
            self.window.focus(label, reader.is_written)
            self.hands.type(text)
        else:
            self.window.write(label, text)

    def scan_into(self, key: str, code: str) -> None:
        """Scan by keys while the field with the label `key` has the focus."""
        self.window.focus(self.say(key), reader.is_written)
        self.hands.scan(code)

    def picture(self, path: Path) -> None:
        """Keep what its screen shows."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.screen.picture().save(path)

    def _appeared(self) -> reader.Window | None:
        if self.process is None or self.process.poll() is not None:
            raise reader.NotSeenError(f"desk {self.name} ended: {self.log.read_text('utf-8', 'replace')}")
        return self._listener.find_window(self.pid)

    def _places(self, home: Path) -> dict[str, str]:
        return {
            "HOME": str(home),
            "MENDESK_KEYS": str(home / "keys"),
            "MENDESK_SOUND_LOG": str(self.sounds),
            "XDG_CACHE_HOME": str(home / "cache"),
            "XDG_CONFIG_HOME": str(home / "config"),
            "XDG_DATA_HOME": str(home / "share"),
            "TZ": "Asia/Shanghai",
            "LANG": "C.UTF-8",
        }
