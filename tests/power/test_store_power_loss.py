"""The desk's own store through losses of power: what was received is there, and so is its state."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from desk_app.clock import system_clock
from desk_app.domain.parcels import Parcel, parcel_stream
from desk_app.domain.people import Actor
from desk_app.errors import OutsideError
from desk_app.services.desk import Desk
from desk_app.services.receiving import Receiving
from desk_app.storage import journal
from desk_app.storage.act import Identity
from desk_app.storage.store import Store

KEY = bytes(range(32))
FEED = "store/01STORE"
BY = Actor("person/P", ("warehouse",), "王芳")


@pytest.mark.parametrize("tear", [False, True])
def test_every_received_parcel_survives(power: Any, tmp_path: Path, tear: bool) -> None:
    store, received, cuts = Store(tmp_path, KEY, power.module), list[str](), 0
    store.begin(Identity("D1", FEED, "7QK", "127.0.0.1:1"), ("common", "sales", FEED), lambda act: None, 0)
    while len(received) < 60:
        power.lose_power_after(power.chance.randrange(1, 200))
        with pytest.raises(OutsideError, match=r"disk\.failed"):
            receive_until_dark(store, received)
        power.lose_power(tear)
        store.close()
        store, cuts = Store(tmp_path, KEY, power.module), cuts + 1
    assert cuts >= 5
    before = parcels(store, received)
    assert len(before) == len(received)
    assert all(parcel.arrivals == 1 for parcel in before)
    store.rebuild()
    assert parcels(store, received) == before
    store.close()


def parcels(store: Store, waybills: list[str]) -> list[Parcel]:
    """What the store knows of each of the parcels."""
    with store.read() as connection:
        states = [journal.visible(connection, parcel_stream(waybill)) for waybill in waybills]
    return [state for state in states if isinstance(state, Parcel)]


def receive_until_dark(store: Store, received: list[str]) -> None:
    """Receive one parcel after the other, noting each that was acknowledged, until the disk fails."""
    dock = Receiving(Desk(store, system_clock))
    while True:
        waybill = f"SF{1390000000000 + len(received) + 1}"
        dock.receive(waybill, BY).result()
        received.append(waybill)
