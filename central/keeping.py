"""What the service keeps in its data folder besides its file: a lock, its port, its key's name."""

from __future__ import annotations

import errno
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from desk_app.clock import Clock
from desk_app.errors import OutsideError
from desk_app.ids import new_id
from desk_app.vault import KeyStore

HOST = "127.0.0.1"
FILE = "central.db"
LOCK = "central.lock"
EVERYWHERE = "0.0.0.0"
PORT = "central.port"
NETWORK_PORT = "central.network-port"
KEY_NAME = "central.key-name"
LAST_PORT = 65535
TAKEN = (errno.EADDRINUSE, errno.EACCES)  # Windows says the latter of a port held for itself alone


@contextmanager
def only_one(data: Path) -> Iterator[None]:
    """Hold the data folder for this process; raises OutsideError('central.running') where another has it."""
    with (data / LOCK).open("a+b") as file:
        try:
            _lock(file)
        except OSError as error:
            raise OutsideError("central.running") from error
        yield


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def key_name(data: Path, clock: Clock) -> str:
    """The service's name in the key store; made at the first start, it stays in the folder."""
    named = data / KEY_NAME
    if not named.exists():
        _write(named, f"central-{new_id(clock()).lower()}")
    return named.read_text("ascii").strip()


def store_key(data: Path, keys: KeyStore, name: str, random: bytes) -> bytes:
    """The file's key, `random` at the first start; raises OutsideError('store.no_key') where it is gone."""
    key = keys.get(name)
    if key is None and (data / FILE).exists():
        raise OutsideError("store.no_key")
    if key is None:
        keys.put(name, random)
    return key or random


def listen(data: Path, port: int | None, *, network: bool = False) -> socket.socket:
    """A socket on the loopback address: on `port`, else on the port of last time, else on a free one.

    network: on every address of this computer. The port is kept in the folder, one for each of the two.
    Raises OutsideError('central.port_taken', port=…).
    """
    kept = data / (NETWORK_PORT if network else PORT)
    wanted = port or _kept_port(kept)
    # Named TCP, as asyncio sends small answers at once (TCP_NODELAY) only where it knows that it is.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if sys.platform == "win32":
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    else:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((EVERYWHERE if network else HOST, wanted))
        listening.listen()
    except OSError as error:
        listening.close()
        if error.errno in TAKEN:
            raise OutsideError("central.port_taken", port=wanted) from error
        raise
    _write(kept, str(listening.getsockname()[1]))
    return listening


def own_address() -> str:
    """The address by which other computers of the shop reach this one; loopback where there is no network.

    No packet is sent: the system only tells which of its addresses it would use.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect(("192.0.2.1", 9))  # an address that is nobody's (RFC 5737)
            address: str = asking.getsockname()[0]
        except OSError:
            return HOST
    return address


def _kept_port(kept: Path) -> int:
    """The port of last time; 0 where there is none or the file makes no sense."""
    try:
        text = kept.read_text("ascii").strip()
    except (FileNotFoundError, UnicodeDecodeError):
        return 0
    return (
        int(text) if text.isdecimal() and len(text) <= len(str(LAST_PORT)) and int(text) <= LAST_PORT else 0
    )


def _write(path: Path, text: str) -> None:
    """Replace a small file as a whole and durably."""
    aside = path.with_suffix(".new")
    with aside.open("w", encoding="ascii") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
