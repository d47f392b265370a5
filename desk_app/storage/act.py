"""One act of a person inside the writer's transaction: reads what is, adds what happened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

import msgspec
from sqlalchemy import Connection, bindparam, select

from desk_app import ids, sabotage, vault
from desk_app.domain.batches import SealedRecord
from desk_app.domain.entries import Entry, EntryId, data_of, home_feed
from desk_app.domain.facts import Fact
from desk_app.domain.folding import State
from desk_app.errors import RuleError
from desk_app.storage import journal, lookups, projecting, sealed_records
from desk_app.storage import tables as t


@dataclass(frozen=True, slots=True)
class Identity:
    """Which desk this is: id, its store's feed, its block of case numbers, the central service's address.

    fingerprint: SHA-256 (hex) of the service's certificate; empty where it runs on this computer.
    """

    desk: str
    store: str
    block: str
    address: str
    fingerprint: str = ""

    def values(self) -> list[tuple[str, str]]:
        """Name and value of each field, as the table `meta` keeps them."""
        return [(field.name, getattr(self, field.name)) for field in fields(self)]

    @staticmethod
    def read(values: dict[str, str]) -> Identity | None:
        """The identity in the values of `meta`; None where there is none yet."""
        names = [field.name for field in fields(Identity)]
        return (
            Identity(**{name: values[name] for name in names if name in values}) if "desk" in values else None
        )


_FEED = select(t.state.c.feed).where(t.state.c.stream == bindparam("stream"))


@dataclass(frozen=True, slots=True)
class _Added:
    stream: str
    fact: Fact
    sealed: tuple[vault.Sealed, ...]

    def record(self, sealed: vault.Sealed) -> tuple[SealedRecord, str]:
        """One of the sealed as a record of this stream, with its commitment."""
        return SealedRecord(sealed.id, self.stream, sealed.key, sealed.box), sealed.commitment


class Act:
    """What a decision may ask and do. Nothing is durable before the writer's commit returns."""

    def __init__(self, connection: Connection, identity: Identity, person: str, at: int) -> None:
        self.connection = connection
        self.identity = identity
        self.at = at
        self.erases = False
        self._person = person
        self._added: list[_Added] = []

    def state(self, stream: str) -> State:
        """What is visible of a stream, this act's own facts not counted."""
        return journal.visible(self.connection, stream)

    def new_stream(self, kind: str) -> str:
        """The name of a new stream of a kind that is not named by a code."""
        return f"{kind}/{ids.new_id(self.at)}"

    def seal(self, content: str | msgspec.Struct) -> vault.Sealed:
        """Personal data or free text as a sealed record; hand it to the `add` whose fact names it."""
        data = content.encode() if isinstance(content, str) else msgspec.json.encode(content)
        return vault.seal(data, self.at)

    def add(self, stream: str, fact: Fact, *sealed: vault.Sealed) -> None:
        """One thing that happened in a stream, with the sealed records its fact names."""
        self._added.append(_Added(stream, fact, sealed))

    def coming(self, stream: str) -> str:
        """The id of the entry that the next `add` to a stream makes, so that what rests on it can name it."""
        feed = self._feed_of(stream)
        ahead = sum(self._feed_of(added.stream) == feed for added in self._added)
        last = select(t.cursor.c.last_number).where(t.cursor.c.feed == feed)
        number = self.connection.execute(last).scalar_one() + ahead + 1
        return str(EntryId(feed, self.identity.desk, number))

    def signs_as(self, person: str) -> None:
        """Let the entries carry this person: the first administrator founds the store as the one added."""
        self._person = person

    def next_case_number(self) -> str:
        """The next case number of this desk's block; RuleError('case.numbers_used_up') at its end."""
        block = self.identity.block
        last = self.connection.execute(lookups.highest_number(block)).scalar()
        running = int(last[ids.BLOCK_LENGTH : ids.BLOCK_LENGTH + ids.RUNNING_LENGTH]) + 1 if last else 1
        if running > ids.LAST_RUNNING:
            raise RuleError("case.numbers_used_up")
        return ids.case_number(block, running)

    def erase(self, stream: str, erased: Callable[[tuple[str, ...]], Fact]) -> int:
        """Destroy all sealed records of a stream by an entry that names them; returns how many."""
        named = sealed_records.of_stream(self.connection, stream)
        if named:
            self.add(stream, erased(named))
            self.erases = True
        return len(named)

    def finish(self) -> set[str]:
        """Write the entries, records and look-up tables; returns the streams that changed."""
        act = ids.new_id(self.at)
        for part, added in enumerate(self._added, start=1):
            if sabotage.active("drop_entry") and added.stream.startswith("parcel/"):
                continue
            for _ in range(2 if sabotage.active("count_twice") else 1):
                self._write(added, f"{act}.{part}.{len(self._added)}")
        touched = {added.stream for added in self._added}
        return projecting.project(self.connection, touched)

    def _feed_of(self, stream: str) -> str:
        known = self.connection.execute(_FEED, {"stream": stream}).scalar()
        return known or home_feed(stream, self.identity.store)

    def _write(self, added: _Added, act: str) -> None:
        feed = self._feed_of(added.stream)
        if added.sealed:
            sealed_records.keep(self.connection, [added.record(sealed) for sealed in added.sealed])
        kind, schema, data = data_of(added.fact)
        entry = Entry(
            feed=feed,
            stream=added.stream,
            desk=self.identity.desk,
            number=journal.next_number(self.connection, feed),
            act=act,
            schema=schema,
            person=self._person,
            at=self.at,
            kind=kind,
            data=data,
            seals={each.id: each.commitment for each in added.sealed},
        )
        journal.append(self.connection, entry)
