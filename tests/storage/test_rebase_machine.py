"""Whatever happens in whatever order, a desk shows the home order and what waits on top of it."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from desk_app.domain import facts
from desk_app.domain.batches import Placed, Pulled, Receipt
from desk_app.domain.entries import Entry, Verdict, refused
from desk_app.domain.folding import FOLD_VERSION, State, empty, fold, fold_all, judge, state_hash
from desk_app.domain.people import Actor
from desk_app.storage import journal
from desk_app.storage.act import Identity
from desk_app.storage.store import Store

KEY = bytes(range(32))
FEED = "store/01STORE"
BY = Actor("person/P", ("admin",), "王芳")
CASE = "case/1"
NAMES = ("one", "two")
OPENED = (
    facts.CaseOpened("7QK000018", "repair", "customer/1", ""),
    facts.ItemAdded(1, "Phone 手机", "phone", serial="SN1"),
)
DONE = st.sampled_from(
    (
        facts.ItemDisposed(1, "scrap"),
        facts.ItemDisposed(1, "restock"),
        facts.ItemHandedOver(1),
        facts.RepairRequested(1),
        facts.RepairFinished(1, 90),
        facts.RepairChecked(1, True),
        facts.CaseNoted("01R"),
    )
)
WHO = st.sampled_from(NAMES)


class Desks(RuleBasedStateMachine):
    """Two stores and the home order, kept here as a plain list; what is expected is folded from lists."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.order: list[Placed] = []
        self.done: dict[str, list[Entry]] = {name: [] for name in NAMES}
        self.heard: dict[str, int] = dict.fromkeys(NAMES, 0)
        self.epochs = 0
        self.stores = {name: Store(self.folder / name, KEY) for name in NAMES}
        for name, store in self.stores.items():
            store.begin(Identity(name, FEED, "7QK", ""), (FEED,), lambda act: None, 0)
            store.settle("epoch 0", {FEED: 0}, ())
        self._act("one", OPENED)

    @rule(who=WHO, fact=DONE)
    def work(self, who: str, fact: facts.Fact) -> None:
        self._act(who, (fact,))

    @rule(who=WHO, count=st.integers(1, 3), is_sound=st.booleans())
    def push(self, who: str, count: int, is_sound: bool) -> None:
        """The central service takes some of what it does not have; it may find the first of it senseless."""
        there = {placed.entry.id for placed in self.order}
        for entry in [each for each in self.done[who] if each.id not in there][:count]:
            verdict = judge(self._home(len(self.order)), entry) if is_sound else refused("entry.malformed")
            self.order.append(Placed(len(self.order) + 1, entry, verdict))
            is_sound = True

    @rule(who=WHO, again=st.integers(0, 2))
    def hear(self, who: str, again: int) -> None:
        """The receipts come, some of them twice."""
        known = {placed.entry.number: placed for placed in self.order if placed.entry.desk == who}
        numbers = range(max(1, self.heard[who] + 1 - again), len(known) + 1)
        receipts = tuple(Receipt(each, known[each].place, known[each].verdict) for each in numbers)
        if receipts:
            self.stores[who].acknowledge(FEED, receipts)
            self.heard[who] = len(known)

    @rule(who=WHO, count=st.integers(1, 6), overlap=st.integers(0, 2))
    def take(self, who: str, count: int, overlap: int) -> None:
        store = self.stores[who]
        after = max(0, store.cursor(FEED) - overlap)
        page = tuple(self.order[after : after + count])
        hashes = {CASE: state_hash(self._home(after + len(page)))} if page else {}
        store.take(Pulled(FEED, page, (), len(self.order), hashes, FOLD_VERSION))
        ours = [placed.entry.number for placed in page if placed.entry.desk == who]
        self.heard[who] = max([self.heard[who], *ours])

    @rule(who=WHO)
    def restart(self, who: str) -> None:
        self.stores[who].close()
        self.stores[who] = Store(self.folder / who, KEY)

    @rule(who=WHO)
    def rebuild(self, who: str) -> None:
        self.stores[who].rebuild()

    @precondition(lambda self: self.order)
    @rule(lost=st.integers(0, 3))
    def put_back(self, lost: int) -> None:
        """The central service comes back from an older copy; both desks greet it and read it all."""
        kept = len(self.order) - min(lost, len(self.order))
        self.order, self.epochs = self.order[:kept], self.epochs + 1
        for name, store in self.stores.items():
            there = [placed for placed in self.order if placed.entry.desk == name]
            store.settle(f"epoch {self.epochs}", {FEED: len(there)}, ())
            self.heard[name] = len(there)
        for name in NAMES:
            self.take(name, len(self.order) + 1, 0)

    @invariant()
    def shows_the_order_and_what_waits(self) -> None:
        for who, store in self.stores.items():
            with store.read() as connection:
                known = journal.states(connection, CASE)
                again = journal.from_scratch(connection, CASE)
            at = store.cursor(FEED)
            here = {placed.entry.id for placed in self.order[:at]}
            expected = self._home(at)
            assert (known.confirmed if known else empty(CASE)) == expected == again
            for entry in self.done[who]:
                if entry.id not in here:
                    expected = fold(expected, entry)
            others_gone = self._gone(who)
            if known and not others_gone:
                assert known.visible == expected
            assert store.waiting_count() == len(self.done[who]) - self.heard[who]

    @invariant()
    def no_state_ever_differed(self) -> None:
        for store in self.stores.values():
            with store.read() as connection:
                assert connection.exec_driver_sql("SELECT count(*) FROM incident").scalar() == 0

    def teardown(self) -> None:
        if hasattr(self, "stores"):
            for store in self.stores.values():
                store.close()
            shutil.rmtree(self.folder)

    def _act(self, who: str, done: tuple[facts.Fact, ...]) -> None:
        store = self.stores[who]
        store.act(lambda act: [act.add(CASE, fact) for fact in done], BY, 0).result()
        push = store.waiting(FEED, 500)
        assert push is not None
        self.done[who] += [each for each in push.entries if each.number > len(self.done[who])]

    def _home(self, count: int) -> State:
        """The state after so many places, from the beginning."""
        rows: list[tuple[Entry, Verdict]] = [(each.entry, each.verdict) for each in self.order[:count]]
        return fold_all(CASE, rows)

    def _gone(self, who: str) -> bool:
        """Whether the desk still shows what another desk did and an older copy of the service lost."""
        with self.stores[who].read() as connection:
            rows = connection.exec_driver_sql(
                "SELECT count(*) FROM entry WHERE place IS NULL AND desk != ?", (who,)
            )
            return bool(rows.scalar())


Desks.TestCase.settings = settings(max_examples=12, stateful_step_count=25)
TestDesks = pytest.mark.slow(Desks.TestCase)
