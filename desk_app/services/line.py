"""The line to the central service, as a person sees it, and the desks at its other ends."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from desk_app.domain.people import Actor, require
from desk_app.services.views import Brought, DeskRow, LineState

LONGEST_HISTORY = 100
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Remote:
    """What the central service is asked for; each raises OutsideError without a line.

    invite: a full join code for one more desk; desks: those of the store; shut_out: takes a desk's id.
    bring: takes codes, surest first, and brings what the first known one names to this desk.
    """

    invite: Callable[[], str]
    desks: Callable[[], tuple[DeskRow, ...]]
    shut_out: Callable[[str], tuple[DeskRow, ...]]
    bring: Callable[[tuple[str, ...]], Brought]


@dataclass(frozen=True, slots=True)
class LineMoment:
    """A change of the line, and when (µs UTC)."""

    at: int
    state: LineState


class Line:
    """Knows the newest state of the line and tells it to whoever listens."""

    def __init__(self, remote: Remote, clock: Callable[[], int]) -> None:
        self._remote = remote
        self._clock = clock
        self._state = LineState("offline", 0, clock(), "")
        self._history: deque[LineMoment] = deque(maxlen=LONGEST_HISTORY)
        self._listeners: list[Callable[[LineState], None]] = []
        self._aside = ThreadPoolExecutor(1, "line")

    def state(self) -> LineState:
        """The newest state."""
        return self._state

    def history(self) -> tuple[LineMoment, ...]:
        """The last changes, the oldest first."""
        return tuple(self._history)

    def changed(self, state: LineState) -> None:
        """Take a new state; called by the sync loop on its thread."""
        self._state = state
        self._history.append(LineMoment(self._clock(), state))
        for listener in self._listeners:
            listener(state)

    def listen(self, listener: Callable[[LineState], None]) -> None:
        """Call `listener` with each new state, on any thread."""
        self._listeners.append(listener)

    def join_code(self, by: Actor) -> Future[str]:
        """A one-time code for another desk, good for fifteen minutes."""
        return self._ask(by, self._remote.invite)

    def desks(self, by: Actor) -> Future[tuple[DeskRow, ...]]:
        """The desks of this store, the oldest first."""
        return self._ask(by, self._remote.desks)

    def shut_out(self, desk: str, by: Actor) -> Future[tuple[DeskRow, ...]]:
        """Refuse another desk of this store from now on; the desks as they are then."""
        return self._ask(by, lambda: self._remote.shut_out(desk))

    def bring(self, codes: tuple[str, ...]) -> Future[Brought]:
        """Ask the central service for what a scan names that is not on this desk, and bring it here."""
        return self._aside.submit(lambda: self._remote.bring(codes))

    def _ask(self, by: Actor, work: Callable[[], T]) -> Future[T]:
        def allowed() -> T:
            require(by, "desk.invite")
            return work()

        return self._aside.submit(allowed)
