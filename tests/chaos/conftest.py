"""What lies beside these tests: lines that go wrong, and a shop of real processes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from faulty_line import Fault, Network

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def network() -> Iterator[Network]:
    """Where lines are made."""
    made = Network()
    yield made
    made.close()


@pytest.fixture
def fault() -> type[Fault]:
    """What can be wrong with a line."""
    return Fault


@pytest.fixture
def chaos(tmp_path: Path) -> Run:
    """Runs the shop in trouble, as a process of its own; keyword arguments are environment variables."""

    def run(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(ROOT / "tests" / "chaos" / "chaos.py"), *arguments]
        environ = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path), **environ}
        return subprocess.run(command, env=environ, capture_output=True, text=True, check=False)

    return run
