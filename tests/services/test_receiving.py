"""The dock: every parcel counts once, whoever expects it and however often it is scanned."""

from __future__ import annotations

from typing import Any

import pytest

from desk_app.clock import MINUTE
from desk_app.domain.parcels import Parcel
from desk_app.errors import RuleError
from desk_app.scanning.codes import OwnKind, encode
from desk_app.services.receiving import free_shelf, midnight
from desk_app.services.views import ParcelRow
from desk_app.storage import journal

SF = "SF1234567890123"
YT = "YT1234567890123"


def parcel(shop: Any, stream: str) -> Parcel:
    with shop.store.read() as connection:
        state = journal.visible(connection, stream)
    assert isinstance(state, Parcel)
    return state


def test_an_announced_parcel_names_its_case(shop: Any) -> None:
    case = shop.open(waybill="sf 1234567890123")
    told = shop.receiving.receive(SF, shop.by).result()
    assert (told.outcome, told.case, told.case_number) == ("announced", case.stream, case.number)
    assert (told.stream, told.waybill, told.carrier, told.count) == (f"parcel/{SF}", SF, "sf", 1)
    assert (told.at, told.shelf) == (shop.clock(), "")
    assert shop.cases.view(case.stream).status == "arrived"


def test_an_unannounced_parcel_is_offered_the_emptiest_shelf(shop: Any) -> None:
    told = shop.receiving.receive(YT, shop.by).result()
    assert (told.outcome, told.case, told.shelf, told.count) == ("unannounced", "", "S01", 1)
    shop.receiving.shelve(told.stream, "S01", shop.by).result()
    assert shop.receiving.receive("YT1234567890124", shop.by).result().shelf == "S02"


# FedEx's label of 34 digits ends in the number of 12 that the customer is told.
@pytest.mark.parametrize("typed", ["779017972697", "1001921334250001000300779017972697"])
def test_a_label_that_says_more_is_the_parcel_of_its_number(shop: Any, typed: str) -> None:
    case = shop.open(waybill=typed)
    told = shop.receiving.receive("1001921334250001000300779017972697", shop.by).result()
    assert (told.outcome, told.case, told.waybill) == ("announced", case.stream, "779017972697")


# A parcel of DHL and its SSCC: the same label, announced as either.
@pytest.mark.parametrize("known", ["00340433836442636597", "340433836442636597"])
def test_of_the_numbers_a_code_can_be_the_known_one_counts(shop: Any, known: str) -> None:
    case = shop.open(waybill=known)
    told = shop.receiving.receive("00340433836442636597", shop.by).result()
    assert (told.outcome, told.case, told.waybill) == ("announced", case.stream, known)


@pytest.mark.parametrize("sscc", ["340433836442636597", "106141412345678908"])
def test_a_pallet_s_label_is_the_parcel_of_its_sscc(shop: Any, sscc: str) -> None:
    case = shop.open(waybill=sscc)
    label = f"(00){sscc}(02)09521234543213(37)24"
    told = shop.receiving.receive(label, shop.by).result()
    assert (told.outcome, told.case, told.waybill) == ("announced", case.stream, sscc)


def test_a_second_scan_is_told_and_counts_once(shop: Any, clock: Any) -> None:
    first = shop.receiving.receive(SF, shop.by).result()
    before = shop.entries()
    clock.advance(5 * MINUTE)
    again = shop.receiving.receive("sf-1234567890123", shop.by).result()
    assert (again.outcome, again.at, again.by, again.count) == ("again", first.at, "王芳", 1)
    assert shop.entries() == before
    assert shop.receiving.count_today() == 1


def test_a_parcel_announced_after_it_arrived_belongs_to_its_case(shop: Any) -> None:
    shop.receiving.receive(SF, shop.by).result()
    case = shop.open(waybill=SF)
    assert shop.cases.view(case.stream).status == "arrived"
    assert shop.receiving.arrived(10)[0].case_number == case.number


def test_two_desks_that_scan_the_same_parcel_count_it_once(shop: Any, second: Any, share: Any) -> None:
    here, there = shop.receiving.receive(SF, shop.by), second.receiving.receive(SF, second.by)
    assert {here.result().outcome, there.result().outcome} == {"unannounced"}
    share(shop, second)
    for desk in (shop, second):
        assert desk.receiving.count_today() == 1
        assert parcel(desk, f"parcel/{SF}").arrivals == 2
        assert desk.receiving.receive(SF, desk.by).result().outcome == "again"


def test_yesterday_s_parcels_are_not_counted_today(shop: Any, clock: Any) -> None:
    shop.receiving.receive(SF, shop.by).result()
    clock.now = 1_772_380_800_000_000  # midnight of 2 March in Shanghai
    assert shop.receiving.count_today() == 0
    assert shop.receiving.receive(YT, shop.by).result().count == 1


def test_midnight_is_that_of_the_store_s_zone() -> None:
    at = 1_772_366_400_000_000  # 1 March 2026 12:00 UTC
    assert midnight(at, "UTC") == 1_772_323_200_000_000
    assert midnight(at, "Asia/Shanghai") == 1_772_294_400_000_000


def test_a_parcel_is_put_on_a_shelf_by_its_number_or_its_label(shop: Any) -> None:
    stream = shop.receiving.receive(YT, shop.by).result().stream
    row = shop.receiving.shelve(stream, " s07 ", shop.by).result()
    assert row == ParcelRow(stream, YT, "yto", "arrived", shop.clock(), "S07", "", "")
    shop.receiving.shelve(stream, encode(OwnKind.SHELF, "S12"), shop.by).result()
    assert [row.shelf for row in shop.receiving.arrived(10)] == ["S12"]


@pytest.mark.parametrize("shelf", ["", "S00", "S25", "7", "架3"])
def test_a_shelf_that_there_is_not_is_refused(shop: Any, shelf: str) -> None:
    stream = shop.receiving.receive(YT, shop.by).result().stream
    refusal = shop.refused(lambda: shop.receiving.shelve(stream, shelf, shop.by))
    assert (refusal.code, refusal.values["shelf"]) == ("shelf.unknown", shelf)


def test_a_parcel_that_is_not_here_goes_on_no_shelf(shop: Any) -> None:
    shop.open(waybill=SF)
    assert (
        shop.refused(lambda: shop.receiving.shelve(f"parcel/{SF}", "S01", shop.by)).code == "parcel.not_here"
    )


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (encode(OwnKind.SHELF, "S03"), "dock.not_a_waybill"),
        ("", "waybill.empty"),
        ("顺丰速运", "waybill.characters"),
        ("SF1", "waybill.too_short"),
    ],
)
def test_what_is_no_waybill_is_refused(shop: Any, raw: str, code: str) -> None:
    assert shop.refused(lambda: shop.receiving.receive(raw, shop.by)).code == code


def test_the_emptiest_shelf_is_the_lowest_of_those_with_fewest() -> None:
    assert free_shelf({}) == "S01"
    assert free_shelf({"S01": 2, "S02": 1}) == "S03"
    assert free_shelf({f"S{n:02}": 3 - (n == 9) for n in range(1, 25)}) == "S09"


def test_the_list_shows_what_is_here_newest_first(shop: Any, clock: Any) -> None:
    shop.open(waybill="JD0000000001")
    for waybill in (SF, YT, "ZT0000000003"):
        clock.advance(MINUTE)
        shop.receiving.receive(waybill, shop.by).result()
    assert [row.waybill for row in shop.receiving.arrived(2)] == ["ZT0000000003", YT]
    assert len(shop.receiving.arrived(10)) == 3


def test_what_was_received_by_mistake_is_not_here_any_more(shop: Any) -> None:
    case = shop.open(waybill=SF)
    told = shop.receiving.receive(SF, shop.by).result()
    shop.receiving.undo_arrival(told.stream, shop.by).result()
    assert shop.receiving.arrived(9) == ()
    assert shop.receiving.count_today() == 0
    assert shop.cases.view(case.stream).status == "open"
    assert parcel(shop, told.stream).reception == "announced"
    again = shop.receiving.receive(SF, shop.by).result()
    assert (again.outcome, again.count) == ("announced", 1)


def test_a_parcel_nobody_announced_is_forgotten_when_its_arrival_is_undone(shop: Any) -> None:
    told = shop.receiving.receive(YT, shop.by).result()
    shop.receiving.undo_arrival(told.stream, shop.by).result()
    assert (parcel(shop, told.stream).reception, parcel(shop, told.stream).arrivals) == ("", 0)
    assert shop.receiving.receive(YT, shop.by).result().outcome == "unannounced"


def test_an_arrival_that_something_rests_on_is_not_undone(shop: Any) -> None:
    case = shop.open(waybill=SF)
    announced = shop.receiving.receive(SF, shop.by).result().stream
    shop.inspection.take_in(case.stream, 1, shop.by).result()
    homeless = shop.receiving.receive(YT, shop.by).result().stream
    shop.receiving.shelve(homeless, "S02", shop.by).result()
    for stream, code in ((announced, "parcel.opened_already"), (homeless, "parcel.shelved_already")):
        with pytest.raises(RuleError, match=code):
            shop.receiving.undo_arrival(stream, shop.by).result()
    shop.receiving.undo_shelving(homeless, "S02", "", shop.by).result()
    assert parcel(shop, homeless).shelf == ""
    shop.receiving.undo_arrival(homeless, shop.by).result()
    with pytest.raises(RuleError, match=r"parcel\.not_here"):
        shop.receiving.undo_arrival(homeless, shop.by).result()


def test_a_parcel_goes_back_to_the_shelf_it_came_from(shop: Any) -> None:
    stream = shop.receiving.receive(YT, shop.by).result().stream
    for shelf in ("S02", "S05"):
        shop.receiving.shelve(stream, shelf, shop.by).result()
    with pytest.raises(RuleError, match=r"parcel\.moved_already"):
        shop.receiving.undo_shelving(stream, "S02", "", shop.by).result()
    shop.receiving.undo_shelving(stream, "S05", "S02", shop.by).result()
    assert parcel(shop, stream).shelf == "S02"


def test_what_another_desk_has_in_its_hands_too_stays_received(shop: Any, second: Any, share: Any) -> None:
    first = shop.receiving.receive(SF, shop.by).result().stream
    second.receiving.receive(SF, second.by).result()
    share(shop, second)
    assert parcel(shop, first).arrivals == 2
    shop.receiving.undo_arrival(first, shop.by).result()
    share(shop, second)
    for desk in (shop, second):
        assert (parcel(desk, first).reception, parcel(desk, first).arrivals) == ("arrived", 1)
