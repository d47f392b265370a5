"""Scans and searches on a desk with very many cases: from the last sign that is sent to the answer's pixels.

The program is the real one, on a screen of its own; this process is the scanner and the eyes before it.
"""

from __future__ import annotations

import random
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path

import msgspec
from sqlalchemy import Connection, Engine, func, select

from benchmarks import scan_shop
from benchmarks.figures import Bound, Figure
from benchmarks.filling import is_expected, waybill_of
from benchmarks.raw_commit import RawCommits, pages_of_a_scan
from benchmarks.search_words import TYPED, Typed, sought
from benchmarks.shop import Shop, desk_key
from benchmarks.watched import LIST, PATIENCE, Watched, watched
from desk_app.domain.entries import Entry
from desk_app.domain.facts import KIND_OF, ParcelArrived
from desk_app.domain.parcels import parcel_stream
from desk_app.engine import open_engine
from desk_app.storage import tables as t
from desk_app.storage.store import FILE

TIMES_THE_SHOP = 10
"""The desk has so many times the cases that the other areas' desk has."""

FRAME = 1000 / 60
SEED = 5
SCANS_PER_TIME = 20
LOAD_SCANS_PER_TIME = 20
TEN_SECONDS_PER_TIME = 20
RATE = 10
SAFE_P99, SAFE_TIMES, SAFE_MORE = 20, 2, 2
BETWEEN = (0.08, 0.2)
"""The shortest and the longest pause (s): were they alike, all scans would meet a timer at one moment."""

WORDS_PER_TIME = 1
SEARCHED = Bound(p99=50)
LINE_BACK = 60.0
ARRIVED = KIND_OF[ParcelArrived]


class _Figures:
    """The rows of the table."""

    def __init__(self) -> None:
        self.raw = Figure("raw commit of a scan's pages, same driver")
        at_rest = Bound(p99=FRAME)
        self.by_line = Figure("recognised, serial line, at rest", at_rest)
        self.by_keys = Figure("recognised, keys, at rest", at_rest)
        self.safe_line = Figure("safe, serial line, at rest", peer=self.raw)
        self.safe_keys = Figure("safe, keys, at rest", peer=self.raw)
        self.many = Figure("recognised, ten a second")
        self.many_safe = Figure("safe, ten a second")
        self.astray = Figure("ten a second, lost or doubled", Bound(0), "scans")
        self.busy = Figure(
            "recognised while the line comes back", Bound(p99=2 * FRAME), goal=Bound(p99=FRAME)
        )
        self.busy_safe = Figure("safe meanwhile")
        self.searches = {kind: Figure(f"search by {kind}, to the rows", SEARCHED) for kind in TYPED}
        self.looks = Figure("between two looks at the screen")

    def all(self) -> Iterator[Figure]:
        """In the order of the table."""
        for found in vars(self).values():
            yield from found.values() if isinstance(found, dict) else (found,)


class Waybills(Iterator[str]):
    """Parcels on their way, each once, in an order that follows nothing; `scanned` keeps those that were."""

    def __init__(self, cases: int) -> None:
        numbers = [number for number in range(cases) if is_expected(number)]
        random.Random(SEED).shuffle(numbers)
        self._left = numbers
        self.scanned: list[str] = []

    def left(self) -> int:
        """How many there are still."""
        return len(self._left)

    def __next__(self) -> str:
        self.scanned.append(waybill_of(self._left.pop()))
        return self.scanned[-1]


def measure(folder: Path, cases: int, times: int) -> Iterator[Figure]:
    """Every row, on a copy of the desk with ten times `cases`."""
    if why := _lacking():
        yield from (replace(row, missing=f"not measured: {why}") for row in _Figures().all())
        return
    cases *= TIMES_THE_SHOP
    shop = scan_shop.made(cases).copy(folder / "shop")
    shop.use_keys()
    rows, waybills = _Figures(), Waybills(cases)
    pages = pages_of_a_scan(shop, [next(waybills) for _ in range(times)])
    typed = list(sought(shop, cases, WORDS_PER_TIME * times))
    signs = "".join(sorted({sign for each in typed for sign in each.signs if not sign.isascii()}))
    with watched(shop, folder, signs) as desk:
        desk.sign_in(waybills)
        waybills.scanned.clear()  # some came before anybody was there
        desk.looks.clear()
        with closing(RawCommits(folder / "raw.db", pages)) as raw:
            _at_rest(rows, desk, raw, waybills, times * SCANS_PER_TIME)
        busy = times * LOAD_SCANS_PER_TIME
        _ten_a_second(
            rows, desk, waybills, min(times * TEN_SECONDS_PER_TIME, (waybills.left() - busy) // RATE)
        )
        _search(rows, desk, typed)
        _busy(rows, desk, shop, waybills, busy)
        rows.looks.samples = desk.looks
    with _reading(shop) as connection:
        rows.astray.samples = [sum(_arrivals(connection, each) != 1 for each in waybills.scanned)]
    rows.astray.name += f", of all {len(waybills.scanned):,}"
    yield from rows.all()


def _lacking() -> str:
    """What this computer has not that a screen nobody sees takes; "" where it has all."""
    if sys.platform == "win32":
        return "Windows has no X server"
    return "" if shutil.which("Xvfb") else "Xvfb is not here"


def _at_rest(rows: _Figures, desk: Watched, raw: RawCommits, waybills: Waybills, count: int) -> None:
    """Scan by scan with a pause, and between them commits of as many pages in a file of their own."""
    chance = random.Random(SEED)
    for send, recognised, safe in (
        (desk.by_line, rows.by_line, rows.safe_line),
        (desk.by_keys, rows.by_keys, rows.safe_keys),
    ):
        for _ in range(count):
            time.sleep(chance.uniform(*BETWEEN))
            _one(desk, send, next(waybills), recognised, safe)
            time.sleep(chance.uniform(*BETWEEN))
            with rows.raw.sample():
                raw.commit()
    for safe in (rows.safe_line, rows.safe_keys):
        safe.floor = Bound(SAFE_TIMES * rows.raw.p50 + SAFE_MORE, SAFE_P99)


def _one(
    desk: Watched,
    send: Callable[[str], float],
    waybill: str,
    recognised: Figure,
    safe: Figure,
    longest: float = PATIENCE,
) -> None:
    """A scan; one without an answer in time counts as answered then."""
    seen = desk.scan(send, waybill, longest)
    recognised.samples.append(seen.recognised if seen else longest * 1000)
    safe.samples.append(seen.safe if seen else longest * 1000)


def _ten_a_second(rows: _Figures, desk: Watched, waybills: Waybills, seconds: int) -> None:
    """By the clock, whether the one before is answered or not, from both readers in turn."""
    began, sends = time.perf_counter(), cycle((desk.by_line, desk.by_keys))
    for number, send in enumerate(islice(sends, RATE * seconds)):
        due = began + number / RATE
        time.sleep(max(0.0, due - time.perf_counter()))
        left = due + 1 / RATE - time.perf_counter()
        _one(desk, send, next(waybills), rows.many, rows.many_safe, max(0.01, left))
    rows.astray.name = f"ten a second for {seconds} s, lost or doubled"
    desk.rest(desk.answer)


def _search(rows: _Figures, desk: Watched, typed: list[Typed]) -> None:
    """On the page of the cases, key by key; only of keys that change what is listed can an answer be seen."""
    desk.keys.press("Alt_L+4")
    desk.rest(LIST)
    for each in typed:
        for sign, changes in zip(each.signs, each.changes, strict=True):
            took = desk.listed(sign) if changes else desk.keys.strike(sign) * 0
            if changes:
                rows.searches[each.kind].samples.append(PATIENCE * 1000 if took is None else took)
            desk.rest(LIST, 0.1)
        desk.keys.press("Escape")
        desk.rest(LIST, 0.2)
    desk.keys.press("Alt_L+2")
    desk.rest(desk.answer)


def _busy(rows: _Figures, desk: Watched, shop: Shop, waybills: Waybills, count: int) -> None:
    """While the line comes back: a pull of what the service has, and photographs on their way to it."""
    with _reading(shop) as connection:
        before = _read_to(connection)
    chance = random.Random(SEED)
    with scan_shop.central(shop):
        _wait_for_pull(shop, before)
        for number in range(count):
            if number % RATE == 0 and _is_read(shop, before):
                break
            time.sleep(chance.uniform(*BETWEEN))
            _one(desk, desk.by_line, next(waybills), rows.busy, rows.busy_safe)
        with _reading(shop) as connection:
            read, sent = _read_to(connection) - before, _sent(connection)
    rows.busy.name = f"recognised while {read:,} entries are pulled and {sent} photographs sent"


def _wait_for_pull(shop: Shop, before: int) -> None:
    end = time.monotonic() + LINE_BACK
    while True:
        with _reading(shop) as connection:
            if _read_to(connection) > before:
                return
        if time.monotonic() > end:
            raise RuntimeError("the line did not come back")
        time.sleep(0.1)


def _is_read(shop: Shop, before: int) -> bool:
    with _reading(shop) as connection:
        return _read_to(connection) - before >= scan_shop.PULLED


@contextmanager
def _reading(shop: Shop) -> Iterator[Connection]:
    engine: Engine = open_engine(shop.data / FILE, desk_key(shop), read_only=True)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def _read_to(connection: Connection) -> int:
    """The place up to which the store's feed is here."""
    return int(connection.execute(select(func.max(t.cursor.c.place))).scalar_one())


def _sent(connection: Connection) -> int:
    """How many photographs the service has."""
    return int(connection.execute(select(func.count()).where(t.file.c.at_central == 1)).scalar_one())


def _arrivals(connection: Connection, waybill: str) -> int:
    """How often a parcel was received, as its entries tell."""
    query = select(t.entry.c.body).where(t.entry.c.stream == parcel_stream(waybill))
    entries = (msgspec.json.decode(body, type=Entry) for body in connection.execute(query).scalars())
    return sum(entry.kind == ARRIVED for entry in entries)
