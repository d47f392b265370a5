"""From a case's dossier to its papers: which fact of the case stands where on which paper."""

from __future__ import annotations

from desk_app.clock import DAY
from desk_app.domain.cases import Case, Item, Repair
from desk_app.domain.dossier import Dossier
from desk_app.domain.parcels import Parcel
from desk_app.domain.people import Store
from printing.papers import inputs

Words = dict[str, str]
"""Text of a code (fault, part of the device, test, category) in the paper's language."""


def store_head(store: Store) -> inputs.StoreHead:
    """Who issues the paper."""
    return inputs.StoreHead(store.name, store.address, store.phone, store.zone, store.sample)


def intake_receipt(dossier: Dossier) -> inputs.IntakeReceipt:
    """What the customer takes home."""
    case = dossier.case
    return inputs.IntakeReceipt(
        store=store_head(dossier.store),
        wish=inputs.Wish(case.case_kind),
        case_number=case.number,
        case_code=dossier.case_code,
        opened_at=case.opened_at,
        customer_name=dossier.contact.name if dossier.contact else "",
        customer_phone=dossier.contact.phone if dossier.contact else "",
        items=tuple(_intake_item(dossier, item) for item in case.items),
        reason=dossier.texts.get(case.reason_record, ""),
        order_number=case.order_number,
        parcels=tuple(
            inputs.AnnouncedParcel(waybill, dossier.carriers.get(waybill, "")) for waybill in case.parcels
        ),
        taken_by=dossier.people.get(case.opened_by, ""),
    )


def _intake_item(dossier: Dossier, item: Item) -> inputs.IntakeItem:
    accessories = dossier.texts.get(item.accessories_record, "")
    return inputs.IntakeItem(item.product, item.gtin or item.sku, item.serial or item.imei, accessories)


def item_label(dossier: Dossier, number: int) -> inputs.ItemLabel:
    """The label that goes on a thing."""
    item = dossier.case.item(number) or Item(number)
    return inputs.ItemLabel(
        case_number=dossier.case.number,
        item_code=dossier.item_codes.get(number, ""),
        product=item.product,
        serial=item.serial or item.imei,
        shelf=item.shelf,
        sample=dossier.store.sample,
    )


def parcel_label(store: Store, parcel: Parcel, code: str) -> inputs.ParcelLabel:
    """The label of a parcel nobody announced."""
    return inputs.ParcelLabel(
        store=store_head(store),
        shelf=parcel.shelf,
        waybill=parcel.waybill,
        received_at=parcel.arrived_at,
        parcel_code=code,
        carrier=parcel.carrier,
    )


def repair_report(dossier: Dossier, number: int, words: Words) -> inputs.RepairReport:
    """Everything the repair of an item left behind."""
    case = dossier.case
    item = case.item(number) or Item(number)
    repair = item.repair or Repair()
    received = next(
        (m.at for m in case.story if m.kind == "item.received" and m.item == number), case.opened_at
    )
    return inputs.RepairReport(
        store=store_head(dossier.store),
        case_number=case.number,
        case_code=dossier.case_code,
        received_at=received,
        finished_at=repair.finished_at,
        customer_name=dossier.contact.name if dossier.contact else "",
        product=item.product,
        reason=dossier.texts.get(case.reason_record, ""),
        fault=words.get(repair.fault, repair.fault),
        diagnosis=dossier.texts.get(repair.note_record, ""),
        device_part=words.get(repair.part, repair.part),
        technician=dossier.people.get(repair.technician, ""),
        minutes=repair.minutes,
        code=item.gtin or item.sku,
        serial=item.serial or item.imei,
        parts=tuple(
            inputs.ReplacedPart(part.name, part.part, part.old_serial, part.serial, part.quantity)
            for part in repair.parts
        ),
        tests=tuple(inputs.RepairTest(words.get(test.test, test.test), test.passed) for test in repair.tests),
        before=_photos(dossier, item, "before"),
        after=_photos(dossier, item, "after"),
        checker=dossier.people.get(repair.checker, ""),
        checked_at=_newest(case, "repair.checked", number),
        warranty=_warranty(repair),
    )


def _newest(case: Case, kind: str, item: int) -> int | None:
    moments = [moment.at for moment in case.story if moment.kind == kind and moment.item == item]
    return moments[-1] if moments else None


def _photos(dossier: Dossier, item: Item, stage: str) -> tuple[inputs.Photo, ...]:
    shown = [photo.record for photo in item.photos if photo.stage == stage]
    return tuple(
        inputs.Photo(dossier.photos[record], is_preview=record in dossier.coming)
        for record in shown
        if record in dossier.photos
    )


def _warranty(repair: Repair) -> inputs.RepairWarranty | None:
    if not repair.warranty_days or not repair.check_passed:
        return None
    return inputs.RepairWarranty(repair.warranty_days, repair.finished_at + repair.warranty_days * DAY)
