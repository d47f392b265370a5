"""A device's digest: one stream however its number is written, one state whatever was told first."""

from __future__ import annotations

import re
from itertools import permutations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.clock import DAY
from desk_app.domain import facts
from desk_app.domain.devices import MOST_TOLD, Device, FinishedRepair, Sighting, device_name, device_streams
from desk_app.domain.entries import Entry, data_of
from desk_app.domain.facts import Fact
from desk_app.domain.folding import fold_all

NOON = 1_772_366_400_000_000
STREAM = re.compile(r"[a-z_]{1,20}/[!-~]{1,80}")  # what the central service takes
SEEN = facts.DeviceSeen("case/1", "7QK000014", "Phone X", "store/1")
REPAIRED = facts.DeviceRepaired("case/1", "7QK000014", "Phone X", "phone", "screen", NOON, 90, "store/1")


def device(*told: Fact) -> Device:
    rows = []
    for number, fact in enumerate(told, 1):
        kind, schema, data = data_of(fact)
        entry = Entry(
            feed="common",
            stream="device/SN42",
            desk="D",
            number=number,
            act="A.1.1",
            schema=schema,
            person="person/1",
            at=number,
            kind=kind,
            data=data,
        )
        rows.append((entry, None))
    state = fold_all("device/SN42", rows)
    assert isinstance(state, Device)
    return state


@pytest.mark.parametrize(
    "written", ["QY-A3-0098117", " qy a3 0098117 ", "ＱＹ－Ａ３－００９８１１７", "QYA3/0098117"]
)
def test_one_number_however_it_is_written_is_one_stream(written: str) -> None:
    assert device_streams(written) == ("device/QYA30098117",)


def test_serial_number_and_imei_are_two_streams_and_one_where_they_are_the_same() -> None:
    assert device_streams("SN42", "49 015420 323751 8") == ("device/SN42", "device/490154203237518")
    assert device_streams("490154203237518", "490154203237518") == ("device/490154203237518",)


@pytest.mark.parametrize("written", ["", "-", "无", "N/A", "0000000", "---", "x" * 20, "A1" * 41])
def test_what_names_no_device_has_no_stream(written: str) -> None:
    assert device_streams(written, "") == ()


@given(st.text(max_size=200))
def test_every_stream_is_one_the_central_service_takes(written: str) -> None:
    assert all(STREAM.fullmatch(stream) for stream in device_streams(written, written[::-1]))


def test_the_name_of_a_stream() -> None:
    assert (device_name("device/SN42"), device_name("case/SN42")) == ("SN42", "")


def test_a_sighting_is_open_until_it_is_released_whichever_is_told_first() -> None:
    released = facts.DeviceReleased("case/1")
    assert device(SEEN).cases == (Sighting("case/1", "7QK000014", "Phone X", "store/1", 1, True),)
    for told in permutations((SEEN, released)):
        (sighting,) = device(*told).cases
        assert (sighting.number, sighting.is_open) == ("7QK000014", False)
    other = facts.DeviceSeen("case/2", "8AB000010", "Phone X", "store/2")
    assert [each.is_open for each in device(SEEN, other, released).cases] == [False, True]


def test_a_case_has_one_repair_and_the_last_that_was_told_counts() -> None:
    later = msgspec.structs.replace(REPAIRED, finished_at=NOON + 3 * DAY, fault="battery")
    state = device(SEEN, REPAIRED, later)
    assert state.repairs == (
        FinishedRepair(
            *("case/1", "7QK000014", "Phone X", "store/1"), "phone", "battery", NOON + 3 * DAY, 90
        ),
    )
    assert state.repairs[0].until == NOON + 93 * DAY


def test_a_repair_without_a_warranty_has_no_end_of_it_and_none_is_beyond_every_calendar() -> None:
    def until(days: int) -> int:
        return device(msgspec.structs.replace(REPAIRED, warranty_days=days)).repairs[0].until

    assert (until(0), until(-5), until(2**53)) == (0, 0, 2**53)


def test_products_are_told_once_however_they_are_written() -> None:
    names = ("Phone X", "phone-x", "Ｐｈｏｎｅ Ｘ", "Pad 7", "")
    told = [facts.DeviceSeen(f"case/{n}", "N", name, "store/1") for n, name in enumerate(names)]
    assert device(*told).products == ("Phone X", "Pad 7")


def test_a_device_does_not_grow_without_end() -> None:
    cases = range(MOST_TOLD + 5)
    seen = [facts.DeviceSeen(f"case/{n}", str(n), "Phone X", "store/1") for n in cases]
    repaired = [msgspec.structs.replace(REPAIRED, case=f"case/{n}") for n in cases]
    state = device(*seen, *repaired)
    assert len(state.cases) == len(state.repairs) == MOST_TOLD
    assert (state.cases[-1].case, state.repairs[0].case) == (f"case/{MOST_TOLD + 4}", "case/5")
