"""A figure: what was measured, its samples, what it is held to, and the table that tells it."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

HEADS = ("figure", "p50", "p99", "limit or peer", "ratio", "floor", "goal", "held")
NOTHING = "-"


class Bound(NamedTuple):
    """What the median has to reach, and what all but one of a hundred samples have to; None: nothing."""

    p50: float | None = None
    p99: float | None = None


UNBOUND = Bound()


@dataclass
class Figure:
    """Samples of one thing, in `unit`; of a unit that ends in `/s` more is better, of others less.

    floor: what it is held to; goal: what it should come to; peer: the same done by somebody else in this run.
    missing: why there are no samples.
    """

    name: str
    floor: Bound = UNBOUND
    unit: str = "ms"
    goal: Bound = UNBOUND
    samples: list[float] = field(default_factory=list)
    peer: Figure | None = None
    missing: str = ""

    @contextmanager
    def sample(self) -> Iterator[None]:
        """Measure what is done inside as one sample, in milliseconds."""
        began = time.perf_counter_ns()
        yield
        self.samples.append((time.perf_counter_ns() - began) / 1e6)

    @property
    def more(self) -> bool:
        """Whether more is better."""
        return self.unit.endswith("/s")

    @property
    def p50(self) -> float:
        """The median."""
        return statistics.median(self.samples)

    @property
    def p99(self) -> float:
        """The sample that 99 of a hundred are as good as, or better than."""
        return percentile(self.samples, 99, more=self.more)

    @property
    def ratio(self) -> float | None:
        """The median as a part of the peer's, else of the floor's (its p99 where that is all it has)."""
        if not self.samples:
            return None
        if self.peer:
            return self.p50 / self.peer.p50 if self.peer.samples else None
        if self.floor.p50:
            return self.p50 / self.floor.p50
        return self.p99 / self.floor.p99 if self.floor.p99 else None

    @property
    def held(self) -> bool | None:
        """Whether the floor is; None where there is no floor. What was not measured is not held."""
        if self.floor == UNBOUND:
            return None
        if not self.samples:
            return False
        return self._reaches(self.p50, self.floor.p50) and self._reaches(self.p99, self.floor.p99)

    def _reaches(self, value: float, bound: float | None) -> bool:
        return bound is None or (value >= bound if self.more else value <= bound)

    def say(self, value: float) -> str:
        """A value with its unit: rates and counts as whole numbers, times with the digits that tell."""
        if self.more:
            return f"{value:,.0f}{self.unit}"
        if isinstance(value, int):
            return f"{value:,} {self.unit}"
        return f"{value:.{0 if value >= 1000 else 1 if value >= 10 else 2}f} {self.unit}"

    def bound(self, bound: Bound) -> str:
        """A floor or a goal in words."""
        sign = "≥" if self.more else "≤"
        parts = [("", bound.p50), ("p99 ", bound.p99)]
        told = [f"{name}{sign} {self._plain(value)}" for name, value in parts if value is not None]
        return ", ".join(told) or NOTHING

    def _plain(self, value: float) -> str:
        return f"{value:,.0f}{self.unit}" if self.more else f"{value:.4g} {self.unit}"

    def line(self) -> tuple[str, ...]:
        """The figure's cells in the order of `HEADS`."""
        held = {None: NOTHING, True: "held", False: "not held"}[self.held]
        ratio = NOTHING if self.ratio is None else f"{self.ratio:.2f}"
        p50, p99 = (self.say(self.p50), self.say(self.p99)) if self.samples else (self.missing, NOTHING)
        return (
            self.name,
            p50,
            p99,
            self._against(),
            ratio,
            self.bound(self.floor),
            self.bound(self.goal),
            held,
        )

    def _against(self) -> str:
        if self.peer:
            told = self.peer.say(self.peer.p50) if self.peer.samples else "not measured"
            return f"{self.peer.name.partition(',')[0]}: {told}"
        only_p99 = self.floor.p50 is None
        return self.bound(self.floor if only_p99 else Bound(self.floor.p50))


def percentile(samples: Sequence[float], share: int, *, more: bool = False) -> float:
    """The sample that `share` of a hundred samples are not worse than; `more`: more is better."""
    return sorted(samples, reverse=more)[math.ceil(len(samples) * share / 100) - 1]


def table(lines: Iterable[Sequence[str]]) -> str:
    """Lines of cells under `HEADS`, as a Markdown table with straight columns."""
    rows = [HEADS, *lines]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADS))]
    told = [_row([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) for row in rows]
    rule = _row(["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])])
    return "\n".join([told[0], rule, *told[1:]])


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
