"""Photographs' files over real HTTP: taken and given in pieces, checked, bounded, and gone when erased."""

from __future__ import annotations

import hashlib
import http.client
import json
import random
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from alembic import command
from alembic.config import Config
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from central import filing
from central.storage import MIGRATIONS, open_storage
from central.tables import file
from desk_app import files as kept
from desk_app.domain.facts import ItemPhotographed, RecordsErased
from desk_app.engine import open_engine
from desk_app.sync.wire import LARGEST_FILE, LARGEST_PIECE, SealedRecord
from desk_app.vault import seal

pytestmark = pytest.mark.slow

CASE = "case/01J"
SIZE = 5000


def box(number: int = 1, size: int = SIZE) -> tuple[str, bytes]:
    """Bytes as an encrypted file has them, and their address."""
    data = random.Random(number).randbytes(size)
    return hashlib.sha256(data).hexdigest(), data


class Filing:
    """A desk that has photographed and moves the files."""

    def __init__(self, desk: Any) -> None:
        self.desk = desk
        self.records: dict[str, str] = {}

    def photograph(self, address: str, stream: str = CASE) -> None:
        """Push the entry that names a file, with its record."""
        sealed = seal(b"key and preview", 1_000_000 * (len(self.records) + 1))
        self.records[address] = sealed.id
        fact = ItemPhotographed(1, sealed.id, address, "before")
        entry = self.desk.entry(stream, fact, seals={sealed.id: sealed.commitment})
        record = SealedRecord(sealed.id, stream, sealed.key, sealed.box)
        self.desk.push(entry, records=(record,)).good()

    def erase(self, *addresses: str) -> None:
        fact = RecordsErased(tuple(self.records[address] for address in addresses))
        self.desk.push(self.desk.entry(CASE, fact)).good()

    def put(
        self, address: str, piece: bytes, start: int, size: int = SIZE, **headers: str
    ) -> tuple[int, Any]:
        spanned = {"content_range": f"bytes {start}-{start + len(piece) - 1}/{size}"} | headers
        answer = self.ask("PUT", address, piece, **spanned)
        return answer.status, answer.body.get("type") or (answer.body["here"], answer.body["size"])

    def get(self, address: str, first: int, last: int) -> tuple[int, bytes, str]:
        with closing(http.client.HTTPConnection("127.0.0.1", self.desk.port, timeout=30)) as line:
            line.request(
                "GET", self.path(address), headers=self.headers() | {"Range": f"bytes={first}-{last}"}
            )
            response = line.getresponse()
            return response.status, response.read(), response.getheader("Content-Range", "")

    def held(self, *addresses: str, feed: str = "") -> Any:
        answer = self.desk.post("/v1/files", {"feed": feed or self.desk.store, "addresses": addresses})
        return answer.good()["files"]

    def ask(self, method: str, address: str, body: bytes, **headers: str) -> Any:
        ask = type(self.desk).post.__globals__["ask"]
        return ask(self.desk.port, method, self.path(address), body, self.desk.token, **headers)

    def path(self, address: str) -> str:
        return f"/v1/files/{address}?feed={quote(self.desk.store, safe='')}"

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.desk.token}"}


@pytest.fixture
def filing_desk(desk: Any) -> Filing:
    return Filing(desk)


@pytest.fixture
def on_disk(central: Any) -> Callable[[], list[str]]:
    """The names of all files in the service's folder of photographs."""
    return lambda: sorted(path.name for path in (central.data / "files").rglob("*") if path.is_file())


def test_a_file_is_taken_in_pieces_and_given_in_pieces(filing_desk: Filing, on_disk: Any) -> None:
    address, data = box()
    filing_desk.photograph(address)
    assert filing_desk.held(address) == {address: {"here": 0, "size": 0}}
    assert filing_desk.put(address, data[:2000], 0) == (200, (2000, 0))
    assert filing_desk.held(address) == {address: {"here": 2000, "size": 0}}
    assert filing_desk.get(address, 0, 10)[0] == 404
    assert filing_desk.put(address, data[2000:], 2000) == (200, (SIZE, SIZE))
    assert filing_desk.held(address) == {address: {"here": SIZE, "size": SIZE}}
    assert filing_desk.put(address, data[:10], 0) == (200, (SIZE, SIZE))
    assert filing_desk.get(address, 1000, 1999) == (206, data[1000:2000], f"bytes 1000-1999/{SIZE}")
    assert filing_desk.get(address, 4990, 9999) == (206, data[4990:], f"bytes 4990-4999/{SIZE}")
    assert filing_desk.get(address, SIZE, SIZE + 9)[0] == 404
    assert on_disk() == [address]


@given(cuts=st.lists(st.integers(1, SIZE - 1), max_size=6, unique=True), again=st.integers(0, SIZE))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_wherever_it_was_cut_it_goes_on_there(filing_desk: Filing, cuts: list[int], again: int) -> None:
    address, data = box(hash((tuple(cuts), again)))
    filing_desk.photograph(address)
    ends = [*sorted(cuts), SIZE]
    for start, end in zip([0, *ends], ends, strict=False):
        assert filing_desk.held(address)[address]["here"] == start
        sent_before = min(start, again)  # what is there already may come again
        status, (here, size) = filing_desk.put(address, data[sent_before:end], sent_before)
        assert (status, here, size) == (200, end, SIZE if end == SIZE else 0)
    assert filing_desk.get(address, 0, SIZE - 1)[1] == data


@pytest.mark.parametrize("sent", [0, 1, 999, 2499])
def test_a_piece_whose_line_is_cut_leaves_what_was_there(filing_desk: Filing, sent: int) -> None:
    address, data = box()
    filing_desk.photograph(address)
    filing_desk.put(address, data[:2500], 0)
    head = f"PUT {filing_desk.path(address)} HTTP/1.1\r\nHost: x\r\nContent-Length: 2500\r\n"
    head += f"Content-Range: bytes 2500-4999/{SIZE}\r\n"
    head += f"Authorization: Bearer {filing_desk.desk.token}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", filing_desk.desk.port)) as line:
        line.sendall(head.encode() + data[2500 : 2500 + sent])
    assert filing_desk.held(address) == {address: {"here": 2500, "size": 0}}
    assert filing_desk.put(address, data[2500:], 2500) == (200, (SIZE, SIZE))


def test_other_bytes_than_the_address_says_are_thrown_away(filing_desk: Filing, on_disk: Any) -> None:
    address, data = box()
    filing_desk.photograph(address)
    wrong = bytes([data[0] ^ 1]) + data[1:]
    assert filing_desk.put(address, wrong[:3000], 0) == (200, (3000, 0))
    assert filing_desk.put(address, wrong[3000:], 3000) == (409, "file.wrong")
    assert on_disk() == []
    assert filing_desk.put(address, data[3000:], 3000) == (409, "file.gap")
    assert filing_desk.put(address, data, 0) == (200, (SIZE, SIZE))


def test_a_file_nobody_photographed_is_not_taken(filing_desk: Filing, on_disk: Any) -> None:
    address, data = box()
    assert filing_desk.held(address) == {}
    assert filing_desk.put(address, data, 0) == (404, "file.unknown")
    assert filing_desk.get(address, 0, 9)[0] == 404
    for name in ("..%2f..%2fcentral.db", "A" * 64, "0" * 63):
        filing_desk.photograph(name)
        assert filing_desk.put(name, data, 0)[0] == 404
    assert on_disk() == []


def test_only_desks_of_the_feed_move_its_files(filing_desk: Filing) -> None:
    address, data = box()
    filing_desk.photograph(address)
    path = f"/v1/files/{address}?feed=store/other"
    ask = type(filing_desk.desk).post.__globals__["ask"]
    answer = ask(
        filing_desk.desk.port, "PUT", path, data, filing_desk.desk.token, content_range="bytes 0-4999/5000"
    )
    assert (answer.status, answer.body["type"]) == (403, "feed.not_yours")
    asked = filing_desk.desk.post("/v1/files", {"feed": "store/other", "addresses": [address]})
    assert (asked.status, asked.body["type"]) == (403, "feed.not_yours")
    stranger = ask(
        filing_desk.desk.port, "GET", filing_desk.path(address), None, "no token", range="bytes=0-9"
    )
    assert (stranger.status, stranger.body["type"]) == (401, "token.unknown")


@pytest.mark.parametrize(
    ("headers", "length", "code"),
    [
        ({"content_range": f"bytes 0-{LARGEST_PIECE}/{LARGEST_FILE}"}, LARGEST_PIECE + 1, "body.too_large"),
        ({"content_range": f"bytes 0-99/{LARGEST_FILE + 1}"}, 100, "body.too_large"),
        ({"content_range": "bytes 0-98/5000"}, 100, "query.malformed"),
        ({"content_range": "bytes 0-99/99"}, 100, "query.malformed"),
        ({"content_range": "bytes 5--1/5000"}, 100, "query.malformed"),
        ({"content_range": "bytes 7-6/5000"}, 0, "query.malformed"),
        ({"content_range": ""}, 100, "query.malformed"),
    ],
)
def test_what_is_too_large_or_makes_no_sense_is_refused(
    filing_desk: Filing, on_disk: Any, headers: dict[str, str], length: int, code: str
) -> None:
    address, _ = box()
    filing_desk.photograph(address)
    answer = filing_desk.ask("PUT", address, bytes(length), **headers)
    assert answer.body["type"] == code
    assert on_disk() == []


@pytest.mark.parametrize("asked", ["", "bytes=5-", "bytes=9-3", "bytes=-5", "bytes=0-1,4-5"])
def test_a_range_that_is_none_is_refused(filing_desk: Filing, asked: str) -> None:
    address, data = box()
    filing_desk.photograph(address)
    filing_desk.put(address, data, 0)
    assert filing_desk.ask("GET", address, b"", range=asked).body["type"] == "query.malformed"


def test_no_answer_is_larger_than_a_piece(filing_desk: Filing) -> None:
    address, data = box(size=LARGEST_PIECE + 10)
    filing_desk.photograph(address)
    filing_desk.put(address, data[:LARGEST_PIECE], 0, len(data))
    filing_desk.put(address, data[LARGEST_PIECE:], LARGEST_PIECE, len(data))
    assert filing_desk.get(address, 0, len(data))[1] == data[:LARGEST_PIECE]


def test_at_most_five_hundred_files_are_asked_for_at_once(filing_desk: Filing) -> None:
    asked = {"feed": filing_desk.desk.store, "addresses": ["0" * 64] * 501}
    assert filing_desk.desk.post("/v1/files", asked).body["type"] == "query.malformed"


@pytest.mark.logs("disk.full")
def test_the_journal_keeps_room_on_the_disk(
    filing_desk: Filing, on_disk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, data = box()
    filing_desk.photograph(address)
    usage = shutil.disk_usage("/")
    monkeypatch.setattr(
        "desk_app.files.shutil.disk_usage", lambda _: usage._replace(free=kept.SPARE + SIZE - 1)
    )
    assert filing_desk.put(address, data, 0) == (503, "disk.full")
    assert on_disk() == []
    monkeypatch.undo()
    assert filing_desk.put(address, data, 0) == (200, (SIZE, SIZE))


def wait_for_files(central: Any) -> None:
    """Until the thread of the files has done what it was asked to do so far."""
    central.service._files.submit(lambda: None).result(30)


def test_an_erased_file_goes_whole_or_half_and_never_comes_back(
    central: Any, filing_desk: Filing, on_disk: Any
) -> None:
    (whole, data), (half, more), (stays, last) = box(1), box(2), box(3)
    for address in (whole, half, stays):
        filing_desk.photograph(address)
    filing_desk.put(whole, data, 0)
    filing_desk.put(half, more[:100], 0)
    filing_desk.put(stays, last, 0)
    filing_desk.erase(whole, half)
    wait_for_files(central)
    assert on_disk() == [stays]
    for address, box_ in ((whole, data), (half, more)):
        assert filing_desk.put(address, box_, 0) == (404, "file.unknown")
        assert filing_desk.get(address, 0, 9)[0] == 404
    assert filing_desk.held(whole, half, stays) == {stays: {"here": SIZE, "size": SIZE}}
    again = filing_desk.desk.entry(CASE, ItemPhotographed(1, filing_desk.records[whole], box(4)[0], "before"))
    filing_desk.desk.push(again).good()
    assert filing_desk.held(box(4)[0]) == {}
    assert on_disk() == [stays]


def test_a_foreign_stream_erases_no_file(central: Any, filing_desk: Filing, on_disk: Any) -> None:
    address, data = box()
    filing_desk.photograph(address)
    filing_desk.put(address, data, 0)
    fact = RecordsErased((filing_desk.records[address],))
    filing_desk.desk.push(filing_desk.desk.entry("parcel/SF1234567890123", fact)).good()
    wait_for_files(central)
    assert on_disk() == [address]


def test_what_a_power_cut_left_undone_is_done_at_the_next_start(
    central: Any, filing_desk: Filing, on_disk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The erased files not removed yet, a whole file not noted yet."""
    (gone, data), (whole, more) = box(1), box(2)
    for address in (gone, whole):
        filing_desk.photograph(address)
    filing_desk.put(gone, data, 0)
    monkeypatch.setattr(filing, "note_whole", lambda *_: None)
    monkeypatch.setattr(filing, "remove_erased", lambda _: None)
    filing_desk.put(whole, more, 0)
    filing_desk.erase(gone)
    wait_for_files(central)
    monkeypatch.undo()
    assert on_disk() == sorted([gone, whole])
    assert sizes(central) == {gone: SIZE, whole: 0}
    assert filing_desk.held(gone, whole) == {whole: {"here": SIZE, "size": SIZE}}
    filing.tidy(central.storage)
    assert on_disk() == [whole]
    assert sizes(central) == {whole: SIZE}


def sizes(central: Any) -> dict[str, int]:
    with central.storage.reader.begin() as connection:
        return {row.address: row.size for row in connection.execute(select(file))}


def test_a_large_upload_under_way_holds_no_push_up(filing_desk: Filing) -> None:
    """The service waits for the rest of a piece and of nothing else."""
    address, data = box(size=LARGEST_PIECE)
    filing_desk.photograph(address)
    with closing(http.client.HTTPConnection("127.0.0.1", filing_desk.desk.port, timeout=30)) as line:
        line.putrequest("PUT", filing_desk.path(address))
        span = f"bytes 0-{len(data) - 1}/{len(data)}"
        for name, value in {
            **filing_desk.headers(),
            "Content-Range": span,
            "Content-Length": str(len(data)),
        }.items():
            line.putheader(name, value)
        line.endheaders(data[: len(data) // 2])
        filing_desk.photograph(box(2)[0])  # an entry is taken while half of the piece is out
        line.send(data[len(data) // 2 :])
        assert line.getresponse().status == 200


def test_a_slow_disk_for_files_holds_no_push_up(filing_desk: Filing, monkeypatch: pytest.MonkeyPatch) -> None:
    """A piece is being written until the push has been answered."""
    address, data = box()
    filing_desk.photograph(address)
    writing, pushed, take = threading.Event(), threading.Event(), filing.take
    answers: list[Any] = []

    def slowly(*arguments: Any) -> Any:
        writing.set()
        assert pushed.wait(20)
        return take(*arguments)

    monkeypatch.setattr(filing, "take", slowly)
    thread = threading.Thread(target=lambda: answers.append(filing_desk.put(address, data, 0)))
    thread.start()
    assert writing.wait(20)
    filing_desk.photograph(box(2)[0])
    pushed.set()
    thread.join(20)
    assert answers == [(200, (SIZE, SIZE))]


@pytest.fixture
def older(tmp_path: Path, clock: Any) -> Iterator[tuple[Path, bytes]]:
    """A service's file as the version before files made it, with its key."""
    path, key = tmp_path / "old" / "central.db", bytes(range(32))
    path.parent.mkdir()
    engine = open_engine(path, key)
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, "0004")
        connection.exec_driver_sql("INSERT INTO feed VALUES ('store/1', 9)")
        connection.exec_driver_sql("INSERT INTO meta VALUES ('epoch', 'E')")
        watermark = "INSERT INTO watermark (feed, desk, number, chain) VALUES ('store/1', 'A', 9, x'00')"
        connection.exec_driver_sql(watermark)
        for place, record in enumerate(("R1", "R2", "R3", "R4"), 1):
            standing = "refused" if record == "R3" else "stands"
            kind = "case.noted" if record == "R4" else "item.photographed"
            body = json.dumps({"kind": kind, "data": {"record": record, "file": record * 32}})
            connection.exec_driver_sql(
                "INSERT INTO entry VALUES ('store/1', ?, 'case/1', 'A', ?, ?, ?, '')",
                (place, place, body.encode(), standing),
            )
        connection.exec_driver_sql("INSERT INTO erased VALUES ('store/1', 'R2')")
    engine.dispose()
    yield path, key


def test_files_named_before_are_expected(older: tuple[Path, bytes], clock: Any) -> None:
    storage = open_storage(*older, clock)
    with storage.reader.begin() as connection:
        rows = connection.execute(select(file)).all()
    storage.close()
    assert [tuple(row) for row in rows] == [("store/1", "R1" * 32, "R1", 0, False)]
