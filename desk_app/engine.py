"""The one way to open an encrypted SQLite file, and what its failures mean to a person.

Whoever writes takes the file for itself when the transaction begins: a transaction that reads first and asks
for the right to write later fails at once, whatever its time limit, when another one wrote in between.
"""

from __future__ import annotations

import errno
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import ModuleType
from typing import Any

import sqlcipher3.dbapi2
from sqlalchemy import Connection, Engine, QueuePool, create_engine, event
from sqlalchemy.engine import ExceptionContext

from desk_app.errors import OutsideError

KEY_LENGTH = 32
BUSY_MS = 5000
SETTINGS = (
    "foreign_keys = ON",
    "secure_delete = ON",
    f"busy_timeout = {BUSY_MS}",
)
WRITER_SETTINGS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "journal_size_limit = 16777216",
)
LOG_PAGES = 1000
READER_SETTINGS = ("query_only = ON",)

CODES = {  # SQLite's primary result codes; the driver does not tell the extended ones
    5: "store.locked",  # SQLITE_BUSY
    6: "store.locked",  # SQLITE_LOCKED
    8: "disk.read_only",  # SQLITE_READONLY
    10: "disk.failed",  # SQLITE_IOERR
    11: "store.damaged",  # SQLITE_CORRUPT
    13: "disk.full",  # SQLITE_FULL
    14: "disk.failed",  # SQLITE_CANTOPEN
    15: "store.locked",  # SQLITE_PROTOCOL: the race for the WAL's locks was lost too often
    26: "store.wrong_key",  # SQLITE_NOTADB: all that a foreign key can read
}
READ_ONLY = 8
UNCLEAR = (10, 14)  # also where the WAL's index cannot grow, or the folder takes no new file
ROOM = 65536  # bytes: more than opening a store takes
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


def open_engine(
    path: Path,
    key: bytes,
    *,
    read_only: bool = False,
    module: ModuleType | None = None,
    longest_log: int = LOG_PAGES,
) -> Engine:
    """Open the store at `path` with its raw 32-byte `key`; a writing engine makes a missing file.

    `module` is the DB-API driver, SQLCipher's where none is named. The first connection is made at once.
    longest_log: at how many pages of 4 KiB in the WAL a commit also does what `checkpoint` does.
    Raises OutsideError, here and in every later use, with a code of `CODES` or 'folder.not_writable'.
    """
    if len(key) != KEY_LENGTH:
        raise ValueError(f"a store's key has {KEY_LENGTH} bytes, not {len(key)}")
    driver: Any = module or sqlcipher3.dbapi2
    writing = (*WRITER_SETTINGS, f"wal_autocheckpoint = {longest_log}")
    settings = (*SETTINGS, *(READER_SETTINGS if read_only else writing))
    engine = create_engine(
        "sqlite://",
        module=driver,
        creator=lambda: _connect(driver, path, key, read_only, settings),
        poolclass=QueuePool,
        hide_parameters=True,
    )
    event.listen(engine, "begin", begin_deferred if read_only else begin_immediate)
    event.listen(engine, "handle_error", _on_error(path.parent, read_only))
    engine.raw_connection().close()
    return engine


def begin_immediate(connection: Connection) -> None:
    """Begin a transaction that may write, waiting for the file up to `BUSY_MS`."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def begin_deferred(connection: Connection) -> None:
    """Begin a transaction that reads one moment of the store and hinders nobody."""
    connection.exec_driver_sql("BEGIN")


def outside_error(error: BaseException, folder: Path | None = None) -> OutsideError | None:
    """What a failure of the driver (bare or wrapped by SQLAlchemy) or of the system means to a person.

    Where SQLite does not say why, the store's `folder` is tried. None where nothing outside is to blame, so
    that it is ours and has to crash.
    """
    error = getattr(error, "orig", None) or error
    if isinstance(error, OSError):
        return OutsideError(_system_code(error))
    result = _result(error)
    found = _why_not_writable(folder) if folder and result in UNCLEAR else None
    return found or (OutsideError(CODES[result]) if result in CODES else None)


def wipe_traces(engine: Engine) -> None:
    """Write the WAL into the file and empty it, so that no erased content is left in old pages.

    Raises OutsideError: 'store.locked' where somebody reads an older moment for longer than `BUSY_MS`, or
    what is wrong with the disk.
    """
    if _checkpoint(engine, "TRUNCATE"):
        raise OutsideError("store.locked")


def checkpoint(engine: Engine) -> None:
    """Write the WAL into the file as far as nobody reads an older moment, so that it begins anew.

    Hinders nobody and waits for nobody. Raises OutsideError for what is wrong with the disk.
    """
    _checkpoint(engine, "PASSIVE")


def _checkpoint(engine: Engine, mode: str) -> bool:
    """Whether somebody was in the way."""
    with closing(engine.raw_connection()) as connection:
        try:
            busy, _, _ = _run(connection.driver_connection, f"PRAGMA wal_checkpoint({mode})")
        except engine.dialect.loaded_dbapi.Error as error:
            shown = outside_error(error)
            if shown is None:
                raise
            raise shown from error
    return bool(busy)


def check_writable(folder: Path) -> None:
    """Make the folder where it is missing and write a file in it; mode bits say too little (root, mounts).

    Raises OutsideError('folder.not_writable', folder=…) or OutsideError('disk.full').
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder, prefix=".writable-") as file:
            file.write(bytes(ROOM))
            file.flush()
    except OSError as error:
        if error.errno in NO_ROOM:
            raise OutsideError("disk.full") from error
        raise OutsideError("folder.not_writable", folder=str(folder)) from error


def _connect(driver: Any, path: Path, key: bytes, read_only: bool, settings: tuple[str, ...]) -> Any:
    """A connection of `driver` whose key is proven and whose settings are made; raises OutsideError."""
    address = f"{path.absolute().as_uri()}?mode={'rw' if read_only else 'rwc'}"
    connection = None
    try:
        connection = driver.connect(address, uri=True, isolation_level=None, check_same_thread=False)
        _prepare(connection, key, settings)
    except driver.Error as error:
        if connection is not None:
            connection.close()
        shown = outside_error(error, path.parent)
        if shown is None:
            raise
        raise shown from error
    return connection


def _prepare(connection: Any, key: bytes, settings: tuple[str, ...]) -> None:
    _run(connection, "PRAGMA cipher_log_level = NONE")
    _run(connection, f"PRAGMA key = \"x'{key.hex()}'\"")
    _run(connection, "SELECT count(*) FROM sqlite_schema")
    for setting in settings:
        _run(connection, f"PRAGMA {setting}")


def _run(connection: Any, statement: str) -> Any:
    """The first row of a statement, with nothing of it left open."""
    with closing(connection.cursor()) as cursor:
        return cursor.execute(statement).fetchone()


def _why_not_writable(folder: Path) -> OutsideError | None:
    if not folder.is_dir():
        return None
    try:
        check_writable(folder)
    except OutsideError as found:
        return found
    return None


def _on_error(folder: Path, read_only: bool) -> Callable[[ExceptionContext], OutsideError | None]:
    """What SQLAlchemy raises in the place of a driver's error."""

    def on_error(context: ExceptionContext) -> OutsideError | None:
        error = context.original_exception
        if read_only and _result(error) == READ_ONLY:
            return None  # to write through a reading engine is a mistake of ours, not of the disk
        return outside_error(error, folder)

    return on_error


def _result(error: BaseException) -> int:
    """SQLite's primary result code, 0 for an error of somebody else."""
    code: int = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF


def _system_code(error: OSError) -> str:
    if error.errno in NO_ROOM:
        return "disk.full"
    return "disk.read_only" if error.errno == errno.EROFS else "disk.failed"
