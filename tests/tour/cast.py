"""The people, goods and codes of the tour: made up, in real formats."""

from __future__ import annotations

from dataclasses import dataclass

from desk_app.scanning import codes

ADMIN, ADMIN_PIN = "林晓雯", "482913"
TECHNICIAN, TECHNICIAN_PIN = "陈伟", "730264"
PASSWORD = "quiet-harbour-7"
SECOND = 1.0  # what is done on one desk is on the other's screen within it


@dataclass(frozen=True)
class Customer:
    """Somebody who opens a case at the window: made up, in real formats."""

    kind: str
    name: str
    phone: str
    order: str
    waybill: str
    reason: str
    product: str
    gtin: str
    serial: str


CALLER = Customer(
    kind="3",
    name="欧阳文静",
    phone="13800138000",
    order="TB20261123001",
    waybill="SF1390027465183",
    reason="摔过一次，屏幕碎了",
    product="云雀 P3 手机",
    gtin="6901234567892",
    serial="YQP3-0098117",
)
BAKER = Customer(
    kind="1",
    name="Maria Sanchez",
    phone="13900139000",
    order="JD88812345",
    waybill="YT2938475610293",
    reason="Too large for the kitchen",
    product="Cloud air fryer 4.5 L",
    gtin="6923450657713",
    serial="CF45-7730021",
)
NOBODYS = "ZT7712345678901"
OFFLINE_A, OFFLINE_B = "JDVB12345678901", "SF1390027465999"
LOST = "SF1390027465777"
HANDS_FREE = "SF1390027465321"
NOTE = "客户来电询问进度"


def item_code(number: str) -> str:
    """The code on the label of a case's first item."""
    return codes.encode(codes.OwnKind.ITEM, codes.item_body(number, 1))
