"""Screens nobody sees and a bus for assistive technology; their processes leave when ours does."""

from __future__ import annotations

import contextlib
import os
import struct
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

SIZE = (1366, 768)
PATIENCE = 10  # seconds a program has to end before it is killed
ENDS_WITH_US = ("setpriv", "--pdeathsig", "TERM")


@contextlib.contextmanager
def running(
    command: Sequence[str], environ: Mapping[str, str], log: Path, pass_fds: Sequence[int] = ()
) -> Iterator[subprocess.Popen[bytes]]:
    """A program that runs inside the `with` and is ended with it; what it says goes to the file `log`."""
    with log.open("ab") as said:
        process = subprocess.Popen(
            [*ENDS_WITH_US, *command],
            env=dict(environ),
            pass_fds=pass_fds,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
        )
    try:
        yield process
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask a program to end, and kill it where it does not; a stopped one is woken for it."""
    if process.poll() is None:
        process.terminate()
        process.send_signal(18)  # SIGCONT, which only POSIX has
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def children(pid: int) -> list[int]:
    """The processes that `pid` has started and that still run."""
    found = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]
    return [child for child in found if _stat(child)[1:2] == [str(pid)] and exists(child)]


def exists(pid: int) -> bool:
    """Whether a process runs; one that only waits to be reaped does not."""
    return _stat(pid)[:1] not in ([], ["Z"])


def _stat(pid: int) -> list[str]:
    """State, parent and so on of a process; empty where it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


@dataclass(frozen=True)
class Screen:
    """One screen; `environ` is what a program needs to open its window there."""

    number: int
    memory: Path

    @property
    def environ(self) -> dict[str, str]:
        """The variables that lead Qt to this screen."""
        return {"DISPLAY": f":{self.number}", "QT_QPA_PLATFORM": "xcb"}

    def picture(self) -> Image.Image:
        """What the screen shows now."""
        return picture_of(self.memory.read_bytes())


@contextlib.contextmanager
def screen(folder: Path, size: tuple[int, int] = SIZE) -> Iterator[Screen]:
    """A screen of its own under a free number; `folder` (made, and its own) holds its picture and log."""
    folder.mkdir(parents=True)
    wide, high = size
    with telling(folder) as (told, answer):
        command = ["Xvfb", "-displayfd", str(told), "-screen", "0", f"{wide}x{high}x24"]
        command += ["-nolisten", "tcp", "-noreset", "-nocursor", "-fbdir", str(folder)]
        with running(command, os.environ, folder / "log", [told]):
            yield Screen(int(answer()), folder / "Xvfb_screen0")


@contextlib.contextmanager
def bus(folder: Path) -> Iterator[dict[str, str]]:
    """A session bus that starts the accessibility bus when asked; the variables that lead a program there.

    `folder` (made, and its own) is the run-time folder; programs started with these variables offer their
    windows to screen readers from the beginning.
    """
    folder.mkdir(parents=True, mode=0o700)
    quiet = {"XDG_RUNTIME_DIR": str(folder), "GSETTINGS_BACKEND": "memory", "NO_AT_BRIDGE": "1"}
    environ = {name: value for name, value in os.environ.items() if name != "DISPLAY"} | quiet
    with telling(folder) as (told, answer):
        command = ["dbus-daemon", "--session", "--nofork", "--nopidfile", f"--print-address={told}"]
        with running(command, environ, folder / "log", [told]):
            address = answer()
            yield {
                "DBUS_SESSION_BUS_ADDRESS": address,
                "XDG_RUNTIME_DIR": str(folder),
                "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
            }


@contextlib.contextmanager
def telling(folder: Path) -> Iterator[tuple[int, Answer]]:
    """A pipe on which a program we start says one line: its end for the program, and how to hear it."""
    hearing, told = os.pipe()
    answer = Answer(hearing, told, folder / "log")
    try:
        yield told, answer
    finally:
        answer.close()


class Answer:
    """The one line a program says when it is ready."""

    def __init__(self, hearing: int, told: int, log: Path) -> None:
        self._told, self._log = told, log
        self._file = os.fdopen(hearing)

    def __call__(self) -> str:
        """Wait for the line; raises RuntimeError with the program's log when it ended without one."""
        os.close(self._told)
        self._told = -1
        line = self._file.readline().strip()
        if not line:
            raise RuntimeError(f"it did not start: {self._log.read_text('utf-8', 'replace')}")
        return line

    def close(self) -> None:
        """Close both ends; a line nobody heard is lost."""
        if self._told >= 0:
            os.close(self._told)
        self._file.close()


def picture_of(dump: bytes) -> Image.Image:
    """The picture in a window dump (XWD, 32 bits a pixel) as the screen's memory file holds it."""
    head = struct.unpack(">25I", dump[:100])
    header, wide, high, line, colours = head[0], head[4], head[5], head[12], head[19]
    pixels = dump[header + 12 * colours :]
    return Image.frombuffer("RGB", (wide, high), pixels, "raw", "BGRX", line, 1)
