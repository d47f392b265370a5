"""What can happen, kind by kind: the data an entry carries. Personal data and free text never stand here.

A field named `…_record` holds the id of a sealed record (names, phones, free text, pictures); the fold never
reads the record. A kind's fields are only ever added with a default; what changes meaning gets a new schema.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import msgspec


class Fact(msgspec.Struct, frozen=True):
    """Something that happened. Facts always merge."""


class Permission(Fact, frozen=True):
    """Exclusive: the first in the home order stands; a later one that no longer fits is contested.

    A fact with the field `relies_on` names the permissions it rests on by the ids of their entries.
    """

    @property
    def wants(self) -> str:
        """What it allows or decides, in one word."""
        return ""


class Doing(Fact, frozen=True):
    """Something done in the world; it counts even where its permission turns out contested."""


class Unknown(Fact, frozen=True):
    """A kind or schema of a newer version: kept, passed on, not understood."""

    kind: str


KINDS: dict[str, type[Fact]] = {}
KIND_OF: dict[type[Fact], str] = {}
SCHEMA_OF: dict[type[Fact], int] = {}

F = TypeVar("F", bound=type[Fact])


def kind(name: str, schema: int = 1) -> Callable[[F], F]:
    """Give a class of facts its lasting name and schema version."""

    def register(cls: F) -> F:
        KINDS[name] = cls
        KIND_OF[cls] = name
        SCHEMA_OF[cls] = schema
        return cls

    return register


@kind("store.founded")
class StoreFounded(Fact, frozen=True):
    """A store, warehouse or repair centre; `zone` as in the IANA data base, `sample` for the sample shop."""

    name: str
    address: str = ""
    phone: str = ""
    zone: str = "Asia/Shanghai"
    sample: bool = False


@kind("store.code_taught")
class CodeTaught(Fact, frozen=True):
    """Codes that look like `mask` are of this kind in the store; "" takes the mask away."""

    mask: str
    kind: str


@kind("desk.joined")
class DeskJoined(Fact, frozen=True):
    """A desk with its block of case numbers; `store` is the feed it works in, `key` its public key (hex)."""

    name: str
    block: str
    store: str
    key: str = ""


@kind("person.added")
class PersonAdded(Fact, frozen=True):
    """A person who signs in; the name is a sealed record."""

    name_record: str
    roles: tuple[str, ...]
    language: str = "zh_CN"


@kind("person.credential_set")
class CredentialSet(Fact, frozen=True):
    """The sealed record of an argon2id hash; `way` is `password` or `pin`. The newest of a way counts."""

    way: str
    record: str


@kind("person.left")
class PersonLeft(Fact, frozen=True):
    """The person signs in no more."""


@kind("customer.added")
class CustomerAdded(Fact, frozen=True):
    """A customer: name and phone are one sealed record."""

    contact_record: str
    language: str = "zh_CN"


@kind("records.erased")
class RecordsErased(Fact, frozen=True):
    """Sealed records of this stream that are destroyed everywhere."""

    records: tuple[str, ...]


@kind("parcel.announced")
class ParcelAnnounced(Fact, frozen=True):
    """Somebody expects this parcel for a case (`case/…`)."""

    waybill: str
    carrier: str
    case: str


@kind("parcel.arrived")
class ParcelArrived(Fact, frozen=True):
    """The parcel is in our hands; `condition` is `intact` or `damaged`."""

    waybill: str
    carrier: str = ""
    condition: str = "intact"


@kind("parcel.shelved")
class ParcelShelved(Fact, frozen=True):
    """Put on a numbered shelf, e.g. `S03`."""

    shelf: str


@kind("parcel.arrival_undone")
class ParcelArrivalUndone(Fact, frozen=True):
    """It was scanned by mistake and is not here; says nothing once the parcel was opened."""


@kind("parcel.opened")
class ParcelOpened(Fact, frozen=True):
    """Opened at dock or bench."""


@kind("case.opened")
class CaseOpened(Fact, frozen=True):
    """A case with its number; `case_kind` one of `domain.cases.CASE_KINDS`."""

    number: str
    case_kind: str
    customer: str
    reason_record: str
    order_number: str = ""
    channel: str = "window"


@kind("case.parcel_announced")
class CaseParcelAnnounced(Fact, frozen=True):
    """The customer named this waybill for the case."""

    waybill: str


@kind("item.added")
class ItemAdded(Fact, frozen=True):
    """Goods of a case; `item` counts from 1 within the case. All but item, product, category may be empty."""

    item: int
    product: str
    category: str
    gtin: str = ""
    sku: str = ""
    serial: str = ""
    imei: str = ""
    accessories_record: str = ""


@kind("item.received")
class ItemReceived(Doing, frozen=True):
    """The goods are in our hands, at the window or out of a parcel."""

    item: int


@kind("item.inspected")
class ItemInspected(Fact, frozen=True):
    """Answers of a checklist (point → pass/fail), measures (point → value) and the grade they led to."""

    item: int
    checklist: str
    answers: dict[str, str]
    measures: dict[str, str]
    computed_grade: str
    grade: str
    note_record: str = ""


@kind("item.disposed")
class ItemDisposed(Permission, frozen=True):
    """What becomes of the goods: one of `domain.cases.DISPOSITIONS`. The first decision stands."""

    item: int
    disposition: str
    shelf: str = ""

    @property
    def wants(self) -> str:
        return self.disposition


@kind("item.photographed")
class ItemPhotographed(Fact, frozen=True):
    """A photograph; the record holds key and name of the encrypted file, `stage` is `before` or `after`."""

    item: int
    record: str
    file: str
    stage: str


@kind("item.handed_over")
class ItemHandedOver(Doing, frozen=True):
    """The goods left: to the customer, or by parcel."""

    item: int
    relies_on: tuple[str, ...] = ()


@kind("repair.requested")
class RepairRequested(Fact, frozen=True):
    """A repair begins; the fault in the customer's words is sealed."""

    item: int
    fault_record: str = ""
    relies_on: tuple[str, ...] = ()


@kind("repair.diagnosed")
class RepairDiagnosed(Fact, frozen=True):
    """Fault code and part of the device; what the technician wrote is sealed."""

    item: int
    fault: str
    part: str
    note_record: str
    in_warranty: bool = True


@kind("repair.part_used")
class RepairPartUsed(Doing, frozen=True):
    """A part went into the device; `serial` of the new part, `old_serial` of the one taken out."""

    item: int
    part: str
    name: str
    quantity: int = 1
    serial: str = ""
    old_serial: str = ""
    relies_on: tuple[str, ...] = ()


@kind("repair.worked")
class RepairWorked(Doing, frozen=True):
    """Minutes at the bench by the entry's person."""

    item: int
    minutes: int
    relies_on: tuple[str, ...] = ()


@kind("repair.tested")
class RepairTested(Fact, frozen=True):
    """One test after the repair; `test` is a key of `domain.repairs.TESTS`."""

    item: int
    test: str
    passed: bool


@kind("repair.finished")
class RepairFinished(Fact, frozen=True):
    """The technician is done; the second check is next."""

    item: int
    warranty_days: int


@kind("repair.checked")
class RepairChecked(Permission, frozen=True):
    """Second quality check by somebody else than the technician; failed goes back to the bench."""

    item: int
    passed: bool
    note_record: str = ""
    relies_on: tuple[str, ...] = ()

    @property
    def wants(self) -> str:
        return "passed" if self.passed else "failed"


@kind("paper.printed")
class PaperPrinted(Doing, frozen=True):
    """A paper about the stream was printed; `paper` is its kind, such as `receipt`."""

    paper: str
    language: str = ""


@kind("case.noted")
class CaseNoted(Fact, frozen=True):
    """A note; its text is sealed."""

    record: str


@kind("case.closed")
class CaseClosed(Permission, frozen=True):
    """Nothing is left to do."""

    outcome: str = "solved"

    @property
    def wants(self) -> str:
        return self.outcome


@kind("device.seen")
class DeviceSeen(Fact, frozen=True):
    """A device came with a case, under this product; `store` is the feed of the store that says so."""

    case: str
    number: str
    product: str
    store: str


@kind("device.released")
class DeviceReleased(Fact, frozen=True):
    """A case has done with a device: it was handed over, or goes where it was decided."""

    case: str


@kind("device.repaired")
class DeviceRepaired(Fact, frozen=True):
    """A repair of a device passed its second check; `fault` is a code of the handbook's `category`."""

    case: str
    number: str
    product: str
    category: str
    fault: str
    finished_at: int
    warranty_days: int
    store: str


@kind("contest.settled")
class ContestSettled(Fact, frozen=True):
    """A person has seen what does not count, and says what is to be done; the first of a contest counts.

    entry: the id of the entry, or what else `folding.State.settled` names; way: `kept` (it stays as it
    stands) or `anew` (it is decided once more); item: the goods it is about.
    """

    entry: str
    way: str
    item: int = 0
