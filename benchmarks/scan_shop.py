"""The desk that `scan` is measured on: many cases of eight entries and three codes each, and a real line.

It is made once and kept, as `shop.py` does. Photographs wait on the desk to be sent; in its central service,
which does not run, entries of another desk wait to be read. Of the many cases the service knows only how many
entries they have; the desk asks for nothing of them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine, select, update

from benchmarks.entries import WIDE
from benchmarks.filling import EightEach
from benchmarks.long_case import open_long_case
from benchmarks.pushes import pushers, send_all
from benchmarks.shop import PASSWORD, PERSON, PIN, SOURCES, Shop, desk_key, kept, open_store
from central import codes
from central.keeping import FILE as CENTRAL_FILE
from central.keeping import key_name, only_one
from central.storage import open_storage
from central.tables import feed as feeds
from desk_app import bootstrap, sample
from desk_app.clock import system_clock
from desk_app.domain.people import Actor
from desk_app.engine import open_engine
from desk_app.services.desk import Desk
from desk_app.services.setup import Founding, Welcome, found
from desk_app.storage import tables as t
from desk_app.storage.act import Identity
from desk_app.storage.store import FILE, Store
from desk_app.sync.client import Client
from desk_app.sync.own_central import OwnCentral, Ready
from desk_app.sync.wire import MOST_ENTRIES, JoinCode
from desk_app.vault import key_store
from ui.services import Services

PULLED = 50_000
A_PULL = 10
"""With few cases the pull is shorter: so many entries a case, `PULLED` at most."""

LONG_CASES = 3  # with four photographs each
SECONDS = 60.0
FAST = ("journal_mode = OFF", "synchronous = OFF", "cache_size = -400000")
"""A half made file of a machine that stopped is thrown away."""


def made(cases: int) -> Shop:
    """The desk with this many cases; made where the one at hand is missing or of other sources."""
    more = (
        "benchmarks/scan_shop.py",
        "benchmarks/entries.py",
        "central/tables.py",
        "central/migrations/**/*.py",
    )
    return kept("mendesk-bench-scan", cases, (*SOURCES, *more), _make)


@contextmanager
def central(shop: Shop) -> Iterator[Ready]:
    """Its central service, which runs inside the `with`, always at the same address."""
    folder = shop.folder / "central"
    folder.mkdir(exist_ok=True)
    service = OwnCentral(folder)
    try:
        yield service.start()
    finally:
        service.stop()


def _make(shop: Shop, cases: int) -> str:
    with central(shop) as ready:
        desk, by = _found(shop, ready)
        _sync(shop)
    _fill(shop, desk.store, by, cases)
    _tell_central(shop)
    with central(shop) as ready:
        _push(ready, _token(desk.desk), min(PULLED, A_PULL * cases))
    with closing(Store(shop.data, desk_key(shop))) as store:
        streams = [open_long_case(Desk(store, system_clock), by, shop.folder) for _ in range(LONG_CASES)]
    return streams[0]


def _found(shop: Shop, ready: Ready) -> tuple[Identity, Actor]:
    """Found the store at its central service; this desk, and its administrator."""
    with closing(open_store(shop)) as store:
        asked = Founding("北京朝阳店", "Window 1", PERSON, PASSWORD, PIN)
        by = found(store, system_clock, asked, partial(_enter, ready))[1]
        assert store.identity
        return store.identity, by


def _enter(ready: Ready, desk: str, name: str) -> Welcome:
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw().hex()
    with closing(Client(ready.address, "")) as client:
        joined = client.join(JoinCode(ready.address, b"", ready.founding_secret), desk, name, public)
    key_store().put(f"signing-{desk.lower()}", private.private_bytes_raw())
    key_store().put(f"token-{desk.lower()}", joined.token.encode())
    return Welcome(joined.block, joined.store, joined.feeds, ready.address, public)


def _token(desk: str) -> str:
    return (key_store().get(f"token-{desk.lower()}") or b"").decode()


def _sync(shop: Shop) -> None:
    """Let the desk and its service be alike."""
    program = bootstrap.Program(shop.data, system_clock)
    try:
        services = program.open()
        assert isinstance(services, Services)
        line = services.line
        _until(lambda: line.state().line == "online" and not line.state().waiting)
    finally:
        program.close()


def _until(done: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS
    while not done():
        if time.monotonic() > end:
            raise RuntimeError("desk and service did not come together")
        time.sleep(0.05)


def _fill(shop: Shop, store: str, by: Actor, cases: int) -> None:
    engine = open_engine(shop.data / FILE, desk_key(shop))
    _hurry(engine)
    EightEach(engine, sample.load(), store, by.person, system_clock()).fill(cases)
    engine.dispose()


def _hurry(engine: Engine) -> None:
    """For the one connection of the pool."""
    with closing(engine.raw_connection()) as connection:
        for setting in FAST:
            connection.cursor().execute(f"PRAGMA {setting}").fetchall()


def _tell_central(shop: Shop) -> None:
    """Let the service's feeds be as long as they are here, and the desk say in which run it read them."""
    folder = shop.folder / "central"
    engine = open_engine(shop.data / FILE, desk_key(shop))
    with only_one(folder):
        key = key_store().get(key_name(folder, system_clock))
        assert key
        storage = open_storage(folder / CENTRAL_FILE, key, system_clock)
        with engine.begin() as desk, storage.writer.begin() as service:
            for feed, place in desk.execute(select(t.cursor.c.feed, t.cursor.c.place)).all():
                service.execute(update(feeds).where(feeds.c.feed == feed).values(head=place))
            desk.execute(update(t.cursor).values(run=storage.run))
        codes.note_all(storage, system_clock())
        storage.close()
    engine.dispose()


def _push(ready: Ready, token: str, amount: int) -> None:
    """Let another desk of the store send so many entries."""
    with closing(Client(ready.address, token)) as client:
        invited = replace(ready, founding_secret=client.invite())
    send_all(pushers(invited, 1, amount, WIDE, MOST_ENTRIES))
