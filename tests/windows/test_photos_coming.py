"""A photograph that has not come to this desk yet: small, with words that say so, then whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from desk_app.services.desk import Desk
from desk_app.services.inspection import Inspection, Transfer
from ui.pages.case.page import CasePage
from ui.widgets import Tools
from ui.widgets.photo_viewer import PhotoViewer


@pytest.fixture
def asked() -> dict[str, Any]:
    """What pages asked for, and what they hear of why nothing comes."""
    return {"files": [], "trouble": ""}


@pytest.fixture
def page(
    real: Any, tools: Tools, shown: Callable[..., None], tmp_path: Path, asked: dict[str, Any]
) -> CasePage:
    """A case with a photograph of which this desk has the entry only; `box` is the file."""
    case = real.open_case()
    path = tmp_path / "shell.jpg"
    Image.new("RGB", (1200, 900), "#33566B").save(path)
    inspection = Inspection(
        Desk(real.store, real.services.clock), Transfer(asked["files"].append, lambda: str(asked["trouble"]))
    )
    inspection.photograph(case.stream, 1, [path], "before", real.wang).result()
    (file,) = [each for each in (real.store.folder / "files").rglob("*") if each.is_file()]
    asked["address"], asked["box"] = file.name, file.read_bytes()
    file.unlink()
    real.store.files.tidy()
    made = CasePage(tools, replace(real.services, inspection=inspection), real.wang)
    shown(made)
    made.resize(1400, 2000)
    made.open(stream=case.stream)
    return made


def arrive(real: Any, asked: dict[str, Any]) -> None:
    assert real.store.files.add(asked["address"], 0, asked["box"])
    assert real.store.files.finish(asked["address"])


def test_it_is_shown_small_and_says_so_until_it_is_here(
    qtbot: QtBot, real: Any, page: CasePage, asked: dict[str, Any]
) -> None:
    (thumbnail,) = page.photos.thumbnails
    assert (thumbnail.photo.band, thumbnail.photo.name) == (
        "On its way",
        "Before the repair · The photograph is on its way to this desk",
    )
    assert asked["files"] == [{asked["address"]}]
    thumbnail.click()
    (viewer,) = page.findChildren(PhotoViewer)
    qtbot.waitUntil(lambda: viewer.canvas.image is not None)
    assert (viewer.canvas.image.width(), viewer.canvas.image.height()) == (240, 180)
    assert "on its way to this desk" in viewer.caption.text()
    arrive(real, asked)
    qtbot.waitUntil(lambda: viewer.canvas.image is not None and viewer.canvas.image.width() == 1200)
    assert viewer.caption.text() == "1 of 1 · Before the repair"
    assert page.photos.photos[0].band == ""


def test_a_full_disk_says_what_to_do(real: Any, page: CasePage, asked: dict[str, Any]) -> None:
    asked["trouble"] = "disk.full"
    page.open()
    assert "Make room" in page.photos.photos[0].name


def test_an_erased_photograph_is_not_on_its_way(real: Any, page: CasePage, asked: dict[str, Any]) -> None:
    customer = real.services.cases.view(page._stream).case.customer
    real.services.privacy.forget(customer, real.wang).result()
    page.open()
    assert page.photos.photos[0].band == ""
