"""Central and four desks as real processes in trouble: `chaos.py [--seconds N] [--seed S]`.

At the end all is healed, and everything that was acknowledged has to be there once, the same everywhere. The
last line of the output tells what happened; on failure it names the seed, and the folder with the timeline.
"""

from __future__ import annotations

import argparse
import os
import secrets
import sys
import tempfile
import time
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from monkey import Monkey
from outcome import Outcome
from shop import Shop

APART = "MENDESK_CHAOS_APART"
MEBI = 2**20


def main() -> int:
    """Run once; 0 only if everything held."""
    options = _options()
    if APART not in os.environ:
        _go_apart()
    folder = Path(tempfile.mkdtemp(prefix="mendesk-chaos-"))
    shop = Shop(folder, options.seed, room=(64 + options.seconds) * MEBI)
    monkey = Monkey(shop, options.steps)
    try:
        complaints, told = _run(shop, monkey, options.seconds)
    except Exception:
        complaints, told = [traceback.format_exc()], "it did not come to its end"
    line = f"seed {options.seed}, {time.monotonic() - shop.begun:.0f} s, {told}"
    if complaints:
        _keep(shop, complaints)
        line = "\n".join([*shop.timeline, *complaints, f"kept in {folder}", f"{line}; not all held"])
    else:
        shop.clear()
    sys.stdout.write(line + "\n")
    return 1 if complaints else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Central and four desks in trouble.")
    parser.add_argument("--seconds", type=int, default=20, help="how long trouble is made, at least")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**20))
    parser.add_argument("--steps", nargs="*", default=(), metavar="STEP", help="these kinds of trouble only")
    return parser.parse_args()


def _go_apart() -> None:
    """Go on in a mount namespace of our own, so that the small disks are nobody else's and go with us."""
    user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    command = ["unshare", "--mount", *user, sys.executable, *sys.argv]
    os.execvpe(command[0], command, {**os.environ, APART: "yes"})


def _run(shop: Shop, monkey: Monkey, seconds: int) -> tuple[list[str], str]:
    """Trouble, then quiet; the complaints, and what happened in one line."""
    shop.open()
    monkey.run(seconds)
    shop.heal()
    shop.quiet()
    shop.close()
    outcome = Outcome(shop)
    killed = sum(code < 0 for owner in (*outcome.everybody, shop.central) for code in owner.codes)
    felt = ", ".join(f"{kind} {count}" for kind, count in sorted(shop.network.felt.items()))
    told = f"{shop.acknowledged()} acts, {len(outcome.entries)} entries, {outcome.contested} contested"
    told += f", {monkey.done.total()} troubles of {len(monkey.steps)} kinds, {killed} killed"
    return outcome.complaints, f"{told}; lines felt {felt}"


def _keep(shop: Shop, complaints: list[str]) -> None:
    """Leave everything in the folder for whoever looks into it."""
    shop.abandon()
    (shop.folder / "timeline.txt").write_text("\n".join([*shop.timeline, *complaints]), "utf-8")


if __name__ == "__main__":
    sys.exit(main())
