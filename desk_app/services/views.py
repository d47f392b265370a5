"""What goes in and comes out of the services: plain frozen data, no store and no window."""

from __future__ import annotations

from dataclasses import dataclass

from desk_app.domain.cases import Case
from desk_app.domain.people import Contact
from desk_app.errors import RuleError


class FieldErrors(RuleError):  # noqa: N818 - several errors
    """Several fields of a form are wrong: field name → the RuleError to say beside it."""

    def __init__(self, fields: dict[str, RuleError]) -> None:
        super().__init__("form.check_fields")
        self.fields = fields


@dataclass(frozen=True, slots=True)
class ItemRequest:
    product: str
    category: str
    gtin: str = ""
    sku: str = ""
    serial: str = ""
    imei: str = ""
    accessories: str = ""


@dataclass(frozen=True, slots=True)
class CaseRequest:
    """A case opened by hand. `waybill` empty: the goods are handed over at the window now.

    Fields: customer_name, phone, order_number, reason, waybill, product, gtin, serial, imei.
    """

    case_kind: str
    customer_name: str
    phone: str
    order_number: str
    reason: str
    waybill: str
    item: ItemRequest


@dataclass(frozen=True, slots=True)
class OpenedCase:
    stream: str
    number: str


@dataclass(frozen=True, slots=True)
class Received:
    """The dock's answer. outcome: announced, unannounced, or again; at: when it first arrived (µs UTC)."""

    stream: str
    waybill: str
    carrier: str
    outcome: str
    case: str
    case_number: str
    shelf: str
    at: int
    by: str
    count: int


@dataclass(frozen=True, slots=True)
class ParcelRow:
    """A parcel on a list; `case_number` empty where nobody announced it."""

    stream: str
    waybill: str
    carrier: str
    reception: str
    arrived_at: int
    shelf: str
    case: str
    case_number: str


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case on a list; `status` is a word of `domain.cases.STATUSES`."""

    stream: str
    number: str
    status: str
    case_kind: str
    customer_name: str
    phone: str
    product: str
    order_number: str
    opened_at: int


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case with its sealed records opened: texts by record id, people's names by stream, its parcels.

    An erased record is missing from `texts`; show `Erased` in its place.
    """

    stream: str
    case: Case
    status: str
    customer: Contact | None
    texts: dict[str, str]
    people: dict[str, str]
    parcels: tuple[ParcelRow, ...]
    contests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """Where a scan leads: page `case`, `bench`, `dock` or `` for unknown, and its stream and item."""

    page: str
    stream: str = ""
    item: int = 0


@dataclass(frozen=True, slots=True)
class PersonRow:
    stream: str
    name: str
    roles: tuple[str, ...]
    has_pin: bool


@dataclass(frozen=True, slots=True)
class Diagnosis:
    fault: str
    part: str
    note: str
    in_warranty: bool


@dataclass(frozen=True, slots=True)
class PartUsed:
    part: str
    name: str
    quantity: int
    serial: str
    old_serial: str


@dataclass(frozen=True, slots=True)
class LineState:
    """line: online, offline, refused; waiting: entries not yet at the central service."""

    line: str
    waiting: int
    since: int
    reason: str
