"""What a scan may read that names a case, and since when a case is done with."""

from __future__ import annotations

from desk_app.domain.cases import Case
from desk_app.domain.folding import State, open_contests, open_incidents


def case_codes(case: Case) -> set[tuple[str, int]]:
    """What a scan may read that names a case, each with the item it names (0 for the case itself)."""
    codes = {(case.number, 0), (case.order_number, 0), *((waybill, 0) for waybill in case.parcels)}
    for item in case.items:
        codes |= {(item.serial, item.item), (item.imei, item.item)}
    return {(code.upper(), item) for code, item in codes if code}


def done_at(state: State) -> int:
    """When the last thing happened in a case that is done with (desk time in µs UTC); 0 for all else.

    A case is done with when it was closed, or all its goods have left, and nothing of it is to be looked at.
    """
    if not isinstance(state, Case) or open_contests(state) or open_incidents(state):
        return 0
    has_left = bool(state.items) and all(item.goods == "left" for item in state.items)
    return max(moment.at for moment in state.story) if state.outcome or has_left else 0
