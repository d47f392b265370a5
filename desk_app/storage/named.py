"""Many names in statements that each hold so many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

N = TypeVar("N")
MOST_NAMED = 5000
"""How many names one statement holds; SQLite takes 32,766 values at most."""


def batched(names: Iterable[N]) -> Iterator[list[N]]:
    """The names in lists that one statement can name."""
    rest = iter(names)
    while some := list(islice(rest, MOST_NAMED)):
        yield some
