"""Cases in bulk: entries as another desk would have written them, with the states and rows they lead to.

Through the services, one act at a time, a hundred thousand cases would take an hour; here the same pure
functions (`fold`, `lookups.case_values` …) are asked, and what they answer is written many rows at a time.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import msgspec
from sqlalchemy import Engine, Table, update

from desk_app import ids, vault
from desk_app.clock import DAY
from desk_app.domain import facts
from desk_app.domain.cases import Case
from desk_app.domain.codes import case_codes
from desk_app.domain.entries import Entry, Standing, canonical, data_of, home_feed
from desk_app.domain.folding import State, empty, fold, freeze
from desk_app.domain.parcels import Parcel, parcel_stream
from desk_app.domain.people import Contact
from desk_app.sample import SampleShop
from desk_app.storage import lookups
from desk_app.storage import tables as t

SEED = 20_261_123
DESK = "01BENCHMARKDESK00000000000"
BLOCKS = ("8AA", "8AB", "8AC", "8AD", "8AE", "8AF", "8AG", "8AH", "8AJ", "8AK", "8AM")
DAYS = 400
AT_ONCE = 2000
SURNAMES = ("王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "朱", "欧阳", "司马")
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英文晓雯梓涵子轩雨桐浩然思远嘉怡"
ENGLISH = ("Anna Berg", "Daniel Cole", "María del Carmen Sánchez", "Grace Hill", "Tom O'Neill")
REASONS = ("屏幕不亮，充电没有反应。", "左耳没有声音。", "Does not switch on any more.", "七天无理由退货。")

NOTE = "客户来电询问进度，已答复收到后短信通知。"

Told = tuple[facts.Fact, tuple[vault.Sealed, ...]]


class Filling:
    """Writes cases into a store's tables; `person` did all of it, the newest just before `until` (µs)."""

    def __init__(self, engine: Engine, shop: SampleShop, store: str, person: str, until: int) -> None:
        self._engine, self._products, self._store = engine, shop.products, store
        self._person, self._until = person, until
        self._rows: dict[Table, list[dict[str, Any]]] = defaultdict(list)
        self._words: list[dict[str, Any]] = []
        self._numbers: Counter[str] = Counter()
        self._chance = random.Random(SEED)

    def fill(self, cases: int) -> None:
        """Write this many cases, each with a customer and nine of ten with a parcel, over `DAYS` days."""
        step = DAYS * DAY // cases
        for first in range(0, cases, AT_ONCE):
            for number in range(first, min(cases, first + AT_ONCE)):
                self._case(number, self._until - (cases - number) * step)
            self._write()

    # one case

    def _case(self, number: int, at: int) -> None:
        customer, case = f"customer/{ids.new_id(at)}", f"case/{ids.new_id(at)}"
        person = Contact(self._name(), f"1{self._chance.randrange(30_0000_0000, 99_9999_9999)}")
        contact = vault.seal(msgspec.json.encode(person), at)
        self._stream(customer, at, [(facts.CustomerAdded(contact.id), (contact,))])
        waybill = self._waybill(number)
        state = self._stream(case, at, self._told(number, customer, waybill, at))
        parcel = self._parcel(number, waybill, case, at) if waybill else Parcel()
        assert isinstance(state, Case)
        self._look_up(case, state, person, parcel)

    def _waybill(self, number: int) -> str:
        """What the customer announced, "" for nothing."""
        return waybill_of(number) if number % 10 else ""

    def _told(self, number: int, customer: str, waybill: str, at: int) -> list[Told]:
        """What happened in a case."""
        return [*self._opening(number, customer, waybill, at), *_handling(number)]

    def _name(self) -> str:
        if self._chance.random() < 0.1:
            return self._chance.choice(ENGLISH)
        given = self._chance.choices(GIVEN, k=self._chance.choice((1, 2)))
        return "".join((self._chance.choice(SURNAMES), *given))

    def _opening(
        self, number: int, customer: str, waybill: str, at: int, *, is_ordered: bool = True
    ) -> Iterator[Told]:
        reason = vault.seal(REASONS[number % len(REASONS)].encode(), at)
        block, running = divmod(number, ids.LAST_RUNNING)
        named = ids.case_number(BLOCKS[block], running + 1)
        order = f"TB{2026_0000_0000 + number * 37}" if is_ordered else ""
        yield facts.CaseOpened(named, ("return", "repair")[number % 2], customer, reason.id, order), (reason,)
        goods = self._products[number % len(self._products)]
        serial = f"YL{number:09}"
        yield facts.ItemAdded(1, goods.name, goods.category, goods.gtin, goods.sku, serial), ()
        if waybill:
            yield facts.CaseParcelAnnounced(waybill), ()
        else:
            yield facts.ItemReceived(1), ()

    def _parcel(self, number: int, waybill: str, case: str, at: int) -> Parcel:
        told: list[Told] = [(facts.ParcelAnnounced(waybill, "sf", case), ())]
        if not is_expected(number):
            told.append((facts.ParcelArrived(waybill, "sf"), ()))
        state = self._stream(parcel_stream(waybill), at, told)
        assert isinstance(state, Parcel)
        self._rows[t.parcel_row].append({"stream": parcel_stream(waybill), **lookups.parcel_values(state)})
        return state

    def _look_up(self, stream: str, case: Case, person: Contact, parcel: Parcel) -> None:
        values = lookups.case_values(case, person, parcel.arrived_at > 0)
        row = lookups.row_id(stream, case.opened_at)
        self._rows[t.case_row].append({"id": row, "stream": stream, **values})
        codes = sorted(case_codes(case))
        self._rows[t.code_row] += [{"code": code, "stream": stream, "item": item} for code, item in codes]
        self._words.append({"id": row, "words": lookups.case_words(case, person)})

    # rows

    def _stream(self, stream: str, at: int, told: list[Told]) -> State:
        """A stream's entries, records and state; the fold gives the state."""
        feed, state, place = home_feed(stream, self._store), empty(stream), 0
        for after, (fact, sealed) in enumerate(told):
            entry = self._entry(feed, stream, at + after, fact, sealed)
            state, place = fold(state, entry), entry.number
            self._rows[t.record] += [_record(stream, each) for each in sealed]
        self._rows[t.state].append(
            {"stream": stream, "feed": feed, "place": place, "confirmed": freeze(state), "visible": None}
        )
        return state

    def _entry(
        self, feed: str, stream: str, at: int, fact: facts.Fact, sealed: tuple[vault.Sealed, ...]
    ) -> Entry:
        self._numbers[feed] += 1
        kind, schema, data = data_of(fact)
        entry = Entry(
            feed=feed,
            stream=stream,
            desk=DESK,
            number=self._numbers[feed],
            act=f"{ids.new_id(at)}.1.1",
            schema=schema,
            person=self._person,
            at=at,
            kind=kind,
            data=data,
            seals={each.id: each.commitment for each in sealed},
        )
        self._rows[t.entry].append(_entry_row(entry))
        return entry

    def _write(self) -> None:
        with self._engine.begin() as connection:
            for table, rows in self._rows.items():
                connection.execute(table.insert(), rows)
            connection.execute(lookups.WRITE_WORDS, self._words)
            for feed, last in self._numbers.items():
                connection.execute(update(t.cursor).where(t.cursor.c.feed == feed).values(place=last))
        self._rows.clear()
        self._words.clear()


class EightEach(Filling):
    """Cases alike: eight entries each, with those of customer and parcel, and three codes, none of an order.

    Of those whose parcel is still on its way three notes tell what was said meanwhile.
    """

    def _waybill(self, number: int) -> str:
        return waybill_of(number)

    def _told(self, number: int, customer: str, waybill: str, at: int) -> list[Told]:
        more = _noted(at) if is_expected(number) else _looked_at(number)
        return [*self._opening(number, customer, waybill, at, is_ordered=False), *more]


def _noted(at: int) -> Iterator[Told]:
    for note in range(3):
        sealed = vault.seal(NOTE.encode(), at + note)
        yield facts.CaseNoted(sealed.id), (sealed,)


def _looked_at(number: int) -> Iterator[Told]:
    grade = "ABC"[number % 3]
    yield facts.ItemReceived(1), ()
    yield facts.ItemInspected(1, "phone", {"power": "pass", "screen": "fail"}, {}, grade, grade), ()


def waybill_of(number: int) -> str:
    """The waybill of the case that was filled in as the `number`-th."""
    return f"SF{1_000_000_000_000 + number * 7919}"


def is_expected(number: int) -> bool:
    """Whether that case's parcel is still on its way: one of twenty."""
    return number % 20 == 1


def _handling(number: int) -> Iterator[Told]:
    """What was done with goods that are here, further in some cases than in others."""
    if is_expected(number):
        return
    steps: tuple[facts.Fact, ...] = (
        facts.ItemReceived(1),
        facts.ItemInspected(1, "phone", {"power": "pass"}, {}, "B", "B"),
        facts.ItemDisposed(1, "restock"),
        facts.CaseClosed(),
    )
    for step in steps[: number % 6]:
        yield step, ()


def _record(stream: str, sealed: vault.Sealed) -> dict[str, Any]:
    whole = {"id": sealed.id, "key": sealed.key, "box": sealed.box, "commitment": sealed.commitment}
    return {"stream": stream, **whole}


def _entry_row(entry: Entry) -> dict[str, Any]:
    envelope = {"feed": entry.feed, "desk": entry.desk, "number": entry.number, "stream": entry.stream}
    settled = {"place": entry.number, "standing": Standing.STANDS.value, "reason": "", "acknowledged": 1}
    return {**envelope, "body": canonical(entry), **settled}
