"""The receipt a customer takes home when goods are handed in or announced (寄修/退货凭证)."""

from __future__ import annotations

from reportlab.platypus import Flowable, KeepTogether

from desk_app.texts import N_, Speaker
from printing.papers.flowables import (
    MUTED,
    SMALL,
    Column,
    Quote,
    Signatures,
    Text,
    facts,
    gap,
    section,
    table,
)
from printing.papers.inputs import IntakeReceipt, Wish
from printing.papers.kit import Sheet

_TITLES = {
    Wish.REPAIR: N_("Repair receipt"),
    Wish.RETURN: N_("Return receipt"),
    Wish.EXCHANGE: N_("Exchange receipt"),
}


def intake_receipt(receipt: IntakeReceipt, say: Speaker) -> bytes:
    """The receipt as a PDF of A4 pages."""
    title = say(_TITLES[receipt.wish])
    sheet = Sheet(receipt.store, title, receipt.case_number, receipt.case_code, say)
    return sheet.render(
        [
            *_people(receipt, say),
            *_items(receipt, say),
            *section(say("In the customer's words"), Quote(receipt.reason or "—")),
            *_parcels(receipt, say),
            *_end(receipt, say),
        ]
    )


def _people(receipt: IntakeReceipt, say: Speaker) -> list[Flowable]:
    return facts(
        [
            (say("Customer"), receipt.customer_name),
            (say("Phone"), say.phone(receipt.customer_phone)),
            (say("Date"), say.moment(receipt.opened_at, receipt.store.zone)),
            (say("Order number"), receipt.order_number),
            (say("Taken in by"), receipt.taken_by),
        ]
    )


def _items(receipt: IntakeReceipt, say: Speaker) -> list[Flowable]:
    columns = [
        Column(say("No."), 0.7),
        Column(say("Product"), 3.4),
        Column(say("GTIN or SKU"), 1.9),
        Column(say("Serial number / IMEI"), 2.2),
        Column(say("Condition, accessories"), 2.4),
    ]
    rows = [
        (str(place), item.product, item.code, item.serial, item.condition)
        for place, item in enumerate(receipt.items, 1)
    ]
    return section(say("Items"), table(columns, rows)) if rows else []


def _parcels(receipt: IntakeReceipt, say: Speaker) -> list[Flowable]:
    columns = [Column(say("Waybill"), 3), Column(say("Carrier"), 2)]
    rows = [(parcel.waybill, parcel.carrier or "—") for parcel in receipt.parcels]
    return section(say("Announced parcels"), table(columns, rows)) if rows else []


def _end(receipt: IntakeReceipt, say: Speaker) -> list[Flowable]:
    standing = say("Please keep this receipt. Show it, or tell us the case number, when you ask or collect.")
    signatures = Signatures([say("Customer's signature"), say("Store's signature"), say("Date")])
    terms = [Text(text, SMALL + 0.5, colour=MUTED) for text in (standing, receipt.terms) if text]
    return [gap(8), *terms[1:], KeepTogether([terms[0], gap(6), signatures])]
