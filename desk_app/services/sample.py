"""The sample shop to try and to train in: filled through the same services as any other store."""

from __future__ import annotations

from collections.abc import Callable

from desk_app import sample
from desk_app.domain.people import Actor
from desk_app.services.desk import Desk
from desk_app.services.people import add_person, hash_secrets
from desk_app.services.reception import Reception
from desk_app.services.views import CaseRequest, ItemRequest, PersonRow
from desk_app.storage.act import Act


def fill(desk: Desk, by: Actor, pin: str) -> None:
    """Give a new store the sample's staff, who all sign in with `pin`, and its returns."""
    shop = sample.load()
    hashed = hash_secrets("", pin)
    for person in shop.staff:
        desk.act(by, "people.manage", _adding(person, hashed)).result()
    reception = Reception(desk)
    for each in shop.returns:
        reception.open_case(_request(shop, each), by).result()


def _adding(person: sample.SamplePerson, hashed: dict[str, str]) -> Callable[[Act], PersonRow]:
    return lambda act: add_person(act, person.name, person.roles, hashed)


def _request(shop: sample.SampleShop, each: sample.SampleReturn) -> CaseRequest:
    customer, product = shop.customer(each.customer), shop.product(each.product)
    return CaseRequest(
        case_kind=each.kind,
        customer_name=customer.name,
        phone=customer.phone,
        order_number=each.order_number,
        reason=each.reason,
        waybill=each.waybill,
        item=ItemRequest(product.name, product.category, product.gtin, product.sku, each.serial, each.imei),
    )
