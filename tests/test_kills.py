"""A beep is a promise: whatever moment the desk dies at, every parcel it beeped for is in its store."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from desk_app.storage import queries
from desk_app.storage.act import Identity
from desk_app.storage.store import Store

ROOT = Path(__file__).resolve().parent.parent
KEY = bytes(range(32))
FEED = "store/01STORE"
SCANS = 16
BEFORE_COMMIT, BEFORE_BEEP = ("scan.heard", "act.decided"), ("act.committed", "beep.due")
POINTS = BEFORE_COMMIT + BEFORE_BEEP
ALL = [(point, n) for n in range(1, 16) for point in POINTS]
SOME = [(point, n) for n in (1, 9) for point in POINTS]


class Dock:
    """The dock's data folder, the beeps heard so far, and how often the process was killed."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.log, self.rounds = folder, folder / "sounds.log", 0
        store = Store(folder, KEY)
        identity = Identity("01DESK", FEED, "7QK", "127.0.0.1:1")
        store.begin(identity, ("common", "sales", FEED), lambda act: None, 0)
        store.close()

    def scan(self, point: str, n: int, **more: str) -> list[str]:
        """Scan waybills until the process dies at a point reached the n-th time; what was scanned."""
        self.rounds += 1
        waybills = [f"SF{self.rounds:04}{number:09}" for number in range(1, SCANS + 1)]
        environ = {"MENDESK_STOP": f"{point}:{n}", "MENDESK_SOUND_LOG": str(self.log), **more}
        process = subprocess.run(
            [sys.executable, str(ROOT / "tests" / "dock_process.py"), str(self.folder), "person/P"],
            cwd=ROOT,
            env=os.environ | environ | {"PYTHONPATH": str(ROOT)},
            input="\n".join(waybills),
            capture_output=True,
            text=True,
            check=False,
        )
        assert (process.returncode, process.stderr) == (-9, "")
        return waybills

    def beeps(self) -> list[str]:
        """The waybills beeped for, whole lines only."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        assert all(line.startswith("good\t") for line in lines)
        return [line.partition("\t")[2] for line in lines]

    def received(self) -> set[str]:
        """The waybills that the store has, opened anew."""
        store = Store(self.folder, KEY)
        with store.read() as connection:
            found = {row.waybill for row in queries.arrived_parcels(connection, 10_000)}
        store.close()
        return found

    def broken_promises(self) -> set[str]:
        return set(self.beeps()) - self.received()


@pytest.fixture
def dock(tmp_path: Path) -> Dock:
    return Dock(tmp_path)


def kill_at(dock: Dock, moments: list[tuple[str, int]]) -> None:
    """Kill the dock at every moment, and look after each whether what it beeped for is there."""
    for point, n in moments:
        heard, known = len(dock.beeps()), dock.received()
        scanned = dock.scan(point, n)
        assert not dock.broken_promises()
        assert dock.beeps()[heard:] == scanned[: n - 1]
        assert dock.received() - known == set(scanned[: n - (point in BEFORE_COMMIT)])


@pytest.mark.needs_linux
@pytest.mark.slow
def test_no_beep_is_lost(dock: Dock) -> None:
    kill_at(dock, SOME)


@pytest.mark.needs_linux
@pytest.mark.long
@pytest.mark.timeout(600)
def test_no_beep_is_lost_at_sixty_moments(dock: Dock) -> None:
    assert len(ALL) == 60
    kill_at(dock, ALL)


@pytest.mark.needs_linux
@pytest.mark.slow
@pytest.mark.parametrize("point", BEFORE_COMMIT)
def test_a_desk_that_beeps_too_early_is_caught(dock: Dock, point: str) -> None:
    scanned = dock.scan(point, 4, MENDESK_SABOTAGE="beep_before_commit")
    assert dock.broken_promises() == {scanned[3]}
