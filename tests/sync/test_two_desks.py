"""Two real stores and the real central service in its own process: what one desk did, the other has."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from desk_app import vault
from desk_app.clock import DAY, Clock, system_clock
from desk_app.domain.cases import Case
from desk_app.domain.facts import CaseClosed, CaseNoted, CaseOpened
from desk_app.domain.people import Actor
from desk_app.errors import RuleError
from desk_app.services import setup
from desk_app.services.attention import Attention
from desk_app.services.cases import Cases
from desk_app.services.desk import Desk
from desk_app.services.inspection import Inspection
from desk_app.services.people import People
from desk_app.services.privacy import Privacy
from desk_app.services.reception import Reception
from desk_app.services.views import Brought, CaseRequest, CaseView, ItemRequest
from desk_app.storage import journal, queries, sealed_records
from desk_app.storage.act import Act
from desk_app.storage.store import Store
from desk_app.sync import loading
from desk_app.sync.client import Client
from desk_app.sync.loop import SyncLoop, SyncState
from desk_app.sync.own_central import OwnCentral
from desk_app.sync.remote import remote
from desk_app.sync.signing import signed
from desk_app.sync.wire import KEPT_DAYS, JoinCode

KEY = bytes(range(32))
ASKED = setup.Founding("样例店", "Desk A", "林静", "a long password", "270418")
Eventually = Callable[[Callable[[], object]], None]


@dataclass
class Running:
    """A desk at work: its store, its loop, and the states of its line."""

    store: Store
    clock: Clock
    address: Callable[[], str]
    token: str = ""
    private: bytes = field(default_factory=lambda: Ed25519PrivateKey.generate().private_bytes_raw())
    states: list[SyncState] = field(default_factory=list)
    loop: SyncLoop | None = None

    def enter(self, address: str, secret: str) -> setup.Enter:
        def enter(desk: str, name: str) -> setup.Welcome:
            key = Ed25519PrivateKey.from_private_bytes(self.private).public_key().public_bytes_raw().hex()
            with closing(Client(address, "")) as client:
                joined = client.join(JoinCode(address, b"", secret), desk, name, key)
            self.token = joined.token
            return setup.Welcome(joined.block, joined.store, joined.feeds, address, key)

        return enter

    def client(self) -> Client:
        return Client(self.address(), self.token)

    def start(self) -> None:
        self.loop = loop = SyncLoop(
            self.store,
            self.client,
            self.clock,
            self.states.append,
            partial(signed, self.private),
            jitter=lambda pause: pause / 100,
        )
        self.store.listen(lambda _: loop.poke())
        loop.start()

    def stop(self) -> None:
        if self.loop:
            self.loop.stop()
        self.loop = None

    def is_online(self) -> bool:
        return bool(self.states) and (self.states[-1].line, self.states[-1].waiting) == ("online", 0)

    def open_case(self, by: Actor, product: str) -> str:
        """Open a case at the window; returns its stream."""
        request = CaseRequest(
            "repair", "陈晓梅", "13800000001", "", "屏幕摔裂", "", ItemRequest(product, "phone")
        )
        return Reception(Desk(self.store, self.clock)).open_case(request, by).result(20).stream

    def case(self, stream: str) -> Case:
        with self.store.read() as connection:
            state = journal.visible(connection, stream)
        assert isinstance(state, Case)
        return state

    def note(self, by: Actor, stream: str, text: str) -> None:
        Reception(Desk(self.store, self.clock)).add_note(stream, text, by).result(20)


@pytest.fixture
def own(tmp_path: Path) -> Iterator[OwnCentral]:
    made = OwnCentral(tmp_path / "central", jitter=lambda pause: pause / 100)
    yield made
    made.stop()


@pytest.fixture
def desks(tmp_path: Path, clock, own: OwnCentral) -> Iterator[tuple[Running, Running, Actor]]:
    """Two desks of one store, joined and in sync, and the administrator."""
    ready = own.start()
    first, second = (Running(Store(folder(tmp_path, name), KEY), clock, own.address) for name in "ab")
    _, actor = setup.found(first.store, clock, ASKED, first.enter(ready.address, ready.founding_secret))
    with closing(first.client()) as client:
        secret = client.invite()
    setup.join(second.store, clock, "Desk B", second.enter(ready.address, secret))
    first.start()
    second.start()
    yield first, second, actor
    for desk in (first, second):
        desk.stop()
        desk.store.close()


def folder(parent: Path, name: str) -> Path:
    made = parent / name
    made.mkdir()
    return made


def same_case(stream: str, *desks: Running) -> bool:
    """Whether the desks agree about a case that has been opened."""
    first, *others = [desk.case(stream) for desk in desks]
    return bool(first.number) and all(first == other for other in others)


@pytest.mark.slow
def test_what_one_desk_records_is_on_the_other(desks, eventually: Eventually) -> None:
    first, second, actor = desks
    stream = first.open_case(actor, "K12 Pro")
    eventually(lambda: same_case(stream, first, second))
    eventually(lambda: first.is_online() and second.is_online())
    second.note(actor, stream, "来电询问进度")
    eventually(lambda: first.case(stream).notes)
    assert same_case(stream, first, second)
    (record,) = first.case(stream).notes
    with first.store.read() as connection:
        assert sealed_records.open_one(connection, record) == "来电询问进度".encode()


@pytest.mark.slow
def test_both_work_on_without_a_line_and_meet_again(desks, eventually: Eventually) -> None:
    first, second, actor = desks
    stream = first.open_case(actor, "K12 Pro")
    eventually(lambda: same_case(stream, first, second))
    second.stop()
    first.note(actor, stream, "at A")
    second.note(actor, stream, "at B")
    alone = second.open_case(actor, "K10 Lite")
    assert len(first.case(stream).notes) == len(second.case(stream).notes) == 1
    assert first.case(alone).number == ""
    second.start()
    eventually(lambda: same_case(stream, first, second) and same_case(alone, first, second))
    assert len(first.case(stream).notes) == 2


@pytest.mark.slow
@pytest.mark.needs_linux
@pytest.mark.logs("is started again")
def test_a_central_service_that_is_killed_comes_back_and_nothing_is_lost(
    desks, own: OwnCentral, eventually: Eventually
) -> None:
    first, second, actor = desks
    eventually(lambda: first.is_online() and second.is_online())
    os.kill(own._process._child.pid, signal.SIGKILL)
    streams = [first.open_case(actor, f"K{number}") for number in range(5)]
    eventually(lambda: all(same_case(stream, first, second) for stream in streams))
    eventually(lambda: first.is_online() and second.is_online())
    with closing(first.client()) as client:
        heads = client.hello(0, {}).heads
    assert {feed: first.store.cursor(feed) for feed in heads} == heads


def put_aside(own: OwnCentral, work: Callable[[], object]) -> None:
    """Kill the service, do `work` while it is down, and let it start again."""
    with own._lock:
        child = own._process._child
        child.kill()
        child.wait()
        work()


@pytest.mark.slow
@pytest.mark.needs_linux
@pytest.mark.logs("is started again")
def test_a_central_service_put_back_to_an_older_copy_gets_back_what_it_lost(
    desks, own: OwnCentral, eventually: Eventually, tmp_path: Path
) -> None:
    first, second, actor = desks
    before = first.open_case(actor, "K1")
    eventually(lambda: same_case(before, first, second))
    data, copy = tmp_path / "central", tmp_path / "copy"
    put_aside(own, lambda: shutil.copytree(data, copy))
    lost = first.open_case(actor, "K2")
    eventually(lambda: same_case(lost, first, second))
    second.note(actor, lost, "heard by all")
    eventually(lambda: same_case(lost, first, second) and len(first.case(lost).notes) == 1)
    second.stop()
    put_aside(own, lambda: (shutil.rmtree(data), shutil.copytree(copy, data)))
    other = first.open_case(actor, "K3")
    eventually(lambda: first.is_online() and first.case(other).number)
    assert first.case(lost).number
    second.start()
    eventually(lambda: all(same_case(stream, first, second) for stream in (before, lost, other)))
    assert [len(desk.case(lost).notes) for desk in (first, second)] == [1, 1]
    with closing(first.client()) as client:
        heads = client.hello(0, first.store.last_seen()).heads
    assert {feed: first.store.cursor(feed) for feed in heads} == heads
    assert states_of(first) == states_of(second)


def states_of(desk: Running) -> list[tuple[str, bytes]]:
    """Every confirmed state's bytes."""
    with desk.store.read() as connection:
        return sorted(connection.exec_driver_sql("SELECT stream, confirmed FROM state").all())


@pytest.mark.slow
def test_a_desk_that_is_shut_out_is_told_at_once_and_keeps_its_data_and_its_queue(
    desks, eventually: Eventually
) -> None:
    first, second, actor = desks
    before = first.open_case(actor, "K1")
    eventually(lambda: same_case(before, first, second))
    eventually(lambda: first.is_online() and second.is_online())
    asked = remote(first.client, first.store, first.clock, str)
    gone = next(desk for desk in asked.desks() if not desk.ours)
    assert gone.id == second.store.identity.desk
    assert [desk.shut_out for desk in asked.shut_out(gone.id)] == [False, True]
    eventually(lambda: (second.states[-1].line, second.states[-1].reason) == ("refused", "desk.shut_out"))
    alone = second.open_case(actor, "K2")
    eventually(lambda: second.states[-1].waiting > 0)
    assert second.case(alone).number and second.case(before).number
    after = first.open_case(actor, "K3")
    eventually(lambda: first.is_online())
    assert not first.case(alone).number and not second.case(after).number


@pytest.mark.slow
def test_what_rested_on_a_decision_that_does_not_stand_is_shown_on_both_desks(
    desks, eventually: Eventually
) -> None:
    first, second, actor = desks
    case = first.open_case(actor, "K1")
    services = [Inspection(Desk(desk.store, desk.clock)) for desk in (first, second)]
    services[0].inspect(case, 1, {}, {}, "A", "", actor).result(20)
    eventually(lambda: same_case(case, first, second) and second.case(case).items[0].grade)
    eventually(lambda: first.is_online() and second.is_online())
    second.stop()
    services[0].dispose(case, 1, "restock", "S01", actor).result(20)
    services[1].dispose(case, 1, "customer", "", actor).result(20)
    eventually(first.is_online)
    second.start()
    eventually(lambda: same_case(case, first, second) and first.case(case).contests)
    views = [Attention(Desk(desk.store, desk.clock)).view() for desk in (first, second)]
    assert [[row.wanted.detail for row in view.contests] for view in views] == [["customer"], ["customer"]]
    assert [view.contests[0].wanted.ours for view in views] == [False, True]
    Attention(Desk(first.store, first.clock)).settle(
        case, views[0].contests[0].entry, "kept", 1, actor
    ).result(20)
    eventually(lambda: Attention(Desk(second.store, second.clock)).count() == 0)


@pytest.mark.slow
def test_a_desk_that_joins_a_long_feed_loads_states_and_shows_the_same(
    desks, tmp_path: Path, eventually: Eventually, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _, actor = desks
    cases = [first.open_case(actor, f"K{number}") for number in range(4)]
    first.note(actor, cases[0], "来电询问进度")
    eventually(first.is_online)
    with closing(first.client()) as client:
        secret = client.invite()
    monkeypatch.setattr(loading, "LONG_FEED", 5)
    monkeypatch.setattr(loading, "MOST_STATES", 3)
    late = Running(Store(folder(tmp_path, "late"), KEY), first.clock, first.address)
    setup.join(late.store, late.clock, "Desk C", late.enter(first.address(), secret))
    with closing(late.client()) as client:
        loading.load_people(client, late.store, late.clock())
    assert [row.name for row in People(Desk(late.store, late.clock)).everybody()] == ["林静"]
    late.start()
    eventually(lambda: late.is_online() and states_of(late) == states_of(first))
    eventually(lambda: all(not load.next for load in late.store.loads().values()))
    feed = late.store.identity.store
    assert late.store.loads()[feed].up_to > 5
    with late.store.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM entry WHERE feed = ?", (feed,)).scalar() == 0
        (record,) = late.case(cases[0]).notes
        assert queries.texts(connection, [record]) == {record: "来电询问进度"}
    late.note(actor, cases[1], "已通知")
    eventually(lambda: states_of(late) == states_of(first) and len(first.case(cases[1]).notes) == 1)
    late.stop()
    late.store.close()


@pytest.mark.slow
def test_a_case_that_left_comes_back_by_a_scan_and_by_what_happens_in_it(
    desks, eventually: Eventually
) -> None:
    first, second, actor = desks
    case = first.open_case(actor, "K1")
    eventually(lambda: same_case(case, first, second))
    first.store.act(lambda act: act.add(case, CaseClosed()), actor, system_clock()).result(20)
    eventually(lambda: same_case(case, first, second) and second.case(case).outcome)
    eventually(lambda: first.is_online() and second.is_online())
    number = second.case(case).number
    before = view(second, case)
    assert not second.store.let_go(system_clock())
    assert second.store.let_go(long_after())
    assert not second.case(case).number
    asked = remote(second.client, second.store, second.clock, str)
    assert asked.bring(("NOBODY", number)) is Brought.HERE
    assert view(second, case) == before
    assert asked.bring(("NOBODY",)) is Brought.NOWHERE
    second.stop()
    assert second.store.let_go(long_after() + 2 * DAY)
    second.start()
    first.note(actor, case, "客户来电")
    eventually(lambda: same_case(case, first, second) and second.case(case).notes)


@pytest.mark.slow
def test_who_is_forgotten_is_forgotten_in_cases_that_have_left_the_desk_too(
    desks, eventually: Eventually
) -> None:
    first, second, actor = desks
    case = first.open_case(actor, "K1")
    customer, other = first.case(case).customer, "case/01KJ00000000000000000OTHER"
    words = vault.seal("住在长安街".encode(), first.clock())

    def more(act: Act) -> None:
        act.add(other, CaseOpened("A9900019X", "return", customer, ""))
        act.add(other, CaseNoted(words.id), words)
        act.add(other, CaseClosed())

    first.store.act(more, actor, system_clock()).result(20)
    eventually(lambda: same_case(other, first, second) and first.is_online() and second.is_online())
    second.stop()
    assert not second.store.let_go(system_clock())
    assert second.store.let_go(long_after())
    second.start()
    asked = remote(second.client, second.store, second.clock, str)
    forgetting = ThreadPoolExecutor(1)
    privacy = Privacy(Desk(second.store, second.clock), lambda codes: forgetting.submit(asked.bring, codes))
    assert privacy.forget(customer, actor).result(20) == 3  # who it is, why they came, and the note
    eventually(lambda: not texts(first, words.id) and not texts(second, words.id))
    second.address = lambda: "127.0.0.1:1"
    with pytest.raises(RuleError, match=r"customer\.not_whole"):
        privacy.forget(customer, actor).result(20)
    forgetting.shutdown()


def texts(desk: Running, *records: str) -> dict[str, str]:
    with desk.store.read() as connection:
        return queries.texts(connection, records)


def long_after() -> int:
    """When what is closed now, by the service's clock, may leave."""
    return system_clock() + (KEPT_DAYS + 1) * DAY


def view(desk: Running, case: str) -> CaseView:
    return Cases(Desk(desk.store, desk.clock)).view(case)
