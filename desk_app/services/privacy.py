"""Personal data can be forgotten: the records are destroyed everywhere, the case's course stays provable."""

from __future__ import annotations

from concurrent.futures import Future

from desk_app.domain.facts import RecordsErased
from desk_app.domain.people import Actor
from desk_app.services.desk import Desk
from desk_app.storage import queries
from desk_app.storage.act import Act


class Privacy:
    """Erasure on request."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def forget(self, customer: str, by: Actor) -> Future[int]:
        """Erase a customer and what their cases say in words and pictures; gives the number of records."""

        def decide(act: Act) -> int:
            streams = (customer, *queries.cases_of(act.connection, customer))
            return sum(act.erase(stream, RecordsErased) for stream in streams)

        return self._desk.act(by, "customer.forget", decide)
