"""The list of cases and its search: Chinese by any part of it, newest first, and pages that fit together."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event

from desk_app.domain import facts
from desk_app.storage import lookups, queries
from desk_app.storage.store import Store

PRODUCTS = ("轻语 A3 无线耳机", "样例手机 K12 Pro 256 GB", "无线充电器", "Café Crème 2000", "耳机线")


@pytest.fixture
def store(desks: Any) -> Store:
    """A case of each product, a microsecond apart; the last two are opened at the same moment."""
    made: Store = desks.open("one")
    for number, product in enumerate(PRODUCTS):
        opened = facts.CaseOpened(f"7QK{number:05}X", "return", "", "", f"TB{number}")
        desks.do(made, f"case/{number}", opened, facts.ItemAdded(1, product, "other"), at=min(number, 3))
    return made


def found(store: Store, words: str) -> set[str]:
    with store.read() as connection:
        rows = queries.cases(connection, words, 0, 100)
        assert queries.count_cases(connection, words) == len(rows)
        return {row.product for row in rows}


@pytest.mark.parametrize(
    ("words", "places"),
    [
        ("耳机", {0, 4}),
        ("无线", {0, 2}),
        ("无线耳机", {0}),
        ("线耳", {0}),
        ("器", {2}),  # the last character of its run
        ("线", {0, 2, 4}),
        ("机", {0, 1, 4}),
        ("无机", set()),
        ("耳机 无线", {0}),
        ("a3无线", {0}),
        ("cafe", {3}),
        ("k1 样例", {1}),
        ("7qk00002", {2}),
        ("tb4", {4}),
        ('"*', {0, 1, 2, 3, 4}),  # nothing to look for
        ("", {0, 1, 2, 3, 4}),
    ],
)
def test_what_is_typed_finds_what_has_it(store: Store, words: str, places: set[int]) -> None:
    assert found(store, words) == {PRODUCTS[place] for place in places}


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ("5183", True),  # the waybill's end
        ("183", True),
        ("83", False),  # too short for an end
        ("0465", False),  # neither beginning nor end
        ("000123456", True),
        ("456 5183", True),
        ("456 5184", False),
        ("yl0001", True),
        ("1tb", False),  # ends are ends of what was typed forwards
    ],
)
def test_long_numbers_are_found_by_their_ends_too(desks: Any, words: str, is_found: bool) -> None:
    made: Store = desks.open("one")
    opened = facts.CaseOpened("7QK000018", "return", "", "", "TB1")
    added = facts.ItemAdded(1, "耳机", "other", serial="YL000123456")
    desks.do(made, "case/1", opened, added, facts.CaseParcelAnnounced("SF1390027465183"))
    assert found(made, words) == ({"耳机"} if is_found else set())


def test_many_that_are_found_are_counted_as_far_as_asked(store: Store) -> None:
    with store.read() as connection:
        assert [queries.count_cases(connection, "tb", most) for most in (-1, 2, 9)] == [5, 2, 5]


def test_words_that_stay_the_same_are_not_written_anew(desks: Any, store: Store) -> None:
    def words() -> list[tuple[object, ...]]:
        with store.read() as connection:
            return [tuple(row) for row in connection.exec_driver_sql("SELECT id, block FROM search_data")]

    before = words()
    desks.do(store, "case/1", facts.CaseNoted(""))
    desks.do(store, "case/1", facts.CaseClosed())
    assert words() == before
    with store.read() as connection:
        assert [row.status for row in queries.cases(connection, "tb1", 0, 9)] == ["closed"]
    desks.do(store, "case/1", facts.ItemAdded(2, "屏幕", "other"))
    assert words() != before


@pytest.mark.parametrize("words", ["", "tb"])
def test_pages_join_into_the_whole_list_newest_first(store: Store, words: str) -> None:
    with store.read() as connection:
        pages = [queries.cases(connection, words, offset, 2) for offset in (0, 2, 4, 6)]
    joined = [row for page in pages for row in page]
    assert [len(page) for page in pages] == [2, 2, 1, 0]
    assert [row.opened_at for row in joined] == [3, 3, 2, 1, 0]
    assert len({row.stream for row in joined}) == len(PRODUCTS)


def test_a_case_that_changes_keeps_its_place_and_its_old_words_go(desks: Any, store: Store) -> None:
    desks.do(store, "case/1", facts.ItemAdded(2, "屏幕", "other"))
    assert found(store, "屏幕") == {f"{PRODUCTS[1]} · 屏幕"}
    with store.read() as connection:
        assert [row.stream for row in queries.cases(connection, "", 0, 10)][3] == "case/1"
        count = connection.exec_driver_sql("SELECT count(*) FROM search").scalar()
    assert count == len(PRODUCTS)


def test_two_cases_that_want_one_id_both_get_one(desks: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookups, "row_id", lambda stream, opened_at: 7)
    store = desks.open("one")
    for number in range(3):
        desks.do(store, f"case/{number}", facts.CaseOpened(f"7QK0000{number}X", "return", "", ""))
        desks.do(store, f"case/{number}", facts.CaseNoted(""))
    with store.read() as connection:
        ids = connection.exec_driver_sql("SELECT id, stream FROM case_row ORDER BY id").all()
    assert [tuple(row) for row in ids] == [(7, "case/0"), (8, "case/1"), (9, "case/2")]


@pytest.mark.parametrize("words", ["", "耳机"])
def test_no_list_reads_every_row(store: Store, words: str) -> None:
    """Each step of the plan goes by an index or by the search's own tables."""
    asked: list[str] = []
    with store.read() as connection:
        event.listen(connection.engine, "before_cursor_execute", lambda _c, _u, sql, *_: asked.append(sql))
        queries.cases(connection, words, 0, 10)
        plans = [
            row[3]
            for sql in list(asked)
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", (1,) * sql.count("?"))
        ]
    assert plans
    assert not [plan for plan in plans if plan.startswith("SCAN case_row") and "COVERING INDEX" not in plan]
    assert not [plan for plan in plans if "TEMP B-TREE" in plan]
