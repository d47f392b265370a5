"""The past of a device, from all stores: what an act adds to it, and what of it concerns an item."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import TypeVar

from desk_app.domain.cases import Case, Item
from desk_app.domain.devices import Device, FinishedRepair, Sighting, device_streams, plain
from desk_app.domain.facts import DeviceReleased, DeviceRepaired, DeviceSeen, Fact, ItemAdded
from desk_app.domain.folding import State
from desk_app.domain.people import Store
from desk_app.formats import local
from desk_app.services.desk import case_of
from desk_app.services.views import DevicePast, OtherCase, PastRepair
from desk_app.storage import journal
from desk_app.storage.act import Act
from desk_app.storage.queries import Moment

S = TypeVar("S", bound=State)
REPAIRED = ("ready", "handed_over")
KEEPS = ("repair", "customer")
"""Decisions with which a case has not done with a device yet."""


def tell_seen(act: Act, case: str, number: str, item: ItemAdded) -> None:
    """Tell all stores that a device came with a case."""
    _tell(act, item, DeviceSeen(case, number, item.product, act.identity.store))


def tell_released(act: Act, case: str, item: Item) -> None:
    """Tell all stores that a case has done with a device."""
    _tell(act, item, DeviceReleased(case))


def tell_repaired(act: Act, case: str, item: Item) -> None:
    """Tell all stores of a repair that passed its second check."""
    repair = item.repair
    assert repair is not None
    fact = DeviceRepaired(
        case=case,
        number=case_of(act, case).number,
        product=item.product,
        category=item.category,
        fault=repair.fault,
        finished_at=repair.finished_at,
        warranty_days=repair.warranty_days,
        store=act.identity.store,
    )
    _tell(act, item, fact)


def _tell(act: Act, item: Item | ItemAdded, fact: Fact) -> None:
    for stream in device_streams(item.serial, item.imei):
        act.add(stream, fact)


class Pasts:
    """One look at what is known of devices. streams: the devices' (`domain.devices.device_streams`).

    here: the feed of the store this desk is in; at: now (µs UTC); is_complete: nothing of what other stores
    told is missing here.
    """

    def __init__(
        self, connection: Moment, streams: Collection[str], here: str, at: int, is_complete: bool
    ) -> None:
        self._here, self._at, self._is_complete = here, at, is_complete
        self._devices = _of(journal.visible_states(connection, streams), Device)
        told = [each for device in self._devices.values() for each in device.told]
        self._cases = _of(journal.visible_states(connection, {each.case for each in told}), Case)
        self._stores = _of(journal.visible_states(connection, {here, *(each.store for each in told)}), Store)

    def of(self, case: str, product: str, *codes: str) -> DevicePast | None:
        """What is known apart from a case, where it is this product; None for codes that name no device."""
        streams = device_streams(*codes)
        known = [self._devices[stream] for stream in streams if stream in self._devices]
        repairs = {r.case: r for device in known for r in device.repairs if r.case != case}
        cases = {s.case: s for device in known for s in device.cases if s.case != case and s.number}
        standing = [repair for repair in repairs.values() if self._stands(repair, streams)]
        past = DevicePast(
            repairs=tuple(self._repair(each) for each in sorted(standing, key=_finished)),
            products=_others(product, [name for device in known for name in device.products]),
            cases=tuple(self._case(each) for each in sorted(cases.values(), key=_told)),
            this_store_only=not self._is_complete,
        )
        return past if streams else None

    def _stands(self, repair: FinishedRepair, streams: Collection[str]) -> bool:
        """Whether a repair counts: where the case is here, it says whether its second check stands."""
        case = self._cases.get(repair.case)
        items = case.items if case else ()
        ours = [item for item in items if not set(streams).isdisjoint(device_streams(item.serial, item.imei))]
        return not ours or any(item.repair and item.repair.step in REPAIRED for item in ours)

    def _repair(self, told: FinishedRepair) -> PastRepair:
        until = told.until
        return PastRepair(
            number=told.number,
            category=told.category,
            fault=told.fault,
            finished_at=told.finished_at,
            until=until,
            in_warranty=until > 0 and self._day(self._at) <= self._day(until),
            store=self._store(told.store),
        )

    def _case(self, told: Sighting) -> OtherCase:
        case = self._cases.get(told.case)
        is_open = told.is_open and not (case and case.outcome)
        return OtherCase(told.number, told.product, is_open, self._store(told.store))

    def _store(self, feed: str) -> str:
        """The name of another store; empty for this one."""
        return "" if feed == self._here else self._stores.get(feed, Store()).name

    def _day(self, at: int) -> date:
        return local(at, self._stores.get(self._here, Store()).zone).date()


def _of(states: Mapping[str, State], kind: type[S]) -> dict[str, S]:
    return {stream: state for stream, state in states.items() if isinstance(state, kind)}


def _finished(repair: FinishedRepair) -> int:
    return -repair.finished_at


def _told(sighting: Sighting) -> int:
    return -sighting.at


def _others(product: str, names: Iterable[str]) -> tuple[str, ...]:
    """The other products, each once, however it was written."""
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(plain(name), name)
    found.pop(plain(product), None)
    return tuple(found.values())
