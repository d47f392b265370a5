"""Breaks one thing in a desk; the tour, mostly its short form, has to go red at exactly the check for it."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

TOUR = Path(__file__).parent / "tour.py"
CAUGHT_BY = {
    "drop_entry": "Central holds what was scanned again, once",
    "swap_parcels": "The dock says in green which parcel of which case it received",
    "wrong_number": "The receipt says number, customer and goods of 云雀 P3 手机, and its codes decode",
    "no_sync": "The people of the store come to desk B",
    "beep_before_commit": "Nothing beeped for the parcel that was not safe",
    "count_twice": "Central holds what was scanned again, once",
    "skip_entry": "Desk B shows the parcel within a second",
    "stay_cut": "Central holds what both did while the line was cut",
}
WHOLE_STORY = {"stay_cut"}
"""What the short form has no step for."""


def main(names: list[str]) -> int:
    """Try the sabotages named, or all; 0 only if each is caught where it belongs."""
    return sum([not is_caught(name) for name in names or CAUGHT_BY])


def is_caught(name: str) -> bool:
    """Whether the tour is red at the one check that this sabotage breaks."""
    with tempfile.TemporaryDirectory(prefix="mendesk-sabotage-") as folder:
        form = [] if name in WHOLE_STORY else ["--short"]
        command = [sys.executable, str(TOUR), "--out", folder, *form, "--sabotage", name]
        code = subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode
        report = json.loads(Path(folder, "report.json").read_text("utf-8"))
    caught = code == 1 and report["red"] == [CAUGHT_BY[name]]
    print(f"{name}: {'caught' if caught else 'NOT caught'}, red: {report['red'] or report['trouble']}")
    return caught


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
