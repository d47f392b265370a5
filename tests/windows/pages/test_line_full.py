"""The page of the line with everything that can be wrong, in the longest words, can be read and touched."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QSize

from desk_app.domain.batches import Placed, Pulled
from desk_app.domain.entries import Entry, Standing, Verdict
from desk_app.domain.facts import ItemDisposed, ItemHandedOver, RepairPartUsed, RepairRequested
from desk_app.services.views import DeskRow, LineState
from desk_app.texts import LANGUAGES

NOON = 1_772_366_400_000_000
MINUTE = 60_000_000
PRODUCT = "Kestrel Aurora X9 Ultra wireless headset"
SIZES = (QSize(1000, 620), QSize(1366, 768), QSize(1920, 1080))
FEED = "store/01STORE"
DESKS = (
    DeskRow("A", "Service window on the ground floor beside the entrance", NOON, NOON, False, ours=True),
    DeskRow(
        "B", "维修一号工位（靠近仓库的那一台）", NOON - 9999 * MINUTE, NOON - 61 * MINUTE, False, ours=False
    ),
    DeskRow("C", "Dock 1", NOON - 9999 * MINUTE, 0, True, ours=False),
)


def contest(act: Any, case: str) -> None:
    """Two decisions about an item, and what was done on the one that does not stand."""
    act.add(case, ItemDisposed(1, "refurbish", "S01"))
    other = act.coming(case)
    act.add(case, ItemDisposed(1, "customer"))
    act.add(case, RepairRequested(1, relies_on=(other,)))
    act.add(case, RepairPartUsed(1, "P", PRODUCT, relies_on=(other,)))
    act.add(case, ItemHandedOver(1, (other,)))


def strange(place: int) -> Pulled:
    """A refused entry of another desk, and one of a newer version."""
    noted = Entry(
        feed=FEED,
        stream="case/1",
        desk="OTHER",
        number=1,
        act="A.1.1",
        schema=1,
        person="person/1",
        at=NOON,
        kind="case.noted",
        data={"record": "R"},
    )
    newer = msgspec.structs.replace(noted, number=2, kind="moon.landed")
    refused = Placed(place + 1, noted, Verdict(Standing.REFUSED, "entry.elsewhere"))
    return Pulled(FEED, (refused, Placed(place + 2, newer, Verdict(Standing.STANDS))), (), place + 2)


def fill(shown: Any) -> None:
    """Let everything be wrong, and show it."""
    for step in ("diagnose", "check"):
        case = shown.filled.cases[step].stream
        shown.act(lambda act, case=case: contest(act, case))
    shown.desk.journal.take(strange(shown.desk.journal.cursor(FEED)))
    here: Any = shown.services.line
    since = NOON - 50 * MINUTE
    here.now = LineState("refused", 1288, since, "central.port_taken", -75 * MINUTE, {"port": 8765})
    shown.window.open("line")
    here._answers.give(DESKS)
    shown.qtbot.waitUntil(lambda: shown.page.desks.rows.count() > 0)


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scale", (1.0, 1.25, 1.5), ids=lambda scale: f"{scale:.0%}")
def test_the_full_page_can_be_read_and_touched(
    stand: Callable[..., Any], scale: float, language: str, layout: Any
) -> None:
    shown = stand(language, scale)
    fill(shown)
    assert all(shown.page.lists[name].blocks for name in ("contests", "incidents", "refused"))
    faults = []
    for size in SIZES:
        shown.window.resize(size)
        shown.settle()
        faults += [f"{size.width()} {fault}" for fault in layout.faults(shown.window)]
    assert not faults, "\n".join(faults)
