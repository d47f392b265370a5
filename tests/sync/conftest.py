"""A small central service that speaks the wire over real HTTP and can go wrong, and a journal in memory."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec
import pytest
import zstandard

from desk_app.domain.entries import STANDS, Entry, Standing, Verdict, canonical
from desk_app.signatures import CHAIN_START, grown
from desk_app.sync import wire

"""How long a test waits for what must come; far more than it takes."""

FEED = "store/01"


class SmallCentral:
    """Feeds in memory behind a real port. `faults`: what the next requests of a path suffer, one by one."""

    def __init__(self) -> None:
        self.epoch = "E1"
        self.run = ""
        self.placed: dict[str, list[wire.Placed]] = {"common": [], FEED: []}
        self.refuses: set[int] = set()
        self.faults: dict[str, list[str]] = {}
        self.asked: list[tuple[str, str, dict[str, str], int]] = []
        self.connections = 0
        self.grown = threading.Condition()
        self.slow = threading.Event()
        self._port = 0
        self.start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._port}"

    def start(self) -> None:
        """Listen, on the port of last time where there was one."""
        self._cut = False
        self._server = Listening(("127.0.0.1", self._port), self)
        self._port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def stop(self) -> None:
        """Cut every connection and listen no more."""
        self._server.shutdown()
        with self.grown:
            self._cut = True
            self.grown.notify_all()
        self._server.cut()
        self.slow.set()
        self._server.server_close()
        self._thread.join()

    def add(self, feed: str, *entries: Entry) -> None:
        """Entries of another desk come in."""
        with self.grown:
            for entry in entries:
                self.placed[feed].append(wire.Placed(len(self.placed[feed]) + 1, entry, STANDS))
            self.grown.notify_all()

    def numbers(self, feed: str = FEED) -> list[int]:
        """The numbers of a feed's entries in the home order."""
        return [placed.entry.number for placed in self.placed[feed]]

    def heads(self) -> dict[str, int]:
        return {feed: len(placed) for feed, placed in self.placed.items()}

    def paths(self) -> list[str]:
        """The paths asked for so far, without the long poll."""
        return [path for _, path, _, _ in self.asked if path != "/v1/wait"]

    def hello(self, _: dict[str, str], __: bytes) -> object:
        return wire.Welcome(self.epoch, 0, self.heads(), {}, run=self.run)

    def join(self, _: dict[str, str], body: bytes) -> object:
        asked = msgspec.json.decode(body, type=wire.Join)
        return wire.Joined(f"token of {asked.desk}", "7QK", FEED, ("common", FEED), self.epoch)

    def invite(self, _: dict[str, str], __: bytes) -> object:
        return wire.Invitation("SECRET")

    def push(self, _: dict[str, str], body: bytes) -> object:
        push = msgspec.json.decode(body, type=wire.Push)
        with self.grown:
            receipts = tuple(self._take(push.feed, entry) for entry in push.entries)
            self.grown.notify_all()
        return wire.Pushed(receipts)

    def _take(self, feed: str, entry: Entry) -> wire.Receipt:
        for placed in self.placed[feed]:
            if placed.entry.id == entry.id:
                return wire.Receipt(entry.number, placed.place, placed.verdict)
        verdict = Verdict(Standing.REFUSED, "role.missing") if entry.number in self.refuses else STANDS
        placed = wire.Placed(len(self.placed[feed]) + 1, entry, verdict)
        self.placed[feed].append(placed)
        return wire.Receipt(entry.number, placed.place, verdict)

    def pull(self, query: dict[str, str], _: bytes) -> object:
        feed, after, limit = query["feed"], int(query["after"]), int(query["limit"])
        page = tuple(self.placed[feed][after : after + limit])
        return wire.Pulled(feed, page, (), len(self.placed[feed]), run=self.run)

    def wait(self, query: dict[str, str], _: bytes) -> object:
        def past() -> dict[str, int]:
            return {feed: head for feed, head in self.heads().items() if head > int(query[feed])}

        with self.grown:
            self.grown.wait_for(lambda: self._cut or past(), 5.0)
            if self._cut:  # an answer would come before the line is cut
                raise ConnectionResetError
            return wire.Waited(past())


class Listening(ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = True

    def __init__(self, where: tuple[str, int], central: SmallCentral) -> None:
        self.central = central
        self.open: set[socket.socket] = set()
        super().__init__(where, Handler)

    def cut(self) -> None:
        """Reset every connection."""
        for line in list(self.open):
            reset(line)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Listening

    def setup(self) -> None:
        super().setup()
        self.central = self.server.central
        self.central.connections += 1
        self.server.open.add(self.connection)

    def finish(self) -> None:
        self.server.open.discard(self.connection)
        try:
            super().finish()
        except OSError:
            self.rfile.close()

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:
            self.close_connection = True

    def do_GET(self) -> None:
        self.serve(b"")

    def do_POST(self) -> None:
        packed = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        is_packed = self.headers.get("Content-Encoding") == "zstd"
        self.serve(zstandard.decompress(packed) if is_packed else packed, len(packed))

    def serve(self, body: bytes, size: int = 0) -> None:
        path = urlsplit(self.path).path
        query = dict(parse_qsl(urlsplit(self.path).query))
        self.central.asked.append((self.command, path, dict(self.headers.items()), size))
        faults = self.central.faults.get(path, [])
        fault = faults.pop(0) if faults else ""
        if not fault or fault in ("answer lost", "cut", "slow", "closed"):
            answer = getattr(self.central, path.removeprefix("/v1/"))(query, body)
            getattr(self, "send_" + (fault or "answer").replace(" ", "_"))(msgspec.json.encode(answer))
        else:
            self.send_fault(fault)

    def send_answer(self, body: bytes, status: int = 200) -> None:
        self.send_response(status)
        if len(body) > 1024:
            body = zstandard.compress(body)
            self.send_header("Content-Encoding", "zstd")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def send_answer_lost(self, _: bytes) -> None:
        self.close_connection = True
        reset(self.connection)

    def send_cut(self, body: bytes) -> None:
        """Half of the answer, then nothing."""
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2])
        self.close_connection = True

    def send_closed(self, body: bytes) -> None:
        """The whole answer, then the end of the connection without a word, as after lying idle too long."""
        self.send_answer(body)
        self.close_connection = True

    def send_slow(self, body: bytes) -> None:
        """Byte by byte, until the test says that it has seen enough."""
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        for byte in body:
            self.wfile.write(bytes([byte]))
            if self.central.slow.wait(0.05):
                return

    def send_fault(self, fault: str) -> None:
        """`500`; `garbage`; or `403 a.code`, a problem with its status."""
        status, _, code = fault.partition(" ")
        if fault == "garbage":
            self.send_answer(b"<html>Sign in to the network</html>")
        elif code:
            self.send_answer(
                msgspec.json.encode(wire.Problem(code, "", int(status), {"number": 7})), int(status)
            )
        else:
            self.send_answer(b"Internal Server Error", int(status))

    def log_message(self, *_: Any) -> None:
        """Nothing."""


def reset(line: socket.socket) -> None:
    """End a connection the hard way: the other end gets a reset and not what is on its way."""
    try:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        line.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


class MemoryJournal:
    """A `desk_app.sync.exchange.Journal` in memory; counts what it is told."""

    def __init__(self) -> None:
        self.entries: dict[str, list[Entry]] = {"common": [], FEED: []}
        self.receipts: dict[str, dict[int, wire.Receipt]] = {"common": {}, FEED: {}}
        self.taken: dict[str, list[wire.Placed]] = {"common": [], FEED: []}
        self.pages: list[int] = []
        self.settled: list[tuple[str, dict[str, int], tuple[str, ...]]] = []

    def cursors(self) -> dict[str, int]:
        return {feed: self.cursor(feed) for feed in self.entries}

    def waiting_feeds(self) -> tuple[str, ...]:
        return tuple(feed for feed in self.entries if self.waiting(feed, 1))

    def waiting(self, feed: str, limit: int, after: int = 0) -> wire.Push | None:
        behind = [entry for entry in self.entries[feed] if entry.number > after]
        open_ = [entry for entry in behind if entry.number not in self.receipts[feed]]
        return wire.Push(feed, tuple(open_[:limit])) if open_ else None

    def waiting_count(self) -> int:
        return sum(len(self.entries[feed]) - len(self.receipts[feed]) for feed in self.entries)

    def acknowledge(self, feed: str, receipts: tuple[wire.Receipt, ...]) -> None:
        self.receipts[feed] |= {receipt.number: receipt for receipt in receipts}

    def acknowledged(self) -> dict[str, int]:
        return {feed: max(receipts, default=0) for feed, receipts in self.receipts.items()}

    def cursor(self, feed: str) -> int:
        return self.taken[feed][-1].place if self.taken[feed] else 0

    def take(self, page: wire.Pulled) -> None:
        self.pages.append(len(page.entries))
        self.taken[page.feed].extend(page.entries)

    def chain(self, feed: str) -> bytes:
        return grown(
            CHAIN_START, [canonical(entry) for entry in self.entries[feed][: len(self.receipts[feed])]]
        )

    def last_seen(self) -> dict[str, wire.Seen]:
        ends = {feed: placed[-1] for feed, placed in self.taken.items() if placed}
        return {feed: wire.Seen(end.place, end.entry.desk, end.entry.number) for feed, end in ends.items()}

    def settle(self, epoch: str, numbers: dict[str, int], astray: tuple[str, ...]) -> None:
        self.settled.append((epoch, numbers, astray))
        for feed in astray:
            self.taken[feed].clear()
            self.receipts[feed] = {
                number: receipt for number, receipt in self.receipts[feed].items() if number <= numbers[feed]
            }

    def outdated(self) -> tuple[str, ...]:
        return ()

    def loads(self) -> dict[str, wire.Load]:
        return dict.fromkeys(self.entries, wire.Load(0, 0))

    def begin_load(self, feed: str, head: int, run: str) -> None:
        raise AssertionError("a short feed is read from its first entry")

    def take_states(self, page: wire.Snapshot, at: int, is_load: bool) -> None:
        raise AssertionError("nobody asked for states")

    def wanted(self) -> dict[str, tuple[str, ...]]:
        return {}

    def not_there(self, streams: tuple[str, ...]) -> None:
        raise AssertionError("nobody asked for streams")

    def let_go(self, at: int) -> bool:
        return False

    def write(self, feed: str, *entries: Entry) -> None:
        self.entries[feed].extend(entries)


@pytest.fixture
def central() -> Iterator[SmallCentral]:
    """The small central service, listening."""
    service = SmallCentral()
    yield service
    service.stop()


@pytest.fixture
def journal() -> MemoryJournal:
    return MemoryJournal()


@pytest.fixture
def entry() -> Callable[..., Entry]:
    """Makes an entry by its number."""

    def make(number: int, desk: str = "A", feed: str = FEED, **data: object) -> Entry:
        return Entry(
            feed=feed,
            stream="case/01",
            desk=desk,
            number=number,
            act=f"{number}.1.1",
            schema=1,
            person="person/01",
            at=number,
            kind="case.noted",
            data={"record": "r", **data},
        )

    return make
