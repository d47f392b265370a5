"""The log of the store's file goes into the file when nobody waits, and never in an act's own time."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from desk_app.domain.facts import ParcelArrived
from desk_app.domain.people import Actor
from desk_app.errors import OutsideError
from desk_app.storage import store as stores
from desk_app.storage.store import Store
from desk_app.storage.writer import Rank

PATIENCE = 30
BY = Actor("person/P", ("admin",), "王芳")
ROUNDS = 6


def receive(desks: Any, store: Store, first: int, amount: int) -> None:
    for number in range(first, first + amount):
        desks.do(store, f"parcel/SF{number}", ParcelArrived(f"SF{number}"))


def settle(store: Store) -> None:
    """Wait until nothing is left for when nobody waits."""
    store._writer.do(Rank.IDLE, lambda: None).result(PATIENCE)


def log_of(desks: Any, name: str) -> Path:
    return Path(desks.folder / name / "desk.db-wal")


def test_over_many_acts_the_log_stays_as_long_as_it_was(desks: Any) -> None:
    store = desks.open("one")
    sizes = []
    for turn in range(ROUNDS):
        receive(desks, store, turn * stores.CHECKPOINT_EVERY, stores.CHECKPOINT_EVERY)
        settle(store)
        sizes.append(log_of(desks, "one").stat().st_size)
    assert sizes[0] > 0
    assert sizes[-1] < 2 * sizes[0]


def test_an_act_is_done_before_its_checkpoint_begins(desks: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go = threading.Event(), threading.Event()

    def checkpoint(_engine: object) -> None:
        begun.set()
        assert go.wait(PATIENCE)

    store = desks.open("one")
    monkeypatch.setattr(stores, "checkpoint", checkpoint)
    try:
        for number in range(stores.CHECKPOINT_EVERY - 1):  # the desk's first act was before
            store.act(lambda act: None, BY, number).result(PATIENCE)
        assert begun.wait(PATIENCE)
    finally:
        go.set()


def test_a_commit_writes_no_log_into_the_file(desks: Any) -> None:
    """But where it has become far longer than it ever should."""
    store = desks.open("one")
    with store._engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA wal_autocheckpoint").scalar() == 10_000
    size = (desks.folder / "one" / "desk.db").stat().st_size
    receive(desks, store, 0, stores.CHECKPOINT_EVERY // 2)
    settle(store)
    assert (desks.folder / "one" / "desk.db").stat().st_size == size
    receive(desks, store, 100, stores.CHECKPOINT_EVERY)
    settle(store)
    assert (desks.folder / "one" / "desk.db").stat().st_size > size


@pytest.mark.logs("the log of the store's file grows on for now: disk.full")
def test_a_checkpoint_for_which_there_is_no_room_is_told_and_hinders_nobody(
    desks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def checkpoint(_engine: object) -> None:
        raise OutsideError("disk.full")

    store = desks.open("one")
    monkeypatch.setattr(stores, "checkpoint", checkpoint)
    receive(desks, store, 0, stores.CHECKPOINT_EVERY)
    settle(store)
    receive(desks, store, 100, 1)
    assert store.waiting_count() == stores.CHECKPOINT_EVERY + 1
