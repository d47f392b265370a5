"""A first load by states, states by name, and what a scan finds that is not on the desk."""

from __future__ import annotations

import base64
from typing import Any

import msgspec
import pytest
from sqlalchemy import text

from central import codes, tables
from desk_app import vault
from desk_app.clock import DAY
from desk_app.domain import facts
from desk_app.domain.folding import FOLD_VERSION, fold_all, freeze
from desk_app.sync.wire import KEPT_DAYS, MOST_STATES

pytestmark = pytest.mark.slow

AT = 1_772_366_400_000_000
"""When the desk of these tests does everything."""


def opened(desk: Any, name: str, serial: str = "sn1", waybill: str = "") -> list[Any]:
    stream = f"case/{name}"
    entries = [
        desk.entry(stream, facts.CaseOpened(f"7QK{name}", "repair", "customer/1", "", order_number="JD-1")),
        desk.entry(stream, facts.ItemAdded(1, "Phone 手机", "phone", serial=serial)),
    ]
    return entries + ([desk.entry(stream, facts.CaseParcelAnnounced(waybill))] if waybill else [])


def snapshot(desk: Any, up_to: int, limit: int = MOST_STATES, feed: str = "") -> Any:
    return desk.get(f"/v1/snapshot?feed={feed or desk.store}&up_to={up_to}&limit={limit}").good()


def streams(page: Any) -> list[str]:
    return [each["stream"] for each in page["states"]]


def test_states_come_from_the_last_changed_downwards(desk: Any) -> None:
    entries = [*opened(desk, "A"), *opened(desk, "B"), desk.entry("case/A", facts.ItemReceived(1))]
    desk.push(*entries).good()
    first = snapshot(desk, 5, limit=1)
    assert (streams(first), first["up_to"], first["fold_version"]) == (["case/A"], 4, FOLD_VERSION)
    second = snapshot(desk, first["up_to"], limit=1)
    assert (streams(second), second["up_to"]) == (["case/B"], 3)
    assert (streams(snapshot(desk, second["up_to"])), snapshot(desk, 3)["up_to"]) == ([], 0)
    expected = freeze(fold_all("case/A", ((each, None) for each in entries if each.stream == "case/A")))
    assert base64.b64decode(first["states"][0]["frozen"]) == expected
    assert first["states"][0]["place"] == 5


def test_a_page_is_never_larger_than_a_body(desk: Any) -> None:
    answers = {f"point-{number}": "x" * 700 for number in range(1000)}
    for name in "ABCDEFGH":
        desk.push(
            *opened(desk, name),
            desk.entry(f"case/{name}", facts.ItemInspected(1, "phone", answers, {}, "A", "A")),
        ).good()
    seen, up_to, pages = [], 24, 0
    while up_to:
        page = snapshot(desk, up_to)
        seen, up_to, pages = [*seen, *streams(page)], page["up_to"], pages + 1
    assert seen == [f"case/{name}" for name in "HGFEDCBA"]
    assert pages > 1


def test_what_is_done_with_for_long_is_left_out_and_comes_by_name(desk: Any, clock: Any) -> None:
    desk.push(*opened(desk, "A"), *opened(desk, "B"), *opened(desk, "C")).good()
    desk.push(desk.entry("case/A", facts.CaseClosed(), at=1)).good()  # by a clock that is wrong by years
    desk.push(desk.entry("case/B", facts.ItemHandedOver(1), at=AT + 900 * DAY)).good()
    clock.now = AT + KEPT_DAYS * DAY - 1
    assert streams(snapshot(desk, 8)) == ["case/B", "case/A", "case/C"]
    clock.now = AT + KEPT_DAYS * DAY + 1
    assert streams(snapshot(desk, 8)) == ["case/C"]
    answer = desk.post("/v1/states", {"feed": desk.store, "streams": ["case/A", "case/none"]}).good()
    assert streams(answer) == ["case/A"]


def test_records_come_with_their_states_and_erased_ones_do_not(desk: Any, on_wire: Any) -> None:
    stays, goes = vault.seal("甲".encode(), 0), vault.seal("乙".encode(), 0)
    for name, sealed in (("1", stays), ("2", goes)):
        stream = f"customer/{name}"
        entry = desk.entry(
            stream, facts.CustomerAdded(sealed.id), feed="sales", seals={sealed.id: sealed.commitment}
        )
        desk.push(entry, records=(on_wire(sealed, stream),)).good()
    desk.push(desk.entry("customer/2", facts.RecordsErased((goes.id,)), feed="sales")).good()
    page = snapshot(desk, 3, feed="sales")
    assert streams(page) == ["customer/2", "customer/1"]
    assert page["records"] == [msgspec.to_builtins(on_wire(stays, "customer/1"))]


def test_a_page_of_entries_names_the_streams_that_began_before(desk: Any) -> None:
    desk.push(*opened(desk, "A"), *opened(desk, "B")).good()
    desk.push(desk.entry("case/A", facts.ItemReceived(1)), *opened(desk, "C")).good()
    page = desk.get(f"/v1/pull?feed={desk.store}&after=4&since=4").good()
    assert page["older"] == ["case/A"]
    assert desk.pull(after=4)["older"] == []


@pytest.mark.parametrize("path", ["/v1/snapshot?feed=store/no&up_to=5", "/v1/pull?feed=store/no&since=5"])
def test_the_feeds_of_others_stay_closed(desk: Any, path: str) -> None:
    assert desk.get(path).body["type"] == "feed.not_yours"
    asked = {"feed": "store/no", "streams": ["case/A"]}
    assert desk.post("/v1/states", asked).body["type"] == "feed.not_yours"


@pytest.mark.parametrize(
    "query", ["up_to=x", "up_to=1&limit=0", f"up_to=1&limit={MOST_STATES + 1}", "up_to=-1"]
)
def test_a_page_that_makes_no_sense_is_refused(desk: Any, query: str) -> None:
    assert desk.get(f"/v1/snapshot?feed={desk.store}&{query}").body["type"] == "query.malformed"
    too_many = {"feed": desk.store, "streams": [f"case/{each}" for each in range(MOST_STATES + 1)]}
    assert desk.post("/v1/states", too_many).body["type"] == "query.malformed"


def test_a_scan_finds_cases_by_all_they_are_called(desk: Any) -> None:
    desk.push(*opened(desk, "A", waybill="SF1"), *opened(desk, "B", serial="SN2")).good()
    desk.push(desk.entry("parcel/SF1", facts.ParcelArrived("SF1"))).good()
    case_a = {"stream": "case/A", "feed": desk.store, "is_yours": True}
    case_b = case_a | {"stream": "case/B"}
    parcel = case_a | {"stream": "parcel/SF1"}
    for code, found in (
        ("7qka", [case_a]),
        ("SN1", [case_a]),
        ("sn2", [case_b]),
        ("JD-1", [case_b, case_a]),
        ("SF1", [case_a, parcel]),
        ("nobody", []),
        ("a/b", []),
    ):
        assert desk.get(f"/v1/codes/{code}").good() == {"streams": found}


def test_a_service_of_before_learns_the_codes_and_what_is_done_with(
    central: Any, desk: Any, clock: Any
) -> None:
    desk.push(*opened(desk, "A"), desk.entry("case/A", facts.CaseClosed(), at=AT)).good()
    with central.storage.writer.begin() as connection:
        connection.execute(tables.code.delete())
        connection.execute(tables.stream_state.update().values(done_at=0))
        connection.execute(text("DELETE FROM meta WHERE name = 'codes'"))
    codes.note_all(central.storage, AT)
    assert desk.get("/v1/codes/SN1").good()["streams"][0]["stream"] == "case/A"
    with central.storage.reader.begin() as connection:
        assert connection.execute(tables.stream_state.select()).one().done_at == AT
