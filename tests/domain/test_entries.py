"""The envelope, written down by hand: these bytes are hashed and signed, and never change."""

from __future__ import annotations

import hashlib
import json

import msgspec
import pytest

from desk_app.domain import facts
from desk_app.domain.entries import Entry, canonical, data_of, home_feed, stream_kind
from desk_app.domain.facts import KINDS, SCHEMA_OF, ParcelArrived, Unknown
from desk_app.ids import LAST_RUNNING, case_number, check_character, crockford, is_checked, new_id
from desk_app.signatures import CHAIN_START, grown

ENTRY = Entry(
    feed="store/01S",
    stream="parcel/SF1234567890123",
    desk="01D",
    number=7,
    act="01A.1.1",
    schema=1,
    person="person/01P",
    at=1_772_366_400_000_000,
    kind="parcel.arrived",
    data={"waybill": "SF1234567890123", "condition": "intact", "carrier": "顺丰"},
    seals={"R2": "cd", "R1": "ab"},
)
BYTES = (
    '{"act":"01A.1.1","at":1772366400000000,'
    '"data":{"carrier":"顺丰","condition":"intact","waybill":"SF1234567890123"},'
    '"desk":"01D","feed":"store/01S","kind":"parcel.arrived","number":7,"person":"person/01P",'
    '"schema":1,"seals":{"R1":"ab","R2":"cd"},"stream":"parcel/SF1234567890123"}'
).encode()

SHAPES = {  # kind → its fields; a field is only ever added with a default, and a kind only ever added
    "store.founded": "name address? phone? zone? sample?",
    "desk.joined": "name block store key?",
    "store.code_taught": "mask kind",
    "person.added": "name_record roles language?",
    "person.credential_set": "way record",
    "person.left": "",
    "customer.added": "contact_record language?",
    "records.erased": "records",
    "parcel.announced": "waybill carrier case",
    "parcel.arrived": "waybill carrier? condition?",
    "parcel.shelved": "shelf",
    "parcel.opened": "",
    "parcel.arrival_undone": "",
    "case.opened": "number case_kind customer reason_record order_number? channel?",
    "case.parcel_announced": "waybill",
    "case.noted": "record",
    "case.closed": "outcome?",
    "item.added": "item product category gtin? sku? serial? imei? accessories_record?",
    "item.received": "item",
    "item.inspected": "item checklist answers measures computed_grade grade note_record?",
    "item.disposed": "item disposition shelf?",
    "item.photographed": "item record file stage",
    "item.handed_over": "item relies_on?",
    "paper.printed": "paper language?",
    "contest.settled": "entry way item?",
    "device.seen": "case number product store",
    "device.released": "case",
    "device.repaired": "case number product category fault finished_at warranty_days store",
    "repair.requested": "item fault_record? relies_on?",
    "repair.diagnosed": "item fault part note_record in_warranty?",
    "repair.part_used": "item part name quantity? serial? old_serial? relies_on?",
    "repair.worked": "item minutes relies_on?",
    "repair.tested": "item test passed",
    "repair.finished": "item warranty_days",
    "repair.checked": "item passed note_record? relies_on?",
}


def test_the_canonical_bytes_are_these() -> None:
    assert canonical(ENTRY) == BYTES


def test_the_order_in_which_data_was_given_does_not_matter() -> None:
    turned = msgspec.structs.replace(ENTRY, data=dict(reversed(ENTRY.data.items())))
    assert canonical(turned) == BYTES


def test_the_envelope_has_these_fields_and_no_other() -> None:
    assert sorted(json.loads(BYTES)) == sorted(Entry.__struct_fields__)


def test_the_bytes_read_back() -> None:
    assert msgspec.json.decode(BYTES, type=Entry) == ENTRY
    assert str(ENTRY.id) == "store/01S:01D:7"
    assert ENTRY.fact() == ParcelArrived("SF1234567890123", "顺丰", "intact")


def test_every_head_of_the_chain_hashes_the_one_before() -> None:
    first = hashlib.sha256(bytes(32) + BYTES).digest()
    assert grown(CHAIN_START, [canonical(ENTRY)]) == first
    assert grown(CHAIN_START, [canonical(ENTRY)] * 2) == hashlib.sha256(first + BYTES).digest()


def test_the_kinds_of_entries_have_these_fields() -> None:
    def told(kind: type[facts.Fact]) -> str:
        return " ".join(
            field.name + ("" if field.required else "?") for field in msgspec.structs.fields(kind)
        )

    assert {name: told(kind) for name, kind in KINDS.items()} == SHAPES
    assert set(SCHEMA_OF.values()) == {1}


def test_a_fact_becomes_plain_data() -> None:
    assert data_of(facts.ItemReceived(2)) == ("item.received", 1, {"item": 2})


@pytest.mark.parametrize("newer", [{"kind": "moon.landed"}, {"schema": 2}])
def test_what_a_newer_version_wrote_is_unknown(newer: dict[str, object]) -> None:
    entry = msgspec.structs.replace(ENTRY, **newer)
    assert entry.fact() == Unknown(entry.kind)


def test_a_field_of_a_newer_version_is_passed_over() -> None:
    entry = msgspec.structs.replace(ENTRY, data={**ENTRY.data, "colour": "red"})
    assert isinstance(entry.fact(), ParcelArrived)


@pytest.mark.parametrize(
    ("stream", "feed"),
    [
        *(("person/1", "common"), ("desk/1", "common"), ("store/1", "common"), ("customer/1", "sales")),
        *(("case/1", "store/01S"), ("parcel/1", "store/01S"), ("device/1", "common")),
    ],
)
def test_every_stream_has_its_home(stream: str, feed: str) -> None:
    assert home_feed(stream, "store/01S") == feed
    assert stream_kind(stream) == stream[:-2]


def test_case_numbers_carry_a_check_character() -> None:
    assert case_number("7QK", 42) == "7QK000421"
    assert is_checked("7QK000421")
    assert case_number("7QK", LAST_RUNNING)[:-1] == "7QK99999"
    assert check_character("A12425GABC1234002") == "M"  # the example of ISO 7064


@pytest.mark.parametrize(
    "typed", ["7QK000422", "7QK000241", "7KQ000421", "7QK00421", "", "M", "7QK-000421", "七"]
)
def test_a_wrong_number_is_told(typed: str) -> None:
    assert not is_checked(typed)


@pytest.mark.parametrize("running", [0, -1, 100_000])
def test_a_number_outside_the_block_is_none(running: int) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        case_number("7QK", running)


def test_ids_order_by_time_and_never_meet() -> None:
    assert crockford(32**3 - 1, 3) == "ZZZ" and crockford(33, 3) == "011"
    assert new_id(1_469_918_176_385_000).startswith("01ARYZ6S41")  # the example of the ULID specification
    assert len({new_id(0) for _ in range(1000)}) == 1000 and len(new_id(0)) == 26
    assert new_id(1_000_000) < new_id(2_000_000)
