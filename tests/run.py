"""Runs every check of Mendesk as named steps with a line each; `./desk test` starts it in the environment."""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
LINUX = sys.platform.startswith("linux")
SABOTAGES_IN_A_USUAL_RUN = ("wrong_number", "beep_before_commit")
CHOICES = {"quick": "not long and not slow", "usual": "not long", "long": ""}  # marker expressions


@dataclass(frozen=True)
class Step:
    """One check: its name and what it gives to Python; `says` where its last line is of interest anyway."""

    name: str
    arguments: Sequence[str]
    says: bool = False


def main() -> int:
    """Run the steps of the choice on the command line; 0 only if every one held."""
    choice = parse_choice()
    with screen() as display, caches() as places:
        plain = {"PYTHONHASHSEED": "random", "TZ": "UTC", "LANG": "C.UTF-8"}
        environ = {**os.environ, **plain, **display, **places}
        held = [ok for group in groups(choice) for ok in together(group, environ)]
    if not LINUX:
        print("Not run on this system: the tests under Xvfb and those named as skipped above, the tour")
    print(f"steps: {held.count(True)} passed, {held.count(False)} failed")
    return 0 if all(held) else 1


def parse_choice() -> str:
    """'quick', 'usual' or 'long'."""
    parser = argparse.ArgumentParser(prog="desk test", description="Run the checks of Mendesk.")
    either = parser.add_mutually_exclusive_group()
    either.add_argument("--quick", action="store_const", dest="choice", const="quick", help="under a minute")
    either.add_argument(
        "--long", action="store_const", dest="choice", const="long", help="what takes longer too"
    )
    parser.set_defaults(choice="usual")
    choice: str = parser.parse_args().choice
    return choice


def groups(choice: str) -> list[list[Step]]:
    """The steps in order; those of one group run at the same time."""
    pytest = ["-m", "pytest", "--numprocesses=2", "--dist=worksteal", "-m", CHOICES[choice]]
    return [
        [
            Step("format", ["-m", "ruff", "format", "--check", "--quiet"]),
            Step("lint", ["-m", "ruff", "check", "--quiet"]),
        ],
        [Step("types", ["-m", "mypy"]), Step("tests", pytest, says=True)],
        *([step] for step in steps_alone(choice)),
    ]


def steps_alone(choice: str) -> list[Step]:
    """What has the machine for itself: tour, sabotages, the shop in trouble; more of these with `--long`."""
    if choice == "quick" or not LINUX:
        return []
    out = Path(tempfile.gettempdir(), "mendesk-tour")
    sabotages = [] if choice == "long" else list(SABOTAGES_IN_A_USUAL_RUN)
    seconds = "600" if choice == "long" else "20"
    return [
        Step("tour", ["tests/tour/tour.py", "--out", str(out)], says=True),
        Step("sabotages", ["tests/tour/sabotages.py", *sabotages]),
        Step("chaos", ["tests/chaos/chaos.py", "--seconds", seconds], says=True),
    ]


def together(steps: Sequence[Step], environ: Mapping[str, str]) -> list[bool]:
    """Run `steps` at the same time and tell each as it ends; whether each held."""
    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(lambda step: run(step, environ), steps))


def run(step: Step, environ: Mapping[str, str]) -> bool:
    """Run one step and tell how it ended, with its output where it failed; whether it held."""
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, *step.arguments],
        cwd=CHECKOUT,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    seconds = time.monotonic() - begun
    lines = done.stdout.decode(errors="replace").rstrip().splitlines()
    shown = lines if done.returncode else lines[-1:] if step.says else []
    verdict = "FAILED" if done.returncode else "ok"
    print("\n".join([f"{step.name:12} {verdict:7} {seconds:5.1f} s", *shown]), flush=True)
    return done.returncode == 0


@contextlib.contextmanager
def screen() -> Iterator[dict[str, str]]:
    """A screen that nobody sees, as environment variables; on other systems than Linux the one there is."""
    if not LINUX:
        yield {}
        return
    reading, writing = os.pipe()
    command = [
        "Xvfb",
        "-displayfd",
        str(writing),
        "-screen",
        "0",
        "1600x1000x24",
        "-nolisten",
        "tcp",
        "-noreset",
    ]
    server = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.PIPE)
    os.close(writing)
    try:
        with os.fdopen(reading) as answer:
            number = answer.readline().strip()
        if not number:
            raise RuntimeError(f"Xvfb did not start: {server.communicate()[1].decode()}")
        yield {"DISPLAY": f":{number}"}
    finally:
        server.terminate()
        server.wait()


@contextlib.contextmanager
def caches() -> Iterator[dict[str, str]]:
    """Where the tools keep what they know, as environment variables; beside the code where that can be."""
    if os.access(CHECKOUT, os.W_OK):
        yield {}
        return
    with tempfile.TemporaryDirectory(prefix="mendesk-caches-") as folder:
        names = ("RUFF_CACHE_DIR", "MYPY_CACHE_DIR", "HYPOTHESIS_STORAGE_DIRECTORY")
        yield {**{name: str(Path(folder, name)) for name in names}, "PYTEST_ADDOPTS": "-p no:cacheprovider"}


if __name__ == "__main__":
    sys.exit(main())
