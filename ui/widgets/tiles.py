"""Big tiles to choose one of a few, by one digit, arrow or touch."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QRadioButton, QSizePolicy, QWidget

from ui.theme import SIZES, Tone, icons, look
from ui.widgets.base import (
    ClickWhenToggled,
    discard,
    keycap_size,
    paint_keycap,
    paint_panel,
    show_checked,
    tab_through,
)

WRAP = Qt.TextFlag.TextWordWrap
UNBREAKABLE = re.compile(r"[⺀-\uffff]|[^\s⺀-\uffff]+")  # a Chinese sign, or a word between spaces


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: a key, its words, a second line, a drawing, and a tone where it means something."""

    key: str
    text: str
    detail: str = ""
    icon: str = ""
    tone: Tone = Tone.ACCENT


class Tile(QRadioButton):
    """One option with its digit. A radio button to screen readers."""

    def __init__(self, option: Option, digit: str) -> None:
        super().__init__()
        self.option, self.digit = option, digit
        ClickWhenToggled(self)
        self.setAccessibleName(option.text)
        self.setAccessibleDescription(option.detail)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def hitButton(self, _pos: object) -> bool:
        """The whole tile is the button."""
        return True

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        """Tall enough for its words at this width."""
        used = _text_height(self._strong(), self.option.text, self._text_width(width))
        if self.option.detail:
            used += _text_height(self._small(), self.option.detail, self._text_width(width)) + SIZES.xs
        return max(self._least_height(), used + 2 * SIZES.l)

    def sizeHint(self) -> QSize:
        width = min(self._strong().horizontalAdvance(self.option.text), 190) + self.width_beside()
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        words = UNBREAKABLE.findall(f"{self.option.text} {self.option.detail}")
        longest = max((self._strong().horizontalAdvance(word) for word in words), default=0)
        return QSize(longest + self.width_beside(), self._least_height())

    def _least_height(self) -> int:
        """Words alone need less than words with a drawing or a second line."""
        return 72 if self.option.icon or self.option.detail else 48

    def width_beside(self) -> int:
        """What drawing, digit and edges take."""
        icon = 28 + SIZES.m if self.option.icon else 0
        return 2 * SIZES.l + icon + keycap_size(self, self.digit).width() + SIZES.s

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        colours, tone = look().colours, look().tone(self.option.tone)
        on = self.isChecked()
        fill = tone.soft if on else (colours.hover if self.underMouse() else colours.surface)
        edge = tone.solid if on else (colours.accent if self.hasFocus() else colours.border)
        paint_panel(
            painter, QRectF(self.rect()), fill, edge, 2 if on or self.hasFocus() else 1, SIZES.radius + 2
        )
        if on and self.hasFocus():
            paint_panel(painter, QRectF(self.rect()).adjusted(4, 4, -4, -4), "", colours.accent, 1)
        ink = tone.ink if on else colours.text
        left = self._paint_icon(painter, tone.ink if on else colours.muted)
        cap = keycap_size(self, self.digit)
        where = QRectF(self.width() - SIZES.m - cap.width(), SIZES.m, cap.width(), cap.height())
        if self.digit:
            paint_keycap(painter, where, self.digit, ink if on else colours.muted)
        self._paint_words(painter, left, ink)

    def _paint_icon(self, painter: QPainter, ink: str) -> int:
        if not self.option.icon:
            return SIZES.l
        icons.paint(painter, self.option.icon, ink, QRectF(SIZES.l, (self.height() - 28) / 2, 28, 28))
        return SIZES.l + 28 + SIZES.m

    def _paint_words(self, painter: QPainter, left: int, ink: str) -> None:
        width = self._text_width(self.width())
        high = _text_height(self._strong(), self.option.text, width)
        low = _text_height(self._small(), self.option.detail, width) + SIZES.xs if self.option.detail else 0
        top = (self.height() - high - low) / 2
        font = self.font()
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(ink))
        painter.drawText(QRectF(left, top, width, high), WRAP, self.option.text)
        font.setBold(False)
        font.setPixelSize(look().px(SIZES.caption))
        painter.setFont(font)
        painter.setPen(QColor(ink if self.isChecked() else look().colours.muted))
        painter.drawText(QRectF(left, top + high + SIZES.xs, width, low), WRAP, self.option.detail)

    def _text_width(self, width: int) -> int:
        return max(40, width - self.width_beside())

    def _strong(self) -> QFontMetrics:
        font = self.font()
        font.setBold(True)
        return QFontMetrics(font)

    def _small(self) -> QFontMetrics:
        font = self.font()
        font.setPixelSize(look().px(SIZES.caption))
        return QFontMetrics(font)


class ChoiceTiles(QWidget):
    """One of some options. Digits 1 to 9 choose while it has the focus or the page gives it its keys."""

    chosen = Signal(str)

    def __init__(self, name: str, options: Sequence[Option] = (), columns: int = 3) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._columns = columns
        self._tiles: list[Tile] = []
        self._group = QButtonGroup(self)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(SIZES.s)
        self.set_options(options)

    def set_options(self, options: Sequence[Option]) -> None:
        """Offer these options; none is chosen."""
        for tile in self._tiles:
            self._group.removeButton(tile)
            self._grid.removeWidget(tile)
            discard(tile)
        digits = [*"123456789", *[""] * max(0, len(options) - 9)]
        self._tiles = [Tile(option, digit) for option, digit in zip(options, digits, strict=False)]
        for index, tile in enumerate(self._tiles):
            self._group.addButton(tile)
            tile.clicked.connect(partial(self._clicked, tile))
            self._grid.addWidget(tile, *divmod(index, self._columns))
        for number in range(self._columns):  # a few take all the room there is
            self._grid.setColumnStretch(number, int(number < len(options)))
        tab_through(self, *self._tiles)

    def show_digits(self, wanted: bool) -> None:
        """Let digits choose, or not, as when they go to other tiles first."""
        for number, tile in enumerate(self._tiles[:9], 1):
            tile.digit = str(number) if wanted else ""
            tile.update()

    @property
    def tiles(self) -> tuple[Tile, ...]:
        """The tiles in their order."""
        return tuple(self._tiles)

    def value(self) -> str:
        """The key of the chosen option, or ""."""
        return next((tile.option.key for tile in self._tiles if tile.isChecked()), "")

    def set_value(self, key: str) -> None:
        """Choose by key without a signal; "" chooses none."""
        self._group.setExclusive(False)
        for tile in self._tiles:
            show_checked(tile, tile.option.key == key)
        self._group.setExclusive(True)

    def choose(self, key: str) -> bool:
        """Choose by key as a person does; False where there is no such option."""
        tile = next((tile for tile in self._tiles if tile.option.key == key and tile.isEnabled()), None)
        if tile:
            tile.click()
        return tile is not None

    def take_key(self, event: QKeyEvent) -> bool:
        """Choose by digit."""
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier or not self.isVisible():
            return False
        for tile in self._tiles:
            if tile.digit and tile.digit == event.text() and tile.isEnabled():
                tile.click()
                return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.take_key(event):
            super().keyPressEvent(event)

    def _clicked(self, tile: Tile) -> None:
        self.chosen.emit(tile.option.key)


def _text_height(metrics: QFontMetrics, text: str, width: int) -> int:
    return metrics.boundingRect(0, 0, width, 10_000, WRAP, text).height()
