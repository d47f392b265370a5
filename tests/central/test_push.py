"""The home order: each entry once, in the desk's order, with a place of its own and a verdict."""

from __future__ import annotations

import threading
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from desk_app.domain.entries import canonical
from desk_app.domain.facts import (
    CaseOpened,
    ItemAdded,
    ItemDisposed,
    ItemReceived,
    ParcelArrived,
    PersonLeft,
)
from desk_app.domain.folding import FOLD_VERSION, state_hash
from desk_app.domain.parcels import Parcel
from desk_app.signatures import CHAIN_START, grown, sign

CASE = "case/01JCASE"


def arrived(desk: Any, waybill: str = "SF1234567890123", /, **fields: Any) -> Any:
    return desk.entry(**({"stream": f"parcel/{waybill}", "fact": ParcelArrived(waybill)} | fields))


def places(answer: Any) -> list[tuple[int, int]]:
    return [(receipt["number"], receipt["place"]) for receipt in answer.good()["receipts"]]


def test_entries_get_places_in_the_desks_order(desk: Any) -> None:
    entries = [arrived(desk, f"SF{number}") for number in range(3)]
    assert places(desk.push(*entries)) == [(1, 1), (2, 2), (3, 3)]
    page = desk.pull()
    assert page["head"] == 3
    assert [placed["entry"] for placed in page["entries"]] == msgspec.to_builtins(entries)
    assert [placed["place"] for placed in page["entries"]] == [1, 2, 3]


def test_a_repeated_push_gets_the_same_receipts_and_counts_once(desk: Any) -> None:
    entries = [arrived(desk) for _ in range(2)]
    first = desk.push(*entries).good()
    assert desk.push(*entries).good() == first
    assert desk.push(*entries, arrived(desk)).good()["receipts"][:2] == first["receipts"]
    assert desk.pull()["head"] == 3
    assert desk.get("/v1/parcels/SF1234567890123").good()["arrivals"] == 3


def test_another_body_under_a_known_number_is_refused(desk: Any) -> None:
    entry = arrived(desk)
    desk.push(entry).good()
    fork = msgspec.structs.replace(entry, at=entry.at + 1)
    answer = desk.push(fork, arrived(desk))
    assert (answer.status, answer.body["type"], answer.body["values"]) == (409, "push.forked", {"number": 1})
    assert answer.headers["content-type"] == "application/problem+json"
    assert desk.pull()["head"] == 1


@pytest.mark.parametrize("numbers", [(2,), (1, 3), (1, 1), (2, 1)])
def test_a_gap_is_refused_and_the_expected_number_told(desk: Any, numbers: tuple[int, ...]) -> None:
    answer = desk.push(*[arrived(desk, number=number) for number in numbers])
    assert (answer.status, answer.body["type"]) == (409, "push.gap")
    assert answer.body["values"] == {"expected": 1 if numbers[0] == 2 else 2}
    assert desk.pull()["head"] == 0


def test_each_feed_has_its_own_places_and_numbers(desk: Any) -> None:
    desk.push(arrived(desk), arrived(desk)).good()
    left = desk.entry("person/01J", PersonLeft(), feed="common")
    assert places(desk.push(left)) == [(1, 1)]
    heads = desk.post("/v1/hello", {"protocol": 1, "version": "0.1.0", "clock": 0}).good()
    assert heads["heads"] == {"common": 1, "sales": 0, desk.store: 2}
    assert heads["numbers"] == {"common": 1, "sales": 0, desk.store: 2}
    assert heads["epoch"] == desk.epoch


def test_the_first_decision_stands_and_the_second_is_contested(desk: Any) -> None:
    other = desk.second()
    desk.push(
        desk.entry(CASE, CaseOpened("7QK00001X", "return", "customer/01J", "01JREASON")),
        desk.entry(CASE, ItemAdded(1, "Phone", "phone")),
        desk.entry(CASE, ItemReceived(1)),
        desk.entry(CASE, ItemDisposed(1, "restock")),
    ).good()
    (receipt,) = other.push(other.entry(CASE, ItemDisposed(1, "scrap"))).good()["receipts"]
    assert receipt["verdict"] == {"standing": "contested", "reason": "item.disposed_already"}
    assert [placed["verdict"]["standing"] for placed in desk.pull()["entries"]] == [
        *["stands"] * 4,
        "contested",
    ]
    state = desk.get(f"/v1/streams/{CASE}").good()
    assert state["items"][0]["disposition"] == "restock"
    assert [contest["reason"] for contest in state["contests"]] == ["item.disposed_already"]


def test_a_kind_of_a_newer_version_is_kept_and_passed_on(desk: Any) -> None:
    entry = arrived(desk, kind="parcel.weighed", data={"grams": 120, "by": ["scale"]})
    unknown_stream = desk.entry("pallet/01J", PersonLeft(), kind="pallet.built", data={})
    for receipt in desk.push(entry, unknown_stream).good()["receipts"]:
        assert receipt["verdict"]["standing"] == "stands"
    assert desk.pull()["entries"][0]["entry"]["data"] == {"grams": 120, "by": ["scale"]}
    assert desk.get("/v1/parcels/SF1234567890123").good()["newer"] == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"feed": "store/01JOTHER"}, "feed.not_yours"),
        ({"feed": "nowhere"}, "feed.not_yours"),
        ({"desk": "another"}, "desk.not_yours"),
    ],
)
def test_what_does_not_belong_there_is_refused(desk: Any, change: dict[str, Any], code: str) -> None:
    answer = desk.push(arrived(desk, **change))
    assert (answer.status, answer.body["type"]) == (403, code)
    assert desk.pull()["head"] == 0


def test_an_entry_of_another_feed_than_the_push_is_refused(desk: Any) -> None:
    entries = [desk.entry("person/01J", PersonLeft(), feed="common", number=1)]
    answer = desk.post("/v1/push", {"feed": desk.store, "entries": entries})
    assert (answer.status, answer.body["type"]) == (403, "feed.not_yours")


@pytest.mark.parametrize(
    "change",
    [
        {"data": {"waybill": 7}},
        {"data": {}},
        {"data": {"waybill": "SF1", "more": [[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]}},
        {"data": {"waybill": "SF1", "more": 2**60}},
        {"stream": "parcel/"},
        {"stream": "parcel/SF 1"},
        {"stream": "parcel/" + "S" * 81},
        {"stream": "parcel"},
        {"at": -1},
        {"at": 2**70},
        {"schema": 0},
        {"seals": {str(number): "" for number in range(101)}},
    ],
)
def test_an_entry_that_makes_no_sense_stops_none_behind_it(desk: Any, change: dict[str, Any]) -> None:
    receipts = desk.push(arrived(desk, **change), arrived(desk, "SF2")).good()["receipts"]
    assert [receipt["verdict"] for receipt in receipts] == [
        {"standing": "refused", "reason": "entry.malformed"},
        {"standing": "stands", "reason": ""},
    ]
    kept = desk.pull()["entries"]
    assert [placed["verdict"]["standing"] for placed in kept] == ["refused", "stands"]
    assert desk.get("/v1/parcels/SF2").good()["arrivals"] == 1
    assert desk.get("/v1/parcels/SF1234567890123").status == 404


@pytest.mark.parametrize("change", [{"number": 0}, {"number": 2**80}])
def test_what_no_place_can_be_given_is_refused_as_a_whole(desk: Any, change: dict[str, Any]) -> None:
    answer = desk.push(arrived(desk, **change))
    assert answer.status == 400
    assert desk.pull()["head"] == 0


@pytest.mark.parametrize("stream", ["person/01J", "customer/01J"])
def test_an_entry_of_another_home_counts_for_nothing(desk: Any, stream: str) -> None:
    (receipt,) = desk.push(arrived(desk, stream=stream)).good()["receipts"]
    assert receipt["verdict"] == {"standing": "refused", "reason": "entry.elsewhere"}
    assert desk.get(f"/v1/streams/{stream}").status == 404


def test_too_many_entries_at_once_are_refused(desk: Any) -> None:
    assert desk.push(*[arrived(desk) for _ in range(501)]).body["type"] == "push.too_many"
    desk.numbers.clear()
    assert len(desk.push(*[arrived(desk) for _ in range(500)]).good()["receipts"]) == 500


def test_pages_follow_one_another(desk: Any) -> None:
    desk.push(*[arrived(desk) for _ in range(5)]).good()
    assert [placed["place"] for placed in desk.pull(after=1, limit=2)["entries"]] == [2, 3]
    assert desk.pull(after=5)["entries"] == []


def test_a_cursor_skips_nothing_while_many_desks_push(desk: Any) -> None:
    desks = [desk, *(desk.second(f"Dock {number}") for number in range(3))]
    batches, size = 12, 5
    done = threading.Event()

    def work(pusher: Any) -> None:
        for _ in range(batches):
            pusher.push(*[arrived(pusher, f"SF{pusher.block}") for _ in range(size)]).good()

    def follow() -> list[dict[str, Any]]:
        seen: list[dict[str, Any]] = []
        while True:
            last = done.is_set()
            page = desk.pull(after=len(seen), limit=7)["entries"]
            seen += page
            if last and not page:
                return seen

    with ThreadPoolExecutor(len(desks) + 1) as pool:
        following = pool.submit(follow)
        try:
            for result in [pool.submit(work, pusher) for pusher in desks]:
                result.result()
        finally:
            done.set()
        seen = following.result()
    assert [placed["place"] for placed in seen] == list(range(1, len(desks) * batches * size + 1))
    for pusher in desks:
        numbers = [placed["entry"]["number"] for placed in seen if placed["entry"]["desk"] == pusher.id]
        assert numbers == list(range(1, batches * size + 1))


def test_two_desks_that_resend_at_once_count_once(desk: Any) -> None:
    entries = [arrived(desk) for _ in range(20)]
    with ThreadPoolExecutor(4) as pool:
        answers = [pool.submit(desk.push, *entries) for _ in range(8)]
        receipts = [answer.result().good()["receipts"] for answer in answers]
    assert all(each == receipts[0] for each in receipts)
    assert desk.pull()["head"] == 20


def test_pushes_that_wait_together_are_judged_each_by_itself(desk: Any) -> None:
    others = [desk.second(f"Dock {number}") for number in range(6)]
    wrong = others[3]
    entries = {other.id: arrived(other, f"SF{index}") for index, other in enumerate(others)}
    entries[wrong.id] = arrived(wrong, "SF3", number=7)
    with ThreadPoolExecutor(6) as pool:
        answers = dict(pool.map(lambda other: (other.id, other.push(entries[other.id])), others))
    assert answers.pop(wrong.id).body["type"] == "push.gap"
    found = sorted(answer.good()["receipts"][0]["place"] for answer in answers.values())
    assert found == [1, 2, 3, 4, 5]


def test_more_pushes_than_one_turn_takes_are_all_taken(
    desk: Any, central: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("central.app.MOST_PUSHES", 2)
    others = [desk.second(f"Dock {number}") for number in range(5)]
    for other in others:
        other.pull()  # the first word of a desk is written down; from then on only pushes are
    free, asked = threading.Event(), threading.Event()
    offered = Counted(asked, len(others))
    monkeypatch.setattr(central.service, "_offered", offered)
    central.service._writer.submit(free.wait, 30)
    with ThreadPoolExecutor(5) as pool:
        answers = [pool.submit(other.push, arrived(other)) for other in others]
        assert asked.wait(30)
        free.set()
        assert [answer.result().status for answer in answers] == [200] * 5
    assert desk.pull()["head"] == 5


class Counted(deque[Any]):
    """A queue that tells when so many have come."""

    def __init__(self, told: threading.Event, most: int) -> None:
        super().__init__()
        self._told, self._most = told, most

    def append(self, item: Any) -> None:
        super().append(item)
        if len(self) == self._most:
            self._told.set()


class Signing:
    """A desk's key and the chain it signs."""

    def __init__(self, desk: Any) -> None:
        self.desk, self.head = desk, CHAIN_START
        self.private = bytes(range(32))

    def push(self, *entries: Any, private: bytes | None = None, number: int | None = None) -> Any:
        self.head = grown(self.head, map(canonical, entries))
        last = entries[-1].number if number is None else number
        signature = sign(private or self.private, self.desk.store, self.desk.id, last, self.head)
        message = {"feed": self.desk.store, "entries": entries, "signature": signature}
        return self.desk.post("/v1/push", message)


@pytest.fixture
def signing(central: Any) -> Signing:
    """A desk that joined with the key it signs with."""
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32))).public_key().public_bytes_raw().hex()
    return Signing(central.first_desk(key))


def test_a_signed_chain_is_taken_and_grows(signing: Signing) -> None:
    signing.push(arrived(signing.desk, "SF1"), arrived(signing.desk, "SF2")).good()
    signing.push(arrived(signing.desk, "SF3")).good()
    assert signing.desk.pull()["head"] == 3


def test_another_key_another_number_or_no_signature_is_refused(signing: Signing) -> None:
    desk = signing.desk
    signing.push(arrived(desk, "SF1")).good()
    second, head = arrived(desk, "SF2"), signing.head
    for change in ({"private": bytes(32)}, {"number": 3}):
        signing.head = head
        answer = signing.push(second, **change)
        assert (answer.status, answer.body["type"]) == (400, "push.unsigned")
    answer = desk.post("/v1/push", {"feed": desk.store, "entries": [second]})
    assert answer.body["type"] == "push.unsigned"
    signing.head = head
    signing.push(second).good()
    assert desk.pull()["head"] == 2


def test_a_signature_under_nothing_new_binds_nobody_to_sign(desk: Any) -> None:
    """It cannot be checked: there is nothing it could be under."""
    nothing = {"feed": desk.store, "entries": (), "signature": "AAAA"}
    assert desk.post("/v1/push", nothing).good()["receipts"] == []
    assert desk.push(desk.entry("parcel/SF1", ParcelArrived("SF1"))).good()


def test_a_desk_that_signs_is_shut_out_at_once_too(signing: Signing) -> None:
    other = signing.desk.second()
    signing.push(arrived(signing.desk, "SF1")).good()
    for _ in range(2):
        assert signing.desk.pull()["head"] == 1
    other.post(f"/v1/desks/{signing.desk.id}/shut-out").good()
    assert signing.desk.get(f"/v1/pull?feed={other.store}").body["type"] == "desk.shut_out"


def test_a_page_tells_the_hash_of_each_state_it_leads_to(desk: Any) -> None:
    desk.push(arrived(desk, "SF1"), arrived(desk, "SF2"), arrived(desk, "SF1")).good()
    page = desk.get(f"/v1/pull?feed={desk.store}&after=0&limit=2").good()
    assert (set(page["hashes"]), page["fold_version"]) == ({"parcel/SF2"}, FOLD_VERSION)
    state = Parcel(
        waybill="SF2",
        reception="arrived",
        condition="intact",
        arrived_at=0,
        arrived_by="person/P",
        arrivals=1,
    )
    told = page["hashes"]["parcel/SF2"]
    at = page["entries"][1]["entry"]["at"]
    assert told == state_hash(msgspec.structs.replace(state, arrived_at=at))
    assert set(desk.get(f"/v1/pull?feed={desk.store}&after=0&limit=3").good()["hashes"]) == {
        "parcel/SF1",
        "parcel/SF2",
    }


def test_a_desk_that_saw_another_order_hears_that_it_is_astray(desk: Any) -> None:
    desk.push(arrived(desk, "SF1")).good()

    def hello(place: int, number: int) -> Any:
        seen = {desk.store: {"place": place, "desk": desk.id, "number": number}}
        message = {"protocol": 2, "version": "1", "clock": 0, "seen": seen}
        return desk.post("/v1/hello", message).good()["astray"]

    assert hello(1, 1) == []
    assert hello(1, 2) == [desk.store]
    assert hello(2, 2) == [desk.store]
