"""The sample shop to try and to train in (`resources/sample/shop.toml`): made up, and marked as such."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec

import resources


@dataclass(frozen=True, slots=True)
class SampleStore:
    name: str
    address: str
    phone: str
    zone: str


@dataclass(frozen=True, slots=True)
class SamplePerson:
    """Somebody who works there; `roles` are those of `domain.people`."""

    name: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SampleCustomer:
    key: str
    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class SampleProduct:
    """Goods the shop sells; `category` is one of the handbook's."""

    key: str
    name: str
    category: str
    gtin: str
    sku: str


@dataclass(frozen=True, slots=True)
class SampleReturn:
    """A case to open: customer and product by key; without a waybill the goods are handed over now."""

    kind: str
    customer: str
    order_number: str
    product: str
    reason: str
    waybill: str
    serial: str = ""
    imei: str = ""


@dataclass(frozen=True, slots=True)
class SampleShop:
    """All of it."""

    store: SampleStore
    staff: tuple[SamplePerson, ...]
    customers: tuple[SampleCustomer, ...]
    products: tuple[SampleProduct, ...]
    returns: tuple[SampleReturn, ...]

    def customer(self, key: str) -> SampleCustomer:
        """The customer of a return; raises KeyError for a key that is not there."""
        return {customer.key: customer for customer in self.customers}[key]

    def product(self, key: str) -> SampleProduct:
        """The product of a return; raises KeyError for a key that is not there."""
        return {product.key: product for product in self.products}[key]


@cache
def load() -> SampleShop:
    """The sample shop that comes with the program."""
    return read(resources.path("sample/shop.toml"))


def read(file: Path) -> SampleShop:
    """The shop of a file; raises ValueError that names the file and what is wrong in it."""
    try:
        shop = msgspec.toml.decode(file.read_bytes(), type=SampleShop)
    except msgspec.DecodeError as error:
        raise ValueError(f"{file.name}: {error}") from error
    _all_known(file, "customer", shop.customers, (each.customer for each in shop.returns))
    _all_known(file, "product", shop.products, (each.product for each in shop.returns))
    return shop


def _all_known(
    file: Path, what: str, known: Iterable[SampleCustomer | SampleProduct], named: Iterable[str]
) -> None:
    unknown = sorted(set(named) - {each.key for each in known})
    if unknown:
        raise ValueError(f"{file.name}: returns name no {what} of these keys: {', '.join(unknown)}")
