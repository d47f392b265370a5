"""The service window: a case opened by hand, goods handed back."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import Future

from stdnum import ean, imei

from desk_app.domain.cases import CASE_KINDS
from desk_app.domain.contests import rests_on
from desk_app.domain.facts import (
    CaseNoted,
    CaseOpened,
    CaseParcelAnnounced,
    CustomerAdded,
    ItemAdded,
    ItemHandedOver,
    ItemReceived,
    ParcelAnnounced,
    RepairRequested,
)
from desk_app.domain.parcels import parcel_stream
from desk_app.domain.people import Actor, Contact
from desk_app.errors import RuleError
from desk_app.scanning.reading import waybills_in
from desk_app.scanning.waybills import identify
from desk_app.services import past
from desk_app.services.desk import Desk, case_of, item_of
from desk_app.services.views import CaseRequest, FieldErrors, ItemRequest, OpenedCase
from desk_app.storage.act import Act

LONGEST_TEXT = 4000
_PHONE = re.compile(r"\+?\d{5,20}")


class Reception:
    """What the window does."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def open_case(self, request: CaseRequest, by: Actor) -> Future[OpenedCase]:
        """Open a case; FieldErrors for wrong fields. Without a waybill the goods are in hand from now on."""
        return self._desk.act(by, "case.open", lambda act: _open(act, request))

    def hand_over(self, case: str, item: int, by: Actor) -> Future[None]:
        """Give the goods back; a repair only after its second check."""

        def decide(act: Act) -> None:
            goods = item_of(act, case, item)
            if goods.goods == "left":
                raise RuleError("item.left_already")
            if goods.goods == "expected":
                raise RuleError("item.not_here")
            if goods.repair and goods.repair.step != "ready":
                raise RuleError("repair.not_ready")
            act.add(case, ItemHandedOver(item, rests_on(case_of(act, case), item)))
            past.tell_released(act, case, goods)

        return self._desk.act(by, "item.hand_over", decide)

    def add_note(self, case: str, text: str, by: Actor) -> Future[None]:
        """Note something on the case."""

        def decide(act: Act) -> None:
            case_of(act, case)
            sealed = act.seal(_required(text))
            act.add(case, CaseNoted(sealed.id), sealed)

        return self._desk.act(by, "case.open", decide)


def _open(act: Act, request: CaseRequest) -> OpenedCase:
    waybill = _check(request)
    customer, case = act.new_stream("customer"), act.new_stream("case")
    contact = act.seal(Contact(request.customer_name.strip(), _phone(request.phone)))
    reason = act.seal(request.reason.strip())
    number = act.next_case_number()
    act.add(customer, CustomerAdded(contact.id), contact)
    opened = CaseOpened(number, request.case_kind, customer, reason.id, request.order_number.strip())
    act.add(case, opened, reason)
    _add_item(act, case, number, request.item)
    if request.case_kind == "repair":
        act.add(case, RepairRequested(1, reason.id))
    _announce(act, case, waybill)
    return OpenedCase(case, number)


def _add_item(act: Act, case: str, number: str, item: ItemRequest) -> None:
    sealed = [act.seal(item.accessories.strip())] if item.accessories.strip() else []
    fact = ItemAdded(
        item=1,
        product=item.product.strip(),
        category=item.category,
        gtin=item.gtin.strip(),
        sku=item.sku.strip(),
        serial=item.serial.strip(),
        imei=item.imei.strip(),
        accessories_record=sealed[0].id if sealed else "",
    )
    act.add(case, fact, *sealed)
    past.tell_seen(act, case, number, fact)


def _announce(act: Act, case: str, waybill: str) -> None:
    if not waybill:
        act.add(case, ItemReceived(1))
        return
    act.add(case, CaseParcelAnnounced(waybill))
    act.add(parcel_stream(waybill), ParcelAnnounced(waybill, carrier_of(waybill), case))


def carrier_of(waybill: str) -> str:
    """The likeliest carrier's code; empty where none fits."""
    found = identify(waybill)
    return found[0].carrier if found else ""


def _check(request: CaseRequest) -> str:
    """Check all fields at once; returns the waybill in its normal form, empty where none was given."""
    item = request.item
    checks: dict[str, Callable[[], object]] = {
        "customer_name": lambda: _required(request.customer_name),
        "phone": lambda: _phone(request.phone),
        "reason": lambda: _required(request.reason),
        "product": lambda: _required(item.product),
        "gtin": lambda: _valid(item.gtin, ean.is_valid, "gtin.check_digit"),
        "imei": lambda: _valid(item.imei, imei.is_valid, "imei.check_digit"),
        "waybill": lambda: waybills_in(request.waybill)[0] if request.waybill.strip() else "",
        "case_kind": lambda: _valid(request.case_kind, CASE_KINDS.__contains__, "case.kind"),
    }
    errors: dict[str, RuleError] = {}
    values: dict[str, object] = {}
    for field, check in checks.items():
        try:
            values[field] = check()
        except RuleError as error:
            errors[field] = error
    if errors:
        raise FieldErrors(errors)
    return str(values["waybill"])


def _required(text: str) -> str:
    if not text.strip():
        raise RuleError("field.empty")
    if len(text) > LONGEST_TEXT:
        raise RuleError("field.too_long", longest=LONGEST_TEXT)
    return text.strip()


def _phone(text: str) -> str:
    digits = re.sub(r"[\s()\-.]", "", text)
    if not digits:
        raise RuleError("field.empty")
    if not _PHONE.fullmatch(digits):
        raise RuleError("phone.characters")
    return digits


def _valid(text: str, is_valid: Callable[[str], bool], code: str) -> str:
    if text.strip() and not is_valid(text.strip()):
        raise RuleError(code)
    return text.strip()
