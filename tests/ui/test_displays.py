"""Components that show: answers, photographs, chips, facts, stories; on screen and to screen readers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desk_app.texts import Speaker
from ui.tasks import Tasks
from ui.theme import look
from ui.widgets import (
    Answer,
    AnswerField,
    Button,
    Chip,
    EmptyState,
    Facts,
    Moment,
    Photo,
    PhotoStrip,
    StepBar,
    Text,
    Timeline,
    Tone,
    photo_of,
)
from ui.widgets.photos import Thumbnail

Shown = Callable[..., None]


def middle(widget: QWidget) -> QColor:
    image = widget.grab().toImage()
    return image.pixelColor(image.width() // 2, 6)


# Answers


@pytest.mark.parametrize(
    ("answer", "tone"),
    [(Answer.GOOD, Tone.GOOD), (Answer.ATTENTION, Tone.ATTENTION), (Answer.WRONG, Tone.WRONG)],
)
def test_only_what_is_safe_odd_or_wrong_is_filled(
    shown: Shown, qtbot: QtBot, answer: Answer, tone: Tone
) -> None:
    field = AnswerField("Ready")
    shown(field)
    field.show_answer(answer, "Received", "SF1390027465183")
    assert middle(field) == QColor(look().tone(tone).solid)


def test_recognised_does_not_look_like_success(shown: Shown, qtbot: QtBot) -> None:
    field = AnswerField("Ready", "Scan a waybill")
    shown(field)
    field.show_answer(Answer.RECOGNISED, "SF1390027465183")
    assert middle(field) == QColor(look().tone(Tone.NEUTRAL).soft)
    field.rest()
    assert (field.answer, field.words, field.detail) == (Answer.IDLE, "Ready", "Scan a waybill")


def test_answer_is_told_to_screen_readers(qtbot: QtBot) -> None:
    field = AnswerField("Ready")
    qtbot.addWidget(field)
    field.show_answer(Answer.GOOD, "Received", "shelf A-07")
    assert (field.accessibleName(), field.accessibleDescription()) == ("Received", "shelf A-07")


@pytest.mark.parametrize("width", [560, 700, 1100])
def test_long_words_are_made_smaller_until_they_fit(shown: Shown, qtbot: QtBot, width: int) -> None:
    """Nothing is painted into the outermost rows, where cut letters would end."""
    field = AnswerField("Ready")
    shown(field, width, 148)
    field.show_answer(
        Answer.GOOD, "Parcel of Maria del Carmen Sánchez is received and lies on shelf A-07", "9" * 34
    )
    image = field.grab().toImage()
    ground = QColor(look().tone(Tone.GOOD).solid)
    edges = {image.pixelColor(x, y).name() for x in range(130, width - 20) for y in (3, 4, 143, 144)}
    assert edges == {ground.name()}


def test_answer_grows_where_even_small_words_do_not_fit(qtbot: QtBot) -> None:
    field = AnswerField("Ready")
    qtbot.addWidget(field)
    assert field.heightForWidth(800) == 148
    field.show_answer(Answer.WRONG, "Nothing is known of this code " * 6, "9" * 34)
    assert field.heightForWidth(360) > 300


# Photographs


def picture(path: Path, size: tuple[int, int], colour: str) -> Path:
    """One colour, but green where the middle square begins on the left."""
    image = QImage(QSize(*size), QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    painter = QPainter(image)
    painter.fillRect((size[0] - size[1]) // 2, 0, 150, size[1], QColor("#00FF00"))
    painter.end()
    assert image.save(str(path))
    return path


def test_thumbnails_are_read_from_files(
    shown: Shown, qtbot: QtBot, say: Speaker, tasks: Tasks, tmp_path: Path
) -> None:
    strip = PhotoStrip(say, tasks)
    shown(strip)
    strip.set_photos([photo_of(picture(tmp_path / "a.jpg", (1600, 900), "#FF0000"))])
    qtbot.waitUntil(lambda: strip.thumbnails[0].image is not None)
    image = strip.thumbnails[0].image
    assert image is not None
    assert (image.width(), image.height()) == (112, 112)
    assert image.pixelColor(5, 56).green() > 240
    assert image.pixelColor(56, 56).red() > 240
    assert strip.thumbnails[0].accessibleName() == "a.jpg 1"


def gone() -> bytes:
    raise FileNotFoundError("the stick was pulled out")


@pytest.mark.parametrize("load", [lambda: b"no picture", lambda: b"", gone])
def test_unreadable_photograph_shows_a_sign(
    shown: Shown, qtbot: QtBot, say: Speaker, tasks: Tasks, load: object
) -> None:
    strip = PhotoStrip(say, tasks)
    shown(strip)
    strip.set_photos([Photo("1", "one", load)])
    qtbot.waitUntil(lambda: strip.thumbnails[0].image is not None)
    assert strip.thumbnails[0].image.isNull()


def test_photographs_shown_again_keep_the_focus_and_are_read_again(
    shown: Shown, qtbot: QtBot, say: Speaker, tasks: Tasks, tmp_path: Path
) -> None:
    one, two = (photo_of(picture(tmp_path / f"{name}.jpg", (90, 90), "#FF0000")) for name in "ab")
    strip = PhotoStrip(say, tasks)
    shown(strip)
    strip.set_photos([one, two])
    qtbot.waitUntil(lambda: all(each.image is not None for each in strip.thumbnails))
    first, second = strip.thumbnails
    second.setFocus()
    strip.set_photos([two, one, Photo("new", "new", one.load)])
    assert strip.thumbnails[:2] == [second, first]
    assert second.hasFocus()
    assert second.image is not None
    strip.set_photos([Photo(two.key, two.name, two.load, "On its way"), one])
    assert strip.thumbnails[0] is not second
    assert strip.thumbnails[0].hasFocus()
    (tmp_path / "a.jpg").unlink()
    strip.set_photos([one])
    qtbot.waitUntil(lambda: first.image is not None and first.image.isNull())


def test_photographs_are_opened_and_removed_by_keys(
    shown: Shown, qtbot: QtBot, say: Speaker, tasks: Tasks, tmp_path: Path
) -> None:
    strip = PhotoStrip(say, tasks)
    shown(strip)
    path = picture(tmp_path / "a.png", (50, 80), "#00FF00")
    strip.set_photos([photo_of(path)])
    with qtbot.waitSignal(strip.opened) as opened:
        QTest.keyClick(strip.thumbnails[0], Qt.Key.Key_Return)
    with qtbot.waitSignal(strip.removed) as removed:
        QTest.keyClick(strip.thumbnails[0], Qt.Key.Key_Delete)
    with qtbot.waitSignal(strip.asked):
        QTest.mouseClick(strip.add_button, Qt.MouseButton.LeftButton)
    assert (opened.args, removed.args) == ([str(path)], [str(path)])
    strip.set_photos([])
    assert strip.thumbnails == []
    QApplication.processEvents()
    assert [shown for shown in strip.findChildren(Thumbnail) if shown.isVisible()] == []


# What only shows


def test_chip_has_room_for_its_words_in_another_state(qtbot: QtBot) -> None:
    chip = Chip("Open")
    qtbot.addWidget(chip)
    before = chip.sizeHint().width()
    chip.show_status("Waits for the customer", Tone.WAITING)
    assert chip.sizeHint().width() > before + 80
    assert chip.text() == "Waits for the customer"


def test_facts_use_fewer_columns_where_a_long_number_would_not_fit(shown: Shown, qtbot: QtBot) -> None:
    facts = Facts([("Waybill", "9" * 34), ("Phone", "138 0013 8000"), ("Grade", "")])
    shown(facts, 900, 200)
    values = [text for text in facts.findChildren(Text) if text.property("role") == ""]
    tops = {text.mapTo(facts, text.rect().topLeft()).y() for text in values}
    assert len(tops) == 1
    assert [text.text() for text in values][-1] == "–"
    facts.resize(340, 400)
    QApplication.processEvents()
    tops = {text.mapTo(facts, text.rect().topLeft()).y() for text in values}
    assert len(tops) == 3
    assert all(text.width() >= text.minimumSizeHint().width() for text in values)


def test_facts_can_be_shown_anew(shown: Shown, qtbot: QtBot) -> None:
    facts = Facts([("Grade", "A")])
    shown(facts)
    facts.set_pairs([("Grade", "B"), ("Phone", "1")])
    QApplication.processEvents()
    texts = [text.text() for text in facts.findChildren(Text) if text.isVisible()]
    assert texts == ["Grade", "B", "Phone", "1"]


def test_timeline_tells_its_moments_in_order(shown: Shown, qtbot: QtBot) -> None:
    timeline = Timeline([Moment("Opened", "08:40", "林晓雯")])
    shown(timeline)
    timeline.set_moments(
        [Moment("Received", "09:12", "陈伟", "SF139", "package-check", Tone.GOOD), Moment("Opened", "08:40")]
    )
    QApplication.processEvents()
    texts = [text.text() for text in timeline.findChildren(Text) if text.isVisible()]
    assert texts == ["Received", "SF139", "09:12 · 陈伟", "Opened", "08:40"]


def test_step_bar_says_where_one_is(shown: Shown, qtbot: QtBot) -> None:
    steps = StepBar("Repair", ["Request", "Diagnosis", "Return"])
    shown(steps)
    first = steps.grab().toImage()
    assert (steps.accessibleName(), steps.accessibleDescription()) == ("Repair", "Request")
    steps.go_to(3)
    assert steps.accessibleDescription() == ""
    assert steps.grab().toImage() != first


def test_empty_state_offers_the_way_on(shown: Shown, qtbot: QtBot) -> None:
    button = Button("Clear the search", "x")
    empty = EmptyState("search", "No case fits", "Try a phone number", button)
    shown(empty)
    with qtbot.waitSignal(button.clicked):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert [text.text() for text in empty.findChildren(Text) if text.isVisible()] == [
        "No case fits",
        "Try a phone number",
    ]
