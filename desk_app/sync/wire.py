"""The wire's messages, shared by desk and central service: JSON bodies, zstd above 1 kB, typed and bounded.

`POST /v1/join` · `POST /v1/hello` · `POST /v1/push` · `GET /v1/pull` · `GET /v1/wait` · `GET /v1/health`.
Errors are problem details (RFC 9457): `{"type": code, "title": …, "status": …}`.
"""

from __future__ import annotations

import base64
from typing import Any

import msgspec

from desk_app.domain.batches import (
    KEPT_DAYS,
    FrozenState,
    Load,
    Placed,
    Pulled,
    Push,
    Receipt,
    SealedRecord,
    Seen,
    Snapshot,
)

__all__ = [
    "KEPT_DAYS",
    "FrozenState",
    "Load",
    "Placed",
    "Pulled",
    "Push",
    "Receipt",
    "SealedRecord",
    "Seen",
    "Snapshot",
]

PROTOCOL = 2
OLDEST_PROTOCOL = 1
MOST_ENTRIES = 500
LARGEST_BODY = 4 * 1024 * 1024
WAIT_SECONDS = 25
LARGEST_PIECE = 1024 * 1024
LARGEST_FILE = 40 * 1024 * 1024 + 1024
MOST_FILES = 500
MOST_STATES = 500


class Join(msgspec.Struct, frozen=True):
    """A desk asks to join with the one-time secret of a join code; `key` is its Ed25519 public key (hex)."""

    secret: str
    desk: str
    name: str
    key: str


class Joined(msgspec.Struct, frozen=True):
    """Welcome: the desk's token, its block of case numbers, its store's feed, all its feeds, the epoch."""

    token: str
    block: str
    store: str
    feeds: tuple[str, ...]
    epoch: str


class Hello(msgspec.Struct, frozen=True):
    """A desk is here; `clock` is its own (µs UTC), `seen` the end of each feed as the desk knows it."""

    protocol: int
    version: str
    clock: int
    seen: dict[str, Seen] = {}


class Welcome(msgspec.Struct, frozen=True):
    """The service's epoch, clock (µs UTC), and for each feed the last place and the desk's last number.

    astray: feeds whose order is not the one the desk has seen, because the service was put back to an older
    copy; the desk forgets their places, hands over what is missing, and reads them from the beginning.
    run: names the time since the service was started; pages of another run mean that a desk greets anew.
    fold_version: of the states it has; a desk of another version cannot load by them.
    """

    epoch: str
    clock: int
    heads: dict[str, int]
    numbers: dict[str, int]
    astray: tuple[str, ...] = ()
    run: str = ""
    fold_version: int = 0


class Pushed(msgspec.Struct, frozen=True):
    receipts: tuple[Receipt, ...]


class Waited(msgspec.Struct, frozen=True):
    """Feeds that have grown past the cursors given, with their heads; empty after `WAIT_SECONDS`."""

    heads: dict[str, int]


class FilesAsked(msgspec.Struct, frozen=True):
    """`POST /v1/files`: which of these files of a feed are there; at most `MOST_FILES` addresses."""

    feed: str
    addresses: tuple[str, ...]


class FileHeld(msgspec.Struct, frozen=True):
    """How many bytes of a file are there, and how many there are; `size` is 0 until all of it is there."""

    here: int
    size: int = 0


class FilesHeld(msgspec.Struct, frozen=True):
    """By address; a file that no entry of the feed names, or whose record was erased, is left out."""

    files: dict[str, FileHeld]


class StatesAsked(msgspec.Struct, frozen=True):
    """`POST /v1/states`: the states of streams of a feed, at most `MOST_STATES`; answered by a `Snapshot`."""

    feed: str
    streams: tuple[str, ...]


class StreamFound(msgspec.Struct, frozen=True):
    """A stream that a code names, and its feed; `is_yours`: the desk may have it."""

    stream: str
    feed: str
    is_yours: bool


class CodeFound(msgspec.Struct, frozen=True):
    """Answer of `GET /v1/codes/{code}`: cases, the newest first, and the parcel of a waybill."""

    streams: tuple[StreamFound, ...]


class Invitation(msgspec.Struct, frozen=True):
    """Answer of `POST /v1/invite`: a one-time secret for one more desk of the caller's store."""

    secret: str


class DeskKnown(msgspec.Struct, frozen=True):
    """A desk of a store; `joined_at` and `heard_at` (0: never) in µs UTC."""

    id: str
    name: str
    joined_at: int
    heard_at: int
    shut_out: bool


class DesksKnown(msgspec.Struct, frozen=True):
    """Answer of `GET /v1/desks` and of a shutting out: all desks of the caller's store, the oldest first."""

    desks: tuple[DeskKnown, ...]


class Problem(msgspec.Struct, frozen=True):
    """RFC 9457; `type` is a code of `desk_app.refusals.SENTENCES`, `values` what its sentence needs."""

    type: str
    title: str
    status: int
    values: dict[str, Any] = {}


class Health(msgspec.Struct, frozen=True):
    """Answer of `GET /v1/health`: the service's version and epoch, and the last place of each feed."""

    version: str
    epoch: str
    heads: dict[str, int]


class JoinCode(msgspec.Struct, frozen=True):
    """What a one-time code carries: address, certificate fingerprint (empty: loopback, no TLS), secret."""

    address: str
    fingerprint: bytes
    secret: str


def write_join_code(code: JoinCode) -> str:
    """The body of an own code of kind join: capitals and digits only."""
    packed = msgspec.msgpack.encode((1, code.address, code.fingerprint, code.secret))
    return base64.b32encode(packed).decode().rstrip("=")


def read_join_code(body: str) -> JoinCode:
    """The join code of a body; raises ValueError for anything else."""
    try:
        packed = base64.b32decode(body + "=" * (-len(body) % 8))
        _, address, fingerprint, secret = msgspec.msgpack.decode(packed, type=tuple[int, str, bytes, str])
    except (ValueError, msgspec.DecodeError) as error:
        raise ValueError("not a join code") from error
    return JoinCode(address, fingerprint, secret)
