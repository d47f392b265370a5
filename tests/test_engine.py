"""The encrypted file: how it is opened, what its failures are called, and that erasing leaves no trace."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError, OperationalError

from desk_app.engine import check_writable, checkpoint, open_engine, outside_error, wipe_traces
from desk_app.errors import OutsideError

KEY = bytes(range(32))
OTHER_KEY = bytes(32)
PLANT = "Zhang Wei, 13800138000, 88 Nanjing Road"
PAGE, RESERVED = 4096, 80  # as SQLCipher 4 lays out its pages
WAL_HEAD, FRAME_HEAD = 32, 24


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a folder #1 100%" / "店.store"


@pytest.fixture
def store(path: Path) -> Iterator[Engine]:
    """A store with one empty table."""
    path.parent.mkdir()
    engine = open_engine(path, KEY)
    make_table(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, one MiB large."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount("-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder))
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)  # a failed test may hold it open


def test_a_store_is_read_again_with_its_key(store: Engine, path: Path) -> None:
    write(store, "first")
    store.dispose()
    assert texts(open_engine(path, KEY)) == ["first"]


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("secure_delete", 1),
        ("busy_timeout", 5000),
        ("wal_autocheckpoint", 1000),
    ],
)
def test_every_connection_of_a_writer_is_safe(store: Engine, setting: str, value: object) -> None:
    with store.connect() as first, store.engine.raw_connection() as second:
        assert first.exec_driver_sql(f"PRAGMA {setting}").scalar() == value
        assert second.cursor().execute(f"PRAGMA {setting}").fetchone()[0] == value


def test_nothing_readable_is_in_the_files(store: Engine, path: Path) -> None:
    write(store, PLANT)
    for file in path.parent.iterdir():
        assert PLANT.encode() not in file.read_bytes()
        assert b"SQLite format" not in file.read_bytes()
    assert PLANT.encode() in decrypted(path)


@pytest.mark.parametrize("read_only", [False, True])
def test_a_wrong_key_is_told(
    store: Engine, path: Path, read_only: bool, capfd: pytest.CaptureFixture
) -> None:
    store.dispose()
    with pytest.raises(OutsideError) as told:
        open_engine(path, OTHER_KEY, read_only=read_only)
    assert told.value.code == "store.wrong_key"
    assert capfd.readouterr().err == ""


def test_a_key_of_another_length_is_a_mistake_of_ours(path: Path) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        open_engine(path, b"short")


def test_a_damaged_page_is_told(store: Engine, path: Path) -> None:
    for number in range(50):
        write(store, f"{number}" * 1000)
    store.dispose()
    content = bytearray(path.read_bytes())
    content[PAGE * 5 + 100] ^= 1
    path.write_bytes(content)
    assert code_of(lambda: texts(open_engine(path, KEY))) == "store.damaged"


def test_a_file_cut_off_is_told(store: Engine, path: Path) -> None:
    for number in range(50):
        write(store, f"{number}" * 1000)
    store.dispose()
    path.write_bytes(path.read_bytes()[: PAGE * 2])
    assert code_of(lambda: texts(open_engine(path, KEY))) == "store.damaged"


def test_a_writer_has_the_file_from_its_first_read_on(store: Engine, path: Path) -> None:
    other = open_engine(path, KEY)
    impatient(other)
    with store.begin() as connection:
        connection.exec_driver_sql("SELECT * FROM t").all()
        assert code_of(lambda: write(other, "second")) == "store.locked"
    write(other, "second")
    other.dispose()
    assert texts(store) == ["second"]


def test_a_reader_sees_one_moment_and_hinders_nobody(store: Engine, path: Path) -> None:
    write(store, "first")
    reader = open_engine(path, KEY, read_only=True)
    with reader.connect() as connection:
        assert connection.exec_driver_sql("SELECT x FROM t").scalars().all() == ["first"]
        write(store, "second")
        assert connection.exec_driver_sql("SELECT x FROM t").scalars().all() == ["first"]
    assert texts(reader) == ["first", "second"]


def test_to_write_through_a_reader_is_a_mistake_of_ours(store: Engine, path: Path) -> None:
    reader = open_engine(path, KEY, read_only=True)
    with pytest.raises(OperationalError):
        write(reader, "second")
    reader.dispose()


def test_a_reader_makes_no_file(tmp_path: Path) -> None:
    assert code_of(lambda: open_engine(tmp_path / "none", KEY, read_only=True)) == "disk.failed"
    assert not list(tmp_path.iterdir())


def test_a_missing_folder_is_told_and_not_made(tmp_path: Path) -> None:
    assert code_of(lambda: open_engine(tmp_path / "none" / "store", KEY)) == "disk.failed"
    assert not list(tmp_path.iterdir())


def test_a_broken_rule_of_a_table_is_a_mistake_of_ours(store: Engine) -> None:
    with pytest.raises(IntegrityError) as told:
        write(store, None)
    assert outside_error(told.value) is None
    assert outside_error(ValueError("no driver's")) is None


def test_values_are_not_told_in_failures(store: Engine) -> None:
    with pytest.raises(OperationalError) as told, store.begin() as connection:
        connection.exec_driver_sql("INSERT INTO missing VALUES (?)", (PLANT,))
    assert PLANT not in str(told.value)


def test_a_longer_log_is_for_those_who_write_it_into_the_file_themselves(path: Path) -> None:
    path.parent.mkdir()
    engine = open_engine(path, KEY, longest_log=7)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA wal_autocheckpoint").scalar() == 7
    engine.dispose()


def test_a_checkpoint_fills_the_file_and_the_log_begins_anew(store: Engine, path: Path) -> None:
    write(store, "first " * 20_000)
    log = Path(f"{path}-wal")
    size = path.stat().st_size
    checkpoint(store)
    assert path.stat().st_size > size + 100_000
    longest = log.stat().st_size
    write(store, "second " * 10_000)
    assert log.stat().st_size == longest


def test_a_checkpoint_hinders_no_reader_and_is_not_hindered(store: Engine, path: Path) -> None:
    write(store, "first")
    reader = open_engine(path, KEY, read_only=True)
    with reader.connect() as connection:
        assert connection.exec_driver_sql("SELECT x FROM t").scalars().all() == ["first"]
        write(store, "second")
        checkpoint(store)
        assert connection.exec_driver_sql("SELECT x FROM t").scalars().all() == ["first"]
    assert texts(reader) == ["first", "second"]


def test_what_a_checkpoint_left_in_the_log_is_wiped_too(store: Engine, path: Path) -> None:
    write(store, PLANT)
    checkpoint(store)
    with store.begin() as connection:
        connection.exec_driver_sql("DELETE FROM t")
    checkpoint(store)
    assert PLANT.encode() in decrypted(path)
    wipe_traces(store)
    assert PLANT.encode() not in decrypted(path)


def test_erased_content_leaves_no_trace(store: Engine, path: Path) -> None:
    write(store, PLANT)
    write(store, PLANT * 300)  # fills pages of its own, which become free pages
    wipe_traces(store)
    assert decrypted(path).count(PLANT.encode()) > 290  # some are split by pages
    with store.begin() as connection:
        connection.exec_driver_sql("UPDATE t SET x = 'gone' WHERE rowid = 1")
        connection.exec_driver_sql("DELETE FROM t WHERE rowid = 2")
    assert PLANT.encode() in decrypted(path)
    wipe_traces(store)
    assert PLANT.encode() not in decrypted(path)
    assert b"gone" in decrypted(path)


def test_traces_that_somebody_still_reads_are_told(store: Engine, path: Path) -> None:
    write(store, PLANT)
    impatient(store)
    reader = open_engine(path, KEY, read_only=True)
    with reader.connect() as connection:
        connection.exec_driver_sql("SELECT x FROM t").all()
        write(store, "second")
        assert code_of(lambda: wipe_traces(store)) == "store.locked"
    wipe_traces(store)
    reader.dispose()


@pytest.mark.needs_linux
def test_a_full_disk_is_told_and_loses_nothing(small_disk: Path) -> None:
    store = open_engine(small_disk / "store", KEY)
    make_table(store)
    write(store, "first")
    filler = small_disk / "filler"
    fill(filler)
    assert code_of(lambda: write(store, "x" * 100_000)) == "disk.full"
    filler.unlink()
    write(store, "second")
    store.dispose()
    store = open_engine(small_disk / "store", KEY)
    assert texts(store) == ["first", "second"]
    store.dispose()


@pytest.mark.needs_linux
def test_a_full_disk_is_told_at_opening(small_disk: Path) -> None:
    fill(small_disk / "filler")
    assert code_of(lambda: open_engine(small_disk / "store", KEY)) == "disk.full"
    assert code_of(lambda: check_writable(small_disk)) == "disk.full"


@pytest.mark.needs_linux
def test_an_existing_store_on_a_full_disk_is_told(small_disk: Path) -> None:
    store = open_engine(small_disk / "store", KEY)
    make_table(store)
    store.dispose()
    fill(small_disk / "filler")
    assert code_of(lambda: write(open_engine(small_disk / "store", KEY), "x" * 9000)) == "disk.full"


@pytest.mark.needs_linux
@pytest.mark.parametrize("existing", [False, True])
def test_a_disk_that_cannot_be_written_is_told(small_disk: Path, existing: bool) -> None:
    if existing:
        open_engine(small_disk / "store", KEY).dispose()
    mount("-o", "remount,ro", str(small_disk))
    with pytest.raises(OutsideError) as told:
        open_engine(small_disk / "store", KEY)
    assert (told.value.code, told.value.values) == ("folder.not_writable", {"folder": str(small_disk)})


@pytest.mark.needs_linux
def test_a_disk_that_becomes_read_only_is_told(small_disk: Path) -> None:
    folder = small_disk / "data"
    check_writable(folder)
    assert not list(folder.iterdir())
    mount("-o", "remount,ro", str(small_disk))
    assert code_of(lambda: check_writable(folder)) == "folder.not_writable"
    assert code_of(lambda: check_writable(small_disk / "new")) == "folder.not_writable"


def mount(*arguments: str) -> None:
    """Mount as root; where that is not possible the test fails and says why."""
    done = subprocess.run(["mount", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.fail(f"this test mounts a small disk of its own, which only root may: {done.stderr.strip()}")


def fill(path: Path) -> None:
    """Fill the disk to its last byte."""
    with pytest.raises(OSError, match="No space"), path.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(512))


def impatient(engine: Engine) -> None:
    """Let the engine's idle connection give up at once where it is locked out."""
    with engine.raw_connection() as connection:
        connection.cursor().execute("PRAGMA busy_timeout = 20").fetchall()


def make_table(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (x TEXT NOT NULL)")


def write(engine: Engine, text: str | None) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO t VALUES (?)", (text,))


def texts(engine: Engine) -> list[str]:
    """What the table holds; the engine is closed afterwards."""
    try:
        with engine.connect() as connection:
            return list(connection.exec_driver_sql("SELECT x FROM t").scalars())
    finally:
        engine.dispose()


def code_of(act: object) -> str:
    """The code of the OutsideError that `act` ends with."""
    assert callable(act)
    with pytest.raises(OutsideError) as told:
        act()
    return told.value.code


def decrypted(path: Path) -> bytes:
    """All pages of the store at `path` and its WAL in clear, free pages too, without the store's own code."""
    content, wal = path.read_bytes(), Path(f"{path}-wal")
    pages = [(start == 0, content[start : start + PAGE]) for start in range(0, len(content), PAGE)]
    log = wal.read_bytes() if wal.exists() else b""
    for start in range(WAL_HEAD, len(log), FRAME_HEAD + PAGE):
        first = int.from_bytes(log[start : start + 4], "big") == 1
        pages.append((first, log[start + FRAME_HEAD : start + FRAME_HEAD + PAGE]))
    return b"".join(clear(page, first) for first, page in pages)


def clear(page: bytes, first: bool) -> bytes:
    """One page in clear; the first page begins with the salt of the file."""
    body, vector = page[16 if first else 0 : PAGE - RESERVED], page[PAGE - RESERVED : PAGE - RESERVED + 16]
    decryptor = Cipher(algorithms.AES(KEY), modes.CBC(vector)).decryptor()
    return decryptor.update(body) + decryptor.finalize()
