"""However many cases a desk has: nothing that sync does again and again reads a whole table."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from desk_app.domain.facts import CaseClosed
from desk_app.services import setup
from desk_app.storage.store import Store
from desk_app.sync import loading
from tests.sync.test_two_desks import KEY, Running, folder, long_after, states_of
from tests.sync.test_two_desks import desks as desks
from tests.sync.test_two_desks import own as own

pytestmark = pytest.mark.slow

GROWS = "attention_row base case_row code_row entry file parcel_row record state"
READS_ALL = re.compile(rf"SCAN ({GROWS.replace(' ', '|')})\b")
AT_WORK = ("sync", "sync-wait", "writer")

Statements = dict[str, Any]


@pytest.fixture
def statements() -> Iterator[Callable[[Store], Statements]]:
    """From when it is called: each statement at work on a store, with the values it first had."""
    heard: list[tuple[Engine, Any]] = []

    def note(store: Store) -> Statements:
        found: Statements = {}

        def hear(_: object, __: object, sql: str, values: Any, ___: object, many: bool) -> None:
            if threading.current_thread().name in AT_WORK:
                found.setdefault(sql, values[0] if many else values)

        for engine in (store._engine, store._reading):
            event.listen(engine, "before_cursor_execute", hear)
            heard.append((engine, hear))
        return found

    yield note
    for engine, hear in heard:
        event.remove(engine, "before_cursor_execute", hear)


def reading_all(store: Store, found: Statements) -> set[tuple[str, str]]:
    """The steps that read all rows of a table that grows, with their statements."""
    with store.read() as connection:
        return {
            (row[3], sql)
            for sql, values in found.items()
            if sql.split()[0] in ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)
            if READS_ALL.match(row[3])
        }


def test_no_step_of_a_load_or_of_a_day_reads_a_whole_table(
    desks: Any, tmp_path: Path, eventually: Any, statements: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _, actor = desks
    cases = [first.open_case(actor, f"K{number}") for number in range(4)]
    eventually(first.is_online)
    with closing(first.client()) as client:
        secret = client.invite()
    monkeypatch.setattr(loading, "LONG_FEED", 5)
    monkeypatch.setattr(loading, "MOST_STATES", 3)
    late = Running(Store(folder(tmp_path, "late"), KEY), first.clock, first.address)
    setup.join(late.store, late.clock, "Desk C", late.enter(first.address(), secret))
    with closing(late.client()) as client:
        loading.load_people(client, late.store, late.clock())
    found = statements(late.store)
    late.start()
    eventually(lambda: late.is_online() and states_of(late) == states_of(first))
    eventually(lambda: all(not load.next for load in late.store.loads().values()))
    late.note(actor, cases[1], "已通知")
    first.store.act(lambda act: act.add(cases[0], CaseClosed()), actor, first.clock()).result(20)
    eventually(lambda: states_of(late) == states_of(first) and late.case(cases[0]).outcome)
    assert not late.store.let_go(first.clock())
    assert late.store.let_go(long_after())
    late.stop()
    assert len(found) > 60
    assert not reading_all(late.store, found)
    late.store.close()
