"""What a push must look like before the service's file is touched for it."""

from __future__ import annotations

import re

import msgspec

from central.desks import KnownDesk
from desk_app.domain.entries import Entry, canonical, home_feed, stream_kind
from desk_app.domain.folding import STATES
from desk_app.errors import RuleError
from desk_app.sync.wire import MOST_ENTRIES, Push, SealedRecord
from desk_app.vault import Sealed, matches

STREAM = re.compile(r"[a-z_]{1,20}/[!-~]{1,80}")
MOST_SEALS = 100
DEEPEST = 16
LARGEST_INTEGER = 2**53


def check_push(push: Push, desk: KnownDesk) -> list[bytes]:
    """The canonical bytes of each entry of a sound push.

    Raises RuleError('feed.not_yours'), 'desk.not_yours', 'push.malformed', 'push.too_many',
    'push.record_unnamed' or 'push.record_mismatch'.
    """
    if push.feed not in desk.feeds:
        raise RuleError("feed.not_yours")
    if len(push.entries) > MOST_ENTRIES:
        raise RuleError("push.too_many", most=MOST_ENTRIES)
    bodies = [_body(push.feed, desk, entry) for entry in push.entries]
    _check_records(push)
    return bodies


def _body(feed: str, desk: KnownDesk, entry: Entry) -> bytes:
    if entry.feed != feed or (
        stream_kind(entry.stream) in STATES and home_feed(entry.stream, desk.store) != feed
    ):
        raise RuleError("feed.not_yours")
    if entry.desk != desk.id:
        raise RuleError("desk.not_yours")
    if not _is_sound(entry):
        raise RuleError("push.malformed", number=entry.number)
    try:
        entry.fact()
        return canonical(entry)
    except (msgspec.MsgspecError, OverflowError, UnicodeEncodeError) as error:
        raise RuleError("push.malformed", number=entry.number) from error


def _is_sound(entry: Entry) -> bool:
    numbers = (entry.number - 1, entry.schema - 1, entry.at)
    return (
        STREAM.fullmatch(entry.stream) is not None
        and all(0 <= number <= LARGEST_INTEGER for number in numbers)
        and len(entry.seals) <= MOST_SEALS
        and _is_plain(entry.data, DEEPEST)
    )


def _is_plain(value: object, depth: int) -> bool:
    """Whether data is no deeper than `depth` and its numbers are those every JSON reader keeps exact."""
    if isinstance(value, int):
        return -LARGEST_INTEGER <= value <= LARGEST_INTEGER
    if isinstance(value, list):
        return depth > 0 and all(_is_plain(each, depth - 1) for each in value)
    if isinstance(value, dict):
        return depth > 0 and all(_is_plain(each, depth - 1) for each in value.values())
    return True


def _check_records(push: Push) -> None:
    named = {
        record: (entry.stream, commitment)
        for entry in push.entries
        for record, commitment in entry.seals.items()
    }
    for record in push.records:
        if record.id not in named:
            raise RuleError("push.record_unnamed", record=record.id)
        if not _fits(record, *named[record.id]):
            raise RuleError("push.record_mismatch", record=record.id)


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
