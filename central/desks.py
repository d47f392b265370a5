"""Who may speak to the service: joining with a secret that works once, and the token of every desk."""

from __future__ import annotations

import hashlib
import re
import secrets
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, exists, insert, select, update

from central.storage import Storage, first_store
from central.tables import desk, invitation
from desk_app.clock import MINUTE
from desk_app.domain.entries import COMMON, SALES
from desk_app.errors import OutsideError, RuleError
from desk_app.ids import BLOCK_LENGTH, crockford
from desk_app.sync.wire import DeskKnown, DesksKnown, Join, Joined

INVITATION_LASTS = 15 * MINUTE
SECRET_LENGTH = 20  # characters of 5 bits
LONGEST_NAME = 80
DESK_ID = re.compile(r"[!-~]{1,64}")
PUBLIC_KEY = re.compile(r"[0-9a-f]{64}")
BLOCKS = 32**BLOCK_LENGTH


class KnownDesk(msgspec.Struct, frozen=True):
    """A desk that showed its token; `confirmed` once it has shown it before, `signs` once it has signed.

    key: its Ed25519 public key (hex).
    """

    id: str
    store: str
    key: str
    confirmed: bool
    signs: bool

    @property
    def feeds(self) -> tuple[str, ...]:
        """The feeds it holds."""
        return (COMMON, SALES, self.store)


def founding_secret(storage: Storage) -> str | None:
    """A new secret for the first desk, in the place of an older one; None once a desk has come to stay."""
    with storage.writer.begin() as connection:
        if connection.scalar(select(exists().where(desk.c.confirmed))):
            return None
        connection.execute(delete(invitation).where(invitation.c.founding))
        return _invite(connection, first_store(connection), expires_at=None)


def invite(storage: Storage, by: KnownDesk, at: int) -> str:
    """A secret with which one more desk joins the store of the desk that asks."""
    with storage.writer.begin() as connection:
        return _invite(connection, by.store, expires_at=at + INVITATION_LASTS)


def join(storage: Storage, asked: Join, at: int) -> Joined:
    """Take a desk in and give it a token and a block of its own.

    A desk whose answer was lost asks again with the same secret, id and key, and gets a new token, until
    it has shown one. Raises RuleError('join.malformed'), 'join.unknown', 'join.expired', 'join.used'
    or 'desk.known'.
    """
    _check(asked)
    token = secrets.token_urlsafe(32)
    with storage.writer.begin() as connection:
        store = _use(connection, asked, at)
        block = _block_of(connection, asked)
        if block is None:
            block = _free_block(connection)
            _add(connection, asked, token, block, store, at)
        else:
            _renew(connection, asked.desk, token)
        secret = invitation.c.secret_hash == hash_secret(asked.secret)
        connection.execute(update(invitation).where(secret).values(used_by=asked.desk))
    return Joined(token, block, store, (COMMON, SALES, store), storage.epoch)


def authenticate(storage: Storage, token: str) -> KnownDesk:
    """The desk of a token; raises RuleError('token.unknown') or RuleError('desk.shut_out')."""
    columns = (desk.c.id, desk.c.store, desk.c.key, desk.c.confirmed, desk.c.signs, desk.c.shut_out)
    with storage.reader.begin() as connection:
        row = connection.execute(
            select(*columns).where(desk.c.token_hash == hash_secret(token))
        ).one_or_none()
    if row is None:
        raise RuleError("token.unknown")
    if row.shut_out:
        raise RuleError("desk.shut_out")
    return KnownDesk(row.id, row.store, row.key, row.confirmed, row.signs)


def confirm(storage: Storage, known: KnownDesk) -> None:
    """Remember that the desk holds its token: from now on no secret replaces it."""
    with storage.writer.begin() as connection:
        connection.execute(update(desk).where(desk.c.id == known.id).values(confirmed=True))


def heard(storage: Storage, known: KnownDesk, at: int) -> None:
    """Remember when a desk was last heard of."""
    with storage.writer.begin() as connection:
        connection.execute(update(desk).where(desk.c.id == known.id).values(heard_at=at))


def of_store(storage: Storage, by: KnownDesk) -> DesksKnown:
    """The desks of the store of the desk that asks, the oldest first."""
    columns = (desk.c.id, desk.c.name, desk.c.joined_at, desk.c.heard_at, desk.c.shut_out)
    with storage.reader.begin() as connection:
        rows = connection.execute(select(*columns).where(desk.c.store == by.store).order_by(desk.c.joined_at))
        return DesksKnown(tuple(DeskKnown(*row) for row in rows))


def shut_out(storage: Storage, by: KnownDesk, other: str) -> None:
    """Refuse a desk of the same store from now on; its token is good for nothing.

    Raises RuleError('desk.unknown') or RuleError('desk.itself').
    """
    if other == by.id:
        raise RuleError("desk.itself")
    with storage.writer.begin() as connection:
        named = (desk.c.id == other) & (desk.c.store == by.store)
        if not connection.execute(update(desk).where(named).values(shut_out=True)).rowcount:
            raise RuleError("desk.unknown")


def hash_secret(secret: str) -> bytes:
    """SHA-256 of a token or a joining secret; both are long and random, so no slow hash is needed."""
    return hashlib.sha256(secret.encode()).digest()


def _check(asked: Join) -> None:
    good = DESK_ID.fullmatch(asked.desk) and PUBLIC_KEY.fullmatch(asked.key)
    if not good or not 1 <= len(asked.name.strip()) <= LONGEST_NAME:
        raise RuleError("join.malformed")


def _invite(connection: Connection, store: str, expires_at: int | None) -> str:
    secret = crockford(secrets.randbits(5 * SECRET_LENGTH), SECRET_LENGTH)
    row = {"secret_hash": hash_secret(secret), "store": store, "expires_at": expires_at}
    connection.execute(insert(invitation).values(**row, founding=expires_at is None))
    return secret


def _use(connection: Connection, asked: Join, at: int) -> str:
    """The store that the secret opens to this desk."""
    row = connection.execute(
        select(invitation).where(invitation.c.secret_hash == hash_secret(asked.secret))
    ).one_or_none()
    if row is None:
        raise RuleError("join.unknown")
    if row.used_by not in (None, asked.desk):
        raise RuleError("join.used")
    if row.expires_at is not None and row.expires_at < at:
        raise RuleError("join.expired")
    store: str = row.store
    return store


def _block_of(connection: Connection, asked: Join) -> str | None:
    """The block of a desk that joined without hearing the answer; None for a new desk."""
    row = connection.execute(select(desk).where(desk.c.id == asked.desk)).one_or_none()
    if row is None:
        return None
    if row.confirmed or row.key != asked.key:
        raise RuleError("desk.known")
    block: str = row.block
    return block


def _free_block(connection: Connection) -> str:
    """A block no desk has had, drawn by lot; desks are never deleted, so neither are their blocks."""
    taken = set(connection.scalars(select(desk.c.block)))
    if len(taken) >= BLOCKS:
        raise OutsideError("central.no_block")
    while (block := crockford(secrets.randbelow(BLOCKS), BLOCK_LENGTH)) in taken:
        pass
    return block


def _add(connection: Connection, asked: Join, token: str, block: str, store: str, at: int) -> None:
    row: dict[str, Any] = {"id": asked.desk, "name": asked.name.strip(), "key": asked.key}
    row |= {"token_hash": hash_secret(token), "block": block, "store": store, "joined_at": at}
    connection.execute(insert(desk).values(**row, confirmed=False, signs=False, shut_out=False))


def _renew(connection: Connection, known: str, token: str) -> None:
    connection.execute(update(desk).where(desk.c.id == known).values(token_hash=hash_secret(token)))
