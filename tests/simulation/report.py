"""What many runs add up to: faults by promises, contested permissions, and what did not hold."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import msgspec

PROMISED = range(1, 10)


class Report(msgspec.Struct):
    """cells: fault → promise → in how many runs the fault happened and the promise was put to the test."""

    runs: int = 0
    seconds: float = 0.0
    contested: int = 0
    cells: dict[str, dict[int, int]] = {}
    faults: dict[str, int] = {}
    acts: dict[str, int] = {}
    failures: dict[int, list[str]] = {}

    def add(self, happened: Counter[str], tried: set[int], acts: Counter[str], contested: int) -> None:
        """One run more."""
        self.runs += 1
        self.contested += contested
        self.acts = dict(Counter(self.acts) + acts)
        self.faults = dict(Counter(self.faults) + happened)
        for fault in +happened:
            row = self.cells.setdefault(fault, dict.fromkeys(PROMISED, 0))
            for promise in tried:
                row[promise] += 1

    def write(self, path: Path) -> None:
        """Keep it as JSON."""
        path.write_bytes(msgspec.json.encode(self))

    def empty_cells(self, faults: list[str]) -> list[str]:
        """Faults and promises that never met."""
        return [
            f"{fault} × promise {promise}"
            for fault in faults
            for promise in PROMISED
            if not self.cells.get(fault, {}).get(promise)
        ]

    def lines(self) -> list[str]:
        """The table, as text."""
        head = "".join(f"{promise:>7}" for promise in PROMISED)
        found = [f"{'fault × promise':32}{head}  times"]
        for fault in sorted(self.cells):
            row = "".join(f"{self.cells[fault][promise]:>7}" for promise in PROMISED)
            found.append(f"{fault:32}{row}{self.faults[fault]:>7}")
        done = self.acts.get("done", 0)
        found.append(f"{self.runs} runs, {done} acts, {self.contested} contested permissions")
        found.append(f"{self.seconds / max(1, self.runs):.2f} s of processor time a run")
        return found


def summed(paths: list[Path]) -> Report:
    """Reports of several processes as one."""
    total = Report()
    for path in paths:
        part = msgspec.json.decode(path.read_bytes(), type=Report)
        total.runs += part.runs
        total.seconds += part.seconds
        total.contested += part.contested
        total.acts = dict(Counter(total.acts) + Counter(part.acts))
        total.faults = dict(Counter(total.faults) + Counter(part.faults))
        total.failures |= part.failures
        for fault, row in part.cells.items():
            known = total.cells.setdefault(fault, dict.fromkeys(PROMISED, 0))
            for promise, count in row.items():
                known[promise] += count
    return total
