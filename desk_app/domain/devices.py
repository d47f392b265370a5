"""What all stores know of a device, without anybody's name: seen in which cases, as what, repaired when.

A device's stream is named by its serial number or IMEI, so desks without a line speak of the same one;
it lies in the feed that every desk holds whole.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import msgspec

from desk_app.clock import DAY
from desk_app.domain.entries import Entry
from desk_app.domain.facts import DeviceReleased, DeviceRepaired, DeviceSeen
from desk_app.domain.folding import State, applies, folds_into

LEAST_LETTERS, MOST_LETTERS = 3, 80
MOST_TOLD = 50
"""What is typed where there is no serial number would grow without end."""
END_OF_TIME = 2**53
"""The last moment an entry can name (µs UTC)."""


class Told(msgspec.Struct, frozen=True):
    """What was told of a device in one case; `store` is the feed of the store that told it."""

    case: str
    number: str = ""
    product: str = ""
    store: str = ""


class Sighting(Told, frozen=True):
    """The device came with the case at a moment (desk time); `is_open` until the case has done with it."""

    at: int = 0
    is_open: bool = True


class FinishedRepair(Told, frozen=True):
    """A repair that passed its second check; times in microseconds UTC."""

    category: str = ""
    fault: str = ""
    finished_at: int = 0
    warranty_days: int = 0

    @property
    def until(self) -> int:
        """A moment in the last day of the warranty after the repair; 0 where there is none."""
        if self.warranty_days <= 0:
            return 0
        return min(self.finished_at + self.warranty_days * DAY, END_OF_TIME)


@folds_into("device")
class Device(State, frozen=True, kw_only=True):
    """The last that was told, one sighting and one repair a case; what is told of a case last counts."""

    cases: tuple[Sighting, ...] = ()
    repairs: tuple[FinishedRepair, ...] = ()

    @property
    def told(self) -> tuple[Told, ...]:
        """All that was told."""
        return (*self.cases, *self.repairs)

    @property
    def products(self) -> tuple[str, ...]:
        """The products the device was called, each once, however it was written."""
        found: dict[str, str] = {}
        for each in self.told:
            if each.product:
                found.setdefault(plain(each.product), each.product)
        return tuple(found.values())


def plain(text: str) -> str:
    """The letters and digits of a text in capitals: two ways to write the same thing are equal."""
    capitals = unicodedata.normalize("NFKC", text).upper()
    return "".join(letter for letter in capitals if letter.isalnum())


def device_streams(*codes: str) -> tuple[str, ...]:
    """The streams of a device's serial number and IMEI; none for what names no device, as `N/A` or `0000`."""
    names = dict.fromkeys("".join(filter(str.isascii, plain(code))) for code in codes)
    return tuple(
        f"device/{name}"
        for name in names
        if LEAST_LETTERS <= len(name) <= MOST_LETTERS and len(set(name)) > 1
    )


def device_name(stream: str) -> str:
    """The serial number or IMEI of a device's stream; empty for any other stream."""
    kind, _, code = stream.partition("/")
    return code if kind == "device" else ""


@applies("device", DeviceSeen)
def _seen(device: Device, fact: DeviceSeen, entry: Entry) -> Device:
    def tell(known: Sighting) -> Sighting:
        return msgspec.structs.replace(
            known, number=fact.number, product=fact.product, store=fact.store, at=entry.at
        )

    return _change(device, fact.case, tell)


@applies("device", DeviceReleased)
def _released(device: Device, fact: DeviceReleased, entry: Entry) -> Device:
    return _change(device, fact.case, lambda known: msgspec.structs.replace(known, is_open=False))


@applies("device", DeviceRepaired)
def _repaired(device: Device, fact: DeviceRepaired, entry: Entry) -> Device:
    others = tuple(each for each in device.repairs if each.case != fact.case)
    repairs = (*others, FinishedRepair(**msgspec.structs.asdict(fact)))
    return msgspec.structs.replace(device, repairs=repairs[-MOST_TOLD:])


def _change(device: Device, case: str, change: Callable[[Sighting], Sighting]) -> Device:
    """The device with one sighting changed, or begun: a case may release it before it is told to have it."""
    known = (
        device.cases if any(each.case == case for each in device.cases) else (*device.cases, Sighting(case))
    )
    cases = tuple(change(each) if each.case == case else each for each in known)
    return msgspec.structs.replace(device, cases=cases[-MOST_TOLD:])
