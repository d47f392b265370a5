"""The store: one writer, durable acts, a home order taken in once, look-up tables that can be rebuilt."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import inspect, select, update

from desk_app.changes import Changes, Origin
from desk_app.domain import facts
from desk_app.domain.batches import Receipt
from desk_app.domain.cases import Case
from desk_app.domain.entries import STANDS, Entry, canonical
from desk_app.domain.folding import FOLD_VERSION, freeze, state_hash
from desk_app.domain.people import Actor
from desk_app.engine import open_engine
from desk_app.errors import OutsideError, RuleError
from desk_app.ids import LAST_RUNNING, case_number
from desk_app.signatures import CHAIN_START, grown
from desk_app.storage import journal, tables
from desk_app.storage.migrations import newest
from desk_app.storage.store import Store

KEY = bytes(range(32))
FEED = "store/01STORE"
BY = Actor("person/P", ("admin",), "王芳")
CASE = "case/1"
OPENED = (
    facts.CaseOpened("7QK000018", "return", "customer/1", ""),
    facts.ItemAdded(1, "Phone 手机", "phone", serial="SN1"),
    facts.ItemInspected(1, "phone", {"screen": "pass"}, {}, "A", "A"),
)
HISTORY = (
    (CASE, OPENED),
    ("parcel/SF1", (facts.ParcelAnnounced("SF1", "sf", CASE), facts.ParcelArrived("SF1"))),
    (CASE, (facts.CaseParcelAnnounced("SF1"), facts.ItemDisposed(1, "restock"))),
    ("parcel/YT1", (facts.ParcelArrived("YT1", "yto"), facts.ParcelShelved("S03"))),
)


def visible(store: Store, stream: str = CASE) -> Any:
    with store.read() as connection:
        return journal.visible(connection, stream)


def states(store: Store, stream: str = CASE) -> journal.States:
    with store.read() as connection:
        known = journal.states(connection, stream)
    assert known is not None
    return known


def count(store: Store, table: str = "entry") -> int:
    with store.read() as connection:
        return int(connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())


def test_a_new_store_is_brought_to_the_newest_tables(tmp_path: Path) -> None:
    for _ in range(2):
        store = Store(tmp_path, KEY)
        with store.read() as connection:
            found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all()
        assert (found, store.identity) == ([newest()], None)
        store.close()


def test_the_migrated_tables_are_those_the_program_uses(desks: Any) -> None:
    found = inspect(desks.open("one")._engine)
    for table in tables.journal.sorted_tables:
        told = {
            column["name"]: (str(column["type"]), column["nullable"])
            for column in found.get_columns(table.name)
        }
        wanted = {column.name: (str(column.type), column.nullable) for column in table.columns}
        assert told == {
            name: ("BLOB" if kind == "BLOB" else kind, null) for name, (kind, null) in wanted.items()
        }
        assert {index["name"] for index in found.get_indexes(table.name)} == {
            index.name for index in table.indexes
        }
        assert set(found.get_pk_constraint(table.name)["constrained_columns"]) == {
            column.name for column in table.primary_key
        }


def test_a_store_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    Store(tmp_path, KEY).close()
    engine = open_engine(tmp_path / "desk.db", KEY)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'r9999'")
    with pytest.raises(OutsideError) as failure:
        Store(tmp_path, KEY)
    assert failure.value.code == "store.newer"
    with engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == "r9999"
    engine.dispose()


def test_a_store_without_identity_takes_no_acts(tmp_path: Path) -> None:
    store = Store(tmp_path, KEY)
    with pytest.raises(RuntimeError, match="without identity"):
        store.act(lambda act: None, BY, 0).result()
    store.close()


def test_the_identity_is_kept(desks: Any) -> None:
    first = desks.open("one")
    first.close()
    again = Store(desks.folder / "one", KEY)
    assert again.identity == first.identity is not None
    assert again.feeds() == ("common", "sales", FEED)
    again.close()


def test_a_refused_act_leaves_nothing(desks: Any) -> None:
    store = desks.open("one")

    def decide(act: Any) -> None:
        sealed = act.seal("秘密")
        act.add(CASE, facts.CaseNoted(sealed.id), sealed)
        act.finish()
        raise RuleError("case.unknown")

    with pytest.raises(RuleError):
        store.act(decide, BY, 0).result()
    assert (count(store), count(store, "record"), count(store, "state")) == (0, 0, 0)
    desks.do(store, CASE, *OPENED)
    push = store.waiting(FEED, 500)
    assert [entry.number for entry in push.entries] == [1, 2, 3]


def test_the_parts_of_an_act_name_each_other(desks: Any) -> None:
    store = desks.open("one")
    desks.do(store, CASE, *OPENED, at=5)
    acts = [entry.act.split(".") for entry in store.waiting(FEED, 500).entries]
    assert len({act[0] for act in acts}) == 1
    assert [act[1:] for act in acts] == [["1", "3"], ["2", "3"], ["3", "3"]]


def test_who_listens_hears_each_commit_and_where_it_came_from(desks: Any) -> None:
    one, two = desks.open("one"), desks.open("two")
    heard: list[Changes] = []
    two.listen(heard.append)
    desks.do(one, CASE, *OPENED)
    desks.do(two, "parcel/SF1", facts.ParcelAnnounced("SF1", "sf", CASE))
    desks.push(one)
    two.take(desks.page())
    assert heard == [
        Changes(frozenset({"parcel/SF1", CASE}), Origin.ACT),
        Changes(frozenset({CASE}), Origin.SYNC),
    ]


def test_a_page_taken_twice_is_taken_once(desks: Any, dump: Any) -> None:
    one, two = desks.open("one"), desks.open("two")
    for stream, fact in HISTORY:
        desks.do(one, stream, *fact)
    desks.push(one)
    page = desks.page()
    two.take(page)
    first = (dump(two), count(two), two.cursor(FEED))
    two.take(page)
    two.take(desks.page(after=2))
    assert (dump(two), count(two), two.cursor(FEED)) == first
    assert two.cursor(FEED) == len(desks.order) == 9


def test_a_desk_s_own_echo_finds_its_entry(desks: Any) -> None:
    store = desks.open("one")
    desks.do(store, CASE, *OPENED)
    before = visible(store)
    desks.push(store)
    store.take(desks.page())
    assert count(store) == 3 and store.waiting_count() == 0
    assert states(store).confirmed == states(store).visible == before


def test_acknowledging_twice_is_acknowledging_once(desks: Any) -> None:
    store = desks.open("one")
    desks.do(store, CASE, *OPENED)
    receipts = (Receipt(1, 1, STANDS), Receipt(2, 2, STANDS))
    for _ in range(2):
        store.acknowledge(FEED, receipts)
        assert [entry.number for entry in store.waiting(FEED, 500).entries] == [3]
        assert store.waiting_count() == 1
    assert states(store).confirmed == Case()


def test_what_waits_is_given_in_order_and_no_more_than_asked(desks: Any) -> None:
    store = desks.open("one")
    for stream, fact in HISTORY:
        desks.do(store, stream, *fact)
    assert [entry.number for entry in store.waiting(FEED, 4).entries] == [1, 2, 3, 4]
    assert [entry.number for entry in store.waiting(FEED, 2, after=3).entries] == [4, 5]
    assert store.waiting("common", 4) is None


def test_what_waits_is_seen_on_top_of_what_came_before_it(desks: Any) -> None:
    one, two = desks.open("one"), desks.open("two")
    desks.do(one, CASE, *OPENED)
    desks.push(one)
    two.take(desks.page())
    one.take(desks.page())
    desks.do(two, CASE, facts.ItemDisposed(1, "scrap"))
    assert visible(two).items[0].disposition == "scrap"
    desks.do(one, CASE, facts.ItemDisposed(1, "restock"))
    desks.push(one)
    two.take(desks.page())
    assert visible(two).items[0].disposition == "restock"
    assert [contest.reason for contest in visible(two).contests] == ["item.disposed_already"]
    assert states(two).confirmed.contests == ()
    desks.push(two)
    for store in (one, two):
        store.take(desks.page())
        assert [contest.reason for contest in states(store).confirmed.contests] == ["item.disposed_already"]
        with store.read() as connection:
            assert [each.desk for each in journal.contests(connection)] == ["two"]


def test_one_home_order_makes_the_same_states_everywhere(desks: Any, dump: Any) -> None:
    one, two, three = desks.open("one"), desks.open("two"), desks.open("three")
    for number, (stream, fact) in enumerate(HISTORY):
        desks.do((one, two)[number % 2], stream, *fact)
    desks.push(two)
    desks.push(one)
    for store in (one, two):
        store.take(desks.page())
    for after in range(len(desks.order)):
        three.take(desks.page(after, 1))
    assert dump(one) == dump(two) == dump(three)
    for stream in (CASE, "parcel/SF1", "parcel/YT1"):
        assert len({freeze(states(store, stream).confirmed) for store in (one, two, three)}) == 1


def test_rebuilding_gives_the_same_rows(desks: Any, dump: Any) -> None:
    one, two = desks.open("one"), desks.open("two")
    for stream, fact in HISTORY:
        desks.do(one, stream, *fact)
    desks.push(one)
    two.take(desks.page())
    desks.do(two, CASE, facts.ItemHandedOver(1))
    before = dump(two)
    assert all(before[table] for table in ("state", "case_row", "parcel_row", "code_row", "search"))
    two.rebuild()
    assert dump(two) == before


def test_lost_look_up_tables_come_back_with_the_next_start(desks: Any, dump: Any) -> None:
    store = desks.open("one")
    for stream, fact in HISTORY:
        desks.do(store, stream, *fact)
    before = dump(store)
    with store._engine.begin() as connection:
        for table in ("state", "case_row", "parcel_row", "code_row", "search"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
        connection.exec_driver_sql("UPDATE meta SET value = '0' WHERE key = 'fold_version'")
    store.close()
    again = Store(desks.folder / "one", KEY)
    assert dump(again) == before
    again.close()


def test_what_a_newer_version_wrote_is_kept_and_passed_on(desks: Any) -> None:
    store = desks.open("one")
    desks.do(store, CASE, *OPENED)
    desks.push(store)
    future = Entry(
        feed=FEED,
        stream="moon/1",
        desk="far",
        number=1,
        act="A.1.1",
        schema=3,
        person="person/P",
        at=0,
        kind="moon.landed",
        data={"where": [1, {"deep": None}]},
    )
    desks.place(future)
    store.take(desks.page())
    with store.read() as connection:
        rows = connection.exec_driver_sql("SELECT body, standing FROM entry WHERE stream = 'moon/1'").all()
    assert [(journal.decode(body), standing) for body, standing in rows] == [(future, "stands")]
    assert visible(store, "moon/1").newer == 1
    store.rebuild()
    assert visible(store, "moon/1").newer == 1


def test_in_a_new_epoch_what_the_central_service_lost_waits_again(desks: Any) -> None:
    store = desks.open("one")
    desks.do(store, CASE, *OPENED)
    store.settle("E1", {FEED: 0}, ())
    store.acknowledge(FEED, tuple(Receipt(number, number, STANDS) for number in (1, 2, 3)))
    store.settle("E1", {FEED: 1}, ())
    assert store.waiting_count() == 0
    store.settle("E2", {FEED: 1}, ())
    assert [entry.number for entry in store.waiting(FEED, 500).entries] == [2, 3]


def test_closing_finishes_what_is_queued(desks: Any) -> None:
    store = desks.open("one")
    asked = [store.act(lambda act: act.add("parcel/A", facts.ParcelArrived("A")), BY, 0) for _ in range(20)]
    store.close()
    assert all(future.done() and future.exception() is None for future in asked)
    again = Store(desks.folder / "one", KEY)
    assert count(again) == 20
    again.close()


def test_the_last_number_of_a_block_is_the_last(desks: Any) -> None:
    store = desks.open("one")
    last_but_one = case_number("7QK", LAST_RUNNING - 1)
    desks.do(store, CASE, facts.CaseOpened(last_but_one, "return", "customer/1", ""))
    number = store.act(lambda act: act.next_case_number(), BY, 0).result()
    assert number == case_number("7QK", LAST_RUNNING)
    desks.do(store, "case/2", facts.CaseOpened(number, "return", "customer/1", ""))
    with pytest.raises(RuleError, match=r"case\.numbers_used_up"):
        store.act(lambda act: act.next_case_number(), BY, 0).result()


def test_a_feed_that_begins_anew_keeps_what_was_known_and_sends_what_is_missing(desks: Any) -> None:
    store, other = desks.open("one"), desks.open("two")
    desks.do(store, CASE, *OPENED)
    desks.push(store)
    store.acknowledge(FEED, tuple(Receipt(number, number, STANDS) for number in (1, 2, 3)))
    store.take(desks.page())
    other.take(desks.page())
    desks.do(other, CASE, facts.CaseNoted("r"))
    desks.push(other)
    store.take(desks.page(3))
    seen = store.last_seen()[FEED]
    assert (seen.place, seen.desk, seen.number) == (4, "two", 1)
    before = visible(store, CASE)
    store.settle("E1", {FEED: 1}, (FEED,))
    assert store.cursor(FEED) == 0 and store.last_seen() == {}
    assert [entry.number for entry in store.waiting(FEED, 500).entries] == [2, 3]
    assert store.chain(FEED) == grown(CHAIN_START, [canonical(desks.order[0].entry)])
    assert set(visible(store, CASE).notes) == set(before.notes)
    store.take(desks.page())
    assert visible(store, CASE) == before and store.cursor(FEED) == 4


@pytest.mark.logs("not that of the central service: state.differs")
def test_a_state_that_is_not_the_central_service_s_is_told_and_never_taken_over(desks: Any) -> None:
    store = desks.open("one")
    desks.do(store, CASE, *OPENED)
    desks.push(store)
    page = msgspec.structs.replace(desks.page(), hashes={CASE: "0" * 64}, fold_version=FOLD_VERSION)
    store.take(page)
    assert incidents(store) == [("state.differs", FEED, CASE, 3)]
    assert visible(store, CASE).number


@pytest.mark.logs("not that of the central service: state.mended")
def test_a_spoilt_state_is_folded_anew(desks: Any) -> None:
    store, other = desks.open("one"), desks.open("two")
    desks.do(store, CASE, *OPENED)
    desks.push(store)
    store.take(desks.page())
    other.take(desks.page())
    with store._engine.begin() as connection:
        spoilt = freeze(msgspec.structs.replace(visible(store, CASE), number="wrong"))
        connection.execute(update(tables.state).values(confirmed=spoilt))
    desks.do(other, CASE, facts.CaseNoted("r"))
    desks.push(other)
    other.take(desks.page(3))
    hashes = {CASE: state_hash(visible(other, CASE))}
    store.take(msgspec.structs.replace(desks.page(3), hashes=hashes, fold_version=FOLD_VERSION))
    assert incidents(store) == [("state.mended", FEED, CASE, 4)]
    assert visible(store, CASE) == visible(other, CASE)


def incidents(store: Store) -> list[tuple[Any, ...]]:
    with store.read() as connection:
        return [tuple(row) for row in connection.execute(select(tables.incident))]
