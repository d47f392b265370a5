"""The home order: pushes that wait together are one transaction, giving each entry its place and verdict.

The transaction takes the file for itself when it begins, so places are given one after the other and a reader
never sees a place before all those below it: a cursor cannot skip what another desk pushed at the same time.
Each push is weighed before anything of it is written, so one that is refused leaves no trace in the group.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, select, update
from sqlalchemy.dialects.sqlite import insert

from central import codes, erasing, filing, states
from central.checks import Checked, sound_records
from central.desks import KnownDesk
from central.tables import desk as desks
from central.tables import entry as entries
from central.tables import feed as feeds
from central.tables import watermark
from desk_app.domain.entries import Standing, Verdict
from desk_app.domain.folding import judge_and_fold
from desk_app.errors import RuleError
from desk_app.signatures import CHAIN_START, grown, signed_by
from desk_app.sync.wire import Push, Pushed, Receipt

# Statements that every push makes; building one anew costs several times what SQLite takes for it.
_OF_DESKS = (watermark.c.feed == bindparam("of_feed")) & watermark.c.desk.in_(
    bindparam("of_desks", expanding=True)
)
_WATERMARKS = (
    select(watermark.c.desk, watermark.c.number, watermark.c.chain).where(_OF_DESKS).with_for_update()
)
_HEARD = insert(watermark)
_KEEP_WATERMARK = _HEARD.on_conflict_do_nothing()
_ADVANCE = _HEARD.on_conflict_do_update(
    index_elements=["feed", "desk"],
    set_={name: _HEARD.excluded[name] for name in ("number", "chain", "signature")},
)
_GIVE_PLACES = (
    update(feeds)
    .where(feeds.c.feed == bindparam("of_feed"))
    .values(head=feeds.c.head + bindparam("count"))
    .returning(feeds.c.head)
)
_ADD = insert(entries)


@dataclass(frozen=True)
class Offered:
    """A push whose entries were looked at one by one."""

    desk: KnownDesk
    push: Push
    checked: Sequence[Checked]


@dataclass(frozen=True)
class Taken:
    """What became of a push: the answer, the feed's head, and whether records were destroyed."""

    answer: Pushed
    head: int
    erased: bool


@dataclass(frozen=True)
class _Weighed:
    """A push that will be taken: what is new of it, receipts of the rest, and the chain's head after it."""

    offered: Offered
    fresh: Sequence[Checked]
    receipts: list[Receipt]
    last: int
    chain: bytes


def take(writer: Engine, group: Sequence[Offered], at: int) -> list[Taken | RuleError]:
    """Take pushes in, each once: what is known already gets the same receipt again.

    at: the service's clock (µs UTC).
    A push is answered by RuleError('push.gap', expected=…), ('push.forked', number=…) or ('push.unsigned');
    then nothing of it is kept.
    """
    try:
        with writer.begin() as connection:
            outcomes = {
                id(offered): outcome
                for batch in _batches(group)
                for offered, outcome in zip(batch, _take(connection, batch, at), strict=True)
            }
    except RuleError as refusal:
        if len(group) == 1:
            return [refusal]
        return [take(writer, [each], at)[0] for each in group]
    return [outcomes[id(offered)] for offered in group]


def _batches(group: Sequence[Offered]) -> Iterator[list[Offered]]:
    """Pushes to one feed, of each desk one: what many need is read and written by the same few statements."""
    while group:
        feed, batch, later = group[0].push.feed, dict[str, Offered](), list[Offered]()
        for offered in group:
            if offered.push.feed == feed and offered.desk.id not in batch:
                batch[offered.desk.id] = offered
            else:
                later.append(offered)
        yield list(batch.values())
        group = later


def _take(connection: Connection, batch: Sequence[Offered], at: int) -> list[Taken | RuleError]:
    feed = batch[0].push.feed
    known = _watermarks(connection, feed, [offered.desk.id for offered in batch])
    outcomes = [
        _weighed(connection, offered, known.get(offered.desk.id, (0, CHAIN_START))) for offered in batch
    ]
    sound = [each for each in outcomes if isinstance(each, _Weighed)]
    taken = iter(_write(connection, feed, sound, at))
    return [next(taken) if isinstance(each, _Weighed) else each for each in outcomes]


def _weighed(connection: Connection, offered: Offered, mark: tuple[int, bytes]) -> _Weighed | RuleError:
    try:
        return _weigh(connection, offered, *mark)
    except RuleError as refusal:
        return refusal


def _weigh(connection: Connection, offered: Offered, last: int, chain: bytes) -> _Weighed:
    """last, chain: the last number taken from the desk before, and its chain's head."""
    feed, desk = offered.push.feed, offered.desk.id
    _refuse_gap(last, offered.checked)
    known = [each for each in offered.checked if each.entry.number <= last]
    fresh = offered.checked[len(known) :]
    receipts = _receipts_again(connection, feed, desk, known)
    chain = grown(chain, (each.body for each in fresh))
    last += len(fresh)
    if fresh:
        _check_signature(offered, last, chain)
    return _Weighed(offered, fresh, receipts, last, chain)


def _check_signature(offered: Offered, last: int, chain: bytes) -> None:
    """A desk that has signed once always signs; one of the first version never did."""
    push, desk = offered.push, offered.desk
    if not push.signature and not desk.signs:
        return
    if not signed_by(desk.key, push.feed, desk.id, last, chain, push.signature):
        raise RuleError("push.unsigned")


def _write(connection: Connection, feed: str, weighed: Sequence[_Weighed], at: int) -> list[Taken]:
    if not weighed:
        return []
    fresh = [each for push in weighed for each in push.fresh]
    _advance(connection, weighed)
    head = _take_places(connection, feed, len(fresh))
    new = _add(connection, feed, head - len(fresh), fresh, at)
    counting = [
        each.entry
        for each, receipt in zip(fresh, new, strict=True)
        if receipt.verdict.standing is not Standing.REFUSED
    ]
    filing.note(connection, feed, counting)
    erased = erasing.erase(connection, feed, counting)
    erasing.keep(connection, feed, [each for push in weighed for each in sound_records(push.offered.push)])
    _note_signing(connection, [push.offered for push in weighed if push.fresh])
    rest = iter(new)
    receipts = [push.receipts + list(islice(rest, len(push.fresh))) for push in weighed]
    return [Taken(Pushed(tuple(each)), head, erased) for each in receipts]


def _note_signing(connection: Connection, offered: Sequence[Offered]) -> None:
    """From now on desks of which a signature was checked have to sign."""
    new = [each.desk.id for each in offered if each.push.signature and not each.desk.signs]
    if new:
        connection.execute(update(desks).where(desks.c.id.in_(new)).values(signs=True))


def _watermarks(connection: Connection, feed: str, of: Sequence[str]) -> dict[str, tuple[int, bytes]]:
    """The last number taken from each desk, and its chain's head; locked until the transaction ends."""
    rows = connection.execute(_WATERMARKS, {"of_feed": feed, "of_desks": of})
    return {row.desk: (row.number, row.chain) for row in rows}


def _refuse_gap(last: int, checked: Sequence[Checked]) -> None:
    expected = min(last + 1, checked[0].entry.number) if checked else 0
    for each in checked:
        if each.entry.number != expected:
            raise RuleError("push.gap", expected=expected)
        expected += 1


def _receipts_again(connection: Connection, feed: str, desk: str, known: Sequence[Checked]) -> list[Receipt]:
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


def _advance(connection: Connection, weighed: Sequence[_Weighed]) -> None:
    for statement, pushes in (
        (_ADVANCE, [push for push in weighed if push.fresh]),
        (_KEEP_WATERMARK, [push for push in weighed if not push.fresh]),
    ):
        if pushes:
            connection.execute(statement, [_mark(push) for push in pushes])


def _mark(weighed: _Weighed) -> dict[str, Any]:
    push = weighed.offered.push
    row = {"feed": push.feed, "desk": weighed.offered.desk.id, "signature": push.signature}
    return row | {"number": weighed.last, "chain": weighed.chain}


def _take_places(connection: Connection, feed: str, count: int) -> int:
    """Give `count` places away and return the last one; the feed's row is locked until the end."""
    head: int = connection.execute(_GIVE_PLACES, {"of_feed": feed, "count": count}).scalar_one()
    return head


def _add(connection: Connection, feed: str, before: int, fresh: Sequence[Checked], at: int) -> list[Receipt]:
    """Judge, fold and write new entries at the places after `before`."""
    if not fresh:
        return []
    streams = {each.entry.stream for each in fresh if not each.refusal}
    folded = states.load(connection, feed, streams)
    placed = list(enumerate(fresh, before + 1))
    verdicts = [_fold(folded, each, place) for place, each in placed]
    states.save(connection, feed, folded, at)
    codes.note(connection, feed, {stream: each.state for stream, each in folded.items()})
    rows = [_row(each, place, verdict) for (place, each), verdict in zip(placed, verdicts, strict=True)]
    connection.execute(_ADD, rows)
    return [
        Receipt(row["number"], row["place"], verdict) for row, verdict in zip(rows, verdicts, strict=True)
    ]


def _fold(folded: dict[str, states.Folded], each: Checked, place: int) -> Verdict:
    if each.refusal:
        return each.refusal
    verdict, state = judge_and_fold(folded[each.entry.stream].state, each.entry)
    folded[each.entry.stream] = states.Folded(state, place)
    return verdict


def _row(checked: Checked, place: int, verdict: Verdict) -> dict[str, Any]:
    entry = checked.entry
    return {
        "feed": entry.feed,
        "place": place,
        "stream": entry.stream,
        "desk": entry.desk,
        "number": entry.number,
        "body": checked.body,
        "standing": verdict.standing.value,
        "reason": verdict.reason,
    }
