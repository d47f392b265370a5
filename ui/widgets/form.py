"""Fields in a grid with their labels above them and what is wrong right below."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QLineEdit, QPlainTextEdit, QWidget

from ui.theme import SIZES, Tone
from ui.widgets.base import Icon, Text, column, row, set_property
from ui.widgets.fields import Choice, NumberField, Tick


class Form(QWidget):
    """A grid of fields, each named by a key; what is wrong is said beside them, never in a dialog."""

    def __init__(self, columns: int = 1) -> None:
        super().__init__()
        self._columns = columns
        self._next = (0, 0)
        self._fields: dict[str, _Place] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(SIZES.l)
        self._grid.setVerticalSpacing(SIZES.l)
        for number in range(columns):
            self._grid.setColumnStretch(number, 1)

    def add(self, key: str, label: str, widget: QWidget, hint: str = "", span: int = 1) -> QWidget:
        """Add a field under its label, over `span` columns; returns the widget. `hint` stands below it."""
        if key in self._fields:
            raise ValueError(f"field {key} is there already")
        place = _Place(label, widget, hint)
        self._fields[key] = place
        at, span = self._free_place(min(span, self._columns))
        self._grid.addWidget(place, *at, 1, span)
        return widget

    def field(self, key: str) -> QWidget:
        """The widget of a field."""
        return self._fields[key].widget

    def text(self, key: str) -> str:
        """What a field holds, trimmed; the key of a choice; "yes" or "" of a tick."""
        return _read(self.field(key))

    def texts(self) -> dict[str, str]:
        """What all fields hold."""
        return {key: self.text(key) for key in self._fields}

    def set_text(self, key: str, text: str) -> None:
        """Write into a field."""
        _write(self.field(key), text)

    def clear(self) -> None:
        """Empty all fields that are written in, and forget the errors."""
        for place in self._fields.values():
            if isinstance(place.widget, (QLineEdit, QPlainTextEdit)):
                place.widget.clear()
        self.clear_errors()

    def show_error(self, key: str, text: str) -> None:
        """Say what is wrong below a field; the first field that is wrong gets the focus."""
        first = not any(place.is_wrong for place in self._fields.values())
        self._fields[key].show_error(text)
        if first:
            self.field(key).setFocus()

    def clear_errors(self) -> None:
        """Forget what was wrong."""
        for place in self._fields.values():
            place.show_error("")

    def errors(self) -> dict[str, str]:
        """What is said to be wrong now, by field."""
        return {key: place.error.text() for key, place in self._fields.items() if place.is_wrong}

    def _free_place(self, span: int) -> tuple[tuple[int, int], int]:
        line, column_number = self._next
        if column_number + span > self._columns:
            line, column_number = line + 1, 0
        self._next = (line, column_number + span)
        return (line, column_number), span


class _Place(QWidget):
    """Label, field, hint, error."""

    def __init__(self, label: str, widget: QWidget, hint: str) -> None:
        super().__init__()
        self.widget = widget
        self.is_wrong = False
        self.error = Text("", "caption", Tone.WRONG)
        self._hint = Text(hint, "caption")
        if not hint:
            self._hint.hide()
        name = Text(label, "caption")
        name.setBuddy(widget)
        widget.setAccessibleName(label)
        widget.setAccessibleDescription(hint)
        self._wrong_row = QWidget()
        line = row(Icon("triangle-alert", 16, Tone.WRONG), self.error, spacing=SIZES.s)
        line.setStretch(1, 1)
        self._wrong_row.setLayout(line)
        self._wrong_row.hide()
        self.setLayout(column(name, widget, self._hint, self._wrong_row, 1, spacing=SIZES.xs))

    def show_error(self, text: str) -> None:
        """Say what is wrong, or nothing."""
        self.is_wrong = bool(text)
        self.error.setText(text)
        self._wrong_row.setVisible(self.is_wrong)
        self._hint.setVisible(bool(self._hint.text()) and not self.is_wrong)
        self.widget.setAccessibleDescription(text or self._hint.text())
        set_property(self.widget, "state", "wrong" if text else "")


def _read(widget: QWidget) -> str:
    if isinstance(widget, QLineEdit):
        return widget.text().strip()
    if isinstance(widget, QPlainTextEdit):
        return widget.toPlainText().strip()
    if isinstance(widget, Choice):
        return widget.value()
    if isinstance(widget, NumberField):
        return str(widget.value())
    if isinstance(widget, Tick):
        return "yes" if widget.isChecked() else ""
    value = getattr(widget, "value", None)
    if value is None:
        raise TypeError(f"{type(widget).__name__} holds no text")
    return str(value())


def _write(widget: QWidget, text: str) -> None:
    if isinstance(widget, QLineEdit):
        widget.setText(text)
        widget.setCursorPosition(0)
    elif isinstance(widget, QPlainTextEdit):
        widget.setPlainText(text)
    elif isinstance(widget, NumberField):
        widget.setValue(int(text))
    elif isinstance(widget, Tick):
        widget.setChecked(bool(text))
    else:
        set_value = getattr(widget, "set_value", None)
        if set_value is None:
            raise TypeError(f"{type(widget).__name__} holds no text")
        set_value(text)
