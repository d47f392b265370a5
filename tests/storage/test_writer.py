"""The one thread that writes: acts before sync, and no job hinders another."""

from __future__ import annotations

import threading

import pytest

from desk_app.storage.writer import Rank, Writer

PATIENCE = 30


def nothing() -> None: ...


def test_acts_go_before_sync() -> None:
    writer, begun, go, done = Writer(nothing, 99), threading.Event(), threading.Event(), []

    def hold() -> None:
        begun.set()
        assert go.wait(PATIENCE)

    writer.do(Rank.SYNC, hold)
    assert begun.wait(PATIENCE)
    ranks = (Rank.SYNC, Rank.ACT, Rank.SYNC, Rank.ACT)
    jobs = [writer.do(rank, lambda name=name: done.append(name)) for name, rank in enumerate(ranks)]
    go.set()
    for job in jobs:
        job.result(PATIENCE)
    writer.stop()
    assert done == [1, 3, 0, 2]


def test_a_job_that_fails_hinders_no_other() -> None:
    writer = Writer(nothing, 99)
    broken = writer.do(Rank.ACT, lambda: 1 // 0)
    assert writer.do(Rank.ACT, lambda: 7).result(PATIENCE) == 7
    with pytest.raises(ZeroDivisionError):
        broken.result(PATIENCE)
    writer.stop()


def test_tidying_waits_until_nothing_else_waits() -> None:
    begun, go, done = threading.Event(), threading.Event(), list[str]()
    writer = Writer(lambda: done.append("tidied"), 2)

    def hold() -> None:
        begun.set()
        assert go.wait(PATIENCE)

    writer.do(Rank.ACT, hold, weight=2)
    assert begun.wait(PATIENCE)
    writer.do(Rank.SYNC, lambda: done.append("sync"))
    writer.do(Rank.ACT, lambda: done.append("act"))
    go.set()
    writer.stop()
    assert done == ["act", "sync", "tidied", "tidied"]


def test_tidying_comes_after_as_much_as_was_asked_for() -> None:
    done = list[str]()
    writer = Writer(lambda: done.append("tidied"), 5)
    for weight in (1, 3, 1, 1, 4, 4):
        writer.do(Rank.ACT, lambda weight=weight: done.append(str(weight)), weight).result(PATIENCE)
        writer.do(Rank.IDLE, nothing).result(PATIENCE)
    writer.stop()
    assert done == ["1", "3", "1", "tidied", "1", "4", "tidied", "4"]


def test_tidying_that_fails_is_told_and_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    told = list[BaseException | None]()
    monkeypatch.setattr(threading, "excepthook", lambda failure: told.append(failure.exc_value))
    writer = Writer(lambda: [][1], 1)
    assert writer.do(Rank.ACT, lambda: 7).result(PATIENCE) == 7
    writer.do(Rank.IDLE, nothing).result(PATIENCE)
    assert [type(error) for error in told] == [IndexError]
    assert writer.do(Rank.ACT, lambda: 8).result(PATIENCE) == 8
    writer.stop()
