"""The rail of jobs: icon, words and key of each, the open one marked."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QFrame, QSizePolicy

from ui.theme import SIZES, icons, look
from ui.widgets.base import (
    ClickWhenToggled,
    Mark,
    Text,
    bind_key,
    column,
    key_sign,
    paint_panel,
    row,
    show_checked,
)

ICON = 22


class NavButton(QAbstractButton):
    """One job."""

    def __init__(self, text: str, icon: str, key: str) -> None:
        super().__init__()
        self._icon, self._key = icon, key
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        ClickWhenToggled(self)
        bind_key(self, key)
        self.setMinimumHeight(SIZES.control)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def key_sign(self) -> str:
        """The key as it stands on the button."""
        return key_sign(self._key)

    def _side(self) -> int:
        return look().px(ICON)

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        words = metrics.horizontalAdvance(self.text()) * 1.12 + metrics.horizontalAdvance(self.key_sign())
        return QSize(
            round(words) + self._side() + 5 * SIZES.m, max(SIZES.control, metrics.height() + SIZES.l)
        )

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        colours, where = look().colours, QRectF(self.rect())
        fill = colours.accent_soft if self.isChecked() else (colours.hover if self.underMouse() else "")
        paint_panel(painter, where, fill, colours.accent if self.hasFocus() else "", 2)
        ink = colours.accent_ink if self.isChecked() else colours.text
        middle = self.height() / 2
        icons.paint(
            painter, self._icon, ink, QRectF(SIZES.m, middle - self._side() / 2, self._side(), self._side())
        )
        self._paint_words(painter, where, ink)

    def _paint_words(self, painter: QPainter, where: QRectF, ink: str) -> None:
        font = self.font()
        font.setBold(self.isChecked())
        painter.setFont(font)
        painter.setPen(QColor(ink))
        painter.drawText(
            where.adjusted(2 * SIZES.m + self._side(), 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self.text()
        )
        if self.width() < self.sizeHint().width():  # in a narrow window the words come first
            return
        font.setBold(False)
        font.setPixelSize(look().px(SIZES.caption))
        painter.setFont(font)
        painter.setPen(QColor(look().colours.muted))
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(where.adjusted(0, 0, -SIZES.m, 0), right, self.key_sign())


class NavRail(QFrame):
    """Jobs from top to bottom; those added with `last=True` stand at the foot."""

    chosen = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._buttons: dict[str, NavButton] = {}
        self._group = QButtonGroup(self)
        self._top, self._foot = column(spacing=SIZES.xs), column(spacing=SIZES.xs)
        brand = row(Mark(), Text("Mendesk", "section", wrap=False), 1, spacing=10)
        brand.setContentsMargins(SIZES.s, SIZES.s, 0, SIZES.xl)
        whole = column(brand, self._top, 1, self._foot, spacing=0)
        whole.setContentsMargins(SIZES.m, SIZES.m, SIZES.m, SIZES.m)
        self.setLayout(whole)
        self.setMinimumWidth(204)

    def add(self, name: str, text: str, icon: str, key: str = "", last: bool = False) -> None:
        """Add a job; its key works in the whole window."""
        button = NavButton(text, icon, key)
        button.clicked.connect(lambda: self.chosen.emit(name))
        self._buttons[name] = button
        self._group.addButton(button)
        (self._foot if last else self._top).addWidget(button)

    def offer(self, name: str, wanted: bool) -> None:
        """Show a job, or leave it out while nobody needs it."""
        if name in self._buttons:
            self._buttons[name].setVisible(wanted)

    def jobs(self) -> list[str]:
        """The jobs on show, from top to bottom."""
        return [name for name, button in self._buttons.items() if not button.isHidden()]

    def mark(self, name: str) -> None:
        """Mark the job that is on show; none for a page that is no job."""
        self._group.setExclusive(False)
        for key, button in self._buttons.items():
            show_checked(button, key == name)
        self._group.setExclusive(True)

    def button(self, name: str) -> NavButton:
        """The button of a job."""
        return self._buttons[name]
