"""The line that goes wrong does what it is told, and nothing else."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

LIMIT = 20
REQUEST = b"q" * 40_000
GONE = (b"", "reset")


class Echo:
    """Sends back what it hears; `heard` counts the bytes."""

    def __init__(self) -> None:
        self.heard = 0
        self.server = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.server.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self) -> None:
        try:
            while True:
                line, _ = self.server.accept()
                threading.Thread(target=self.answer, args=(line,), daemon=True).start()
        except OSError:
            return

    def answer(self, line: socket.socket) -> None:
        try:
            with line:
                while piece := line.recv(65536):
                    self.heard += len(piece)
                    line.sendall(piece)
        except OSError:
            return


@pytest.fixture
def echo() -> Iterator[Echo]:
    made = Echo()
    yield made
    made.server.shutdown(socket.SHUT_RDWR)
    made.server.close()


@pytest.fixture
def line(network: Any, echo: Echo) -> Any:
    return network.line(lambda: echo.address)


def connect(line: Any, limit: float = LIMIT) -> socket.socket:
    host, _, port = line.address.rpartition(":")
    return socket.create_connection((host, int(port)), limit)


def hear(near: socket.socket, size: int) -> bytes | str:
    """What comes, up to so many bytes: `reset` and `silence` for what is none."""
    heard = b""
    try:
        while len(heard) < size and (piece := near.recv(size - len(heard))):
            heard += piece
    except ConnectionError:
        return heard or "reset"
    except TimeoutError:
        return heard or "silence"
    return heard


@pytest.mark.parametrize("kind", ["", "delay", "thin"])
def test_everything_gets_through(network: Any, line: Any, fault: Any, kind: str) -> None:
    network.set(line, fault(kind, {"": 0, "delay": 20, "thin": 400_000}[kind]))
    with connect(line) as near:
        near.sendall(REQUEST)
        assert hear(near, len(REQUEST)) == REQUEST
    assert bool(network.felt[kind]) == bool(kind)


def test_a_request_is_cut_at_a_byte(network: Any, line: Any, fault: Any, echo: Echo) -> None:
    network.set(line, fault("cut_request", 1234))
    with connect(line) as near:
        near.sendall(REQUEST)
        while isinstance(heard := hear(near, 9999), bytes) and heard:
            pass
    assert echo.heard <= 1234  # the reset may overtake what was sent before it
    assert network.felt["cut_request"] == 1


def test_an_answer_is_cut_at_a_byte(network: Any, line: Any, fault: Any, echo: Echo) -> None:
    network.set(line, fault("cut_answer", 1234))
    with connect(line) as near:
        near.sendall(REQUEST[:2000])
        assert hear(near, 2000) == REQUEST[:1234]
    assert echo.heard == 2000


def test_an_answer_is_lost_whole(network: Any, line: Any, fault: Any, echo: Echo) -> None:
    network.set(line, fault("cut_answer", 0))
    with connect(line) as near:
        near.sendall(REQUEST[:2000])
        assert hear(near, 1) in GONE
    assert echo.heard == 2000


def test_connections_are_reset_and_none_comes_through(network: Any, line: Any, fault: Any) -> None:
    with connect(line) as before:
        before.sendall(b"x")
        assert hear(before, 1) == b"x"
        network.set(line, fault("reset"))
        assert hear(before, 1) in GONE
        with contextlib.suppress(ConnectionResetError), connect(line) as after:  # as early as that
            assert hear(after, 1) in GONE


def test_in_a_hole_everything_vanishes_until_it_is_mended(
    network: Any, line: Any, fault: Any, echo: Echo
) -> None:
    network.set(line, fault("hole"))
    with connect(line, 0.3) as near:
        near.sendall(REQUEST)
        assert hear(near, 1) == "silence"
        network.set(line, fault())
        assert hear(near, 1) in GONE
    assert echo.heard == 0
    with connect(line) as near:
        near.sendall(b"x")
        assert hear(near, 1) == b"x"


def test_half_open_the_desk_is_told_nothing(network: Any, line: Any, fault: Any, echo: Echo) -> None:
    with connect(line, 0.3) as near:
        near.sendall(b"x")
        assert hear(near, 1) == b"x"
        network.set(line, fault("half_open"))
        near.sendall(b"y")
        assert hear(near, 1) == "silence"
        with connect(line) as after:
            after.sendall(b"z")
            assert hear(after, 1) == b"z"
    assert echo.heard == 2
