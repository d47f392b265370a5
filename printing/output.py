"""Puts a finished paper into a folder: whole or not at all, and never over another one."""

from __future__ import annotations

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
    """Write `data` as `name` into `folder` and return where it stands, on the disk when this returns.

    Where the name is taken, `-2`, `-3` … goes before its ending. Raises OutsideError `disk.full`,
    `disk.read_only` or `folder.not_writable`, each with `folder`; nothing is left behind then.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return _saved(folder, name, data)
    except OSError as error:
        raise OutsideError(_CODES.get(error.errno or 0, "folder.not_writable"), folder=str(folder)) from error


def _saved(folder: Path, name: str, data: bytes) -> Path:
    aside = _written(folder, data)
    try:
        path = _linked(aside, folder, name)
    finally:
        aside.unlink(missing_ok=True)
    _flush(folder)
    return path
