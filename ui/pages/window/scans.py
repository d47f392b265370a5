"""Which field of the window's form a scanned code belongs into."""

from __future__ import annotations

from desk_app.scanning.reading import Kind, Reading, Scan

FIELDS = {
    Kind.GTIN: "gtin",
    Kind.RESTRICTED: "sku",  # the shop's own number
    Kind.IMEI: "imei",
    Kind.MEID: "imei",
    Kind.WAYBILL: "waybill",
    Kind.SERIAL: "serial",
    Kind.ORDER: "order_number",
    Kind.SKU: "sku",
}
TAKE_ANY_CODE = ("sku", "order_number", "serial")


def fitting(scan: Scan, focus: str) -> dict[str, str]:
    """Field → text for a scan; `focus` is the field with the cursor, "" for none of the form.

    A GS1 code fills all fields it speaks of. Otherwise one: that with the cursor when the code can be that,
    else the surest. Empty for codes of our own and for what can be nothing here.
    """
    if scan.surest.kind is Kind.UNKNOWN and focus in TAKE_ANY_CODE and scan.surest.value:
        return {focus: scan.surest.value}
    meanings = _first_of_each(scan.readings)
    if not meanings or scan.surest.kind not in (*FIELDS, Kind.GS1):
        return {}
    if scan.surest.kind is Kind.GS1:
        return {field: text for field, text in meanings.items() if field in ("gtin", "serial")}
    if focus in TAKE_ANY_CODE:
        return {focus: meanings.get(focus) or next(iter(meanings.values()))}
    field = focus if focus in meanings else next(iter(meanings))
    return {field: meanings[field]}


def _first_of_each(readings: tuple[Reading, ...]) -> dict[str, str]:
    """Field → its surest meaning, surest field first."""
    found: dict[str, str] = {}
    for reading in readings:
        if reading.kind in FIELDS:
            found.setdefault(FIELDS[reading.kind], reading.value)
    return found
