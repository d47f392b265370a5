"""Deliberate breaks of the product. A simulator that is worth something notices each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

import centre
import msgspec
from sqlalchemy import Connection, Engine, insert, select, update

import central.sequencer as sequencer
import desk_app.engine as engine
import desk_app.storage.store as stores
import desk_app.sync.exchange as exchange
from central import erasing
from desk_app.domain.batches import Placed, Pulled, Receipt, Snapshot
from desk_app.domain.entries import STANDS, Entry, Standing, Verdict
from desk_app.domain.facts import KIND_OF, ContestSettled
from desk_app.domain.folding import State, fold, thaw
from desk_app.storage import inbox, journal, sealed_records, snapshot
from desk_app.storage import tables as t
from desk_app.storage.journal import Held
from desk_app.sync.client import Client
from desk_app.sync.loop import Rest, SyncLoop

Mutant = Callable[[], AbstractContextManager[Any]]


def forgets_idempotence() -> AbstractContextManager[Any]:
    """The central service takes numbers it knows as new ones."""
    real = sequencer._watermarks

    def watermarks(connection: Connection, feed: str, of: Sequence[str]) -> dict[str, tuple[int, bytes]]:
        known = real(connection, feed, of)
        return {desk: (max(0, last - 1), chain) for desk, (last, chain) in known.items()}

    return patch.object(sequencer, "_watermarks", watermarks)


def moves_the_cursor_first() -> AbstractContextManager[Any]:
    """The desk's cursor is moved in a transaction before that which stores the page."""
    real = stores.Store._take

    def take(store: stores.Store, page: Pulled) -> None:
        at_feed = t.cursor.c.feed == page.feed
        last = page.entries[-1].place
        with store._engine.begin() as connection:
            before = connection.execute(select(t.cursor.c.place).where(at_feed)).scalar_one()
            connection.execute(update(t.cursor).where(at_feed).values(place=max(before, last)))
        with patch.object(inbox, "_place", lambda connection, feed: before):
            real(store, page)

    return patch.object(stores.Store, "_take", take)


def adopts_the_hash() -> AbstractContextManager[Any]:
    """A desk takes whatever hash it is told for that of its own state."""
    return patch.object(inbox, "_compared", lambda connection, page, stream, held: held)


def folds_provisional_first() -> AbstractContextManager[Any]:
    """Confirmed entries are folded on top of those that still wait."""

    def visible_ones(connection: Connection, streams: Any) -> dict[str, Held]:
        query = select(t.state).where(t.state.c.stream.in_(list(streams)))
        return {
            row.stream: Held(row.place, thaw(row.stream, row.visible or row.confirmed))
            for row in connection.execute(query)
        }

    return patch.object(journal, "held", visible_ones)


def loses_the_contested() -> AbstractContextManager[Any]:
    """A desk leaves out what is contested."""
    real = inbox._fold

    def fold_others(connection: Connection, page: Pulled, fresh: Sequence[Placed]) -> Any:
        kept = [each for each in fresh if each.verdict.standing is not Standing.CONTESTED]
        return real(connection, page, kept)

    return patch.object(inbox, "_fold", fold_others)


def drains_only_on_an_act() -> AbstractContextManager[Any]:
    """After a failure only something new makes the desk try again."""
    real = SyncLoop._failed

    def failed(loop: SyncLoop, error: Any) -> Rest:
        return Rest(real(loop, error).least, 10.0**6)

    return patch.object(SyncLoop, "_failed", failed)


def acknowledges_before_the_answer() -> AbstractContextManager[Any]:
    """A desk takes what it sends for what has arrived."""

    def hand_over(self: exchange.Exchange, client: Client, first: exchange._Ready, limit: int) -> None:
        receipts = tuple(Receipt(entry.number, 0, STANDS) for entry in first.push.entries)
        self._journal.acknowledge(first.push.feed, receipts)
        client.ask(first.request)

    return patch.object(exchange.Exchange, "_hand_over", hand_over)


def _hurries(module: Any) -> AbstractContextManager[Any]:
    real = engine.open_engine
    hurried = tuple(setting.replace("FULL", "NORMAL") for setting in engine.WRITER_SETTINGS)

    def open_engine(*arguments: Any, **named: Any) -> Engine:
        with patch.object(engine, "WRITER_SETTINGS", hurried):
            return real(*arguments, **named)

    return patch.object(module, "open_engine", open_engine)


def desk_hurries() -> AbstractContextManager[Any]:
    """The desk does not wait for its disk."""
    return _hurries(stores)


def central_hurries() -> AbstractContextManager[Any]:
    """The central service does not wait for its disk."""
    return _hurries(centre)


def takes_the_last_settling() -> AbstractContextManager[Any]:
    """A desk takes the last word about what does not count instead of the first."""

    def fold_last(state: State, entry: Entry, verdict: Verdict | None = None) -> State:
        fact = entry.fact() if entry.kind == KIND_OF[ContestSettled] else None
        if isinstance(fact, ContestSettled):
            others = {name: way for name, way in state.settled.items() if name != fact.entry}
            state = msgspec.structs.replace(state, settled=others)
        return fold(state, entry, verdict)

    return patch.object(inbox, "fold", fold_last)


def judges_anew() -> AbstractContextManager[Any]:
    """A desk does not obey the central service's verdict but judges by its own rules."""
    return patch.object(inbox, "fold", lambda state, entry, verdict=None: fold(state, entry))


def ignores_astray() -> AbstractContextManager[Any]:
    """A desk goes on as before when the central service was put back to an older copy."""
    real = stores.Store.settle

    def settle(store: stores.Store, epoch: str, numbers: dict[str, int], astray: tuple[str, ...]) -> None:
        real(store, epoch, numbers, ())

    return patch.object(stores.Store, "settle", settle)


def believes_its_receipts() -> AbstractContextManager[Any]:
    """A desk does not see that an older copy lacks what it had acknowledged."""
    return patch.object(exchange.Exchange, "_forgotten", lambda self, numbers: set())


def forgets_the_chain() -> AbstractContextManager[Any]:
    """What comes back by a pull before its receipt does not lengthen the desk's chain."""
    return patch.object(inbox, "_lengthen", lambda *arguments: None)


def takes_a_namesake() -> AbstractContextManager[Any]:
    """A desk takes entries in its own name that it never wrote."""
    return patch.object(inbox, "_refuse_namesake", lambda *arguments: None)


def stops_at_the_first_refusal() -> AbstractContextManager[Any]:
    """A feed that is refused keeps the others waiting."""

    def refusal(step: Callable[[], None]) -> None:
        step()

    return patch.object(exchange, "_refusal", refusal)


def numbers_outside_the_act() -> AbstractContextManager[Any]:
    """Numbers are taken in memory, and written down only now and then."""
    taken: dict[tuple[int, str], int] = {}

    def next_number(connection: Connection, feed: str) -> int:
        at_feed = t.cursor.c.feed == feed
        stored = connection.execute(select(t.cursor.c.last_number).where(at_feed)).scalar_one()
        number = taken.get((id(connection.engine), feed), stored) + 1
        taken[id(connection.engine), feed] = number
        if number % 3 == 0:
            connection.execute(update(t.cursor).where(at_feed).values(last_number=number))
        return number

    return patch.object(journal, "next_number", next_number)


def drops_the_feed_lock() -> AbstractContextManager[Any]:
    """Places are given first; who got the later ones may be stored before who got the earlier ones."""
    real, places = sequencer._take, sequencer._take_places

    def take(writer: Engine, group: Sequence[sequencer.Offered], at: int) -> list[Any]:
        given = []
        for offered in group:
            with writer.begin() as connection:
                given.append(places(connection, offered.push.feed, _new(connection, offered)))
        outcomes: list[Any] = []
        for offered, last in reversed(list(zip(group, given, strict=True))):
            with (
                patch.object(sequencer, "_take_places", lambda connection, feed, count, last=last: last),
                writer.begin() as connection,
            ):
                outcomes += real(connection, [offered], at)
        return outcomes[::-1]

    return patch.object(centre.central.app, "take", take)


def _new(connection: Connection, offered: sequencer.Offered) -> int:
    desk = offered.desk.id
    last, _ = sequencer._watermarks(connection, offered.push.feed, [desk]).get(desk, (0, b""))
    return sum(each.entry.number > last for each in offered.checked)


def orders_by_clock() -> AbstractContextManager[Any]:
    """A desk folds in the order of the clocks."""
    real = inbox._fold

    def fold_by_clock(connection: Connection, page: Pulled, fresh: Sequence[Placed]) -> Any:
        return real(connection, page, sorted(fresh, key=lambda placed: placed.entry.at))

    return patch.object(inbox, "_fold", fold_by_clock)


def desk_keeps_the_erased() -> AbstractContextManager[Any]:
    """A desk notes an erasure and destroys nothing."""

    def note(connection: Connection, record: str) -> None:
        connection.execute(insert(t.erased).prefix_with("OR IGNORE").values(id=record))

    return patch.object(sealed_records, "destroy", note)


def central_keeps_the_erased() -> AbstractContextManager[Any]:
    """The central service passes an erasure on and destroys nothing."""
    return patch.object(erasing, "_erase", lambda connection, feed, stream, ids: None)


def folds_the_refused() -> AbstractContextManager[Any]:
    """A desk counts what the central service has refused."""

    def fold_all(state: State, entry: Entry, verdict: Any = None) -> State:
        refused = verdict is not None and verdict.standing is Standing.REFUSED
        return fold(state, entry, STANDS if refused else verdict)

    return patch.object(inbox, "fold", fold_all)


def folds_a_part() -> AbstractContextManager[Any]:
    """A desk folds what comes of a stream whose beginning it does not have."""
    real = inbox._fold

    def fold_all(connection: Connection, page: Pulled, fresh: Sequence[Placed]) -> Any:
        return real(connection, msgspec.structs.replace(page, older=()), fresh)

    return patch.object(inbox, "_fold", fold_all)


def loses_a_page_of_states() -> AbstractContextManager[Any]:
    """A desk goes on to the next page before it has stored the states of this one."""
    real = stores.Store.take_states

    def take_states(store: stores.Store, page: Snapshot, at: int, is_load: bool) -> None:
        with store._engine.begin() as connection:
            if is_load:
                snapshot.go_on(connection, page.feed, page.up_to)
        real(store, page, at, is_load)

    return patch.object(stores.Store, "take_states", take_states)


MUTANTS: dict[str, Mutant] = {
    mutant.__name__: mutant
    for mutant in (
        forgets_idempotence,
        moves_the_cursor_first,
        adopts_the_hash,
        folds_provisional_first,
        loses_the_contested,
        drains_only_on_an_act,
        acknowledges_before_the_answer,
        desk_hurries,
        central_hurries,
        takes_the_last_settling,
        judges_anew,
        ignores_astray,
        believes_its_receipts,
        forgets_the_chain,
        takes_a_namesake,
        stops_at_the_first_refusal,
        numbers_outside_the_act,
        drops_the_feed_lock,
        orders_by_clock,
        desk_keeps_the_erased,
        central_keeps_the_erased,
        folds_the_refused,
        folds_a_part,
        loses_a_page_of_states,
    )
}


@contextmanager
def broken_by(name: str) -> Iterator[None]:
    """While one thing is broken; by no name none is."""
    with ExitStack() as stack:
        if name:
            stack.enter_context(MUTANTS[name]())
        yield
