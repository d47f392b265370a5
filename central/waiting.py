"""Desks that wait for news: they are woken when a feed grows. Used on the event loop only."""

from __future__ import annotations

import asyncio

from desk_app.errors import RuleError


class Heads:
    """The last place of each feed, as far as it is durable. polls: how many desks wait at this moment."""

    def __init__(self, heads: dict[str, int]) -> None:
        self._heads = dict(heads)
        self._grown = asyncio.Event()
        self._stopped = False
        self._gone: set[str] = set()
        self.polls = 0

    def now(self) -> dict[str, int]:
        """The head of each feed."""
        return dict(self._heads)

    def grow(self, feed: str, head: int) -> None:
        """Tell everybody who waits that a feed has a new last place; an older place changes nothing."""
        if head > self._heads[feed]:
            self._heads[feed] = head
            self._wake()

    def stop(self) -> None:
        """Send everybody home; from now on nobody waits."""
        self._stopped = True
        self._wake()

    def send_home(self, desk: str) -> None:
        """From now on this desk waits for nothing."""
        self._gone.add(desk)
        self._wake()

    async def past(self, cursors: dict[str, int], seconds: float, desk: str = "") -> dict[str, int]:
        """The heads beyond the cursors as soon as there is one; empty after `seconds`.

        Raises RuleError('desk.shut_out') as soon as the `desk` that waits is sent home.
        """
        self.polls += 1
        try:
            async with asyncio.timeout(seconds):
                while not (grown := self._past(cursors)) and not self._stopped and desk not in self._gone:
                    await self._grown.wait()
        except TimeoutError:
            return {}
        finally:
            self.polls -= 1
        if desk in self._gone:
            raise RuleError("desk.shut_out")
        return grown

    def _past(self, cursors: dict[str, int]) -> dict[str, int]:
        return {feed: self._heads[feed] for feed, place in cursors.items() if self._heads[feed] > place}

    def _wake(self) -> None:
        self._grown.set()
        self._grown = asyncio.Event()
