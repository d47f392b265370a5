"""Every source of chance in the product, given by one seed; and what would only cost time, left out."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from random import Random
from typing import Any, TypeVar

from computers import BOARD, DeskDiedError
from sqlalchemy import Engine, create_engine

import central.snapshot
import desk_app.engine
import desk_app.storage.store as stores
from desk_app import sabotage, vault
from desk_app.clock import DAY, SECOND
from desk_app.domain import folding
from desk_app.domain.entries import STANDS, Entry, Verdict
from desk_app.storage.writer import Rank, Writer
from desk_app.sync import exchange, loading

T = TypeVar("T")
RULE_OF_LATER = "repair.checked"
A_PAGE = 5
"""Entries in a push or a page: so few that one often follows another."""

A_SLICE, CHECKPOINT_EVERY = 2, 6


class Secrets:
    """Stands for the module `secrets` in all modules of the product."""

    def __init__(self) -> None:
        self.chance = Random(0)

    def seed(self, seed: object) -> None:
        self.chance.seed(repr(seed))

    def install(self) -> None:
        secrets.token_bytes = lambda nbytes=None: self.chance.randbytes(nbytes or 32)
        secrets.randbits = lambda k: self.chance.getrandbits(k)
        secrets.randbelow = lambda exclusive_upper_bound: self.chance.randrange(exclusive_upper_bound)
        secrets.token_urlsafe = lambda nbytes=None: self.chance.randbytes(nbytes or 32).hex()


class Orderly(Writer):
    """What is done when nobody waits is done before whoever had a job done goes on."""

    def do(self, rank: Rank, job: Callable[[], T], weight: int = 1) -> Future[T]:
        future = super().do(rank, job, weight)
        if rank is not Rank.END and threading.current_thread() is not self._thread:
            wait([future])
            super().do(Rank.IDLE, lambda: None).result()
        return future


SECRETS = Secrets()
_JUDGE = folding.judge
_CREATE_ENGINE = create_engine
_ENGINES: list[Engine] = []


def _stop_point(name: str) -> None:
    """Die where the running desk is to die."""
    desk = BOARD.running
    if desk is not None and desk.die_at == name:
        desk.die_at = ""
        raise DeskDiedError


def _judge(state: folding.State, entry: Entry) -> Verdict:
    """As the running program judges: an older one does not know every rule."""
    if BOARD.running is not None and BOARD.running.lacks_rules and entry.kind == RULE_OF_LATER:
        return STANDS
    return _JUDGE(state, entry)


def _create_engine(*arguments: Any, **named: Any) -> Engine:
    """An engine that knows the statements which others have compiled: each restart makes new ones."""
    made = _CREATE_ENGINE(*arguments, **named)
    if _ENGINES:
        made.dialect = made.pool._dialect = _ENGINES[0].dialect
        made._compiled_cache = _ENGINES[0]._compiled_cache
    else:
        made.raw_connection().close()
        _ENGINES.append(made)
    return made


def load_states(soon: bool) -> None:
    """Whether feeds that have hardly begun come as states, and what is done with leaves within seconds."""
    loading.LONG_FEED = A_PAGE if soon else 10**9
    loading.HOUR = 3 * SECOND if soon else 10**18
    stores.KEPT_DAYS = central.snapshot.KEPT_DAYS = 4 * SECOND / DAY if soon else 30


def install() -> None:
    """Make this process one that simulates; there is no way back."""
    SECRETS.install()
    exchange.MOST_ENTRIES = loading.MOST_STATES = A_PAGE
    stores.Writer = Orderly  # type: ignore[attr-defined]
    stores.A_SLICE, stores.CHECKPOINT_EVERY = A_SLICE, CHECKPOINT_EVERY
    desk_app.engine.create_engine = _create_engine
    sabotage.stop_point = _stop_point
    folding.judge = _judge
    vault.hash_secret = lambda text, hasher=None: "$argon2id$stands-for-a-hash"
