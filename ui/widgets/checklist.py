"""The points of an inspection, answered one after the other with one key each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QVBoxLayout, QWidget

from desk_app.texts import Speaker
from ui.theme import SIZES, Tone
from ui.widgets.answer_button import AnswerButton
from ui.widgets.base import Icon, Text, column, discard, row, set_property, show_checked, tab_through
from ui.widgets.button import Button
from ui.widgets.fields import TextField

PASS, FAIL = "pass", "fail"
PASS_KEY, FAIL_KEY, MEASURE_KEY, PHOTO_KEY = "1", "2", "3", "4"


@dataclass(frozen=True, slots=True)
class Point:
    """One point to inspect. `unit` not empty: a value is measured too. `photo`: one is wanted."""

    key: str
    text: str
    detail: str = ""
    unit: str = ""
    photo: bool = False


class Checklist(QWidget):
    """Keys act on the marked point: 1 pass, 2 fail, 3 measure, 4 photograph; an answer moves the mark on."""

    answered = Signal(str, str)
    measured = Signal(str, str)
    photo_asked = Signal(str)

    def __init__(self, say: Speaker, points: Sequence[Point] = ()) -> None:
        super().__init__()
        self._say = say
        self.rows: list[ChecklistRow] = []
        self._current = 0
        self.setAccessibleName(say("Checklist"))
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(SIZES.s)
        self.set_points(points)

    def set_points(self, points: Sequence[Point]) -> None:
        """Ask these points; nothing is answered."""
        for old in self.rows:
            self._box.removeWidget(old)
            discard(old)
        self.rows = [ChecklistRow(self._say, point) for point in points]
        for index, line in enumerate(self.rows):
            self._box.addWidget(line)
            line.entered.connect(partial(self.go_to, index))
            line.answered.connect(partial(self._answered, index))
            line.measured.connect(partial(self.measured.emit, line.point.key))
            line.photo_asked.connect(partial(self.photo_asked.emit, line.point.key))
        tab_through(self, *self.rows)
        self.go_to(0)

    def answers(self) -> dict[str, str]:
        """`pass` or `fail` by the keys of the points answered so far."""
        return {line.point.key: line.answer for line in self.rows if line.answer}

    def measures(self) -> dict[str, str]:
        """What was measured, by key, as written."""
        return {line.point.key: line.value() for line in self.rows if line.value()}

    def set_answer(self, key: str, answer: str, value: str = "", photos: int = 0) -> None:
        """Show what was answered before, without a signal."""
        line = next(line for line in self.rows if line.point.key == key)
        line.show_answer(answer, value, photos)

    def go_to(self, index: int) -> None:
        """Mark a point; past the last none is marked."""
        self._current = index
        for number, line in enumerate(self.rows):
            set_property(line, "state", "current" if number == index else "")

    def go_back(self) -> bool:
        """Mark the point before the marked one; False at the first."""
        if not self._current:
            return False
        self.go_to(self._current - 1)
        return True

    def take_back(self) -> bool:
        """Open the point before the marked one again; False at the first."""
        if not self.go_back():
            return False
        self.rows[self._current].open_again()
        return True

    def take_key(self, event: QKeyEvent) -> bool:
        """Digits answer, arrows move the mark."""
        if not self.isVisible() or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step:
            self.go_to(max(0, min(len(self.rows) - 1, self._current + step)))
            return True
        return self._current < len(self.rows) and self.rows[self._current].take_digit(event.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.take_key(event):
            super().keyPressEvent(event)

    def _answered(self, index: int, answer: str) -> None:
        self.go_to(index + 1)
        self.answered.emit(self.rows[index].point.key, answer)


class ChecklistRow(QFrame):
    """One point with its answers."""

    entered = Signal()
    answered = Signal(str)
    measured = Signal(str)
    photo_asked = Signal()

    def __init__(self, say: Speaker, point: Point) -> None:
        super().__init__()
        self.point = point
        self._mark = Icon("circle", 22)
        self.pass_button = AnswerButton(say("Pass"), "check", PASS_KEY, Tone.GOOD, point.text)
        self.fail_button = AnswerButton(say("Fail"), "x", FAIL_KEY, Tone.WRONG, point.text)
        self._group = QButtonGroup(self)
        for button, answer in ((self.pass_button, PASS), (self.fail_button, FAIL)):
            self._group.addButton(button)
            button.clicked.connect(partial(self._choose, answer))
        self.field = self._measure_field(say) if point.unit else None
        self._photo = self._photo_button(say) if point.photo else None
        self._lay_out()
        self.setAccessibleName(point.text)
        for part in (self.pass_button, self.fail_button, self.field, self._photo):
            if part:
                part.installEventFilter(self)

    @property
    def answer(self) -> str:
        """`pass`, `fail` or ""."""
        if self.pass_button.isChecked():
            return PASS
        return FAIL if self.fail_button.isChecked() else ""

    def value(self) -> str:
        """What was measured, as written."""
        return self.field.text().strip() if self.field else ""

    def show_answer(self, answer: str, value: str, photos: int) -> None:
        """Show an answer, a measure and how many photographs there are."""
        self._group.setExclusive(False)
        show_checked(self.pass_button, answer == PASS)
        show_checked(self.fail_button, answer == FAIL)
        self._group.setExclusive(True)
        if self.field:
            self.field.setText(value)
        if self._photo:
            self._photo.set_text(str(photos) if photos else "")
        self._show_mark()

    def open_again(self) -> None:
        """Take the answer back; what was measured and photographed stays."""
        self._group.setExclusive(False)
        for button in (self.pass_button, self.fail_button):
            show_checked(button, False)
        self._group.setExclusive(True)
        self._show_mark()

    def take_digit(self, digit: str) -> bool:
        """Do what a digit means on this point."""
        if digit == PASS_KEY:
            self.pass_button.click()
        elif digit == FAIL_KEY:
            self.fail_button.click()
        elif digit == MEASURE_KEY and self.field:
            self.field.setFocus()
        elif digit == PHOTO_KEY and self._photo:
            self._photo.click()
        else:
            return False
        return True

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.FocusIn:
            self.entered.emit()
        return False

    def _choose(self, answer: str) -> None:
        self._show_mark()
        self.answered.emit(answer)

    def _show_mark(self) -> None:
        shown = {PASS: ("circle-check", Tone.GOOD), FAIL: ("circle-x", Tone.WRONG)}
        self._mark.show_icon(*shown.get(self.answer, ("circle", Tone.NEUTRAL)))

    def _measure_field(self, say: Speaker) -> TextField:
        field = TextField(self.point.unit)
        field.setFixedWidth(112)
        field.setAccessibleName(say("{point}: measured value", point=self.point.text))
        field.editingFinished.connect(lambda: self.measured.emit(field.text().strip()))
        return field

    def _photo_button(self, say: Speaker) -> Button:
        button = Button("", "camera", name=say("{point}: photograph", point=self.point.text))
        button.clicked.connect(self.photo_asked)
        return button

    def _lay_out(self) -> None:
        detail = Text(self.point.detail, "caption")
        if not self.point.detail:
            detail.hide()
        words = column(Text(self.point.text), detail, spacing=0)
        line = row(self._mark, words, self.field, self._photo, self.pass_button, self.fail_button)
        line.setStretch(1, 1)
        line.setContentsMargins(SIZES.m, SIZES.s - 2, SIZES.s, SIZES.s - 2)
        self.setLayout(line)
