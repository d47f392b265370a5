"""Whole stores under many seeds: every promise holds, every fault meets every promise, every break is seen.

Each part is a process of its own, as the simulator takes every source of chance of its process over.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

HERE = Path(__file__).parent
PARTS, PART = 8, 25
LONG_PARTS, LONG_PART = 8, 250
CONTESTED_A_RUN = 0.25
USUAL_MUTANTS = ("forgets_idempotence", "folds_provisional_first")
MOST_SEEDS = 200
TRACED = 4

Simulate = Callable[..., "subprocess.CompletedProcess[str]"]


def module(name: str) -> ModuleType:
    """A module beside this one."""
    spec = importlib.util.spec_from_file_location(f"simulation_{name}", HERE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = made
    spec.loader.exec_module(made)
    return made


def simulate(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the simulator; warnings are errors there too."""
    command = [sys.executable, "-W", "error", str(HERE / "simulate.py"), *map(str, arguments)]
    environ = {**os.environ, "PYTHONHASHSEED": "0"}
    return subprocess.run(command, env=environ, capture_output=True, text=True, check=False)


def run_part(folder: Path, name: str, part: int, size: int, parts: int) -> None:
    """Run one part; whoever is the last to end looks at the sum of all."""
    folder.mkdir(exist_ok=True)
    mine = folder / f"{name}-{part}.json"
    done = simulate("--seeds", size, "--from", part * size, "--report", mine.with_suffix(".new"))
    assert done.returncode == 0, done.stdout + done.stderr
    mine.with_suffix(".new").rename(mine)
    found = sorted(folder.glob(f"{name}-*.json"))
    if len(found) == parts:
        look_at_sum(found)


def look_at_sum(paths: list[Path]) -> None:
    """Every fault met every promise, and permissions were contested often enough."""
    total = module("report").summed(paths)
    empty = total.empty_cells(list(total.cells))
    assert len(total.cells) >= 30, sorted(total.cells)
    assert not empty, "\n".join([*empty, *total.lines()])
    assert total.contested >= CONTESTED_A_RUN * total.runs, total.contested


@pytest.fixture
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this test run share."""
    base = tmp_path_factory.getbasetemp()
    return (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "simulation"


@pytest.mark.slow
@pytest.mark.needs_linux
@pytest.mark.timeout(600)
@pytest.mark.parametrize("part", range(PARTS))
def test_every_promise_holds(part: int, shared: Path) -> None:
    run_part(shared, "usual", part, PART, PARTS)


@pytest.mark.long
@pytest.mark.needs_linux
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("part", range(LONG_PARTS))
def test_every_promise_holds_under_two_thousand_seeds(part: int, shared: Path) -> None:
    run_part(shared, "long", part, LONG_PART, LONG_PARTS)


@pytest.mark.slow
@pytest.mark.needs_linux
@pytest.mark.timeout(600)
def test_a_seed_gives_the_same_run_again() -> None:
    first, second = (simulate("--seeds", TRACED, "--from", 40, "--traces") for _ in range(2))
    traces = [line for line in first.stdout.splitlines() if line[:1].isdigit()][:TRACED]
    assert len({trace.split()[1] for trace in traces}) == TRACED
    assert traces == [line for line in second.stdout.splitlines() if line[:1].isdigit()][:TRACED]


@pytest.mark.slow
@pytest.mark.needs_linux
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("mutant", USUAL_MUTANTS)
def test_a_break_is_seen(mutant: str) -> None:
    done = simulate("--mutant", mutant, "--seeds", MOST_SEEDS, "--from", 1000)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.long
@pytest.mark.needs_linux
@pytest.mark.timeout(7200)
def test_every_break_is_seen() -> None:
    listed = simulate("--mutants")
    names = listed.stdout.split()
    assert len(names) >= 12, listed.stderr
    ends = [simulate("--mutant", name, "--seeds", MOST_SEEDS, "--from", 1000) for name in names]
    assert not [end.stdout for end in ends if end.returncode]
