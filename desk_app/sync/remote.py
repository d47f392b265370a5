"""What a person asks of the central service beside the syncing, each on a connection of its own."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

from desk_app.clock import Clock
from desk_app.services.line import Remote
from desk_app.services.views import Brought, DeskRow
from desk_app.storage.store import Store
from desk_app.sync.bringing import bring
from desk_app.sync.client import Client
from desk_app.sync.wire import DeskKnown


def remote(client: Callable[[], Client], store: Store, clock: Clock, invite: Callable[[], str]) -> Remote:
    """The questions of the store's desk; `invite` gives a full join code."""
    assert store.identity is not None
    desk = store.identity.desk

    def desks() -> tuple[DeskRow, ...]:
        with closing(client()) as line:
            return tuple(_row(known, desk) for known in line.desks())

    def shut_out(other: str) -> tuple[DeskRow, ...]:
        with closing(client()) as line:
            return tuple(_row(known, desk) for known in line.shut_out(other))

    def brought(codes: tuple[str, ...]) -> Brought:
        with closing(client()) as line:
            return bring(line, store, codes, clock())

    return Remote(invite, desks, shut_out, brought)


def _row(known: DeskKnown, desk: str) -> DeskRow:
    return DeskRow(
        known.id, known.name, known.joined_at, known.heard_at, known.shut_out, ours=known.id == desk
    )
