"""The sample shop to try and to train in: filled through the same services as any other store."""

from __future__ import annotations

import tomllib
from collections.abc import Callable

import msgspec

import resources
from desk_app.domain.people import Actor
from desk_app.services.desk import Desk
from desk_app.services.people import add_person, hash_secrets
from desk_app.services.reception import Reception
from desk_app.services.views import CaseRequest, ItemRequest, PersonRow
from desk_app.storage.act import Act

SOURCE = "sample/shop.toml"


class Staff(msgspec.Struct, frozen=True):
    name: str
    roles: tuple[str, ...]


class Return(msgspec.Struct, frozen=True):
    """One return of the sample; the waybill is announced and not here yet."""

    kind: str
    customer: str
    phone: str
    order: str
    product: str
    category: str
    reason: str
    waybill: str
    gtin: str = ""
    sku: str = ""
    serial: str = ""
    imei: str = ""


class SampleShop(msgspec.Struct, frozen=True):
    store: dict[str, str]
    staff: tuple[Staff, ...]
    returns: tuple[Return, ...]


def load() -> SampleShop:
    """The sample shop as its file has it."""
    raw = tomllib.loads(resources.path(SOURCE).read_text(encoding="utf-8"))
    return msgspec.convert(raw, SampleShop)


def fill(desk: Desk, by: Actor, pin: str) -> None:
    """Give a new store the sample's staff, who all sign in with `pin`, and its returns."""
    shop = load()
    hashed = hash_secrets("", pin)
    for person in shop.staff:
        desk.act(by, "people.manage", _adding(person, hashed)).result()
    reception = Reception(desk)
    for each in shop.returns:
        reception.open_case(_request(each), by).result()


def _adding(person: Staff, hashed: dict[str, str]) -> Callable[[Act], PersonRow]:
    return lambda act: add_person(act, person.name, person.roles, hashed)


def _request(each: Return) -> CaseRequest:
    item = ItemRequest(each.product, each.category, each.gtin, each.sku, each.serial, each.imei)
    return CaseRequest(each.kind, each.customer, each.phone, each.order, each.reason, each.waybill, item)
