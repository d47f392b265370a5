"""What version 1 wrote, recorded under `tests/fixtures`, is opened and read by today's code."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from desk_app.domain.batches import Pulled, Push
from desk_app.domain.entries import canonical
from desk_app.domain.people import Contact
from desk_app.services.cases import Cases
from desk_app.services.desk import Desk
from desk_app.services.people import People
from desk_app.services.receiving import Receiving
from desk_app.services.views import Target
from desk_app.storage import journal
from desk_app.storage.store import Store
from desk_app.sync import wire
from desk_app.vault import Sealed, open_sealed

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
NOON = 1_772_366_400_000_000
LATER = {  # not yet in version 1
    *("CodeFound", "DeskKnown", "DesksKnown", "FileHeld", "FilesAsked", "FilesHeld"),
    *("StatesAsked", "StreamFound"),
}
MESSAGES = json.loads((FIXTURES / "wire-1.json").read_text("utf-8"))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    shutil.copy(FIXTURES / "store-1.db", tmp_path / "desk.db")
    store = Store(tmp_path, bytes.fromhex((FIXTURES / "store-1.key").read_text("ascii")))
    yield store
    store.close()


def test_a_store_of_version_1_opens(store: Store) -> None:
    desk = Desk(store, lambda: NOON)
    cases = Cases(desk)
    (row,) = cases.page("李雷 手机", 0, 10)
    assert (row.number[:8], row.status, row.phone) == ("7QK00001", "arrived", "13800138000")
    view = cases.view(row.stream)
    assert view.customer == Contact("李雷", "13800138000")
    assert set(view.texts.values()) == {"屏幕不亮"} and set(view.people.values()) == {"王芳"}
    assert cases.target("SN42") == Target("case", row.stream, 1)
    arrived = {parcel.waybill: parcel.shelf for parcel in Receiving(desk).arrived(10)}
    assert arrived == {"SF1234567890123": "", "YT1234567890123": "S01"}
    people = People(desk)
    assert people.sign_in(people.everybody()[0].stream, "2580").result().name == "王芳"


def test_a_store_of_version_1_is_folded_anew_to_the_same(store: Store) -> None:
    def looked_up() -> list[Any]:
        with store.read() as connection:
            tables = ("state", "case_row", "parcel_row", "code_row", "person_row")
            return [
                sorted(map(tuple, connection.exec_driver_sql(f"SELECT * FROM {each}"))) for each in tables
            ]

    before = looked_up()
    store.rebuild()
    assert looked_up() == before


def test_the_bytes_of_version_1_s_entries_are_today_s(store: Store) -> None:
    with store.read() as connection:
        bodies = connection.exec_driver_sql("SELECT body FROM entry").scalars().all()
    assert len(bodies) > 10
    for body in bodies:
        assert canonical(journal.decode(body)) == body


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_of_version_1_is_read_and_written_with_all_it_said(name: str) -> None:
    kind = getattr(wire, name, None) or {"Push": Push, "Pulled": Pulled}[name]
    message = msgspec.json.decode(json.dumps(MESSAGES[name]), type=kind)
    written = json.loads(msgspec.json.encode(message))
    assert {field: written[field] for field in MESSAGES[name]} == MESSAGES[name]


def test_every_kind_of_message_is_recorded() -> None:
    kinds = {
        name
        for name, kind in vars(wire).items()
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind.__module__ == wire.__name__
    }
    assert kinds - {"JoinCode"} - LATER <= set(MESSAGES)
    code = wire.JoinCode("127.0.0.1:8700", b"\x01\x02", "SECRET")
    packed = b"\x94\x01\xae127.0.0.1:8700\xc4\x02\x01\x02\xa6SECRET"
    body = base64.b32encode(packed).decode().rstrip("=")
    assert (wire.write_join_code(code), wire.read_join_code(body)) == (body, code)


def test_records_of_a_recorded_push_open_with_their_keys() -> None:
    push = msgspec.json.decode(json.dumps(MESSAGES["Push"]), type=Push)
    seals = {name: seal for entry in push.entries for name, seal in entry.seals.items()}
    found = {
        open_sealed(Sealed(each.id, each.key, each.box, seals[each.id])).decode() for each in push.records
    }
    assert found == {"屏幕不亮"}
