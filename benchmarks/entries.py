"""Entries of made-up cases, eight a case: wide ones of about 950 bytes, narrow ones of about 342."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count, islice

from desk_app.domain import facts
from desk_app.domain.entries import Entry, data_of

Told = tuple[str, facts.Fact]
"""A stream, and what happened in it."""

WIDE, NARROW = 950, 342
POINTS = 48
WORK = 5
PERSON = "person/01JBENCH000000000000000000"
AT = 1_772_366_400_000_000


def told(mark: str, amount: int, size: int) -> Iterator[Told]:
    """So many facts of cases that no other mark (four letters or digits) has; size: WIDE or NARROW."""
    work = [_inspected() if size == WIDE else facts.CaseNoted(f"01JN{note:03}") for note in range(WORK)]
    return islice((each for number in count() for each in _case(mark, number, work)), amount)


def _case(mark: str, number: int, work: Sequence[facts.Fact]) -> Iterator[Told]:
    stream, customer = (f"{kind}/01J{mark}{number:019}" for kind in ("case", "customer"))
    yield stream, facts.CaseOpened(f"{mark}{number:05}", "repair", customer, f"01JR{number:022}")
    yield stream, facts.ItemAdded(1, "云雀 P3", "phone", serial=f"SN{number:010}")
    yield stream, facts.ItemReceived(1)
    yield from ((stream, fact) for fact in work)


def _inspected() -> facts.Fact:
    answers = {f"point-{point:02}": "pass" for point in range(POINTS)}
    return facts.ItemInspected(1, "phone", answers, {"battery": "88"}, "B", "B")


def entries(desk: str, feed: str, told: Iterator[Told]) -> list[Entry]:
    """The entries a desk would make of facts, numbered from 1 on."""
    return [_entry(desk, feed, number, each) for number, each in enumerate(told, 1)]


def _entry(desk: str, feed: str, number: int, told: Told) -> Entry:
    stream, fact = told
    kind, schema, data = data_of(fact)
    return Entry(
        feed=feed,
        stream=stream,
        desk=desk,
        number=number,
        act=f"01JACT{number:020}.1.1",
        schema=schema,
        person=PERSON,
        at=AT + number,
        kind=kind,
        data=data,
    )
