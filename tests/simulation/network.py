"""The line between desks and the central service: it cuts, delays, doubles, reorders, truncates, garbles."""

from __future__ import annotations

import http.client
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, Protocol

import msgspec
from virtual import Time, Work

from desk_app.sync import client
from desk_app.sync.wire import Seen, Welcome

Answer = tuple[int, str, bytes]
"""Status, Content-Encoding and body."""

FAULTS = (
    "request lost",
    "answer lost",
    "delayed",
    "doubled",
    "reordered",
    "request truncated",
    "answer truncated",
    "request garbled",
    "answer garbled",
)
SHARE = 0.22
LATEST = 20.0
LONGEST_MOMENT = 0.3
OLD_PROTOCOL = 1


@dataclass
class Request:
    """One request on its way."""

    desk: str
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Service(Protocol):
    """Who answers."""

    def ask(self, request: Request, answered: Callable[[Answer | None], None]) -> None:
        """Take a request; `answered` is called later, with None where the service died over it."""


@dataclass
class Call:
    """A request that was sent; the desk waits for its answer, or has something else to do first."""

    time: Time
    go_on: Work = lambda: None
    answer: Answer | None = None
    is_over: bool = False

    def end(self, answer: Answer | None) -> None:
        """The answer is here, or None for a line that was cut; who waits is woken."""
        if not self.is_over:
            self.is_over, self.answer = True, answer
            self.time.after(0, lambda: self.go_on())

    def wait(self, seconds: float) -> Answer:
        """From a desk's thread: the answer; raises OSError for a line that is cut."""
        if not self.is_over:
            self.time.after(seconds, lambda: self.end(None))
            self.time.wait(self._wake)
        if self.answer is None:
            raise ConnectionError("the line is cut")
        return self.answer

    def _wake(self, go_on: Work) -> None:
        self.go_on = go_on


@dataclass
class Network:
    """Every message travels here. `bad` is whether faults happen now; `happened` counts them."""

    time: Time
    chance: Random
    service: Service
    bad: bool = False
    happened: Counter[str] = field(default_factory=Counter)
    cut_off: set[str] = field(default_factory=set)

    def send(self, request: Request) -> Call:
        """From a desk's thread: a request is on its way; a moment passes, in which the desk may die."""
        call = Call(self.time)
        self._send(call, request)
        self.time.wait(lambda go_on: self.time.after(self.chance.uniform(0.0, LONGEST_MOMENT), go_on))
        return call

    def _send(self, call: Call, request: Request) -> None:
        if request.desk in self.cut_off:
            self.happened["partition"] += 1
            self._refuse(call)
            return
        fault = self._fault(request)
        if fault == "request lost":
            self._refuse(call)
            return
        changed = self._changed(request, fault)
        delay = self._delay(fault)
        self.time.after(delay, lambda: self._deliver(changed, lambda answer: self._back(call, answer, fault)))
        if fault in ("doubled", "reordered"):
            later = delay + self.chance.uniform(0.0, 0.5 if fault == "doubled" else LATEST)
            self.time.after(later, lambda: self._deliver(request, lambda _: None))

    def _deliver(self, request: Request, answered: Callable[[Answer | None], None]) -> None:
        self.service.ask(request, answered)

    def _back(self, call: Call, answer: Answer | None, fault: str) -> None:
        if answer is None or fault == "answer lost":
            self._refuse(call)
            return
        heard = self._spoiled(answer, fault) if fault.startswith("answer") else answer
        self.time.after(self._delay(""), lambda: call.end(heard))

    def _refuse(self, call: Call) -> None:
        """A reset at once, or nothing until the desk loses patience."""
        if self.chance.random() < 0.6:
            self.time.after(self._delay(""), lambda: call.end(None))

    def _fault(self, request: Request) -> str:
        if not self.bad or self.chance.random() > SHARE:
            return ""
        fault = self.chance.choice(FAULTS)
        if fault.startswith("request") and fault != "request lost" and not request.body:
            return ""
        self.happened[fault] += 1
        return fault

    def _delay(self, fault: str) -> float:
        return self.chance.uniform(1.0, LATEST) if fault == "delayed" else self.chance.uniform(0.01, 0.4)

    def _changed(self, request: Request, fault: str) -> Request:
        body = request.body
        if fault == "request truncated":
            body = body[: self.chance.randrange(len(body))]
        elif fault == "request garbled":
            body = self.chance.randbytes(len(body))
        return Request(request.desk, request.method, request.path, request.headers, body)

    def _spoiled(self, answer: Answer, fault: str) -> Answer:
        status, encoding, body = answer
        if fault == "answer garbled":
            return http.client.OK, "", b"<html>Sign in to the network</html>"
        return status, encoding, body[: self.chance.randrange(len(body)) if body else 0]


class Line(client.Client):
    """The product's client, carried by the network; `is_old` speaks as the first version did."""

    def __init__(
        self,
        network: Network,
        desk: str,
        token: str,
        is_old: bool = False,
        greeted: Callable[[int], None] = lambda offset: None,
    ) -> None:
        super().__init__("127.0.0.1:1", token)
        self._network = network
        self._desk = desk
        self._is_old = is_old
        self._greeted = greeted
        self._call: Call | None = None
        self._ended = False

    def hello(self, at: int, seen: dict[str, Seen]) -> Welcome:
        offset = at - self._network.time.now
        welcome = super().hello(at, seen)
        self._greeted(offset)
        return welcome

    def abort(self) -> None:
        self._ended = True
        if self._call:
            self._call.end(None)

    def _send(self, request: client.Request[Any]) -> None:
        if self._ended:
            raise ConnectionError("the line was ended")
        old = self._is_old and request.path == "/v1/hello"
        body = _of_first_version(request.body) if old else request.body
        self._call = self._network.send(
            Request(self._desk, request.method, request.path, request.headers, body)
        )

    def _receive(self, request: client.Request[Any]) -> Answer:
        assert self._call is not None
        if self._ended:
            raise ConnectionError("the line was ended")
        return self._call.wait(request.seconds)


def _of_first_version(body: bytes) -> bytes:
    hello = msgspec.json.decode(body)
    return msgspec.json.encode({**hello, "protocol": OLD_PROTOCOL, "seen": {}})
