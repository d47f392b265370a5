"""What is found when all is quiet and everybody has gone: what is lost, doubled, skipped or unlike."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from processes import Central, Desk
from shop import Shop
from sqlalchemy import Engine, select

from central import tables as ct
from desk_app import vault
from desk_app.domain.cases import Case
from desk_app.domain.entries import Entry, Standing
from desk_app.domain.folding import thaw
from desk_app.domain.parcels import Parcel
from desk_app.engine import open_engine
from desk_app.storage import tables as dt

TOKEN = re.compile(r"SF[0-9]{13}")
SHARED = "SF9"
DISK = ("disk.full", "disk.failed")
KILLED, FAILED, REFUSED = -9, 3, 1
Row = tuple[str, int, str, int, bytes, str, str]


@dataclass(frozen=True)
class Kept:
    """What a file holds: entries in order (feed, place, desk, number, body, standing, reason), the states
    and the sealed records by their names."""

    entries: list[Row]
    states: dict[str, bytes]
    records: dict[str, tuple[str, bytes, bytes]]


def kept_by_central(central: Central, keys: Path) -> Kept:
    """What the central service has."""
    name = (central.data / "central.key-name").read_text("ascii").strip()
    key = vault.KeyStore(keys, system=False).get(name)
    assert key
    engine = open_engine(central.data / "central.db", key, read_only=True)
    e, s, r = ct.entry.c, ct.stream_state.c, ct.record.c
    return _kept(engine, (e, (s.stream, s.frozen), (r.id, r.stream, r.key, r.box)))


def kept_by_desk(desk: Desk) -> Kept:
    """What a desk has."""
    engine = open_engine(desk.folder / "desk.db", desk.key, read_only=True)
    e, s, r = dt.entry.c, dt.state.c, dt.record.c
    return _kept(engine, (e, (s.stream, s.confirmed), (r.id, r.stream, r.key, r.box)))


def loaded_to(desk: Desk) -> dict[str, int]:
    """Up to which place of each feed states came to a desk instead of entries."""
    engine = open_engine(desk.folder / "desk.db", desk.key, read_only=True)
    with engine.begin() as connection:
        found = dict(connection.execute(select(dt.cursor.c.feed, dt.cursor.c.loaded_to)).all())
    engine.dispose()
    return found


def _kept(engine: Engine, columns: tuple[Any, Any, Any]) -> Kept:
    e, states, records = columns
    row = (e.feed, e.place, e.desk, e.number, e.body, e.standing, e.reason)
    with engine.begin() as connection:
        found = Kept(
            [tuple(each) for each in connection.execute(select(*row).order_by(e.feed, e.place))],
            dict(connection.execute(select(*states)).all()),
            {each[0]: tuple(each[1:]) for each in connection.execute(select(*records))},
        )
    engine.dispose()
    return found


class Outcome:
    """The files when all is over. `complaints`: a line for everything that should not be."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.everybody = [*shop.desks.values(), *shop.gone]
        self.central = kept_by_central(shop.central, shop.keys)
        self.entries = [msgspec.json.decode(row[4], type=Entry) for row in self.central.entries]
        self.contested = sum(row[5] == Standing.CONTESTED.value for row in self.central.entries)
        checks = (self.lost, self.torn, self.skipped, self.unlike, self.miscounted, self.crashed)
        self.complaints = [f"{check.__name__}: {fault}" for check in checks for fault in check()]

    def lost(self) -> Iterator[str]:
        """Acts that were acknowledged and are not there once; acts that nobody did."""
        there = Counter((entry.desk, token) for entry in self.entries for token in self._tokens(entry))
        for desk in self.everybody:
            for token in desk.done:
                if there[desk.id, token] != 1:
                    yield f"{token} of desk {desk.name} is there {there[desk.id, token]} times"
            for token, code in desk.refused.items():
                if there[desk.id, token] and code not in DISK and not token.startswith(SHARED):
                    yield f"{token} of desk {desk.name} is there, though it was refused: {code}"
        tried = {(desk.id, token) for desk in self.everybody for token in desk.tried}
        yield from (f"{token} of {desk} was done by nobody" for desk, token in there.keys() - tried)
        yield from (f"{token} is there {count} times" for token, count in there.items() if count > 1)

    def _tokens(self, entry: Entry) -> set[str]:
        texts = [value for value in entry.data.values() if isinstance(value, str)]
        for name, commitment in entry.seals.items():
            if name in self.central.records:
                _, key, box = self.central.records[name]
                content = vault.open_sealed(vault.Sealed(name, key, box, commitment))
                texts.append(content.decode(errors="replace"))
        return {text for text in texts if TOKEN.fullmatch(text)}

    def torn(self) -> Iterator[str]:
        """Acts of which a part is missing."""
        parts: dict[tuple[str, str, int], list[int]] = defaultdict(list)
        for entry in self.entries:
            act, part, count = entry.act.split(".")
            parts[entry.desk, act, int(count)].append(int(part))
        for (desk, act, count), found in parts.items():
            if sorted(found) != list(range(1, count + 1)):
                yield f"act {act} of {desk} has the parts {sorted(found)} of {count}"

    def skipped(self) -> Iterator[str]:
        """Places and numbers that are not one after the other."""
        places, numbers = defaultdict(list), defaultdict(list)
        for feed, place, desk, number, *_ in self.central.entries:
            places[feed].append(place)
            numbers[feed, desk].append(number)
        for what, found in (*places.items(), *numbers.items()):
            if found != list(range(1, len(found) + 1)):
                yield f"{what} has {len(found)}, but the last is {found[-1]}"

    def unlike(self) -> Iterator[str]:
        """Desks that have something else than the central service, or still wait."""
        for desk in self.shop.desks.values():
            mine, loaded = kept_by_desk(desk), loaded_to(desk)
            here, there = (
                [row for row in entries if row[1] is not None and row[1] > loaded[row[0]]]
                for entries in (mine.entries, self.central.entries)
            )
            if here != there:
                missing = len(set(there) - set(here))
                yield f"desk {desk.name} lacks {missing} of {len(there)} entries"
            for what, ours, theirs in (
                ("state", mine.states, self.central.states),
                ("record", mine.records, self.central.records),
            ):
                other = [name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name)]
                yield from (f"desk {desk.name} has another {what} {name}" for name in other)
            yield from _left_over(desk)
        refused = [row[:4] for row in self.central.entries if row[5] == Standing.REFUSED.value]
        yield from (f"central refused {each}" for each in refused)

    def miscounted(self) -> Iterator[str]:
        """States that do not count what happened."""
        happened = Counter((entry.stream, entry.kind) for entry in self.entries)
        for stream, frozen in self.central.states.items():
            state = thaw(stream, frozen)
            if isinstance(state, Parcel) and state.arrivals != happened[stream, "parcel.arrived"]:
                yield f"{stream} arrived {state.arrivals} times"
            if isinstance(state, Case) and len(state.notes) != happened[stream, "case.noted"]:
                yield f"{stream} has {len(state.notes)} notes"

    def crashed(self) -> Iterator[str]:
        """Exit codes that nobody may have, and tracebacks."""
        for desk in self.everybody:
            if not set(desk.codes) <= {KILLED, FAILED, 0}:
                yield f"desk {desk.name} ended with {desk.codes}"
        if not set(self.shop.central.codes) <= {KILLED, REFUSED, 0}:
            yield f"central ended with {self.shop.central.codes}"
        logs = [*self.shop.logs.glob("*.stderr"), *self.shop.central.data.glob("central.log*")]
        for log in logs:
            text = log.read_text("utf-8", errors="replace")
            yield from (f"{sign!r} in {log.name}" for sign in ("Traceback", "state.") if sign in text)


def _left_over(desk: Desk) -> Iterator[str]:
    engine = open_engine(desk.folder / "desk.db", desk.key, read_only=True)
    with engine.begin() as connection:
        waiting = connection.execute(select(dt.entry.c.number).where(dt.entry.c.acknowledged == 0)).all()
        incidents = connection.execute(select(dt.incident)).all()
    engine.dispose()
    if waiting:
        yield f"{len(waiting)} entries wait at desk {desk.name}"
    yield from (f"desk {desk.name} noted the incident {incident}" for incident in incidents)
