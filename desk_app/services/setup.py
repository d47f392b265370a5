"""The first start: a new store with its first administrator, or joining another desk's store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from desk_app import ids
from desk_app.clock import Clock
from desk_app.domain.facts import DeskJoined, StoreFounded
from desk_app.domain.people import Actor
from desk_app.errors import RuleError
from desk_app.services.people import add_person, check_person, hash_secrets
from desk_app.services.views import FieldErrors
from desk_app.storage.act import Act, Identity
from desk_app.storage.store import Store

ADMINISTRATOR = ("admin",)


@dataclass(frozen=True, slots=True)
class Welcome:
    """What a new desk is given: block, the store's feed, all feeds, the service's address; its own key.

    fingerprint: SHA-256 (hex) of the service's certificate; empty where it runs on this computer.
    """

    block: str
    store: str
    feeds: tuple[str, ...]
    address: str
    key: str
    fingerprint: str = ""


Enter = Callable[[str, str], Welcome]
"""Join the central service with a desk's id and name; hands back the welcome. Given by bootstrap."""


@dataclass(frozen=True, slots=True)
class Founding:
    """What is asked when a store is founded."""

    store_name: str
    desk_name: str
    person_name: str
    password: str
    pin: str
    language: str = "zh_CN"
    sample: bool = False


def check_founding(asked: Founding) -> None:
    """Raise FieldErrors for store_name, desk_name, person_name, password, pin."""
    errors: dict[str, RuleError] = {}
    for field in ("store_name", "desk_name"):
        if not getattr(asked, field).strip():
            errors[field] = RuleError("field.empty")
    try:
        check_person(asked.person_name, ADMINISTRATOR, asked.password, asked.pin)
    except FieldErrors as found:
        errors |= {
            "person_name" if field == "name" else field: error for field, error in found.fields.items()
        }
    if errors:
        raise FieldErrors(errors)


def found(store: Store, clock: Clock, asked: Founding, enter: Enter) -> tuple[Welcome, Actor]:
    """Found a store: this desk joins, then store, desk and first administrator are one act."""
    check_founding(asked)
    hashed = hash_secrets(asked.password, asked.pin)
    desk, welcome = _enter(clock, asked.desk_name, enter)

    def decide(act: Act) -> Actor:
        row = add_person(act, asked.person_name, ADMINISTRATOR, hashed, asked.language)
        act.signs_as(row.stream)
        act.add(welcome.store, StoreFounded(asked.store_name.strip(), sample=asked.sample))
        _introduce(act, welcome, asked.desk_name)
        return Actor(row.stream, row.roles, row.name, asked.language)

    return welcome, store.begin(desk, welcome.feeds, decide, clock())


def join(store: Store, clock: Clock, desk_name: str, enter: Enter) -> Welcome:
    """Join a store that exists; people and cases come with the first sync."""
    if not desk_name.strip():
        raise FieldErrors({"desk_name": RuleError("field.empty")})
    desk, welcome = _enter(clock, desk_name, enter)
    store.begin(desk, welcome.feeds, lambda act: _introduce(act, welcome, desk_name), clock())
    return welcome


def _enter(clock: Clock, desk_name: str, enter: Enter) -> tuple[Identity, Welcome]:
    desk = ids.new_id(clock())
    welcome = enter(desk, desk_name.strip())
    identity = Identity(desk, welcome.store, welcome.block, welcome.address, welcome.fingerprint)
    return identity, welcome


def _introduce(act: Act, welcome: Welcome, desk_name: str) -> None:
    act.add(
        f"desk/{act.identity.desk}", DeskJoined(desk_name.strip(), welcome.block, welcome.store, welcome.key)
    )
