"""Codes from pictures in the whole program: chosen, dropped, pasted; one, several, none."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import segno
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from desk_app.scanning.pictures import Code, Pictures
from ui.app import Program
from ui.camera import CameraView, grey_frame
from ui.pages.found_codes import FoundCodes
from ui.services import Services

pytestmark = pytest.mark.slow

WAIT = 20_000
WAYBILL = "SF1385628716739"
CORNERS = ((0, 0), (9, 0), (9, 9), (0, 9))
NO_BUTTON, NO_KEY = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def real_pictures() -> Iterator[Pictures]:
    made = Pictures()
    yield made
    made.close()


@pytest.fixture
def program(
    signed_in: Callable[..., Program], services: Services, real_pictures: Pictures, qtbot: QtBot
) -> Program:
    """The program with somebody in it and the real worker."""
    made = signed_in(replace(services, pictures=real_pictures))
    made.window.activateWindow()
    qtbot.waitUntil(made.window.isActiveWindow, timeout=WAIT)
    return made


@pytest.fixture
def picture(tmp_path: Path) -> Callable[..., Path]:
    """A file with QR codes beside each other."""

    def draw(*texts: str) -> Path:
        sheet = QImage(60 + 300 * max(1, len(texts)), 400, QImage.Format.Format_RGB32)
        sheet.fill(0xFFE0E0E0)
        for number, text in enumerate(texts):
            for y, line in enumerate(segno.make_qr(text).matrix_iter(scale=6, border=4)):
                for x, dark in enumerate(line):
                    sheet.setPixel(60 + 300 * number + x, 60 + y, 0xFF000000 if dark else 0xFFFFFFFF)
        path = tmp_path / f"{len(texts)} codes.png"
        assert sheet.save(str(path))
        return path

    return draw


def scans(program: Program) -> list[tuple[str, str]]:
    page: Any = program.window.page
    return page.scans


def said(program: Program) -> str:
    return program.window.scan_bar.words.text()


def choose(program: Program) -> FoundCodes | None:
    found = program.window.findChildren(FoundCodes)
    return found[-1] if found else None


def drop(program: Program, given: QMimeData) -> bool:
    """Drag it in and let it go; whether the window would take it."""
    act = Qt.DropAction.CopyAction
    entered = QDragEnterEvent(QPoint(300, 300), act, given, NO_BUTTON, NO_KEY)
    QApplication.sendEvent(program.window, entered)
    if entered.isAccepted():
        QApplication.sendEvent(program.window, QDropEvent(QPoint(300, 300), act, given, NO_BUTTON, NO_KEY))
    return entered.isAccepted()


def files(*paths: Path) -> QMimeData:
    given = QMimeData()
    given.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return given


def test_a_picture_that_is_chosen_is_a_scan(
    qtbot: QtBot, program: Program, picture: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = picture(WAYBILL)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    QTest.keyClick(program.window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    assert said(program) == "Reading the picture …"
    qtbot.waitUntil(lambda: scans(program) == [(WAYBILL, "camera")], timeout=WAIT)


def test_a_picture_that_is_dropped_is_a_scan(
    qtbot: QtBot, program: Program, picture: Callable[..., Path]
) -> None:
    assert drop(program, files(picture(WAYBILL)))
    qtbot.waitUntil(lambda: scans(program) == [(WAYBILL, "camera")], timeout=WAIT)


def test_several_files_at_once_are_not_guessed_at(program: Program, picture: Callable[..., Path]) -> None:
    assert drop(program, files(picture("A"), picture("B", "C")))
    assert said(program) == "One picture at a time, please"


def test_words_that_are_dropped_are_not_taken(program: Program) -> None:
    given = QMimeData()
    given.setText("words")
    assert not drop(program, given)


@pytest.mark.parametrize("in_the_bar", [False, True])
def test_a_picture_that_is_pasted_is_a_scan(
    qtbot: QtBot, program: Program, picture: Callable[..., Path], in_the_bar: bool
) -> None:
    QGuiApplication.clipboard().setImage(QImage(str(picture(WAYBILL))))
    focus = program.window.scan_bar.field if in_the_bar else program.window.page
    assert focus
    focus.setFocus()
    QTest.keyClick(program.window.windowHandle(), Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: scans(program) == [(WAYBILL, "camera")], timeout=WAIT)


def test_words_are_pasted_into_the_bar_as_ever(program: Program) -> None:
    QGuiApplication.clipboard().setText("SF99")
    program.window.scan_bar.field.setFocus()
    QTest.keyClick(program.window.windowHandle(), Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert program.window.scan_bar.field.text() == "SF99"
    assert scans(program) == []


def test_of_several_codes_one_is_chosen_by_key(
    qtbot: QtBot, program: Program, picture: Callable[..., Path]
) -> None:
    drop(program, files(picture(WAYBILL, "M7S0001", "6901234567892")))
    qtbot.waitUntil(lambda: choose(program) is not None, timeout=WAIT)
    asked = choose(program)
    assert asked
    assert [tile.option.text for tile in asked.tiles.tiles] == [WAYBILL, "M7S0001", "6901234567892"]
    assert [tile.option.detail for tile in asked.tiles.tiles] == [
        "Waybill · SF Express",
        "Unknown code",
        "GTIN",
    ]
    assert scans(program) == []
    QTest.keyClick(asked, "3")
    QTest.keyClick(asked, Qt.Key.Key_Return)
    assert scans(program) == [("6901234567892", "camera")]
    qtbot.waitUntil(lambda: choose(program) is None, timeout=WAIT)


def test_esc_chooses_none(qtbot: QtBot, program: Program, picture: Callable[..., Path]) -> None:
    drop(program, files(picture("A1", "B2")))
    qtbot.waitUntil(lambda: choose(program) is not None, timeout=WAIT)
    asked = choose(program)
    QTest.keyClick(asked, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: choose(program) is None, timeout=WAIT)
    assert scans(program) == []


def test_without_a_code_it_says_what_to_do(
    qtbot: QtBot, program: Program, picture: Callable[..., Path], sound_log: Path
) -> None:
    drop(program, files(picture()))
    qtbot.waitUntil(lambda: said(program).startswith("No code found"), timeout=WAIT)
    assert "nearer" in said(program)


def test_what_is_no_picture_is_told(qtbot: QtBot, program: Program, tmp_path: Path) -> None:
    path = tmp_path / "words.jpg"
    path.write_text("words")
    drop(program, files(path))
    qtbot.waitUntil(lambda: said(program).startswith("This is no picture"), timeout=WAIT)


def test_the_window_goes_on_while_a_picture_hangs(
    qtbot: QtBot, signed_in: Callable[..., Program], services: Services, tmp_path: Path
) -> None:
    hangs = Pictures(lambda: [sys.executable, "-c", "import time; time.sleep(600)"])
    program = signed_in(replace(services, pictures=hangs))
    path = tmp_path / "bomb.png"
    path.write_bytes(b"x" * 1_000_000)
    drop(program, files(path))
    qtbot.waitUntil(lambda: hangs.process is not None, timeout=WAIT)
    program.window.typed.emit(WAYBILL)
    assert scans(program) == [(WAYBILL, "typed")]
    hangs.close()
    qtbot.waitUntil(lambda: said(program).startswith("This picture could not be read"), timeout=WAIT)


def test_what_comes_for_somebody_else_is_nobodys(
    qtbot: QtBot, signed_in: Callable[..., Program], answers: Any
) -> None:
    program = signed_in()  # whose pictures wait for the test
    assert program.session
    drop(program, files(Path("any.png")))
    assert answers.asked[-1] == ("read", (Path("any.png"),))
    program.session.change_person()
    qtbot.waitUntil(lambda: not program.window.is_entered, timeout=WAIT)
    with qtbot.assertNotEmitted(program.session._picturing.found, wait=50):
        answers.give((Code(WAYBILL, "]Q1", CORNERS),))
    assert not drop(program, files(Path("any.png")))


def test_a_code_brings_what_its_symbology_says(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[Any] = []
    monkeypatch.setattr(program.window, "take_scan", lambda scan, _job: heard.append(scan))
    assert program.session
    program.session.pictured((Code("01069\x1d21X", "]d2", CORNERS), Code("HELLO", "", CORNERS)))
    assert [(scan.raw, scan.aim, scan.source.value) for scan in heard] == [
        ("01069\x1d21X", "]d2", "camera"),
        ("HELLO", None, "camera"),
    ]


# the camera, whose part of Qt is not installed where this is tested


def test_without_the_part_there_is_no_button_and_the_view_says_how_to_get_it(program: Program) -> None:
    assert not program.window.scan_bar.camera.isVisible()
    program.window.camera_asked.emit()
    (view,) = program.window.findChildren(CameraView)
    assert view.missing is not None
    assert view.missing.accessibleName() == "The part for the live camera is not installed"
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert program.window.page
    assert not view.isVisible()


def test_a_frame_of_the_camera_is_a_scan(
    qtbot: QtBot, program: Program, picture: Callable[..., Path]
) -> None:
    program.window.camera_asked.emit()
    (view,) = program.window.findChildren(CameraView)
    view.take_image(QImage(str(picture(WAYBILL))), 0)
    qtbot.waitUntil(lambda: scans(program) == [(WAYBILL, "camera")], timeout=WAIT)
    qtbot.waitUntil(lambda: not program.window.findChildren(CameraView), timeout=WAIT)


@pytest.mark.parametrize("width", [7, 640, 1280, 3001])
def test_a_frame_is_grey_bounded_and_has_no_gaps(width: int) -> None:
    image = QImage(width, 30, QImage.Format.Format_RGB32)
    image.fill(0xFF808080)
    (wide, high), grey = grey_frame(image)
    assert wide == min(width, 1280)
    assert len(grey) == wide * high
    assert set(grey) == {0x80}
