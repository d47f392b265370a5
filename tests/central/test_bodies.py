"""What comes over the line is bounded, and nonsense is refused, never a crash."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import msgspec
import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desk_app.domain.facts import KINDS, ParcelArrived
from desk_app.sync.wire import LARGEST_BODY

pytestmark = pytest.mark.slow


def packed(body: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(body)


def push_of(*entries: Any, feed: str) -> bytes:
    return msgspec.json.encode({"feed": feed, "entries": entries, "records": ()})


def test_a_compressed_push_is_taken_and_a_large_answer_is_compressed(desk: Any) -> None:
    entries = [desk.entry("parcel/SF1", ParcelArrived("SF1")) for _ in range(50)]
    body = packed(push_of(*entries, feed=desk.store))
    answer = desk.post("/v1/push", body, Content_Encoding="zstd", Accept_Encoding="gzip, zstd")
    assert answer.headers["content-encoding"] == "zstd"
    receipts = msgspec.json.decode(zstandard.ZstdDecompressor().decompress(answer.good()))["receipts"]
    assert [receipt["place"] for receipt in receipts] == list(range(1, 51))


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"{", b"null", b"[]", b"{}", b"\xff\xfe", b'{"feed": 1, "entries": [], "records": []}'),
        b'{"feed": "common", "entries": [{}]}',
        b'{"feed": "common", "entries": ' + b"[" * 100_000,
        b'{"feed": "common", "entries": [], "x": ' + b"[" * 5000 + b"]" * 5000 + b"}",
        b'{"feed": "common", "entries": [], "records": [{"id": "a", "stream": "b", "key": "?", "box": ""}]}',
        b'{"feed": "\\ud800\\u0041", "entries": []}',
    ],
)
def test_malformed_json_is_refused(desk: Any, body: bytes) -> None:
    answer = desk.post("/v1/push", body)
    assert (answer.status, answer.body["type"]) == (400, "body.malformed")


def test_a_body_beyond_the_bound_is_refused(desk: Any) -> None:
    answer = desk.post("/v1/push", bytes(LARGEST_BODY + 1))
    assert (answer.status, answer.body["type"]) == (413, "body.too_large")


def test_a_body_that_tells_no_length_is_bounded_too(desk: Any) -> None:
    with socket.create_connection(("127.0.0.1", desk.port), 30) as line:
        head = f"POST /v1/push HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {desk.token}\r\n"
        line.sendall(f"{head}Transfer-Encoding: chunked\r\n\r\n".encode())
        chunk = bytes(LARGEST_BODY // 4 + 1)
        for _ in range(4):
            line.sendall(b"%x\r\n%s\r\n" % (len(chunk), chunk))
        line.sendall(b"0\r\n\r\n")
        assert line.recv(1024).startswith(b"HTTP/1.1 413 ")


def test_a_line_that_is_cut_within_a_request_is_no_failure(central: Any, desk: Any) -> None:
    scope = {"type": "http", "method": "POST", "path": "/v1/push", "query_string": b""}
    scope["headers"] = [(b"authorization", f"Bearer {desk.token}".encode()), (b"content-length", b"100")]
    come: list[dict[str, Any]] = [{"type": "http.request", "body": b'{"feed"', "more_body": True}]
    told: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return come.pop() if come else {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        told.append(message)

    asyncio.run(central.service.app()(scope, receive, send))
    assert not any(message.get("body") for message in told)


@pytest.mark.logs("Invalid HTTP request received.")
@pytest.mark.parametrize("length", ["-1", "1e3", "9" * 5000])
def test_a_length_that_is_none_is_refused(desk: Any, length: str) -> None:
    with socket.create_connection(("127.0.0.1", desk.port), 30) as line:
        head = f"POST /v1/push HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {desk.token}\r\n"
        line.sendall(f"{head}Content-Length: {length}\r\n\r\n".encode())
        assert line.recv(1024).startswith(b"HTTP/1.1 400 ")


def test_a_bomb_is_not_unpacked(desk: Any) -> None:
    bomb = packed(bytes(200 * 1024 * 1024))
    assert len(bomb) < 100_000
    answer = desk.post("/v1/push", bomb, Content_Encoding="zstd")
    assert (answer.status, answer.body["type"]) == (413, "body.too_large")


@pytest.mark.parametrize("body", [b"", b"no zstd at all", packed(b"{" * 5000)[:-20]])
def test_what_is_no_zstd_is_refused(desk: Any, body: bytes) -> None:
    answer = desk.post("/v1/push", body, Content_Encoding="zstd")
    assert (answer.status, answer.body["type"]) == (400, "body.malformed")


def test_another_encoding_is_refused(desk: Any) -> None:
    answer = desk.post("/v1/push", b"{}", Content_Encoding="br")
    assert (answer.status, answer.body["type"]) == (415, "body.encoding")


@pytest.mark.parametrize(
    "path",
    [
        *("/v1/pull?feed=common&after=x", "/v1/pull?feed=common&after=-1", "/v1/pull?feed=common&limit=0"),
        *("/v1/pull?feed=common&limit=501", f"/v1/pull?feed=common&after={'9' * 5000}"),
        *("/v1/wait", "/v1/wait?common=", "/v1/wait?common=1.5", "/v1/wait?common=%F0%9F"),
    ],
)
def test_a_query_that_makes_no_sense_is_refused(desk: Any, path: str) -> None:
    answer = desk.get(path)
    assert (answer.status, answer.body["type"]) == (400, "query.malformed")


@pytest.mark.parametrize("path", ["/v1/pull", "/v1/pull?feed=store/01JOTHER", "/v1/wait?store/01JOTHER=0"])
def test_feeds_the_desk_does_not_hold_are_not_read(desk: Any, path: str) -> None:
    answer = desk.get(path)
    assert (answer.status, answer.body["type"]) == (403, "feed.not_yours")


@pytest.mark.parametrize(
    "path", ["/v1/streams/case/01JNONE", "/v1/parcels/SF0", "/v1/streams/case/%00%ff", "/v1/streams/x/a/b"]
)
def test_a_stream_nobody_knows_is_not_found(desk: Any, path: str) -> None:
    answer = desk.get(path)
    assert (answer.status, answer.body["type"]) == (404, "stream.unknown")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        *(("GET", "/", 404), ("GET", "/v2/health", 404), ("GET", "/v1/health/", 404)),
        *(("GET", "/v1/push", 405), ("DELETE", "/v1/pull", 405)),
    ],
)
def test_other_paths_are_refused(central: Any, method: str, path: str, status: int) -> None:
    answer = central.ask(method, path)
    assert (answer.status, answer.body["type"], answer.body["status"]) == (status, "query.malformed", status)


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
FIELDS = ("feed", "stream", "desk", "number", "act", "schema", "person", "at", "kind", "data", "seals")


def typed(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    """Data that fits a kind, and some that it does not know."""
    values = {
        str: st.text(max_size=8),
        bool: st.booleans(),
        int: st.integers(-3, 3) | st.integers(-(2**53), 2**53),
        dict[str, str]: st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=3),
        tuple[str, ...]: st.lists(st.text(max_size=3), max_size=3),
    }
    fields = {field.encode_name: values[field.type] for field in msgspec.structs.fields(KINDS[kind])}
    unknown = {"more": ODD} if "item" in fields else {"item": st.booleans() | ODD}
    return st.fixed_dictionaries(fields, optional=unknown)


FACTS = st.sampled_from([*KINDS]).flatmap(lambda kind: st.tuples(st.just(kind), typed(kind)))
STREAMS = st.sampled_from(["case/01J", "parcel/SF1", "pallet/01J"])


@pytest.mark.slow
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(facts=st.lists(FACTS, min_size=1, max_size=8), stream=STREAMS)
def test_whatever_was_taken_can_be_read_and_added_to(
    desk: Any, facts: list[tuple[str, dict[str, Any]]], stream: str
) -> None:
    number = last_number(desk)
    for kind, data in facts:
        entry = desk.entry(stream, ParcelArrived("SF1"), number=number + 1, kind=kind, data=data)
        answer = desk.push(entry)
        assert answer.status in (200, 400), answer
        number += answer.status == 200
        assert desk.get(f"/v1/streams/{stream}").status in (200, 404)


def last_number(desk: Any) -> int:
    hello = desk.post("/v1/hello", {"protocol": 1, "version": "", "clock": 0})
    return int(hello.good()["numbers"][desk.store])


@pytest.mark.slow
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from([*KINDS]),
    changes=st.dictionaries(st.sampled_from(FIELDS), ODD, max_size=3),
    data=ODD,
)
def test_no_entry_whatever_makes_the_service_crash(
    desk: Any, kind: str, changes: dict[str, Any], data: Any
) -> None:
    sound = msgspec.to_builtins(desk.entry("case/01J", ParcelArrived("SF1"), number=last_number(desk) + 1))
    entry = sound | {"kind": kind, "data": data} | changes
    try:
        body = msgspec.json.encode({"feed": desk.store, "entries": [entry], "records": []})
    except (UnicodeEncodeError, OverflowError):
        return
    assert desk.post("/v1/push", body).status in (200, 400, 403, 409)
