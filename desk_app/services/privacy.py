"""Personal data can be forgotten: the records are destroyed everywhere, the case's course stays provable."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future

from desk_app.domain.facts import RecordsErased
from desk_app.domain.people import Actor
from desk_app.errors import OutsideError, RuleError
from desk_app.services.desk import Desk
from desk_app.services.views import Brought
from desk_app.storage import queries
from desk_app.storage.act import Act

Bring = Callable[[tuple[str, ...]], Future[Brought]]


class Privacy:
    """Erasure on request. bring: brings what codes name from the central service."""

    def __init__(self, desk: Desk, bring: Bring) -> None:
        self._desk, self._bring = desk, bring

    def forget(self, customer: str, by: Actor) -> Future[int]:
        """Erase a customer and what their cases say in words and pictures; gives the number of records.

        Where cases may have left this desk, they are brought first; RuleError('customer.not_whole') without a
        line.
        """
        if not any(load.up_to for load in self._desk.journal.loads().values()):
            return self._erase(customer, by)
        erased: Future[int] = Future()

        def go_on(brought: Future[Brought]) -> None:
            if isinstance(brought.exception(), OutsideError):
                erased.set_exception(RuleError("customer.not_whole"))
            elif error := brought.exception():
                erased.set_exception(error)
            else:
                self._erase(customer, by).add_done_callback(lambda done: _hand_on(done, erased))

        self._bring((customer,)).add_done_callback(go_on)
        return erased

    def _erase(self, customer: str, by: Actor) -> Future[int]:
        def decide(act: Act) -> int:
            streams = (customer, *queries.cases_of(act.connection, customer))
            return sum(act.erase(stream, RecordsErased) for stream in streams)

        return self._desk.act(by, "customer.forget", decide)


def _hand_on(done: Future[int], to: Future[int]) -> None:
    if error := done.exception():
        to.set_exception(error)
    else:
        to.set_result(done.result())
