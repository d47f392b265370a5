"""Real encrypted stores, and a home order that judges as the central service does."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from desk_app.domain.batches import Placed, Pulled, SealedRecord
from desk_app.domain.entries import Entry
from desk_app.domain.facts import Fact
from desk_app.domain.folding import empty, fold, judge
from desk_app.domain.people import Actor
from desk_app.storage.act import Act, Identity
from desk_app.storage.store import Store

KEY = bytes(range(32))
FEED = "store/01STORE"
FEEDS = ("common", "sales", FEED)
BY = Actor("person/P", ("admin",), "王芳")


class Desks:
    """Makes desks, and gives their entries places in one home order."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder, self._stack = folder, stack
        self.order: list[Placed] = []
        self.records: dict[str, SealedRecord] = {}

    def open(self, name: str, now: Callable[[], float] = time.monotonic) -> Store:
        """The store called so, made and given its identity where it is new."""
        store = Store(self.folder / name, KEY, now=now)
        self._stack.callback(store.close)
        if store.identity is None:
            store.begin(Identity(name, FEED, "7QK", "127.0.0.1:1"), FEEDS, lambda act: None, 0)
        return store

    def do(self, store: Store, stream: str, *facts: Fact, at: int = 0) -> None:
        """One act of facts in a stream."""

        def decide(act: Act) -> None:
            for fact in facts:
                act.add(stream, fact)

        store.act(decide, BY, at).result()

    def push(self, store: Store) -> None:
        """Give what a desk's store feed has waiting its places; the desk does not hear of it yet."""
        push = store.waiting(FEED, 500)
        for entry in push.entries if push else ():
            self.place(entry)
        self.records |= {record.id: record for record in (push.records if push else ())}

    def place(self, entry: Entry) -> None:
        state = empty(entry.stream)
        for earlier in self.order:
            if earlier.entry.stream == entry.stream:
                state = fold(state, earlier.entry, earlier.verdict)
        self.order.append(Placed(len(self.order) + 1, entry, judge(state, entry)))

    def page(self, after: int = 0, limit: int = 500) -> Pulled:
        """A page of the home order with the records it names."""
        return Pulled(
            FEED, tuple(self.order[after : after + limit]), tuple(self.records.values()), len(self.order)
        )


@pytest.fixture
def desks(tmp_path: Path) -> Iterator[Desks]:
    with ExitStack() as stack:
        yield Desks(tmp_path, stack)


@pytest.fixture
def dump() -> Callable[..., dict[str, list[tuple[object, ...]]]]:
    """Every row of the look-up tables and of the search table, in order."""

    def dumping(store: Store) -> dict[str, list[tuple[object, ...]]]:
        tables = ("state", "case_row", "parcel_row", "code_row", "person_row", "search")
        with store.read() as connection:
            return {
                table: sorted(tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {table}"))
                for table in tables
            }

    return dumping
