"""People, desks, stores and customers: their states, and who may do what."""

from __future__ import annotations

import msgspec

from desk_app.domain.entries import Entry
from desk_app.domain.facts import (
    CodeTaught,
    CredentialSet,
    CustomerAdded,
    DeskJoined,
    PersonAdded,
    PersonLeft,
    StoreFounded,
)
from desk_app.domain.folding import State, applies, folds_into
from desk_app.errors import RuleError

ROLES = ("clerk", "warehouse", "technician", "checker", "agent", "manager", "admin")

MAY: dict[str, frozenset[str]] = {
    "case.open": frozenset({"clerk", "agent", "manager", "admin"}),
    "parcel.receive": frozenset({"clerk", "warehouse", "manager", "admin"}),
    "item.inspect": frozenset({"warehouse", "technician", "checker", "manager", "admin"}),
    "item.repair": frozenset({"technician", "manager", "admin"}),
    "repair.check": frozenset({"checker", "technician", "manager", "admin"}),
    "item.hand_over": frozenset({"clerk", "warehouse", "manager", "admin"}),
    "contest.settle": frozenset({"clerk", "warehouse", "technician", "checker", "manager", "admin"}),
    "customer.forget": frozenset({"manager", "admin"}),
    "code.teach": frozenset(ROLES),
    "people.manage": frozenset({"admin"}),
    "desk.invite": frozenset({"manager", "admin"}),
}


class Actor(msgspec.Struct, frozen=True):
    """The person an act is done by, as signed in: stream id (`person/…`), roles, name for the screen."""

    person: str
    roles: tuple[str, ...]
    name: str
    language: str = "zh_CN"

    def may(self, right: str) -> bool:
        """Whether one of the roles has the right, a key of `MAY`."""
        return not MAY[right].isdisjoint(self.roles)


def require(actor: Actor, right: str) -> None:
    """Raise RuleError('role.missing') where the actor lacks the right."""
    if not actor.may(right):
        raise RuleError("role.missing", name=actor.name)


@folds_into("person")
class Person(State, frozen=True, kw_only=True):
    """A person: name as a sealed record, credentials (way → sealed record)."""

    name_record: str = ""
    roles: tuple[str, ...] = ()
    language: str = "zh_CN"
    credentials: dict[str, str] = {}
    left: bool = False


@folds_into("desk")
class Desk(State, frozen=True, kw_only=True):
    name: str = ""
    block: str = ""
    store: str = ""
    key: str = ""


@folds_into("store")
class Store(State, frozen=True, kw_only=True):
    """A store; codes: mask of a code of its own → what it is, as `scanning.patterns` says it."""

    name: str = ""
    address: str = ""
    phone: str = ""
    zone: str = "Asia/Shanghai"
    sample: bool = False
    codes: dict[str, str] = {}


@folds_into("customer")
class Customer(State, frozen=True, kw_only=True):
    contact_record: str = ""
    language: str = "zh_CN"


class Contact(msgspec.Struct, frozen=True):
    """Content of a customer's sealed record."""

    name: str
    phone: str
    address: str = ""


@applies("person", PersonAdded)
def _added(state: Person, fact: PersonAdded, entry: Entry) -> Person:
    return msgspec.structs.replace(
        state, name_record=fact.name_record, roles=fact.roles, language=fact.language
    )


@applies("person", CredentialSet)
def _credential(state: Person, fact: CredentialSet, entry: Entry) -> Person:
    return msgspec.structs.replace(state, credentials={**state.credentials, fact.way: fact.record})


@applies("person", PersonLeft)
def _left(state: Person, fact: PersonLeft, entry: Entry) -> Person:
    return msgspec.structs.replace(state, left=True)


@applies("desk", DeskJoined)
def _joined(state: Desk, fact: DeskJoined, entry: Entry) -> Desk:
    return msgspec.structs.replace(state, name=fact.name, block=fact.block, store=fact.store, key=fact.key)


@applies("store", StoreFounded)
def _founded(state: Store, fact: StoreFounded, entry: Entry) -> Store:
    return msgspec.structs.replace(state, **msgspec.structs.asdict(fact))


@applies("store", CodeTaught)
def _code_taught(state: Store, fact: CodeTaught, entry: Entry) -> Store:
    rest = {mask: kind for mask, kind in state.codes.items() if mask != fact.mask}
    return msgspec.structs.replace(state, codes={**rest, **({fact.mask: fact.kind} if fact.kind else {})})


@applies("customer", CustomerAdded)
def _customer(state: Customer, fact: CustomerAdded, entry: Entry) -> Customer:
    return msgspec.structs.replace(state, contact_record=fact.contact_record, language=fact.language)
