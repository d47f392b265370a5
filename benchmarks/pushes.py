"""Signed pushes that were made beforehand, sent as bytes: what is measured is the service, not who asks."""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass

import msgspec
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmarks.entries import entries, told
from desk_app.clock import system_clock
from desk_app.domain.entries import canonical
from desk_app.ids import new_id
from desk_app.signatures import CHAIN_START, grown
from desk_app.sync.client import COMPRESS_ABOVE, Client
from desk_app.sync.own_central import Ready
from desk_app.sync.signing import signed
from desk_app.sync.wire import JoinCode, Push

PIECE = 256 * 1024
GOOD = b"HTTP/1.1 200 "
LENGTH = b"content-length: "


@dataclass(frozen=True)
class Pusher:
    """A desk that joined, and its requests in the order they have to be sent."""

    address: str
    requests: Sequence[bytes]


def pushers(ready: Ready, desks: int, amount: int, size: int, a_push: int) -> list[Pusher]:
    """Desks of one shop, each with so many entries of about `size` bytes, `a_push` in a request."""
    found: list[Pusher] = []
    secret = ready.founding_secret
    for number in range(desks):
        key = Ed25519PrivateKey.generate()
        desk, public = new_id(system_clock()), key.public_key().public_bytes_raw().hex()
        with closing(Client(ready.address, "")) as client:
            joined = client.join(JoinCode(ready.address, b"", secret), desk, f"Window {number}", public)
        with closing(Client(ready.address, joined.token)) as client:
            secret = client.invite()
        every = entries(desk, joined.store, told(f"P{number:03}", amount, size))
        pushes = (Push(joined.store, tuple(every[at : at + a_push])) for at in range(0, amount, a_push))
        requests = [_request(joined.token, push) for push in _signed(key.private_bytes_raw(), pushes)]
        found.append(Pusher(ready.address, requests))
    return found


def _signed(private: bytes, pushes: Iterator[Push]) -> Iterator[Push]:
    head = CHAIN_START
    for push in pushes:
        head = grown(head, map(canonical, push.entries))
        yield signed(private, push, head)


def _request(token: str, push: Push) -> bytes:
    """A push as the product's client sends it."""
    body = msgspec.json.encode(push)
    lines = ["POST /v1/push HTTP/1.1", "Host: central", f"Authorization: Bearer {token}"]
    lines += ["Accept-Encoding: zstd", "Content-Type: application/json"]
    if len(body) > COMPRESS_ABOVE:
        body = zstandard.ZstdCompressor(level=1).compress(body)
        lines.append("Content-Encoding: zstd")
    lines += [f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


def send_all(desks: Sequence[Pusher]) -> tuple[float, list[float]]:
    """Send everything, of each desk the next as soon as it has its answer.

    Returns the seconds all of it took, and the milliseconds from each request to its answer.
    """
    waits: list[float] = []
    with ExitStack() as stack, selectors.DefaultSelector() as ready:
        for desk in desks:
            host, _, port = desk.address.rpartition(":")
            line = stack.enter_context(socket.create_connection((host, int(port))))
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            ready.register(line, selectors.EVENT_READ, _Talk(line, iter(desk.requests), waits))
        began = time.perf_counter()
        for key in list(ready.get_map().values()):
            key.data.send()
        while ready.get_map():
            for key, _ in ready.select():
                if not key.data.go_on():
                    ready.unregister(key.fileobj)
        return time.perf_counter() - began, waits


class _Talk:
    """One desk's connection: a request, its answer, the next."""

    def __init__(self, line: socket.socket, requests: Iterator[bytes], waits: list[float]) -> None:
        self._line, self._requests, self._waits = line, requests, waits
        self._answer = b""
        self._sent = 0.0

    def send(self) -> bool:
        """Send the next request; whether there is one."""
        request = next(self._requests, None)
        if request is None:
            return False
        self._answer, self._sent = b"", time.perf_counter()
        self._line.sendall(request)
        return True

    def go_on(self) -> bool:
        """Read what has come, and where that is all of the answer send the next request."""
        piece = self._line.recv(PIECE)
        self._answer += piece
        head, found, body = self._answer.partition(b"\r\n\r\n")
        if not piece or (found and not head.startswith(GOOD)):
            raise RuntimeError(f"the service answered {self._answer[:500]!r}")
        if not found or len(body) < _length(head):
            return True
        self._waits.append((time.perf_counter() - self._sent) * 1000)
        return self.send()


def _length(head: bytes) -> int:
    return int(head.lower().partition(LENGTH)[2].partition(b"\r\n")[0])
