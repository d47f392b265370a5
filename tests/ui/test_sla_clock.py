"""Time left or over: told by words, by shape and by colour, and kept current by one beat."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desk_app.texts import Speaker, speaker
from ui.theme import Scheme, Theme, Tone, look
from ui.widgets import (
    Deadline,
    Pace,
    RowModel,
    SlaClock,
    SmallSlaClock,
    TableView,
    Times,
    Tools,
    clock_column,
)
from ui.widgets.sla_clock import paint_sign, read

NOON = 1_772_366_400_000_000  # 1 March 2026, 20:00 in Shanghai
MINUTE, HOUR, DAY = 60_000_000, 3_600_000_000, 86_400_000_000
TERM = Deadline(NOON, NOON + 3 * HOUR, NOON + 4 * HOUR)


@pytest.fixture
def times(say: Speaker, tools: Tools, clock: Any) -> Times:
    tools.hub.keep_time(clock)
    return Times(say, "Asia/Shanghai", tools.hub)


@pytest.mark.parametrize(
    ("left", "english", "chinese"),
    [
        (3 * DAY + 4 * HOUR + 59 * MINUTE, "3 days 4 h left", "还剩 3 天 4 小时"),
        (DAY + HOUR, "1 day 1 h left", "还剩 1 天 1 小时"),
        (2 * DAY, "2 days left", "还剩 2 天"),
        (2 * HOUR + 10 * MINUTE, "2 h 10 min left", "还剩 2 小时 10 分钟"),
        (HOUR, "1 h left", "还剩 1 小时"),
        (MINUTE, "1 min left", "还剩 1 分钟"),
        (MINUTE - 1, "Less than 1 min left", "不足 1 分钟"),
        (0, "Time is up", "时限已到"),
        (-MINUTE, "1 min over", "超时 1 分钟"),
        (-3 * HOUR, "3 h over", "超时 3 小时"),
        (-DAY - 5 * MINUTE, "1 day over", "超时 1 天"),
    ],
)
def test_words_in_both_languages(left: int, english: str, chinese: str) -> None:
    term = Deadline(NOON - DAY, NOON, NOON + left)
    assert read(speaker("en"), term, NOON).words == english
    assert read(speaker("zh_CN"), term, NOON).words == chinese


@pytest.mark.parametrize(
    ("gone", "pace", "left"),
    [
        (-HOUR, Pace.LEFT, 60),
        (0, Pace.LEFT, 60),
        (HOUR, Pace.LEFT, 45),
        (3 * HOUR - 1, Pace.LEFT, 16),
        (3 * HOUR, Pace.NEAR, 15),
        (4 * HOUR - 1, Pace.NEAR, 1),
        (4 * HOUR, Pace.OVER, 0),
        (9 * HOUR, Pace.OVER, 0),
    ],
)
def test_pace_and_share(say: Speaker, gone: int, pace: Pace, left: int) -> None:
    now = read(say, TERM, NOON + gone)
    assert (now.pace, now.left) == (pace, left)


def test_a_deadline_without_length_is_over_and_does_not_divide(say: Speaker) -> None:
    assert read(say, Deadline(NOON, NOON, NOON), NOON).pace is Pace.OVER
    assert read(say, Deadline(NOON, NOON, NOON), NOON - MINUTE).left == 60


# Shape and colour


def drawn(pace: Pace, left: int, grey: bool = False) -> QImage:
    image = QImage(64, 64, QImage.Format.Format_RGB32)
    image.fill(QColor("#FFFFFF"))
    painter = QPainter(image)
    paint_sign(painter, QRectF(0, 0, 64, 64), pace, left)
    painter.end()
    return (
        image.convertToFormat(QImage.Format.Format_Mono, Qt.ImageConversionFlag.ThresholdDither)
        if grey
        else image
    )


def inked(image: QImage, x: int, y: int) -> bool:
    return image.pixelColor(x, y).lightness() < 200


def test_shapes_differ_without_any_colour() -> None:
    """The pie reaches into the corners of the diamond's box, and only the stop sign has a mark inside."""
    pie, diamond, stop = drawn(Pace.LEFT, 60, True), drawn(Pace.NEAR, 60, True), drawn(Pace.OVER, 0, True)
    places = [(32, 6), (13, 13), (51, 13), (32, 30)]
    assert [inked(pie, *place) for place in places] == [True, True, True, True]
    assert [inked(diamond, *place) for place in places] == [True, False, False, True]
    assert not inked(stop, 32, 30)  # the exclamation mark is light on it
    assert inked(stop, 20, 30)


def test_the_pie_empties_clockwise_and_the_diamond_from_the_top() -> None:
    half, quarter = drawn(Pace.LEFT, 30), drawn(Pace.LEFT, 15)
    right, low_left, high_left = (46, 32), (20, 44), (20, 20)
    assert [inked(half, *place) for place in (right, low_left, high_left)] == [False, True, True]
    assert [inked(quarter, *place) for place in (right, low_left, high_left)] == [False, False, True]
    little = drawn(Pace.NEAR, 15)
    assert [inked(little, 32, y) for y in (32, 56)] == [False, True]


@pytest.mark.parametrize(("pace", "tone"), [(Pace.LEFT, Tone.NEUTRAL), (Pace.NEAR, Tone.ATTENTION)])
def test_shapes_are_in_their_tone(theme: Theme, pace: Pace, tone: Tone) -> None:
    for scheme in (Scheme.LIGHT, Scheme.DARK, Scheme.CONTRAST):
        theme.apply(scheme)
        assert drawn(pace, 60).pixelColor(32, 45) == QColor(look().tone(tone).ink)


# The widgets


def test_large_clock_follows_the_beat(qtbot: QtBot, times: Times, clock: Any) -> None:
    made = SlaClock(times, "Repair finished", TERM)
    qtbot.addWidget(made)
    assert made.words.text() == "4 h left"
    assert made.accessibleName() == "Repair finished"
    assert made.accessibleDescription() == "4 h left · Due 2 Mar 2026, 00:00"
    clock.advance(3 * HOUR + 5 * MINUTE)
    assert made.words.text() == "4 h left"
    times.hub.minute.emit()
    assert made.words.text() == "55 min left"
    assert made.words.property("tone") == "attention"
    clock.advance(2 * HOUR)
    times.hub.minute.emit()
    assert made.accessibleDescription() == "1 h 5 min over · Due 2 Mar 2026, 00:00"
    made.set_deadline(Deadline(NOON, NOON + 8 * DAY, NOON + 9 * DAY))
    assert made.words.text() == "8 days 18 h left"
    assert made.words.property("tone") == "neutral"


class Counted(SmallSlaClock):
    """Counts how often it is painted."""

    painted = 0

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        self.painted += 1
        super().paintEvent(event)


def test_what_looks_the_same_is_not_painted_again(
    shown: Callable[..., None], qtbot: QtBot, times: Times, clock: Any
) -> None:
    made = Counted(times, "Refund", Deadline(NOON - DAY, NOON + DAY, NOON + 30 * DAY + 30 * MINUTE))
    shown(made, 300, 40)
    QApplication.processEvents()
    before = made.painted
    assert before > 0
    clock.advance(20 * MINUTE)
    times.hub.minute.emit()
    QApplication.processEvents()
    assert made.painted == before
    clock.advance(HOUR)
    times.hub.minute.emit()
    QApplication.processEvents()
    assert made.painted == before + 1
    assert (made.accessibleName(), made.accessibleDescription()) == ("Refund", "29 days 23 h left")
    made.set_deadline(Deadline(NOON - 30 * DAY, NOON + DAY, NOON + 30 * DAY + 30 * MINUTE))
    QApplication.processEvents()
    assert made.text() == "29 days 23 h left"
    assert made.painted == before + 2  # the pie has emptied, though the words are the same


@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5])
def test_words_have_room_at_every_size_of_letters(
    shown: Callable[..., None],
    qtbot: QtBot,
    theme: Theme,
    times: Times,
    clock: Any,
    scale: float,
    layout: Any,
) -> None:
    theme.apply(Scheme.LIGHT, scale)
    small, large = SmallSlaClock(times, "Refund", TERM), SlaClock(times, "Repair finished", TERM)
    shown(large, 420, 140)
    qtbot.addWidget(small)
    small.adjustSize()
    small.show()
    clock.advance(-2 * DAY - 3 * HOUR)
    times.hub.minute.emit()
    small.adjustSize()
    QApplication.processEvents()
    assert small.text() == "2 days 7 h left"
    assert layout.cut(large) == []
    assert small.width() >= small.fontMetrics().horizontalAdvance(small.text()) + 18 * scale


def test_a_column_of_clocks_says_words_and_the_moment(qtbot: QtBot, times: Times, clock: Any) -> None:
    column = clock_column(times, "Time left", 200, lambda row: Deadline(NOON, NOON + HOUR, NOON + row * HOUR))
    model = RowModel([column], lambda: 3, lambda offset, limit: list(range(offset, 3)))
    view = TableView("Cases", model, compact=True)
    view.resize(400, 200)
    qtbot.addWidget(view)
    with qtbot.waitExposed(view):
        view.show()
    tip = int(Qt.ItemDataRole.ToolTipRole)
    assert model.index(2, 0).data() == "2 h left"
    assert model.index(2, 0).data(tip) == "2 h left · 1 Mar 2026, 22:00"
    before = view.grab().toImage()
    clock.advance(3 * HOUR)
    model.retell()
    assert model.index(2, 0).data() == "1 h over"
    after = view.grab().toImage()
    wrong = QColor(look().tone(Tone.WRONG).solid)
    place = view.visualRect(model.index(2, 0)).translated(view.viewport().pos())
    spots = [(x, place.center().y()) for x in range(place.left(), place.left() + 40)]
    assert wrong not in [before.pixelColor(*spot) for spot in spots]
    assert wrong in [after.pixelColor(*spot) for spot in spots]
