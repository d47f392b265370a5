"""The after-sales case: axes instead of one long status; the one word on a list is derived."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from desk_app.domain.entries import Entry
from desk_app.domain.facts import (
    CaseClosed,
    CaseNoted,
    CaseOpened,
    CaseParcelAnnounced,
    ItemAdded,
    ItemDisposed,
    ItemHandedOver,
    ItemInspected,
    ItemPhotographed,
    ItemReceived,
    PaperPrinted,
    RepairChecked,
    RepairDiagnosed,
    RepairFinished,
    RepairPartUsed,
    RepairRequested,
    RepairTested,
    RepairWorked,
)
from desk_app.domain.folding import State, applies, excludes, folds_into

CASE_KINDS = ("return", "exchange", "repair")
GRADES = ("A", "B", "C", "D", "E")
DISPOSITIONS = ("restock", "refurbish", "repair", "vendor", "parts", "scrap", "customer")


class Photo(msgspec.Struct, frozen=True):
    record: str
    file: str
    stage: str


class Part(msgspec.Struct, frozen=True):
    part: str
    name: str
    quantity: int
    serial: str
    old_serial: str


class Test(msgspec.Struct, frozen=True):
    test: str
    passed: bool


class Repair(msgspec.Struct, frozen=True):
    """step: requested → diagnosed → second_check → ready → handed_over; a failed check leads back."""

    step: str = "requested"
    fault_record: str = ""
    fault: str = ""
    part: str = ""
    note_record: str = ""
    in_warranty: bool = True
    technician: str = ""
    parts: tuple[Part, ...] = ()
    tests: tuple[Test, ...] = ()
    minutes: int = 0
    warranty_days: int = 0
    finished_at: int = 0
    checker: str = ""
    check_record: str = ""
    check_passed: bool = False
    failed_checks: int = 0


class Item(msgspec.Struct, frozen=True):
    """goods: expected → in_hand → inspected → placed → left."""

    item: int
    product: str = ""
    category: str = ""
    gtin: str = ""
    sku: str = ""
    serial: str = ""
    imei: str = ""
    accessories_record: str = ""
    goods: str = "expected"
    checklist: str = ""
    answers: dict[str, str] = {}
    measures: dict[str, str] = {}
    grade: str = ""
    inspected_by: str = ""
    inspection_record: str = ""
    disposition: str = ""
    disposed_by: str = ""
    shelf: str = ""
    photos: tuple[Photo, ...] = ()
    repair: Repair | None = None


class Moment(msgspec.Struct, frozen=True):
    """One line of the case's story: the kind of entry, by whom, when (desk time), and which item.

    contested: a permission that does not stand.
    """

    kind: str
    person: str
    at: int
    item: int = 0
    detail: str = ""
    contested: bool = False


@folds_into("case")
class Case(State, frozen=True, kw_only=True):
    """One after-sales case; `customer` is a stream id, `parcels` are waybills the customer announced."""

    number: str = ""
    case_kind: str = ""
    customer: str = ""
    reason_record: str = ""
    order_number: str = ""
    channel: str = ""
    opened_at: int = 0
    opened_by: str = ""
    items: tuple[Item, ...] = ()
    parcels: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    story: tuple[Moment, ...] = ()
    outcome: str = ""

    def item(self, number: int) -> Item | None:
        """The item with this running number."""
        return next((item for item in self.items if item.item == number), None)


STATUSES = (
    "closed",
    "handed_over",
    "ready",
    "second_check",
    "repairing",
    "placed",
    "inspected",
    "in_hand",
    "arrived",
    "open",
)


def item_status(item: Item) -> str:
    """One word of `STATUSES` for one item, from its axes."""
    if item.goods == "left":
        return "handed_over"
    if item.goods == "expected":
        return "open"
    if item.repair and item.disposition in ("", "repair"):
        return {"ready": "ready", "second_check": "second_check"}.get(item.repair.step, "repairing")
    return item.goods


def status(case: Case, arrived: bool) -> str:
    """The one word of `STATUSES` on a list: the least advanced item speaks for the case.

    arrived: whether a parcel of the case is here (the parcel's stream knows).
    """
    if case.outcome:
        return "closed"
    words = [item_status(item) for item in case.items] or ["open"]
    word = max(words, key=STATUSES.index)
    return "arrived" if word == "open" and arrived else word


ChangeItem = Callable[[Item], Item]


def change_item(case: Case, number: int, change: ChangeItem) -> Case:
    """The case with one item changed."""
    items = tuple(change(item) if item.item == number else item for item in case.items)
    return msgspec.structs.replace(case, items=items)


def change_repair(case: Case, number: int, change: Callable[[Repair], Repair]) -> Case:
    """The case with the repair of one item changed, or begun."""

    def with_repair(item: Item) -> Item:
        return msgspec.structs.replace(item, repair=change(item.repair or Repair()))

    return change_item(case, number, with_repair)


def tell(case: Case, entry: Entry, detail: str = "", contested: bool = False) -> Case:
    """The case with one more line in its story."""
    item = entry.data.get("item", 0)
    moment = Moment(entry.kind, entry.person, entry.at, item if type(item) is int else 0, detail, contested)
    return msgspec.structs.replace(case, story=(*case.story, moment))


@applies("case", CaseOpened)
def _opened(case: Case, fact: CaseOpened, entry: Entry) -> Case:
    case = msgspec.structs.replace(
        case, **msgspec.structs.asdict(fact), opened_at=entry.at, opened_by=entry.person
    )
    return tell(case, entry, fact.case_kind)


@applies("case", CaseParcelAnnounced)
def _parcel(case: Case, fact: CaseParcelAnnounced, entry: Entry) -> Case:
    if fact.waybill in case.parcels:
        return case
    case = msgspec.structs.replace(case, parcels=(*case.parcels, fact.waybill))
    return tell(case, entry, fact.waybill)


@applies("case", ItemAdded)
def _item(case: Case, fact: ItemAdded, entry: Entry) -> Case:
    if case.item(fact.item):
        return case
    item = Item(**msgspec.structs.asdict(fact))
    return tell(msgspec.structs.replace(case, items=(*case.items, item)), entry, fact.product)


@applies("case", ItemReceived)
def _received(case: Case, fact: ItemReceived, entry: Entry) -> Case:
    def in_hand(item: Item) -> Item:
        return msgspec.structs.replace(item, goods="in_hand") if item.goods == "expected" else item

    return tell(change_item(case, fact.item, in_hand), entry)


@applies("case", ItemInspected)
def _inspected(case: Case, fact: ItemInspected, entry: Entry) -> Case:
    def graded(item: Item) -> Item:
        return msgspec.structs.replace(
            item,
            checklist=fact.checklist,
            answers=fact.answers,
            measures=fact.measures,
            grade=fact.grade,
            inspected_by=entry.person,
            inspection_record=fact.note_record,
            goods=item.goods if item.goods in ("placed", "left") else "inspected",
        )

    return tell(change_item(case, fact.item, graded), entry, fact.grade)


@excludes("case", ItemDisposed)
def _disposed_already(case: Case, fact: ItemDisposed) -> str:
    item = case.item(fact.item)
    taken = item is not None and item.disposition not in ("", fact.disposition, "repair")
    return "item.disposed_already" if taken else ""


@applies("case", ItemDisposed)
def _disposed(case: Case, fact: ItemDisposed, entry: Entry) -> Case:
    def placed(item: Item) -> Item:
        goods = "left" if item.goods == "left" else "placed"
        return msgspec.structs.replace(
            item, disposition=fact.disposition, disposed_by=entry.person, shelf=fact.shelf, goods=goods
        )

    return tell(change_item(case, fact.item, placed), entry, fact.disposition)


@applies("case", ItemPhotographed)
def _photographed(case: Case, fact: ItemPhotographed, entry: Entry) -> Case:
    photo = Photo(fact.record, fact.file, fact.stage)

    def with_photo(item: Item) -> Item:
        return msgspec.structs.replace(item, photos=(*item.photos, photo))

    return tell(change_item(case, fact.item, with_photo), entry, fact.stage)


@applies("case", ItemHandedOver)
def _handed_over(case: Case, fact: ItemHandedOver, entry: Entry) -> Case:
    def gone(item: Item) -> Item:
        repair = item.repair and msgspec.structs.replace(item.repair, step="handed_over")
        return msgspec.structs.replace(item, goods="left", repair=repair)

    return tell(change_item(case, fact.item, gone), entry)


@applies("case", RepairRequested)
def _requested(case: Case, fact: RepairRequested, entry: Entry) -> Case:
    def begin(repair: Repair) -> Repair:
        return msgspec.structs.replace(repair, fault_record=fact.fault_record)

    return tell(change_repair(case, fact.item, begin), entry)


@applies("case", RepairDiagnosed)
def _diagnosed(case: Case, fact: RepairDiagnosed, entry: Entry) -> Case:
    def diagnose(repair: Repair) -> Repair:
        return msgspec.structs.replace(
            repair,
            step="diagnosed",
            fault=fact.fault,
            part=fact.part,
            note_record=fact.note_record,
            in_warranty=fact.in_warranty,
            technician=entry.person,
        )

    return tell(change_repair(case, fact.item, diagnose), entry, fact.fault)


@applies("case", RepairPartUsed)
def _part_used(case: Case, fact: RepairPartUsed, entry: Entry) -> Case:
    part = Part(fact.part, fact.name, fact.quantity, fact.serial, fact.old_serial)

    def use(repair: Repair) -> Repair:
        return msgspec.structs.replace(repair, parts=(*repair.parts, part))

    return tell(change_repair(case, fact.item, use), entry, fact.name)


@applies("case", RepairWorked)
def _worked(case: Case, fact: RepairWorked, entry: Entry) -> Case:
    def work(repair: Repair) -> Repair:
        return msgspec.structs.replace(repair, minutes=repair.minutes + fact.minutes)

    return tell(change_repair(case, fact.item, work), entry, str(fact.minutes))


@applies("case", RepairTested)
def _tested(case: Case, fact: RepairTested, entry: Entry) -> Case:
    def test(repair: Repair) -> Repair:
        others = tuple(test for test in repair.tests if test.test != fact.test)
        return msgspec.structs.replace(repair, tests=(*others, Test(fact.test, fact.passed)))

    return tell(change_repair(case, fact.item, test), entry, fact.test)


@applies("case", RepairFinished)
def _finished(case: Case, fact: RepairFinished, entry: Entry) -> Case:
    def finish(repair: Repair) -> Repair:
        return msgspec.structs.replace(
            repair,
            step="second_check",
            technician=entry.person,
            warranty_days=fact.warranty_days,
            finished_at=entry.at,
        )

    return tell(change_repair(case, fact.item, finish), entry)


@excludes("case", RepairChecked)
def _checked_already(case: Case, fact: RepairChecked) -> str:
    item = case.item(fact.item)
    waiting = item is not None and item.repair is not None and item.repair.step == "second_check"
    return "" if waiting else "repair.not_waiting_for_check"


@applies("case", RepairChecked)
def _checked(case: Case, fact: RepairChecked, entry: Entry) -> Case:
    def check(repair: Repair) -> Repair:
        return msgspec.structs.replace(
            repair,
            step="ready" if fact.passed else "diagnosed",
            checker=entry.person,
            check_record=fact.note_record,
            check_passed=fact.passed,
            failed_checks=repair.failed_checks + (not fact.passed),
        )

    return tell(change_repair(case, fact.item, check), entry, "passed" if fact.passed else "failed")


@applies("case", PaperPrinted)
def _printed(case: Case, fact: PaperPrinted, entry: Entry) -> Case:
    return tell(case, entry, fact.paper)


@applies("case", CaseNoted)
def _noted(case: Case, fact: CaseNoted, entry: Entry) -> Case:
    return tell(msgspec.structs.replace(case, notes=(*case.notes, fact.record)), entry)


@excludes("case", CaseClosed)
def _closed_already(case: Case, fact: CaseClosed) -> str:
    return "case.closed_already" if case.outcome else ""


@applies("case", CaseClosed)
def _closed(case: Case, fact: CaseClosed, entry: Entry) -> Case:
    return tell(msgspec.structs.replace(case, outcome=fact.outcome), entry, fact.outcome)
