"""The processes: desks and the central service, started, told what to do, killed, and what they said."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import msgspec

from desk_app.sync.client import Client, Request
from desk_app.sync.own_central import central_command

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
LIMIT = 60.0
"""Seconds after which something that has to come is given up; far more than it takes."""

FSYNC = "name=posix/io/sync/*"


class StuckError(Exception):
    """Something that had to come did not."""


class Bell:
    """Rings when a process said something."""

    def __init__(self) -> None:
        self._rung = threading.Condition()

    def ring(self) -> None:
        """Let everybody who waits look again."""
        with self._rung:
            self._rung.notify_all()

    def wait(self, holds: Callable[[], Any], what: str, limit: float = LIMIT) -> Any:
        """Wait until something holds and return it; raises StuckError."""
        until = time.monotonic() + limit
        with self._rung:
            while not (found := holds()):
                if time.monotonic() > until:
                    raise StuckError(f"{what} did not come")
                self._rung.wait(0.1)
        return found


class Running:
    """A process and the lines of JSON it says; its errors go to a file.

    `heard` is called with each line on a thread of its own.
    """

    def __init__(
        self, command: list[str], errors: Path, heard: Callable[[dict[str, Any]], None], **environ: str
    ) -> None:
        with errors.open("ab") as stderr:
            self._child = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT), **environ},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
            )
        self.pid = self._child.pid
        self.name = errors.stem
        self._reader = threading.Thread(target=self._read, args=(heard,), daemon=True)
        self._reader.start()

    @property
    def is_alive(self) -> bool:
        return self._child.poll() is None

    def say(self, command: str) -> None:
        """One line to its standard input; one that is gone does not hear it."""
        assert self._child.stdin
        with suppress(BrokenPipeError):
            self._child.stdin.write(command + "\n")
            self._child.stdin.flush()

    def signal(self, number: int) -> None:
        """Send a signal."""
        self._child.send_signal(number)

    def kill(self) -> int:
        """Kill it, hear its last words, and return its exit code."""
        self._child.kill()
        return self.ended()

    def end(self) -> int:
        """Close its standard input and return its exit code."""
        assert self._child.stdin
        with suppress(BrokenPipeError):
            self._child.stdin.close()
        return self.ended()

    def ended(self) -> int:
        """Wait for its end; its exit code. Raises StuckError."""
        try:
            code = self._child.wait(LIMIT)
        except subprocess.TimeoutExpired:
            self._child.send_signal(signal.SIGABRT)
            raise StuckError(f"the end of {self.name}") from None
        self._reader.join(LIMIT)
        for pipe in (self._child.stdin, self._child.stdout):
            assert pipe
            with suppress(BrokenPipeError):
                pipe.close()
        return code

    def _read(self, heard: Callable[[dict[str, Any]], None]) -> None:
        assert self._child.stdout
        for line in self._child.stdout:
            if line.endswith("\n"):  # whoever is killed may not have finished
                heard(json.loads(line))


class Central:
    """The central service as the program starts it, over its data folder."""

    def __init__(self, data: Path, logs: Path, keys: Path, bell: Bell) -> None:
        self.data, self.address, self.secret = data, "127.0.0.1:9", ""
        self.codes: list[int] = []
        self.said: list[dict[str, Any]] = []
        self._errors, self._keys, self._bell = logs / "central.stderr", keys, bell
        self.process: Running | None = None

    def start(self) -> None:
        """Start it; it is ready later."""
        self.said.clear()
        command = central_command(self.data)
        self.process = Running(command, self._errors, self._hear, MENDESK_KEYS=str(self._keys))

    def ready(self) -> None:
        """Wait until it serves; raises StuckError where it says why it does not."""
        said = self._bell.wait(lambda: self.said, "the central service")[0]
        if "address" not in said:
            raise StuckError(f"the central service: {said}")

    def refuses(self) -> dict[str, Any]:
        """Start it where it cannot work; what it says."""
        self.start()
        said: dict[str, Any] = self._bell.wait(lambda: self.said, "the central service")[0]
        self.codes.append(self.process.ended())
        return said

    def kill(self) -> None:
        self.codes.append(self.process.kill())

    def end(self) -> None:
        """Let it end as the program ends it."""
        self.codes.append(self.process.end())

    def heads(self) -> dict[str, int]:
        """The last place of each feed, as it says itself."""
        with closing(Client(self.address, "")) as client:
            body = client.ask(Request("GET", "/v1/health", {}, b"", 5, bytes))
        found: dict[str, int] = msgspec.json.decode(body)["heads"]
        return found

    def _hear(self, said: dict[str, Any]) -> None:
        if "address" in said:
            self.address = said["address"]
            self.secret = said.get("founding_secret", self.secret)
        self.said.append(said)
        self._bell.ring()


class Desk:
    """A desk over its folder, run after run, and what all its runs said."""

    def __init__(self, name: str, number: int, folder: Path, logs: Path, bell: Bell) -> None:
        self.name, self.number, self.folder = name, number, folder
        self.tried: list[str] = []
        self.done: list[str] = []
        self.refused: dict[str, str] = {}
        self.lines: list[tuple[str, str]] = []
        self.person, self.id = "", ""
        self.failed: dict[str, Any] = {}
        self.reports: list[dict[str, Any]] = []
        self.codes: list[int] = []
        self.runs = 0
        self.is_ready = False
        self.key = os.urandom(32)
        self._errors, self._bell = logs / f"{name}.stderr", bell
        self._settings = logs / f"{name}.json"
        self.process: Running | None = None

    def start(
        self,
        address: str,
        seed: int,
        secret: str,
        person: str,
        *,
        control: Path | None,
        power: bool,
        **environ: str,
    ) -> None:
        """Start it; it is ready later. control: prefix of the pipe by which its calls can be made to fail."""
        self.runs += 1
        self.is_ready, self.failed = False, {}
        settings = {
            "name": f"Desk {self.name}",
            "number": self.number * 10_000 + self.runs,
            "key": self.key,
            "address": address,
            "seed": seed * 1000 + self.runs,
            "secret": secret,
            "person": person,
            "power": power,
        }
        self._settings.write_bytes(msgspec.json.encode(settings))
        command = [sys.executable, str(HERE / "desk_process.py"), str(self._settings), str(self.folder)]
        if control:
            command = ["fiu-run", "-x", "-f", str(control), *command]
        self.process = Running(command, self._errors, self._hear, **environ)
        self._control = control

    def ready(self) -> None:
        """Wait until it is open."""
        self._bell.wait(lambda: self.is_ready or not self.process.is_alive, f"desk {self.name}")
        if not self.is_ready:
            raise StuckError(f"desk {self.name} ended with {self.process.ended()}, saying {self.failed}")

    def kill(self) -> None:
        self.codes.append(self.process.kill())
        self.is_ready = False

    def end(self) -> None:
        """Let it end as a person does."""
        self.codes.append(self.process.end())
        self.is_ready = False

    def ended(self) -> int:
        """Wait until it has ended by itself; its exit code."""
        self.codes.append(self.process.ended())
        self.is_ready = False
        return self.codes[-1]

    def fail_fsync(self, share: float) -> None:
        """Let this share of its calls of fsync and fdatasync fail; 0: none."""
        order = f"enable_random {FSYNC},probability={share}" if share else f"disable {FSYNC}"
        command = ["fiu-ctrl", "-f", str(self._control), "-c", order, str(self.process.pid)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=False)
        if done.returncode or done.stdout or done.stderr:
            raise StuckError(f"fiu-ctrl: {done.returncode} {done.stdout} {done.stderr}")

    def token(self) -> str:
        """What it shows to the central service."""
        found: str = json.loads((self.folder / "secrets.json").read_bytes())["token"]
        return found

    def report(self) -> dict[str, Any]:
        """What it has to say now; raises StuckError."""
        count = len(self.reports)
        self.process.say("report")
        self._bell.wait(lambda: len(self.reports) > count, f"a report of desk {self.name}", 10)
        return self.reports[-1]

    def _hear(self, said: dict[str, Any]) -> None:
        match said:
            case {"ready": person, "desk": desk}:
                self.person, self.id, self.is_ready = person, desk, True
            case {"try": token}:
                self.tried.append(token)
            case {"done": token}:
                self.done.append(token)
            case {"refused": token, "code": code}:
                self.refused[token] = code
            case {"line": line, "reason": reason}:
                self.lines.append((line, reason))
            case {"report": report}:
                self.reports.append(report)
            case {"failed": _}:
                self.failed = said
        self._bell.ring()


def each(desks: Iterable[Desk], command: str) -> None:
    """Say something to all desks that run."""
    for desk in desks:
        desk.process.say(command)
