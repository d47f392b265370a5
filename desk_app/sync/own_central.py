"""The central service as a process of this desk: started, watched, started again when it dies, ended with it.

The service writes one JSON line when it is ready, `{"address": …, "founding_secret": …}`, or one that says
why it is not, `{"problem": code, …}` with the code's values. It ends when its standard input closes, so it
never outlives the program.
"""

from __future__ import annotations

import contextlib
import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue

import msgspec

from desk_app.errors import OutsideError
from desk_app.sync.backoff import LONGEST_PAUSE, Backoff, Jitter, spread

log = logging.getLogger(__name__)

START_SECONDS = 20.0
END_SECONDS = 3.0
KILL_SECONDS = 1.0
BETWEEN_TRIES = 0.2

Command = Callable[[Path], list[str]]
"""The command line that runs the service over a data folder."""


@dataclass(frozen=True, slots=True)
class Ready:
    """What the service says when it is ready; the secret is empty once a desk has joined.

    network_address, fingerprint: where desks on other computers reach it by TLS, and the SHA-256 of its
    certificate; empty where it serves this computer only.
    """

    address: str
    founding_secret: str
    network_address: str = ""
    fingerprint: bytes = b""


def central_command(data: Path, *, network: bool = False) -> list[str]:
    """The command line of this program's service; with a network it serves other computers too."""
    program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-P", "-m", "desk_app"]
    more = ["--network"] if network else []
    return [*program, "central", "--data", str(data), "--with-parent", *more]


class OwnCentral:
    """The central service over the folder `data`, from `start` to `stop`."""

    def __init__(self, data: Path, command: Command = central_command, jitter: Jitter = spread) -> None:
        self._data = data
        self._command = command
        self._backoff = Backoff(jitter)
        self._stopping = threading.Event()
        self._process: _Process | None = None
        self._ready: Ready | None = None
        self._problem = _did_not_start()
        self._lock = threading.Lock()
        self._watcher = threading.Thread(target=self._watch, name="own-central", daemon=True)

    def start(self, seconds: float = START_SECONDS) -> Ready:
        """Start the service and wait at most `seconds` until it is ready.

        The service of a program that was killed may still hold the folder for a moment; that is waited for.
        Raises OutsideError `central.did_not_start` (value: exit, the exit code or ""), or the problem that
        the service named, such as `central.port_taken`; then it is tried again from time to time.
        """
        try:
            return self._run_when_free(seconds)
        finally:
            self._watcher.start()

    def address(self) -> str:
        """Where the service listens; raises what keeps it from running, as `start` does."""
        return self.ready().address

    def ready(self) -> Ready:
        """What the running service said of itself; raises what keeps it from running, as `start` does."""
        if self._ready is None:
            raise OutsideError(self._problem.code, **self._problem.values)
        return self._ready

    def stop(self) -> None:
        """End the service cleanly, within a few seconds."""
        with self._lock:
            self._stopping.set()
        if self._process:
            self._process.end()
        if self._watcher.is_alive():
            self._watcher.join()

    def _run_when_free(self, seconds: float) -> Ready:
        until = time.monotonic() + seconds
        while True:
            try:
                return self._run(seconds)
            except OutsideError as error:
                if error.code != "central.running" or time.monotonic() > until:
                    raise
            self._stopping.wait(BETWEEN_TRIES)

    def _run(self, seconds: float) -> Ready:
        try:
            with self._lock:
                if self._stopping.is_set():
                    raise _did_not_start()
                self._process = _Process(self._command(self._data))
            self._ready = self._process.ready(seconds)
        except OutsideError as error:
            self._problem = error
            raise
        return self._ready

    def _watch(self) -> None:
        while True:
            began = time.monotonic()
            if self._ready and self._process:
                self._died(self._process.wait())
            if time.monotonic() - began > LONGEST_PAUSE:
                self._backoff.reset()
            if self._stopping.wait(self._backoff.pause()):
                return
            with contextlib.suppress(OutsideError):  # `address` tells it, and the next turn tries again
                self._run(START_SECONDS)

    def _died(self, code: int) -> None:
        self._ready, self._problem = None, _did_not_start(code)
        if not self._stopping.is_set():
            log.warning("the central service ended with %s and is started again", code)


def _did_not_start(code: int | str = "") -> OutsideError:
    return OutsideError("central.did_not_start", exit=code)


class _Process:
    """One run of the service."""

    def __init__(self, command: list[str]) -> None:
        try:
            self._child = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            raise _did_not_start() from error
        self._first_line: Queue[bytes] = Queue()
        self._reader = threading.Thread(target=self._read, name="own-central-out", daemon=True)
        self._reader.start()

    def ready(self, seconds: float) -> Ready:
        """What the service says first; ends it and raises OutsideError where that is not that it is ready."""
        try:
            said = msgspec.json.decode(self._first_line.get(timeout=seconds), type=dict[str, str])
        except (Empty, msgspec.DecodeError) as error:
            code = self.end()
            raise _did_not_start(code) from error
        if "address" in said:
            fingerprint = bytes.fromhex(said.get("fingerprint", ""))
            secret, network_address = said.get("founding_secret", ""), said.get("network_address", "")
            return Ready(said["address"], secret, network_address, fingerprint)
        code = self.end()
        raise OutsideError(said.pop("problem"), **said) if "problem" in said else _did_not_start(code)

    def wait(self) -> int:
        """Until the service has ended, by itself or because it was told to; returns its exit code."""
        self._reader.join()
        self._close_input()
        return self._child.wait()

    def end(self) -> int:
        """Close its input, and take harder means where that does not end it; returns its exit code."""
        self._close_input()
        for harder, seconds in ((self._child.terminate, END_SECONDS), (self._child.kill, KILL_SECONDS)):
            try:
                self._child.wait(seconds)
            except subprocess.TimeoutExpired:
                harder()
        return self.wait()

    def _close_input(self) -> None:
        assert self._child.stdin
        with contextlib.suppress(OSError):
            self._child.stdin.close()

    def _read(self) -> None:
        """Take everything the service says, so that it never waits for a reader."""
        assert self._child.stdout
        with self._child.stdout as lines:
            self._first_line.put(lines.readline())
            for _ in lines:
                pass
