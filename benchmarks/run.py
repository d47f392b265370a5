"""Prints figures beside their limits: `./desk bench [pages] [lists] [start] [scan]`."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

from benchmarks.figures import Figure, machine, table
from benchmarks.shop import Shop, made

NAMES = ("pages", "lists", "start", "scan")
Measure = Callable[[Shop, int], Iterator[Figure]]


def main(arguments: list[str] | None = None) -> int:
    """Measure what is named, or all of it; 1 only with `--strict` and a limit that is missed."""
    options = _options(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    shop = made(options.cases)
    measured = {}
    for name in options.names or NAMES:
        measured[name] = _measured(name, shop, options.times)
        print(f"\n{name}: milliseconds, {options.cases} cases\n{table(measured[name])}", flush=True)
    if options.json:
        options.json.write_text(json.dumps(_as_json(measured, options.cases), indent=1), "utf-8")
    missed = [figure for figures in measured.values() for figure in figures if (figure.ratio or 0) > 1]
    return 1 if options.strict and missed else 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="desk bench", description="Print figures beside their limits.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--cases", type=int, default=100_000, help="how many cases the desk has")
    parser.add_argument("--times", type=int, default=15, help="how often each thing is done")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures into a file, too")
    parser.add_argument("--strict", action="store_true", help="exit with 1 where a median is over its limit")
    options = parser.parse_args(arguments)
    if unknown := sorted(set(options.names) - set(NAMES)):  # argparse's own choices refuse no name at all
        parser.error(f"no such figures: {', '.join(unknown)}; there are {', '.join(NAMES)}")
    return options


def _measured(name: str, shop: Shop, times: int) -> list[Figure]:
    """The figures of one module, taken on a copy of the desk."""
    measure: Measure = import_module(f"benchmarks.{name}").measure
    with tempfile.TemporaryDirectory(prefix="mendesk-bench-run-", ignore_cleanup_errors=True) as folder:
        copy = shop.copy(Path(folder, "shop"))
        copy.use_keys()
        return list(measure(copy, times))


def _as_json(measured: dict[str, list[Figure]], cases: int) -> dict[str, object]:
    figures = {name: [figure.as_json() for figure in some] for name, some in measured.items()}
    return {"cases": cases, "machine": machine(), "figures": figures}


if __name__ == "__main__":
    sys.exit(main())
