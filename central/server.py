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
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from socket import socket
from types import FrameType

import uvicorn

from central.app import Service
from central.desks import founding_secret
from central.keeping import FILE, listen, only_one, store_key
from central.storage import open_storage
from desk_app.clock import system_clock
from desk_app.engine import check_writable
from desk_app.vault import KEY_LENGTH, key_store

log = logging.getLogger(__name__)

LOG = "central.log"
LARGEST_LOG = 1024 * 1024
OLDER_LOGS = 3
LONGEST_END = 10  # seconds that requests under way have when the service ends


def run(data: Path, port: int | None, *, with_parent: bool = False) -> int:
    """Serve until SIGTERM, or with a parent until standard input is closed; return 0 after a good end.

    When ready, one line of JSON goes to standard output: `address`, and until a desk has come
    `founding_secret`.
    Raises OutsideError: 'central.running', 'central.port_taken', 'store.newer', 'store.no_key', and what the
    disk and the key store have to say.
    """
    check_writable(data)
    with only_one(data):
        _log_to(data / LOG)
        key = store_key(data, key_store(), system_clock, secrets.token_bytes(KEY_LENGTH))
        storage = open_storage(data / FILE, key, system_clock)
        with listen(data, port) as listening:
            ready = {"address": "{}:{}".format(*listening.getsockname())}
            founding = founding_secret(storage)
            if founding:
                ready["founding_secret"] = founding
            _serve(Service(storage, system_clock), listening, ready, with_parent)
    return 0


class Server(uvicorn.Server):
    """Tells when it listens, and sends those who wait home before it waits for them to go."""

    def __init__(self, service: Service, ready: Callable[[Server], None]) -> None:
        # No log of requests: a path may hold a waybill.
        config = uvicorn.Config(
            service.app(),
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            timeout_graceful_shutdown=LONGEST_END,
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
        self._loop.call_soon_threadsafe(self._end)

    def _end(self) -> None:
        self.should_exit = True
        self._ending.set()
        self._service.heads.stop()


def _serve(service: Service, listening: socket, line: dict[str, str], with_parent: bool) -> None:
    def ready(server: Server) -> None:
        if with_parent:
            threading.Thread(target=_end_with_parent, args=(server,), daemon=True).start()
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()
        log.info("serving on %s", line["address"])

    try:
        Server(service, ready).run([listening])
    finally:
        service.close()
    log.info("ended")


def _end_with_parent(server: Server) -> None:
    """Wait until nobody holds the other end of standard input, then end the server."""
    with contextlib.suppress(OSError):
        while os.read(0, 1024):
            pass
    server.end()


def _log_to(path: Path) -> None:
    handler = RotatingFileHandler(path, maxBytes=LARGEST_LOG, backupCount=OLDER_LOGS, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    logging.getLogger("alembic").setLevel(logging.WARNING)
