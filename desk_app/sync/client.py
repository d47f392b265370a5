"""The desk's end of the wire: one connection that is kept open, used by one thread at a time."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import io
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar
from urllib.parse import quote, urlencode, urlsplit

import msgspec
import zstandard

from desk_app import VERSION
from desk_app.errors import OutsideError, RuleError, ShownError
from desk_app.refusals import SENTENCES
from desk_app.sync.wire import (
    LARGEST_BODY,
    PROTOCOL,
    WAIT_SECONDS,
    CodeFound,
    DeskKnown,
    DesksKnown,
    FileHeld,
    FilesAsked,
    FilesHeld,
    Hello,
    Invitation,
    Join,
    JoinCode,
    Joined,
    Problem,
    Pulled,
    Push,
    Pushed,
    Seen,
    Snapshot,
    StatesAsked,
    StreamFound,
    Waited,
    Welcome,
)

PATIENCE = 10.0
"""Seconds an answer may take."""

COMPRESS_ABOVE = 1024
LARGEST_ANSWER = 8 * LARGEST_BODY
_PIECE = 64 * 1024
_BYTES = "application/octet-stream"
_GOOD = (http.client.OK, http.client.PARTIAL_CONTENT)

_STALE = (http.client.RemoteDisconnected, ConnectionError)
"""How a connection answers that the other end closed while it lay idle."""

T = TypeVar("T")


@dataclass(frozen=True)
class Request(Generic[T]):
    """What a `Client` can send; `read` makes of a good answer's body what was asked for.

    seconds: how long each piece of the answer may take, and all of its body.
    """

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    seconds: float
    read: Callable[[bytes], T]


class Client:
    """Speaks to the central service at `address`, such as `127.0.0.1:8765`, for the desk with `token`.

    fingerprint: SHA-256 of the certificate the service has to show; empty for plain HTTP on this computer.
    Where another one answers, `line.not_trusted` is raised before anything is said.

    Every method raises OutsideError `line.cut` where the network fails or is too slow, `central.failed` or
    `line.not_understood` for an answer that is none, and otherwise the problem the service named by its code:
    RuleError where the desk was refused, OutsideError where the service has trouble of its own; for a code
    this version does not know, `line.refused` or `central.failed`.

    `send` and `answer` are the two halves of `ask`, for what can be done while the service works. There is
    one request at a time: one whose answer nobody read goes with its connection when the next is sent.
    """

    def __init__(
        self, address: str, token: str, fingerprint: bytes = b"", patience: float = PATIENCE
    ) -> None:
        place = urlsplit(f"//{address}")
        self._line = _Line(place.hostname or "", place.port or http.client.HTTP_PORT, timeout=patience)
        self._line.fingerprint = fingerprint
        self._token = token
        self._patience = patience
        self._unanswered: Request[Any] | None = None
        self._may_be_stale = False
        self._compressor = zstandard.ZstdCompressor(level=1)

    def join(self, code: JoinCode, desk: str, name: str, key: str) -> Joined:
        """Join with a one-time code of this address, without a token.

        desk: the id this desk gave itself; name: what people call it; key: its Ed25519 public key (hex).
        """
        return self._post("join", Join(code.secret, desk, name, key), Joined)

    def hello(self, at: int, seen: dict[str, Seen]) -> Welcome:
        """Say that this desk is here, and what it saw last of each feed; `at` is its clock in µs UTC."""
        return self._post("hello", Hello(PROTOCOL, VERSION, at, seen), Welcome)

    def pushing(self, push: Push) -> Request[Pushed]:
        """Hand entries over; those the service already holds are counted once.

        Raises RuleError `body.too_large` where fewer entries have to go at once.
        """
        body = msgspec.json.encode(push)
        if len(body) > LARGEST_BODY:
            raise RuleError("body.too_large", most=LARGEST_BODY)
        return self._request("POST", "/v1/push", body, Pushed)

    def pulling(self, feed: str, after: int, limit: int, since: int = 0) -> Request[Pulled]:
        """Ask for the next entries of a feed behind the place `after`, at most `limit`.

        since: the place up to which the feed was loaded by states.
        """
        asked = {"feed": feed, "after": after, "limit": limit}
        query = urlencode(asked | {"since": since} if since else asked)
        return self._request("GET", f"/v1/pull?{query}", b"", Pulled)

    def pull(self, feed: str, after: int, limit: int, since: int = 0) -> Pulled:
        """The next entries of a feed behind the place `after`, at most `limit`; since: as in `pulling`."""
        return self.ask(self.pulling(feed, after, limit, since))

    def snapshot(self, feed: str, up_to: int, limit: int, kind: str = "") -> Snapshot:
        """States of a feed from the place `up_to` downwards, at most `limit`; of one kind, or of all."""
        query = urlencode({"feed": feed, "up_to": up_to, "limit": limit, "kind": kind})
        return self.ask(self._request("GET", f"/v1/snapshot?{query}", b"", Snapshot))

    def states(self, feed: str, streams: tuple[str, ...]) -> Snapshot:
        """The states of these streams of a feed, as far as there are any."""
        return self._post("states", StatesAsked(feed, streams), Snapshot)

    def find(self, code: str) -> tuple[StreamFound, ...]:
        """The streams a code names, in all feeds of the service."""
        path = f"/v1/codes/{quote(code, safe='')}"
        return self.ask(self._request("GET", path, b"", CodeFound)).streams

    def wait(self, cursors: dict[str, int]) -> Waited:
        """The feeds that have grown past their cursors; answers as soon as one has, or after WAIT_SECONDS."""
        query = urlencode(cursors)
        return self.ask(self._request("GET", f"/v1/wait?{query}", b"", Waited, WAIT_SECONDS))

    def invite(self) -> str:
        """A one-time secret for one more desk of this desk's store."""
        return self.ask(self._request("POST", "/v1/invite", b"", Invitation)).secret

    def files(self, feed: str, addresses: tuple[str, ...]) -> dict[str, FileHeld]:
        """What the service holds of files of a feed; those that no entry names there are left out."""
        return self._post("files", FilesAsked(feed, addresses), FilesHeld).files

    def put_file(self, feed: str, address: str, start: int, piece: bytes, size: int) -> FileHeld:
        """Hand over the bytes of a file from `start` on, at most `LARGEST_PIECE` of all its `size`."""
        spanned = {"Content-Range": f"bytes {start}-{start + len(piece) - 1}/{size}", "Content-Type": _BYTES}
        read = partial(_decoded, FileHeld)
        return self.ask(self._raw("PUT", _file_path(feed, address), piece, spanned, read))

    def get_file(self, feed: str, address: str, start: int, most: int) -> bytes:
        """The bytes of a whole file from `start` on, at most `most` and at most `LARGEST_PIECE`."""
        spanned = {"Range": f"bytes={start}-{start + most - 1}"}
        return self.ask(self._raw("GET", _file_path(feed, address), b"", spanned, bytes))

    def desks(self) -> tuple[DeskKnown, ...]:
        """The desks of this desk's store, the oldest first."""
        return self.ask(self._request("GET", "/v1/desks", b"", DesksKnown)).desks

    def shut_out(self, desk: str) -> tuple[DeskKnown, ...]:
        """Let a desk of this desk's store speak to the service no more; raises RuleError('desk.unknown')."""
        path = f"/v1/desks/{quote(desk, safe='')}/shut-out"
        return self.ask(self._request("POST", path, b"", DesksKnown)).desks

    def ask(self, request: Request[T]) -> T:
        """Send a request and wait for its answer."""
        self.send(request)
        return self.answer(request)

    def send(self, request: Request[Any]) -> None:
        """Send a request and do not wait for its answer."""
        if self._unanswered:
            self.close()
        self._unanswered, self._may_be_stale = request, self._line.sock is not None
        with self._failing():
            try:
                self._send(request)
            except _STALE as error:
                self._send_anew(request, error)

    def answer(self, request: Request[T]) -> T:
        """Wait for the answer to the request that was sent last."""
        assert request is self._unanswered
        with self._failing():
            try:
                status, encoding, body = self._receive(request)
            except _STALE as error:
                self._send_anew(request, error)
                status, encoding, body = self._receive(request)
            found = _unpacked(body, encoding)
        self._unanswered = None
        if status not in _GOOD:
            raise _problem(status, found)
        return request.read(found)

    def close(self) -> None:
        """Close the connection; the next call makes a new one."""
        self._unanswered = None
        self._line.close()

    def abort(self) -> None:
        """From another thread: the call that waits, and every later one, ends with `line.cut`."""
        self._line.abort()

    def _post(self, what: str, message: msgspec.Struct, answer: type[T]) -> T:
        return self.ask(self._request("POST", f"/v1/{what}", msgspec.json.encode(message), answer))

    def _request(self, method: str, path: str, body: bytes, answer: type[T], longer: float = 0) -> Request[T]:
        headers = {"Accept-Encoding": "zstd"}
        if body:
            headers["Content-Type"] = "application/json"
        if len(body) > COMPRESS_ABOVE:
            headers["Content-Encoding"] = "zstd"
            body = self._compressor.compress(body)
        return self._raw(method, path, body, headers, partial(_decoded, answer), longer)

    def _raw(
        self,
        method: str,
        path: str,
        body: bytes,
        headers: dict[str, str],
        read: Callable[[bytes], T],
        longer: float = 0,
    ) -> Request[T]:
        """A request whose body goes as it is."""
        headers = {"Authorization": f"Bearer {self._token}", **headers}
        return Request(method, path, headers, body, self._patience + longer, read)

    @contextmanager
    def _failing(self) -> Iterator[None]:
        """While the line is in use: what goes wrong with it closes it."""
        try:
            yield
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise OutsideError("line.cut") from error

    def _send_anew(self, request: Request[Any], error: Exception) -> None:
        """Send once more, where the connection may have died while it lay idle; else raise the error."""
        if not self._may_be_stale:
            raise error
        self._may_be_stale = False
        self._line.close()
        self._send(request)

    def _send(self, request: Request[Any]) -> None:
        self._line.ready(request.seconds)
        self._line.request(request.method, request.path, request.body, request.headers)

    def _receive(self, request: Request[Any]) -> tuple[int, str, bytes]:
        """The answer's status, Content-Encoding and body; what waited in the line meanwhile is in time."""
        response = self._line.getresponse()
        found = _read(response, time.monotonic() + request.seconds)
        return response.status, response.getheader("Content-Encoding", ""), found


class _Line(http.client.HTTPConnection):
    """A connection that another thread can end, also while it is being made."""

    fingerprint = b""
    _aborted = False
    _socket: socket.socket | None = None

    def ready(self, seconds: float) -> None:
        """Be connected, and wait for each piece of an answer at most `seconds`."""
        if self.sock is None:
            self.connect()
        self.sock.settimeout(seconds)

    def connect(self) -> None:
        """Try the addresses of the host one after the other; raises OSError where none answers."""
        failure = OSError("no address")
        for family, kind, protocol, _, where in socket.getaddrinfo(
            self.host, self.port, type=socket.SOCK_STREAM
        ):
            self._socket = socket.socket(family, kind, protocol)
            try:
                self._connect(self._socket, where)
                self.sock = self._trusted(self._socket)
            except OSError as error:
                self._socket.close()
                failure = error
            else:
                return
        raise failure

    def _trusted(self, line: socket.socket) -> socket.socket:
        """The line itself, or TLS over it with the one certificate that is trusted."""
        if not self.fingerprint:
            return line
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.check_hostname = False  # the certificate is known by its fingerprint
        context.verify_mode = ssl.CERT_NONE
        self._socket = wrapped = context.wrap_socket(line)
        shown = hashlib.sha256(wrapped.getpeercert(binary_form=True) or b"").digest()
        if not hmac.compare_digest(shown, self.fingerprint):
            wrapped.close()
            raise OutsideError("line.not_trusted")
        return wrapped

    def _connect(self, line: socket.socket, where: tuple[object, ...]) -> None:
        line.settimeout(self.timeout)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._aborted:
            raise ConnectionAbortedError
        line.connect(where)

    def abort(self) -> None:
        """Wake whoever reads or connects with an error; no connection is made from now on."""
        self._aborted = True
        line = self._socket
        if line is not None:
            with suppress(OSError):  # it may be closed, or not connected yet
                line.shutdown(socket.SHUT_RDWR)


def _read(response: http.client.HTTPResponse, until: float) -> bytes:
    """The body; raises OSError where it is not here at `until` (monotonic seconds) or has no end."""
    body = bytearray()
    while piece := response.read1(_PIECE):
        body += piece
        if time.monotonic() > until or len(body) > LARGEST_ANSWER:
            raise OSError("the answer is too slow or too large")
    if response.length:
        raise http.client.IncompleteRead(bytes(body), response.length)
    response.close()  # read1() leaves it open, and the connection would carry no other request
    return bytes(body)


def _unpacked(body: bytes, encoding: str) -> bytes:
    if encoding != "zstd":
        return body
    try:
        return zstandard.ZstdDecompressor().stream_reader(io.BytesIO(body)).read(LARGEST_ANSWER)
    except zstandard.ZstdError as error:
        raise http.client.HTTPException("not the zstd it says it is") from error


def _decoded(answer: type[T], body: bytes) -> T:
    try:
        return msgspec.json.decode(body, type=answer)
    except msgspec.DecodeError as error:
        raise OutsideError("line.not_understood") from error


def _file_path(feed: str, address: str) -> str:
    return f"/v1/files/{address}?{urlencode({'feed': feed})}"


def _problem(status: int, body: bytes) -> ShownError:
    failed = status >= http.client.INTERNAL_SERVER_ERROR
    try:
        problem = msgspec.json.decode(body, type=Problem)
    except msgspec.DecodeError:
        return OutsideError("central.failed" if failed else "line.not_understood")
    if problem.type not in SENTENCES:  # a newer service's; nobody here could say it
        return OutsideError("central.failed") if failed else RuleError("line.refused")
    return (OutsideError if failed else RuleError)(problem.type, **problem.values)
