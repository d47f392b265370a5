"""Breaks one thing and expects the tour's short form to go red at exactly the check for it: `sabotaged.py NAME`."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

CAUGHT_BY = {
    "drop_entry": "Central holds the case of 云雀 P3 手机, its item and the parcel it announces",
    "swap_parcels": "The dock says in green which parcel of which case it received",
    "wrong_number": "The receipt says number, customer and goods of 云雀 P3 手机, and its codes decode",
    "no_sync": "The people of the store come to desk B",
    "beep_before_commit": "Nothing beeped for the parcel that was not safe",
}


def main() -> int:
    """0 only if the tour failed, and at that check alone."""
    name = sys.argv[1]
    with tempfile.TemporaryDirectory(prefix="mendesk-sabotage-") as out:
        tour = [sys.executable, str(Path(__file__).with_name("tour.py"))]
        command = [*tour, "--short", "--sabotage", name, "--out", out]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        report = Path(out, "report.json")
        told = json.loads(report.read_text("utf-8")) if report.exists() else {"red": [], "held": None}
    if done.returncode == 1 and told["red"] == [CAUGHT_BY[name]] and told["held"] is False:
        print(f"caught: {CAUGHT_BY[name]}")
        return 0
    print(done.stdout.decode(errors="replace"))
    print(f"{name} was to be caught by {CAUGHT_BY[name]!r} alone, but red is {told['red']}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
