"""Encrypted files beside the store, addressed by the hash of their encrypted bytes."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from desk_app.engine import outside_error


def keep(folder: Path, address: str, box: bytes) -> None:
    """Write a file durably, aside first; raises OutsideError for a full or read-only disk."""
    path = _path(folder, address)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, aside = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        with os.fdopen(handle, "wb") as file:
            file.write(box)
            file.flush()
            os.fsync(file.fileno())
        Path(aside).replace(path)
    except OSError as error:
        raise outside_error(error) or error from error


def read(folder: Path, address: str) -> bytes | None:
    """The encrypted bytes; None where this desk does not have them."""
    path = _path(folder, address)
    return path.read_bytes() if path.exists() else None


def forget(folder: Path, address: str) -> None:
    """Remove a file whose key is destroyed."""
    _path(folder, address).unlink(missing_ok=True)


def _path(folder: Path, address: str) -> Path:
    return folder / "files" / address[:2] / address
