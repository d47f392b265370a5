"""The service's encrypted file: opened, brought to this version's tables, and founded at the first start."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, func, insert, literal, select

from central import tables
from desk_app.clock import Clock
from desk_app.domain.entries import COMMON, SALES
from desk_app.engine import open_engine, wipe_traces
from desk_app.errors import OutsideError
from desk_app.ids import new_id

MIGRATIONS = Path(__file__).parent / "migrations"
EPOCH = "epoch"


@dataclass(frozen=True)
class Storage:
    """The only writing connection, and those that read. Both are to be used off the event loop.

    run: names the time since this opening; the table of runs says where each began.
    files: the folder of the photographs' files.
    """

    writer: Engine
    reader: Engine
    epoch: str
    run: str
    files: Path

    def heads(self) -> dict[str, int]:
        """The last place given in each feed."""
        with self.reader.begin() as connection:
            rows = connection.execute(select(tables.feed.c.feed, tables.feed.c.head))
            return {row.feed: row.head for row in rows}

    def close(self) -> None:
        """Let go of the file."""
        self.reader.dispose()
        self.writer.dispose()


def open_storage(path: Path, key: bytes, clock: Clock) -> Storage:
    """Open the service's file with its raw 32-byte key, make it where it is missing, and migrate it.

    Raises OutsideError('store.newer') for a file of a newer version, and what `open_engine` raises.
    """
    writer = open_engine(path, key)
    with writer.begin() as connection:
        migrate(connection)
        epoch = _found(connection, clock())
        run = _begin_run(connection, clock())
    wipe_traces(writer)
    return Storage(writer, open_engine(path, key, read_only=True), epoch, run, path.parent / "files")


def migrate(connection: Connection) -> None:
    """Bring the tables to this version; raises OutsideError('store.newer')."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    present = MigrationContext.configure(connection).get_current_revision()
    if present is not None and present not in known:
        raise OutsideError("store.newer")
    command.upgrade(config, "head")


def _found(connection: Connection, at: int) -> str:
    """The epoch; at the first start it is made, and with it the first feeds."""
    epoch: str | None = connection.scalar(select(tables.meta.c.value).where(tables.meta.c.name == EPOCH))
    if epoch is not None:
        return epoch
    epoch = new_id(at)
    connection.execute(insert(tables.meta).values(name=EPOCH, value=epoch))
    feeds = (COMMON, SALES, f"store/{new_id(at)}")
    connection.execute(insert(tables.feed), [{"feed": feed, "head": 0} for feed in feeds])
    return epoch


def _begin_run(connection: Connection, at: int) -> str:
    """Note where each feed ends at this start."""
    run, feeds = new_id(at), tables.feed.c
    number = select(func.count() + 1).where(tables.run.c.feed == feeds.feed).scalar_subquery()
    now = select(feeds.feed, number, literal(run), feeds.head)
    connection.execute(insert(tables.run).from_select(["feed", "number", "id", "head"], now))
    return run


def first_store(connection: Connection) -> str:
    """The feed of the store that the first desk joins."""
    stores = select(func.min(tables.feed.c.feed)).where(tables.feed.c.feed.startswith("store/"))
    store: str = connection.execute(stores).scalar_one()
    return store
