"""What a person asks of the central service beside the syncing, each on a connection of its own."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

from desk_app.services.line import Remote
from desk_app.services.views import DeskRow
from desk_app.sync.client import Client
from desk_app.sync.wire import DeskKnown


def remote(client: Callable[[], Client], desk: str, invite: Callable[[], str]) -> Remote:
    """The questions of the desk with this id; `invite` gives a full join code."""

    def desks() -> tuple[DeskRow, ...]:
        with closing(client()) as line:
            return tuple(_row(known, desk) for known in line.desks())

    def shut_out(other: str) -> tuple[DeskRow, ...]:
        with closing(client()) as line:
            return tuple(_row(known, desk) for known in line.shut_out(other))

    return Remote(invite, desks, shut_out)


def _row(known: DeskKnown, desk: str) -> DeskRow:
    return DeskRow(
        known.id, known.name, known.joined_at, known.heard_at, known.shut_out, ours=known.id == desk
    )
