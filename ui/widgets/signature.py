"""A pad to sign on with a finger, a pen or the mouse; or the tick that says it was signed on paper."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QImageWriter, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desk_app.texts import Speaker
from ui.theme import SIZES, look
from ui.theme.tokens import LIGHT
from ui.widgets.base import column, paint_panel
from ui.widgets.button import Button
from ui.widgets.fields import Tick
from ui.widgets.flow import Flow

PAPER = QSize(900, 300)
DOTS_PER_METRE = 11_811  # 300 dpi: 76 mm wide on paper
INK, WHITE = "#000000", "#FFFFFF"
PEN = 5.0
LEAST_INK = 60.0
NARROWEST, WIDEST = 240, 660

Stroke = list[QPointF]


class SignaturePad(QWidget):
    """`changed` after each stroke and when it is cleared; `signed_on_paper` with each turn of the tick."""

    changed = Signal()
    signed_on_paper = Signal(bool)

    def __init__(self, say: Speaker) -> None:
        super().__init__()
        self.setAccessibleName(say("Signature"))
        self.sheet = Sheet(say)
        self.clear_button = Button(say("Clear the signature"), "x", kind="quiet")
        self.clear_button.setEnabled(False)
        self.clear_button.clicked.connect(self.clear)
        self.paper = Tick(say("Signed on paper"))
        self.paper.toggled.connect(self._set_on_paper)
        self.sheet.drawn.connect(self._drawn)
        self.setLayout(column(self.sheet, Flow(self.paper, self.clear_button, apart=1), spacing=SIZES.s))

    def is_empty(self) -> bool:
        """Whether less is drawn than a signature takes; a glove that touched the pad does not sign."""
        return sum(_length(stroke) for stroke in self.sheet.strokes) < LEAST_INK

    def is_on_paper(self) -> bool:
        """Whether somebody says that it was signed on paper; what is drawn does not count then."""
        return self.paper.isChecked()

    def clear(self) -> None:
        """Take away what is drawn."""
        self.sheet.strokes.clear()
        self._drawn()

    def png(self) -> bytes:
        """The signature as a PNG of `PAPER` pixels, black on white in every scheme and at every scale."""
        image = QImage(PAPER, QImage.Format.Format_Grayscale8)
        image.setDotsPerMeterX(DOTS_PER_METRE)
        image.setDotsPerMeterY(DOTS_PER_METRE)
        image.fill(QColor(WHITE))
        painter = QPainter(image)
        paint_strokes(painter, self.sheet.strokes)
        painter.end()
        data = QByteArray()
        buffer = QBuffer(data)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        QImageWriter(buffer, b"png").write(image)
        return bytes(data.data())

    def _drawn(self) -> None:
        self.clear_button.setEnabled(bool(self.sheet.strokes) and not self.is_on_paper())
        self.sheet.update()
        self.changed.emit()

    def _set_on_paper(self, on_paper: bool) -> None:
        self.sheet.setEnabled(not on_paper)
        self.clear_button.setEnabled(bool(self.sheet.strokes) and not on_paper)
        self.signed_on_paper.emit(on_paper)


class Sheet(QWidget):
    """The paper itself, white in every scheme. `strokes` are in the units of `PAPER`, so they bear resizing.

    Pens and fingers come as the mouse: Qt makes mouse events of what nobody takes.
    """

    drawn = Signal()

    def __init__(self, say: Speaker) -> None:
        super().__init__()
        self.strokes: list[Stroke] = []
        self._hint, self._elsewhere = say("Sign here"), say("Signed on paper")
        self.setAccessibleName(say("Place for the signature"))
        self.setAccessibleDescription(say("Draw with a finger, a pen or the mouse"))
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMinimumWidth(NARROWEST)
        self.setMaximumWidth(WIDEST)
        self.setCursor(Qt.CursorShape.CrossCursor)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        """The paper's own shape."""
        return width * PAPER.height() // PAPER.width()

    def sizeHint(self) -> QSize:
        return PAPER / 2

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.strokes.append([self._on_paper(event.position())])
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton and self.strokes:
            self._draw_to(self._on_paper(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.strokes:
            self._draw_to(self._on_paper(event.position()))
            self.drawn.emit()

    def _draw_to(self, point: QPointF) -> None:
        if point != self.strokes[-1][-1]:
            self.strokes[-1].append(point)
            self.update()

    def _on_paper(self, where: QPointF) -> QPointF:
        """A place of the widget on the paper; what leaves the paper runs along its edge."""
        x, y = where.x() / max(1, self.width()), where.y() / max(1, self.height())
        return QPointF(PAPER.width() * min(1.0, max(0.0, x)), PAPER.height() * min(1.0, max(0.0, y)))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        colours, where = look().colours, QRectF(self.rect())
        if not self.isEnabled():
            paint_panel(painter, where, colours.sunken, colours.line)
            painter.setPen(QColor(colours.muted))
            painter.drawText(where, Qt.AlignmentFlag.AlignCenter, self._elsewhere)
            return
        paint_panel(painter, where, WHITE, colours.border)
        self._paint_line(painter)
        painter.scale(self.width() / PAPER.width(), self.height() / PAPER.height())
        paint_strokes(painter, self.strokes)

    def _paint_line(self, painter: QPainter) -> None:
        """The line to sign on, and while nothing is drawn, what to do; neither is part of the signature."""
        low = self.height() * 0.78
        painter.setPen(QPen(QColor(LIGHT.line), 1.5))
        painter.drawLine(QPointF(SIZES.xl, low), QPointF(self.width() - SIZES.xl, low))
        if not self.strokes:
            painter.setPen(QColor(LIGHT.muted))
            words = QRectF(SIZES.xl, 0, self.width() - 2 * SIZES.xl, low - SIZES.xs)
            painter.drawText(words, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, self._hint)


def paint_strokes(painter: QPainter, strokes: list[Stroke]) -> None:
    """Draw strokes in black as smooth lines; a stroke of one place is a dot."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    solid, cap, join = Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    painter.setPen(QPen(QColor(INK), PEN, solid, cap, join))
    for stroke in strokes:
        if len(stroke) == 1:
            painter.drawPoint(stroke[0])
        else:
            painter.drawPath(_smooth(stroke))


def _smooth(stroke: Stroke) -> QPainterPath:
    """A curve through the middles between neighbours, bent towards the places themselves."""
    path = QPainterPath(stroke[0])
    for here, after in pairwise(stroke[1:]):
        path.quadTo(here, (here + after) / 2)
    path.lineTo(stroke[-1])
    return path


def _length(stroke: Stroke) -> float:
    steps = (after - here for here, after in pairwise(stroke))
    return float(sum((step.x() ** 2 + step.y() ** 2) ** 0.5 for step in steps))
