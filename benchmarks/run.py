"""Prints figures beside what they are held to: `./desk bench [NAME …]`, without a name all."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

from benchmarks import results
from benchmarks.figures import Figure, table
from benchmarks.shop import Shop, made

NAMES = ("codes", "pictures", "pages", "lists", "start", "scan", "sync")
WITHOUT_SHOP = ("codes", "pictures", "scan", "sync")
CASES, TIMES = 100_000, 15
OfShop = Callable[[Shop, int], Iterator[Figure]]
WithoutShop = Callable[[Path, int, int], Iterator[Figure]]


def main(arguments: list[str] | None = None, kept: Path = results.RESULTS) -> int:
    """Measure what is named, or all of it; 1 where a floor is not held.

    kept: the file with the last run; a run of another size than the usual one is not put into it.
    """
    options = _options(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    measured = {}
    for name in options.names or NAMES:
        load = results.load()
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        measured[name] = _measured(name, options.cases, options.times)
        if (options.cases, options.times) == (CASES, TIMES):
            told = f"{results.where_and_when(load)}\n\n{table(each.line() for each in measured[name])}"
            results.keep(kept, name, told, NAMES)
    print(table(_lines(measured)))
    return 1 if any(each.held is False for figures in measured.values() for each in figures) else 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="desk bench", description="Print figures beside their floors.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--cases", type=int, default=CASES, help="how many cases the desk has")
    parser.add_argument("--times", type=int, default=TIMES, help="how often each thing is done")
    options = parser.parse_args(arguments)
    if unknown := sorted(set(options.names) - set(NAMES)):  # argparse's own choices refuse no name at all
        parser.error(f"no such figures: {', '.join(unknown)}; there are {', '.join(NAMES)}")
    return options


def _lines(measured: dict[str, list[Figure]]) -> Iterator[tuple[str, ...]]:
    for name, figures in measured.items():
        for first, *others in (figure.line() for figure in figures):
            yield (f"{name}: {first}", *others)


def _measured(name: str, cases: int, times: int) -> list[Figure]:
    """The figures of one area: of codes without a desk, of scan and sync on their own, else on the shop's."""
    with tempfile.TemporaryDirectory(prefix="mendesk-bench-run-", ignore_cleanup_errors=True) as folder:
        measure = import_module(f"benchmarks.{name}").measure
        if name in WITHOUT_SHOP:
            alone: WithoutShop = measure
            return list(alone(Path(folder), cases, times))
        of_shop: OfShop = measure
        copy = made(cases).copy(Path(folder, "shop"))
        copy.use_keys()
        return list(of_shop(copy, times))


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    code = main()
    sys.stdout.flush()
    os._exit(code)  # the code tells of floors, not of how the interpreter takes Qt down
