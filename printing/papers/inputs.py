"""What is handed to a paper. Plain values only, so whoever fills them needs to know nothing of printing.

Moments are microseconds UTC and are printed in the store's zone. Texts typed `Key` are marked with
`desk_app.texts.N_` and said by the paper in its own language; `str` is printed as it stands. An empty
text leaves its line out. `…_code` is the whole text of a printed code (`M7…`), as the scanners read it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

Key = str


@dataclass(frozen=True, slots=True)
class StoreHead:
    """Who issues the paper. `zone` is a name such as `Asia/Shanghai`; papers of a sample shop are marked."""

    name: str
    address: str
    phone: str
    zone: str
    sample: bool = False


class Wish(StrEnum):
    """What the customer hands the goods in for; it names the receipt."""

    REPAIR = "repair"
    RETURN = "return"
    EXCHANGE = "exchange"


@dataclass(frozen=True, slots=True)
class IntakeItem:
    """One thing handed in or announced. `code` is its GTIN or SKU, `serial` its serial number or IMEI."""

    product: str
    code: str = ""
    serial: str = ""
    condition: str = ""


@dataclass(frozen=True, slots=True)
class AnnouncedParcel:
    """A parcel the customer sends or has sent."""

    waybill: str
    carrier: str = ""


@dataclass(frozen=True, slots=True)
class IntakeReceipt:
    """What the customer takes home (寄修/退货凭证). `terms` are the store's own, beside the standing line."""

    store: StoreHead
    wish: Wish
    case_number: str
    case_code: str
    opened_at: int
    customer_name: str
    customer_phone: str
    items: tuple[IntakeItem, ...]
    reason: str
    order_number: str = ""
    parcels: tuple[AnnouncedParcel, ...] = ()
    taken_by: str = ""
    terms: str = ""


@dataclass(frozen=True, slots=True)
class ItemLabel:
    """The label that goes on a thing. `item_code` is drawn as Code 128; some 16 characters fit."""

    case_number: str
    item_code: str
    product: str
    serial: str = ""
    shelf: str = ""
    disposition: Key = ""
    sample: bool = False


@dataclass(frozen=True, slots=True)
class ParcelLabel:
    """The label of a parcel nobody announced. `parcel_code` is drawn as Code 128; some 16 characters fit."""

    store: StoreHead
    shelf: str
    waybill: str
    received_at: int
    parcel_code: str
    carrier: str = ""


@dataclass(frozen=True, slots=True)
class ReplacedPart:
    """A part that was put in. `number` is its SKU; `old_serial` is that of the part taken out."""

    name: str
    number: str = ""
    old_serial: str = ""
    new_serial: str = ""
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class RepairTest:
    """A test, with the measured value if there is one, e.g. `4.35 V`; `passed` None says it was not done."""

    name: str
    passed: bool | None
    value: str = ""


@dataclass(frozen=True, slots=True)
class Photo:
    """A photograph: the bytes of a JPEG or PNG file, upright or with its EXIF orientation.

    is_preview: a small one stands for it (or nothing, for no bytes), as it has not come to this desk yet.
    """

    data: bytes
    caption: str = ""
    is_preview: bool = False


@dataclass(frozen=True, slots=True)
class RepairWarranty:
    """The warranty after repair: its length in days, the moment in its last day, and what it covers."""

    days: int
    until: int
    covers: str = ""


@dataclass(frozen=True, slots=True)
class RepairReport:
    """All that a repair leaves behind (维修报告). `device_part` is what of the device was repaired."""

    store: StoreHead
    case_number: str
    case_code: str
    received_at: int
    finished_at: int
    customer_name: str
    product: str
    reason: str
    fault: str
    diagnosis: str
    device_part: str
    technician: str
    minutes: int
    code: str = ""
    serial: str = ""
    work: str = ""
    parts: tuple[ReplacedPart, ...] = ()
    tests: tuple[RepairTest, ...] = ()
    before: tuple[Photo, ...] = ()
    after: tuple[Photo, ...] = ()
    checker: str = ""
    checked_at: int | None = None
    warranty: RepairWarranty | None = None
    grade: Key = ""
    disposition: Key = ""


@dataclass(frozen=True, slots=True)
class TestPrint:
    """What a printer is tried with. `code` is drawn as Code 128; some 16 characters fit on a label."""

    __test__ = False  # it is no test of the program

    desk: str
    code: str


@dataclass(frozen=True, slots=True)
class CodeCard:
    """Codes that are printed together, each with its words."""

    title: str
    codes: tuple[tuple[str, str], ...]
