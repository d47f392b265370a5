"""Moments told by a clerk's measure, 'in 2 h' or '3 days ago', and kept true while they stand there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from desk_app.texts import Speaker
from ui.hub import Hub
from ui.widgets.base import Text


@dataclass(frozen=True, slots=True)
class Times:
    """How a page tells moments (microseconds UTC): its language, the store's zone, the hub's clock."""

    say: Speaker
    zone: str
    hub: Hub

    def ago(self, at: int) -> str:
        """Relative within a week, e.g. `2 h ago`."""
        return self.say.ago(at, self.hub.clock(), self.zone)

    def listed(self, at: int) -> str:
        """For columns: relative on its own day, exact on every other."""
        return self.say.listed(at, self.hub.clock(), self.zone)

    def exact(self, at: int) -> str:
        """Day and minute."""
        return self.say.moment(at, self.zone)

    def both(self, at: int) -> str:
        """Day and minute, and within a week how far off that is."""
        exact, ago = self.exact(at), self.ago(at)
        return exact if ago == exact else f"{exact} · {ago}"


class When(Text):
    """Words about a moment that follow the clock; the exact one is the tool tip and what screen readers say.

    `words` makes them of the moment, `times.ago` if none are given; `beside` puts what stands around them.
    """

    def __init__(
        self,
        times: Times,
        at: int,
        role: str = "",
        words: Callable[[int], str] | None = None,
        beside: Callable[[str], str] = str,
    ) -> None:
        super().__init__(role=role)
        self._at, self._words, self._beside = at, words or times.ago, beside
        exact = times.exact(at)
        self.setToolTip(exact)
        self.setAccessibleName(beside(exact))
        self._tell()
        times.hub.minute.connect(self._tell)

    def _tell(self) -> None:
        self.setText(self._beside(self._words(self._at)))
