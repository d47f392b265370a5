"""Forms: values by key, errors beside the field, names for screen readers."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from ui.theme import look
from ui.widgets import (
    Choice,
    ChoiceTiles,
    Form,
    NumberField,
    Option,
    PasswordField,
    TextArea,
    TextField,
    Tick,
)


@pytest.fixture
def form(qtbot: QtBot) -> Form:
    made = Form(columns=2)
    made.add("name", "Customer", TextField())
    made.add("phone", "Phone", TextField(), hint="11 digits")
    made.add("kind", "Kind", Choice([("repair", "Repair"), ("return", "Return")]))
    made.add("minutes", "Minutes", NumberField(unit="min"))
    made.add("reason", "Reason", TextArea(), span=2)
    made.add("left", "Accessories", Tick("Left with us"))
    made.add("grade", "Grade", ChoiceTiles("Grade", [Option("A", "As new"), Option("B", "Opened")]))
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_what_is_written_is_read(form: Form) -> None:
    wanted = {
        "name": "欧阳文静",
        "phone": "13800138000",
        "kind": "return",
        "minutes": "25",
        "reason": "one\ntwo",
        "left": "yes",
        "grade": "B",
    }
    for key, text in wanted.items():
        form.set_text(key, text)
    assert form.texts() == wanted


def test_spaces_around_are_not_part_of_a_value(form: Form) -> None:
    form.set_text("name", "  林晓雯 ")
    assert form.text("name") == "林晓雯"


def test_clear_empties_what_is_written(form: Form) -> None:
    form.set_text("name", "x")
    form.set_text("reason", "y")
    form.show_error("name", "Write a name")
    form.clear()
    assert (form.text("name"), form.text("reason"), form.errors()) == ("", "", {})


def test_error_stands_under_its_field_and_takes_the_focus(qtbot: QtBot, form: Form) -> None:
    form.activateWindow()
    before = form.field("phone").grab().toImage()
    form.show_error("phone", "Write 11 digits")
    form.show_error("name", "Write a name")
    assert form.errors() == {"phone": "Write 11 digits", "name": "Write a name"}
    qtbot.waitUntil(form.field("phone").hasFocus)
    assert form.field("phone").accessibleDescription() == "Write 11 digits"
    assert form.field("phone").grab().toImage() != before
    place = form.field("phone").parentWidget()
    assert place.error.isVisible()
    assert place.error.y() + place.error.parentWidget().y() > form.field("phone").geometry().bottom()


def test_cleared_error_leaves_no_trace(form: Form) -> None:
    form.show_error("phone", "Write 11 digits")
    form.clear_errors()
    field = form.field("phone")
    assert field.accessibleDescription() == "11 digits"
    image = field.grab().toImage()
    assert image.pixelColor(image.width() // 2, 8) == QColor(look().colours.surface)


def test_fields_are_named_by_their_labels(form: Form) -> None:
    assert [form.field(key).accessibleName() for key in ("name", "minutes", "reason")] == [
        "Customer",
        "Minutes",
        "Reason",
    ]


def test_same_key_twice_is_a_bug(form: Form) -> None:
    with pytest.raises(ValueError, match="name"):
        form.add("name", "Again", TextField())


def test_choice_that_is_not_offered_is_a_bug(form: Form) -> None:
    with pytest.raises(KeyError):
        form.set_text("kind", "exchange")


def test_wheel_changes_nothing(qtbot: QtBot, form: Form) -> None:
    from PySide6.QtCore import QPoint, QPointF
    from PySide6.QtGui import QWheelEvent
    from PySide6.QtWidgets import QApplication

    for key in ("kind", "minutes"):
        form.set_text("minutes", "5")
        turn = QWheelEvent(
            QPointF(5, 5),
            QPointF(5, 5),
            QPoint(0, -120),
            QPoint(0, -120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(form.field(key), turn)
    assert (form.text("kind"), form.text("minutes")) == ("repair", "5")


def test_tab_leaves_a_text_of_several_lines(qtbot: QtBot, form: Form) -> None:
    form.activateWindow()
    form.field("reason").setFocus()
    qtbot.waitUntil(form.field("reason").hasFocus)
    QTest.keyClick(form.field("reason"), Qt.Key.Key_Tab)
    assert form.field("left").hasFocus()
    assert form.text("reason") == ""


def test_password_is_hidden(qtbot: QtBot) -> None:
    field = PasswordField()
    qtbot.addWidget(field)
    field.setText("secret")
    assert field.displayText() != "secret"
