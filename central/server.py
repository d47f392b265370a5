"""The service as a process of its own: one for a data folder, on the loopback address only."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import secrets
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from socket import socket
from types import FrameType
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from central.app import Service
from central.certificate import Certificate, certificate
from central.desks import founding_secret
from central.keeping import FILE, key_name, listen, only_one, own_address, store_key
from central.storage import Storage, open_storage
from desk_app.clock import system_clock
from desk_app.engine import check_writable
from desk_app.log_file import LogFile
from desk_app.sync.wire import LARGEST_BODY
from desk_app.vault import KEY_LENGTH, key_store

log = logging.getLogger(__name__)

LOG = "central.log"
LARGEST_HEAD = 64 * 1024
LARGEST_REQUEST = 2 * LARGEST_BODY
"""Bytes of a request after which nobody reads on: one whose body is merely too large is told so before."""
LONGEST_END = 10  # seconds that requests under way have when the service ends


def run(data: Path, port: int | None, *, network: bool = False, with_parent: bool = False) -> int:
    """Serve until SIGTERM, or with a parent until standard input is closed; return 0 after a good end.

    network: serve desks on other computers too, by TLS. When ready, one line of JSON goes to standard
    output: `address`; with a network `network_address` and `fingerprint` (hex); and until a desk has come
    `founding_secret`.
    Raises OutsideError: 'central.running', 'central.port_taken', 'store.newer', 'store.no_key', and what the
    disk and the key store have to say.
    """
    check_writable(data)
    with only_one(data):
        _log_to(data / LOG)
        keys = key_store()
        name = key_name(data, system_clock)
        key = store_key(data, keys, name, secrets.token_bytes(KEY_LENGTH))
        storage = open_storage(data / FILE, key, system_clock)
        with ExitStack() as sockets:
            doors = [Door(sockets.enter_context(listen(data, port)))]
            if network:
                open_door = sockets.enter_context(listen(data, None, network=True))
                doors.append(Door(open_door, certificate(data, keys, name)))
            _serve(Service(storage, system_clock), doors, _first_line(storage, doors), with_parent)
    return 0


@dataclass(frozen=True)
class Door:
    """A socket that listens; with a certificate TLS is spoken there."""

    listening: socket
    certificate: Certificate | None = None


def _first_line(storage: Storage, doors: Sequence[Door]) -> dict[str, str]:
    line = {"address": "{}:{}".format(*doors[0].listening.getsockname())}
    for door in doors:
        if door.certificate:
            line["network_address"] = f"{own_address()}:{door.listening.getsockname()[1]}"
            line["fingerprint"] = door.certificate.fingerprint.hex()
    founding = founding_secret(storage)
    return {**line, "founding_secret": founding} if founding else line


class Protocol(HttpToolsProtocol):
    """HTTP whose requests end: the parser itself keeps a head, or what follows a body, of any length."""

    _in_head = True
    _received = 0

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._received += len(data)
        if self._received > (LARGEST_HEAD if self._in_head else LARGEST_REQUEST):
            self.transport.abort()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head, self._received = True, 0

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        self._in_head = False


class Server(uvicorn.Server):
    """Tells when it listens, and sends those who wait home before it waits for them to go."""

    def __init__(
        self, service: Service, ready: Callable[[Server], None], certificate: Certificate | None = None
    ) -> None:
        tls: dict[str, Any] = {}
        if certificate:
            tls["ssl_certfile"], tls["ssl_keyfile"] = certificate.certificate, certificate.private_key
            tls["ssl_keyfile_password"] = certificate.password
        # No log of requests: a path may hold a waybill.
        config = uvicorn.Config(
            service.app(),
            http=Protocol,
            ws="none",
            proxy_headers=False,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            timeout_graceful_shutdown=LONGEST_END,
            **tls,
        )
        super().__init__(config)
        self._service = service
        self._ready = ready
        self._ending = asyncio.Event()

    async def startup(self, sockets: list[socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)
        self._ready(self)

    async def main_loop(self) -> None:
        """Sleep until the end; waking ten times a second would cost an old computer for nothing."""
        await self._ending.wait()

    def handle_exit(self, _: int, __: FrameType | None) -> None:
        self.end()

    def end(self) -> None:
        """Finish what is under way, then end; from any thread."""
        self._loop.call_soon_threadsafe(self.wind_up)

    def wind_up(self) -> None:
        """The same from the loop's own thread; also for one that never came to listen."""
        self.should_exit = True
        self._ending.set()
        self._service.heads.stop()


def _serve(service: Service, doors: Sequence[Door], line: dict[str, str], with_parent: bool) -> None:
    try:
        asyncio.run(_serve_all(service, doors, line, with_parent))
    finally:
        service.close()
    log.info("ended")


async def _serve_all(
    service: Service, doors: Sequence[Door], line: dict[str, str], with_parent: bool
) -> None:
    """Serve at every door; when one ends, all do."""
    open_doors: list[Server] = []

    def ready(server: Server) -> None:
        open_doors.append(server)
        if len(open_doors) < len(doors):
            return
        if with_parent:
            threading.Thread(target=_end_with_parent, args=(open_doors,), daemon=True).start()
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()
        log.info("serving on %s", line["address"])

    servers = [Server(service, ready, door.certificate) for door in doors]
    tasks = [
        asyncio.create_task(server.serve([door.listening]))
        for server, door in zip(servers, doors, strict=True)
    ]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for server in servers:
        server.wind_up()
    await asyncio.gather(*tasks)


def _end_with_parent(servers: Sequence[Server]) -> None:
    """Wait until nobody holds the other end of standard input, then end the servers."""
    with contextlib.suppress(OSError):
        while os.read(0, 1024):
            pass
    for server in servers:
        server.end()


def _log_to(path: Path) -> None:
    handler = LogFile(path, logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    logging.getLogger("alembic").setLevel(logging.WARNING)
