"""A founded store, copied for each test, and every service on it; two desks that share what they did."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import pytest
from sqlalchemy import func, select

from desk_app.clock import Clock
from desk_app.domain.batches import Placed, Pulled, Push
from desk_app.domain.folding import empty, judge
from desk_app.domain.people import Actor
from desk_app.errors import RuleError
from desk_app.services import setup
from desk_app.services.attention import Attention
from desk_app.services.cases import Cases
from desk_app.services.desk import Desk
from desk_app.services.inspection import Inspection
from desk_app.services.people import People
from desk_app.services.privacy import Privacy
from desk_app.services.receiving import Receiving
from desk_app.services.reception import Reception
from desk_app.services.repair import Repairs
from desk_app.services.views import CaseRequest, ItemRequest, OpenedCase
from desk_app.storage import journal
from desk_app.storage import tables as t
from desk_app.storage.store import Store

KEY = bytes(range(32))
FEED = "store/01STORE"
FEEDS = ("common", "sales", FEED)
FOUNDING = setup.Founding("北京店", "Window 1", "王芳", "secret123", "2580")
T = TypeVar("T")


def all_is_here(_codes: tuple[str, ...]) -> NoReturn:
    raise AssertionError("nothing of the desk has left it")


@dataclass
class Shop:
    """One desk's store with its services."""

    store: Store
    clock: Clock
    by: Actor

    @cached_property
    def desk(self) -> Desk:
        return Desk(self.store, self.clock)

    @cached_property
    def reception(self) -> Reception:
        return Reception(self.desk)

    @cached_property
    def receiving(self) -> Receiving:
        return Receiving(self.desk)

    @cached_property
    def inspection(self) -> Inspection:
        return Inspection(self.desk)

    @cached_property
    def repairs(self) -> Repairs:
        return Repairs(self.desk)

    @cached_property
    def cases(self) -> Cases:
        return Cases(self.desk)

    @cached_property
    def people(self) -> People:
        return People(self.desk)

    @cached_property
    def attention(self) -> Attention:
        return Attention(self.desk)

    @cached_property
    def privacy(self) -> Privacy:
        return Privacy(self.desk, all_is_here)

    def open(self, **fields: Any) -> OpenedCase:
        """A case with the fields named, the others filled in."""
        return self.reception.open_case(request(**fields), self.by).result()

    def entries(self) -> int:
        """How many entries the journal has."""
        with self.store.read() as connection:
            return int(connection.execute(select(func.count()).select_from(t.entry)).scalar_one())

    def records(self) -> int:
        """How many sealed records there are."""
        with self.store.read() as connection:
            return int(connection.execute(select(func.count()).select_from(t.record)).scalar_one())

    def refused(self, asked: Callable[[], Future[Any]]) -> RuleError:
        """The refusal of a request, which wrote nothing."""
        before = (self.entries(), self.records())
        with pytest.raises(RuleError) as refusal:
            asked().result()
        assert (self.entries(), self.records()) == before
        return refusal.value


def request(**fields: Any) -> CaseRequest:
    item = {"product": "Phone X 手机", "category": "phone"}
    item |= {name: fields.pop(name) for name in ItemRequest.__dataclass_fields__ if name in fields}
    whole = {
        "case_kind": "return",
        "customer_name": "李雷",
        "phone": "13800138000",
        "order_number": "JD20260301",
        "reason": "屏幕不亮",
        "waybill": "",
    }
    return CaseRequest(**(whole | fields), item=ItemRequest(**item))


@pytest.fixture
def ask() -> Callable[..., CaseRequest]:
    """A filled-in form, with the fields named changed."""
    return request


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Actor]:
    """The folder of a store just founded, closed, and its administrator."""
    folder = tmp_path_factory.mktemp("founded")
    store = Store(folder, KEY)
    welcome = setup.Welcome("7QK", FEED, FEEDS, "127.0.0.1:1", "")
    _, actor = setup.found(store, lambda: 1_772_366_400_000_000, FOUNDING, lambda desk, name: welcome)
    store.close()
    return folder, actor


@pytest.fixture
def shop(founded: tuple[Path, Actor], tmp_path: Path, clock: Clock) -> Iterator[Shop]:
    """The founded desk."""
    folder = tmp_path / "one"
    shutil.copytree(founded[0], folder)
    store = Store(folder, KEY)
    yield Shop(store, clock, founded[1])
    store.close()


@pytest.fixture
def second(shop: Shop, tmp_path: Path, clock: Clock) -> Iterator[Shop]:
    """Another desk of the same store that has what the first one did so far."""
    store = Store(tmp_path / "two", KEY)
    welcome = setup.Welcome("8AB", FEED, FEEDS, "127.0.0.1:1", "")
    setup.join(store, clock, "Dock 1", lambda desk, name: welcome)
    other = Shop(store, clock, shop.by)
    share(shop, other)
    yield other
    store.close()


def share(*desks: Shop) -> None:
    """Let the desks meet: what each did gets its place behind what the others have placed already."""
    for feed in FEEDS:
        for desk in desks:
            _place(desk.store.waiting(feed, 500), desks)


def _place(push: Push | None, desks: tuple[Shop, ...]) -> None:
    for entry in push.entries if push else ():
        place = max(desk.store.cursor(entry.feed) for desk in desks) + 1
        with desks[0].store.read() as connection:
            known = journal.states(connection, entry.stream)
        verdict = judge(known.confirmed if known else empty(entry.stream), entry)
        records = push.records if push else ()
        for desk in desks:
            desk.store.take(Pulled(entry.feed, (Placed(place, entry, verdict),), records, place))


@pytest.fixture(name="share")
def _share() -> Callable[..., None]:
    """Lets desks meet."""
    return share


@pytest.fixture
def actor() -> Callable[..., Actor]:
    """Somebody with these roles."""
    return lambda *roles: Actor("person/" + "-".join(roles), roles, "张三")
