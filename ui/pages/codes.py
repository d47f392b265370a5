"""What a code can be, in words."""

from __future__ import annotations

from desk_app.scanning.reading import Kind
from desk_app.texts import N_

KINDS = {
    Kind.CASE: N_("Our case number"),
    Kind.ITEM: N_("Our item label"),
    Kind.PARCEL: N_("Our parcel label"),
    Kind.SHELF: N_("Our shelf label"),
    Kind.BADGE: N_("A person's badge"),
    Kind.COMMAND: N_("A command code"),
    Kind.DOCUMENT: N_("A document of ours"),
    Kind.JOIN: N_("A code to join with"),
    Kind.WAYBILL: N_("Waybill"),
    Kind.GTIN: N_("GTIN"),
    Kind.RESTRICTED: N_("A number of the shop's own"),
    Kind.SSCC: N_("SSCC"),
    Kind.GRAI: N_("A returnable container"),
    Kind.GIAI: N_("An asset number"),
    Kind.GS1: N_("GS1 code"),
    Kind.IMEI: N_("IMEI"),
    Kind.MEID: N_("MEID"),
    Kind.MAC: N_("MAC address"),
    Kind.SERIAL: N_("Serial number"),
    Kind.ORDER: N_("Order number"),
    Kind.SKU: N_("SKU"),
    Kind.URL: N_("Web address"),
    Kind.SEVERAL: N_("Several codes in one"),
    Kind.UNKNOWN: N_("Unknown code"),
}

TAUGHT = {
    Kind.ORDER: N_("An order number"),
    Kind.SERIAL: N_("A device's serial number"),
    Kind.SKU: N_("A number of goods of ours"),
    Kind.WAYBILL: N_("A parcel's waybill"),
    Kind.UNKNOWN: N_("Nothing of ours"),
}
"""What a person may say a code is."""
