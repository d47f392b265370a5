"""The one thread that writes: acts before sync, and no job hinders another."""

from __future__ import annotations

import threading

import pytest

from desk_app.storage.writer import Rank, Writer

PATIENCE = 30


def test_acts_go_before_sync() -> None:
    writer, begun, go, done = Writer(), threading.Event(), threading.Event(), []

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
    writer = Writer()
    broken = writer.do(Rank.ACT, lambda: 1 // 0)
    assert writer.do(Rank.ACT, lambda: 7).result(PATIENCE) == 7
    with pytest.raises(ZeroDivisionError):
        broken.result(PATIENCE)
    writer.stop()
