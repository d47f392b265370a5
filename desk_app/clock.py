"""Time inside the program: whole microseconds since 1970 in UTC. Zones appear on screen and paper only."""

from __future__ import annotations

import time
from collections.abc import Callable

Clock = Callable[[], int]
"""Gives the present moment in microseconds, UTC. Handed in, never fetched inside a decision."""

SECOND = 1_000_000
MINUTE = 60 * SECOND
DAY = 24 * 60 * MINUTE


def system_clock() -> int:
    """The machine's clock, in microseconds UTC."""
    return time.time_ns() // 1000
