"""Signing with a mouse, a finger or a pen; and without any."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage, QInputDevice
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desk_app.texts import Speaker
from ui.theme import Scheme, Theme
from ui.widgets import SignaturePad

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def pad(shown: Callable[..., None], say: Speaker) -> SignaturePad:
    made = SignaturePad(say)
    shown(made, 600, 300)
    return made


def draw(pad: SignaturePad, *places: tuple[float, float]) -> None:
    """One stroke through places given as shares of the sheet."""
    first, *others = [at(pad, place) for place in places]
    QTest.mousePress(pad.sheet, LEFT, pos=first)
    for point in others:
        QTest.mouseMove(pad.sheet, point)
    QTest.mouseRelease(pad.sheet, LEFT, pos=others[-1] if others else first)


def at(pad: SignaturePad, place: tuple[float, float]) -> QPoint:
    return QPoint(round(place[0] * pad.sheet.width()), round(place[1] * pad.sheet.height()))


def image(pad: SignaturePad) -> QImage:
    made = QImage()
    assert made.loadFromData(pad.png(), "PNG")
    return made


def darkest(made: QImage, x: int, y: int, around: int = 6) -> int:
    return min(
        made.pixelColor(x + dx, y + dy).lightness()
        for dx in range(-around, around + 1)
        for dy in range(-around, around + 1)
    )


def test_a_stroke_of_the_mouse_is_in_the_picture_where_it_was_drawn(qtbot: QtBot, pad: SignaturePad) -> None:
    assert pad.is_empty()
    with qtbot.waitSignal(pad.changed):
        draw(pad, (0.1, 0.5), (0.5, 0.5), (0.9, 0.5))
    assert not pad.is_empty()
    made = image(pad)
    assert (made.width(), made.height()) == (900, 300)
    assert round(made.dotsPerMeterX() * 0.0254) == 300
    assert darkest(made, 450, 150) < 20
    assert made.pixelColor(450, 60) == QColor("#FFFFFF")
    assert made.pixelColor(20, 150) == QColor("#FFFFFF")


def test_the_picture_is_the_same_on_every_screen(
    qtbot: QtBot, theme: Theme, pad: SignaturePad, say: Speaker
) -> None:
    draw(pad, (0.2, 0.2), (0.6, 0.8))
    before = pad.png()
    theme.apply(Scheme.DARK, 1.5)
    pad.resize(420, 260)
    assert pad.png() == before


def test_corners_are_rounded_into_a_curve(qtbot: QtBot, pad: SignaturePad) -> None:
    draw(pad, (0.1, 0.9), (0.5, 0.1), (0.9, 0.9))
    assert darkest(image(pad), 450, 30, 3) > 200


def test_a_second_stroke_begins_anew_and_what_leaves_the_sheet_stays_on_it(
    qtbot: QtBot, pad: SignaturePad
) -> None:
    draw(pad, (0.1, 0.1), (0.3, 0.1))
    draw(pad, (0.6, 0.9), (1.4, 0.9))
    assert len(pad.sheet.strokes) == 2
    assert max(point.x() for point in pad.sheet.strokes[1]) == 900
    assert darkest(image(pad), 400, 150, 60) > 200


def test_a_finger_draws(qtbot: QtBot, pad: SignaturePad) -> None:
    screen = QTest.createTouchDevice(QInputDevice.DeviceType.TouchScreen)
    start, end = at(pad, (0.2, 0.5)), at(pad, (0.8, 0.5))
    QTest.touchEvent(pad.sheet, screen).press(1, start, pad.sheet).commit()
    QTest.touchEvent(pad.sheet, screen).move(1, end, pad.sheet).commit()
    QTest.touchEvent(pad.sheet, screen).release(1, end, pad.sheet).commit()
    assert not pad.is_empty()
    assert darkest(image(pad), 450, 150) < 20


def test_a_touch_by_accident_and_the_right_button_do_not_sign(qtbot: QtBot, pad: SignaturePad) -> None:
    draw(pad, (0.5, 0.5))
    assert pad.is_empty()
    assert darkest(image(pad), 450, 150) < 20
    pad.clear()
    QTest.mousePress(pad.sheet, Qt.MouseButton.RightButton, pos=at(pad, (0.1, 0.5)))
    QTest.mouseMove(pad.sheet, at(pad, (0.9, 0.5)))
    QTest.mouseRelease(pad.sheet, Qt.MouseButton.RightButton, pos=at(pad, (0.9, 0.5)))
    assert pad.sheet.strokes == []


def test_it_is_cleared_by_its_button(qtbot: QtBot, pad: SignaturePad) -> None:
    assert not pad.clear_button.isEnabled()
    draw(pad, (0.1, 0.5), (0.9, 0.5))
    with qtbot.waitSignal(pad.changed):
        QTest.mouseClick(pad.clear_button, LEFT)
    assert pad.is_empty()
    assert darkest(image(pad), 450, 150) == 255
    assert not pad.clear_button.isEnabled()


def test_without_hands_it_is_signed_on_paper_by_keys(qtbot: QtBot, pad: SignaturePad) -> None:
    draw(pad, (0.1, 0.5), (0.4, 0.5))
    pad.paper.setFocus()
    with qtbot.waitSignal(pad.signed_on_paper) as told:
        QTest.keyClick(pad.paper, Qt.Key.Key_Space)
    assert told.args == [True]
    assert pad.is_on_paper()
    draw(pad, (0.5, 0.5), (0.9, 0.5))
    assert len(pad.sheet.strokes) == 1
    with qtbot.waitSignal(pad.signed_on_paper) as told:
        QTest.keyClick(pad.paper, Qt.Key.Key_Space)
    assert told.args == [False]
    assert not pad.is_empty()


def test_everything_has_a_name(pad: SignaturePad) -> None:
    parts = (pad, pad.sheet, pad.clear_button, pad.paper)
    assert [part.accessibleName() for part in parts] == [
        "Signature",
        "Place for the signature",
        "Clear the signature",
        "Signed on paper",
    ]
    assert pad.sheet.accessibleDescription() == "Draw with a finger, a pen or the mouse"


def test_the_paper_is_white_in_the_dark_and_hints_are_not_in_the_picture(
    shown: Callable[..., None], theme: Theme, pad: SignaturePad
) -> None:
    theme.apply(Scheme.DARK)
    grabbed = pad.sheet.grab().toImage()
    assert grabbed.pixelColor(grabbed.width() // 2, 10) == QColor("#FFFFFF")
    hinted = {grabbed.pixelColor(x, y).lightness() for x in range(24, 90, 2) for y in range(110, 160, 2)}
    assert min(hinted) < 150
    assert darkest(image(pad), 100, 220, 40) == 255
