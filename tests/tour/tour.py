"""Performs the main job without hands, with real parts, and checks it from outside: `desk tour --out DIR`."""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import story
from reader import NotSeenError
from record import RedError
from stage import Stage, stage

from desk_app.sabotage import SABOTAGES


def main(arguments: Sequence[str] | None = None) -> int:
    """Play the story; 0 only if every check held."""
    options = parse(arguments)
    if not sys.platform.startswith("linux"):
        print("The tour needs Linux: it looks at the windows through Xvfb and AT-SPI.")
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    empty(options.out)
    with (
        tempfile.TemporaryDirectory(prefix="mendesk-tour-", ignore_cleanup_errors=True) as home,
        stage(Path(home), options.out, options.sabotage) as set_up,
    ):
        play(set_up, options)
        told = {"short": options.short, "sabotage": options.sabotage}
        set_up.record.write(options.out / "report.json", **told)
    return tell(set_up, options.out)


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(prog="desk tour", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="where pictures, papers and report go")
    parser.add_argument("--short", action="store_true", help="only the steps that sabotages are caught by")
    parser.add_argument("--sabotage", choices=SABOTAGES, default="", help="break one thing: a check goes red")
    parser.add_argument("--pictures", choices=["all"], help="draw every page in every scheme and size too")
    return parser.parse_args(arguments)


def empty(out: Path) -> None:
    """Make the folder; what an earlier tour left in it goes."""
    out.mkdir(parents=True, exist_ok=True)
    for folder in ("pictures", "papers"):
        shutil.rmtree(out / folder, ignore_errors=True)
    (out / "report.json").unlink(missing_ok=True)


def play(set_up: Stage, options: argparse.Namespace) -> None:
    """Step by step until the end or until something is red; then both windows are kept as pictures."""
    steps = [step for step in story.STEPS if step.is_short or not options.short]
    if options.pictures:
        steps.append(story.ALL_PICTURES)
    try:
        for step in steps:
            with set_up.record.step(step.name):
                step.act(set_up)
    except (RedError, NotSeenError) as error:
        set_up.record.trouble = str(error)
        for desk in set_up.desks:
            desk.picture(set_up.out / f"red-{desk.name}.png")
            for log in filter(Path.exists, desk.logs):
                shutil.copy(log, set_up.out / f"red-{desk.name}-{log.name}")
    set_up.keep_papers()


def tell(set_up: Stage, out: Path) -> int:
    """Say how it ended; the exit code."""
    record = set_up.record
    checks = sum(len(step.checks) for step in record.steps)
    if record.trouble:
        print(f"RED: {record.trouble}\nLook into {out}")
        return 1
    print(f"All {checks} checks held. Pictures, papers and report.json are in {out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
