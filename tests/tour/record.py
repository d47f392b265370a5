"""What the tour notes down: steps, checks, keys, scans, seconds; and the first check that is red."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


class RedError(Exception):
    """A check did not hold; its text says which and what was seen instead."""


@dataclass
class Check:
    """One thing that was checked; `ms` until it held, or until its time was over."""

    name: str
    held: bool
    seen: str
    ms: int


@dataclass
class Step:
    """One step of the story with its checks."""

    name: str
    seconds: float = 0.0
    keys: int = 0
    scans: int = 0
    checks: list[Check] = field(default_factory=list)


class Record:
    """The report in the making. `counted` gives keys and scans used so far; `tell` gets each line."""

    def __init__(
        self, ask: Asks, counted: Callable[[], tuple[int, int]], tell: Callable[[str], object]
    ) -> None:
        self._ask, self._counted, self._tell = ask, counted, tell
        self._begun = time.monotonic()
        self.steps: list[Step] = []
        self.trouble = ""

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Count and time what happens inside."""
        step = Step(name)
        self.steps.append(step)
        begun, (keys, scans) = time.monotonic(), self._counted()
        try:
            yield
        finally:
            step.seconds = round(time.monotonic() - begun, 2)
            now = self._counted()
            step.keys, step.scans = now[0] - keys, now[1] - scans
            self._tell(f"{step.seconds:5.1f} s  {name}")

    def check(self, name: str, kind: str, **question: Any) -> None:
        """Ask the checker; raises RedError when the answer is no."""
        answer = self._ask(kind=kind, **question)
        self.note(name, answer["held"], answer["seen"], answer["ms"])

    def note(self, name: str, held: bool, seen: str = "", ms: int = 0) -> None:
        """Note a check whose answer is known; raises RedError when it is no."""
        self.steps[-1].checks.append(Check(name, held, seen, ms))
        if not held:
            raise RedError(f"{name}: {seen}")

    @property
    def red(self) -> list[str]:
        """The checks that did not hold."""
        return [check.name for step in self.steps for check in step.checks if not check.held]

    def write(self, path: Path, **more: Any) -> None:
        """Write everything as JSON."""
        keys, scans = self._counted()
        told = {
            "held": not self.red and not self.trouble,
            "red": self.red,
            "trouble": self.trouble,
            "seconds": round(time.monotonic() - self._begun, 1),
            "keys": keys,
            "scans": scans,
            **more,
            "steps": [asdict(step) for step in self.steps],
        }
        path.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")


class Asks:
    """Puts questions to the checker, a process of its own."""

    def __init__(self, session: str, environ: Mapping[str, str]) -> None:
        program = Path(__file__).with_name("checker.py")
        self._process = subprocess.Popen(
            [sys.executable, str(program), session],
            env=dict(environ),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def __call__(self, **question: Any) -> dict[str, Any]:
        """The answer; raises RuntimeError when the checker is gone."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(question, ensure_ascii=False).encode() + b"\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the checker is gone")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        """Send it home."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()
        self._process.wait()
