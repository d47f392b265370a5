"""Virtual time: a heap of events, and threads of which only one runs, until it waits for something.

`Event` and `Thread` stand in for those of `threading`, so that the loops of the product run as they are.
"""

from __future__ import annotations

import heapq
import itertools
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

SECOND = 1_000_000
STUCK_SECONDS = 60.0
"""Real seconds after which a thread that neither waits nor ends is a mistake."""

Work = Callable[[], object]


class KilledError(BaseException):
    """The process of this thread was killed while it waited."""


class Time:
    """Events in the order of their moments (µs), those of one moment in the order they were asked for."""

    def __init__(self, now: int) -> None:
        self.now = now
        self.running: Thread | None = None
        self.watch: Work = lambda: None
        self._events: list[tuple[int, int, Work]] = []
        self._order = itertools.count()

    def after(self, seconds: float, work: Work) -> None:
        """Do `work` when `seconds` have passed."""
        heapq.heappush(self._events, (self.now + int(seconds * SECOND), next(self._order), work))

    def run(self, seconds: float, until: Callable[[], bool] = lambda: False) -> None:
        """Let time pass, but no longer than until something holds."""
        end = self.now + int(seconds * SECOND)
        while not until() and self._events and self._events[0][0] <= end:
            moment, _, work = heapq.heappop(self._events)
            self.now = max(self.now, moment)
            work()
            self.watch()
        if not until():
            self.now = max(self.now, end)

    def wait(self, wake: Callable[[Work], None]) -> None:
        """From a virtual thread: wait; `wake` is handed what ends the waiting, of which only once counts."""
        routine = self.running
        assert routine is not None
        waits = iter((True,))

        def go_on() -> None:
            if next(waits, False) and not routine.killed:
                routine.step()

        wake(go_on)
        routine.pause()


class Place(Protocol):
    """Where a thread runs."""

    def at_work(self) -> AbstractContextManager[None]:
        """While it computes."""

    def on_error(self, error: BaseException) -> None:
        """It ended by an error."""


class Thread:
    """A thread that runs only while the scheduler waits for it."""

    def __init__(self, time: Time, target: Work, place: Place) -> None:
        self.killed = False
        self.done = False
        self._time = time
        self._target = target
        self._place = place
        self._go, self._back = threading.Semaphore(0), threading.Semaphore(0)
        self._real = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Begin at this moment, after what was asked for before."""
        self._real.start()
        self._time.after(0, self.step)

    def join(self, timeout: float | None = None) -> None:
        """From outside: let time pass until the thread has ended."""
        self._time.run(timeout or STUCK_SECONDS, lambda: self.done)

    def kill(self) -> None:
        """End it where it waits, without a farewell."""
        if not self.done and not self.killed and self._real.is_alive():
            self.killed = True
            self.step()

    def step(self) -> None:
        """Let it run until it waits or ends."""
        if self.done:
            return
        before, self._time.running = self._time.running, self
        with self._place.at_work():
            self._go.release()
            assert self._back.acquire(timeout=STUCK_SECONDS), "a virtual thread is stuck"
        self._time.running = before

    def pause(self) -> None:
        """From the thread itself: hand over until somebody lets it go on."""
        self._back.release()
        self._go.acquire()
        if self.killed:
            raise KilledError

    def _run(self) -> None:
        self._go.acquire()
        try:
            if not self.killed:
                self._target()
        except KilledError:
            pass
        except BaseException as error:  # whoever watches the computer decides what it means
            self._place.on_error(error)
        self.done = True
        self._back.release()


class Event:
    """`threading.Event` in virtual time."""

    def __init__(self, time: Time) -> None:
        self._time = time
        self._is_set = False
        self._waiting: list[Callable[[], None]] = []

    def is_set(self) -> bool:
        return self._is_set

    def set(self) -> None:
        self._is_set = True
        waiting, self._waiting = self._waiting, []
        for wake in waiting:
            wake()

    def clear(self) -> None:
        self._is_set = False

    def wait(self, timeout: float | None = None) -> bool:
        """Whether it was set before the time was over."""
        if self._is_set:
            return True
        heard: list[bool] = []

        def wake(go_on: Work) -> None:
            def called() -> None:
                heard.append(True)
                self._time.after(0, go_on)

            self._waiting.append(called)
            if timeout is not None:
                self._time.after(timeout, go_on)

        self._time.wait(wake)
        return bool(heard)


class Threading:
    """What stands for the module `threading` in a module of the product, for one computer."""

    def __init__(self, time: Time, place: Place) -> None:
        self.threads: list[Thread] = []
        self._time = time
        self._place = place
        self.Lock = threading.Lock

    def Event(self) -> Event:  # noqa: N802 - the name in `threading`
        return Event(self._time)

    def Thread(self, target: Work, name: str, daemon: bool) -> Thread:  # noqa: N802
        self.threads.append(Thread(self._time, target, self._place))
        return self.threads[-1]
