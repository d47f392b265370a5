"""The file for support tells how things are, and nothing of any customer."""

from __future__ import annotations

import json
import logging
import sys
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from desk_app.domain.batches import Placed, Pulled
from desk_app.domain.entries import STANDS
from desk_app.domain.folding import FOLD_VERSION
from desk_app.services.line import Line, Remote
from desk_app.services.support import Support, Surroundings, log_to
from desk_app.services.views import Brought, LineState
from desk_app.settings import Settings
from printing.output import save_paper

FEED = "store/01STORE"
SECRETS = {
    "customer_name": "买买提阿不都",
    "phone": "13912345678",
    "order_number": "TB2026030177",
    "reason": "左耳没有声音",
    "waybill": "SF1390027465183",
}
ITEM = {"serial": "QY-A3-0098117", "imei": "490154203237518", "accessories": "充电盒一只"}
NOTE = "客户住北京市海淀区中关村大街27号"
STAFF, ADDRESS, PIN, PLACE = "Maria del Carmen", "Harbour Street 12", "228471", "C:/Users/Wang Fang/papers"
PLANTED = (*SECRETS.values(), *ITEM.values(), NOTE, STAFF, ADDRESS, PIN, PLACE, "王芳")


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """The program's log, as the program sets it up."""
    path = tmp_path / "data" / "mendesk.log"
    path.parent.mkdir()
    end = log_to(path)
    yield path
    end()


@pytest.fixture
def line(shop: Any) -> Line:
    return Line(Remote(lambda: "", lambda: (), lambda _desk: (), lambda _codes: Brought.NOWHERE), shop.clock)


@pytest.fixture
def support(shop: Any, log: Path, line: Line, tmp_path: Path) -> Support:
    settings = Settings(log.parent / "settings.json")
    settings.sample_pin, settings.desk_name, settings.papers_folder = PIN, STAFF, PLACE
    around = Surroundings(settings, log.parent, lambda: {FEED: 7})
    return Support(shop.desk, line, around, partial(save_paper, tmp_path / "papers"))


def plant(shop: Any) -> str:
    """A case with everything that tells of somebody."""
    case = str(shop.open(**SECRETS, **ITEM).stream)
    shop.reception.add_note(case, NOTE, shop.by).result()
    shop.people.add(STAFF, ("clerk",), "secret123", "", shop.by).result()
    shop.receiving.receive(SECRETS["waybill"], shop.by).result()
    return case


def differ(shop: Any) -> None:
    """Let the parcel's state be another than that of the central service."""
    push = shop.store.waiting(FEED, 500)
    placed = tuple(Placed(place, entry, STANDS) for place, entry in enumerate(push.entries, 1))
    streams = {each.entry.stream: "0" * 64 for each in placed}
    shop.store.take(Pulled(FEED, placed, push.records, len(placed), streams, FOLD_VERSION))


def contents(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


@pytest.mark.logs("arrived", "crashed", "is not that of the central service")
def test_nothing_of_any_customer_is_in_it(shop: Any, support: Support, line: Line) -> None:
    plant(shop)
    differ(shop)
    line.changed(LineState("offline", 3, 0, "folder.not_writable", 0, {"folder": PLACE, "port": 8765}))
    ours, library = logging.getLogger("desk_app.services.receiving"), logging.getLogger("library")
    for secret in PLANTED:
        ours.warning("parcel of %s arrived as %d with %s", secret, 3, "disk.full")
        library.warning(f"parcel of {secret} arrived")
        try:
            raise ValueError(secret)
        except ValueError:
            ours.exception("it crashed over %s", secret)
    files = contents(support.write().result())
    assert set(files) == {"report.json", "mendesk.log"}
    for name, data in files.items():
        text = data.decode()
        assert [secret for secret in PLANTED if secret in text or json.dumps(secret)[1:-1] in text] == [], (
            name
        )
    report = json.loads(files["report.json"])
    kinds = {each["kind"] for each in report["journal"]["differing"]}
    assert kinds == {"case", "parcel"}
    assert report["line"][-1]["values"] == {"port": 8765}


@pytest.mark.logs("parcel of", "arrived from", "builtins.ValueError")
def test_the_log_says_what_happened_where(support: Support) -> None:
    logging.getLogger("desk_app.x").warning("parcel of %s arrived as %d with %s", "王芳", 3, "disk.full")
    logging.getLogger("library").warning("arrived from 王芳")
    logging.getLogger("ui.failure").error("%s\n%s", "builtins.ValueError", "  File x", extra={"whole": True})
    try:
        int("王芳")
    except ValueError:
        logging.getLogger("desk_app.x").info("no number", exc_info=sys.exc_info())
    text = contents(support.write().result())["mendesk.log"].decode()
    assert "WARNING desk_app.x parcel of … arrived as 3 with disk.full" in text
    assert "WARNING library test_support.py:" in text
    assert "ERROR ui.failure builtins.ValueError\n  File x" in text
    assert "no number\n  File " in text and 'int("' not in text.partition("no number")[0]
    assert text.rstrip().endswith("builtins.ValueError")


def test_it_tells_how_program_line_and_journal_are(shop: Any, support: Support, line: Line) -> None:
    plant(shop)
    for number in range(120):
        line.changed(LineState("offline", number, 0, "line.cut"))
    report = json.loads(contents(support.write().result())["report.json"])
    assert report["settings"].keys() == {
        *(
            "language",
            "scheme",
            "text_scale",
            "volume",
            "readers",
            "lock_minutes",
            "network",
        )
    }
    assert [moment["waiting"] for moment in report["line"]] == list(range(20, 120))
    feed = report["journal"]["feeds"][FEED]
    assert feed["waiting"] == feed["last_number"] == feed["entries"]["no verdict"] > 0
    assert (feed["place"], feed["chain_head"], report["heads"]) == (0, "00" * 32, {FEED: 7})
    assert report["journal"]["tables"]["case_row"] == 1
    assert report["journal"]["tables"]["entry"] == sum(
        each["waiting"] for each in report["journal"]["feeds"].values()
    )
    assert (report["versions"]["fold"], report["desk"]["store"]) == (FOLD_VERSION, FEED)


def test_it_lies_where_people_see_it_and_never_over_another(support: Support, tmp_path: Path) -> None:
    first, second = support.write().result(), support.write().result()
    assert first == tmp_path / "papers" / "mendesk-support-20260301-120000.zip"
    assert second.name == "mendesk-support-20260301-120000-2.zip"
