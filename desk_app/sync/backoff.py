"""How long to wait before what failed is tried again."""

from __future__ import annotations

import random
from collections.abc import Callable

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0

Jitter = Callable[[float], float]
"""A pause in seconds → the pause that is made of it, so that desks do not all come back at once."""


def spread(pause: float) -> float:
    """Between half and all of a pause, in seconds."""
    return random.uniform(pause / 2, pause)


class Backoff:
    """Pauses that double from `FIRST_PAUSE` to `LONGEST_PAUSE` seconds until something goes well."""

    def __init__(self, jitter: Jitter) -> None:
        self._jitter = jitter
        self._next = FIRST_PAUSE

    def pause(self) -> float:
        """The pause after one more failure, in seconds."""
        pause = self._next
        self._next = min(2 * pause, LONGEST_PAUSE)
        return self._jitter(pause)

    def reset(self) -> None:
        """Something went well."""
        self._next = FIRST_PAUSE
