"""What all stores know of a device: told in the same acts, read with a line and without."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desk_app.clock import DAY
from desk_app.domain.batches import Placed, Pulled
from desk_app.domain.entries import STANDS
from desk_app.domain.facts import StoreFounded
from desk_app.domain.people import Actor
from desk_app.services import setup
from desk_app.services.cases import Cases
from desk_app.services.views import DevicePast, Diagnosis, OtherCase, PastRepair
from desk_app.storage import journal
from desk_app.storage.store import Store

HERE, THERE = "store/01STORE", "store/02STORE"
FOUND = Diagnosis("screen", "display", "", in_warranty=False)
IMEI = "490154203237518"


@pytest.fixture
def checker(actor: Any) -> Actor:
    other: Actor = actor("checker")
    return other


def repair(shop: Any, case: str, checker: Actor) -> None:
    """A repair from its diagnosis to the second check that passes."""
    shop.repairs.diagnose(case, 1, FOUND, shop.by).result()
    shop.repairs.test(case, 1, "power_on", True, shop.by).result()
    shop.repairs.finish(case, 1, shop.by).result()
    shop.repairs.check(case, 1, True, "", checker).result()


def entries(shop: Any, kind: str) -> list[Any]:
    """The entries of a kind of stream in the order they were written."""
    with shop.store.read() as connection:
        bodies = connection.exec_driver_sql(
            "SELECT body FROM entry WHERE stream LIKE ? ORDER BY feed, number", (f"{kind}/%",)
        )
        return [journal.decode(body) for body in bodies.scalars().all()]


def past(shop: Any, case: str) -> DevicePast:
    """What is known of a case's only item."""
    found: DevicePast = shop.cases.view(case).pasts[1]
    return found


@pytest.fixture
def far(shop: Any, tmp_path: Path, clock: Any) -> Iterator[Any]:
    """A desk of another store, which holds the common feed and none of the first one's cases."""
    store = Store(tmp_path / "far", bytes(range(32)))
    welcome = setup.Welcome("9CD", THERE, ("common", "sales", THERE), "127.0.0.1:1", "")
    setup.join(store, clock, "Window", lambda desk, name: welcome)
    yield type(shop)(store, clock, shop.by)
    store.close()


def relay(*desks: Any) -> None:
    """Let desks of several stores meet in the feed that all of them hold."""
    for desk in desks:
        push = desk.store.waiting("common", 500)
        for entry in push.entries if push else ():
            place = max(each.store.cursor("common") for each in desks) + 1
            for each in desks:
                page = Pulled("common", (Placed(place, entry, STANDS),), push.records, place)
                each.store.take(page)


def test_the_digest_is_told_with_the_act_and_names_nobody(shop: Any, checker: Actor) -> None:
    opened = shop.open(case_kind="repair", serial="SN-42", imei=IMEI, accessories="充电器")
    repair(shop, opened.stream, checker)
    shop.reception.hand_over(opened.stream, 1, shop.by).result()
    told = entries(shop, "device")
    assert [(each.stream, each.kind, each.feed) for each in told] == [
        (f"device/{code}", f"device.{what}", "common")
        for what in ("seen", "repaired", "released")
        for code in ("SN42", IMEI)
    ]
    assert not any(each.seals for each in told)
    by_act = {each.act.split(".")[0] for each in told}
    assert by_act <= {each.act.split(".")[0] for each in entries(shop, "case")} and len(by_act) == 3
    case = {"case": opened.stream, "number": opened.number, "product": "Phone X 手机", "store": HERE}
    assert [each.data for each in told[::2]] == [
        case,
        {
            **case,
            "category": "phone",
            "fault": "screen",
            "finished_at": shop.clock(),
            "warranty_days": 90,
        },
        {"case": opened.stream},
    ]


def test_goods_without_a_number_tell_nothing(shop: Any, checker: Actor) -> None:
    case = shop.open(case_kind="repair").stream
    repair(shop, case, checker)
    shop.reception.hand_over(case, 1, shop.by).result()
    assert entries(shop, "device") == []
    assert shop.cases.view(case).pasts == {}


def test_another_store_knows_of_a_repair_without_the_case(shop: Any, far: Any, checker: Actor) -> None:
    opened = shop.open(case_kind="repair", serial="SN42")
    repair(shop, opened.stream, checker)
    relay(shop, far)
    case = far.open(serial="sn 42").stream
    assert not far.cases.view(opened.stream).case.number
    until = shop.clock() + 90 * DAY
    assert past(far, case) == DevicePast(
        repairs=(PastRepair(opened.number, "phone", "screen", shop.clock(), until, True, "北京店"),),
        cases=(OtherCase(opened.number, "Phone X 手机", True, "北京店"),),
    )


def test_the_warranty_lasts_through_its_last_day(shop: Any, far: Any, checker: Actor) -> None:
    repair(shop, shop.open(case_kind="repair", serial="SN42").stream, checker)
    relay(shop, far)
    noon = shop.clock()
    told = []
    for days in (0, 90, 91):
        far.desk = type(shop.desk)(far.store, lambda days=days: noon + days * DAY)
        known = Cases(far.desk).past("", "SN42")
        assert known is not None
        told.append(known.repairs[0].in_warranty)
    assert told == [True, True, False]


def test_the_same_serial_under_another_product_is_told(shop: Any, far: Any) -> None:
    shop.open(serial="SN42", product="Phone X")
    relay(shop, far)
    assert past(far, far.open(serial="SN42", product="Pad 7").stream).products == ("Phone X",)
    assert past(far, far.open(serial="SN42", product="phone-x").stream).products == ("Pad 7",)


def test_a_case_is_open_until_its_goods_have_left_or_go_where_was_decided(shop: Any) -> None:
    def is_open(case: Any) -> bool:
        return {each.number: each.is_open for each in past(shop, now).cases}[case.number]

    left, placed, back = (shop.open(serial="SN42") for _ in range(3))
    now = shop.open(serial="SN42").stream
    assert is_open(left) and is_open(placed) and is_open(back)
    shop.reception.hand_over(left.stream, 1, shop.by).result()
    for case, decided in ((placed, "restock"), (back, "customer")):
        shop.inspection.inspect(case.stream, 1, {}, {}, "A", "", shop.by).result()
        shop.inspection.dispose(case.stream, 1, decided, "", shop.by).result()
    assert (is_open(left), is_open(placed), is_open(back)) == (False, False, True)


def test_a_case_does_not_tell_of_itself(shop: Any, checker: Actor, share: Any) -> None:
    case = shop.open(case_kind="repair", serial="SN42").stream
    repair(shop, case, checker)
    share(shop)
    assert past(shop, case) == DevicePast()


def test_a_repair_whose_check_does_not_stand_is_not_told_where_the_case_is(
    shop: Any, second: Any, share: Any, checker: Actor
) -> None:
    first = shop.open(case_kind="repair", serial="SN42").stream
    shop.repairs.diagnose(first, 1, FOUND, shop.by).result()
    shop.repairs.test(first, 1, "power_on", True, shop.by).result()
    shop.repairs.finish(first, 1, shop.by).result()
    share(shop, second)
    shop.repairs.check(first, 1, False, "触摸失灵", checker).result()
    second.repairs.check(first, 1, True, "", checker).result()
    now = second.open(serial="SN42").stream
    assert len(past(second, now).repairs) == 1
    share(shop, second)
    for desk in (shop, second):
        assert desk.cases.view(first).contests == ("repair.not_waiting_for_check",)
        assert past(desk, now).repairs == ()


def test_serial_number_and_imei_tell_of_one_repair_once(shop: Any, checker: Actor) -> None:
    repair(shop, shop.open(case_kind="repair", serial="SN42", imei=IMEI).stream, checker)
    known = shop.cases.past("Phone X 手机", "SN42", IMEI)
    assert (len(known.repairs), len(known.cases), known.products) == (1, 1, ())
    assert shop.cases.past("Phone X 手机", "", IMEI) == known
    assert shop.cases.past("", "N/A", "") is None


def test_what_other_stores_told_is_missing_until_the_common_feed_has_been_read(shop: Any, share: Any) -> None:
    heads: dict[str, int] = {}
    cases = Cases(shop.desk, lambda: heads)

    def is_missing() -> bool:
        known = cases.past("", "SN42")
        assert known is not None
        return known.this_store_only

    assert is_missing()  # never in step with anybody
    share(shop)
    assert not is_missing()  # as it was when the line was there last
    heads["common"] = shop.store.cursor("common")
    assert not is_missing()
    heads["common"] += 1
    assert is_missing()


def test_stores_are_named_by_what_the_common_feed_says(shop: Any, far: Any) -> None:
    relay(shop, far)
    far.desk.act(far.by, "case.open", lambda act: act.add(THERE, StoreFounded("上海店"))).result()
    case = far.open(serial="SN42")
    relay(shop, far)
    (other,) = past(shop, shop.open(serial="SN42").stream).cases
    assert (other.number, other.store) == (case.number, "上海店")
    (other,) = past(far, far.open(serial="SN42").stream).cases
    assert other.store == ""


def test_what_waits_names_the_device(shop: Any) -> None:
    shop.open(serial="SN-42")
    waiting = {row.kind: row.name for row in shop.attention.view().waiting}
    assert waiting["device.seen"] == "SN42"
