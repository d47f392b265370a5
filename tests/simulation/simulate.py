"""`desk simulate --seeds N --from S`: runs a whole store under each seed, and checks what is promised."""

from __future__ import annotations

import argparse
import logging
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "power"), str(HERE.parent.parent)]

if TYPE_CHECKING:
    from report import Report

MOST_TOLD = 8


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the seeds; 0 only if every promise held in every run, or where a mutant was caught."""
    options = parse(arguments)
    import seeded  # now that the folders beside are on the path
    from mutants import MUTANTS, broken_by
    from report import Report
    from runs import simulator

    seeded.install()
    logging.disable(logging.ERROR)  # what fails outside is made to fail here

    if options.mutants:
        print("\n".join(MUTANTS))
        return 0
    report = Report()
    with simulator() as running, broken_by(options.mutant):
        for seed in range(options.first, options.first + options.seeds):
            begun = time.process_time()
            outcome = running.run(seed)
            report.add(outcome.happened, outcome.tried, outcome.acts, outcome.contested)
            report.seconds += time.process_time() - begun
            if options.traces:
                print(seed, outcome.trace)
            if outcome.failures:
                report.failures[seed] = outcome.failures
                tell(seed, outcome.failures)
            if options.mutant and outcome.failures:
                break
    if options.report:
        report.write(options.report)
    if options.mutant:
        return tell_mutant(options.mutant, report)
    print("\n".join(report.lines()))
    return 1 if report.failures else 0


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(prog="desk simulate", description=__doc__)
    parser.add_argument("--seeds", type=int, default=20, metavar="N", help="how many runs")
    parser.add_argument("--from", type=int, default=0, dest="first", metavar="S", help="the first seed")
    parser.add_argument("--traces", action="store_true", help="print the hash of all that happened")
    parser.add_argument("--report", type=Path, metavar="FILE", help="write the counts there")
    parser.add_argument("--mutant", default="", metavar="NAME", help="break one thing; some run must see it")
    parser.add_argument("--mutants", action="store_true", help="name what can be broken")
    return parser.parse_args(arguments)


def tell(seed: int, failures: list[str]) -> None:
    """What did not hold under a seed."""
    print(f"seed {seed}:")
    for failure in failures[:MOST_TOLD]:
        print(f"  {failure}", flush=True)


def tell_mutant(name: str, report: Report) -> int:
    """Whether a mutant was caught."""
    if not report.failures:
        print(f"{name} was not caught in {report.runs} runs")
        return 1
    print(f"{name} was caught after {report.runs} runs")
    return 0


def pinned() -> None:
    """Begin again where Python's hashes are drawn by lot: the order of sets is a source of chance too."""
    if os.environ.get("PYTHONHASHSEED") != "0":
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], {**os.environ, "PYTHONHASHSEED": "0"})


if __name__ == "__main__":
    pinned()
    sys.exit(main())
