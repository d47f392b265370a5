"""Brings what a scan names from the central service to this desk, as states."""

from __future__ import annotations

from collections.abc import Iterable

from desk_app.domain.cases import Case
from desk_app.domain.entries import home_feed
from desk_app.domain.folding import FOLD_VERSION, thaw
from desk_app.domain.parcels import parcel_stream
from desk_app.errors import OutsideError
from desk_app.services.views import Brought
from desk_app.storage.store import Store
from desk_app.sync.client import Client
from desk_app.sync.wire import FrozenState, StreamFound


def bring(client: Client, store: Store, codes: tuple[str, ...], at: int) -> Brought:
    """Bring the cases or the parcel that the first known of the codes names, with all that belongs to them.

    at: desk time in µs UTC. Raises OutsideError('line.not_understood') where the service folds otherwise.
    """
    for code in codes:
        if found := client.find(code):
            yours = [each for each in found if each.is_yours]
            _fetch(client, store, yours, at)
            return Brought.HERE if yours else Brought.ELSEWHERE
    return Brought.NOWHERE


def _fetch(client: Client, store: Store, found: Iterable[StreamFound], at: int) -> None:
    """Fetch streams, and with cases their parcels and customers, so that nothing of them is missing."""
    by_feed: dict[str, tuple[str, ...]] = {}
    for each in found:
        by_feed[each.feed] = (*by_feed.get(each.feed, ()), each.stream)
    for feed, streams in by_feed.items():
        states = _take(client, store, feed, streams, at)
        for other, related in _related(feed, states).items():
            _take(client, store, other, related, at)


def _take(
    client: Client, store: Store, feed: str, streams: tuple[str, ...], at: int
) -> tuple[FrozenState, ...]:
    page = client.states(feed, streams)
    if page.fold_version != FOLD_VERSION:
        raise OutsideError("line.not_understood")
    store.take_states(page, at, is_load=False)
    return page.states


def _related(feed: str, states: Iterable[FrozenState]) -> dict[str, tuple[str, ...]]:
    """The parcels and customers of cases, by their feeds."""
    cases = [state for each in states if isinstance(state := thaw(each.stream, each.frozen), Case)]
    customers = {case.customer for case in cases if case.customer}
    parcels = {parcel_stream(waybill) for case in cases for waybill in case.parcels}
    found: dict[str, tuple[str, ...]] = {}
    for stream in sorted(customers | parcels):
        home = home_feed(stream, feed)
        found[home] = (*found.get(home, ()), stream)
    return found
