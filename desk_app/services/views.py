"""What goes in and comes out of the services: plain frozen data, no store and no window."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from desk_app.domain.cases import Case
from desk_app.domain.people import Contact
from desk_app.errors import RuleError

MOST_FOUND = 1000
"""How many cases a search tells at most: a key that a million fit takes no longer than one that few do."""


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
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class PastRepair:
    """An earlier repair of a device; `store` is the name of another store, empty for this one.

    fault: a code of the handbook's `category`; until: in the last day of its warranty (µs UTC), 0 without.
    """

    number: str
    category: str
    fault: str
    finished_at: int
    until: int
    in_warranty: bool
    store: str


@dataclass(frozen=True, slots=True)
class OtherCase:
    """Another case with the same serial number or IMEI; `store` as in `PastRepair`."""

    number: str
    product: str
    is_open: bool
    store: str


@dataclass(frozen=True, slots=True)
class DevicePast:
    """What all stores told of a device, newest first; products: other ones told under its codes.

    this_store_only: what other stores told since is, or may be, missing on this desk.
    """

    repairs: tuple[PastRepair, ...] = ()
    products: tuple[str, ...] = ()
    cases: tuple[OtherCase, ...] = ()
    this_store_only: bool = False


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case with its sealed records opened: texts by record id, people's names by stream, its parcels.

    contests: the reasons of what does not count; incidents: the kinds of what was done all the same;
    provisional: some of it is not confirmed by the central service yet; pasts: of each item with a serial
    number or IMEI what is known of it from elsewhere.

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
    incidents: tuple[str, ...] = ()
    provisional: bool = False
    pasts: Mapping[int, DevicePast] = field(default_factory=dict)


class Brought(Enum):
    """What became of a code that nothing on this desk has."""

    HERE = "here"
    ELSEWHERE = "elsewhere"
    NOWHERE = "nowhere"


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
    """line: online, offline, refused; waiting: entries not yet at the central service.

    reason, values: a code of `refusals.SENTENCES` and what its sentence names; skew: how far the central
    service's clock is ahead of this desk's (µs); loaded: how much of a first load is here, in percent.
    """

    line: str
    waiting: int
    since: int
    reason: str
    skew: int = 0
    values: Mapping[str, object] = field(default_factory=dict)
    loaded: int = 100

    @property
    def is_loading(self) -> bool:
        """Whether older cases are still coming."""
        return self.loaded < 100


@dataclass(frozen=True, slots=True)
class DeskRow:
    """A desk of the store as the central service knows it; times in microseconds UTC.

    heard_at: when it last asked for something, 0 for never; ours: whether it is this desk.
    """

    id: str
    name: str
    joined_at: int
    heard_at: int
    shut_out: bool
    ours: bool


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """Entries of one kind and stream that wait; name: a case's number or a parcel's waybill, else empty."""

    stream: str
    name: str
    kind: str
    count: int
    at: int


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a contest: what was wanted, by whom, when (µs UTC, desk time), on this desk or another."""

    kind: str
    detail: str
    person: str
    at: int
    ours: bool


@dataclass(frozen=True, slots=True)
class ContestRow:
    """What does not count, against what stands (None where nothing of its kind does), and the ways out.

    stream, name: of the case; reason: why, a code; rest: kinds of what rested on it; ways: of
    `domain.contests`, those that lead on.
    """

    entry: str
    stream: str
    name: str
    item: int
    reason: str
    wanted: Side
    stands: Side | None
    rest: tuple[str, ...]
    ways: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SeenRow:
    """Something a person has to have seen: an incident, a refused entry, or a state that differs.

    entry, stream: what a settlement names; name: a case's number or the like, empty for none; at: 0 where
    the moment is not known; reason: why, a code.
    """

    entry: str
    stream: str
    name: str
    kind: str
    item: int
    person: str
    at: int
    reason: str
    desk: str = ""


@dataclass(frozen=True, slots=True)
class AttentionView:
    """All that is behind the line's sign; `newer`: how many entries a newer version wrote."""

    waiting: tuple[WaitingRow, ...]
    contests: tuple[ContestRow, ...]
    incidents: tuple[SeenRow, ...]
    refused: tuple[SeenRow, ...]
    differing: tuple[SeenRow, ...]
    newer: int

    @property
    def needs_somebody(self) -> bool:
        """Whether there is something to decide or to have seen."""
        return bool(self.contests or self.incidents or self.refused or self.differing)


@dataclass(frozen=True, slots=True)
class PhotoView:
    """A photograph's bytes; `is_preview`: the small one, as the photograph itself is not on this desk yet."""

    data: bytes
    is_preview: bool


@dataclass(frozen=True, slots=True)
class Taught:
    """Codes of the store that look like `mask` (as `scanning.patterns` says it) are of this `Kind`."""

    mask: str
    kind: str
