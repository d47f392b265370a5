"""The start: from the process to the first paint and to a sign-in that can be used; and what is imported."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from benchmarks.figures import Bound, Figure
from benchmarks.shop import Shop

PAINT, SIGN_IN = Bound(500), Bound(1500)
MOST_IMPORTS = 10
SECONDS = 60  # a desk that cannot be opened never comes to its sign-in
STARTER = Path(__file__).with_name("starter.py")
IMPORTED = re.compile(r"import time:\s+(\d+) \|\s+(\d+) \| (\s*)(\S+)")


def measure(shop: Shop, times: int) -> Iterator[Figure]:
    """The real command in a process of its own; its files were read before, as on most starts."""
    paint, sign_in = Figure("to the first paint", PAINT), Figure("to the sign-in", SIGN_IN)
    for turn in range(-1, times):
        began = time.monotonic()
        said = _started(shop, []).stdout
        told = msgspec.json.decode(said, type=dict[str, float])
        for figure, name in ((paint, "paint"), (sign_in, "sign_in")) if turn >= 0 else ():
            figure.samples.append((told[name] - began) * 1000)
    yield paint
    yield sign_in
    yield from _imports(_started(shop, ["-X", "importtime"]).stderr)


def _started(shop: Shop, options: list[str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *options, str(STARTER), str(shop.data)]
    return subprocess.run(
        command, capture_output=True, text=True, check=True, encoding="utf-8", timeout=SECONDS
    )


def _imports(told: str) -> list[Figure]:
    """The modules that take longest by themselves, without what they import in their turn."""
    found = [(int(own) / 1000, name) for own, _whole, _depth, name in IMPORTED.findall(told)]
    heaviest = sorted(found, reverse=True)[:MOST_IMPORTS]
    return [Figure(f"import {name}", samples=[own]) for own, name in heaviest]
