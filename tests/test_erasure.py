"""Forgotten is forgotten: what was planted through the services is found in every place, and then in none."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import Any, NoReturn

import pytest
import sqlcipher3.dbapi2
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from PIL import Image

from central import filing, reading
from central.checks import check_push
from central.desks import KnownDesk
from central.sequencer import Offered, Taken, take
from central.storage import Storage, first_store, open_storage
from desk_app.clock import Clock
from desk_app.domain.batches import SealedRecord
from desk_app.domain.facts import RecordsErased
from desk_app.domain.people import Actor
from desk_app.engine import wipe_traces
from desk_app.paper_makers import makers
from desk_app.services import setup
from desk_app.services.cases import Cases
from desk_app.services.desk import Desk
from desk_app.services.inspection import Inspection
from desk_app.services.papers import Papers
from desk_app.services.privacy import Privacy
from desk_app.services.reception import Reception
from desk_app.services.repair import Repairs
from desk_app.services.views import CaseRequest, Diagnosis, ItemRequest
from desk_app.storage import sealed_records
from desk_app.storage.store import Store

pytestmark = pytest.mark.slow

KEY = bytes(range(32))
FOUNDING = setup.Founding("北京店", "Window 1", "王芳", "", "2580")
NAME, PHONE = "Plantagenet", "13987654321"
REASON, NOTE, DIAGNOSIS, SECOND, GRADE = "reasonplant", "noteplant", "diagplant", "checkplant", "gradeplant"
PICTURE_NAME = "pictureplant.jpg"
_drawn = BytesIO()
Image.effect_noise((320, 240), 90).save(_drawn, "JPEG")
PICTURE = _drawn.getvalue()
TEXTS = (NAME, PHONE, REASON, NOTE, DIAGNOSIS, SECOND, GRADE, PICTURE_NAME)
PLANTS = (*(text.encode() for text in TEXTS), PICTURE)
IN_LOOKUPS = (NAME.encode(), PHONE.encode())


class Place:
    """A desk, the central service it speaks to, and every place where something can lie."""

    def __init__(self, folder: Path, clock: Clock, storage: Storage) -> None:
        self.folder, self.central_path, self.storage = folder, folder.parent / "central.db", storage
        self.store = Store(folder, KEY)
        with storage.reader.begin() as connection:
            self.feed = first_store(connection)
        welcome = setup.Welcome("7QK", self.feed, ("common", "sales", self.feed), "127.0.0.1:1", "")
        _, self.by = setup.found(self.store, clock, FOUNDING, lambda desk, name: welcome)
        self.checker = Actor("person/CHECKER", ("checker",), "张三")
        self.desk = Desk(self.store, clock)
        self.wire = b""
        assert self.store.identity is not None
        self.known = KnownDesk(self.store.identity.desk, self.feed, "", True, False)

    def plant(self) -> str:
        """A case that holds something personal wherever a case can; its stream."""
        desk, by = self.desk, self.by
        item = ItemRequest("Phone X", "phone")
        form = CaseRequest("repair", NAME, PHONE, "JD1", REASON, "", item)
        case = Reception(desk).open_case(form, by).result().stream
        Reception(desk).add_note(case, NOTE, by).result()
        inspection, repairs = Inspection(desk), Repairs(desk)
        inspection.inspect(case, 1, {}, {}, "B", GRADE, by).result()
        picture = self.folder.parent / PICTURE_NAME
        picture.write_bytes(PICTURE)
        inspection.photograph(case, 1, [picture], "before", by).result()
        picture.unlink()
        repairs.diagnose(case, 1, Diagnosis("screen", "display", DIAGNOSIS, True), by).result()
        repairs.test(case, 1, "power_on", True, by).result()
        repairs.finish(case, 1, by).result()
        repairs.check(case, 1, False, SECOND, self.checker).result()
        return case

    def sync(self) -> None:
        """Push what waits, and pull everything; what was on the wire is kept, its records opened."""
        for feed in self.store.feeds():
            while push := self.store.waiting(feed, 500):
                self.wire += opened(push.records)
                offered = Offered(self.known, push, check_push(push, self.known))
                (taken,) = take(self.storage.writer, [offered], self.desk.clock())
                assert isinstance(taken, Taken)
                self.store.acknowledge(feed, taken.answer.receipts)
            page = reading.pull(self.storage, self.known, feed, self.store.cursor(feed), 500)
            self.store.take(page)
        wipe_traces(self.storage.writer)
        self.send_files()
        filing.remove_erased(self.storage)

    def send_files(self) -> None:
        """Hand over every file of this desk, erased or not, as a desk would that has not heard of it."""
        for path in self.photographs():
            box = path.read_bytes()
            filing.take(self.storage, self.known, self.feed, path.name, (0, len(box)), box)

    def photographs_of_central(self) -> list[Path]:
        return [path for path in self.storage.files.rglob("*") if path.is_file()]

    def answer_from_the_start(self) -> bytes:
        """What a desk that joins now is sent, its records opened."""
        pages = [reading.pull(self.storage, self.known, feed, 0, 500) for feed in self.store.feeds()]
        return b"".join(opened(page.records) for page in pages)

    def waiting(self) -> bytes:
        """What would be pushed now, its records opened."""
        pushes = [self.store.waiting(feed, 500) for feed in self.store.feeds()]
        return b"".join(opened(push.records) for push in pushes if push)

    def records(self) -> bytes:
        """Everything the desk's sealed records hold, opened."""
        with self.store.read() as connection:
            found = connection.exec_driver_sql("SELECT id FROM record").scalars().all()
            return b"".join(sealed_records.open_one(connection, record) or b"" for record in found)

    def photographs(self) -> list[Path]:
        return [path for path in (self.folder / "files").rglob("*") if path.is_file()]

    def papers(self, case: str) -> list[Path]:
        """Every paper of the case, made and remembered."""
        cases, inspection = Cases(self.desk), Inspection(self.desk)
        papers = Papers(self.desk, cases, inspection, makers(self.folder / "papers"))
        pdf, picture = papers.label(case, 1, self.by).result()
        asked: list[Future[Path]] = [
            papers.receipt(case, "en", self.by),
            papers.repair_report(case, 1, "zh_CN", self.by),
        ]
        return [pdf, picture, *(made.result() for made in asked)]


def all_is_here(_codes: tuple[str, ...]) -> NoReturn:
    raise AssertionError("nothing of the desk has left it")


def opened(records: tuple[SealedRecord, ...]) -> bytes:
    """The contents of records as anybody reads them who has them."""
    return b"".join(
        AESGCM(record.key).decrypt(record.box[:12], record.box[12:], record.id.encode())[16:]
        for record in records
        if record.key
    )


def pages(path: Path, key: bytes, aside: Path) -> bytes:
    """Every byte of an encrypted database in the clear: pages of its tables, its indexes, and free ones.

    SQLCipher's export writes tables anew and would lose what lies in free pages, so each page is decrypted.
    """
    data, size, reserve = path.read_bytes(), 4096, 80
    clear = []
    for start in range(0, len(data), size):
        page = data[start + (16 if start == 0 else 0) : start + size]
        body, iv = page[:-reserve], page[-reserve : -reserve + 16]
        decryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor()
        clear.append(decryptor.update(body) + decryptor.finalize())
    return b"".join(clear)


def exported(path: Path, key: bytes, aside: Path) -> bytes:
    """What SQL reads of a database, with its WAL: every value of every table."""
    aside.unlink(missing_ok=True)
    with closing(sqlcipher3.dbapi2.connect(str(path))) as connection:
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute(f"ATTACH DATABASE '{aside}' AS clear KEY ''")
        connection.execute("SELECT sqlcipher_export('clear')")
        connection.execute("DETACH DATABASE clear")
    with closing(sqlite3.connect(aside)) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        assert {"entry", "record"} <= set(names)
    found = aside.read_bytes()
    aside.unlink()
    return found


def found_in(data: bytes) -> set[bytes]:
    return {plant for plant in PLANTS if plant.lower() in data.lower()}


@pytest.fixture
def place(tmp_path: Path, clock: Clock) -> Iterator[Place]:
    storage = open_storage(tmp_path / "central.db", KEY, clock)
    place = Place(tmp_path / "desk", clock, storage)
    yield place
    place.store.close()
    storage.close()


def everywhere(place: Place, read: Callable[..., bytes]) -> dict[str, bytes]:
    aside = place.folder.parent / "clear.db"
    return {
        "desk": read(place.folder / "desk.db", KEY, aside),
        "central": read(place.central_path, KEY, aside),
    }


def test_what_was_planted_is_found_and_after_forgetting_it_is_nowhere(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    case = place.plant()
    papers = place.papers(case)
    texts = set(PLANTS) - {PICTURE}
    assert found_in(place.waiting()) == texts
    place.sync()
    wipe_traces(place.store._engine)
    aside = place.folder.parent / "clear.db"
    assert found_in(place.records()) == texts
    assert found_in(place.answer_from_the_start()) == texts
    assert found_in(place.wire) == texts
    assert found_in(exported(place.folder / "desk.db", KEY, aside)) == set(IN_LOOKUPS)
    assert found_in(pages(place.folder / "desk.db", KEY, aside)) == set(IN_LOOKUPS)
    assert all(paper.exists() for paper in papers) and len(place.photographs()) == 1
    (sent,) = place.photographs_of_central()
    assert sent.read_bytes() == place.photographs()[0].read_bytes() and PICTURE not in sent.read_bytes()
    keys = keys_of(place)
    assert all(key in data for key in keys for data in everywhere(place, pages).values())

    customer = Cases(place.desk).view(case).case.customer
    assert Privacy(place.desk, all_is_here).forget(customer, place.by).result() == 7
    assert not place.photographs()
    assert not [paper for paper in papers if paper.exists()]
    assert not list((place.folder / "papers").glob("*"))
    place.wire = b""
    place.sync()
    assert not place.photographs_of_central()

    for data in (place.records(), place.waiting(), place.wire, place.answer_from_the_start()):
        assert not found_in(data)
    for read in (exported, pages):
        for name, data in everywhere(place, read).items():
            assert not found_in(data), (read, name)
            assert not [key for key in keys if key in data], (read, name)
    for wal in (place.folder / "desk.db-wal", place.folder.parent / "central.db-wal"):
        assert not wal.exists() or wal.stat().st_size == 0
    assert not found_in(caplog.text.encode())
    view = Cases(place.desk).view(case)
    assert (view.customer, view.texts) == (None, {}) and view.case.number
    assert Cases(place.desk).count(NAME) == Cases(place.desk).count(PHONE) == 0


def keys_of(place: Place) -> list[bytes]:
    """The keys of the records that belong to customer and case."""
    with place.store.read() as connection:
        query = "SELECT key FROM record WHERE stream LIKE 'case/%' OR stream LIKE 'customer/%'"
        found: list[bytes] = list(connection.exec_driver_sql(query).scalars())
    assert len(found) == 7
    return found


def test_only_the_customer_s_own_data_goes(place: Place) -> None:
    case = place.plant()
    desk, by = place.desk, place.by
    form = CaseRequest("return", "李雷", "13800138000", "", "keep me", "", ItemRequest("Phone", "phone"))
    other = Reception(desk).open_case(form, by).result().stream
    customer = Cases(desk).view(case).case.customer
    Privacy(desk, all_is_here).forget(customer, by).result()
    view = Cases(desk).view(other)
    assert view.customer is not None and list(view.texts.values()) == ["keep me"]
    assert Cases(desk).count("李雷") == 1


def test_a_desk_that_hears_of_the_forgetting_forgets_too(place: Place, tmp_path: Path, clock: Clock) -> None:
    case = place.plant()
    place.sync()
    other = Store(tmp_path / "other", KEY)
    welcome = setup.Welcome("8AB", place.feed, place.store.feeds(), "127.0.0.1:1", "")
    setup.join(other, clock, "Dock 1", lambda desk, name: welcome)

    def pull() -> None:
        for feed in other.feeds():
            other.take(reading.pull(place.storage, place.known, feed, other.cursor(feed), 500))

    pull()
    aside = tmp_path / "clear.db"
    wipe_traces(other._engine)
    assert found_in(pages(tmp_path / "other" / "desk.db", KEY, aside)) == set(IN_LOOKUPS)
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(b"paper")
    other.keep_paper(case, paper)
    Privacy(place.desk, all_is_here).forget(Cases(place.desk).view(case).case.customer, place.by).result()
    place.sync()
    pull()
    other.close()
    assert not found_in(pages(tmp_path / "other" / "desk.db", KEY, aside))
    assert not paper.exists()


def test_an_erasure_cut_short_is_finished_at_the_next_start(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = place.plant()
    papers = place.papers(case)
    monkeypatch.setattr(place.store, "_wipe", lambda: None)
    Privacy(place.desk, all_is_here).forget(Cases(place.desk).view(case).case.customer, place.by).result()
    place.store.close()
    assert place.photographs() and all(paper.exists() for paper in papers)
    Store(place.folder, KEY).close()
    assert not place.photographs() and not [paper for paper in papers if paper.exists()]


def test_a_record_erased_never_comes_back(place: Place) -> None:
    case = place.plant()
    push = place.store.waiting(place.feed, 500)
    assert push is not None
    Privacy(place.desk, all_is_here).forget(Cases(place.desk).view(case).case.customer, place.by).result()
    place.sync()
    with place.store._engine.begin() as connection:
        for record in push.records:
            sealed_records.keep(connection, [(record, "")])
    assert not found_in(place.records())


def test_a_stream_s_entry_erases_nothing_of_another_stream(place: Place) -> None:
    case = place.plant()
    view: Any = Cases(place.desk).view(case)
    fact = RecordsErased((view.case.reason_record,))
    place.store.act(lambda act: act.add("parcel/SF1234567890123", fact), place.by, 0).result()
    assert REASON in Cases(place.desk).view(case).texts.values()
