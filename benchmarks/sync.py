"""Sync: real desks and a real central service over HTTP on loopback, everything durable, encrypted, signed.

Each desk is a process, and so is the service, as in a shop.
"""

from __future__ import annotations

import math
import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from benchmarks import central_file, pouchdb
from benchmarks.entries import NARROW, WIDE, entries, told
from benchmarks.figures import Bound, Figure
from benchmarks.pushes import pushers, send_all
from benchmarks.station import Station, stations
from desk_app.domain.people import Actor
from desk_app.sync.own_central import OwnCentral, Ready
from desk_app.sync.wire import MOST_ENTRIES
from desk_app.vault import KEYS_VARIABLE

CASES = 1000
"""How many cases all of it takes; with fewer, each run moves as much less."""

BACKLOG, CHANGES = 8000, 2000
BUSY_DESKS, BUSY_EACH = 8, 2500
SINGLE_DESKS, SINGLE_EACH = 32, 40
TIMES_A_RUN = 5
LAGS_PER_TIME = 5
CUT_PER_TIME, LONGEST_CUT = 1.5, 20.0
BETWEEN_ACTS = 0.03
PAGE, WRITES = bytes(4096), 200
HEALED_IN, HEALED_RATE = 5.0, 8000
TIMES_THE_SHOP = 10
"""A first load is from a service with so many times the cases that the other areas' desk has."""

WATCHED_LOAD, LONGEST_WATCH = 20_000, 60.0
BETWEEN_SCANS = (0.1, 0.3)
"""The shortest and the longest pause (s): were they alike, each scan would meet the same moment of a page."""


class _Figures:
    """The rows of the table; `changes` wait when the line heals, a first load is from so many `cases`."""

    def __init__(self, changes: int, cases: int) -> None:
        self.disk = Figure("the disk: write and fsync of 4 KiB", unit="/s")
        self.pouch_push = Figure("PouchDB, the same documents to its server", unit="/s")
        self.pouch_pull = Figure("PouchDB, the same documents from its server", unit="/s")
        self.push = _rate("one desk's backlog to central", 8000, 15000, self.pouch_push)
        self.busy = _rate("central taking in, 8 desks, 342 B", 20000, 40000)
        self.single = _rate("single entries from 32 desks", 1500, 3000)
        self.answered = Figure("the same, acknowledged", Bound(p99=50), goal=Bound(p99=30))
        self.pull = _rate("pull, first load by journal", 12000, 22000, self.pouch_pull)
        self.same = _rate("two desks to the same state, changes", 6000, 12000)
        self.lag = Figure("desk A commits → durable on desk B", Bound(10, 50), goal=Bound(4, 10))
        first_load = f"first load of {cases:,} cases by snapshot until the desk can work"
        self.snapshot = Figure(first_load, Bound(15), "s", Bound(6))
        self.loaded = Figure(f"the same, until {_part(cases)} of them are here", unit="s")
        self.scans = Figure("meanwhile a scan to its durable commit", Bound(p99=50))
        self.rebuild = _rate("rebuild of look-up tables, entries", 30000, 100000)
        self.search = Figure("the search tables with it, apart, entries", unit="/s")
        self.healed = Figure("line heals → empty", Bound(p99=HEALED_IN + changes / HEALED_RATE), "s")


def _part(cases: int) -> str:
    return "all" if cases <= WATCHED_LOAD else f"{WATCHED_LOAD:,}"


def _rate(name: str, floor: float, goal: float, peer: Figure | None = None) -> Figure:
    return Figure(name, Bound(floor), "/s", Bound(goal), peer=peer)


def measure(folder: Path, cases: int, times: int) -> Iterator[Figure]:
    """Every row, each measured `times` / 5 times."""
    os.environ[KEYS_VARIABLE] = str(folder / "keys")
    share = min(1.0, cases / CASES)
    changes = int(CHANGES * share)
    loaded = max(central_file.LEAST, TIMES_THE_SHOP * cases)
    rows = _Figures(changes, loaded)
    runs = max(1, times // TIMES_A_RUN)
    for run in range(runs):
        _disk(rows, folder / "page")
        _bulk(rows, folder / f"bulk-{run}", int(BACKLOG * share))
        _pouchdb(rows, folder / f"pouchdb-{run}", int(BACKLOG * share))
        _many(rows, folder / f"many-{run}", share)
        _live(rows, folder / f"live-{run}", changes, times)
    _first_loads(rows, folder / "first-loads", loaded)
    yield from vars(rows).values()


def _disk(rows: _Figures, path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        began = time.perf_counter()
        for _ in range(WRITES):
            file.write(PAGE)
            os.fsync(file.fileno())
        rows.disk.samples.append(WRITES / (time.perf_counter() - began))


@contextmanager
def _central(folder: Path) -> Iterator[Ready]:
    """The service over a folder, which it may know already."""
    folder.mkdir(parents=True, exist_ok=True)
    own = OwnCentral(folder)
    try:
        yield own.start()
    finally:
        own.stop()


def _bulk(rows: _Figures, folder: Path, amount: int) -> None:
    """A desk hands its backlog over, another loads it, and that one writes its look-up tables anew."""
    with _central(folder / "central") as ready, stations(folder, "a", "b") as (a, b):
        by = _shop(a, b, ready)
        a.do("fill", "A000", amount, by)
        began = a.do("start")
        rows.push.samples.append(amount / (a.do("emptied") - began))
        a.do("online")
        a.do("stop")
        began = b.do("start")
        rows.pull.samples.append(amount / (b.do("read_to", a.do("place")) - began))
        b.do("stop")
        seconds, searching = b.do("rebuild")
        rows.rebuild.samples.append(amount / (seconds - searching))
        rows.search.samples.append(amount / searching)


def _shop(a: Station, b: Station, ready: Ready) -> Actor:
    """Two desks of a new shop; who works there."""
    for desk in (a, b):
        desk.do("by_entries")
    by: Actor = a.do("found", ready.address, ready.founding_secret)
    b.do("join", ready.address, a.do("invite"))
    return by


def _pouchdb(rows: _Figures, folder: Path, amount: int) -> None:
    if rows.pouch_push.missing:  # it would only fail again
        return
    documents = entries("01JBENCHDESK00000000000000", "store/01J", told("A000", amount, WIDE))
    try:
        found = pouchdb.replicate(documents, folder)
    except pouchdb.NotMeasuredError as why:
        rows.pouch_push.missing = rows.pouch_pull.missing = f"not measured: {why}"
        return
    rows.pouch_push.samples.append(found.push)
    rows.pouch_pull.samples.append(found.pull)


def _many(rows: _Figures, folder: Path, share: float) -> None:
    """Many desks at once, which send what was made beforehand."""
    with _central(folder / "busy") as ready:
        each = int(BUSY_EACH * share)
        seconds, _ = send_all(pushers(ready, BUSY_DESKS, each, NARROW, MOST_ENTRIES))
        rows.busy.samples.append(BUSY_DESKS * each / seconds)
    with _central(folder / "single") as ready:
        seconds, waits = send_all(pushers(ready, SINGLE_DESKS, SINGLE_EACH, WIDE, 1))
        rows.single.samples.append(SINGLE_DESKS * SINGLE_EACH / seconds)
        rows.answered.samples += waits


def _live(rows: _Figures, folder: Path, changes: int, times: int) -> None:
    """Two desks with a line: changes on both, parcels one by one, and a service that is away for a while."""
    with stations(folder, "a", "b") as (a, b):
        with _central(folder / "central") as ready:
            by = _shop(a, b, ready)
            _meet(a, b)
            rows.same.samples.append(_same(a, b, changes, by))
            for number in range(LAGS_PER_TIME * times):
                rows.lag.samples.append(_lag(a, b, f"SF{1390000000000 + number}", by))
        a.do("fill", "C000", changes, by)
        time.sleep(min(LONGEST_CUT, CUT_PER_TIME * times))
        with _central(folder / "central"):
            began = time.monotonic()
            rows.healed.samples.append(a.do("emptied") - began)


def _first_loads(rows: _Figures, folder: Path, cases: int) -> None:
    """A desk that joins a shop with many cases; once in all, as the filling takes minutes."""
    central_file.fill(folder / "central", cases)
    with _central(folder / "central") as ready, stations(folder, "a") as (a,):
        by = a.do("found", ready.address, ready.founding_secret)
        a.do("start")
        a.do("emptied")
        a.do("stop")
        with stations(folder, "b") as (b,):
            b.do("join", ready.address, a.do("invite"))
            _first_load(rows, b, cases, by)


def _first_load(rows: _Figures, desk: Station, cases: int, by: Actor) -> None:
    """Load until the desk can work, and on while somebody scans parcels."""
    watched = min(cases, WATCHED_LOAD)
    began = desk.do("start")
    rows.snapshot.samples.append(desk.do("can_work", central_file.code_of(0)) - began)
    rows.loaded.samples.append(_scan_until(rows.scans, desk, watched, by) - began)
    desk.do("stop")
    if desk.do("cases") < watched and math.isfinite(rows.loaded.samples[-1]):
        raise RuntimeError("cases that came are not on the list")


def _scan_until(scans: Figure, desk: Station, cases: int, by: Actor) -> float:
    """Scan parcels until so many cases are loaded; the moment, infinite where that is not soon."""
    chance, until = random.Random(cases), time.monotonic() + LONGEST_WATCH
    for number in count():
        scans.samples.append(desk.do("scan", f"YT{7000000000000 + number}", by))
        ended: float = desk.do("loaded", cases)
        if ended or time.monotonic() > until:
            break
        time.sleep(chance.uniform(*BETWEEN_SCANS))
    return ended or math.inf


def _meet(a: Station, b: Station) -> None:
    """Both begin to sync, until neither has anything to say, and stop."""
    for desk in (a, b):
        desk.do("start")
        desk.do("online")
    for desk in (a, b):
        desk.do("stop")


def _same(a: Station, b: Station, changes: int, by: Actor) -> float:
    """So many changes on each of two desks without a line, then the line: changes per second until both
    have all of them; they go on syncing."""
    end = a.do("place") + 2 * changes
    for desk, mark in ((a, "A000"), (b, "B000")):
        desk.do("fill", mark, changes, by)
    for desk in (a, b):
        desk.begin("start")
    began: float = min(desk.end() for desk in (a, b))
    for desk in (a, b):
        desk.begin("read_to", end)
    ended: float = max(desk.end() for desk in (a, b))
    if a.do("digest") != b.do("digest"):
        raise RuntimeError("two desks that have read the same differ")
    return 2 * changes / (ended - began)


def _lag(a: Station, b: Station, waybill: str, by: Actor) -> float:
    """Milliseconds from the durable commit of a parcel on one desk to that on the other."""
    time.sleep(BETWEEN_ACTS)
    committed: float = a.do("receive", waybill, by)
    came: float = b.do("durable", waybill)
    return (came - committed) * 1000
