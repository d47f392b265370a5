"""A desk that begins with states instead of entries shows what one shows that read them all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from desk_app import vault
from desk_app.domain import facts
from desk_app.domain.batches import FrozenState, Pulled, Receipt, SealedRecord, Snapshot
from desk_app.domain.folding import FOLD_VERSION, fold_all, freeze, state_hash
from desk_app.domain.parcels import Parcel
from desk_app.domain.people import Actor
from desk_app.storage import journal, queries
from desk_app.storage.store import Store

FEED = "store/01STORE"
BY = Actor("person/P", ("admin",), "王芳")
CASE, OTHER, PARCEL = "case/01A", "case/01B", "parcel/SF1"
OPENED = (
    facts.CaseOpened("7QK000018", "repair", "customer/1", "", channel="window"),
    facts.ItemAdded(1, "Phone 手机", "phone", serial="sn1"),
)


@pytest.fixture
def old(desks: Any) -> Store:
    """A desk that has read all: two cases and a parcel, seven entries."""
    store: Store = desks.open("old")
    desks.do(store, CASE, *OPENED)
    desks.do(store, OTHER, facts.CaseOpened("7QK000026", "return", "customer/2", ""))
    desks.do(store, PARCEL, facts.ParcelAnnounced("SF1", "", OTHER), facts.ParcelArrived("SF1"))
    desks.do(store, CASE, facts.ItemReceived(1), facts.CaseNoted("01NOTE"))
    desks.push(store)
    store.take(desks.page())
    return store


@pytest.fixture
def late(desks: Any) -> Store:
    """A desk that begins to load where the feed ends now."""
    return desks.open("late")


def states(desks: Any, *streams: str, up_to: int = 0, records: tuple[SealedRecord, ...] = ()) -> Snapshot:
    """What the central service would answer: each stream folded from the home order by the test itself."""
    found = []
    for stream in streams:
        placed = [each for each in desks.order if each.entry.stream == stream]
        state = fold_all(stream, ((each.entry, each.verdict) for each in placed))
        found.append(FrozenState(stream, placed[-1].place, freeze(state)))
    return Snapshot(FEED, tuple(found), records, up_to, FOLD_VERSION, "run", len(desks.order))


def tail(desks: Any, after: int, since: int) -> Pulled:
    """The entries after a place, with the streams that began at `since` or before."""
    page: Pulled = desks.page(after)
    early = {each.entry.stream for each in desks.order if each.place <= since}
    older = tuple(sorted(early & {each.entry.stream for each in page.entries}))
    return Pulled(FEED, page.entries, page.records, page.head, page.hashes, page.fold_version, "run", older)


def shown(store: Store) -> dict[str, Any]:
    with store.read() as connection:
        seen = journal.visible_states(connection, [CASE, OTHER, PARCEL])
        rows = queries.cases(connection, "", 0, 50)
        found = queries.find_code(connection, "SN1")
        return {"seen": seen, "rows": rows, "found": found}


def test_states_show_what_their_entries_show(desks: Any, old: Store, late: Store) -> None:
    late.begin_load(FEED, 7, "run")
    assert (late.cursor(FEED), late.loads()[FEED].next) == (7, 7)
    late.take_states(states(desks, CASE, PARCEL, up_to=2), 0, is_load=True)
    assert late.loads()[FEED].next == 2
    late.take_states(states(desks, OTHER), 0, is_load=True)
    assert (late.loads()[FEED].up_to, late.loads()[FEED].next) == (7, 0)
    assert shown(late) == shown(old)
    late.rebuild()
    assert shown(late) == shown(old)


def test_after_a_restart_loading_goes_on_where_it_was(desks: Any, old: Store) -> None:
    late = desks.open("late")
    late.begin_load(FEED, 7, "run")
    late.take_states(states(desks, CASE, up_to=5), 0, is_load=True)
    late.close()
    again = desks.open("late")
    assert (again.loads()[FEED].next, again.cursor(FEED)) == (5, 7)
    assert again.last_seen()[FEED].place == 7
    assert again.last_seen()[FEED].run == "run"
    again.take_states(states(desks, OTHER, PARCEL), 0, is_load=True)
    assert shown(again) == shown(old)


def test_nothing_is_folded_of_a_stream_whose_beginning_is_not_here(
    desks: Any, old: Store, late: Store
) -> None:
    late.begin_load(FEED, 7, "run")
    desks.do(old, OTHER, facts.CaseNoted("01LATER"))
    desks.push(old)
    old.take(desks.page(7))
    late.take(tail(desks, 7, since=7))
    assert late.wanted() == {FEED: (OTHER,)}
    with late.read() as connection:
        assert journal.states(connection, OTHER) is None
    late.rebuild()
    with late.read() as connection:
        assert journal.visible(connection, OTHER) == journal.visible(connection, "case/nowhere")
    late.take_states(states(desks, OTHER, CASE, PARCEL), 0, is_load=False)
    assert late.wanted() == {}
    assert shown(late) == shown(old)


def test_an_entry_counts_once_though_the_state_that_came_has_it(desks: Any, old: Store, late: Store) -> None:
    late.begin_load(FEED, 7, "run")
    desks.do(old, CASE, facts.CaseNoted("01LATER"))
    desks.push(old)
    old.take(desks.page(7))
    late.take_states(states(desks, CASE, OTHER, PARCEL), 0, is_load=True)  # the note is in this state
    late.take(tail(desks, 7, since=7))
    assert shown(late) == shown(old)
    desks.do(old, CASE, facts.CaseNoted("01LAST"))
    desks.push(old)
    old.take(desks.page(8))
    late.take(tail(desks, 8, since=7))
    assert shown(late) == shown(old)
    assert shown(late)["seen"][CASE].notes == ("01NOTE", "01LATER", "01LAST")


def test_a_state_that_says_less_than_what_is_here_changes_nothing(
    desks: Any, old: Store, late: Store
) -> None:
    late.begin_load(FEED, 7, "run")
    before = states(desks, CASE)
    desks.do(old, CASE, facts.CaseNoted("01LATER"))
    desks.push(old)
    old.take(desks.page(7))
    late.take_states(states(desks, CASE, OTHER, PARCEL), 0, is_load=True)
    late.take_states(before, 0, is_load=False)
    late.rebuild()
    assert shown(late) == shown(old)


def test_what_this_desk_did_before_it_loaded_counts_once(desks: Any, old: Store, late: Store) -> None:
    """Its act is at the central service before the load begins, so it is in the state and not in the tail."""
    desks.do(late, PARCEL, facts.ParcelArrived("SF1"))
    desks.push(late)
    (push,) = [each for each in desks.order if each.entry.desk == "late"]
    late.acknowledge(FEED, (Receipt(push.entry.number, push.place, push.verdict),))
    old.take(desks.page(7))
    late.begin_load(FEED, 8, "run")
    late.take_states(states(desks, CASE, OTHER, PARCEL), 0, is_load=True)
    assert shown(late) == shown(old)
    assert shown(late)["seen"][PARCEL].arrivals == 2
    late.rebuild()
    assert shown(late) == shown(old)


def test_what_waits_shows_on_top_of_a_state_that_comes(desks: Any, old: Store, late: Store) -> None:
    late.begin_load(FEED, 7, "run")
    desks.do(late, PARCEL, facts.ParcelArrived("SF1"))
    late.take_states(states(desks, PARCEL), 0, is_load=True)
    with late.read() as connection:
        known = journal.states(connection, PARCEL)
    assert known
    assert isinstance(known.confirmed, Parcel)
    assert isinstance(known.visible, Parcel)
    assert (known.confirmed.arrivals, known.visible.arrivals) == (1, 2)
    assert late.waiting_count() == 1


def test_where_the_order_is_another_one_the_states_go_and_come_anew(
    desks: Any, old: Store, late: Store
) -> None:
    late.begin_load(FEED, 7, "run")
    late.take_states(states(desks, CASE, OTHER, PARCEL), 0, is_load=True)
    desks.do(old, CASE, facts.CaseNoted("01LATER"))
    desks.push(old)
    old.take(desks.page(7))
    late.take(tail(desks, 7, since=7))
    late.settle("epoch", {FEED: 0}, ())
    late.settle("another epoch", {FEED: 0}, ())
    assert (late.cursor(FEED), late.loads()[FEED].up_to) == (0, 0)
    assert shown(late) == shown(old)  # also where the line is cut now
    late.rebuild()
    assert shown(late) == shown(old)
    with late.read() as connection:
        assert journal.bases(connection, [CASE, OTHER, PARCEL]) == {}
    late.take(desks.page())
    assert shown(late) == shown(old)
    late.settle("a third epoch", {FEED: 0}, ())
    assert shown(late) == shown(old)  # by its entries, and not by the state of long ago as well


def test_states_of_another_version_come_anew(desks: Any, old: Store, late: Store) -> None:
    late.begin_load(FEED, 7, "run")
    late.take_states(states(desks, CASE), 0, is_load=True)
    assert late.outdated() == ()
    with late._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE base SET fold_version = fold_version - 1")
    assert late.outdated() == (FEED,)


def test_records_and_photographs_come_with_a_state(desks: Any, late: Store) -> None:
    old = desks.open("old")
    note = vault.seal("屏幕不亮".encode(), 0)
    desks.do(
        old, CASE, *OPENED, facts.CaseNoted(note.id), facts.ItemPhotographed(1, "P1", "ab" * 32, "front")
    )
    desks.push(old)
    sound = SealedRecord(note.id, CASE, note.key, note.box)
    broken = SealedRecord("01BROKEN", CASE, note.key, b"nonsense")
    late.begin_load(FEED, 4, "run")
    late.take_states(states(desks, CASE, records=(sound, broken)), 0, is_load=True)
    with late.read() as connection:
        assert queries.texts(connection, [note.id, "01BROKEN"]) == {note.id: "屏幕不亮"}
        rows = connection.exec_driver_sql("SELECT address, record, here FROM file").all()
    assert [tuple(row) for row in rows] == [("ab" * 32, "P1", 0)]


@pytest.mark.logs("the state of a case is not that of the central service: state.differs")
def test_a_wrong_state_is_noticed_at_the_next_entry(desks: Any, old: Store, late: Store) -> None:
    """States are compared on every page also where they began with one that came."""
    late.begin_load(FEED, 7, "run")
    wrong = states(desks, OTHER).states[0].frozen
    late.take_states(
        Snapshot(FEED, (FrozenState(CASE, 7, wrong),), (), 0, FOLD_VERSION, "run", 7), 0, is_load=True
    )
    desks.do(old, CASE, facts.CaseNoted("01LATER"))
    desks.push(old)
    page = tail(desks, 7, since=7)
    told = state_hash(fold_all(CASE, ((p.entry, p.verdict) for p in desks.order if p.entry.stream == CASE)))
    late.take(Pulled(FEED, page.entries, (), page.head, {CASE: told}, FOLD_VERSION, "run", page.older))
    with late.read() as connection:
        rows = connection.exec_driver_sql("SELECT code, stream FROM incident").all()
    assert [tuple(row) for row in rows] == [("state.differs", CASE)]


def test_what_was_erased_while_the_feed_began_anew_goes_with_the_state_that_comes(
    desks: Any, late: Store, tmp_path: Path
) -> None:
    """The entry that erased it counts in the state, and never comes here itself."""
    old = desks.open("old")
    kept, erased, own = (vault.seal(text.encode(), 0) for text in ("留", "删", "新"))
    desks.do(old, CASE, *OPENED, facts.CaseNoted(kept.id), facts.CaseNoted(erased.id))
    desks.push(old)
    on_wire = [SealedRecord(each.id, CASE, each.key, each.box) for each in (kept, erased)]
    late.begin_load(FEED, 4, "run")
    late.take_states(states(desks, CASE, records=tuple(on_wire)), 0, is_load=True)
    paper = tmp_path / "receipt.pdf"
    paper.write_bytes(b"%PDF")
    late.keep_paper(CASE, paper)
    late.act(lambda act: act.add(CASE, facts.CaseNoted(own.id), own), BY, 0).result()
    late.settle("epoch", {FEED: 0}, (FEED,))
    desks.do(old, CASE, facts.RecordsErased((erased.id,)))
    desks.push(old)
    late.begin_load(FEED, 5, "run")
    late.take_states(states(desks, CASE, records=(on_wire[0],)), 0, is_load=True)
    with late.read() as connection:
        found = queries.texts(connection, [kept.id, erased.id, own.id])
    assert found == {kept.id: "留", own.id: "新"}
    assert not paper.exists()
