"""What a push must look like before the service's file is touched for it, and which entries cannot count."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass

import msgspec

from central.desks import KnownDesk
from desk_app.domain.entries import Entry, Verdict, canonical, home_feed, refused, stream_kind
from desk_app.domain.folding import STATES
from desk_app.errors import RuleError
from desk_app.sync.wire import MOST_ENTRIES, Push, SealedRecord
from desk_app.vault import Sealed, matches

log = logging.getLogger(__name__)

STREAM = re.compile(r"[a-z_]{1,20}/[!-~]{1,80}")
MOST_SEALS = 100
DEEPEST = 16
LARGEST_INTEGER = 2**53


@dataclass(frozen=True)
class Checked:
    """An entry with its canonical bytes, and a verdict where it cannot count whatever came before it."""

    entry: Entry
    body: bytes
    refusal: Verdict | None


def check_push(push: Push, desk: KnownDesk) -> list[Checked]:
    """The entries of a push, each checked by itself: one that cannot count stops none behind it.

    Raises RuleError('feed.not_yours'), 'desk.not_yours', 'push.malformed' for what no place can be given,
    or 'push.too_many'.
    """
    if push.feed not in desk.feeds or any(entry.feed != push.feed for entry in push.entries):
        raise RuleError("feed.not_yours")
    if any(entry.desk != desk.id for entry in push.entries):
        raise RuleError("desk.not_yours")
    if len(push.entries) > MOST_ENTRIES:
        raise RuleError("push.too_many", most=MOST_ENTRIES)
    return [Checked(entry, _body(entry), _refusal(entry, desk)) for entry in push.entries]


def _body(entry: Entry) -> bytes:
    try:
        body = canonical(entry)
    except (OverflowError, UnicodeEncodeError) as error:
        raise RuleError("push.malformed", number=entry.number) from error
    if not 1 <= entry.number <= LARGEST_INTEGER:
        raise RuleError("push.malformed", number=entry.number)
    return body


def _refusal(entry: Entry, desk: KnownDesk) -> Verdict | None:
    if stream_kind(entry.stream) in STATES and home_feed(entry.stream, desk.store) != entry.feed:
        return refused("entry.elsewhere")
    if not _is_sound(entry):
        return refused("entry.malformed")
    try:
        entry.fact()
    except msgspec.ValidationError:
        return refused("entry.malformed")
    return None


def _is_sound(entry: Entry) -> bool:
    return (
        STREAM.fullmatch(entry.stream) is not None
        and 1 <= entry.schema <= LARGEST_INTEGER
        and 0 <= entry.at <= LARGEST_INTEGER
        and len(entry.seals) <= MOST_SEALS
        and _is_plain(entry.data, DEEPEST)
    )


def _is_plain(value: object, depth: int) -> bool:
    """Whether data is no deeper than `depth` and its numbers are those every JSON reader keeps exact."""
    if isinstance(value, int):
        return -LARGEST_INTEGER <= value <= LARGEST_INTEGER
    if not isinstance(value, list | dict):
        return True
    if not depth:
        return False
    inside = value.values() if isinstance(value, dict) else value
    return all(isinstance(each, str) or _is_plain(each, depth - 1) for each in inside)


def sound_records(push: Push) -> list[SealedRecord]:
    """The records that entries of the push committed to; others are left out, and the log says how many."""
    named = {
        record: (entry.stream, commitment)
        for entry in push.entries
        for record, commitment in entry.seals.items()
    }
    sound = [record for record in push.records if record.id in named and _fits(record, *named[record.id])]
    if len(sound) < len(push.records):
        log.info("%d records of a push fit no entry", len(push.records) - len(sound))
    return sound


def _fits(record: SealedRecord, stream: str, commitment: str) -> bool:
    """Whether a record is the one an entry of `stream` committed to; one erased on the desk fits too."""
    if record.stream != stream:
        return False
    if is_erased(record):
        return True
    return matches(Sealed(record.id, record.key, record.box, commitment), commitment)


def is_erased(record: SealedRecord) -> bool:
    """Whether a record on the wire stands for one that is no more."""
    return not record.key and not record.box
