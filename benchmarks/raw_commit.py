"""Commits of as many pages as a scan's, by the product's driver and settings, with nothing else done."""

from __future__ import annotations

import random
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from sqlalchemy import text

from benchmarks.shop import PIN, Shop, desk_key
from desk_app.clock import system_clock
from desk_app.engine import open_engine
from desk_app.services.desk import Desk
from desk_app.services.people import People
from desk_app.services.receiving import Receiving
from desk_app.storage.store import FILE, LONGEST_LOG, Store

PAGE = 4096
FRAME = PAGE + 24  # as the log has a page
ROW = 3500  # bytes of which no two fit on a page
ROWS = 2000
SEED = 7


def pages_of_a_scan(shop: Shop, waybills: Sequence[str]) -> int:
    """How many pages a scan of a parcel writes into the log, on average, found by scanning some."""
    with closing(Store(shop.data, desk_key(shop))) as store:  # which empties the log
        desk = Desk(store, system_clock)
        people = People(desk)
        by = people.sign_in(people.everybody()[0].stream, PIN).result()
        for waybill in waybills:
            Receiving(desk).receive(waybill, by).result()
        return round((shop.data / f"{FILE}-wal").stat().st_size / FRAME / len(waybills))


class RawCommits:
    """A file whose rows fill a page each; `commit` writes some of them anew, durably."""

    def __init__(self, path: Path, pages: int) -> None:
        self._engine = open_engine(path, bytes(32), longest_log=LONGEST_LOG)
        self._chance, self._pages = random.Random(SEED), pages
        with self._engine.begin() as connection:
            connection.execute(text("CREATE TABLE raw (id INTEGER PRIMARY KEY, body BLOB)"))
            rows = [{"id": number, "body": self._body()} for number in range(ROWS)]
            connection.execute(text("INSERT INTO raw VALUES (:id, :body)"), rows)

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    def commit(self) -> None:
        """Write as many pages as a scan does."""
        rows = self._chance.sample(range(ROWS), self._pages)
        bodies = [(self._body(), row) for row in rows]
        with closing(self._engine.raw_connection()) as connection:
            cursor = connection.cursor()
            cursor.execute("BEGIN IMMEDIATE")
            cursor.executemany("UPDATE raw SET body = ? WHERE id = ?", bodies)
            cursor.execute("COMMIT")

    def _body(self) -> bytes:
        return self._chance.randbytes(ROW)
