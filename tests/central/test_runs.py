"""Each start of the service is a run of its own, by which a desk's past is told from that of another copy."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import update

from central.desks import KnownDesk
from central.reading import welcome
from central.storage import Storage, open_storage
from central.tables import feed as feeds
from desk_app.sync.wire import Hello, Seen

KEY = bytes(range(32))


def grow(storage: Storage, head: int) -> None:
    """Let the common feed end at a place."""
    with storage.writer.begin() as connection:
        connection.execute(update(feeds).where(feeds.c.feed == "common").values(head=head))


def is_astray(storage: Storage, place: int, run: str) -> bool:
    """Whether a desk hears so that has read the common feed up to a place, and last in this run."""
    store = next(feed for feed in storage.heads() if feed.startswith("store/"))
    desk = KnownDesk(id="D", store=store, key="", confirmed=True, signs=False)
    told = welcome(storage, desk, Hello(2, "1", 0, {"common": Seen(place, "D", 1, run)}), 0)
    assert told.run == storage.run
    return "common" in told.astray


def test_what_was_read_in_a_run_that_is_no_part_of_the_copy_is_astray(
    tmp_path: Path, clock: Callable[[], int]
) -> None:
    path, copy = tmp_path / "central.db", tmp_path / "copy.db"
    first = open_storage(path, KEY, clock)
    grow(first, 3)
    first.close()
    shutil.copy(path, copy)
    second = open_storage(path, KEY, clock)
    grow(second, 5)
    assert first.run != second.run
    assert not is_astray(second, 5, second.run)
    assert not is_astray(second, 3, first.run)
    second.close()
    shutil.copy(copy, path)
    third = open_storage(path, KEY, clock)
    grow(third, 9)
    assert is_astray(third, 5, second.run)
    assert is_astray(third, 4, first.run)
    assert not is_astray(third, 3, first.run)
    third.close()


def test_a_desk_that_knows_of_no_runs_is_asked_for_its_last_entry(
    tmp_path: Path, clock: Callable[[], int]
) -> None:
    storage = open_storage(tmp_path / "central.db", KEY, clock)
    assert is_astray(storage, 1, "")
    storage.close()
