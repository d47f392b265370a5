"""Small disks of memory that can be full or take no writing; only in a mount namespace of our own."""

from __future__ import annotations

import ctypes
import errno
import os
from pathlib import Path
from typing import NoReturn

READ_ONLY, REMOUNT, DETACH = 1, 32, 2  # MS_RDONLY, MS_REMOUNT of mount(2), MNT_DETACH of umount2(2)
PIECE = 64 * 1024
_libc = ctypes.CDLL(None, use_errno=True)


class Disk:
    """A tmpfs of `size` bytes over a new folder; it goes with the namespace."""

    def __init__(self, folder: Path, size: int) -> None:
        self.folder = folder
        self._filler = folder / "filler"
        folder.mkdir()
        self._mount(0, f"size={size}")

    def fill(self) -> None:
        """Leave no room at all."""
        with self._filler.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(PIECE))
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise

    def make_room(self) -> None:
        """Take away what `fill` wrote."""
        self._filler.unlink(missing_ok=True)

    def set_read_only(self, read_only: bool) -> None:
        """Take no writing, or take it again; nobody may have a file open for writing."""
        self._mount(REMOUNT | (READ_ONLY if read_only else 0), "")

    def remove(self) -> None:
        """Take the disk away with all that is on it."""
        if _libc.umount2(os.fsencode(self.folder), DETACH):
            self._fail("umount")

    def _mount(self, flags: int, options: str) -> None:
        names = (b"tmpfs", os.fsencode(self.folder), b"tmpfs")
        if _libc.mount(*names, flags, options.encode()):
            self._fail("mount")

    def _fail(self, what: str) -> NoReturn:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}", str(self.folder))
