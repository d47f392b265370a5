"""The paths of the service with what goes in and comes out; their OpenAPI document is made from the types."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec

from desk_app import VERSION
from desk_app.sync.wire import (
    CodeFound,
    DesksKnown,
    FileHeld,
    FilesAsked,
    FilesHeld,
    Health,
    Hello,
    Invitation,
    Join,
    Joined,
    Problem,
    Pulled,
    Push,
    Pushed,
    Snapshot,
    StatesAsked,
    Waited,
    Welcome,
)

Place = Literal["path", "query", "header"]

WHOLE = {"type": "integer", "minimum": 0}
TEXT = {"type": "string"}
BYTES = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
REFERENCE = "#/components/schemas/{name}"
PLACES = re.compile(r"\{([a-z]+)(?::path)?\}")


@dataclass(frozen=True)
class Operation:
    """One path of one method; `name` is that of the method of `Service` which answers.

    asks, answers: messages, or None for what has none; `piece`: which of both is bytes of a file instead.
    """

    method: str
    path: str
    name: str
    does: str
    asks: type | None = None
    answers: type | None = None
    query: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    header: str = ""
    piece: Literal["", "asks", "answers"] = ""
    by_anybody: bool = False


_FEED = {"feed": TEXT}
OPERATIONS = (
    Operation("POST", "/v1/join", "join", "Join with a one-time secret", Join, Joined, by_anybody=True),
    Operation("POST", "/v1/hello", "hello", "Say protocol and version", Hello, Welcome),
    Operation("POST", "/v1/push", "push", "Hand entries of one feed over", Push, Pushed),
    Operation(
        "GET",
        "/v1/pull",
        "pull",
        "The next entries of a feed",
        answers=Pulled,
        query=_FEED | {"after": WHOLE, "limit": WHOLE, "since": WHOLE},
    ),
    Operation(
        "GET",
        "/v1/snapshot",
        "snapshot",
        "States of a feed from a place downwards, for a first load",
        answers=Snapshot,
        query=_FEED | {"up_to": WHOLE, "limit": WHOLE, "kind": TEXT},
    ),
    Operation("POST", "/v1/states", "states", "The states of streams of a feed", StatesAsked, Snapshot),
    Operation("GET", "/v1/codes/{code:path}", "code", "The streams a scan names", answers=CodeFound),
    Operation(
        "GET",
        "/v1/wait",
        "wait",
        "Wait until a feed has grown past its place; each feed is a parameter",
        answers=Waited,
        query={"places": {"type": "object", "additionalProperties": WHOLE}},
    ),
    Operation("POST", "/v1/invite", "invite", "A secret for one more desk", answers=Invitation),
    Operation("GET", "/v1/desks", "desks", "The desks of the store", answers=DesksKnown),
    Operation("POST", "/v1/desks/{desk}/shut-out", "shut_out", "Shut a desk out", answers=DesksKnown),
    Operation("POST", "/v1/files", "files", "How much of each file is there", FilesAsked, FilesHeld),
    Operation(
        "PUT",
        "/v1/files/{address}",
        "take_piece",
        "Hand a piece of a file over",
        answers=FileHeld,
        query=_FEED,
        header="Content-Range",
        piece="asks",
    ),
    Operation(
        "GET",
        "/v1/files/{address}",
        "give_piece",
        "Bytes of a whole file",
        query=_FEED,
        header="Range",
        piece="answers",
    ),
    Operation("GET", "/v1/streams/{kind}/{id:path}", "stream", "The folded state of a stream", answers=dict),
    Operation("GET", "/v1/parcels/{waybill}", "parcel", "The folded state of a parcel", answers=dict),
    Operation("GET", "/v1/metrics", "metrics", "Counts for a monitor, as text"),
    Operation("GET", "/v1/health", "health", "Version, epoch and heads", answers=Health, by_anybody=True),
    Operation("GET", "/v1/openapi.json", "openapi", "This document", answers=dict, by_anybody=True),
)


def openapi() -> dict[str, Any]:
    """The interface as an OpenAPI 3.1 document."""
    messages = [each for one in OPERATIONS for each in (one.asks, one.answers) if each not in (None, dict)]
    _, components = msgspec.json.schema_components([*messages, Problem], ref_template=REFERENCE)
    paths: dict[str, Any] = {}
    for one in OPERATIONS:
        paths.setdefault(PLACES.sub(r"{\1}", one.path), {})[one.method.lower()] = _described(one)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Mendesk central service", "version": VERSION},
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"desk": {"type": "http", "scheme": "bearer"}},
        },
    }


def _described(one: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {"operationId": one.name, "summary": one.does}
    described["security"] = [] if one.by_anybody else [{"desk": []}]
    if parameters := list(_parameters(one)):
        described["parameters"] = parameters
    if one.asks or one.piece == "asks":
        content = BYTES if one.piece == "asks" else _json(one.asks)
        described["requestBody"] = {"required": True, "content": content}
    described["responses"] = {
        "206" if one.piece == "answers" else "200": {"description": one.does, "content": _answer(one)},
        "default": {
            "description": "A refusal (RFC 9457)",
            "content": {"application/problem+json": {"schema": _reference(Problem)}},
        },
    }
    return described


def _parameters(one: Operation) -> Iterator[dict[str, Any]]:
    for name in PLACES.findall(one.path):
        yield _parameter(name, "path", TEXT)
    for name, schema in one.query.items():
        yield _parameter(name, "query", schema)
    if one.header:
        yield _parameter(one.header, "header", TEXT)


def _parameter(name: str, place: Place, schema: Mapping[str, Any]) -> dict[str, Any]:
    required = {"required": True} if place != "query" else {}
    return {"name": name, "in": place, "schema": schema, **required}


def _answer(one: Operation) -> dict[str, Any]:
    if one.piece == "answers":
        return BYTES
    return _json(one.answers) if one.answers else {"text/plain": {"schema": TEXT}}


def _json(message: type | None) -> dict[str, Any]:
    return {"application/json": {"schema": _reference(message)}}


def _reference(message: type | None) -> dict[str, Any]:
    """Where the schema of a message stands; states have those of their kinds and are not written out."""
    if message is None or message is dict:
        return {"type": "object"}
    return {"$ref": REFERENCE.format(name=message.__name__)}
