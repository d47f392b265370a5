"""A figure: what was measured, its samples, and the limit its median is held to."""

from __future__ import annotations

import math
import platform
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

HEADS = ("figure", "limit", "median", "of limit", "min", "p99", "max", "cpu", "n")


@dataclass
class Figure:
    """Samples in milliseconds: on the clock, and of this process's processors where that was asked."""

    name: str
    limit: float | None = None
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    @contextmanager
    def sample(self) -> Iterator[None]:
        """Measure what is done inside as one sample."""
        wall, cpu = time.perf_counter_ns(), time.process_time_ns()
        yield
        self.cpu.append((time.process_time_ns() - cpu) / 1e6)
        self.wall.append((time.perf_counter_ns() - wall) / 1e6)

    @property
    def median(self) -> float:
        """Of the samples on the clock."""
        return statistics.median(self.wall)

    @property
    def ratio(self) -> float | None:
        """The median as a part of the limit; above 1 it is missed."""
        return self.median / self.limit if self.limit else None

    def as_json(self) -> dict[str, Any]:
        """All that is told of it, in plain data."""
        return {
            "name": self.name,
            "limit_ms": self.limit,
            "median_ms": round(self.median, 3),
            "ratio": None if self.ratio is None else round(self.ratio, 3),
            "min_ms": round(min(self.wall), 3),
            "p99_ms": round(percentile(self.wall, 99), 3),
            "max_ms": round(max(self.wall), 3),
            "cpu_median_ms": round(statistics.median(self.cpu), 3) if self.cpu else None,
            "samples": len(self.wall),
        }


def percentile(samples: Sequence[float], share: int) -> float:
    """The least sample that `share` of a hundred samples do not exceed."""
    return sorted(samples)[math.ceil(len(samples) * share / 100) - 1]


def repeat(figure: Figure, times: int, once: Callable[[], object]) -> Figure:
    """Measure one thing many times."""
    for _ in range(times):
        with figure.sample():
            once()
    return figure


def table(figures: Iterable[Figure]) -> str:
    """The figures as lines of a table, milliseconds."""
    lines = [HEADS, *(_line(figure) for figure in figures)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(HEADS))]
    return "\n".join(
        line[0].ljust(widths[0])
        + "".join(f"  {cell:>{width}}" for cell, width in zip(line[1:], widths[1:], strict=True))
        for line in lines
    )


def _line(figure: Figure) -> tuple[str, ...]:
    limit = "-" if figure.limit is None else f"{figure.limit:g}"
    ratio = "-" if figure.ratio is None else f"{figure.ratio:.0%}{' !' if figure.ratio > 1 else ''}"
    cpu = f"{statistics.median(figure.cpu):.1f}" if figure.cpu else "-"
    told = (figure.median, min(figure.wall), percentile(figure.wall, 99), max(figure.wall))
    median, least, late, most = (f"{value:.1f}" for value in told)
    return figure.name, limit, median, ratio, least, late, most, cpu, str(len(figure.wall))


def machine() -> dict[str, str]:
    """Where the figures were taken."""
    return {"system": platform.platform(), "python": platform.python_version(), "machine": platform.machine()}
