"""The benchmarks run and tell sane figures; how long anything takes is never part of a test."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest
from PIL import Image

from benchmarks import central_file, filling, pictures, pouchdb, results, run, scan, scan_shop, screen, shop
from benchmarks.entries import NARROW, WIDE, entries, told
from benchmarks.figures import HEADS, Bound, Figure, percentile, table
from central import codes, snapshot
from central.desks import KnownDesk
from central.storage import open_storage
from desk_app.domain.cases import Case
from desk_app.domain.entries import canonical
from desk_app.domain.folding import thaw
from desk_app.domain.people import Contact
from desk_app.storage.store import Store
from desk_app.sync.wire import StatesAsked
from desk_app.vault import KEYS_VARIABLE, Sealed, committed, key_store, open_sealed

TABLES = ("state", "case_row", "parcel_row", "code_row", "person_row", "search")
PAGES = {"window", "dock", "bench", "cases", "case", "settings", "sign-in"}
SCAN_ROWS, SYNC_ROWS = 15, 16


def test_a_percentile_is_a_sample() -> None:
    assert [percentile([3.0, 1.0, 2.0, 4.0], share) for share in (25, 50, 99)] == [1.0, 2.0, 4.0]
    assert percentile([3.0, 1.0, 2.0, 4.0], 99, more=True) == 1.0


@pytest.mark.parametrize(
    ("unit", "floor", "samples", "held"),
    [
        ("ms", Bound(10), [5.0, 10.0, 30.0], True),
        ("ms", Bound(10), [5.0, 12.0, 30.0], False),
        ("ms", Bound(10, 20), [5.0, 10.0, 30.0], False),
        ("ms", Bound(10, 20), [5.0, 10.0, 20.0], True),
        ("ms", Bound(p99=20), [25.0, 10.0], False),
        ("s", Bound(10), [], False),
        ("/s", Bound(1000), [900.0, 1000.0, 1100.0], True),
        ("/s", Bound(1000), [900.0, 999.0, 1100.0], False),
        ("/s", Bound(1000, 950), [900.0, 1000.0, 1100.0], False),
        ("ms", Bound(), [5.0], None),
    ],
)
def test_a_floor_is_held_by_less_time_and_by_more_work(
    unit: str, floor: Bound, samples: list[float], held: bool | None
) -> None:
    assert Figure("it", floor, unit, samples=samples).held is held


def test_the_ratio_is_to_the_peer_else_to_the_floor() -> None:
    peer = Figure("PouchDB, pushing", unit="/s", samples=[1000.0])
    faster = Figure("push", Bound(8000), "/s", samples=[4000.0], peer=peer)
    assert faster.ratio == 4.0
    assert Figure("slow", Bound(10), samples=[12.0]).ratio == 1.2
    assert Figure("late", Bound(p99=10), samples=[1.0, 5.0]).ratio == 0.5
    alone = Figure("push", Bound(8000), "/s", samples=[4000.0], peer=Figure("PouchDB", unit="/s"))
    assert alone.ratio is None
    assert alone.line()[3] == "PouchDB: not measured"


def test_the_table_tells_units_floors_and_what_is_missing() -> None:
    peer = Figure("PouchDB, pushing", unit="/s", samples=[2000.0])
    push = Figure("push", Bound(8000), "/s", Bound(15000), samples=[9000.0, 9000.4], peer=peer)
    lag = Figure("lag", Bound(10, 50), goal=Bound(4, 10), samples=[12.34])
    later = Figure("snapshot", Bound(15), "s", Bound(6), missing="not built")
    text = table(each.line() for each in (push, lag, later))
    heads, rule, *rows = text.splitlines()
    in_words = ("≤ 10 ms, p99 ≤ 50 ms", "≤ 4 ms, p99 ≤ 10 ms")
    assert cells(heads) == list(HEADS)
    assert set(rule) == set("| -:")
    assert [cells(row) for row in rows] == [
        ["push", "9,000/s", "9,000/s", "PouchDB: 2,000/s", "4.50", "≥ 8,000/s", "≥ 15,000/s", "held"],
        ["lag", "12.3 ms", "12.3 ms", "≤ 10 ms", "1.23", *in_words, "not held"],
        ["snapshot", "not built", "-", "≤ 15 s", "-", "≤ 15 s", "≤ 6 s", "not held"],
    ]
    assert len({len(row) for row in (heads, rule, *rows)}) == 1


def test_a_run_of_one_area_replaces_only_what_is_told_of_it(tmp_path: Path) -> None:
    kept = tmp_path / "RESULTS.md"
    order = ("pages", "lists", "sync")
    results.keep(kept, "sync", "first day\n\n| sync, old |", order)
    results.keep(kept, "pages", "second day\n\n| pages |", order)
    results.keep(kept, "sync", "third day\n\n| sync, new |", order)
    text = kept.read_text("utf-8")
    assert text.startswith("# The last run of each area\n")
    assert re.findall("^## (.*)$", text, re.MULTILINE) == ["pages", "sync"]
    assert text.endswith("## pages\n\nsecond day\n\n| pages |\n\n## sync\n\nthird day\n\n| sync, new |\n")
    assert "old" not in text


def test_where_and_when_names_day_and_machine() -> None:
    told = results.where_and_when("1.5")
    assert re.match(r"\d{4}-\d\d-\d\d · \d+ cores, .* · Python 3\.\d+\.\d+ · load 1\.5 before, ", told)


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[Figure]:
    """What the area sync tells in the place of measuring."""
    figures: list[Figure] = []
    area = SimpleNamespace(measure=lambda folder, cases, times: iter(figures))
    monkeypatch.setattr(run, "import_module", lambda name: area)
    return figures


@pytest.mark.parametrize(("floors", "code"), [([20, 5], 0), ([20, 5, 4], 1), ([None], 0)])
def test_the_exit_code_says_whether_all_floors_are_held(
    floors: list[float | None],
    code: int,
    measured: list[Figure],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    measured += [Figure(f"figure {floor}", Bound(floor), samples=[4.5]) for floor in floors]
    assert run.main(["sync"], tmp_path / "RESULTS.md") == code
    told = capsys.readouterr().out
    kept = (tmp_path / "RESULTS.md").read_text("utf-8")
    for floor in floors:
        assert f"| sync: figure {floor} " in told
        assert f"| figure {floor} " in kept


def test_a_run_of_another_size_is_not_kept(measured: list[Figure], tmp_path: Path) -> None:
    measured.append(Figure("figure", samples=[1.0]))
    run.main(["sync", "--times", "1"], tmp_path / "RESULTS.md")
    assert not (tmp_path / "RESULTS.md").exists()


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_entries_are_as_large_as_their_rows_say(size: int) -> None:
    made = entries("01JDESK0000000000000000000", "store/01J00000000000000000000000", told("A000", 800, size))
    assert [entry.number for entry in made] == list(range(1, 801))
    assert sum(len(canonical(entry)) for entry in made) / 800 == pytest.approx(size, rel=0.01)


def test_without_its_programs_the_peer_is_not_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(pouchdb.NotMeasuredError, match="node is not here"):
        pouchdb.replicate([], tmp_path / "folder")


def test_a_file_filled_in_bulk_is_one_the_service_goes_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEYS_VARIABLE, str(tmp_path / "keys"))
    central_file.fill(tmp_path / "central", 30)
    key = key_store().get((tmp_path / "central" / "central.key-name").read_text("ascii").strip())
    assert key
    storage = open_storage(tmp_path / "central" / "central.db", key, lambda: 1)
    heads = storage.heads()
    store = next(feed for feed in heads if feed.startswith("store/"))
    assert heads == {"common": 0, "sales": 30, store: 120}
    desk = KnownDesk("01JDESK", store, "", confirmed=True, signs=True)
    found = [codes.find(storage, desk, code).streams[0] for code in ("SN0000000000", "SN0000000029")]
    cases = snapshot.named(storage, desk, StatesAsked(store, tuple(each.stream for each in found)))
    assert [(each.stream, each.place) for each in cases.states] == [
        (found[1].stream, 120),
        (found[0].stream, 4),
    ]
    newest = thaw(cases.states[0].stream, cases.states[0].frozen)
    assert isinstance(newest, Case)
    assert [(item.serial, item.goods) for item in newest.items] == [("SN0000000029", "inspected")]
    customers = snapshot.named(storage, desk, StatesAsked("sales", (newest.customer,)))
    (record,) = customers.records
    commitment = committed(record.id, record.key, record.box)
    opened = open_sealed(Sealed(record.id, record.key, record.box, commitment))
    assert msgspec.json.decode(opened, type=Contact) == Contact("王伟29", "13000000029")
    storage.close()


@pytest.mark.slow
def test_rows_written_in_bulk_are_those_the_desk_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setenv(KEYS_VARIABLE, "")
    made = shop.made(40)
    key = key_store().get(f"desk-{(made.data / 'desk.id').read_text('ascii')}")
    assert key
    store = Store(made.data, key)
    before = dump(store)
    store.rebuild()
    assert dump(store) == before
    assert len(before["case_row"]) == 41
    store.close()


@pytest.mark.slow
def test_the_desk_that_is_scanned_at_is_one_the_desk_goes_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setenv(KEYS_VARIABLE, "")
    made = scan_shop.made(40)
    with closing(Store(made.data, shop.desk_key(made))) as store:
        before = dump(store)
        store.rebuild()
        assert dump(store) == before
        desk = {"desk": filling.DESK}
        with store.read() as connection:
            told = connection.exec_driver_sql("SELECT count(*) FROM entry WHERE desk = :desk", desk).scalar()
            codes = connection.exec_driver_sql(
                "SELECT count(*) FROM code_row WHERE code LIKE '8AA%'"
            ).scalar()
            files = connection.exec_driver_sql("SELECT count(*) FROM file WHERE at_central = 0").scalar()
        assert (told, codes, files) == (8 * 40, 40, 12)
        assert len(before["code_row"]) - scan_shop.LONG_CASES * 7 == 3 * 40


@pytest.mark.parametrize("lost", [0, 3])
def test_a_count_is_told_as_one(lost: int) -> None:
    row = Figure("lost", Bound(0), "scans", samples=[lost]).line()
    assert (row[1], row[5], row[7]) == (f"{lost} scans", "≤ 0 scans", "held" if not lost else "not held")


def test_without_a_screen_scans_are_not_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    rows = [row.line() for row in scan.measure(tmp_path, 100, 1)]
    assert len(rows) == SCAN_ROWS
    assert {row[1] for row in rows} == {"not measured: Xvfb is not here"}


def test_what_is_seen_on_a_screen_is_a_box_of_its_colour(tmp_path: Path) -> None:
    with screen.screen(tmp_path / "screen") as shown:
        assert shown.find(screen.colour("#17663A"), 1) is None
        assert shown.find(screen.colour("#000000"), 1366) == screen.Box(0, 0, 1365, 767)
        assert screen.Box(0, 10, 5, 30).lines(2) == (15, 25)
        assert shown.rows(screen.Box(0, 10, 5, 30), 2) == bytes(2 * 5 * 4)


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_every_benchmark_tells_its_figures(tmp_path: Path) -> None:
    """Without the programs of the peer, as no test may need a line."""
    nothing = tmp_path / "nothing"
    nothing.mkdir()
    screens = shutil.which("Xvfb")
    assert screens
    (nothing / "Xvfb").symlink_to(screens)
    environ = {**os.environ, "TMPDIR": str(tmp_path), "PATH": str(nothing)}
    command = [sys.executable, "-P", "-m", "desk_app", "bench", "--cases", "150", "--times", "1"]
    done = subprocess.run(command, env=environ, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode in (0, 1), done.stderr
    assert "Traceback" not in done.stderr
    heads, _, *rows = map(cells, done.stdout.splitlines())
    assert heads == list(HEADS)
    areas: dict[str, list[list[str]]] = {name: [] for name in run.NAMES}
    for first, *others in rows:
        area, _, name = first.partition(": ")
        areas[area].append([name, *others])
    assert {name.partition(",")[0] for name, *_ in areas["pages"]} >= PAGES
    assert all(areas.values())
    assert len(areas["sync"]) == SYNC_ROWS
    assert done.returncode == any(row[-1] == "not held" for row in rows)
    untold = [row[1] for row in rows if not row[1][0].isdigit()]
    assert untold == ["not measured: node is not here"] * 2
    counted = [row for row in rows if row[1][0].isdigit() and not row[1].endswith(("%", "scans"))]
    assert all(map(is_positive, counted))
    assert [row[1] for row in areas["scan"] if row[1].endswith("scans")] == ["0 scans"]
    assert len(areas["scan"]) == SCAN_ROWS


def test_an_unknown_name_is_refused() -> None:
    command = [sys.executable, "-P", "-m", "desk_app", "bench", "pagse"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "pagse; there are codes, pictures, pages, lists, start, scan, sync" in done.stderr


def cells(row: str) -> list[str]:
    """The cells of a row of the table."""
    return [cell.strip() for cell in row.strip("|").split(" | ")]


def is_positive(row: list[str]) -> bool:
    """Whether a row tells two values above nothing."""
    return all(value > 0 for value in values(row[1:3]))


def values(told: list[str]) -> Iterator[float]:
    """The numbers at the beginning of cells."""
    for cell in told:
        found = re.match(r"[\d,.]+", cell)
        assert found, cell
        yield float(found[0].replace(",", ""))


def dump(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Every row of the look-up tables, in order."""
    with store.read() as connection:
        return {
            each: sorted(tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {each}"))
            for each in TABLES
        }


@pytest.mark.slow
def test_pictures_are_measured_by_the_real_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def blank(picture: Image.Image) -> Image.Image:
        return picture.point(lambda _grey: 255)

    monkeypatch.setattr(pictures, "GROUPS", {"clear": pictures.GROUPS["clear"][:1], "tilted": (blank,)})
    figures = {figure.name: figure for figure in pictures.measure(tmp_path, 0, 2)}
    assert all(sample > 0 for figure in figures.values() if figure.unit == "ms" for sample in figure.samples)
    assert figures["clear: codes missed"].samples == [0]
    assert figures["tilted: codes missed"].samples == [100]
    assert len(figures["clear: a picture"].samples) == 2
