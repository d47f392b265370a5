"""Whatever is asked, the service answers in its own words: each path with messages made from their types,
spoiled ones, bytes that are none, packed as they should not be, and requests that are not HTTP."""

from __future__ import annotations

import http.client
import socket
from contextlib import closing
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

import msgspec
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import inspect
from starlette.routing import Route

from central.interface import OPERATIONS
from desk_app.domain.facts import KINDS, ParcelArrived
from desk_app.refusals import SENTENCES
from desk_app.sync import wire

MESSAGES: dict[str, type] = {one.path: one.asks for one in OPERATIONS if one.asks}
ANSWERS: dict[str, type] = {
    one.path: one.answers for one in OPERATIONS if one.answers and one.method != "PUT"
}
"""What the service says of itself, from which its OpenAPI document is made; a piece of a file is bytes."""

QUERIES = sorted({name for one in OPERATIONS for name in one.query})
BOMBS = (
    "a length that is not told",
    "a length beyond all memory",
    "a window of 128 MiB",
    "many frames",
    "a frame to be skipped that never ends",
    "a dictionary that nobody has",
    "within, lists without end",
    "within, one long number",
)
LIMIT = 30
MEBI = 2**20
A_SHORT_WAIT = pytest.mark.parametrize("wait_seconds", [0.01], indirect=True)

TEXTS = st.text(max_size=12) | st.sampled_from(
    ["common", "sales", "store/01JOTHER", "parcel/SF1", "case/01J", "A", "{feed}", "{desk}", *KINDS]
)
INTEGERS = st.integers(-2, 3) | st.integers(-(2**70), 2**70)
ODD = st.recursive(
    st.none() | st.booleans() | INTEGERS | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
SIMPLE: dict[type, st.SearchStrategy[Any]] = {
    inspect.IntType: INTEGERS,
    inspect.StrType: TEXTS,
    inspect.BytesType: st.sampled_from(["", "AAAA", "?"]),
    inspect.BoolType: st.booleans(),
    inspect.AnyType: ODD,
}


def fitting(kind: inspect.Type) -> st.SearchStrategy[Any]:
    """What fits a type that is declared for the wire, as JSON has it."""
    match kind:
        case inspect.StructType(fields=fields):
            needed = {field.encode_name: fitting(field.type) for field in fields if field.required}
            more = {field.encode_name: fitting(field.type) for field in fields if not field.required}
            return st.fixed_dictionaries(needed, optional=more)
        case inspect.VarTupleType(item_type=item):
            return st.lists(fitting(item), max_size=3)
        case inspect.DictType(value_type=value):
            return st.dictionaries(TEXTS, fitting(value), max_size=3)
    return SIMPLE[type(kind)]


@st.composite
def spoiled(draw: st.DrawFn, message: dict[str, Any]) -> dict[str, Any]:
    """A message of which one field, or one of its first entry, is gone or something else."""
    message = {**message}
    inside = message.get("entries") or [message]
    place = draw(st.sampled_from([message, inside[0]]))
    name = draw(st.sampled_from(sorted(place) or ["x"]))
    if draw(st.booleans()):
        place.pop(name, None)
    else:
        place[name] = draw(ODD)
    return message


def message_for(path: str) -> st.SearchStrategy[bytes]:
    """A body for a path: its message, the message spoiled, something else, or bytes."""
    kind = MESSAGES.get(path)
    other = ODD.map(msgspec.json.encode) | st.binary(max_size=40)
    if kind is None:
        return other
    good = fitting(inspect.type_info(kind))
    return good.map(msgspec.json.encode) | good.flatmap(spoiled).map(msgspec.json.encode) | other


def asked_of(route: Route) -> st.SearchStrategy[tuple[str, str, bytes]]:
    """Method, query and body of a request; now and then a method that the path does not have."""
    queries = st.dictionaries(
        st.sampled_from([*QUERIES, "common", "sales", "{feed}"]) | TEXTS,
        st.sampled_from(["0", "1", "500", "common", "{feed}"]) | TEXTS | INTEGERS.map(str),
        max_size=4,
    )
    methods = st.sampled_from([*sorted(route.methods or ()) * 4, "PUT", "DELETE", "OPTIONS"])
    return st.tuples(methods, queries.map(urlencode), message_for(route.path))


def ask(port: int, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, Any, bytes]:
    """One request; status, headers and body of the answer."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=LIMIT)) as connection:
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        return response.status, response.headers, response.read()


def is_a_proper_answer(path: str, status: int, headers: Any, body: bytes) -> bool:
    """Whether an answer is what its path promises, or a problem that has a sentence."""
    assert status < 500, (path, status, body)
    if status < 300:
        if headers.get("content-encoding") == "zstd":
            body = zstandard.ZstdDecompressor().decompress(body)
        return path not in ANSWERS or msgspec.json.decode(body, type=ANSWERS[path]) is not None
    problem = msgspec.json.decode(body or b"{}", type=wire.Problem)
    kind = headers["content-type"] == "application/problem+json"
    told = status != 401 or headers["www-authenticate"] == "Bearer"
    return kind and told and problem.status == status and problem.type in SENTENCES


def works(desk: Any) -> bool:
    """Whether the service still takes an entry in and gives out every place."""
    number = desk.post("/v1/hello", {"protocol": 2, "version": "", "clock": 0}).good()["numbers"][desk.store]
    entry = desk.entry("parcel/SF1", ParcelArrived("SF1"), number=number + 1)
    place = desk.push(entry).good()["receipts"][0]["place"]
    after, places = 0, list[int]()
    while page := desk.pull(after=after)["entries"]:
        places += [placed["place"] for placed in page]
        after = places[-1]
    return places == list(range(1, place + 1))


TOKENS = st.sampled_from(["Bearer {token}"] * 6 + ["Bearer x", "Basic eDp5", ""])
ENCODINGS = st.sampled_from(["", "zstd", "identity", "br"])


@pytest.mark.slow
@A_SHORT_WAIT
@pytest.mark.parametrize("examples", [15, pytest.param(700, marks=pytest.mark.long)])
def test_every_path_answers_whatever_it_is_asked(central: Any, desk: Any, examples: int) -> None:
    """examples: of each path."""
    for route in central.service.app().routes:
        ask_anything(desk, route, examples)
    assert works(desk)


def ask_anything(desk: Any, route: Route, examples: int) -> None:
    """Requests to one path; each has to be answered properly."""

    @settings(max_examples=examples)
    @given(asked_of(route), TOKENS, ENCODINGS, st.booleans(), st.data())
    def ask_one(
        asked: tuple[str, str, bytes], token: str, encoding: str, packs: bool, data: st.DataObject
    ) -> None:
        method, query, body = asked
        names = {name: quote(data.draw(TEXTS), safe="") or "x" for name in sorted(route.param_convertors)}
        path = route.path_format.format(**names) + "?" + query.replace("%7Bfeed%7D", quote(desk.store))
        body = body.replace(b"{feed}", desk.store.encode()).replace(b"{desk}", desk.id.encode())
        headers = {"Authorization": token.format(token=desk.token), "Accept-Encoding": "zstd"}
        packed = zstandard.ZstdCompressor().compress(body) if packs and encoding == "zstd" else body
        answer = ask(desk.port, method, path, packed, {**headers, "Content-Encoding": encoding})
        assert answer[0] < 500 if method == "HEAD" else is_a_proper_answer(route.path, *answer)

    ask_one()


@cache
def bombs() -> dict[str, bytes]:
    """Small bodies that promise, or hold, far more than a body may; for each of `BOMBS` one."""
    zeros = bytes(8 * MEBI)
    stream = zstandard.ZstdCompressor().compressobj()
    untold = b"".join([*(stream.compress(zeros) for _ in range(32)), stream.flush()])
    wide = zstandard.ZstdCompressionParameters(window_log=27, enable_ldm=True)
    skippable = b"\x50\x2a\x4d\x18" + (2**31).to_bytes(4, "little")
    frame = zstandard.ZstdCompressor().compress(zeros)
    bodies = (
        untold,
        b"\x28\xb5\x2f\xfd\xe0" + (2**62).to_bytes(8, "little") + b"\x01\x00\x00",
        zstandard.ZstdCompressor(compression_params=wide).compress(zeros * 20),
        frame * 100,
        skippable + b"x" * 100,
        b"\x28\xb5\x2f\xfd\x27\x07\x07\x07\x07\x04" + b"\x01\x00\x00",
        zstandard.ZstdCompressor().compress(b"[" * (4 * MEBI - 1)),
        zstandard.ZstdCompressor().compress(b"9" * (4 * MEBI - 1)),
    )
    return dict(zip(BOMBS, bodies, strict=True))


@pytest.mark.slow
@pytest.mark.parametrize("name", BOMBS)
@pytest.mark.parametrize("path", ["/v1/join", "/v1/push"])
def test_a_bomb_is_refused_whoever_sends_it(central: Any, desk: Any, path: str, name: str) -> None:
    bomb = bombs()[name]
    token = "" if path == "/v1/join" else f"Bearer {desk.token}"
    headers = {"Authorization": token, "Content-Encoding": "zstd"}
    status, kept, body = ask(central.port, "POST", path, bomb, headers)
    assert status in (400, 413), body
    assert is_a_proper_answer(path, status, kept, body)
    assert works(desk)


def test_an_entry_almost_as_large_as_a_body_is_taken_and_given_out(desk: Any) -> None:
    waybill = "x" * (wire.LARGEST_BODY - 2000)
    desk.push(desk.entry("parcel/SF1", ParcelArrived(waybill))).good()
    (placed,) = desk.pull()["entries"]
    assert placed["entry"]["data"]["waybill"] == waybill
    assert works(desk)


@pytest.mark.slow
@pytest.mark.logs("Invalid HTTP request received.")
def test_what_is_no_http_harms_nobody(central: Any, desk: Any) -> None:
    heads = st.sampled_from(
        [
            b"GET /v1/health HTTP/1.1\r\nHost: x\r\n\r\n",
            b"POST /v1/push HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
            b"POST /v1/join HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{}",
            b"POST /v1/join HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n{}",
            b"GET /v1/health HTTP/9.9\r\n\r\n",
            b"GET " + b"/" * 100_000 + b" HTTP/1.1\r\n\r\n",
            b"GET / HTTP/1.1\r\n" + b"x: y\r\n" * 20_000 + b"\r\n",
            b"GET /v1/health?\x00\xff HTTP/1.1\r\nHost: x\r\n\r\n",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # how TLS begins
        ]
    )

    @settings(max_examples=60)
    @given(heads, st.binary(max_size=60), st.integers(0, 200))
    def send_anything(head: bytes, tail: bytes, length: int) -> None:
        with socket.create_connection(("127.0.0.1", central.port), LIMIT) as line:
            line.sendall((head + tail)[: length or None])
            line.shutdown(socket.SHUT_WR)
            heard = line.recv(65536)
        assert not heard or heard.startswith(b"HTTP/1.1 "), heard
        assert not heard.startswith(b"HTTP/1.1 5"), heard

    send_anything()
    assert works(desk)
