"""What people type into the search of the cases, and which of its keys change what is listed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import Connection, select

from benchmarks.shop import Shop, desk_key
from desk_app.storage import queries
from desk_app.storage import tables as t
from desk_app.storage.store import Store

SEED = 11
SURNAMES, GIVEN = "王李张刘", "伟芳娜敏"  # a screen's keyboard has few keys to spare
ENGLISH = ("anna", "daniel", "grace", "berg", "hill", "cole")
TAIL, PART = 4, 6
IN_SIGHT = 8

TYPED = ("two Chinese characters", "a phone's tail", "a part of a serial", "an English name")


@dataclass(frozen=True, slots=True)
class Typed:
    """Signs to be typed one by one; for each of them whether other rows come into sight by it."""

    kind: str
    signs: str
    changes: tuple[bool, ...]


def sought(shop: Shop, cases: int, times: int) -> Iterator[Typed]:
    """Of each kind so many, of cases all over the list."""
    chance = random.Random(SEED)
    makers: tuple[Callable[[Connection, int], str], ...] = (_chinese, _phone, _serial, _english)
    with closing(Store(shop.data, desk_key(shop))) as store, store.read() as connection:
        for _ in range(times):
            number = chance.randrange(cases)
            for kind, make in zip(TYPED, makers, strict=True):
                signs = make(connection, number)
                yield Typed(kind, signs, _changes(connection, signs))


def _chinese(_: Connection, number: int) -> str:
    return SURNAMES[number % len(SURNAMES)] + GIVEN[number // 7 % len(GIVEN)]


def _phone(connection: Connection, number: int) -> str:
    query = select(t.case_row.c.phone).order_by(t.case_row.c.number).offset(number % 1000).limit(1)
    return str(connection.execute(query).scalar_one())[-TAIL:]


def _serial(_: Connection, number: int) -> str:
    return f"{number:09}"[-PART:]


def _english(_: Connection, number: int) -> str:
    return ENGLISH[number % len(ENGLISH)]


def _changes(connection: Connection, signs: str) -> tuple[bool, ...]:
    lists = [_in_sight(connection, signs[:end]) for end in range(len(signs) + 1)]
    return tuple(after != before for before, after in pairwise(lists))


def _in_sight(connection: Connection, words: str) -> tuple[str, ...]:
    return tuple(row.stream for row in queries.cases(connection, words, 0, IN_SIGHT))
