"""Two desks that decide without a line: what each of them is shown, and how it is settled everywhere."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest


@pytest.fixture
def decided(shop: Any, second: Any, share: Any) -> str:
    """The first desk puts a phone into stock; the second, a little later, gives it back to the customer."""
    case = str(shop.open().stream)
    shop.inspection.inspect(case, 1, {}, {}, "A", "", shop.by).result()
    share(shop, second)
    shop.inspection.dispose(case, 1, "restock", "S01", shop.by).result()
    second.inspection.dispose(case, 1, "customer", "", second.by).result()
    second.reception.hand_over(case, 1, second.by).result()
    share(shop, second)
    return case


def test_every_desk_shows_the_same_with_the_sides_as_it_sees_them(
    shop: Any, second: Any, decided: str
) -> None:
    for desk, ours in ((shop, False), (second, True)):
        view = desk.attention.view()
        (contest,), (incident,) = view.contests, view.incidents
        assert (contest.stream, contest.wanted.detail, contest.wanted.ours) == (decided, "customer", ours)
        assert (contest.stands.detail, contest.stands.ours) == ("restock", not ours)
        assert (incident.kind, incident.reason, incident.item) == (
            "item.handed_over",
            "item.disposed_already",
            1,
        )
        assert desk.cases.view(decided).incidents == ("item.handed_over",)
        assert desk.attention.count() == 2


def test_what_one_desk_settles_leaves_the_lists_of_all(
    shop: Any, second: Any, share: Any, decided: str
) -> None:
    (contest,) = shop.attention.view().contests
    shop.attention.settle(decided, contest.entry, "kept", 1, shop.by).result()
    share(shop, second)
    for desk in (shop, second):
        assert desk.attention.view().contests == ()
        assert desk.attention.count() == 1
    (incident,) = second.attention.view().incidents
    second.attention.settle(decided, incident.entry, "kept", 1, second.by).result()
    share(shop, second)
    assert (shop.attention.count(), second.attention.count()) == (0, 0)


def test_who_may_not_is_refused(shop: Any, decided: str) -> None:
    agent = msgspec.structs.replace(shop.by, roles=("agent",))
    (contest,) = shop.attention.view().contests
    refusal = shop.refused(lambda: shop.attention.settle(decided, contest.entry, "kept", 1, agent))
    assert refusal.code == "role.missing"


def test_acts_name_the_permissions_they_rest_on(shop: Any) -> None:
    case = str(shop.open().stream)
    shop.inspection.inspect(case, 1, {}, {}, "A", "", shop.by).result()
    shop.inspection.dispose(case, 1, "repair", "", shop.by).result()
    shop.inspection.dispose(case, 1, "customer", "", shop.by).result()
    push = shop.store.waiting("store/01STORE", 500)
    numbers = {each.kind: each.number for each in push.entries if each.kind == "item.disposed"}
    named = [each.data["relies_on"] for each in push.entries if each.data.get("relies_on")]
    first = numbers["item.disposed"] - 2
    assert named == [[f"store/01STORE:{shop.store.identity.desk}:{first}"]]
