"""Encrypted files in a folder, each at the address that is the SHA-256 of its encrypted bytes (hex).

A file that comes in pieces lies under another name beside its place until all of it is there and checked.
What is under its own name is whole.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desk_app.engine import outside_error
from desk_app.errors import OutsideError

SPARE = 256 * 1024 * 1024
"""Bytes of the disk that pieces from elsewhere leave to the journal."""

_PART = ".part-"
_NEW = ".new-"
_READ = 1024 * 1024


def keep(folder: Path, address: str, box: bytes) -> None:
    """Write a file durably, aside first; raises OutsideError for a full or read-only disk."""
    path = _path(folder, address)
    aside = path.with_name(_NEW + path.name)
    with _disk():
        _make(path.parent)
        with aside.open("wb") as file:
            file.write(box)
            file.flush()
            os.fsync(file.fileno())
        _rename(aside, path)


def read(folder: Path, address: str) -> bytes | None:
    """The encrypted bytes; None where this desk does not have them."""
    path = _path(folder, address)
    return path.read_bytes() if path.exists() else None


def size(folder: Path, address: str) -> int:
    """How large a file is; 0 where this desk does not have it."""
    path = _path(folder, address)
    return path.stat().st_size if path.exists() else 0


def read_piece(folder: Path, address: str, start: int, most: int) -> bytes:
    """Bytes of a file from `start` on; empty at its end and where this desk does not have it."""
    path = _path(folder, address)
    if not path.exists():
        return b""
    with path.open("rb") as file:
        file.seek(start)
        return file.read(most)


def begun(folder: Path, address: str) -> int:
    """How much of a file that comes in pieces is there."""
    part = _part(folder, address)
    return part.stat().st_size if part.exists() else 0


def add_piece(folder: Path, address: str, start: int, piece: bytes) -> int:
    """Write a piece durably, so that it need not come again; how much of the file is there then.

    start: at most what is there already. Raises OutsideError; `disk.full` already where no more than `SPARE`
    would be left.
    """
    part = _part(folder, address)
    with _disk():
        _make(part.parent)
        if shutil.disk_usage(part.parent).free < SPARE + len(piece):
            raise OutsideError("disk.full")
        with part.open("r+b" if part.exists() else "wb") as file:
            file.seek(start)
            file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        return part.stat().st_size


def finish(folder: Path, address: str) -> bool:
    """Give a file its place when all of it is there; other bytes than the address says are thrown away.

    False too where somebody removed it meanwhile.
    """
    part = _part(folder, address)
    with _disk():
        try:
            return _placed(part, _path(folder, address))
        except FileNotFoundError:
            return False


def _placed(part: Path, path: Path) -> bool:
    with part.open("rb") as file:
        is_right = hashlib.file_digest(file, "sha256").hexdigest() == path.name
    if is_right:
        _rename(part, path)
    else:
        part.unlink()
    return is_right


def forget(folder: Path, address: str) -> None:
    """Remove a file whose key is destroyed, also what there is of it in part."""
    path = _path(folder, address)
    for each in (path, _part(folder, address), path.with_name(_NEW + path.name)):
        each.unlink(missing_ok=True)


def names(folder: Path) -> Iterator[str]:
    """The addresses of all files of which anything is there."""
    for path in folder.glob("*/*"):
        yield path.name.removeprefix(_PART).removeprefix(_NEW)


@contextmanager
def _disk() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise outside_error(error) or error from error


def _make(folder: Path) -> None:
    if not folder.exists():
        _make(folder.parent)
        folder.mkdir(exist_ok=True)
        _sync_folder(folder.parent)


def _rename(aside: Path, path: Path) -> None:
    """Put a file in its place, and its name on the disk."""
    aside.replace(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make names in `folder` durable, where a system lets a folder be synced."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _part(folder: Path, address: str) -> Path:
    path = _path(folder, address)
    return path.with_name(_PART + path.name)


def _path(folder: Path, address: str) -> Path:
    return folder / address[:2] / address
