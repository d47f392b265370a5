"""The one thread that writes: a person's acts go first, pieces of sync wait for them."""

from __future__ import annotations

import itertools
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from enum import IntEnum
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")


class Rank(IntEnum):
    """Who goes first."""

    ACT = 0
    SYNC = 1
    IDLE = 2
    END = 3


class _Job(NamedTuple):
    rank: Rank
    number: int
    weight: int
    work: Callable[[], Any]
    future: Future[Any]


class Writer:
    """Runs jobs one after the other on its own thread; a job's result or error comes through its Future.

    tidy: done whenever jobs of the weight `every` were done since, once no other job waits.
    """

    def __init__(self, tidy: Callable[[], None], every: int) -> None:
        self._jobs: queue.PriorityQueue[_Job] = queue.PriorityQueue()
        self._order = itertools.count()
        self._tidy, self._every = tidy, every
        self._untidied = 0
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self._thread.start()

    def do(self, rank: Rank, job: Callable[[], T], weight: int = 1) -> Future[T]:
        """Queue a job; its Future is done after the job returned, so after its commit."""
        future: Future[T] = Future()
        self._jobs.put(_Job(rank, next(self._order), weight, job, future))
        return future

    def stop(self) -> None:
        """Finish what is queued, then end."""
        self.do(Rank.END, lambda: None)
        self._thread.join()

    def _work(self) -> None:
        while True:
            job = self._jobs.get()
            if job.future.set_running_or_notify_cancel():
                self._count(job)
                _settle(job.future, job.work)
            if job.rank == Rank.END:
                return

    def _count(self, job: _Job) -> None:
        """Before the job is done: who waits for it finds the tidying queued."""
        if job.rank < Rank.IDLE:
            self._untidied += job.weight
        if self._untidied >= self._every:
            self._untidied = 0
            self.do(Rank.IDLE, self._tidy).add_done_callback(_tell)


def _settle(future: Future[T], job: Callable[[], T]) -> None:
    try:
        result = job()
    except BaseException as error:  # the one who waits on the future decides what it means
        future.set_exception(error)
    else:
        future.set_result(result)


def _tell(future: Future[None]) -> None:
    """Nobody waits for this one: its error goes where those of threads go, and the thread lives on."""
    error = future.exception()
    if error is not None:
        told = (type(error), error, error.__traceback__, threading.current_thread())
        threading.excepthook(threading.ExceptHookArgs(told))
