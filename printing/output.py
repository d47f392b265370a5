"""Puts a finished paper into a folder: whole or not at all, and never over another one."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from itertools import count
from pathlib import Path

from desk_app.errors import OutsideError

_CODES = {
    errno.ENOSPC: "disk.full",
    errno.EDQUOT: "disk.full",
    errno.EROFS: "disk.read_only",
}


def save_paper(folder: Path, name: str, data: bytes) -> Path:
    """Write `data` as `name` into `folder` and return where it stands, safe on the disk when this returns.

    Where the name is taken, `-2`, `-3` … goes before its ending. Raises OutsideError `disk.full`,
    `disk.read_only` or `folder.not_writable`, each with `folder`; nothing is left behind then.
    Raises ValueError for a name that is no plain file name.
    """
    if not name or Path(name).name != name:
        raise ValueError(f"not the name of a file: {name!r}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return _saved(folder, Path(name), data)
    except OSError as error:
        code = _CODES.get(error.errno or 0, "folder.not_writable")
        raise OutsideError(code, folder=str(folder)) from error


def _saved(folder: Path, name: Path, data: bytes) -> Path:
    aside = _written_aside(folder, data)
    try:
        path = _moved(aside, _reserved(folder, name))
    finally:
        aside.unlink(missing_ok=True)
    _flush_names(folder)
    return path


def _written_aside(folder: Path, data: bytes) -> Path:
    handle, path = tempfile.mkstemp(prefix=".paper-", dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        Path(path).unlink(missing_ok=True)
        raise
    return Path(path)


def _moved(aside: Path, reserved: Path) -> Path:
    try:
        return aside.replace(reserved)
    except OSError:
        reserved.unlink(missing_ok=True)
        raise


def _reserved(folder: Path, name: Path) -> Path:
    """A free name, taken by an empty file so that nobody else takes it."""
    for number in count(1):
        path = folder / (name if number == 1 else f"{name.stem}-{number}{name.suffix}")
        with contextlib.suppress(FileExistsError):
            path.touch(exist_ok=False)
            return path
    raise AssertionError("numbers do not end")


def _flush_names(folder: Path) -> None:
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
