"""While somebody works a page comes in slices: an act goes in between, and all is as if it had come whole."""

from __future__ import annotations

from typing import Any

import pytest

from desk_app.changes import Changes, Origin
from desk_app.domain import facts
from desk_app.domain.batches import FrozenState, Placed, Pulled, SealedRecord, Snapshot
from desk_app.domain.entries import STANDS, Entry
from desk_app.domain.folding import FOLD_VERSION, fold_all, freeze, state_hash
from desk_app.domain.people import Actor
from desk_app.errors import OutsideError
from desk_app.storage import inbox, slices, snapshot
from desk_app.storage import store as stores
from desk_app.storage.store import Store

FEED = "store/01STORE"
BY = Actor("person/P", ("admin",), "王芳")
PATIENCE = 30
CASES = ("case/01A", "case/01B", "case/01C")
KEPT = ("cursor", "record", "erased", "wanted", "base", "entry", "incident")


@pytest.fixture(autouse=True)
def _small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "A_SLICE", 2)


@pytest.fixture
def history(desks: Any) -> Store:
    """A desk whose three cases, eight entries with notes, have their places; one note is erased."""
    store: Store = desks.open("old")
    for number, stream in enumerate(CASES):
        opened = facts.CaseOpened(f"7QK00001{number}", "return", f"customer/{number}", "")
        desks.do(store, stream, opened)
    notes = [note(store, stream) for stream in CASES]
    desks.do(store, "parcel/SF1", facts.ParcelAnnounced("SF1", "", CASES[0]), facts.ParcelArrived("SF1"))
    desks.push(store)
    erased = desks.records[notes[1]]
    desks.records[notes[1]] = SealedRecord(erased.id, erased.stream, b"", b"")
    return store


def note(store: Store, stream: str) -> str:
    def decide(act: Any) -> str:
        sealed = act.seal("屏幕不亮")
        act.add(stream, facts.CaseNoted(sealed.id), sealed)
        return str(sealed.id)

    return store.act(decide, BY, 0).result()


def page_of(desks: Any) -> Pulled:
    """All of it, with the hashes the test folded itself."""
    page: Pulled = desks.page()
    streams = {placed.entry.stream for placed in page.entries}
    told = {stream: state_hash(state_of(desks, stream)) for stream in streams}
    return Pulled(FEED, page.entries, page.records, page.head, told, FOLD_VERSION, "run")


def state_of(desks: Any, stream: str) -> Any:
    placed = [each for each in desks.order if each.entry.stream == stream]
    return fold_all(stream, ((each.entry, each.verdict) for each in placed))


def working(desks: Any, name: str = "late") -> Store:
    """A desk at which somebody did something just now."""
    store: Store = desks.open(name, lambda: 7.0)
    store.act(lambda act: None, BY, 0).result()
    return store


def resting(desks: Any) -> Store:
    return desks.open("resting", lambda: 7.0)


def heard(store: Store) -> list[Origin]:
    """What the store tells from now on."""
    origins: list[Origin] = []
    store.listen(lambda changes: origins.append(changes.origin))
    return origins


def all_of(store: Store, dump: Any) -> dict[str, Any]:
    with store.read() as connection:
        rows = {
            table: sorted(map(tuple, connection.exec_driver_sql(f"SELECT * FROM {table}"))) for table in KEPT
        }
    return {**rows, **dump(store)}


def test_an_act_that_comes_meanwhile_goes_between_two_slices(desks: Any, history: Store) -> None:
    store = working(desks)
    origins, acts = heard(store), []

    def scan(changes: Changes) -> None:
        if changes.origin is Origin.SYNC and not acts:
            acts.append(store.act(lambda act: act.add("parcel/SF9", facts.ParcelArrived("SF9")), BY, 0))

    store.listen(scan)
    store.take(page_of(desks))
    acts[0].result(PATIENCE)
    assert origins == [Origin.SYNC, Origin.ACT, Origin.SYNC, Origin.SYNC, Origin.SYNC]


@pytest.mark.parametrize(("now", "transactions"), [(0.0, 4), (4.9, 4), (5.0, 1), (3600.0, 1)])
def test_a_page_comes_in_slices_for_five_seconds_after_an_act(
    desks: Any, history: Store, now: float, transactions: int
) -> None:
    seconds = [0.0]
    store = desks.open("late", lambda: seconds[0])
    store.act(lambda act: None, BY, 0).result()
    seconds[0] = now
    origins = heard(store)
    store.take(page_of(desks))
    assert origins == [Origin.SYNC] * transactions


def test_where_nobody_has_worked_yet_a_page_comes_whole(desks: Any, history: Store) -> None:
    store = resting(desks)
    origins = heard(store)
    store.take(page_of(desks))
    assert origins == [Origin.SYNC]


def test_slices_leave_what_the_whole_page_leaves(desks: Any, history: Store, dump: Any) -> None:
    whole, sliced = resting(desks), working(desks)
    whole.take(page_of(desks))
    sliced.take(page_of(desks))
    assert all_of(sliced, dump) == all_of(whole, dump)
    assert (len(all_of(whole, dump)["record"]), len(all_of(whole, dump)["erased"])) == (2, 1)
    assert all_of(whole, dump)["incident"] == []


def test_after_a_crash_between_slices_the_feed_goes_on_where_it_was(
    desks: Any, history: Store, dump: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, sliced = resting(desks), working(desks)
    whole.take(page_of(desks))
    real, left = inbox.take, iter((True, True))

    def take(*arguments: Any) -> Any:
        if not next(left, False):
            raise OutsideError("disk.failed")
        return real(*arguments)

    with monkeypatch.context() as broken, pytest.raises(OutsideError):
        broken.setattr(inbox, "take", take)
        sliced.take(page_of(desks))
    sliced.close()
    again = desks.open("late", lambda: 7.0)
    assert again.cursor(FEED) == 4
    with again.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM entry").scalar() == 4
    again.take(page_of(desks))
    assert all_of(again, dump) == all_of(whole, dump)


def placed(place: int, stream: str, *seals: str) -> Placed:
    entry = Entry(
        feed=FEED,
        stream=stream,
        desk="D",
        number=place,
        act=f"A{place}",
        schema=1,
        person="person/P",
        at=0,
        kind="case.noted",
        data={},
        seals=dict.fromkeys(seals, "seal"),
    )
    return Placed(place, entry, STANDS)


def test_what_a_page_says_of_its_entries_goes_with_them() -> None:
    first, both, last, gone = (SealedRecord(name, "a", b"k", b"b") for name in ("R1", "R2", "R3", "R4"))
    erased, unnamed = SealedRecord("R5", "c", b"", b""), SealedRecord("R6", "z", b"", b"")
    entries = (
        placed(1, "a", "R1"),
        placed(2, "b", "R2"),
        placed(3, "c", "R5"),
        placed(4, "a", "R2"),
        placed(5, "d", "R3"),
    )
    hashes = {"a": "1", "b": "2", "d": "4"}
    page = Pulled(FEED, entries, (gone, last, both, first, erased, unnamed), 9, hashes, 3, "run", ("c", "a"))
    found = list(slices.of_page(page, 2))
    assert [part.entries for part in found] == [entries[:2], entries[2:4], entries[4:]]
    assert [part.records for part in found] == [(gone, both, first, unnamed), (both, erased), (last,)]
    assert [part.hashes for part in found] == [{"b": "2"}, {"a": "1"}, {"d": "4"}]
    assert [part.older for part in found] == [("a",), ("c", "a"), ()]
    assert {(part.feed, part.head, part.fold_version, part.run) for part in found} == {(FEED, 9, 3, "run")}


def test_a_page_without_entries_is_one_slice() -> None:
    page = Pulled(FEED, (), (), 0)
    assert list(slices.of_page(page, 2)) == [page]


def test_states_take_the_records_of_their_streams_along() -> None:
    states = tuple(FrozenState(stream, 1, b"") for stream in "abc")
    records = tuple(SealedRecord(name, name[0], b"k", b"b") for name in ("c1", "a1", "b1", "a2"))
    found = list(slices.of_states(Snapshot(FEED, states, records, 4, 3, "run", 9), 2))
    assert [part.states for part in found] == [states[:2], states[2:]]
    assert [[record.id for record in part.records] for part in found] == [["a1", "b1", "a2"], ["c1"]]
    assert {(part.up_to, part.fold_version, part.run, part.head) for part in found} == {(4, 3, "run", 9)}


def snapshot_of(desks: Any) -> Snapshot:
    streams = dict.fromkeys(each.entry.stream for each in desks.order)
    last = {each.entry.stream: each.place for each in desks.order}
    states = tuple(FrozenState(each, last[each], freeze(state_of(desks, each))) for each in streams)
    records = tuple(record for record in desks.records.values() if record.key)
    return Snapshot(FEED, states, records, 0, FOLD_VERSION, "run", 8)


def test_states_in_slices_leave_what_the_whole_page_leaves(desks: Any, history: Store, dump: Any) -> None:
    whole, sliced = resting(desks), working(desks)
    origins = heard(sliced)
    for store in (whole, sliced):
        store.begin_load(FEED, 8, "run")
        store.take_states(snapshot_of(desks), 0, is_load=True)
    assert all_of(sliced, dump) == all_of(whole, dump)
    assert len(all_of(whole, dump)["base"]) == 4
    assert origins == [Origin.SYNC] * 2


def test_a_load_goes_on_when_the_last_slice_has_come(
    desks: Any, history: Store, dump: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, sliced = resting(desks), working(desks)
    for store in (whole, sliced):
        store.begin_load(FEED, 8, "run")
    whole.take_states(snapshot_of(desks), 0, is_load=True)
    real, left = snapshot.take, iter((True,))

    def take(*arguments: Any) -> Any:
        if not next(left, False):
            raise OutsideError("disk.failed")
        return real(*arguments)

    with monkeypatch.context() as broken, pytest.raises(OutsideError):
        broken.setattr(snapshot, "take", take)
        sliced.take_states(snapshot_of(desks), 0, is_load=True)
    sliced.close()
    again = desks.open("late", lambda: 7.0)
    assert again.loads()[FEED].next == 8
    with again.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM base").scalar() == 2
    again.take_states(snapshot_of(desks), 0, is_load=True)
    assert again.loads()[FEED].next == 0
    assert all_of(again, dump) == all_of(whole, dump)
