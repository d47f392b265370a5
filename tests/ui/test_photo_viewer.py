"""Photographs large over their page: keys, mouse, what is broken or changes meanwhile."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from desk_app.texts import N_
from ui.actions import Action
from ui.theme import Scheme, Theme
from ui.widgets import Card, Page, Photo, PhotoStrip, PhotoViewer, TextField, Tools, open_viewer, photo_of
from ui.widgets.photo_viewer import Canvas

pytestmark = pytest.mark.slow

RED, BLUE = "#FF0000", "#0000FF"


def picture(path: Path, width: int, height: int, left: str = RED, right: str = BLUE) -> Path:
    """Two halves of different colours."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(right))
    painter = QPainter(image)
    painter.fillRect(0, 0, width // 2, height, QColor(left))
    painter.end()
    assert image.save(str(path), quality=100)
    return path


def turned(path: Path) -> Path:
    """Give a JPEG the camera's remark that it is to be turned by a quarter to the right."""
    entry = struct.pack(">HHIHH", 0x0112, 3, 1, 6, 0)
    exif = b"Exif\0\0MM\0*" + struct.pack(">IH", 8, 1) + entry + b"\0\0\0\0"
    data = path.read_bytes()
    path.write_bytes(data[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + data[2:])
    return path


class Album(Page):
    """A page with a strip, a field and an action."""

    def __init__(self, tools: Tools) -> None:
        super().__init__(tools, "Case")
        self.done: list[str] = []
        self.field = TextField()
        self.strip = PhotoStrip(self.say, tools.tasks)
        self.strip.opened.connect(self.open_large)
        self.body.addWidget(self.field)
        self.body.addWidget(Card("", self.strip))
        tools.actions.bind(
            self, Action("album.act", N_("Print label"), key="F4"), lambda: self.done.append("F4")
        )
        self.keys_to(self)

    def take_key(self, event: QKeyEvent) -> bool:
        self.done.append(event.text())
        return True

    def open_large(self, key: str) -> None:
        self.viewer = open_viewer(self.strip, key)


@pytest.fixture
def album(shown: Callable[..., None], qtbot: QtBot, tools: Tools, tmp_path: Path) -> Album:
    """Three photographs; the second is lying on its side, the third is no picture."""
    made = Album(tools)
    shown(made, 900, 600)
    wide = picture(tmp_path / "wide.png", 1600, 900)
    lying = turned(picture(tmp_path / "lying.jpg", 400, 200))
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"no picture")
    made.strip.set_photos([photo_of(path) for path in (wide, lying, broken)])
    qtbot.waitUntil(made.strip.thumbnails[0].isVisible)
    return made


@pytest.fixture
def viewer(qtbot: QtBot, album: Album) -> PhotoViewer:
    album.strip.thumbnails[0].setFocus()
    QTest.keyClick(album.strip.thumbnails[0], Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: album.viewer.canvas.image is not None)
    return album.viewer


def press(viewer: PhotoViewer, key: Qt.Key | str, modifier: Any = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(viewer.window().focusWidget(), key, modifier)


def middle(viewer: PhotoViewer, x: float = 0.5) -> QColor:
    image = viewer.canvas.grab().toImage()
    return image.pixelColor(round(image.width() * x), image.height() // 2)


def test_it_opens_over_its_page_and_esc_leads_back_to_the_thumbnail(
    qtbot: QtBot, album: Album, viewer: PhotoViewer
) -> None:
    assert viewer.hasFocus()
    assert viewer.window() is album
    assert (viewer.width(), viewer.height()) == (album.width(), album.height())
    assert not album.strip.isVisible()
    assert viewer.caption.text() == "1 of 3 · wide.png"
    assert viewer.accessibleName() == "Photographs, large"
    assert viewer.accessibleDescription() == "1 of 3 · wide.png"
    press(viewer, Qt.Key.Key_Escape)
    assert album.strip.thumbnails[0].hasFocus()
    assert not viewer.isVisible()
    assert album.strip.isVisible()


def test_arrows_go_on_and_stop_at_the_ends(qtbot: QtBot, viewer: PhotoViewer) -> None:
    press(viewer, Qt.Key.Key_Left)
    assert viewer.caption.text().startswith("1 of 3")
    assert not viewer.previous.isEnabled()
    press(viewer, Qt.Key.Key_Right)
    press(viewer, Qt.Key.Key_Right)
    press(viewer, Qt.Key.Key_Right)
    assert viewer.caption.text() == "3 of 3 · broken.jpg"
    assert not viewer.following.isEnabled()
    QTest.mouseClick(viewer.previous, Qt.MouseButton.LeftButton)
    assert viewer.caption.text().startswith("2 of 3")


def test_a_lying_photograph_is_put_upright(qtbot: QtBot, viewer: PhotoViewer) -> None:
    press(viewer, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: viewer.canvas.image is not None)
    image = viewer.canvas.image
    assert image is not None
    assert (image.width(), image.height()) == (200, 400)
    assert image.pixelColor(100, 40).red() > 200
    assert image.pixelColor(100, 360).blue() > 200


def test_a_broken_one_says_so_and_the_next_is_shown_again(qtbot: QtBot, viewer: PhotoViewer) -> None:
    viewer.step(2)
    qtbot.waitUntil(viewer.broken.isVisible)
    assert not viewer.canvas.isVisible()
    assert viewer.accessibleDescription() == "3 of 3 · broken.jpg · This photograph cannot be shown"
    assert [zoom.isEnabled() for zoom in viewer.zooms] == [False, False, False]
    viewer.step(-2)
    qtbot.waitUntil(lambda: viewer.canvas.image is not None)
    assert viewer.canvas.isVisible()
    assert not viewer.broken.isVisible()
    assert all(zoom.isEnabled() for zoom in viewer.zooms)


def test_it_fits_at_first_and_zooms_by_keys_and_buttons(qtbot: QtBot, viewer: PhotoViewer) -> None:
    canvas = viewer.canvas
    whole = canvas.place()
    assert QRectF(canvas.rect()).adjusted(-1, -1, 1, 1).contains(whole)
    assert round(whole.width() / whole.height(), 2) == round(1600 / 900, 2)
    for key in ("+", "="):
        press(viewer, key)
    assert round(canvas.zoom, 4) == 1.5625
    press(viewer, "-")
    assert canvas.zoom == 1.25
    press(viewer, "0")
    assert canvas.place() == whole
    for _ in range(60):
        QTest.mouseClick(viewer.zooms[2], Qt.MouseButton.LeftButton)
    assert round(canvas.place().width()) == 4 * 1600
    press(viewer, "0")
    press(viewer, "-")
    assert canvas.zoom == 1.0


def test_the_wheel_zooms_where_it_points_and_dragging_moves(qtbot: QtBot, viewer: PhotoViewer) -> None:
    canvas = viewer.canvas
    spot = QPointF(canvas.width() * 0.25, canvas.height() / 2)
    before = (spot.x() - canvas.place().left()) / canvas.place().width()
    turn(canvas, spot, 4 * 120)
    assert round(canvas.zoom, 3) == round(1.25**4, 3)
    after = (spot.x() - canvas.place().left()) / canvas.place().width()
    assert abs(before - after) < 0.002
    place = canvas.place().left()
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(300, 200))
    QTest.mouseMove(canvas, QPoint(260, 200))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(260, 200))
    assert round(canvas.place().left() - place) == -40
    QTest.mouseMove(canvas, QPoint(100, 200))
    assert round(canvas.place().left() - place) == -40


def turn(canvas: Canvas, where: QPointF, angle: int) -> None:
    none, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(
        where,
        canvas.mapToGlobal(where),
        QPoint(),
        QPoint(0, angle),
        none,
        Qt.KeyboardModifier.NoModifier,
        phase,
        False,
    )
    QApplication.sendEvent(canvas, event)


def test_shift_and_an_arrow_move_a_near_picture_to_its_edge_and_no_further(
    qtbot: QtBot, viewer: PhotoViewer
) -> None:
    for _ in range(4):
        press(viewer, "+")
    shift = Qt.KeyboardModifier.ShiftModifier
    for _ in range(30):
        press(viewer, Qt.Key.Key_Right, shift)
    assert viewer.caption.text().startswith("1 of 3")
    assert round(viewer.canvas.place().right()) == viewer.canvas.width()
    assert middle(viewer).blue() > 200
    for _ in range(30):
        press(viewer, Qt.Key.Key_Left, shift)
    assert round(viewer.canvas.place().left()) == 0
    assert middle(viewer).red() > 200


def test_a_small_picture_is_not_blown_up(qtbot: QtBot, album: Album, tmp_path: Path) -> None:
    album.strip.set_photos([photo_of(picture(tmp_path / "small.png", 60, 40))])
    viewer = open_viewer(album.strip, str(tmp_path / "small.png"))
    qtbot.waitUntil(lambda: viewer.canvas.image is not None)
    assert viewer.canvas.place().size().toSize().width() == 60


def test_it_bears_having_no_room(qtbot: QtBot, viewer: PhotoViewer) -> None:
    viewer.canvas.resize(0, 0)
    viewer.canvas.nearer()
    viewer.canvas.move_by(QPointF(10, 10))
    viewer.canvas.resize(400, 300)
    viewer.canvas.fit()
    assert viewer.canvas.place().width() == 400


def test_a_huge_one_is_read_smaller(qtbot: QtBot, album: Album, tmp_path: Path) -> None:
    album.strip.set_photos([photo_of(picture(tmp_path / "huge.png", 6000, 1500))])
    viewer = open_viewer(album.strip, str(tmp_path / "huge.png"))
    qtbot.waitUntil(lambda: viewer.canvas.image is not None)
    image = viewer.canvas.image
    assert image is not None
    assert (image.width(), image.height()) == (4096, 1024)


def test_keys_of_the_page_rest_while_it_is_covered(qtbot: QtBot, album: Album, viewer: PhotoViewer) -> None:
    press(viewer, Qt.Key.Key_F4)
    press(viewer, "7")
    assert album.done == []
    press(viewer, Qt.Key.Key_Escape)
    QTest.keyClick(album, Qt.Key.Key_F4)
    QTest.keyClick(album, "7")
    assert album.done == ["F4", "7"]


def test_tab_stays_inside(qtbot: QtBot, album: Album, viewer: PhotoViewer) -> None:
    seen = set()
    for _ in range(12):
        press(viewer, Qt.Key.Key_Tab)
        focus = album.focusWidget()
        assert viewer.isAncestorOf(focus) or focus in (viewer, album)
        seen.add(focus)
    assert {viewer.close_button, viewer.following, *viewer.zooms} <= seen


def test_what_is_erased_meanwhile_is_gone_and_others_stay(
    qtbot: QtBot, album: Album, viewer: PhotoViewer, tmp_path: Path
) -> None:
    viewer.canvas.nearer()
    kept, second, third = album.strip.photos
    album.strip.set_photos([third, kept])
    assert viewer.caption.text() == "2 of 2 · wide.png"
    assert viewer.canvas.image is not None
    qtbot.waitUntil(lambda: viewer.canvas.zoom == 1.25 and viewer.canvas.image is not None)
    album.strip.set_photos([Photo(kept.key, kept.name, erased)])
    qtbot.waitUntil(viewer.broken.isVisible)
    album.strip.set_photos([second])
    assert viewer.caption.text() == "1 of 1 · lying.jpg"
    album.strip.set_photos([])
    assert not viewer.isVisible()
    assert album.strip.isVisible()


def erased() -> bytes:
    raise FileNotFoundError("erased")


def test_a_picture_that_comes_late_does_not_cover_the_one_on_show(
    qtbot: QtBot, album: Album, viewer: PhotoViewer
) -> None:
    first = album.strip.photos[0]
    viewer.step(1)
    late = QImage(10, 10, QImage.Format.Format_RGB32)
    viewer._loaded(first, late)
    qtbot.waitUntil(lambda: viewer.canvas.image is not None)
    assert viewer.canvas.image != late


@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5])
def test_it_has_room_in_the_smallest_window(
    shown: Callable[..., None],
    qtbot: QtBot,
    theme: Theme,
    tools: Tools,
    tmp_path: Path,
    layout: Any,
    scale: float,
) -> None:
    theme.apply(Scheme.LIGHT, scale)
    made = Album(tools)
    shown(made, 700, 480)
    made.strip.set_photos([photo_of(picture(tmp_path / "a.png", 300, 200))])
    made.open_large(made.strip.photos[0].key)
    qtbot.waitUntil(lambda: made.viewer.canvas.image is not None)
    QApplication.processEvents()
    assert layout.faults(made) == []
    assert made.width() == 700
    names = [control.accessibleName() for control in layout.controls(made)]
    assert sorted(names) == ["Close", "Fit", "Larger", "Next", "Previous", "Smaller"]
    assert [label.text() for label in made.findChildren(QLabel) if label.isVisible()] == ["1 of 1 · a.png"]
