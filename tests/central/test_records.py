"""Sealed records: passed on while they exist; destroyed without a trace."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import func, select

from central import tables
from central.reading import how_many_fit
from desk_app.domain.facts import CustomerAdded, RecordsErased
from desk_app.engine import wipe_traces
from desk_app.sync.wire import LARGEST_BODY, SealedRecord
from desk_app.vault import seal

CUSTOMER = "customer/01JCUSTOMER"
NAME = "欧阳春晓".encode()


def added(desk: Any, sealed: Any, **fields: Any) -> Any:
    fact = CustomerAdded(sealed.id)
    return desk.entry(CUSTOMER, fact, feed="sales", seals={sealed.id: sealed.commitment}, **fields)


def erasing(desk: Any, *records: str, stream: str = CUSTOMER) -> Any:
    return desk.entry(stream, RecordsErased(records), feed="sales")


@pytest.fixture
def sealed() -> Any:
    return seal(NAME, 0)


@pytest.fixture
def record(sealed: Any, on_wire: Any) -> SealedRecord:
    made: SealedRecord = on_wire(sealed, CUSTOMER)
    return made


def test_a_record_comes_with_the_entry_that_names_it(desk: Any, sealed: Any, record: SealedRecord) -> None:
    desk.push(added(desk, sealed), records=(record,)).good()
    assert desk.second().pull("sales")["records"] == [msgspec.to_builtins(record)]


def test_an_erased_record_is_served_empty_and_never_taken_again(
    desk: Any, sealed: Any, record: SealedRecord
) -> None:
    entry = added(desk, sealed)
    desk.push(entry, records=(record,)).good()
    desk.push(erasing(desk, sealed.id)).good()
    empty = {"id": sealed.id, "stream": CUSTOMER, "key": "", "box": ""}
    assert desk.pull("sales")["records"] == [empty]
    desk.push(entry, records=(record,)).good()
    desk.push(added(desk, sealed), records=(record,)).good()
    assert desk.pull("sales")["records"] == [empty]


def test_a_record_erased_in_the_push_it_came_with_is_not_kept(
    desk: Any, sealed: Any, record: SealedRecord
) -> None:
    desk.push(added(desk, sealed), erasing(desk, sealed.id), records=(record,)).good()
    assert [each["key"] for each in desk.pull("sales")["records"]] == [""]


def test_an_erased_record_is_in_no_page_of_the_file(
    central: Any, desk: Any, sealed: Any, record: SealedRecord, pages: Any
) -> None:
    file: Path = central.data / "central.db"
    large, keeper = seal(NAME * 1000, 0), seal(b"somebody else", 0)
    sealing = [added(desk, each) for each in (sealed, large, keeper)]
    boxes = (record, *(SealedRecord(each.id, CUSTOMER, each.key, each.box) for each in (large, keeper)))
    desk.push(*sealing, records=boxes).good()
    wipe_traces(central.storage.writer)
    before = pages(file, central.key)
    assert all(part in before for each in boxes for part in (each.key, each.box[-64:]))

    desk.push(erasing(desk, sealed.id, large.id)).good()

    assert file.with_name("central.db-wal").stat().st_size == 0
    after = pages(file, central.key)
    for gone in (sealed, large):
        assert gone.key not in after
        for start in range(0, len(gone.box) - 16, 16):
            assert gone.box[start : start + 16] not in after
    assert keeper.key in after
    assert keeper.box in after


def test_a_record_that_is_not_what_the_entry_committed_to_is_left_out(
    desk: Any, sealed: Any, record: SealedRecord
) -> None:
    entry = added(desk, sealed)
    other = seal(b"somebody else", 0)
    wrong = [
        msgspec.structs.replace(record, box=record.box[:-1] + bytes([record.box[-1] ^ 1])),
        msgspec.structs.replace(record, box=other.box, key=other.key),
        msgspec.structs.replace(record, key=b""),
        msgspec.structs.replace(record, box=b"x"),
        msgspec.structs.replace(record, stream="customer/01JOTHER"),
    ]
    for each in wrong:
        desk.push(entry, records=(each,)).good()
        assert desk.pull("sales")["records"] == []
    desk.push(entry, records=(record,)).good()
    assert [each["id"] for each in desk.pull("sales")["records"]] == [record.id]


def test_a_record_no_entry_names_is_left_out(desk: Any, record: SealedRecord) -> None:
    desk.push(erasing(desk, "something"), records=(record,)).good()
    assert desk.pull("sales")["records"] == []


def test_a_record_may_follow_its_entry(desk: Any, sealed: Any, record: SealedRecord) -> None:
    entry = added(desk, sealed)
    desk.push(entry).good()
    assert desk.pull("sales")["records"] == []
    desk.push(entry, records=(record,)).good()
    assert [each["id"] for each in desk.pull("sales")["records"]] == [record.id]


def test_a_record_that_the_desk_erased_before_it_was_ever_pushed_is_no_hindrance(
    desk: Any, sealed: Any, record: SealedRecord
) -> None:
    gone = msgspec.structs.replace(record, key=b"", box=b"")
    desk.push(added(desk, sealed), erasing(desk, sealed.id), records=(gone,)).good()
    assert desk.pull("sales")["records"] == [msgspec.to_builtins(gone)]


def test_an_entry_erases_nothing_of_another_stream(desk: Any, sealed: Any, record: SealedRecord) -> None:
    desk.push(added(desk, sealed), records=(record,)).good()
    desk.push(erasing(desk, sealed.id, stream="customer/01JOTHER")).good()
    assert desk.pull("sales")["records"] == [msgspec.to_builtins(record)]


def test_many_records_are_erased_at_once(central: Any, desk: Any) -> None:
    desk.push(erasing(desk, *(f"record{number}" for number in range(1200)))).good()
    with central.storage.reader.begin() as connection:
        assert connection.scalar(select(func.count()).select_from(tables.erased)) == 1200


def test_a_page_ends_before_its_records_grow_too_large(desk: Any) -> None:
    third = LARGEST_BODY * 3 // 4 // 3
    many = [seal(bytes(third - 100), 0) for _ in range(5)]
    for each in many:
        desk.push(added(desk, each), records=(SealedRecord(each.id, CUSTOMER, each.key, each.box),)).good()
    first = desk.pull("sales")
    assert [placed["place"] for placed in first["entries"]] == [1, 2]
    assert {each["id"] for each in first["records"]} == {each.id for each in many[:2]}
    assert first["head"] == 5


def test_a_page_has_at_least_one_entry() -> None:
    assert how_many_fit([5, 5, 5], 10) == 2
    assert how_many_fit([11, 1], 10) == 1
    assert how_many_fit([], 10) <= 1
