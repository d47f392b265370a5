"""How much time is left until a deadline, or how long it is over: in words, by shape and by colour."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from desk_app.clock import MINUTE
from desk_app.texts import Speaker
from ui.theme import SIZES, Tone, look
from ui.widgets.base import Text, column, row
from ui.widgets.when import Times

FACE = 56
SIGN = 18
STEPS = 60
HOUR_MINUTES = 60
DAY_MINUTES = 24 * HOUR_MINUTES


class Pace(Enum):
    """How a deadline stands; each has its own shape: a round pie, a diamond, a stop sign."""

    LEFT = "left"
    NEAR = "near"
    OVER = "over"


TONES = {Pace.LEFT: Tone.NEUTRAL, Pace.NEAR: Tone.ATTENTION, Pace.OVER: Tone.WRONG}


@dataclass(frozen=True, slots=True)
class Deadline:
    """Microseconds UTC: when the time began to run, from when on it presses, and when it is up."""

    begun: int
    near: int
    due: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What a clock shows: its pace, the words, and how many of `STEPS` are left."""

    pace: Pace
    words: str
    left: int


def read(say: Speaker, deadline: Deadline, now: int) -> Reading:
    """What a clock shows at `now` (microseconds UTC), by the wall's clock: words change with its minute."""
    left, minutes = deadline.due - now, deadline.due // MINUTE - now // MINUTE
    if left <= 0:
        return Reading(Pace.OVER, _over(say, -minutes), 0)
    share = -(-left * STEPS // max(1, deadline.due - deadline.begun))
    pace = Pace.NEAR if now >= deadline.near else Pace.LEFT
    return Reading(pace, _left(say, minutes), min(STEPS, share))


def _left(say: Speaker, minutes: int) -> str:
    return say("{span} left", span=_span(say, minutes)) if minutes else say("Less than 1 min left")


def _over(say: Speaker, minutes: int) -> str:
    return say("{span} over", span=_span(say, minutes)) if minutes else say("Time is up")


def _span(say: Speaker, minutes: int) -> str:
    """The two largest units of a span, e.g. `3 days 4 h`."""
    days, rest = divmod(minutes, DAY_MINUTES)
    if not days:
        return say.duration(minutes)
    whole, hours = say.plural("{n} day", "{n} days", days), rest // HOUR_MINUTES
    return say("{days} {hours} h", days=whole, hours=hours) if hours else whole


class SlaClock(QWidget):
    """The large form, for the head of a case: the shape, what is due, the time left, and when it is up.

    It goes by the hub's clock and looks at it with each of its minutes; what looks the same is not painted.
    """

    def __init__(self, times: Times, name: str, deadline: Deadline) -> None:
        super().__init__()
        self._times, self._deadline = times, deadline
        self.setAccessibleName(name)
        self._face = _Face()
        self.words, self._due = Text("", "section"), Text("", "caption")
        line = row(self._face, column(Text(name, "caption"), self.words, self._due, spacing=0))
        line.setStretch(1, 1)
        self.setLayout(line)
        times.hub.minute.connect(self._look)
        self.set_deadline(deadline)

    def set_deadline(self, deadline: Deadline) -> None:
        """Show another deadline."""
        self._deadline = deadline
        self._due.setText(self._times.say("Due {when}", when=self._times.exact(deadline.due)))
        self._look()

    def _look(self) -> None:
        now = read(self._times.say, self._deadline, self._times.hub.clock())
        self._face.show_reading(now)
        self.words.setText(now.words)
        self.words.set_tone(TONES[now.pace])
        self.setAccessibleDescription(f"{now.words} · {self._due.text()}")


class SmallSlaClock(QLabel):
    """The compact form, one line high: the shape and the words. Kept current as `SlaClock` is."""

    def __init__(self, times: Times, name: str, deadline: Deadline) -> None:
        super().__init__()
        self._times, self._deadline = times, deadline
        self._shown: Reading | None = None
        self.setAccessibleName(name)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        times.hub.minute.connect(self._look)
        self._look()

    def set_deadline(self, deadline: Deadline) -> None:
        """Show another deadline."""
        self._deadline = deadline
        self._look()

    def _look(self) -> None:
        now = read(self._times.say, self._deadline, self._times.hub.clock())
        if now == self._shown:
            return
        self._shown = now
        self.setText(now.words)
        self.setAccessibleDescription(now.words)
        self.update()

    def sizeHint(self) -> QSize:
        self.ensurePolished()
        metrics = self.fontMetrics()
        sign = look().px(SIGN)
        return QSize(
            sign + SIZES.s + metrics.horizontalAdvance(self.text()) + 2, max(sign, metrics.height()) + 2
        )

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._shown:
            painter = QPainter(self)
            painter.setFont(self.font())
            paint_reading(painter, QRectF(self.rect()), self._shown)


class _Face(QWidget):
    """The shape alone, large; painted anew only when it looks different."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[Pace, int] | None = None
        self._resize()

    def show_reading(self, reading: Reading) -> None:
        """Show how it stands."""
        if (reading.pace, reading.left) != self._shown:
            self._shown = (reading.pace, reading.left)
            self.update()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.FontChange:
            self._resize()

    def _resize(self) -> None:
        self.setFixedSize(look().px(FACE), look().px(FACE))

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._shown:
            paint_sign(QPainter(self), QRectF(self.rect()), *self._shown)


def paint_reading(painter: QPainter, where: QRectF, reading: Reading) -> None:
    """The shape and the words behind it in one line, shortened where there is too little room."""
    side = look().px(SIGN)
    paint_sign(
        painter, QRectF(where.left(), where.center().y() - side / 2, side, side), reading.pace, reading.left
    )
    words = where.adjusted(side + SIZES.s, 0, 0, 0)
    calm = reading.pace is Pace.LEFT
    painter.setPen(QColor(look().colours.text if calm else look().tone(TONES[reading.pace]).ink))
    short = painter.fontMetrics().elidedText(
        reading.words, Qt.TextElideMode.ElideRight, int(words.width()) + 1
    )
    painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, short)


def paint_sign(painter: QPainter, where: QRectF, pace: Pace, left: int) -> None:
    """The shape of a pace in a square; pie and diamond show how many of `STEPS` are left."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    line = max(1.5, where.width() / 14)
    inner = where.adjusted(line, line, -line, -line)
    shapes = {Pace.LEFT: _paint_pie, Pace.NEAR: _paint_diamond, Pace.OVER: _paint_stop}
    painter.setPen(QPen(QColor(look().tone(TONES[pace]).ink), line))
    shapes[pace](painter, inner, left / STEPS)
    painter.restore()


def _paint_pie(painter: QPainter, where: QRectF, share: float) -> None:
    """A ring whose filling goes away clockwise from the top."""
    painter.drawEllipse(where)
    gap = painter.pen().widthF() * 1.3
    painter.setBrush(painter.pen().color())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawPie(where.adjusted(gap, gap, -gap, -gap), 90 * 16, round(360 * 16 * share))


def _paint_diamond(painter: QPainter, where: QRectF, share: float) -> None:
    """A square on its corner that is full up to the share that is left."""
    middle = where.center()
    outline = QPainterPath()
    outline.addPolygon(
        QPolygonF(
            [
                QPointF(middle.x(), where.top()),
                QPointF(where.right(), middle.y()),
                QPointF(middle.x(), where.bottom()),
                QPointF(where.left(), middle.y()),
            ]
        )
    )
    outline.closeSubpath()
    full = QPainterPath()
    full.addRect(where.adjusted(0, where.height() * (1 - share), 0, 0))
    painter.fillPath(outline.intersected(full), painter.pen().color())
    painter.drawPath(outline)


def _paint_stop(painter: QPainter, where: QRectF, _share: float) -> None:
    """A filled stop sign with an exclamation mark."""
    tone, cut = look().tone(Tone.WRONG), where.width() * 0.29
    low, high = (where.left(), where.top()), (where.right(), where.bottom())
    corners = [
        (low[0] + cut, low[1]),
        (high[0] - cut, low[1]),
        (high[0], low[1] + cut),
        (high[0], high[1] - cut),
        (high[0] - cut, high[1]),
        (low[0] + cut, high[1]),
        (low[0], high[1] - cut),
        (low[0], low[1] + cut),
    ]
    painter.setPen(QPen(QColor(tone.solid), 1))
    painter.setBrush(QColor(tone.solid))
    painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners]))
    thick, middle = where.width() / 8, where.center().x()
    painter.setPen(QPen(QColor(tone.on_solid), thick, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawLine(
        QPointF(middle, where.top() + where.height() * 0.26),
        QPointF(middle, where.top() + where.height() * 0.54),
    )
    painter.drawPoint(QPointF(middle, where.top() + where.height() * 0.75))
