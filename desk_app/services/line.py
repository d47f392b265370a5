"""The line to the central service, as a person sees it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from desk_app.domain.people import Actor, require
from desk_app.services.views import LineState

Invite = Callable[[], str]
"""Ask the central service for one more desk; gives the full join code. Raises OutsideError without a line."""


class Line:
    """Knows the newest state of the line and tells it to whoever listens."""

    def __init__(self, invite: Invite, at: int) -> None:
        self._invite = invite
        self._state = LineState("offline", 0, at, "")
        self._listeners: list[Callable[[LineState], None]] = []
        self._aside = ThreadPoolExecutor(1, "line")

    def state(self) -> LineState:
        """The newest state."""
        return self._state

    def changed(self, state: LineState) -> None:
        """Take a new state; called by the sync loop on its thread."""
        self._state = state
        for listener in self._listeners:
            listener(state)

    def listen(self, listener: Callable[[LineState], None]) -> None:
        """Call `listener` with each new state, on any thread."""
        self._listeners.append(listener)

    def join_code(self, by: Actor) -> Future[str]:
        """A one-time code for another desk, good for fifteen minutes."""

        def work() -> str:
            require(by, "desk.invite")
            return self._invite()

        return self._aside.submit(work)
