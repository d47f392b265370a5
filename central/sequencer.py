"""The home order: one push is one transaction that gives each new entry its place and its verdict.

The transaction takes the file for itself when it begins, so places are given one after the other and a reader
never sees a place before all those below it: a cursor cannot skip what another desk pushed at the same time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, select, update
from sqlalchemy.dialects.sqlite import insert

from central import erasing, states
from central.checks import check_push
from central.desks import KnownDesk
from central.tables import entry as entries
from central.tables import feed as feeds
from central.tables import watermark
from desk_app.domain.entries import Entry, Verdict, chain
from desk_app.domain.folding import State, fold, judge
from desk_app.errors import RuleError
from desk_app.sync.wire import Push, Pushed, Receipt

CHAIN_START = bytes(32)


@dataclass(frozen=True)
class Taken:
    """What became of a push: the answer, the feed's head, and whether records were destroyed."""

    answer: Pushed
    head: int
    erased: bool


@dataclass(frozen=True)
class Written:
    """An entry with its canonical bytes."""

    entry: Entry
    body: bytes


def take(writer: Engine, desk: KnownDesk, push: Push) -> Taken:
    """Take a push in, once: what is known already gets the same receipt again.

    Raises RuleError('push.gap', expected=…), RuleError('push.forked', number=…) and what `check_push` raises;
    then nothing of the push is kept.
    """
    bodies = check_push(push, desk)
    written = [Written(*pair) for pair in zip(push.entries, bodies, strict=True)]
    with writer.begin() as connection:
        return _take(connection, desk, push, written)


def _take(connection: Connection, desk: KnownDesk, push: Push, written: list[Written]) -> Taken:
    last, head_of_chain = _watermark(connection, push.feed, desk.id)
    _refuse_gap(last, written)
    known = [each for each in written if each.entry.number <= last]
    fresh = written[len(known) :]
    receipts = _receipts_again(connection, push.feed, desk.id, known)
    for each in fresh:
        head_of_chain = chain(head_of_chain, each.entry)
    _advance(connection, push.feed, desk.id, last + len(fresh), head_of_chain)
    head = _take_places(connection, push.feed, len(fresh))
    receipts += _add(connection, push.feed, head - len(fresh), fresh)
    erased = erasing.erase(connection, push.feed, [each.entry for each in fresh])
    erasing.keep(connection, push.feed, push.records)
    return Taken(Pushed(tuple(receipts)), head, erased)


def _watermark(connection: Connection, feed: str, desk: str) -> tuple[int, bytes]:
    """The last number taken from a desk, and its chain's head; locked until the transaction ends."""
    row = connection.execute(
        select(watermark.c.number, watermark.c.chain)
        .where(watermark.c.feed == feed, watermark.c.desk == desk)
        .with_for_update()
    ).one_or_none()
    return (row.number, row.chain) if row else (0, CHAIN_START)


def _refuse_gap(last: int, written: list[Written]) -> None:
    expected = min(last + 1, written[0].entry.number) if written else 0
    for each in written:
        if each.entry.number != expected:
            raise RuleError("push.gap", expected=expected)
        expected += 1


def _receipts_again(connection: Connection, feed: str, desk: str, known: list[Written]) -> list[Receipt]:
    if not known:
        return []
    numbers = entries.c.number.between(known[0].entry.number, known[-1].entry.number)
    rows = connection.execute(select(entries).where(entries.c.feed == feed, entries.c.desk == desk, numbers))
    stored = {row.number: row for row in rows}
    for each in known:
        if stored[each.entry.number].body != each.body:
            raise RuleError("push.forked", number=each.entry.number)
    return [
        Receipt(number, stored[number].place, states.verdict_of(stored[number])) for number in sorted(stored)
    ]


def _advance(connection: Connection, feed: str, desk: str, number: int, head: bytes) -> None:
    row = {"number": number, "chain": head}
    statement = insert(watermark).values(feed=feed, desk=desk, **row)
    connection.execute(statement.on_conflict_do_update(index_elements=["feed", "desk"], set_=row))


def _take_places(connection: Connection, feed: str, count: int) -> int:
    """Give `count` places away and return the last one; the feed's row is locked until the end."""
    statement = update(feeds).where(feeds.c.feed == feed).values(head=feeds.c.head + count)
    head: int = connection.execute(statement.returning(feeds.c.head)).scalar_one()
    return head


def _add(connection: Connection, feed: str, before: int, fresh: list[Written]) -> list[Receipt]:
    """Judge, fold and write new entries at the places after `before`."""
    if not fresh:
        return []
    folded = states.load(connection, feed, {each.entry.stream for each in fresh})
    verdicts = [_fold(folded, each.entry) for each in fresh]
    states.save(connection, feed, folded)
    rows = [
        _row(each, place, verdict)
        for place, (each, verdict) in enumerate(zip(fresh, verdicts, strict=True), before + 1)
    ]
    connection.execute(insert(entries), rows)
    return [
        Receipt(row["number"], row["place"], verdict) for row, verdict in zip(rows, verdicts, strict=True)
    ]


def _fold(folded: dict[str, State], entry: Entry) -> Verdict:
    state = folded[entry.stream]
    verdict = judge(state, entry)
    folded[entry.stream] = fold(state, entry, verdict)
    return verdict


def _row(written: Written, place: int, verdict: Verdict) -> dict[str, Any]:
    entry = written.entry
    return {
        "feed": entry.feed,
        "place": place,
        "stream": entry.stream,
        "desk": entry.desk,
        "number": entry.number,
        "body": written.body,
        "standing": verdict.standing.value,
        "reason": verdict.reason,
    }
