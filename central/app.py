"""The service's HTTP interface; docs/protocol.md describes it in words.

What touches the file runs off the event loop: one thread writes, a few read.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from central import bodies, codes, desks, filing, reading, snapshot
from central.bodies import answer, read_body, read_bytes
from central.checks import check_push
from central.desks import KnownDesk
from central.interface import OPERATIONS, openapi
from central.metrics import CONTENT, Metrics
from central.sequencer import Offered, Taken, take
from central.storage import Storage
from central.waiting import Heads
from desk_app import VERSION
from desk_app.clock import Clock
from desk_app.domain.parcels import parcel_stream
from desk_app.engine import wipe_traces
from desk_app.errors import OutsideError, RuleError
from desk_app.sync.wire import (
    LARGEST_PIECE,
    MOST_ENTRIES,
    MOST_STATES,
    OLDEST_PROTOCOL,
    PROTOCOL,
    WAIT_SECONDS,
    FilesAsked,
    Health,
    Hello,
    Invitation,
    Join,
    Push,
    StatesAsked,
    Waited,
)

log = logging.getLogger(__name__)

READERS = 4
MOST_PUSHES = 64
"""How many pushes one transaction takes."""

MOST_AT_ONCE = 8
"""How many entries are checked on the event loop: for so few, handing them to a thread takes longer."""

WHOLE = re.compile(r"[0-9]{1,15}")
RANGE = re.compile(r"bytes=([0-9]{1,15})-([0-9]{1,15})")
CONTENT_RANGE = re.compile(r"bytes ([0-9]{1,15})-([0-9]{1,15})/([0-9]{1,15})")
BEARER = "bearer "

R = TypeVar("R")


class Service:
    """The service behind its paths. `wait_seconds` bounds a long poll.

    Desks that have shown their token and signed stay as they are until one is shut out: those are remembered
    by the hash of their token, as every request begins with it.
    """

    def __init__(self, storage: Storage, clock: Clock, wait_seconds: float = WAIT_SECONDS) -> None:
        filing.tidy(storage)
        codes.note_all(storage, clock())
        self.heads = Heads(storage.heads())
        self._storage = storage
        self._clock = clock
        self._wait_seconds = wait_seconds
        self._writer = ThreadPoolExecutor(1, "central-writer")
        self._readers = ThreadPoolExecutor(READERS, "central-reader")
        self._files = ThreadPoolExecutor(1, "central-files")
        self._offered: deque[tuple[Offered, asyncio.Future[Taken]]] = deque()
        self._settled: dict[bytes, KnownDesk] = {}
        self._traces = False
        self._metrics = Metrics()

    def app(self) -> Starlette:
        """The paths, and how refusals are told."""
        routes = [Route(one.path, getattr(self, one.name), methods=[one.method]) for one in OPERATIONS]
        handlers: dict[Any, Any] = {
            RuleError: bodies.refuse,
            OutsideError: bodies.refuse,
            404: bodies.refuse_path,
            405: bodies.refuse_path,
            ClientDisconnect: bodies.nobody,
            Exception: bodies.crashed,
        }
        app = Starlette(routes=routes, exception_handlers=handlers)
        app.router.redirect_slashes = False  # nobody follows one, and its answer is no problem details
        return app

    def close(self) -> None:
        """Finish what is under way and let go of the file."""
        for executor in (self._writer, self._readers, self._files):
            executor.shutdown()
        self._storage.close()

    async def join(self, request: Request) -> Response:
        asked = await read_body(request, Join)
        joined = await self._write(desks.join, self._storage, asked, self._clock())
        log.info("desk %s joined", asked.desk)
        return answer(request, joined)

    async def hello(self, request: Request) -> Response:
        desk = await self._desk(request)
        hello = await read_body(request, Hello)
        if hello.protocol < OLDEST_PROTOCOL:
            raise RuleError("protocol.other", protocol=PROTOCOL)
        await self._write(desks.heard, self._storage, desk, self._clock())
        return answer(request, await self._read(reading.welcome, self._storage, desk, hello, self._clock()))

    async def push(self, request: Request) -> Response:
        desk = await self._desk(request)
        push = await read_body(request, Push)
        if len(push.entries) > MOST_AT_ONCE:
            checked = await self._read(check_push, push, desk)
        else:
            checked = check_push(push, desk)
        taken = await self._in_turn(Offered(desk, push, checked))
        self.heads.grow(push.feed, taken.head)
        return answer(request, taken.answer)

    async def pull(self, request: Request) -> Response:
        desk = await self._desk(request)
        query = request.query_params
        limit = _whole(query.get("limit", str(MOST_ENTRIES)))
        if not 1 <= limit <= MOST_ENTRIES:
            raise RuleError("query.malformed")
        after, since = (_whole(query.get(name, "0")) for name in ("after", "since"))
        feed = query.get("feed", "")
        page = await self._read(reading.pull, self._storage, desk, feed, after, limit, since)
        return answer(request, page)

    async def snapshot(self, request: Request) -> Response:
        desk = await self._desk(request)
        query = request.query_params
        limit, up_to = _whole(query.get("limit", str(MOST_STATES))), _whole(query.get("up_to", "0"))
        if not 1 <= limit <= MOST_STATES:
            raise RuleError("query.malformed")
        asked = (query.get("feed", ""), up_to, limit, query.get("kind", ""), self._clock())
        return answer(request, await self._read(snapshot.page, self._storage, desk, *asked))

    async def states(self, request: Request) -> Response:
        desk = await self._desk(request)
        asked = await read_body(request, StatesAsked)
        return answer(request, await self._read(snapshot.named, self._storage, desk, asked))

    async def code(self, request: Request) -> Response:
        desk, sought = await self._desk(request), request.path_params["code"]
        return answer(request, await self._read(codes.find, self._storage, desk, sought))

    async def wait(self, request: Request) -> Response:
        desk = await self._desk(request)
        cursors = {feed: _whole(place) for feed, place in request.query_params.items()}
        if not cursors:
            raise RuleError("query.malformed")
        if not cursors.keys() <= set(desk.feeds):
            raise RuleError("feed.not_yours")
        return answer(request, Waited(await self.heads.past(cursors, self._wait_seconds, desk.id)))

    async def invite(self, request: Request) -> Response:
        desk = await self._desk(request)
        return answer(
            request, Invitation(await self._write(desks.invite, self._storage, desk, self._clock()))
        )

    async def desks(self, request: Request) -> Response:
        desk = await self._desk(request)
        return answer(request, await self._read(desks.of_store, self._storage, desk))

    async def shut_out(self, request: Request) -> Response:
        desk, other = await self._desk(request), request.path_params["desk"]
        await self._write(desks.shut_out, self._storage, desk, other)
        self._settled = {}  # a new one: who looked before the commit notes what it saw in the old
        self.heads.send_home(other)
        log.info("desk %s shut desk %s out", desk.id, other)
        return answer(request, await self._read(desks.of_store, self._storage, desk))

    async def files(self, request: Request) -> Response:
        desk = await self._desk(request)
        asked = await read_body(request, FilesAsked)
        return answer(request, await self._read(filing.held, self._storage, desk, asked))

    async def take_piece(self, request: Request) -> Response:
        desk = await self._desk(request)
        feed, address = request.query_params.get("feed", ""), request.path_params["address"]
        first, last, size = _numbers(CONTENT_RANGE, request.headers.get("content-range", ""))
        piece = await read_bytes(request, LARGEST_PIECE)
        if not piece or len(piece) != last - first + 1 or last >= size:
            raise RuleError("query.malformed")
        held = await self._move(filing.take, self._storage, desk, feed, address, (first, size), piece)
        if held.size:
            await self._write(filing.note_whole, self._storage, feed, address, held.size)
        return answer(request, held)

    async def give_piece(self, request: Request) -> Response:
        desk = await self._desk(request)
        feed, address = request.query_params.get("feed", ""), request.path_params["address"]
        first, last = _numbers(RANGE, request.headers.get("range", ""))
        if last < first:
            raise RuleError("query.malformed")
        span = (first, last - first + 1)
        piece, size = await self._move(filing.piece, self._storage, desk, feed, address, span)
        headers = {"content-range": f"bytes {first}-{first + len(piece) - 1}/{size}"}
        return Response(piece, 206, headers, "application/octet-stream")

    async def health(self, request: Request) -> Response:
        return answer(request, Health(VERSION, self._storage.epoch, self.heads.now()))

    async def metrics(self, request: Request) -> Response:
        await self._desk(request)
        return Response(self._metrics.text(self.heads.now(), self.heads.polls), media_type=CONTENT)

    async def openapi(self, request: Request) -> Response:
        return answer(request, openapi())

    async def stream(self, request: Request) -> Response:
        return await self._state(request, f"{request.path_params['kind']}/{request.path_params['id']}")

    async def parcel(self, request: Request) -> Response:
        return await self._state(request, parcel_stream(request.path_params["waybill"]))

    async def _state(self, request: Request, stream: str) -> Response:
        desk = await self._desk(request)
        return answer(request, await self._read(reading.stream_state, self._storage, desk, stream))

    async def _desk(self, request: Request) -> KnownDesk:
        """The desk whose token the request shows."""
        shown = request.headers.get("authorization", "")
        if not shown.lower().startswith(BEARER):
            raise RuleError("token.unknown")
        token = shown[len(BEARER) :].strip()
        settled, key = self._settled, desks.hash_secret(token)
        if key in settled:
            return settled[key]
        desk = await self._read(desks.authenticate, self._storage, token)
        if not desk.confirmed:
            await self._write(desks.confirm, self._storage, desk)
        elif desk.signs:
            settled[key] = desk
        return desk

    async def _in_turn(self, offered: Offered) -> Taken:
        """Queue a push for the writer, which takes all that wait as one transaction."""
        loop = asyncio.get_running_loop()
        outcome: asyncio.Future[Taken] = loop.create_future()
        self._offered.append((offered, outcome))
        if len(self._offered) == 1:  # where others wait, a turn is on its way
            self._writer.submit(self._take_waiting, loop)
        return await outcome

    def _take_waiting(self, loop: asyncio.AbstractEventLoop) -> None:
        """On the writer's thread: take the pushes that wait; those that are left get another turn.

        None waits where two turns were asked for at the same moment.
        """
        group = [self._offered.popleft() for _ in range(min(len(self._offered), MOST_PUSHES))]
        if not group:
            return
        outcomes: Sequence[Taken | Exception]
        try:
            outcomes = take(self._storage.writer, [offered for offered, _ in group], self._clock())
            erased = any(isinstance(taken, Taken) and taken.erased for taken in outcomes)
            self._wipe(erased)
            if erased:
                self._files.submit(filing.remove_erased, self._storage)
        except Exception as error:  # whoever waits has to hear of it
            outcomes = [error] * len(group)
        self._count(outcomes)
        loop.call_soon_threadsafe(_tell, [waiting for _, waiting in group], outcomes)
        if self._offered:
            self._writer.submit(self._take_waiting, loop)

    def _count(self, outcomes: Sequence[Taken | Exception]) -> None:
        self._metrics.groups += 1
        for outcome in outcomes:
            if isinstance(outcome, Taken):
                self._metrics.took(receipt.verdict.standing for receipt in outcome.answer.receipts)
            else:
                self._metrics.refused(outcome)

    def _wipe(self, erased: bool) -> None:
        """Leave no trace of erased records; where a reader hinders that, it is tried again later."""
        self._traces |= erased
        if self._traces:
            try:
                wipe_traces(self._storage.writer)
                self._traces = False
            except OutsideError as error:
                log.warning("traces of erased records stay until the next push: %s", error.code)

    async def _write(self, work: Callable[..., R], *arguments: object) -> R:
        return await asyncio.get_running_loop().run_in_executor(self._writer, work, *arguments)

    async def _move(self, work: Callable[..., R], *arguments: object) -> R:
        return await asyncio.get_running_loop().run_in_executor(self._files, work, *arguments)

    async def _read(self, work: Callable[..., R], *arguments: object) -> R:
        return await asyncio.get_running_loop().run_in_executor(self._readers, work, *arguments)


def _tell(waiting: Sequence[asyncio.Future[Taken]], outcomes: Sequence[Taken | Exception]) -> None:
    """Tell all of a group at once: waking the loop for each would cost more than the answer."""
    for each, outcome in zip(waiting, outcomes, strict=True):
        if each.done():  # whoever asked is gone
            continue
        if isinstance(outcome, Exception):
            each.set_exception(outcome)
        else:
            each.set_result(outcome)


def _numbers(pattern: re.Pattern[str], text: str) -> list[int]:
    found = pattern.fullmatch(text)
    if not found:
        raise RuleError("query.malformed")
    return [int(number) for number in found.groups()]


def _whole(text: str) -> int:
    if not WHOLE.fullmatch(text):
        raise RuleError("query.malformed")
    return int(text)
