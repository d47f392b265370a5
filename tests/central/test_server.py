"""The doors of the service: what they let through, and what becomes of one that cannot open."""

from __future__ import annotations

import asyncio
import socket
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from central import server
from central.certificate import Certificate
from desk_app.sync.wire import LARGEST_BODY

PATIENCE = 30.0
ENDLESS = 64
PIECE = LARGEST_BODY // 4


def is_cut(central: Any, beginning: bytes, more: bytes) -> bool:
    """Whether the line is cut that sends `more` again and again without ever ending a request."""
    with socket.create_connection(("127.0.0.1", central.port), PATIENCE) as line:
        try:
            line.sendall(beginning)
            for _ in range(ENDLESS):
                line.sendall(more)
        except (ConnectionResetError, BrokenPipeError):
            return True
    return False


@pytest.mark.parametrize(
    ("beginning", "more"),
    [
        (b"GET /", b"a" * PIECE),
        (b"GET /v1/health HTTP/1.1\r\n", b"x: y\r\n" * (PIECE // 6)),
        (b"GET /v1/health HTTP/1.1\r\nx: ", b"y" * PIECE),
        (b"POST /v1/join HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"x: y\r\n" * (PIECE // 6)),
        (b"POST /v1/join HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nx: ", b"y" * PIECE),
    ],
    ids=["path", "headers", "header", "trailers", "trailer"],
)
def test_a_request_without_end_is_cut(central: Any, beginning: bytes, more: bytes) -> None:
    assert is_cut(central, beginning, more)
    assert central.ask("GET", "/v1/health").status == 200


def test_long_requests_on_one_line_are_no_reason_to_cut_it(central: Any, desk: Any) -> None:
    with closing(HTTPConnection("127.0.0.1", central.port, PATIENCE)) as line:
        for _ in range(4):
            body = b" " * (LARGEST_BODY - 2) + b"{}"
            line.request("POST", "/v1/hello", body, {"Authorization": f"Bearer {desk.token}"})
            answer = line.getresponse()
            assert (answer.status, b"body.malformed" in answer.read()) == (400, True)


def test_a_door_that_cannot_open_says_why_and_ends_the_others(central: Any, tmp_path: Path) -> None:
    missing = Certificate(tmp_path / "none.crt", tmp_path / "none.key", "", b"")
    with socket.create_server(("127.0.0.1", 0)) as first, socket.create_server(("127.0.0.1", 0)) as second:
        doors = [server.Door(first), server.Door(second, missing)]
        with pytest.raises(FileNotFoundError):
            asyncio.run(server._serve_all(central.service, doors, {}, False))
