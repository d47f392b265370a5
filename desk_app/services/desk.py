"""What every job needs: the store, the clock, and short ways to ask and to act."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TypeVar

from desk_app.clock import Clock
from desk_app.domain.cases import Case, Item
from desk_app.domain.people import Actor, Store, require
from desk_app.errors import RuleError
from desk_app.storage.act import Act
from desk_app.storage.store import Store as Journal

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Desk:
    """The desk a service works on."""

    journal: Journal
    clock: Clock

    def act(self, by: Actor, right: str, decide: Callable[[Act], T]) -> Future[T]:
        """One act of a person who has the right (a key of `domain.people.MAY`); a refusal writes nothing."""

        def allowed(act: Act) -> T:
            require(by, right)
            return decide(act)

        return self.journal.act(allowed, by, self.clock())


def case_of(act: Act, stream: str) -> Case:
    """The case of a stream; RuleError('case.unknown') for anything else."""
    state = act.state(stream)
    if not isinstance(state, Case) or not state.number:
        raise RuleError("case.unknown")
    return state


def item_of(act: Act, stream: str, number: int) -> Item:
    """An item of a case; RuleError('item.unknown')."""
    item = case_of(act, stream).item(number)
    if item is None:
        raise RuleError("item.unknown")
    return item


def store_of(act: Act) -> Store:
    """The store this desk belongs to."""
    state = act.state(act.identity.store)
    return state if isinstance(state, Store) else Store()
