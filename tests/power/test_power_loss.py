"""Acknowledged means safe: a commit that returned is there after the power was lost at any moment."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from desk_app import engine as engine_module
from desk_app.engine import open_engine, wipe_traces
from desk_app.errors import OutsideError

KEY = bytes(range(32))


def test_a_store_of_one_driver_opens_in_the_other(power: Any, tmp_path: Path) -> None:
    path = tmp_path / "store"
    ours = open_engine(path, KEY)
    make_table(ours)
    write(ours, 1)
    ours.dispose()
    other = open_engine(path, KEY, module=power.module)
    write(other, 2)
    other.dispose()
    assert numbers(open_engine(path, KEY)) == [1, 2]


def test_the_other_driver_refuses_as_ours_does(power: Any, tmp_path: Path) -> None:
    path = tmp_path / "store"
    make_table(open_engine(path, KEY, module=power.module))
    with pytest.raises(OutsideError, match=r"store\.wrong_key"):
        open_engine(path, os.urandom(32), module=power.module)


def test_what_was_not_committed_is_lost(power: Any, tmp_path: Path) -> None:
    store = opened(power, tmp_path)
    with pytest.raises(OutsideError, match=r"disk\.failed"), store.begin() as connection:
        connection.exec_driver_sql("INSERT INTO t VALUES (1, '')")
        power.lose_power()
    store.dispose()
    assert numbers(reopened(power, tmp_path)) == []


@pytest.mark.parametrize("tear", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_every_acknowledged_commit_survives(power: Any, tmp_path: Path, tear: bool, seed: int) -> None:
    power.chance.seed(seed)
    acknowledged, cuts = until_acknowledged(power, tmp_path, tear, least=100)
    found = numbers(reopened(power, tmp_path))
    assert set(acknowledged) <= set(found)
    assert cuts >= 5


@pytest.mark.parametrize("tear", [False, True])
def test_less_syncing_loses_acknowledged_commits(
    power: Any, tmp_path: Path, tear: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tuple(s.replace("FULL", "NORMAL") for s in engine_module.WRITER_SETTINGS)
    monkeypatch.setattr(engine_module, "WRITER_SETTINGS", settings)
    acknowledged, _ = until_acknowledged(power, tmp_path, tear, least=100)
    assert set(acknowledged) - set(numbers(reopened(power, tmp_path)))


def test_erasure_is_not_undone_by_power_loss(power: Any, tmp_path: Path) -> None:
    store = opened(power, tmp_path)
    write(store, 1)
    with store.begin() as connection:
        connection.exec_driver_sql("DELETE FROM t")
    wipe_traces(store)
    power.lose_power()
    store.dispose()
    assert numbers(reopened(power, tmp_path)) == []


def opened(power: Any, folder: Path) -> Engine:
    """A new store with an empty table."""
    store = open_engine(folder / "store", KEY, module=power.module)
    make_table(store)
    return store


def reopened(power: Any, folder: Path) -> Engine:
    return open_engine(folder / "store", KEY, module=power.module)


def make_table(store: Engine) -> None:
    with store.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (number INTEGER PRIMARY KEY, filler TEXT)")


def write(store: Engine, number: int) -> None:
    with store.begin() as connection:
        connection.exec_driver_sql("INSERT INTO t VALUES (?, ?)", (number, "x" * (number * 397 % 9000)))


def numbers(store: Engine) -> list[int]:
    """The numbers in the table of a store that is whole; the store is closed."""
    with store.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        found = connection.exec_driver_sql("SELECT number FROM t ORDER BY number").scalars().all()
    store.dispose()
    return list(found)


def until_acknowledged(power: Any, folder: Path, tear: bool, least: int) -> tuple[list[int], int]:
    """Write through power losses at random moments; the acknowledged numbers, and the number of losses."""
    store, acknowledged, cuts, number = opened(power, folder), list[int](), 0, 0
    wipe_traces(store)
    while len(acknowledged) < least:
        power.lose_power_after(power.chance.randrange(1, 150))
        try:
            while True:
                number += 1
                write(store, number)
                acknowledged.append(number)
        except OutsideError as error:
            assert error.code == "disk.failed"
        power.lose_power(tear)
        store.dispose()
        store, cuts = reopened(power, folder), cuts + 1
    store.dispose()
    return acknowledged, cuts
