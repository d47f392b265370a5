"""The desk's end of the wire: one connection that is kept open, used by one thread at a time."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import http.client
import io
import socket
import ssl
import time
from typing import TypeVar
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


class Client:
    """Speaks to the central service at `address`, such as `127.0.0.1:8765`, for the desk with `token`.

    fingerprint: SHA-256 of the certificate the service has to show; empty for plain HTTP on this computer.
    Where another one answers, `line.not_trusted` is raised before anything is said.

    Every method raises OutsideError `line.cut` where the network fails or is too slow, `central.failed` or
    `line.not_understood` for an answer that is none, and otherwise the problem the service named by its code:
    RuleError where the desk was refused, OutsideError where the service has trouble of its own; for a code
    this version does not know, `line.refused` or `central.failed`.
    """

    def __init__(
        self, address: str, token: str, fingerprint: bytes = b"", patience: float = PATIENCE
    ) -> None:
        place = urlsplit(f"//{address}")
        self._line = _Line(place.hostname or "", place.port or http.client.HTTP_PORT, timeout=patience)
        self._line.fingerprint = fingerprint
        self._token = token
        self._patience = patience
        self._compressor = zstandard.ZstdCompressor(level=1)

    def join(self, code: JoinCode, desk: str, name: str, key: str) -> Joined:
        """Join with a one-time code of this address, without a token.

        desk: the id this desk gave itself; name: what people call it; key: its Ed25519 public key (hex).
        """
        return self._post("join", Join(code.secret, desk, name, key), Joined)

    def hello(self, at: int, seen: dict[str, Seen]) -> Welcome:
        """Say that this desk is here, and what it saw last of each feed; `at` is its clock in µs UTC."""
        return self._post("hello", Hello(PROTOCOL, VERSION, at, seen), Welcome)

    def push(self, push: Push) -> Pushed:
        """Hand entries over; those the service already holds are counted once.

        Raises RuleError `body.too_large` before anything is sent, where fewer entries have to go at once.
        """
        body = msgspec.json.encode(push)
        if len(body) > LARGEST_BODY:
            raise RuleError("body.too_large", most=LARGEST_BODY)
        return self._ask("POST", "/v1/push", body, Pushed)

    def pull(self, feed: str, after: int, limit: int) -> Pulled:
        """The next entries of a feed behind the place `after`, at most `limit`."""
        query = urlencode({"feed": feed, "after": after, "limit": limit})
        return self._ask("GET", f"/v1/pull?{query}", b"", Pulled)

    def wait(self, cursors: dict[str, int]) -> Waited:
        """The feeds that have grown past their cursors; answers as soon as one has, or after WAIT_SECONDS."""
        query = urlencode(cursors)
        return self._ask("GET", f"/v1/wait?{query}", b"", Waited, WAIT_SECONDS)

    def invite(self) -> str:
        """A one-time secret for one more desk of this desk's store."""
        return self._ask("POST", "/v1/invite", b"", Invitation).secret

    def files(self, feed: str, addresses: tuple[str, ...]) -> dict[str, FileHeld]:
        """What the service holds of files of a feed; those that no entry names there are left out."""
        return self._post("files", FilesAsked(feed, addresses), FilesHeld).files

    def put_file(self, feed: str, address: str, start: int, piece: bytes, size: int) -> FileHeld:
        """Hand over the bytes of a file from `start` on, at most `LARGEST_PIECE` of all its `size`."""
        spanned = {"Content-Range": f"bytes {start}-{start + len(piece) - 1}/{size}", "Content-Type": _BYTES}
        return _decoded(self._ask_raw("PUT", _file_path(feed, address), piece, spanned), FileHeld)

    def get_file(self, feed: str, address: str, start: int, most: int) -> bytes:
        """The bytes of a whole file from `start` on, at most `most` and at most `LARGEST_PIECE`."""
        spanned = {"Range": f"bytes={start}-{start + most - 1}"}
        return self._ask_raw("GET", _file_path(feed, address), b"", spanned)

    def desks(self) -> tuple[DeskKnown, ...]:
        """The desks of this desk's store, the oldest first."""
        return self._ask("GET", "/v1/desks", b"", DesksKnown).desks

    def shut_out(self, desk: str) -> tuple[DeskKnown, ...]:
        """Let a desk of this desk's store speak to the service no more; raises RuleError('desk.unknown')."""
        return self._ask("POST", f"/v1/desks/{quote(desk, safe='')}/shut-out", b"", DesksKnown).desks

    def close(self) -> None:
        """Close the connection; the next call makes a new one."""
        self._line.close()

    def abort(self) -> None:
        """From another thread: the call that waits, and every later one, ends with `line.cut`."""
        self._line.abort()

    def _post(self, what: str, message: msgspec.Struct, answer: type[T]) -> T:
        return self._ask("POST", f"/v1/{what}", msgspec.json.encode(message), answer)

    def _ask(self, method: str, path: str, body: bytes, answer: type[T], longer: float = 0) -> T:
        headers = {"Accept-Encoding": "zstd"}
        if body:
            headers["Content-Type"] = "application/json"
        if len(body) > COMPRESS_ABOVE:
            headers["Content-Encoding"] = "zstd"
            body = self._compressor.compress(body)
        return _decoded(self._ask_raw(method, path, body, headers, longer), answer)

    def _ask_raw(
        self, method: str, path: str, body: bytes, headers: dict[str, str], longer: float = 0
    ) -> bytes:
        """The body of a good answer to a body that goes as it is."""
        headers = {"Authorization": f"Bearer {self._token}", **headers}
        try:
            status, found = self._exchange(method, path, body, headers, self._patience + longer)
        except (OSError, http.client.HTTPException) as error:
            self._line.close()
            raise OutsideError("line.cut") from error
        if status not in _GOOD:
            raise _problem(status, found)
        return found

    def _exchange(
        self, method: str, path: str, body: bytes, headers: dict[str, str], seconds: float
    ) -> tuple[int, bytes]:
        """One request and its answer; sent again where the connection had died while it lay idle."""
        used = self._line.sock is not None
        try:
            status, encoding, found = self._carry(method, path, body, headers, seconds)
        except _STALE:
            self._line.close()
            if not used:
                raise
            status, encoding, found = self._carry(method, path, body, headers, seconds)
        return status, _unpacked(found, encoding)

    def _carry(
        self, method: str, path: str, body: bytes, headers: dict[str, str], seconds: float
    ) -> tuple[int, str, bytes]:
        """One request over the line: its answer's status, Content-Encoding and body."""
        self._line.ready(seconds)
        self._line.request(method, path, body, headers)
        response = self._line.getresponse()
        found = _read(response, time.monotonic() + seconds)
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
            with contextlib.suppress(OSError):  # it may be closed, or not connected yet
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


def _decoded(body: bytes, answer: type[T]) -> T:
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
