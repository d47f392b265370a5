"""How long to wait before what failed is tried again."""

from __future__ import annotations

import random
from collections.abc import Callable

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
LONGEST_WHILE_CUT = 4.0
"""The longest pause between tries at a line that fails; nothing else tells when it is well again."""

RESTING = 60.0
"""How long nothing is asked where all is well and nobody says that something is new."""

Jitter = Callable[[float], float]
"""A pause in seconds → the pause that is made of it, so that desks do not all come back at once."""


def spread(pause: float) -> float:
    """Between half and all of a pause, in seconds."""
    return random.uniform(pause / 2, pause)


class Backoff:
    """Pauses that double from `FIRST_PAUSE` to a longest one until something goes well."""

    def __init__(self, jitter: Jitter) -> None:
        self._jitter = jitter
        self._next = FIRST_PAUSE

    def pause(self, longest: float = LONGEST_PAUSE) -> float:
        """The pause after one more failure, in seconds."""
        pause = min(self._next, longest)
        self._next = 2 * pause
        return self._jitter(pause)

    def reset(self) -> None:
        """Something went well."""
        self._next = FIRST_PAUSE
