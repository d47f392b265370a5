"""A computer whose power can be cut: what SQLite wrote and did not sync is lost, or half of it is there.

SQLCipher's driver has no door for a file system of one's own, so this is another driver with the same file
format: a DB-API over apsw. Its files hold what a running program sees; beside them stands what a disk holds.
"""

from __future__ import annotations

import itertools
import random
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import apsw

SECTOR = 512
CIPHER = ("PRAGMA cipher = 'sqlcipher'", "PRAGMA legacy = 4")  # the format of SQLCipher 4
JOURNAL = apsw.SQLITE_OPEN_WAL | apsw.SQLITE_OPEN_MAIN_JOURNAL
CHANGING = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE|WITH)\b", re.IGNORECASE)
NUMBERS = itertools.count(1)


class Error(Exception):
    """A failure of SQLite with its extended result code, named as Python's own driver names it."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.sqlite_errorcode = code


class DatabaseError(Error): ...


class OperationalError(DatabaseError): ...


class IntegrityError(DatabaseError): ...


class ProgrammingError(DatabaseError): ...


def translated(error: apsw.Error) -> Error:
    """The DB-API's failure for one of apsw."""
    code = getattr(error, "extendedresult", 0)
    kinds = {19: IntegrityError, 11: DatabaseError, 26: DatabaseError, 21: ProgrammingError}
    return kinds.get(code & 0xFF, OperationalError)(str(error), code)


@dataclass
class OnDisk:
    """One file: what the disk holds for certain (None: not even its name), and the writes since then."""

    durable: bytes | None
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)  # offset and data, or a new size
    deleted: bool = False  # which a disk knows when the folder was synced
    syncs_folder: bool = False  # a new journal makes its name durable, and with it all of the folder

    def sync(self) -> None:
        self.durable, self.pending = applied(self.durable or b"", self.pending), []

    def after_loss(self, torn: random.Random | None) -> bytes | None:
        """What is found when the power is back; with `torn` any part of the pending writes is there too."""
        if torn is None or not self.pending:
            return self.durable
        return applied(self.durable or b"", tear(self.pending, torn))


def applied(content: bytes, changes: Iterable[tuple[int, bytes | None]]) -> bytes:
    """`content` after writes (offset, data) and truncations (size, None)."""
    result = bytearray(content)
    for offset, data in changes:
        if data is None:
            del result[offset:]
        else:
            result.extend(bytes(max(0, offset - len(result))))
            result[offset : offset + len(data)] = data
    return bytes(result)


def tear(
    changes: Iterable[tuple[int, bytes | None]], chance: random.Random
) -> Iterator[tuple[int, bytes | None]]:
    """Some of the changes, writes sector by sector."""
    pieces: list[tuple[int, bytes | None]] = []
    for offset, data in changes:
        starts = range(0, len(data), SECTOR) if data is not None else ()
        pieces += [(offset + start, data[start : start + SECTOR]) for start in starts if data is not None]
        pieces += [(offset, None)] if data is None else []
    share = chance.random()
    yield from (piece for piece in pieces if chance.random() < share)


class Run(apsw.VFS):
    """The file system from one power loss to the next."""

    def __init__(self) -> None:
        self.name_of_run = f"power{next(NUMBERS)}"
        super().__init__(self.name_of_run, "unix")
        self.files: dict[str, OnDisk] = {}
        self.lock = threading.RLock()
        self.alive = True
        self.is_full = False
        self.changes_left: int | None = None
        self.committed: Callable[[], None] = lambda: None

    def xOpen(self, name: Any, flags: list[int]) -> apsw.VFSFile:  # noqa: N802
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        with self.lock:
            if path is None:
                return apsw.VFSFile("unix", name, flags)
            found = Path(path)
            new = not found.exists()
            file = self.files.setdefault(path, OnDisk(None if new else found.read_bytes()))
            file.deleted = False
            file.syncs_folder = file.syncs_folder or (new and bool(flags[0] & JOURNAL))
            return OpenFile(self, path, name, flags)

    def xDelete(self, path: str, synced: bool) -> None:  # noqa: N802
        with self.lock:
            self.change(path, (0, None))
            super().xDelete(path, synced)
            if path in self.files:
                self.files[path].deleted = True
            if synced:
                self.sync_folder(path)

    def sync_folder(self, path: str) -> None:
        gone = [
            name
            for name, file in self.files.items()
            if file.deleted and Path(name).parent == Path(path).parent
        ]
        for name in gone:
            del self.files[name]

    def change(self, path: str, change: tuple[int, bytes | None] | None) -> None:
        """Note a change, None for a sync; a lost power turns it into a failure after it began."""
        self.must_be_alive()
        self.must_have_room()
        file = self.files.get(path)
        if file and change:
            file.pending.append(change)
        if self.changes_left is not None:
            self.changes_left -= 1
            self.alive = self.changes_left > 0
            self.must_be_alive()
        if file and not change:
            file.sync()
            if file.syncs_folder:
                file.syncs_folder = False
                self.sync_folder(path)

    def must_be_alive(self) -> None:
        if not self.alive:
            error = apsw.IOError("the power is off")
            error.result = error.extendedresult = apsw.SQLITE_IOERR
            raise error

    def must_have_room(self) -> None:
        if self.is_full:
            error = apsw.FullError("the disk is full")
            error.result = error.extendedresult = apsw.SQLITE_FULL
            raise error

    def end(self) -> dict[str, OnDisk]:
        """Kill what runs: nothing is written any more, nothing written is lost; files get new inodes."""
        with self.lock:
            self.alive = False
            for name in list(self.files):
                path = Path(name)
                Path(f"{name}-shm").unlink(missing_ok=True)
                if path.exists():
                    content = path.read_bytes()
                    path.unlink()
                    path.write_bytes(content)
            return self.files

    def stop(self, torn: random.Random | None) -> None:
        """Cut the power and leave in the folder what a disk would hold, under new inodes."""
        with self.lock:
            self.alive = False
            for path, file in self.files.items():
                found = file.after_loss(torn)
                Path(path).unlink(missing_ok=True)
                Path(f"{path}-shm").unlink(missing_ok=True)
                if found is not None:
                    Path(path).write_bytes(found)


class OpenFile(apsw.VFSFile):
    """A file whose syncs are not the system's, but decide what outlives the power."""

    def __init__(self, run: Run, path: str, name: Any, flags: list[int]) -> None:
        super().__init__("unix", name, flags)
        self.run, self.path = run, path

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        with self.run.lock:
            self.run.change(self.path, (offset, bytes(data)))
            super().xWrite(data, offset)

    def xTruncate(self, size: int) -> None:  # noqa: N802
        with self.run.lock:
            self.run.change(self.path, (size, None))
            super().xTruncate(size)

    def xSync(self, flags: int) -> None:  # noqa: N802
        with self.run.lock:
            self.run.change(self.path, None)


class Cursor:
    """A DB-API cursor that fetches at once."""

    arraysize = 1

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._rows: Iterator[tuple[Any, ...]] = iter(())
        self.description: list[tuple[Any, ...]] | None = None
        self.rowcount, self.lastrowid = -1, 0

    def execute(self, statement: str, values: Sequence[Any] = ()) -> Cursor:
        return self._execute(statement, [values])

    def executemany(self, statement: str, rows: Iterable[Sequence[Any]]) -> Cursor:
        return self._execute(statement, rows)

    def _execute(self, statement: str, rows: Iterable[Sequence[Any]]) -> Cursor:
        before, found = self._connection.total_changes(), []
        try:
            for values in rows:
                cursor = self._connection.cursor()
                cursor.exec_trace = self._describe
                found += cursor.execute(statement, values).fetchall()
        except apsw.Error as error:
            raise translated(error) from error
        self._rows = iter(found)
        changed = self._connection.total_changes() - before
        self.rowcount = changed if CHANGING.match(statement) else -1
        self.lastrowid = self._connection.last_insert_rowid()
        return self

    def _describe(self, cursor: apsw.Cursor, _statement: str, _values: object) -> bool:
        columns = cursor.get_description()
        self.description = [(name, *[None] * 6) for name, *_ in columns] or None
        return True

    def fetchone(self) -> tuple[Any, ...] | None:
        return next(self._rows, None)

    def fetchmany(self, size: int = arraysize) -> list[tuple[Any, ...]]:
        return list(itertools.islice(self._rows, size))

    def fetchall(self) -> list[tuple[Any, ...]]:
        return list(self._rows)

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return self._rows

    def close(self) -> None:
        self._rows = iter(())


class Connection:
    """A DB-API connection that begins no transaction by itself."""

    isolation_level = None

    def __init__(self, address: str, run: Run) -> None:
        self._run = run
        flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE | apsw.SQLITE_OPEN_URI
        self._connection = apsw.Connection(address, flags=flags, vfs=f"multipleciphers-{run.name_of_run}")
        for statement in CIPHER:
            self._connection.execute(statement)

    @property
    def in_transaction(self) -> bool:
        return bool(self._connection.in_transaction)

    def cursor(self) -> Cursor:
        return Cursor(self._connection)

    def execute(self, statement: str, values: Sequence[Any] = ()) -> Cursor:
        return self.cursor().execute(statement, values)

    def commit(self) -> None:
        self._end("COMMIT")
        self._run.committed()

    def rollback(self) -> None:
        self._end("ROLLBACK")

    def _end(self, statement: str) -> None:
        if self.in_transaction:
            self.execute(statement)

    def create_function(
        self, name: str, count: int, function: Callable[..., Any], *, deterministic: bool = False
    ) -> None:
        self._connection.create_scalar_function(name, function, count, deterministic=deterministic)

    def close(self) -> None:
        try:
            self._connection.close()
        except apsw.Error as error:
            if self._run.alive and not self._run.is_full:  # otherwise nothing can be put in order any more
                raise translated(error) from error


class Power:
    """The computer. `module` is its driver for `open_engine`; what it opened dies with the power."""

    def __init__(self, seed: int = 1) -> None:
        self.chance = random.Random(seed)
        self.module = ModuleType("power")
        self._run = Run()
        errors = (Error, DatabaseError, OperationalError, IntegrityError, ProgrammingError)
        vars(self.module).update({error.__name__: error for error in errors})
        vars(self.module).update(
            connect=self._connect,
            Binary=bytes,
            paramstyle="qmark",
            apilevel="2.0",
            threadsafety=1,
            sqlite_version=apsw.sqlite_lib_version(),
            sqlite_version_info=tuple(map(int, apsw.sqlite_lib_version().split("."))),
        )

    def lose_power_after(self, changes: int) -> None:
        """Let the power go in the middle of the last of `changes` writes or syncs of whatever file."""
        self._run.changes_left = changes

    def lose_power(self, tear: bool = False) -> None:
        """Lose what was not synced, or with `tear` some sectors of it; then the computer runs again."""
        self._run.stop(self.chance if tear else None)
        self._run = Run()

    def kill(self) -> None:
        """Kill what runs on the computer, which itself runs on: the system writes what was not synced yet."""
        files = self._run.end()
        self._run = Run()
        self._run.files = files

    @property
    def is_off(self) -> bool:
        """Whether the power went, and nobody has yet switched it on again."""
        return not self._run.alive

    def fill(self, is_full: bool) -> None:
        """Let the disk take no more, or have room again."""
        self._run.is_full = is_full

    def on_commit(self, work: Callable[[], None]) -> None:
        """Do `work` after every commit of what runs now."""
        self._run.committed = work

    def _connect(self, address: str, **_options: object) -> Connection:
        try:
            return Connection(address, self._run)
        except apsw.Error as error:
            raise translated(error) from error
