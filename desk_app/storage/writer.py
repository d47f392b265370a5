"""The one thread that writes: a person's acts go first, pieces of sync wait for them."""

from __future__ import annotations

import itertools
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from enum import IntEnum
from typing import Any, TypeVar

T = TypeVar("T")


class Rank(IntEnum):
    """Who goes first."""

    ACT = 0
    SYNC = 1
    END = 2


class Writer:
    """Runs jobs one after the other on its own thread; a job's result or error comes through its Future."""

    def __init__(self) -> None:
        self._jobs: queue.PriorityQueue[tuple[int, int, Callable[[], Any], Future[Any]]] = (
            queue.PriorityQueue()
        )
        self._order = itertools.count()
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self._thread.start()

    def do(self, rank: Rank, job: Callable[[], T]) -> Future[T]:
        """Queue a job; its Future is done after the job returned, so after its commit."""
        future: Future[T] = Future()
        self._jobs.put((rank, next(self._order), job, future))
        return future

    def stop(self) -> None:
        """Finish what is queued, then end."""
        self.do(Rank.END, lambda: None)
        self._thread.join()

    def _work(self) -> None:
        while True:
            rank, _, job, future = self._jobs.get()
            if future.set_running_or_notify_cancel():
                _settle(future, job)
            if rank == Rank.END:
                return


def _settle(future: Future[T], job: Callable[[], T]) -> None:
    try:
        result = job()
    except BaseException as error:  # the one who waits on the future decides what it means
        future.set_exception(error)
    else:
        future.set_result(result)
