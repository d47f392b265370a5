"""Two real desks of one store, the real service in a thread, and a line that is cut where it hurts."""

from __future__ import annotations

import contextlib
import hashlib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PIL import Image

from central.app import Service
from central.desks import founding_secret
from central.server import Server
from central.storage import open_storage
from desk_app.clock import Clock
from desk_app.domain.facts import ItemPhotographed
from desk_app.domain.people import Actor
from desk_app.services import setup
from desk_app.services.cases import Cases
from desk_app.services.desk import Desk
from desk_app.services.inspection import Inspection, Picture
from desk_app.services.privacy import Privacy
from desk_app.services.reception import Reception
from desk_app.services.views import CaseRequest, ItemRequest
from desk_app.storage.store import Store
from desk_app.sync.client import Client
from desk_app.sync.exchange import Exchange
from desk_app.sync.files import FileLoop
from desk_app.sync.loop import SyncLoop
from desk_app.sync.own_central import OwnCentral
from desk_app.sync.signing import signed
from desk_app.sync.wire import FileHeld, JoinCode

KEY = bytes(range(32))
ASKED = setup.Founding("样例店", "Desk A", "林静", "a long password", "270418")
FORM = CaseRequest("repair", "陈晓梅", "13800000001", "", "屏幕摔裂", "", ItemRequest("K12 Pro", "phone"))
PATIENCE = 30


class Noting(Client):
    """The product's client; notes what it moves, and does something before each piece."""

    moved: list[tuple[str, str, int, int]]
    before: Callable[[str], object]

    def put_file(self, feed: str, address: str, start: int, piece: bytes, size: int) -> FileHeld:
        self.before("put")
        held = super().put_file(feed, address, start, piece, size)
        self.moved.append(("put", address, start, len(piece)))
        return held

    def get_file(self, feed: str, address: str, start: int, most: int) -> bytes:
        self.before("get")
        piece = super().get_file(feed, address, start, most)
        self.moved.append(("get", address, start, len(piece)))
        return piece


@dataclass
class Running:
    """A desk: its store, and a loop for files that goes a round when it is told to."""

    store: Store
    clock: Clock
    address: Callable[[], str]
    token: str = ""
    private: bytes = field(default_factory=lambda: Ed25519PrivateKey.generate().private_bytes_raw())
    moved: list[tuple[str, str, int, int]] = field(default_factory=list)
    before: Callable[[str], object] = lambda _: None
    now: float = 1000.0
    by: Actor | None = None

    def __post_init__(self) -> None:
        self.files = FileLoop(self.store.files, self.client, lambda pause: 0.0, lambda: self.now)
        self.desk = Desk(self.store, self.clock)
        self.inspection = Inspection(self.desk)

    def enter(self, address: str, secret: str) -> setup.Enter:
        def enter(desk: str, name: str) -> setup.Welcome:
            key = Ed25519PrivateKey.from_private_bytes(self.private).public_key().public_bytes_raw().hex()
            with closing(Client(address, "")) as client:
                joined = client.join(JoinCode(address, b"", secret), desk, name, key)
            self.token = joined.token
            return setup.Welcome(joined.block, joined.store, joined.feeds, address, key)

        return enter

    def client(self) -> Client:
        made = Noting(self.address(), self.token)
        made.moved, made.before = self.moved, lambda what: self.before(what)
        return made

    def sync(self) -> None:
        """Push what waits and pull what is new."""
        exchange = Exchange(self.store, self.clock, partial(signed, self.private))
        with closing(self.client()) as client:
            exchange.greet(client)
            assert exchange.run(client, self.store.waiting_feeds()) is None

    def open_case(self) -> str:
        assert self.by
        return Reception(self.desk).open_case(FORM, self.by).result(PATIENCE).stream

    def photograph(self, case: str, picture: Path) -> str:
        """Take a photograph; the file's address."""
        assert self.by
        self.inspection.photograph(case, 1, [picture], "before", self.by).result(PATIENCE)
        return str(self.photos(case)[-1].file)

    def take_bytes(self, case: str, data: bytes) -> str:
        """As a photograph, whatever the bytes are; the file's address."""
        address = hashlib.sha256(data).hexdigest()

        def decide(act: Any) -> None:
            sealed = act.seal(Picture("x.jpg", bytes(32), address))
            act.add(case, ItemPhotographed(1, sealed.id, address, "before"), sealed)

        assert self.by
        self.store.files.keep(address, data)
        self.store.act(decide, self.by, self.clock()).result(PATIENCE)
        return address

    def case(self, case: str) -> Any:
        return Cases(self.desk).view(case).case

    def photos(self, case: str) -> Any:
        return self.case(case).items[0].photos

    def read(self, address: str) -> bytes | None:
        return self.store.files.read(address)

    def on_disk(self) -> list[str]:
        return sorted(path.name for path in (self.store.folder / "files").rglob("*") if path.is_file())

    def erase(self, case: str) -> None:
        assert self.by
        customer = Cases(self.desk).view(case).case.customer
        Privacy(self.desk, all_is_here).forget(customer, self.by).result(PATIENCE)


def all_is_here(_codes: tuple[str, ...]) -> NoReturn:
    raise AssertionError("nothing of the desk has left it")


class Centre:
    """The service in a thread of this process; `address` is where desks find it."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.folder = folder
        self.storage = open_storage(folder / "central.db", KEY, clock)
        self.secret = founding_secret(self.storage) or ""
        self.service = Service(self.storage, clock)
        ready = threading.Event()
        self._server = Server(self.service, lambda _: ready.set())
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.address = f"127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],))
        self._thread.start()
        assert ready.wait(PATIENCE)

    def stop(self) -> None:
        self._server.end()
        self._thread.join(PATIENCE)
        self._socket.close()
        self.service.close()

    def on_disk(self) -> list[Path]:
        """All files of photographs, when the thread of the files has done what it was asked to."""
        self.service._files.submit(lambda: None).result(PATIENCE)
        return [path for path in (self.folder / "files").rglob("*") if path.is_file()]


class Cutting:
    """A line to the service that is cut once so many bytes have gone over it, one way or the other."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._door = socket.create_server(("127.0.0.1", 0))
        self.address = "127.0.0.1:{}".format(*self._door.getsockname()[1:2])
        self._ends: list[socket.socket] = []
        self._left: int | None = None
        self._again: list[int] = []
        self._way = ""
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()
        self.cuts = 0

    def cut_after(self, way: str, count: int, times: int = 1) -> None:
        """Cut when `count` more bytes have gone to (`put`) or come from (`get`) the service."""
        with self._lock:
            self._way, self._left, self._again = way, count, [count] * (times - 1)

    def stop(self) -> None:
        self._door.shutdown(socket.SHUT_RDWR)
        for end in self._ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(PATIENCE)
        for end in (self._door, *self._ends):
            end.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                desk, _ = self._door.accept()
                service = socket.create_connection(("127.0.0.1", self._port))
                self._ends += [desk, service]
                for ends in ((desk, service, "put"), (service, desk, "get")):
                    thread = threading.Thread(target=self._pump, args=ends, daemon=True)
                    self._threads.append(thread)
                    thread.start()

    def _pump(self, source: socket.socket, sink: socket.socket, way: str) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(8192):
                sink.sendall(data[: self._allowed(way, len(data))])
                if self._left == 0:
                    self.cuts += 1
                    self._left = self._again.pop() if self._again else None
                    break
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _allowed(self, way: str, count: int) -> int:
        with self._lock:
            if self._left is None or way != self._way:
                return count
            allowed = min(count, self._left)
            self._left -= allowed
            return allowed


@pytest.fixture
def centre(tmp_path: Path, clock: Clock) -> Iterator[Centre]:
    (tmp_path / "central").mkdir()
    made = Centre(tmp_path / "central", clock)
    yield made
    made.stop()


@pytest.fixture
def line(centre: Centre) -> Iterator[Cutting]:
    made = Cutting(centre.port)
    yield made
    made.stop()


def join(
    tmp_path: Path, clock: Clock, stack: ExitStack, address: Callable[[], str], secret: str
) -> tuple[Running, Running]:
    """Two desks of one store."""
    first, second = (Running(Store(tmp_path / name, KEY), clock, address) for name in "ab")
    for desk in (first, second):
        stack.callback(desk.store.close)
        stack.callback(desk.files._line.drop)
        stack.callback(desk.files.stop)
    _, first.by = setup.found(first.store, clock, ASKED, first.enter(address(), secret))
    with closing(first.client()) as client:
        invited = client.invite()
    setup.join(second.store, clock, "Desk B", second.enter(address(), invited))
    second.by = first.by
    return first, second


@pytest.fixture
def desks(
    tmp_path: Path, clock: Clock, centre: Centre, line: Cutting
) -> Iterator[tuple[Running, Running, str]]:
    """Two desks, and a case both have."""
    with ExitStack() as stack:
        first, second = join(tmp_path, clock, stack, lambda: line.address, centre.secret)
        case = first.open_case()
        first.sync()
        second.sync()
        yield first, second, case


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "photo.jpg"
    Image.effect_noise((900, 1200), 90).save(path, quality=90)
    assert path.stat().st_size > 400_000
    return path


@pytest.fixture
def running(tmp_path: Path, clock: Clock) -> Iterator[Callable[[OwnCentral], tuple[Running, Running]]]:
    """Two desks that join a service's own process and sync on their own threads, as the program does."""
    with ExitStack() as stack:

        def begin(own: OwnCentral) -> tuple[Running, Running]:
            ready = own.start()
            first, second = join(tmp_path, clock, stack, own.address, ready.founding_secret)
            for desk in (first, second):
                desk.files = FileLoop(desk.store.files, desk.client, lambda pause: pause / 100)
                run(stack, desk)
            return first, second

        yield begin


def run(stack: ExitStack, desk: Running) -> None:
    """Let a desk sync on its own threads, as the program does."""
    sign = partial(signed, desk.private)
    loop = SyncLoop(
        desk.store, desk.client, desk.clock, lambda _: desk.files.poke(), sign, lambda pause: pause / 100
    )
    desk.store.listen(lambda _: loop.poke())
    desk.store.listen(desk.files.heard)
    loop.start()
    desk.files.start()
    stack.callback(desk.files.stop)
    stack.callback(loop.stop)


@pytest.fixture
def share() -> Callable[[Running, Running], None]:
    """What the first desk did is sent with its files, and known at the second."""

    def sharing(first: Running, second: Running) -> None:
        first.sync()
        first.files.round()
        second.sync()

    return sharing
