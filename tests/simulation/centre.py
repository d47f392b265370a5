"""The central service's computer: the production service as it is, its work done in virtual time."""

from __future__ import annotations

import asyncio
import shutil
from collections import deque
from collections.abc import Callable, MutableMapping
from concurrent.futures import Executor, Future
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from computer import Power
from network import Answer, Request
from starlette.types import Message
from virtual import SECOND, Time, Work

import central.storage
from central.app import Service
from central.storage import Storage
from desk_app.engine import open_engine

FILE = "central.db"
SLOWEST_WORK = 0.08
READS_BETWEEN = 0.5
"""How often a page is read between two commits, where somebody asks for one at that time."""


class Loop(asyncio.SelectorEventLoop):
    """An event loop whose time is the virtual one; `turn` does all that can be done now."""

    def __init__(self, time: Time) -> None:
        self._virtual = time
        super().__init__()

    def time(self) -> float:
        return self._virtual.now / SECOND

    def call_at(
        self, when: float, callback: Callable[..., object], *args: Any, **more: Any
    ) -> asyncio.TimerHandle:
        handle = super().call_at(when, callback, *args, **more)
        self._virtual.after(max(0.0, when - self.time()) + 0.001, self.turn)
        return handle

    def turn(self) -> None:
        if self.is_running() or self.is_closed():
            return
        self.call_soon(self.stop)
        self.run_forever()
        while self._ready:  # type: ignore[attr-defined]
            self.call_soon(self.stop)
            self.run_forever()


class Steps(Executor):
    """Work that is done one piece after the other, each when the time has come."""

    def __init__(self, time: Time, chance: Random, do: Callable[[Work], None]) -> None:
        self._time = time
        self._chance = chance
        self._do = do
        self._waiting: deque[Work] = deque()

    def submit(self, work: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self._waiting.append(lambda: _settle(future, partial(work, *arguments, **named)))
        self._time.after(self._chance.uniform(0.0, SLOWEST_WORK), self.step)
        return future

    def step(self) -> None:
        if self._waiting:
            self._do(self._waiting.popleft())

    def step_inside(self) -> None:
        """Do the next piece in the midst of another one."""
        if self._waiting:
            self._waiting.popleft()()

    def drop(self) -> None:
        self._waiting.clear()


def _settle(future: Future[Any], work: Callable[[], Any]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        result = work()
    except BaseException as error:
        future.set_exception(error)
    else:
        future.set_result(result)


class Centre:
    """The service's computer. `bugs` is what no fault explains."""

    def __init__(self, time: Time, chance: Random, folder: Path, key: bytes, seed: int) -> None:
        self.power = Power(seed)
        self.folder = folder
        self.is_up = False
        self.incarnation = 0
        self.told: dict[str, int] = {}
        self.bugs: list[str] = []
        self.working = False
        self._time = time
        self._chance = chance
        self._key = key
        self._loop = Loop(time)
        self._tasks: dict[asyncio.Task[None], None] = {}

    def open(self) -> None:
        """Switch the service on; raises OutsideError where the disk does not do."""
        central.storage.open_engine = partial(open_engine, module=self.power.module)
        self.storage: Storage = central.storage.open_storage(
            self.folder / FILE, self._key, lambda: self._time.now
        )
        self.service = Service(self.storage, lambda: self._time.now)
        self._readers = Steps(self._time, self._chance, self._do)
        self._writer = Steps(self._time, self._chance, self._do)
        self.service._readers, self.service._writer = self._readers, self._writer  # type: ignore[assignment]
        self.service._files = self._writer  # type: ignore[assignment]
        self._app = self.service.app()
        heads = self.storage.heads()
        lost = [feed for feed, head in self.told.items() if heads[feed] < head]
        self.bugs += [f"the central service lost what it had told of {feed}" for feed in lost]
        self.power.on_commit(self._between)
        self.is_up = True
        self.incarnation += 1

    def ask(self, request: Request, answered: Callable[[Answer | None], None]) -> None:
        """Take a request in; it is answered in virtual time, with None where the service died over it."""
        if not self.is_up:
            answered(None)
            return
        task = self._loop.create_task(self._answer(request, answered, self.incarnation))
        self._tasks[task] = None
        task.add_done_callback(self._tasks.pop)
        self._loop.turn()

    def die(self) -> None:
        """The process is no more; what it was doing ends without an answer."""
        self.is_up = False
        self._readers.drop()
        self._writer.drop()
        for task in list(self._tasks):
            task.cancel()
        self._loop.turn()
        self.storage.close()

    def put_back(self, copy: Path, seed: int) -> None:
        """While it is down: put the folder back to an older copy."""
        shutil.rmtree(self.folder)
        shutil.copytree(copy, self.folder)
        self.power = Power(seed)
        self.told.clear()

    def close(self) -> None:
        """After the run: let go of everything."""
        if self.is_up:
            self.die()
        self._loop.close()

    def _do(self, work: Work) -> None:
        self.working = True
        try:
            work()
        finally:
            self.working = False
        self._loop.turn()

    def _between(self) -> None:
        """After a commit: pages that are asked for now may be read before whatever comes next."""
        if self._chance.random() < READS_BETWEEN:
            self._readers.step_inside()

    async def _answer(
        self, request: Request, answered: Callable[[Answer | None], None], incarnation: int
    ) -> None:
        answer: Answer | None = None
        try:
            answer = await called(self._app, request)
        except asyncio.CancelledError:
            pass
        except Exception as error:
            if not self.power.is_off:
                self.bugs.append(f"the central service failed over {request.path}: {error!r}")
        if answer and request.path == "/v1/push":
            self.told |= self.service.heads.now()
        alive = self.is_up and not self.power.is_off and incarnation == self.incarnation
        answered(answer if alive else None)


async def called(app: Any, request: Request) -> Answer:
    """What an ASGI application answers."""
    path, _, query = request.path.partition("?")
    headers = {**request.headers, "Content-Length": str(len(request.body))}
    scope: MutableMapping[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 1),
    }
    messages: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": request.body, "more_body": False}

    async def send(message: Message) -> None:
        messages.append(message)

    await app(scope, receive, send)
    begun = messages[0]
    kept = {name.lower(): value for name, value in begun["headers"]}
    body = b"".join(message.get("body", b"") for message in messages[1:])
    return begun["status"], kept.get(b"content-encoding", b"").decode(), body
