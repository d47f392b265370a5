"""A desk without windows that works by itself, to be killed: `python desk_process.py SETTINGS FOLDER`.

SETTINGS is a JSON file, see `Settings`. Commands come as lines on standard input: `work`, `rest`, `report`,
`lose power`, `tear`; its end ends the desk. What happens is told on standard output, one JSON object a line;
whoever reads it still has it when the desk has been killed:

    {"ready": person, "desk": id}             the desk is open and its line is tried
    {"try": token}                            an act begins; its token is in what it writes
    {"done": token}                           it was acknowledged, so it must never be lost
    {"refused": token, "code": code}          it was not
    {"line": line, "reason": code}            the state of the line has changed
    {"report": …}                             how much waits, and up to where each feed is here
    {"failed": code, "sentence": sentence}    the desk cannot work; it ends with `FAILED`
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import random
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from desk_app import sabotage
from desk_app.clock import SECOND, system_clock
from desk_app.domain.cases import DISPOSITIONS, GRADES
from desk_app.domain.people import Actor
from desk_app.errors import OutsideError, RuleError, ShownError
from desk_app.refusals import sentence
from desk_app.services import setup
from desk_app.services.desk import Desk
from desk_app.services.inspection import Inspection
from desk_app.services.receiving import Receiving
from desk_app.services.reception import Reception
from desk_app.services.views import CaseRequest, ItemRequest, OpenedCase, Received
from desk_app.storage import tables as t
from desk_app.storage.store import Store
from desk_app.sync import loading
from desk_app.sync.client import Client
from desk_app.sync.loop import SyncLoop, SyncState
from desk_app.sync.signing import signed
from desk_app.sync.wire import JoinCode
from desk_app.texts import speaker

FAILED = 3
PATIENCE = 2.0  # seconds; the program's own are for worse lines and longer days
HASTE = 60  # so much shorter than the program's are the pauses before a line is tried again
SHARED_FOR = 3 * SECOND  # so long all desks receive the same parcel
RECENT = 2  # cases
LONG_FEED = 100  # so that desks which come later load states also where the trouble is short
LONGEST_PAUSE = 0.25  # seconds between acts
FOUNDING = ("样例店", "Desk A", "林静", "a long password", "270418")


class Settings(msgspec.Struct):
    """What a desk is told at its start.

    number: of this run of this desk, below 900,000; seed: of what it does; power: whether its driver is the
    one whose power can be cut.
    """

    name: str
    number: int
    key: bytes
    address: str
    seed: int
    secret: str
    person: str
    power: bool


class Secrets(msgspec.Struct):
    """What a desk keeps beside its store."""

    token: str
    private: bytes


def tell(**what: object) -> None:
    """One line to the parent, whole or not at all."""
    os.write(1, (json.dumps(what) + "\n").encode())


class Work(threading.Thread):
    """One act after the other while told to; `failed` is called with what ends it."""

    def __init__(self, store: Store, settings: Settings, by: Actor, failed: Callable[[OutsideError], None]):
        super().__init__(name="work", daemon=True)
        desk = Desk(store, system_clock)
        self.store, self.settings, self.by, self.failed = store, settings, by, failed
        self.chance = random.Random(settings.seed)
        self.receiving, self.reception, self.inspection = Receiving(desk), Reception(desk), Inspection(desk)
        self.count, self.opened = 0, ""
        self.wanted, self.ended, self.turn = threading.Event(), threading.Event(), threading.Lock()

    def run(self) -> None:
        """Work until the end; what only a person can mend ends the desk."""
        try:
            while self.wanted.wait() and not self.ended.is_set():
                with self.turn:
                    if self.wanted.is_set():
                        self.do_next()
                self.ended.wait(self.chance.uniform(0, LONGEST_PAUSE))
        except OutsideError as error:
            self.failed(error)

    def rest(self) -> None:
        """Finish the act under way and begin no other."""
        with self.turn:
            self.wanted.clear()

    def end(self) -> None:
        """Finish the act under way, for good."""
        self.ended.set()
        self.wanted.set()

    def do_next(self) -> None:
        """Draw an act and do it."""
        self.count += 1
        acts = (self.receive, self.receive_shared, self.open_case, self.note, self.dispose)
        act = self.inspect if self.opened else self.chance.choices(acts, (28, 12, 8, 18, 24))[0]
        token, begun = act(f"SF{self.settings.number:06}{self.count:07}")
        tell(**{"try": token})
        if sabotage.active("beep_before_commit"):
            tell(done=token)
        try:
            answer = begun().result()
        except RuleError as refusal:
            tell(refused=token, code=refusal.code)
        except OutsideError as failure:
            tell(refused=token, code=failure.code)
            if failure.code in ("store.damaged", "store.wrong_key"):
                raise
        else:
            self.opened = answer.stream if isinstance(answer, OpenedCase) else ""
            again = isinstance(answer, Received) and answer.outcome == "again"
            tell(**({"refused": token, "code": "again"} if again else {"done": token}))

    def receive(self, token: str) -> tuple[str, Callable[[], Future[Any]]]:
        return token, lambda: self.receiving.receive(token, self.by)

    def receive_shared(self, _: str) -> tuple[str, Callable[[], Future[Any]]]:
        waybill = f"SF9{system_clock() // SHARED_FOR:012}"
        return waybill, lambda: self.receiving.receive(waybill, self.by)

    def open_case(self, token: str) -> tuple[str, Callable[[], Future[Any]]]:
        item = ItemRequest("K12 Pro", "phone")
        request = CaseRequest("repair", "陈晓梅", "13800000001", token, "屏幕摔裂", "", item)
        return token, lambda: self.reception.open_case(request, self.by)

    def note(self, token: str) -> tuple[str, Callable[[], Future[Any]]]:
        return token, lambda: self.reception.add_note(self.case(), token, self.by)

    def inspect(self, token: str) -> tuple[str, Callable[[], Future[Any]]]:
        case, grade = self.opened, self.chance.choice(GRADES)
        return token, lambda: self.inspection.inspect(case, 1, {}, {}, grade, token, self.by)

    def dispose(self, token: str) -> tuple[str, Callable[[], Future[Any]]]:
        what = self.chance.choice(DISPOSITIONS)
        return token, lambda: self.inspection.dispose(self.case(), 1, what, token, self.by)

    def case(self) -> str:
        """One of the newest cases of whatever desk."""
        with self.store.read() as connection:
            newest = select(t.case_row.c.stream).order_by(t.case_row.c.opened_at.desc()).limit(RECENT)
            cases = list(connection.execute(newest).scalars())
        if not cases:
            raise RuleError("case.unknown")
        return self.chance.choice(cases)


class Process:
    """The desk: opened, told what to do, ended."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self.settings, self.folder = settings, folder
        self.power = _power(settings) if settings.power else None
        self.commands: queue.Queue[str | OutsideError] = queue.Queue()

    def run(self) -> int:
        """Until the end of the commands; returns the exit code."""
        try:
            store = Store(self.folder, self.settings.key, self.power.module if self.power else None)
        except OutsideError as error:
            return _failed(error)
        with closing(store):
            self.secrets, by = self.enter(store)
            loop = self.loop(store)
            work = Work(store, self.settings, by, self.commands.put)
            work.start()
            assert store.identity
            tell(ready=by.person, desk=store.identity.desk)
            threading.Thread(target=self.listen, daemon=True).start()
            try:
                return self.obey(store, work)
            finally:
                work.end()
                work.join()
                loop.stop()

    def enter(self, store: Store) -> tuple[Secrets, Actor]:
        """Found the store or join it where that has not been done; the desk's secrets, and who works."""
        path = self.folder / "secrets.json"
        settings, by = self.settings, Actor(self.settings.person, ("admin",), "林静")

        def enter(desk: str, name: str) -> setup.Welcome:
            private = Ed25519PrivateKey.generate()
            public = private.public_key().public_bytes_raw().hex()
            with closing(Client(settings.address, "")) as client:
                joined = client.join(JoinCode(settings.address, b"", settings.secret), desk, name, public)
            path.write_bytes(msgspec.json.encode(Secrets(joined.token, private.private_bytes_raw())))
            return setup.Welcome(joined.block, joined.store, joined.feeds, settings.address, public)

        if store.identity is None and settings.person:
            setup.join(store, system_clock, settings.name, enter)
        elif store.identity is None:
            _, by = setup.found(store, system_clock, setup.Founding(*FOUNDING), enter)
        return msgspec.json.decode(path.read_bytes(), type=Secrets), by

    def loop(self, store: Store) -> SyncLoop:
        loop = SyncLoop(
            store,
            lambda: Client(self.settings.address, self.secrets.token, patience=PATIENCE),
            system_clock,
            _tell_line,
            partial(signed, self.secrets.private),
            jitter=lambda pause: pause / HASTE,
        )
        store.listen(lambda _: loop.poke())
        loop.start()
        return loop

    def listen(self) -> None:
        """Take commands until there are no more."""
        for line in sys.stdin:
            self.commands.put(line.strip())
        self.commands.put("end")

    def obey(self, store: Store, work: Work) -> int:
        for command in iter(self.commands.get, "end"):
            match command:
                case OutsideError():
                    return _failed(command)
                case "work":
                    work.wanted.set()
                case "rest":
                    work.rest()
                case "report":
                    _report(store)
                case "lose power" | "tear":
                    self.power.lose_power(tear=command == "tear")
                    os.kill(os.getpid(), signal.SIGKILL)
        return 0


def _power(settings: Settings) -> Any:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "power"))
    from computer import Power

    return Power(settings.seed)


def _tell_line(state: SyncState) -> None:
    tell(line=state.line, reason=state.reason)


def _report(store: Store) -> None:
    """What there is to say; a disk that cannot be read now is asked again."""
    with contextlib.suppress(ShownError):
        places = {feed: store.cursor(feed) for feed in store.feeds()}
        loads = any(load.next for load in store.loads().values()) or bool(store.wanted())
        tell(report={"waiting": store.waiting_count(), "loads": loads, "places": places})


def _failed(error: OutsideError) -> int:
    tell(failed=error.code, sentence=sentence(error, speaker("en")))
    return FAILED


def main(settings: Path, folder: Path) -> int:
    """Run the desk over its folder."""
    loading.LONG_FEED = LONG_FEED
    return Process(msgspec.json.decode(settings.read_bytes(), type=Settings), folder).run()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
