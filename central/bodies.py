"""Bodies in and out: bounded, typed, compressed where both sides want it; refusals are problem details."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TypeVar

import msgspec
import zstandard
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from desk_app.errors import OutsideError, RuleError, ShownError
from desk_app.sync.wire import LARGEST_BODY, Problem

log = logging.getLogger(__name__)

JSON = "application/json"
PROBLEM = "application/problem+json"
ZSTD = "zstd"
COMPRESSED_FROM = 1024
LEVEL = 1

STATUS = {  # 400 for every other refusal, 503 for a failure outside
    "token.unknown": 401,
    "join.unknown": 403,
    "join.used": 403,
    "join.expired": 403,
    "desk.shut_out": 403,
    "desk.not_yours": 403,
    "feed.not_yours": 403,
    "stream.unknown": 404,
    "file.unknown": 404,
    "file.gap": 409,
    "file.wrong": 409,
    "desk.unknown": 404,
    "desk.itself": 409,
    "desk.known": 409,
    "push.gap": 409,
    "push.forked": 409,
    "protocol.other": 409,
    "body.too_large": 413,
    "body.encoding": 415,
}

M = TypeVar("M")


async def read_body(request: Request, kind: type[M]) -> M:
    """The message of a request.

    Raises RuleError('body.too_large'), RuleError('body.encoding') or RuleError('body.malformed').
    """
    encoding = request.headers.get("content-encoding", "identity").lower()
    if encoding not in (ZSTD, "identity"):
        raise RuleError("body.encoding")
    body = await read_bytes(request, LARGEST_BODY)
    try:
        return msgspec.json.decode(unpack(body) if encoding == ZSTD else body, type=kind)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise RuleError("body.malformed") from error


async def read_bytes(request: Request, most: int) -> bytes:
    """The body of a request as it came; raises RuleError('body.too_large', most=…)."""
    length = request.headers.get("content-length", "0")
    if len(length) > len(str(most)) or int(length) > most:
        raise RuleError("body.too_large", most=most)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise RuleError("body.too_large", most=most)
    return bytes(body)


def unpack(packed: bytes) -> bytes:
    """The content of a zstd body; no more than the bound is ever unpacked, whatever the body promises."""
    try:
        promised = zstandard.frame_content_size(packed)
        most = promised if 0 < promised < LARGEST_BODY else LARGEST_BODY + 1
        with zstandard.ZstdDecompressor(max_window_size=2 * LARGEST_BODY).stream_reader(packed) as reader:
            body = reader.read(most)
    except zstandard.ZstdError as error:
        raise RuleError("body.malformed") from error
    if len(body) > LARGEST_BODY:
        raise RuleError("body.too_large", most=LARGEST_BODY)
    return body


def answer(request: Request, message: object) -> Response:
    """A message as JSON, compressed where the asker takes that and it is worth it."""
    body = msgspec.json.encode(message)
    headers = {"vary": "accept-encoding"}
    if len(body) >= COMPRESSED_FROM and ZSTD in request.headers.get("accept-encoding", ""):
        body = zstandard.ZstdCompressor(level=LEVEL).compress(body)
        headers["content-encoding"] = ZSTD
    return Response(body, headers=headers, media_type=JSON)


async def refuse(_: Request, error: Exception) -> Response:
    """The problem details of a refusal or of a failure outside."""
    assert isinstance(error, ShownError)
    outside = isinstance(error, OutsideError)
    if outside:
        log.error("a request failed: %s", error.code)
    return _problem(error.code, 503 if outside else STATUS.get(error.code, 400), error.values)


async def refuse_path(_: Request, error: Exception) -> Response:
    """The problem details of what the router refuses."""
    assert isinstance(error, HTTPException)
    return _problem("query.malformed", error.status_code, {})


async def nobody(_: Request, __: Exception) -> Response:
    """The line was cut before the request was here whole; nobody hears this, and nothing is wrong."""
    return Response(status_code=400)


async def crashed(_: Request, __: Exception) -> Response:
    """What the asker hears of a bug; the bug itself goes to the log."""
    return _problem("central.failed", 500, {})


def _problem(code: str, status: int, values: dict[str, object]) -> Response:
    problem = Problem(code, HTTPStatus(status).phrase, status, values)
    headers = {"www-authenticate": "Bearer"} if status == 401 else {}
    return Response(msgspec.json.encode(problem), status, headers, PROBLEM)
