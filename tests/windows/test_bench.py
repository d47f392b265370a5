"""The bench on a real desk: each step from the parcel to the hand-over, refusals beside their fields."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from desk_app.domain.cases import Item
from desk_app.domain.people import Actor
from desk_app.errors import OutsideError
from desk_app.scanning.pictures import Code
from desk_app.scanning.reading import Source, hear
from ui.actions import Actions
from ui.pages.bench.checking import CheckPanel
from ui.pages.bench.inspecting import DecidePanel, InspectPanel
from ui.pages.bench.page import BenchPage
from ui.pages.bench.repairing import DiagnosePanel, RepairPanel
from ui.pages.bench.seen_codes import SeenCodes
from ui.widgets import Button, PhotoViewer, Text, Tools

NEXT = Qt.Key.Key_F8


class Worker:
    """A person at a bench page with one item on it."""

    def __init__(self, qtbot: QtBot, page: BenchPage, real: Any, stream: str) -> None:
        self.qtbot, self.page, self.real, self.stream = qtbot, page, real, stream

    @property
    def item(self) -> Item:
        found: Item = self.real.services.cases.view(self.stream).case.items[0]
        return found

    def at(self, step: str) -> Any:
        """The panel of a step, once the page shows it."""
        self.qtbot.waitUntil(lambda: self.page.step == step)
        return self.page._panels[step]

    def go_on(self, step: str) -> Any:
        """Press the key of the next step and see which one it leads to."""
        self.qtbot.keyClick(self.page, NEXT)
        return self.at(step)

    def type(self, digits: str) -> None:
        self.page.setFocus()
        for digit in digits:
            self.qtbot.keyClick(self.page, digit)


Begin = Callable[..., Worker]


@pytest.fixture
def begin(real: Any, tools: Tools, shown: Callable[..., None], qtbot: QtBot) -> Begin:
    """Puts a new case's item on the bench of a person."""

    def begin(by: Actor | None = None, **fields: Any) -> Worker:
        case = real.open_case(**fields)
        page = BenchPage(tools, real.services, by or real.wang)
        shown(page)
        page.open(stream=case.stream, item="1")
        return Worker(qtbot, page, real, case.stream)

    return begin


def test_an_empty_bench_asks_for_a_label(
    real: Any, tools: Tools, shown: Callable[..., None], shell: Any
) -> None:
    page = BenchPage(tools, real.services, real.wang)
    shown(page)
    page.open()
    assert page.nothing.isVisible()
    assert not page.next.isVisible()
    case = real.open_case()
    code = real.services.cases.item_code(case.number, 1)
    assert page.scanned(hear(code, Source.KEYBOARD, 0))
    assert shell.opened == [("bench", {"stream": case.stream, "item": "1"})]
    assert not page.scanned(hear("SF1390027465183", Source.KEYBOARD, 0))


def test_a_returned_item_is_taken_in_checked_and_placed_by_keys_alone(begin: Begin) -> None:
    worker = begin(waybill="SF1390027465183")
    worker.at("receive")
    inspect: InspectPanel = worker.go_on("inspect")
    count = len(inspect.checklist.rows)
    assert count >= 3
    worker.type("1" * count)
    assert inspect.grades.value() == "A"
    decide: DecidePanel = worker.go_on("decide")
    assert (worker.item.grade, len(worker.item.answers)) == ("A", count)
    assert decide.tiles.value() == "restock"
    assert decide.form is not None
    decide.form.set_text("shelf", "S03")
    done = worker.go_on("done")
    assert (worker.item.disposition, worker.item.shelf) == ("restock", "S03")
    assert done.answer.words == "Restock · S03"
    assert not worker.page.next.isVisible()


def test_a_key_that_bounces_takes_one_step(begin: Begin, qtbot: QtBot, sound_log: Path) -> None:
    worker = begin(waybill="SF1390027465183")
    for _ in range(2):
        qtbot.keyClick(worker.page, NEXT)
    inspect: InspectPanel = worker.at("inspect")
    assert sound_log.read_text() == ""
    assert inspect.trouble.text() == ""


def test_another_grade_needs_a_reason_said_beside_the_note(begin: Begin, qtbot: QtBot) -> None:
    worker = begin()
    inspect: InspectPanel = worker.at("inspect")
    worker.type("1" * len(inspect.checklist.rows) + "3")
    assert inspect.grades.value() == "C"
    qtbot.keyClick(worker.page, NEXT)
    assert inspect.form is not None
    qtbot.waitUntil(lambda: "note" in inspect.form.errors())
    assert worker.item.grade == ""
    inspect.form.set_text("note", "外壳有划痕")
    worker.go_on("decide")
    assert worker.item.grade == "C"


def test_what_is_being_answered_stays_when_the_case_changes_elsewhere(begin: Begin, qtbot: QtBot) -> None:
    worker = begin()
    inspect: InspectPanel = worker.at("inspect")
    worker.type("12")
    with qtbot.waitSignal(worker.page.tools.hub.changed):
        worker.real.services.reception.add_note(worker.stream, "客户来电", worker.real.wang).result()
    assert list(inspect.checklist.answers().values()) == ["pass", "fail"]


@pytest.fixture
def picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A photograph that the file dialog hands over."""
    path = tmp_path / "housing.png"
    image = QImage(80, 60, QImage.Format.Format_RGB32)
    image.fill(0x33566B)
    image.save(str(path))
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(path)], ""))
    return path


@pytest.fixture
def with_codes(
    real: Any, answers: Any, monkeypatch: pytest.MonkeyPatch, picture: Path
) -> Callable[..., None]:
    """Lets a photograph of the file dialog have these codes."""

    def give(worker: Worker, *codes: tuple[str, str]) -> None:
        worker.page._panels[worker.page.step].photos.add_button.click()
        assert answers.asked[-1] == ("read", (picture,))
        answers.give(tuple(Code(text, aim, ((0, 0), (9, 0), (9, 9), (0, 9))) for text, aim in codes))

    return give


def lines_of(seen: SeenCodes) -> list[str]:
    return [" ".join(text.text() for text in line.findChildren(Text)) for line in seen.lines]


def test_codes_on_a_photograph_stand_beside_it(
    begin: Begin, qtbot: QtBot, with_codes: Callable[..., None]
) -> None:
    worker = begin(serial="QY-A3-0098117")
    inspect: InspectPanel = worker.go_on("inspect")
    assert inspect.seen
    assert not inspect.seen.isVisible()
    with_codes(
        worker,
        ("QY-A3-0098117", "]d1"),
        ("SF1385628716739", "]C0"),  # a waybill names no device
        ("0106901234567892\x1d21X-99", "]d2"),
        ("QY-A3-0098117", "]C0"),
    )
    qtbot.waitUntil(inspect.seen.isVisible)
    assert lines_of(inspect.seen) == [
        "Serial number on the photograph: QY-A3-0098117 as in the case",
        "GTIN on the photograph: 6901234567892",
        "Serial number on the photograph: X-99",
    ]
    assert inspect.seen.findChildren(Button) == []
    qtbot.waitUntil(lambda: bool(inspect.photos.thumbnails))
    assert len(inspect.seen.lines) == 3  # showing the item anew leaves them
    inspect.begin(inspect.on)
    assert not inspect.seen.isVisible()


def test_a_number_on_a_photograph_is_copied_into_an_empty_field(
    begin: Begin, qtbot: QtBot, with_codes: Callable[..., None], shell: Any
) -> None:
    worker = begin(case_kind="repair")
    worker.type("2" * len(worker.at("inspect").checklist.rows))
    diagnose: DiagnosePanel = worker.go_on("diagnose")
    worker.type("1")
    assert diagnose.fault.value()
    repair: RepairPanel = worker.go_on("repair")
    with_codes(worker, ("SPL-00122", "]C0"))
    assert repair.seen
    assert repair.form
    qtbot.waitUntil(repair.seen.isVisible)
    (copy,) = repair.seen.findChildren(Button)
    copy.click()
    copy.click()
    assert (repair.form.text("serial"), repair.form.text("old_serial")) == ("SPL-00122", "")
    repair.form.set_text("old_serial", "SPL-98221")
    with_codes(worker, ("SPL-77777", "]C0"))
    qtbot.waitUntil(lambda: len(repair.seen.lines) == 2)
    repair.seen.findChildren(Button)[1].click()
    assert (repair.form.text("serial"), repair.form.text("old_serial")) == ("SPL-00122", "SPL-98221")
    assert shell.toasts == ["Both serial fields are filled in already"]


def test_a_photograph_that_waits_for_its_codes_is_kept_at_once(
    begin: Begin, qtbot: QtBot, answers: Any, picture: Path
) -> None:
    inspect: InspectPanel = begin().go_on("inspect")
    inspect.photos.add_button.click()
    qtbot.waitUntil(lambda: bool(inspect.photos.thumbnails))
    assert answers.futures  # nobody has answered
    answers.give(OutsideError("picture.too_hard"))
    assert inspect.seen
    assert not inspect.seen.isVisible()


def test_photographs_are_kept_and_shown(begin: Begin, qtbot: QtBot, picture: Path) -> None:
    worker = begin()
    inspect: InspectPanel = worker.at("inspect")
    inspect.photos.add_button.click()

    def is_drawn() -> bool:  # what is scrolled out of sight is read when it is painted
        return all(not each.grab().isNull() and each.image is not None for each in inspect.photos.thumbnails)

    qtbot.waitUntil(lambda: bool(inspect.photos.thumbnails) and is_drawn())
    shown = inspect.photos.thumbnails[0].image
    assert shown is not None
    assert not shown.isNull()
    assert [photo.stage for photo in worker.item.photos] == ["before"]
    inspect.photos.thumbnails[0].click()
    (large,) = worker.page.findChildren(PhotoViewer)
    qtbot.waitUntil(lambda: large.canvas.image is not None)
    assert large.canvas.image.pixelColor(5, 5) == QColor(0x33, 0x56, 0x6B)
    qtbot.keyClick(large, Qt.Key.Key_Escape)
    assert inspect.photos.isVisible()
    picture.unlink()
    inspect.photos.add_button.click()
    qtbot.waitUntil(lambda: "housing.png" in inspect.trouble.text())


def repaired(worker: Worker) -> None:
    """Go the technician's part of the way."""
    inspect: InspectPanel = worker.at("inspect")
    worker.type("2" * len(inspect.checklist.rows))
    diagnose: DiagnosePanel = worker.go_on("diagnose")
    assert diagnose.form is not None
    worker.type("1")
    diagnose.form.set_text("note", "喇叭断路")
    repair: RepairPanel = worker.go_on("repair")
    worker.type("1" * len(repair.tests.rows))
    worker.qtbot.waitUntil(lambda: len(worker.item.repair.tests) == len(repair.tests.rows))
    worker.go_on("check")


def test_a_repair_goes_all_the_way(begin: Begin, qtbot: QtBot, real: Any, answers: Any) -> None:
    worker = begin(case_kind="repair")
    inspect: InspectPanel = worker.at("inspect")
    worker.type("2" * len(inspect.checklist.rows))
    diagnose: DiagnosePanel = worker.go_on("diagnose")
    qtbot.keyClick(worker.page, NEXT)
    assert diagnose.form is not None
    qtbot.waitUntil(lambda: "fault" in diagnose.form.errors())
    worker.type("1")
    fault = diagnose.fault.value()
    repair: RepairPanel = worker.go_on("repair")
    assert worker.item.repair.fault == fault
    qtbot.keyClick(worker.page, NEXT)
    qtbot.waitUntil(lambda: repair.trouble.text() == "Record at least one test first.")
    use_a_part(worker, repair)
    repair.minutes.setValue(35)
    qtbot.keyClick(worker.page, Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: repair.worked.text() == "35 min so far")
    worker.type("2" + "1" * (len(repair.tests.rows) - 1))
    qtbot.waitUntil(lambda: len(worker.item.repair.tests) == len(repair.tests.rows))
    qtbot.keyClick(worker.page, NEXT)
    qtbot.waitUntil(lambda: repair.trouble.text() == "A test failed. Repair and test again.")
    repair.tests.rows[0].pass_button.click()
    qtbot.waitUntil(lambda: all(test.passed for test in worker.item.repair.tests))
    worker.go_on("check")
    qtbot.keyClick(worker.page, Qt.Key.Key_F4)
    qtbot.keyClick(worker.page, Qt.Key.Key_F4, Qt.KeyboardModifier.ShiftModifier)
    assert [given[:3] for _, given in answers.asked] == [
        (worker.stream, 1, "zh_CN"),
        (worker.stream, 1, "en"),
    ]
    real.services.repairs.check(worker.stream, 1, True, "", real.maria).result()
    worker.at("hand_over")
    worker.go_on("done")
    assert worker.item.goods == "left"


def use_a_part(worker: Worker, repair: RepairPanel) -> None:
    """Add a part whose serials are scanned; the key pressed twice adds one."""
    assert repair.form is not None
    qtbot = worker.qtbot
    qtbot.keyClick(worker.page, Qt.Key.Key_F7)
    qtbot.waitUntil(lambda: "name" in repair.form.errors())
    repair.form.set_text("name", "左耳喇叭")
    for serial in ("NEW-000123", "OLD-000099"):
        assert worker.page.scanned(hear(serial, Source.KEYBOARD, 0))
    for _ in range(2):
        qtbot.keyClick(worker.page, Qt.Key.Key_F7)
    qtbot.waitUntil(lambda: repair.form.text("name") == "")
    (part,) = worker.item.repair.parts
    assert (part.name, part.quantity, part.serial, part.old_serial) == (
        "左耳喇叭",
        1,
        "NEW-000123",
        "OLD-000099",
    )
    assert repair.parts.text() == "1 × 左耳喇叭 · NEW-000123 ← OLD-000099"


def test_the_technician_does_not_check_the_own_work(begin: Begin, qtbot: QtBot) -> None:
    worker = begin(case_kind="repair")
    repaired(worker)
    check: CheckPanel = worker.at("check")
    assert check.own.isVisible()
    qtbot.keyClick(worker.page, NEXT)
    assert check.trouble.text() == "Choose: passed or failed"
    worker.type("1")
    qtbot.keyClick(worker.page, NEXT)
    qtbot.waitUntil(lambda: "somebody else than the technician" in check.trouble.text())
    assert worker.item.repair.step == "second_check"


def test_a_failed_check_says_why_and_goes_back_to_the_bench(
    begin: Begin, qtbot: QtBot, real: Any, tools: Tools, shown: Callable[..., None]
) -> None:
    worker = begin(case_kind="repair")
    repaired(worker)
    worker.page.hide()
    page = BenchPage(replace(tools, actions=Actions(tools.say)), real.services, real.maria)
    shown(page)
    page.open(stream=worker.stream)
    worker = Worker(qtbot, page, real, worker.stream)
    check: CheckPanel = worker.at("check")
    assert not check.own.isVisible()
    worker.type("2")
    qtbot.keyClick(worker.page, NEXT)
    assert check.form is not None
    qtbot.waitUntil(lambda: "note" in check.form.errors())
    check.form.set_text("note", "右耳仍有杂音")
    repair: RepairPanel = worker.go_on("repair")
    assert repair.failed.isVisible()
