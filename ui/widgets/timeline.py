"""The story of a case: what happened, when, by whom, newest first as the page gives it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import SIZES, Tone, icons, look
from ui.widgets.base import Text, column, discard, row
from ui.widgets.later import Later
from ui.widgets.when import Times, When

DOT = 30
AT_FIRST = 8


@dataclass(frozen=True, slots=True)
class Moment:
    """One happening: words ready to read. `when` and `who` stand small beside it.

    A `when` in microseconds UTC is told by the timeline's `times` and kept current.
    """

    title: str
    when: str | int
    who: str = ""
    detail: str = ""
    icon: str = "circle"
    tone: Tone = Tone.NEUTRAL


class Timeline(QWidget):
    """Moments below each other, joined by a line."""

    def __init__(self, moments: Sequence[Moment] = (), times: Times | None = None) -> None:
        super().__init__()
        self._times = times
        self._moments: tuple[Moment, ...] = ()
        self._later = Later(self, self._tell_rest)
        self._box = column(spacing=0)
        self.setLayout(self._box)
        self.set_moments(moments)

    def set_moments(self, moments: Sequence[Moment]) -> None:
        """Tell this story instead; what lies below the window is told right after the first paint."""
        if tuple(moments) == self._moments:
            return
        while item := self._box.takeAt(0):
            if widget := item.widget():
                discard(widget)
        self._moments = tuple(moments)
        self._tell(AT_FIRST)
        self._later.ask()  # nobody has to scroll there for a reader to find the rest

    def _tell_rest(self) -> None:
        self._tell(len(self._moments))

    def _tell(self, until: int) -> None:
        """Add the moments up to a number to those that are there."""
        for index, moment in enumerate(self._moments[:until]):
            if index >= self._box.count():
                self._box.addWidget(_Happening(moment, self._times, index + 1 == len(self._moments)))


class _Happening(QWidget):
    def __init__(self, moment: Moment, times: Times | None, last: bool) -> None:
        super().__init__()
        title, detail = Text(moment.title, "strong"), Text(moment.detail, "muted")
        if not moment.detail:
            detail.hide()
        words = column(title, detail, _side(moment, times), spacing=2)
        words.setContentsMargins(0, 3, 0, SIZES.l)
        line = row(_Mark(moment, last), words, spacing=SIZES.m)
        line.setStretch(1, 1)
        self.setLayout(line)


def _side(moment: Moment, times: Times | None) -> Text:
    """When it was and by whom."""

    def beside(when: str) -> str:
        return " · ".join(part for part in (when, moment.who) if part)

    if isinstance(moment.when, str):
        return Text(beside(moment.when), "caption")
    assert times is not None, "moments that are no words need the timeline's times"
    return When(times, moment.when, "caption", beside=beside)


class _Mark(QWidget):
    """The drawing of a happening and the line to the next."""

    def __init__(self, moment: Moment, last: bool) -> None:
        super().__init__()
        self._moment, self._last = moment, last
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(DOT, DOT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tone = look().tone(self._moment.tone)
        if not self._last:
            painter.fillRect(
                QRectF(DOT / 2 - 1, DOT + 4, 2, self.height() - DOT - 4), QColor(look().colours.line)
            )
        painter.setPen(QColor(tone.soft))
        painter.setBrush(QColor(tone.soft))
        painter.drawEllipse(QRectF(0.5, 0.5, DOT - 1, DOT - 1))
        icons.paint(painter, self._moment.icon, tone.ink, QRectF(7, 7, DOT - 14, DOT - 14))
