"""Copies of folders and lost receipts: what the simulator found, each alone."""

from __future__ import annotations

import shutil
from typing import Any

import pytest

from desk_app import engine
from desk_app.domain.batches import Pulled, Receipt
from desk_app.domain.entries import STANDS
from desk_app.domain.facts import ParcelArrived, ParcelOpened
from desk_app.errors import OutsideError, RuleError
from desk_app.signatures import CHAIN_START, grown
from desk_app.storage import journal

FEED = "store/01STORE"


def test_a_copy_of_a_desk_takes_nothing_it_never_wrote_and_keeps_its_queue(desks: Any) -> None:
    first = desks.open("A")
    desks.do(first, "parcel/SF1", ParcelArrived("SF1"))
    first.close()
    shutil.copytree(desks.folder / "A", desks.folder / "copy")
    first, copy = desks.open("A"), desks.open("copy")
    desks.do(first, "parcel/SF2", ParcelArrived("SF2"))
    desks.push(first)
    desks.do(copy, "parcel/SF3", ParcelArrived("SF3"))
    with pytest.raises(RuleError, match=r"push\.forked"):
        copy.take(desks.page())
    assert [entry.stream for entry in copy.waiting(FEED, 9).entries] == ["parcel/SF1", "parcel/SF3"]
    first.take(desks.page())
    assert first.waiting(FEED, 9) is None


def test_a_desk_put_back_to_a_backup_is_told_so_before_its_next_act(desks: Any) -> None:
    first = desks.open("A")
    first.close()
    shutil.copytree(desks.folder / "A", desks.folder / "backup")
    first = desks.open("A")
    desks.do(first, "parcel/SF2", ParcelArrived("SF2"))
    desks.push(first)
    backup = desks.open("backup")
    with pytest.raises(RuleError, match=r"push\.forked"):
        backup.take(desks.page())
    desks.do(backup, "parcel/SF3", ParcelArrived("SF3"))
    assert backup.waiting_count() == 1


def test_an_entry_that_comes_back_before_its_receipt_lengthens_the_chain(desks: Any) -> None:
    store = desks.open("A")
    desks.do(store, "parcel/SF1", ParcelArrived("SF1"))
    desks.do(store, "parcel/SF1", ParcelOpened())
    with store.read() as connection:
        bodies = [body for _, body in journal.bodies(connection, "A", FEED, 1, 2)]
    desks.push(store)
    store.take(desks.page())
    assert store.chain(FEED) == grown(CHAIN_START, bodies)
    store.acknowledge(FEED, (Receipt(1, 1, STANDS), Receipt(2, 2, STANDS)))
    assert store.chain(FEED) == grown(CHAIN_START, bodies)
    assert store.acknowledged()[FEED] == 2


def test_a_desk_remembers_in_which_run_it_read(desks: Any) -> None:
    store = desks.open("A")
    desks.do(store, "parcel/SF1", ParcelArrived("SF1"))
    desks.push(store)
    page = desks.page()
    store.take(Pulled(page.feed, page.entries, page.records, page.head, run="01RUN"))
    assert store.last_seen()[FEED].run == "01RUN"
    store.settle("01EPOCH", {FEED: 0}, (FEED,))
    assert store.last_seen() == {}
    assert store.waiting_count() == 1


def test_a_checkpoint_that_fails_is_told_as_the_disk_s_failure(
    desks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = desks.open("A")
    driver = store._engine.dialect.loaded_dbapi

    def run(connection: object, statement: str) -> None:
        error = driver.OperationalError("disk I/O error")
        error.sqlite_errorcode = 10
        raise error

    monkeypatch.setattr(engine, "_run", run)
    with pytest.raises(OutsideError, match=r"disk\.failed"):
        engine.wipe_traces(store._engine)
