"""Counts and places for somebody who helps from afar: numbers and codes, nothing of any customer."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Any

from sqlalchemy import Connection, func, select

from desk_app.domain.entries import stream_kind
from desk_app.storage import attention
from desk_app.storage import tables as t

NAME_LENGTH = 12


def report(connection: Connection) -> dict[str, Any]:
    """Rows of each table, and for each feed its entries by standing, its cursor and its chain."""
    tables = [*t.journal.sorted_tables, *t.lookups.sorted_tables]
    return {
        "tables": {
            table.name: _count(connection, select(func.count()).select_from(table)) for table in tables
        },
        "feeds": {row.feed: _feed(connection, row) for row in connection.execute(select(t.cursor))},
        "differing": _differing(connection),
        "to_look_at": attention.count(connection),
        "newer_entries": attention.count_newer(connection),
    }


def _count(connection: Connection, query: Any) -> int:
    return int(connection.execute(query).scalar_one())


def _feed(connection: Connection, cursor: Any) -> dict[str, Any]:
    of_feed = t.entry.c.feed == cursor.feed
    counts = select(t.entry.c.standing, func.count()).where(of_feed).group_by(t.entry.c.standing)
    entries = {standing or "no verdict": count for standing, count in connection.execute(counts).all()}
    waiting = select(func.count()).select_from(t.entry).where(of_feed, t.entry.c.acknowledged == 0)
    return {
        "entries": entries,
        "waiting": _count(connection, waiting),
        "place": cursor.place,
        "last_number": cursor.last_number,
        "chain_number": cursor.chain_number,
        "chain_head": cursor.chain.hex(),
    }


def _differing(connection: Connection) -> list[dict[str, Any]]:
    """States that differed; a stream is called by a name of this report alone, as it may be a waybill."""
    key = secrets.token_bytes(32)

    def unnamed(stream: str) -> str:
        return hmac.digest(key, stream.encode(), hashlib.sha256).hex()[:NAME_LENGTH]

    return [
        {
            "code": each.code,
            "feed": each.feed,
            "kind": stream_kind(each.stream),
            "stream": unnamed(each.stream),
            "place": each.place,
        }
        for each in attention.incidents(connection)
    ]
