"""Photographs between real stores and the real service, over real HTTP that is cut wherever it hurts."""

from __future__ import annotations

import contextlib
import hashlib
import os
import random
import shutil
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from central.app import Service
from central.desks import founding_secret
from central.server import Server
from central.storage import open_storage
from desk_app import files as kept
from desk_app import vault
from desk_app.changes import Changes, Origin
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
from desk_app.sync import files
from desk_app.sync.client import Client
from desk_app.sync.exchange import Exchange
from desk_app.sync.files import SMALLEST_PIECE, FileLoop
from desk_app.sync.loop import SyncLoop, SyncState
from desk_app.sync.own_central import OwnCentral
from desk_app.sync.signing import signed
from desk_app.sync.wire import LARGEST_PIECE, FileHeld, JoinCode

KEY = bytes(range(32))
ASKED = setup.Founding("样例店", "Desk A", "林静", "a long password", "270418")
FORM = CaseRequest("repair", "陈晓梅", "13800000001", "", "屏幕摔裂", "", ItemRequest("K12 Pro", "phone"))
PATIENCE = 30
Eventually = Callable[[Callable[[], object]], None]


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
            assert exchange.run(client) is None

    def open_case(self) -> str:
        assert self.by
        return Reception(self.desk).open_case(FORM, self.by).result(PATIENCE).stream

    def photograph(self, case: str, picture: Path) -> str:
        """Take a photograph; the file's address."""
        assert self.by
        self.inspection.photograph(case, 1, [picture], "before", self.by).result(PATIENCE)
        return self.photos(case)[-1].file

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

    def photos(self, case: str) -> Any:
        return Cases(self.desk).view(case).case.items[0].photos

    def read(self, address: str) -> bytes | None:
        return self.store.files.read(address)

    def on_disk(self) -> list[str]:
        return sorted(path.name for path in (self.store.folder / "files").rglob("*") if path.is_file())

    def erase(self, case: str) -> None:
        assert self.by
        customer = Cases(self.desk).view(case).case.customer
        Privacy(self.desk).forget(customer, self.by).result(PATIENCE)


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


class OldPicture(msgspec.Struct):
    """What a photograph's record held in the first version."""

    name: str
    key: bytes
    hash: str


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


def share(first: Running, second: Running) -> None:
    first.sync()
    first.files.round()
    second.sync()


def test_the_preview_is_there_with_the_entry_and_the_photograph_follows(
    desks: tuple[Running, Running, str], picture: Path, centre: Centre
) -> None:
    first, second, case = desks
    address = first.photograph(case, picture)
    first.sync()
    second.sync()
    (photo,) = second.photos(case)
    assert second.inspection.coming([photo]) == {photo.record}
    shown = second.inspection.photo(photo.record)
    assert shown is not None and shown.is_preview and len(shown.data) <= 12_000
    with Image.open(BytesIO(shown.data)) as small:
        assert (small.format, small.size) == ("JPEG", (180, 240))
    assert second.files.round().longest == 0  # asked, not there yet, asked again soon
    assert second.on_disk() == []
    heard: list[Changes] = []
    second.store.listen(heard.append)
    first.files.round()
    second.files.round()
    assert heard == [Changes(frozenset({case}), Origin.SYNC)]
    assert second.inspection.coming([photo]) == frozenset()
    shown = second.inspection.photo(photo.record)
    assert shown is not None and (shown.is_preview, shown.data) == (False, picture.read_bytes())
    assert [path.name for path in centre.on_disk()] == [address]
    assert first.store.files.to_send() == second.store.files.to_send() == ()


def test_a_file_whose_entry_waits_is_sent_after_it(
    desks: tuple[Running, Running, str], picture: Path
) -> None:
    first, _, case = desks
    first.photograph(case, picture)
    first.files.round()
    assert first.moved == []
    first.sync()
    first.files.round()
    assert [move[0] for move in first.moved] == ["put"]
    first.files.round()
    assert len(first.moved) == 1


@given(cuts=st.lists(st.integers(0, 300_000), min_size=1, max_size=5), way=st.sampled_from(["put", "get"]))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_wherever_the_line_is_cut_it_goes_on_exactly_there(
    desks: tuple[Running, Running, str], line: Cutting, cuts: list[int], way: str
) -> None:
    first, second, case = desks
    data = random.Random(str((cuts, way))).randbytes(250_000)
    address = first.take_bytes(case, data)
    first.sync()
    first.moved.clear()
    second.moved.clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "LARGEST_PIECE", 4 * SMALLEST_PIECE)
        if way == "get":
            carry(first, line, [])
            second.sync()
        mover = first if way == "put" else second
        carry(mover, line, [(way, cut) for cut in cuts])
        if way == "put":
            second.sync()
            carry(second, line, [])
    assert first.read(address) == second.read(address) == data
    starts = [(start, start + length) for what, _, start, length in mover.moved if what == way]
    assert starts[0][0] == 0 and starts[-1][1] == len(data)
    # What was answered is never moved again; of an answer that was cut off the desk could not know.
    assert all(start <= before for (_, before), (start, _) in pairwise(starts))
    if way == "get":
        assert all(start == before for (_, before), (start, _) in pairwise(starts))


def carry(desk: Running, line: Cutting, cuts: list[tuple[str, int]]) -> None:
    """Go rounds until nothing is left to move, with a cut in each of the first."""
    for way, cut in cuts:
        line.cut_after(way, cut + 1, times=2)
        desk.files.round()
    line.cut_after("put", 10**9)
    for _ in range(3):
        desk.files.round()


def test_a_slow_line_gets_smaller_pieces(desks: tuple[Running, Running, str], line: Cutting) -> None:
    first, _, case = desks
    first.take_bytes(case, random.Random(1).randbytes(2 * LARGEST_PIECE))
    first.sync()
    for _ in range(2):
        line.cut_after("put", 200_000, times=2)  # a client sends again at once where it is cut
        first.files.round()
    assert first.moved == []
    first.files.round()
    sizes = [length for _, _, _, length in first.moved]
    assert sizes[:3] == [LARGEST_PIECE // 16, LARGEST_PIECE // 8, LARGEST_PIECE // 4]
    assert sum(sizes) == 2 * LARGEST_PIECE


def test_what_a_page_shows_comes_first_else_the_newest(
    desks: tuple[Running, Running, str], clock: Any
) -> None:
    first, second, case = desks
    taken = []
    for number in range(4):
        clock.advance(1_000_000)
        taken.append(first.take_bytes(case, random.Random(number).randbytes(100)))
    share(first, second)
    second.files.want([taken[1]])
    second.files.round()
    assert [address for _, address, _, _ in second.moved] == [taken[1], taken[3], taken[2], taken[0]]


def test_a_page_that_asks_does_not_wait_for_a_large_file(
    desks: tuple[Running, Running, str], clock: Any
) -> None:
    first, second, case = desks
    small = first.take_bytes(case, random.Random(1).randbytes(100))
    clock.advance(1_000_000)
    large = first.take_bytes(case, random.Random(2).randbytes(5 * LARGEST_PIECE))
    share(first, second)
    wishes = iter([None, lambda: second.files.want([small])])
    second.before = lambda _: (next(wishes, None) or (lambda: None))()
    assert second.files.round().longest == 0
    second.files.round()
    moved = [(address, start) for _, address, start, _ in second.moved]
    pieces = [(large, start * LARGEST_PIECE) for start in range(5)]
    assert moved == [*pieces[:2], (small, 0), *pieces[2:]]


def test_only_the_newest_come_unasked(
    desks: tuple[Running, Running, str], clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desk_app.storage.kept.NEWEST", 2)
    first, second, case = desks
    taken = []
    for number in range(4):
        clock.advance(1_000_000)
        taken.append(first.take_bytes(case, random.Random(number).randbytes(100)))
    share(first, second)
    for _ in range(3):
        second.files.round()
    assert [address for _, address, _, _ in second.moved] == [taken[3], taken[2]]
    second.files.want([taken[0]])
    second.files.round()
    assert second.moved[-1][1] == taken[0] and second.read(taken[1]) is None


def test_pieces_are_small_while_somebody_scans(
    desks: tuple[Running, Running, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "BETWEEN_SMALL", 0)
    first, _, case = desks
    first.take_bytes(case, random.Random(1).randbytes(LARGEST_PIECE + 4 * SMALLEST_PIECE))
    first.sync()
    first.files.heard(Changes(frozenset({"parcel/SF1"}), Origin.ACT))
    times = iter([0.0, 0.0, 0.0, 10.0])

    def later(_: str) -> None:
        first.now += next(times, 0.0)

    first.before = later
    first.files.round()
    sizes = [length for _, _, _, length in first.moved]
    assert sizes == [SMALLEST_PIECE] * 4 + [LARGEST_PIECE]


def test_what_comes_from_elsewhere_does_not_make_it_quiet(desks: tuple[Running, Running, str]) -> None:
    first, _, case = desks
    first.take_bytes(case, random.Random(1).randbytes(LARGEST_PIECE))
    first.sync()
    first.files.heard(Changes(frozenset({case}), Origin.SYNC))
    first.files.round()
    assert [length for _, _, _, length in first.moved] == [LARGEST_PIECE]


def test_forty_megabytes_under_way_hold_no_entry_up(
    desks: tuple[Running, Running, str], eventually: Eventually
) -> None:
    """The second piece waits until the entry has been acknowledged: what went behind it would never end."""
    first, _, case = desks
    first.take_bytes(case, random.Random(1).randbytes(40 * LARGEST_PIECE))
    first.sync()
    order: list[str] = []
    acknowledged = threading.Event()

    def before(_: str) -> None:
        if len(order) == 1:
            assert acknowledged.wait(PATIENCE)
        order.append("piece")

    first.before = before
    states: list[SyncState] = []
    loop = SyncLoop(
        first.store,
        first.client,
        first.clock,
        states.append,
        partial(signed, first.private),
        lambda pause: pause / 9,
    )
    first.store.listen(lambda _: loop.poke())
    loop.start()
    first.files.start()
    eventually(lambda: order == ["piece"])
    assert first.by
    Reception(first.desk).add_note(case, "while it is under way", first.by).result(PATIENCE)
    eventually(lambda: first.store.waiting_count() == 0)
    order.append("acknowledged")
    acknowledged.set()
    eventually(lambda: not first.store.files.to_send())
    loop.stop()
    assert order[:2] == ["piece", "acknowledged"] and order[2:] == ["piece"] * (len(order) - 2)
    assert len(order) > 40


def test_a_full_disk_stops_fetching_and_nothing_else(
    desks: tuple[Running, Running, str], picture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, case = desks
    theirs = first.take_bytes(case, b"theirs" * 100)
    share(first, second)
    usage = shutil.disk_usage("/")
    monkeypatch.setattr("desk_app.files.shutil.disk_usage", lambda _: usage._replace(free=kept.SPARE))
    second.files.round()
    assert second.files.trouble == "disk.full"
    assert second.on_disk() == []
    assert second.inspection.coming(second.photos(case))
    ours = second.photograph(case, picture)  # work goes on
    second.sync()
    monkeypatch.setattr(
        kept.shutil, "disk_usage", lambda path: usage if "central" in str(path) else usage._replace(free=0)
    )
    second.files.round()
    assert [move[:2] for move in second.moved if move[0] == "put"] == [("put", ours)]
    monkeypatch.undo()
    second.files.round()
    assert second.files.trouble == "" and second.read(theirs) == b"theirs" * 100


def test_a_full_disk_of_the_service_stops_sending_and_nothing_else(
    desks: tuple[Running, Running, str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    first, second, case = desks
    theirs = first.take_bytes(case, b"theirs" * 100)
    share(first, second)
    ours = second.take_bytes(case, b"ours" * 100)
    second.sync()
    usage = shutil.disk_usage("/")
    monkeypatch.setattr(
        kept.shutil,
        "disk_usage",
        lambda path: usage if "central" not in str(path) else usage._replace(free=0),
    )
    second.files.round()
    assert second.read(theirs) == b"theirs" * 100 and second.files.trouble == ""
    assert [file.address for file in second.store.files.to_send()] == [ours]
    caplog.clear()
    monkeypatch.undo()
    second.files.round()
    assert second.store.files.to_send() == ()


def test_wrong_bytes_are_never_taken_for_the_photograph(
    desks: tuple[Running, Running, str], centre: Centre
) -> None:
    first, second, case = desks
    address = first.take_bytes(case, b"right" * 1000)
    other = first.take_bytes(case, b"other" * 1000)
    share(first, second)
    (path,) = [path for path in centre.on_disk() if path.name == address]
    path.write_bytes(b"wrong" * 1000)
    for _ in range(5):
        second.files.round()
    assert second.on_disk() == [other]
    tries = [move for move in second.moved if move[1] == address]
    assert len(tries) == 3  # and not for ever
    assert second.inspection.coming(second.photos(case))


def test_what_this_desk_s_disk_has_spoiled_is_not_taken_by_the_service(
    desks: tuple[Running, Running, str], centre: Centre
) -> None:
    first, _, case = desks
    address = first.take_bytes(case, b"right" * 1000)
    other = first.take_bytes(case, b"other" * 1000)
    first.sync()
    next((first.store.folder / "files").rglob(address)).write_bytes(b"wrong" * 1000)
    for _ in range(5):
        first.files.round()
    assert [path.name for path in centre.on_disk()] == [other]
    assert len([move for move in first.moved if move[1] == address]) == 0
    assert [file.address for file in first.store.files.to_send()] == [address]


@pytest.mark.parametrize("way", ["put", "get"])
def test_erased_while_it_is_under_way_it_is_nowhere(
    desks: tuple[Running, Running, str], centre: Centre, way: str
) -> None:
    first, second, case = desks
    first.take_bytes(case, random.Random(1).randbytes(3 * LARGEST_PIECE))
    first.sync()
    if way == "get":
        share(first, second)
    mover = first if way == "put" else second
    count = iter(range(9))

    def before(_: str) -> None:
        if next(count) == 1:
            first.erase(case)
            first.sync()
            mover.sync()

    mover.before = before
    mover.files.round()
    mover.before = lambda _: None
    second.sync()
    for desk in (first, second):
        desk.files.round()
        assert desk.on_disk() == []
        assert desk.store.files.to_send() == desk.store.files.to_fetch(()) == ()
    assert centre.on_disk() == []


def test_an_erasure_reaches_every_desk_and_the_service(
    desks: tuple[Running, Running, str], picture: Path, centre: Centre
) -> None:
    first, second, case = desks
    first.photograph(case, picture)
    share(first, second)
    second.files.round()
    assert len(first.on_disk()) == len(second.on_disk()) == len(centre.on_disk()) == 1
    (photo,) = second.photos(case)
    second.erase(case)
    second.sync()
    first.sync()
    assert (first.on_disk(), second.on_disk(), centre.on_disk()) == ([], [], [])
    assert first.inspection.photo(photo.record) is second.inspection.photo(photo.record) is None
    assert first.inspection.coming([photo]) == second.inspection.coming([photo]) == frozenset()
    for desk in (first, second):
        desk.files.round()
        desk.files.want([photo.file])
        desk.files.round()
        assert desk.on_disk() == []


def test_a_photograph_of_the_first_version_opens(desks: tuple[Running, Running, str], picture: Path) -> None:
    """Its record has no preview; its file comes as any other."""

    first, second, case = desks
    box = vault.encrypt_file(picture.read_bytes())

    def decide(act: Any) -> None:
        sealed = act.seal(OldPicture("x.jpg", box.key, box.hash))
        act.add(case, ItemPhotographed(1, sealed.id, box.hash, "before"), sealed)

    first.store.files.keep(box.hash, box.box)
    assert first.by
    first.store.act(decide, first.by, 0).result(PATIENCE)
    share(first, second)
    (photo,) = second.photos(case)
    assert second.inspection.photo(photo.record) is None
    assert second.inspection.coming([photo]) == {photo.record}
    second.files.round()
    shown = second.inspection.photo(photo.record)
    assert shown is not None and shown.data == picture.read_bytes()


@pytest.mark.slow
@pytest.mark.needs_linux
@pytest.mark.logs("is started again")
def test_a_service_killed_under_an_upload_has_it_in_the_end(
    tmp_path: Path, clock: Clock, eventually: Eventually
) -> None:
    """The real processes and threads: photographed at A, seen at B, erased everywhere."""
    with ExitStack() as stack:
        own = OwnCentral(tmp_path / "central", jitter=lambda pause: pause / 100)
        stack.callback(own.stop)
        ready = own.start()
        first, second = join(tmp_path, clock, stack, own.address, ready.founding_secret)
        for desk in (first, second):
            desk.files = FileLoop(desk.store.files, desk.client, lambda pause: pause / 100)
            run(stack, desk)
        case = first.open_case()
        pieces = iter(range(10**6))

        def kill(_: str) -> None:
            if next(pieces) == 2:
                os.kill(own._process._child.pid, signal.SIGKILL)  # type: ignore[union-attr]

        first.before = kill
        data = random.Random(1).randbytes(8 * LARGEST_PIECE)
        address = first.take_bytes(case, data)
        eventually(lambda: second.read(address))
        assert second.read(address) == data
        eventually(lambda: Cases(second.desk).view(case).customer)
        second.erase(case)
        eventually(lambda: first.on_disk() == second.on_disk() == [])
        eventually(lambda: not list((tmp_path / "central").rglob(f"*{address}*")))


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
