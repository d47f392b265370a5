"""The benchmarks run and tell sane figures; how long anything takes is never part of a test."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks import shop
from benchmarks.figures import Figure, percentile, table
from desk_app.storage.store import Store
from desk_app.vault import KEYS_VARIABLE, key_store

ROOT = Path(__file__).resolve().parents[2]
TABLES = ("state", "case_row", "parcel_row", "code_row", "person_row", "search")
PAGES = {"window", "dock", "bench", "cases", "case", "settings", "sign-in"}


def test_a_percentile_is_a_sample() -> None:
    assert [percentile([3.0, 1.0, 2.0, 4.0], share) for share in (25, 50, 99)] == [1.0, 2.0, 4.0]


def test_a_missed_limit_shows() -> None:
    late, early = Figure("late", 10, [5.0, 12.0, 30.0], [4.0, 9.0, 9.0]), Figure("early", 10, [4.0])
    assert (late.median, late.ratio, early.ratio) == (12.0, 1.2, 0.4)
    heads, first, second = table([late, early]).splitlines()
    assert heads.split()[:3] == ["figure", "limit", "median"]
    assert "120% !" in first and "40%" in second and "!" not in second
    assert late.as_json()["cpu_median_ms"] == 9.0


@pytest.mark.slow
def test_rows_written_in_bulk_are_those_the_desk_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setenv(KEYS_VARIABLE, "")
    made = shop.made(40)
    key = key_store().get(f"desk-{(made.data / 'desk.id').read_text('ascii')}")
    assert key
    store = Store(made.data, key)
    before = dump(store)
    store.rebuild()
    assert dump(store) == before
    assert len(before["case_row"]) == 41
    store.close()


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_every_benchmark_tells_its_figures(tmp_path: Path) -> None:
    environ = {**os.environ, "TMPDIR": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-P", "-m", "desk_app", "bench", "--cases", "150", "--times", "1"]
    told = tmp_path / "figures.json"
    done = subprocess.run([*command, "--json", str(told)], env=environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    figures: dict[str, list[dict[str, Any]]] = json.loads(told.read_text("utf-8"))["figures"]
    assert list(figures) == ["pages", "lists", "start", "scan"]
    assert {figure["name"].partition(",")[0] for figure in figures["pages"]} >= PAGES
    for figure in (figure for some in figures.values() for figure in some):
        assert 0 < figure["min_ms"] <= figure["median_ms"] <= figure["p99_ms"] <= figure["max_ms"]
        assert figure["name"] in done.stdout


def test_an_unknown_name_is_refused() -> None:
    command = [sys.executable, "-P", "-m", "desk_app", "bench", "pagse"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "pagse; there are pages, lists, start, scan" in done.stderr


def dump(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Every row of the look-up tables, in order."""
    with store.read() as connection:
        return {
            each: sorted(tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {each}"))
            for each in TABLES
        }
