"""A look is put on the whole program at once, with the bundled letters and the bundled drawings."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetrics, QImage, QPainter, QPalette, QRawFont
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

import resources
from ui.theme import Scheme, Theme, icons, look
from ui.theme.tokens import CONTRAST, DARK, LIGHT
from ui.widgets import Button, Icon, Text
from ui.widgets.rail import NavButton
from ui.widgets.signs import StatusSign

ICONS = sorted(path.stem for path in resources.path("icons").glob("*.svg"))


@pytest.mark.parametrize(
    ("scheme", "colours"), [(Scheme.LIGHT, LIGHT), (Scheme.DARK, DARK), (Scheme.CONTRAST, CONTRAST)]
)
def test_scheme_reaches_palette_sheet_and_open_windows(
    qtbot: QtBot, qapp: QApplication, theme: Theme, scheme: Scheme, colours: object
) -> None:
    field = QLineEdit()
    qtbot.addWidget(field)
    field.show()
    theme.apply(scheme)
    assert look().scheme is scheme
    assert look().colours is colours
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(look().colours.ground)
    image = field.grab().toImage()
    assert image.pixelColor(image.width() // 2, image.height() // 2) == QColor(look().colours.surface)


def test_system_scheme_is_light_where_the_system_says_nothing(theme: Theme) -> None:
    theme.apply(Scheme.SYSTEM)
    assert look().scheme is Scheme.LIGHT


def parts() -> list[QWidget]:
    sign = StatusSign("Line", "cloud", "Connected")
    return [Text("Mendesk", "title"), Text("words"), Button("Print"), NavButton("Dock", "truck", ""), sign]


@pytest.mark.parametrize("index", range(5))
def test_letters_of_open_windows_grow_with_the_text_size(qtbot: QtBot, theme: Theme, index: int) -> None:
    part = parts()[index]
    qtbot.addWidget(part)
    part.show()
    small = part.fontMetrics().height()
    theme.apply(Scheme.LIGHT, 1.5)
    assert part.fontMetrics().height() == pytest.approx(small * 1.5, abs=2)


def test_a_window_made_before_the_first_look_follows(qtbot: QtBot, qapp: QApplication, theme: Theme) -> None:
    theme.apply(Scheme.DARK)
    qapp.setStyleSheet("")
    qapp.setFont(QFont("DejaVu Sans", 7))
    made = parts()
    for part in made:
        qtbot.addWidget(part)
        part.show()
    theme.apply(Scheme.LIGHT)
    assert {QRawFont.fromFont(part.font()).familyName() for part in made} == {"Noto Sans SC"}
    assert {part.font().pixelSize() for part in made[1:]} == {15}


def test_a_cache_that_cannot_be_written_costs_only_arrows(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    Theme(qapp, blocked).apply(Scheme.DARK)
    box = QComboBox()
    qtbot.addWidget(box)
    box.show()
    assert look().scheme is Scheme.DARK
    assert "image: none" in qapp.styleSheet()


@pytest.mark.parametrize("bold", [False, True])
def test_figures_are_tabular_in_the_bundled_font(theme: Theme, qapp: QApplication, bold: bool) -> None:
    font = QFont(qapp.font())
    font.setBold(bold)
    assert len({QFontMetrics(font).horizontalAdvance(digit) for digit in "0123456789"}) == 1


@pytest.mark.parametrize("name", ["Regular", "Bold"])
def test_rare_names_are_in_the_font(name: str) -> None:
    font = QRawFont(str(resources.path(f"fonts/NotoSansSC-{name}.ttf")), 15)
    assert [sign for sign in "喆堃骨直角䶮—“”→·" if not font.supportsCharacter(ord(sign))] == []


def test_the_bundled_family_is_the_one_in_use(theme: Theme, qapp: QApplication) -> None:
    assert qapp.font().family() in QFontDatabase.families()
    assert QRawFont.fromFont(qapp.font()).familyName() == "Noto Sans SC"


@pytest.mark.parametrize("name", ICONS)
def test_icon_is_drawn_in_its_colour_only(qapp: QApplication, name: str) -> None:
    image = QImage(96, 96, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    icons.paint(painter, name, "#FF0000", QRectF(0, 0, 96, 96))
    painter.end()
    solid = [
        image.pixelColor(x, y) for x in range(96) for y in range(96) if image.pixelColor(x, y).alpha() == 255
    ]
    assert len(solid) > 40
    assert {colour.name() for colour in solid} == {"#ff0000"}


def test_unknown_icon_is_a_bug(qtbot: QtBot) -> None:
    with pytest.raises(FileNotFoundError):
        icons.svg("no-such-drawing", "#000000")


def test_icon_changes_its_colour_with_the_scheme(qtbot: QtBot, theme: Theme) -> None:
    icon = Icon("circle-check", 64)
    qtbot.addWidget(icon)
    icon.show()
    light = icon.grab().toImage()
    theme.apply(Scheme.DARK)
    assert icon.grab().toImage() != light
