"""Which step at the bench is next for an item."""

from __future__ import annotations

from desk_app.domain.cases import Case, Item


def step_of(case: Case, item: Item) -> str:
    """The step of `PANELS` that is next for an item."""
    if item.goods == "left":
        return "done"
    if item.goods == "expected":
        return "receive"
    if not item.grade:
        return "inspect"
    if item.repair and item.disposition in ("", "repair"):
        return _repair_step(case, item.repair.step)
    return {"": "decide", "repair": "decide", "customer": "hand_over"}.get(item.disposition, "done")


def _repair_step(case: Case, step: str) -> str:
    if step == "ready":
        return "hand_over" if case.case_kind == "repair" else "decide"
    return {"requested": "diagnose", "diagnosed": "repair", "second_check": "check"}.get(step, "done")


def is_repaired(case: Case, item: Item) -> bool:
    """Whether the long way is gone: a repair was asked for or decided."""
    return case.case_kind == "repair" or item.repair is not None
