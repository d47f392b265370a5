"""Photographs large, in place of the page they belong to: one after the other, whole or near."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desk_app.errors import ShownError
from desk_app.texts import Speaker
from ui.tasks import Tasks
from ui.theme import SIZES, icons, look
from ui.widgets.base import Text, column, row
from ui.widgets.button import Button
from ui.widgets.empty import EmptyState
from ui.widgets.flow import Flow
from ui.widgets.page import Page
from ui.widgets.photos import Photo, PhotoStrip, read_photo

LARGEST = QSize(4096, 4096)
STEP = 1.25
NEAREST = 4.0
NOTCH = 120
SIGN = 48
PAN = 80
MIDDLE = QPointF(0.5, 0.5)


class PhotoViewer(QWidget):
    """The photographs of a strip, one of them large. `closed` says that it is to be taken away.

    Esc closes, arrows go on, `+`, `-` and `0` or the wheel zoom, dragging or Shift with an arrow moves. Signs
    and digits are taken as keys of this widget, never as shortcuts, because scanners type them.
    """

    closed = Signal()

    def __init__(self, say: Speaker, tasks: Tasks, strip: PhotoStrip, key: str) -> None:
        super().__init__()
        self._say, self._tasks, self._strip = say, tasks, strip
        self._photos = strip.photos
        self._at = next(n for n, photo in enumerate(self._photos) if photo.key == key)
        self.canvas, self.caption = Canvas(), Text("", "strong", wrap=False)
        self.broken = EmptyState(
            "image-off",
            say("This photograph cannot be shown"),
            say("It was erased, is damaged, or has not come to this desk yet."),
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(say("Photographs, large"))
        self._make_buttons()
        self._lay_out()
        strip.changed.connect(self._follow)
        self._show(fresh=True)

    def step(self, by: int) -> None:
        """Show the next photograph (1) or the one before (-1); at the ends nothing happens."""
        there = min(len(self._photos) - 1, max(0, self._at + by))
        if there != self._at:
            self._at = there
            self._show(fresh=True)

    # showing

    def _follow(self) -> None:
        """The strip shows others. The photograph on show stays where it is still there, and is read anew."""
        if not self._strip.photos:
            self.closed.emit()
            return
        key, self._photos = self._photos[self._at].key, self._strip.photos
        keys = [photo.key for photo in self._photos]
        self._at = keys.index(key) if key in keys else min(self._at, len(keys) - 1)
        self._show(fresh=keys[self._at] != key)

    def _show(self, fresh: bool) -> None:
        photo = self._photos[self._at]
        number = self._say("{n} of {total}", n=self._at + 1, total=len(self._photos))
        self.caption.setText(f"{number} · {photo.name}")
        self.setAccessibleDescription(self.caption.text())
        self.previous.setEnabled(self._at > 0)
        self.following.setEnabled(self._at + 1 < len(self._photos))
        if fresh:
            self._show_image(None)
        read = partial(read_photo, photo.load, _bounded)
        self._tasks.run(read, partial(self._loaded, photo), partial(self._unread, photo))

    def _loaded(self, photo: Photo, image: QImage) -> None:
        """Show what was read, unless another photograph is on show meanwhile."""
        if photo is self._photos[self._at]:
            self._show_image(image)

    def _unread(self, photo: Photo, _error: ShownError) -> None:
        self._loaded(photo, QImage())

    def _show_image(self, image: QImage | None) -> None:
        is_broken = image is not None and image.isNull()
        self.canvas.setVisible(not is_broken)
        self.broken.setVisible(is_broken)
        self.canvas.show_image(None if is_broken else image)
        if is_broken:
            self.setAccessibleDescription(f"{self.caption.text()} · {self.broken.accessibleName()}")
        for button in self.zooms:
            button.setEnabled(self.canvas.image is not None)

    # keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        zooms = {
            "+": self.canvas.nearer,
            "=": self.canvas.nearer,
            "-": self.canvas.farther,
            "0": self.canvas.fit,
        }
        if act := zooms.get(event.text()):
            act()
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier and event.key() in _WAYS:
            x, y = _WAYS[Qt.Key(event.key())]
            self.canvas.move_by(QPointF(x * PAN, y * PAN))
        else:
            super().keyPressEvent(event)

    # building

    def _make_buttons(self) -> None:
        say = self._say
        self.close_button = Button(say("Close"), "x", "Esc")
        self.close_button.clicked.connect(self.closed)
        self.previous = Button(say("Previous"), "arrow-left", "Left")
        self.previous.clicked.connect(lambda: self.step(-1))
        self.following = Button(say("Next"), "arrow-right", "Right")
        self.following.clicked.connect(lambda: self.step(1))
        self.zooms = (
            _Zoom(say("Smaller"), "minus", "-", self.canvas.farther),
            _Zoom(say("Fit"), "image", "0", self.canvas.fit),
            _Zoom(say("Larger"), "plus", "+", self.canvas.nearer),
        )

    def _lay_out(self) -> None:
        head = row(self.caption, 1, self.close_button)
        foot = Flow(self.previous, self.following, *self.zooms, apart=2)
        whole = column(head, self.canvas, self.broken, foot)
        whole.setContentsMargins(SIZES.xl, SIZES.l, SIZES.xl, SIZES.l)
        self.setLayout(whole)


def open_viewer(strip: PhotoStrip, key: str) -> PhotoViewer:
    """Show a photograph of a strip large, over the strip's page, until Esc, the next scan or another page."""
    page = _page_of(strip)
    viewer = PhotoViewer(page.say, page.tools.tasks, strip, key)
    viewer.closed.connect(page.put_away)
    page.cover(viewer)
    return viewer


def _page_of(widget: QWidget) -> Page:
    parent = widget.parentWidget()
    while parent and not isinstance(parent, Page):
        parent = parent.parentWidget()
    assert isinstance(parent, Page), "photographs open over a page"
    return parent


def _bounded(size: QSize) -> QSize:
    """No larger than LARGEST, and never blown up."""
    if size == size.boundedTo(LARGEST):
        return size
    return size.scaled(LARGEST, Qt.AspectRatioMode.KeepAspectRatio)


_WAYS = {
    Qt.Key.Key_Left: (1, 0),
    Qt.Key.Key_Right: (-1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}


class Canvas(QWidget):
    """The picture itself. `zoom` is 1 where all is seen; `middle` is what stands in the middle, 0 to 1."""

    def __init__(self) -> None:
        super().__init__()
        self.image: QImage | None = None
        self.zoom, self.middle = 1.0, MIDDLE
        self._small = QImage()
        self._held_at = QPointF()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_image(self, image: QImage | None) -> None:
        """Show a picture; None while one is read. Another of the same size keeps zoom and place."""
        same = image is not None and self.image is not None and image.size() == self.image.size()
        self.image, self._small = image, QImage()
        if not same:
            self.fit()
        self.update()

    def fit(self) -> None:
        """All of it, as large as there is room."""
        self._set_zoom(1.0, None)

    def nearer(self) -> None:
        """A step larger."""
        self._set_zoom(self.zoom * STEP, None)

    def farther(self) -> None:
        """A step smaller, until it fits."""
        self._set_zoom(self.zoom / STEP, None)

    def move_by(self, way: QPointF) -> None:
        """Move the picture by pixels, as far as it reaches."""
        size = self.place().size()
        self._set_middle(self.middle - QPointF(way.x() / size.width(), way.y() / size.height()))

    def place(self) -> QRectF:
        """Where the picture lies; it reaches beyond the widget when it is near."""
        if self.image is None:
            return QRectF(0, 0, 1, 1)
        size = QSizeF(self.image.size()) * self._fitting() * self.zoom
        left = self.width() / 2 - self.middle.x() * size.width()
        top = self.height() / 2 - self.middle.y() * size.height()
        return QRectF(QPointF(left, top), size)

    def _fitting(self) -> float:
        """The scale at which all of it is seen; small pictures are not blown up.

        A layout may leave no room at all for a moment, and scales are divided by.
        """
        if self.image is None:
            return 1.0
        room = self.size().expandedTo(QSize(1, 1))
        return min(1.0, room.width() / self.image.width(), room.height() / self.image.height())

    def _set_zoom(self, zoom: float, around: QPointF | None) -> None:
        """Zoom, and let the point under `around` (the middle by default) stay where it is."""
        point = around or QPointF(self.width() / 2, self.height() / 2)
        before = self.place()
        self.zoom = min(max(1.0, zoom), max(1.0, NEAREST / self._fitting()))
        size = self.place().size()
        x = (point.x() - before.left()) / before.width() - (point.x() - self.width() / 2) / size.width()
        y = (point.y() - before.top()) / before.height() - (point.y() - self.height() / 2) / size.height()
        self._set_middle(QPointF(x, y))

    def _set_middle(self, middle: QPointF) -> None:
        size = self.place().size()
        self.middle = QPointF(
            _held(middle.x(), self.width() / size.width()), _held(middle.y(), self.height() / size.height())
        )
        is_near = size.width() > self.width() + 1 or size.height() > self.height() + 1
        self.setCursor(Qt.CursorShape.OpenHandCursor if is_near else Qt.CursorShape.ArrowCursor)
        self.update()

    def resizeEvent(self, _event: object) -> None:
        self._set_zoom(self.zoom, None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._set_zoom(self.zoom * STEP ** (event.angleDelta().y() / NOTCH), event.position())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._held_at = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.move_by(event.position() - self._held_at)
        self._held_at = event.position()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.image is None:
            middle = QRectF(self.rect()).center() - QPointF(SIGN / 2, SIGN / 2)
            icons.paint(painter, "image", look().colours.muted, QRectF(middle, QSizeF(SIGN, SIGN)))
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(self.place(), self._at_size(self.image))

    def _at_size(self, image: QImage) -> QImage:
        """The picture made smaller once and well, where the painter would do it coarsely each time."""
        size = (self.place().size() * self.devicePixelRatioF()).toSize().expandedTo(QSize(1, 1))
        if size.width() >= image.width():
            return image
        if self._small.size() != size:
            smooth = Qt.TransformationMode.SmoothTransformation
            self._small = image.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
        return self._small


def _held(middle: float, seen: float) -> float:
    """A middle from which nothing beside the picture is seen; `seen` is how much of it there is room for."""
    return 0.5 if seen >= 1 else min(max(middle, seen / 2), 1 - seen / 2)


class _Zoom(Button):
    """Shows its key, which the viewer takes."""

    def __init__(self, text: str, icon: str, key: str, act: Callable[[], None]) -> None:
        super().__init__(text, icon)
        self._key = key
        self.setAccessibleDescription(key)
        self.clicked.connect(act)
