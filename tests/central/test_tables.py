"""The tables and the steps that make them."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import ForeignKeyConstraint, Index, PrimaryKeyConstraint, UniqueConstraint, text, update

from central import tables
from central.storage import open_storage
from desk_app.domain.facts import ItemAdded, ItemDisposed
from desk_app.engine import open_engine
from desk_app.errors import OutsideError

OF_NO_FEED = {"meta", "desk", "invitation"}


def test_the_steps_make_the_tables(tmp_path: Path, clock: Any) -> None:
    storage = open_storage(tmp_path / "central.db", bytes(32), clock)
    with storage.writer.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables.metadata) == []
    storage.close()


def test_the_feed_comes_first_in_every_key() -> None:
    looked_at = set()
    for table in tables.metadata.sorted_tables:
        if table.name in OF_NO_FEED:
            continue
        keys = (PrimaryKeyConstraint, UniqueConstraint, ForeignKeyConstraint)
        for key in [*(each for each in table.constraints if isinstance(each, keys)), *table.indexes]:
            assert isinstance(key, (*keys, Index))
            assert next(iter(key.columns)).name == "feed", (table.name, key)
            looked_at.add(table.name)
    assert looked_at == {
        *("feed", "entry", "watermark", "stream_state", "code", "record", "erased", "run", "file")
    }


def test_a_newer_file_is_refused_and_left_alone(tmp_path: Path, clock: Any) -> None:
    path, key = tmp_path / "central.db", secrets.token_bytes(32)
    open_storage(path, key, clock).close()
    engine = open_engine(path, key)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    before = path.read_bytes()
    with pytest.raises(OutsideError) as raised:
        open_storage(path, key, clock)
    assert raised.value.code == "store.newer"
    assert path.read_bytes() == before


def test_epoch_and_feeds_stay(tmp_path: Path, clock: Any) -> None:
    first = open_storage(tmp_path / "central.db", bytes(32), clock)
    feeds = first.heads()
    first.close()
    clock.advance(1)
    second = open_storage(tmp_path / "central.db", bytes(32), clock)
    assert (second.epoch, second.heads()) == (first.epoch, feeds)
    assert sorted(feed.partition("/")[0] for feed in feeds) == ["common", "sales", "store"]
    second.close()


def test_a_state_of_another_fold_is_folded_anew(central: Any, desk: Any) -> None:
    desk.push(
        desk.entry("case/01J", ItemAdded(1, "Phone", "phone")),
        desk.entry("case/01J", ItemDisposed(1, "restock")),
        desk.entry("case/01J", ItemDisposed(1, "scrap")),
    ).good()
    folded = desk.get("/v1/streams/case/01J").good()
    assert folded["items"][0]["disposition"] == "restock"
    with central.storage.writer.begin() as connection:
        connection.execute(update(tables.stream_state).values(fold_version=0, frozen=b"of another shape"))
    assert desk.get("/v1/streams/case/01J").good() == folded
