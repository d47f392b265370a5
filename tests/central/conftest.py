"""The service on a real socket, desks that speak to it over HTTP, and the service as a process of its own."""

from __future__ import annotations

import http.client
import json
import os
import secrets
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlencode

import msgspec
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from central.app import Service
from central.desks import founding_secret
from central.server import Server
from central.storage import open_storage
from desk_app.domain.entries import Entry, data_of
from desk_app.domain.facts import Fact
from desk_app.ids import new_id
from desk_app.sync.wire import SealedRecord
from desk_app.vault import Sealed

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30
FILE = "central.db"


class Answer(msgspec.Struct):
    status: int
    headers: dict[str, str]
    body: Any

    def good(self) -> Any:
        assert self.status == 200, self.body
        return self.body


def ask(port: int, method: str, path: str, message: object = None, token: str = "", **headers: str) -> Answer:
    """One request; bytes go as they are, everything else as JSON."""
    body = message if message is None or isinstance(message, bytes) else msgspec.json.encode(message)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    if token:
        sent["Authorization"] = f"Bearer {token}"
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
        connection.request(method, path, body, sent)
        response = connection.getresponse()
        text = response.read()
        kept = {name.lower(): value for name, value in response.getheaders()}
    is_plain = "json" in kept.get("content-type", "") and "content-encoding" not in kept
    return Answer(response.status, kept, json.loads(text) if is_plain else text)


class TestDesk:
    """A desk as the service sees it: a token and a running number for each feed."""

    __test__ = False

    def __init__(self, port: int, secret: str, name: str = "Window 1", key: str = "") -> None:
        self.port = port
        self.id = new_id(0)
        self.key = key or secrets.token_hex(32)
        joined = ask(port, "POST", "/v1/join", self.asking(secret, name)).good()
        self.token, self.block, self.store = joined["token"], joined["block"], joined["store"]
        self.feeds, self.epoch = joined["feeds"], joined["epoch"]
        self.numbers: dict[str, int] = {}

    def asking(self, secret: str, name: str = "Window 1") -> dict[str, str]:
        return {"secret": secret, "desk": self.id, "name": name, "key": self.key}

    def entry(self, stream: str, fact: Fact, feed: str = "", **fields: Any) -> Entry:
        """The desk's next entry in a feed (its store's, unless named)."""
        feed = feed or self.store
        self.numbers[feed] = number = self.numbers.get(feed, 0) + 1
        kind, schema, data = data_of(fact)
        envelope = {"number": number, "desk": self.id, "act": f"{new_id(0)}.1.1", "person": "person/P"}
        envelope |= {"at": 1_772_366_400_000_000, "kind": kind, "schema": schema, "data": data}
        return Entry(**({"feed": feed, "stream": stream} | envelope | fields))

    def push(self, *entries: Entry, records: tuple[SealedRecord, ...] = ()) -> Answer:
        feed = entries[0].feed if entries else self.store
        return self.post("/v1/push", {"feed": feed, "entries": entries, "records": records})

    def pull(self, feed: str = "", after: int = 0, limit: int = 500) -> Any:
        query = urlencode({"feed": feed or self.store, "after": after, "limit": limit})
        return self.get(f"/v1/pull?{query}").good()

    def post(self, path: str, message: object = b"", **headers: str) -> Answer:
        return ask(self.port, "POST", path, message, self.token, **headers)

    def get(self, path: str) -> Answer:
        return ask(self.port, "GET", path, token=self.token)

    def wait(self, **cursors: int) -> Answer:
        return self.get("/v1/wait?" + urlencode({self.feed(name): place for name, place in cursors.items()}))

    def feed(self, name: str) -> str:
        return self.store if name == "store" else name

    def invite(self) -> str:
        secret: str = self.post("/v1/invite").good()["secret"]
        return secret

    def second(self, name: str = "Dock 1") -> TestDesk:
        """Another desk, invited by this one."""
        return TestDesk(self.port, self.invite(), name)


class RunningCentral:
    """The service in a thread of this process, on a free port."""

    def __init__(self, data: Path, clock: Callable[[], int], wait_seconds: float) -> None:
        self.data, self.key = data, secrets.token_bytes(32)
        self.storage = open_storage(data / FILE, self.key, clock)
        self.secret = founding_secret(self.storage)
        self.service = Service(self.storage, clock, wait_seconds)
        ready = threading.Event()
        self._server = Server(self.service, lambda _: ready.set())
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],))
        self._thread.start()
        assert ready.wait(PATIENCE)

    def stop(self) -> None:
        self._server.end()
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()
        self._socket.close()
        self.service.close()

    def ask(self, method: str, path: str, message: object = None, **more: str) -> Answer:
        return ask(self.port, method, path, message, **more)

    def first_desk(self, key: str = "") -> TestDesk:
        assert self.secret
        return TestDesk(self.port, self.secret, key=key)


@pytest.fixture
def wait_seconds(request: pytest.FixtureRequest) -> float:
    """How long a long poll lasts; a test that waits for its end names less."""
    return float(getattr(request, "param", PATIENCE))


@pytest.fixture
def central(tmp_path: Path, clock: Callable[[], int], wait_seconds: float) -> Iterator[RunningCentral]:
    running = RunningCentral(tmp_path, clock, wait_seconds)
    yield running
    running.stop()


@pytest.fixture
def desk(central: RunningCentral) -> TestDesk:
    """The first desk of the store."""
    return central.first_desk()


@pytest.fixture
def on_wire() -> Callable[[Sealed, str], SealedRecord]:
    """A sealed record as it travels."""
    return lambda sealed, stream: SealedRecord(sealed.id, stream, sealed.key, sealed.box)


@pytest.fixture
def pages() -> Callable[[Path, bytes], bytes]:
    """Every page of an encrypted file in plain bytes, free pages included; 80 bytes of a page are kept."""

    def decrypt(path: Path, key: bytes) -> bytes:
        content = path.read_bytes()
        plain = b""
        for start in range(0, len(content), 4096):
            page = content[start or 16 : start + 4096]
            cipher = Cipher(algorithms.AES(key), modes.CBC(page[-80:-64])).decryptor()
            plain += cipher.update(page[:-80]) + cipher.finalize()
        return plain

    return decrypt


class CentralProcess:
    """`central.server.run` in a process of its own, its standard input held by this one."""

    def __init__(self, data: Path, port: int | None = None, **environment: str) -> None:
        code = (
            "import sys; from pathlib import Path; from central.server import run; "
            "from desk_app.errors import OutsideError\n"
            f"try: sys.exit(run(Path({str(data)!r}), {port!r}, with_parent=True))\n"
            "except OutsideError as error: sys.exit(f'{error.code} {error.values}')"
        )
        self.process: subprocess.Popen[str] = subprocess.Popen(
            [sys.executable, "-W", "error", "-c", code],
            cwd=ROOT,
            env=os.environ | {"MENDESK_KEYS": str(data.parent / "keys")} | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def ready(self) -> Any:
        """The line it prints when it serves."""
        line = _pipe(self.process.stdout).readline()
        assert line, _pipe(self.process.stderr).read()
        return json.loads(line)

    def port(self) -> int:
        return int(self.ready()["address"].rpartition(":")[2])

    def end(self) -> tuple[int, str]:
        """Let go of its standard input; how it ended and what it complained of."""
        _, complaint = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, complaint.strip()


def _pipe(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., CentralProcess]]:
    """Starts the service as a process on `tmp_path / "data"`, unless another folder is named."""
    with ExitStack() as stack:

        def starting(port: int | None = None, data: Path | None = None, **environment: str) -> CentralProcess:
            running = CentralProcess(data or tmp_path / "data", port, **environment)
            stack.callback(running.process.communicate)
            stack.callback(running.process.kill)
            return running

        yield starting


@pytest.fixture
def join() -> Callable[[int, str], TestDesk]:
    """A desk that joins at a port with a secret."""
    return TestDesk
