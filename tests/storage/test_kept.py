"""A desk's files after power was lost between a file and its row, and what is on which list."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from desk_app.domain.facts import ItemPhotographed, RecordsErased
from desk_app.errors import OutsideError
from desk_app.storage.store import Store

CASE = "case/01"


def box(number: int) -> tuple[str, bytes]:
    data = bytes([number]) * 100
    return hashlib.sha256(data).hexdigest(), data


def photograph(desks: Any, store: Store, number: int, keep: bool = True) -> str:
    """The entry of a photograph; its file's address."""
    address, data = box(number)

    def decide(act: Any) -> None:
        sealed = act.seal("key")
        act.add(CASE, ItemPhotographed(1, sealed.id, address, "before"), sealed)

    if keep:
        store.files.keep(address, data)
    store.act(decide, desks_by(desks), number).result()
    return address


def desks_by(desks: Any) -> Any:
    return type(desks).do.__globals__["BY"]


def on_disk(store: Store) -> list[Path]:
    return sorted(path for path in (store.folder / "files").rglob("*") if path.is_file())


def there(store: Store, missing: bool = False) -> list[str]:
    listed = store.files.to_fetch(()) if missing else store.files.to_send()
    return [file.address for file in listed]


@pytest.fixture
def two(desks: Any) -> tuple[Store, Store, str]:
    """A photograph taken at the first desk, heard of by the second."""
    first, second = desks.open("A"), desks.open("B")
    address = photograph(desks, first, 1)
    desks.push(first)
    second.take(desks.page())
    return first, second, address


def test_what_was_taken_here_is_sent_and_what_was_not_is_fetched(two: Any) -> None:
    first, second, address = two
    assert there(first) == [address] == there(second, missing=True)
    assert there(second) == there(first, missing=True) == []
    assert first.files.coming([address]) == frozenset()
    assert second.files.coming([address, "other"]) == {address}
    first.files.sent(address)
    assert there(first) == []


def come(store: Store, address: str, data: bytes) -> bool:
    assert store.files.add(address, 0, data[:40])
    assert store.files.begun(address) == 40
    assert store.files.add(address, 40, data[40:])
    return store.files.finish(address)


def test_a_file_comes_and_is_told_of(two: Any) -> None:
    _, second, address = two
    heard: list[Any] = []
    second.listen(heard.append)
    assert come(second, address, box(1)[1])
    assert second.files.read(address) == box(1)[1]
    assert [changes.streams for changes in heard] == [{CASE}]
    assert there(second, missing=True) == there(second) == []


def test_other_bytes_are_thrown_away(two: Any) -> None:
    _, second, address = two
    assert not come(second, address, box(2)[1])
    assert on_disk(second) == [] and second.files.begun(address) == 0
    assert there(second, missing=True) == [address]


def test_a_file_whose_row_was_lost_with_the_power_is_found_again(two: Any, desks: Any) -> None:
    """It had its place, and the desk died before the table said so."""
    _, second, address = two
    second.files.keep(address, box(1)[1])
    again = desks.open("B")
    again.files.tidy()
    assert there(again, missing=True) == []
    assert again.files.read(address) == box(1)[1]


def test_a_file_no_entry_names_is_removed_unless_somebody_has_it_in_hand(two: Any) -> None:
    """The desk died between the file and the act; or the act is just being done."""
    first, _, address = two
    left, held = box(7), box(8)
    first.files.keep(*left)
    first.files.keep(*held)
    half = box(9)[0]
    aside = first.folder / "files" / half[:2] / f".new-{half}"
    aside.parent.mkdir()
    aside.write_bytes(b"half")
    with first.files.in_hand([held[0]]):
        first.files.tidy()
        assert [path.name for path in on_disk(first)] == sorted([address, held[0]])
    first.files.tidy()
    assert [path.name for path in on_disk(first)] == [address]


def test_a_file_that_is_gone_from_the_disk_is_fetched_again(two: Any) -> None:
    first, _, address = two
    on_disk(first)[0].unlink()
    first.files.tidy()
    assert there(first, missing=True) == [address] and there(first) == []


def test_what_has_come_in_part_stays_over_a_restart(two: Any, desks: Any) -> None:
    _, second, address = two
    second.files.add(address, 0, box(1)[1][:30])
    again = desks.open("B")
    again.files.tidy()
    assert again.files.begun(address) == 30
    assert there(again, missing=True) == [address]


def erase(desks: Any, store: Store) -> None:
    with store.read() as connection:
        records = tuple(connection.exec_driver_sql("SELECT id FROM record").scalars())
    desks.do(store, CASE, RecordsErased(records))


def test_an_erased_file_is_on_no_list_and_goes_in_part_too(two: Any, desks: Any) -> None:
    first, second, address = two
    second.files.add(address, 0, box(1)[1][:30])
    erase(desks, first)
    desks.push(first)
    second.take(desks.page(after=1))
    assert on_disk(second) == []
    assert not second.files.add(address, 30, box(1)[1][30:])
    assert not second.files.finish(address)
    assert there(second, missing=True) == [] and second.files.coming([address]) == frozenset()
    assert on_disk(second) == []


def test_erased_between_the_last_piece_and_its_row_it_is_thrown_away(
    two: Any, desks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, address = two
    erase(desks, first)
    desks.push(first)
    came = second.files._came

    def late(which: str) -> None:
        second._take(desks.page(after=1))  # on the writer's thread, as the page of an erasure is taken
        came(which)

    monkeypatch.setattr(second.files, "_came", late)
    assert come(second, address, box(1)[1])
    assert on_disk(second) == []


def test_erased_between_the_question_and_the_piece_it_is_thrown_away(
    two: Any, desks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The piece makes the file anew after the erasure removed what there was."""
    first, second, address = two
    erase(desks, first)
    desks.push(first)
    coming = second.files.coming

    def ask(addresses: list[str]) -> frozenset[str]:
        found: frozenset[str] = coming(addresses)
        second.take(desks.page(after=1))
        return found

    monkeypatch.setattr(second.files, "coming", ask)
    assert second.files.add(address, 0, box(1)[1])
    second.files.finish(address)
    assert on_disk(second) == []


def test_a_service_put_back_to_an_older_copy_is_asked_anew(two: Any) -> None:
    first, _, address = two
    first.files.sent(address)
    first.settle("E1", {"store/01STORE": 1}, ())
    assert there(first) == []
    first.settle("E1", {"store/01STORE": 1}, ("store/01STORE",))
    assert there(first) == [address]


def test_a_full_disk_is_said_and_what_is_there_stays(two: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    _, second, address = two
    second.files.add(address, 0, box(1)[1][:30])
    full = OSError(28, "No space left on device")

    def fail(_: int) -> None:
        raise full

    monkeypatch.setattr("desk_app.files.os.fsync", fail)
    with pytest.raises(OutsideError, match=r"disk\.full"):
        second.files.add(address, 30, box(1)[1][30:])
    monkeypatch.undo()
    assert second.files.add(address, 30, box(1)[1][30:])
    assert second.files.finish(address)


def test_files_are_durable_before_they_have_their_name(two: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes, then the name, then the folder that holds the name."""
    first, second, _ = two
    order: list[str] = []
    sync, replace = __import__("os").fsync, Path.replace

    def note_sync(handle: int) -> None:
        order.append("folder" if Path(f"/proc/self/fd/{handle}").resolve().is_dir() else "bytes")
        sync(handle)

    def note_rename(self: Path, target: Path) -> Path:
        order.append("name")
        return replace(self, target)

    monkeypatch.setattr("desk_app.files.os.fsync", note_sync)
    monkeypatch.setattr(Path, "replace", note_rename)
    first.files.keep(*box(5))
    assert order[-3:] == ["bytes", "name", "folder"]
    order.clear()
    assert come(second, box(1)[0], box(1)[1])
    assert order[-4:] == ["bytes", "bytes", "name", "folder"]
