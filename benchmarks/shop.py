"""The desk the figures are taken on: founded, filled in bulk, made once and kept.

It has no central service, as one that knows nothing of the many cases would have the desk start over in the
middle of a measurement; it works without a line, which every desk has to.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import desk_app
from benchmarks.filling import Filling
from benchmarks.long_case import open_long_case
from desk_app import bootstrap, sample
from desk_app.clock import system_clock
from desk_app.domain.entries import COMMON, SALES
from desk_app.domain.people import Actor
from desk_app.engine import open_engine
from desk_app.services.desk import Desk
from desk_app.services.people import People
from desk_app.services.setup import Founding, Welcome, found
from desk_app.storage.store import FILE, Store
from desk_app.vault import KEYS_VARIABLE, key_store

PERSON, PASSWORD, PIN = "林晓雯", "bench-2580", "2580"
STAFF = (("陈伟", ("technician", "checker")), ("María Sánchez", ("warehouse",)), ("王芳", ("clerk",)))
BLOCK, FEED, NOWHERE = "7QK", "store/01BENCH", "127.0.0.1:1"
CHECKOUT = Path(desk_app.__file__).parents[1]
SOURCES = (
    *("benchmarks/filling.py", "benchmarks/long_case.py", "benchmarks/shop.py"),
    *("desk_app/storage/tables.py", "desk_app/storage/lookups.py", "desk_app/storage/migrations/**/*.py"),
    "desk_app/domain/*.py",
)


@dataclass(frozen=True, slots=True)
class Shop:
    """A data folder with its keys, and the stream of the long case in it."""

    folder: Path
    long_case: str

    @property
    def data(self) -> Path:
        """The desk's data folder."""
        return self.folder / "data"

    def use_keys(self) -> None:
        """Let this process, and those it starts, find the desk's keys."""
        os.environ[KEYS_VARIABLE] = str(self.folder / "keys")

    def copy(self, folder: Path) -> Shop:
        """The same desk in another folder, to be written to."""
        shutil.copytree(self.folder, folder)
        return Shop(folder, self.long_case)


def made(cases: int) -> Shop:
    """The desk with this many cases; made where the one at hand is missing or of other sources."""
    return kept("mendesk-bench", cases, SOURCES, _make)


def kept(name: str, cases: int, sources: Sequence[str], make: Callable[[Shop, int], str]) -> Shop:
    """A shop in the temporary folder; where it is missing or of other `sources`, `make` fills one.

    sources: files of the checkout, as `glob` finds them. make: is given the shop and how many cases it is to
    have, and returns the stream of a long case in it.
    """
    folder = Path(tempfile.gettempdir(), f"{name}-{cases}-{_digest(sources)}")
    if not folder.exists():
        for older in folder.parent.glob(f"{name}-{cases}-*"):
            shutil.rmtree(older, ignore_errors=True)
        unfinished = Shop(folder.with_suffix(f".{os.getpid()}"), "")
        unfinished.use_keys()
        unfinished.data.mkdir(parents=True)
        (unfinished.folder / "long-case").write_text(make(unfinished, cases), "ascii")
        unfinished.folder.replace(folder)
    shop = Shop(folder, (folder / "long-case").read_text("ascii"))
    shop.use_keys()
    return shop


def _digest(sources: Sequence[str]) -> str:
    digest = hashlib.sha256()
    for source in sources:
        for path in sorted(CHECKOUT.glob(source)):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _make(shop: Shop, cases: int) -> str:
    store = open_store(shop)
    try:
        by = _people(store)
        _fill(shop, store, by, cases)
        return open_long_case(Desk(store, system_clock), by, shop.folder)
    finally:
        store.close()


def open_store(shop: Shop) -> Store:
    """The store of a desk that was started once, and so has its key."""
    program = bootstrap.Program(shop.data, system_clock)
    program.open()
    program.close()
    return Store(shop.data, desk_key(shop))


def desk_key(shop: Shop) -> bytes:
    """What the desk's file is encrypted with."""
    key = key_store().get(f"desk-{(shop.data / 'desk.id').read_text('ascii')}")
    assert key
    return key


def _fill(shop: Shop, store: Store, by: Actor, cases: int) -> None:
    assert store.identity
    engine = open_engine(shop.data / FILE, desk_key(shop))
    Filling(engine, sample.load(), store.identity.store, by.person, system_clock()).fill(cases)
    engine.dispose()


def _people(store: Store) -> Actor:
    """Found the store; its administrator, after the others were added."""
    asked = Founding("北京朝阳店", "Window 1", PERSON, PASSWORD, PIN)
    _, by = found(store, system_clock, asked, _enter)
    people = People(Desk(store, system_clock))
    for name, roles in STAFF:
        people.add(name, roles, PASSWORD, PIN, by).result()
    return by


def _enter(desk: str, _name: str) -> Welcome:
    """What a central service would give to the new desk, at an address where there is none."""
    key_store().put(f"signing-{desk.lower()}", Ed25519PrivateKey.generate().private_bytes_raw())
    return Welcome(BLOCK, FEED, (COMMON, SALES, FEED), NOWHERE, "")
