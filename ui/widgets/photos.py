"""A strip of photographs: thumbnails are read beside the Qt thread, at the size they are shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QImageReader, QKeyEvent, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from desk_app.texts import Speaker
from ui.tasks import Tasks
from ui.theme import SIZES, Tone, icons, look
from ui.widgets.base import discard, paint_panel, tab_through
from ui.widgets.button import Button
from ui.widgets.chip import chip_size, paint_chip
from ui.widgets.flow import Flow

SIDE = 112
LARGEST_MB = 512


@dataclass(frozen=True, slots=True)
class Photo:
    """A photograph: a key, words for it, and how to get its file's bytes (called beside the Qt thread).

    band: a short word across its thumbnail, such as that only a preview is here; "" for none.
    """

    key: str
    name: str
    load: Callable[[], bytes]
    band: str = ""


def photo_of(path: Path) -> Photo:
    """The photograph in a file; its path is the key."""
    return Photo(str(path), path.name, path.read_bytes)


class PhotoStrip(QWidget):
    """`opened` and `removed` carry a photograph's key, `asked` says that another is wanted.

    `changed` says that other photographs are shown; `photos` are those.
    """

    opened = Signal(str)
    changed = Signal()
    removed = Signal(str)
    asked = Signal()

    def __init__(self, say: Speaker, tasks: Tasks, can_add: bool = True) -> None:
        super().__init__()
        self._tasks = tasks
        self.thumbnails: list[Thumbnail] = []
        self.setAccessibleName(say("Photographs"))
        self.add_button = Button(say("Add photograph"), "image-plus")
        self.add_button.clicked.connect(self.asked)
        if not can_add:
            self.add_button.hide()
        self._line = Flow(self.add_button, spacing=SIZES.m)
        self.setLayout(self._line)

    @property
    def photos(self) -> tuple[Photo, ...]:
        """What is shown, from left to right."""
        return tuple(thumbnail.photo for thumbnail in self.thumbnails)

    def set_photos(self, photos: Sequence[Photo]) -> None:
        """Show these; the focus stays, and what is shown already stays until it was read again."""
        before = {_shown(thumbnail.photo): thumbnail for thumbnail in self.thumbnails}
        focused = next((each.photo.key for each in self.thumbnails if each.hasFocus()), None)
        for thumbnail in self.thumbnails:
            self._line.removeWidget(thumbnail)
        self.thumbnails = [self._thumbnail(photo, before.pop(_shown(photo), None)) for photo in photos]
        for number, thumbnail in enumerate(self.thumbnails, 1):
            thumbnail.setAccessibleName(f"{thumbnail.photo.name} {number}")
            self._line.addWidget(thumbnail)
            if thumbnail.photo.key == focused:
                thumbnail.show()  # what is not shown yet takes no focus
                thumbnail.setFocus()
        for gone in before.values():
            discard(gone)
        self._line.put_last(self.add_button)
        self.add_button.raise_()  # the last child: Tab and readers come to it last
        tab_through(self, *self.thumbnails, self.add_button)
        self.changed.emit()

    def _thumbnail(self, photo: Photo, before: Thumbnail | None) -> Thumbnail:
        if before:
            before.renew(photo)
            return before
        made = Thumbnail(photo)
        made.clicked.connect(partial(self.opened.emit, photo.key))
        made.deleted.connect(partial(self.removed.emit, photo.key))
        made.wanted.connect(partial(self._load, made), Qt.ConnectionType.QueuedConnection)
        return made

    def _load(self, thumbnail: Thumbnail) -> None:
        ratio, photo = self.devicePixelRatioF(), thumbnail.photo
        read = partial(read_thumbnail, photo.load, round(SIDE * ratio))
        show = partial(self._show, thumbnail, photo)
        self._tasks.run(read, show, lambda _: show(QImage()))

    def _show(self, thumbnail: Thumbnail, photo: Photo, image: QImage) -> None:
        if thumbnail in self.thumbnails and thumbnail.photo is photo:  # else it was renewed meanwhile
            thumbnail.show_image(image)


def _shown(photo: Photo) -> tuple[str, str, str]:
    """What of a photograph stands beside its picture."""
    return photo.key, photo.name, photo.band


class Thumbnail(QAbstractButton):
    """One photograph; Enter or Space opens it, Delete asks to remove it.

    Its picture is `wanted` once it has been seen: the page stands first, and what nobody sees is not read.
    """

    deleted = Signal()
    wanted = Signal()

    def __init__(self, photo: Photo) -> None:
        super().__init__()
        self.photo = photo
        self.image: QImage | None = None
        self._is_seen = False
        self.setAccessibleName(photo.name)
        self.setToolTip(photo.name)
        self.setFixedSize(SIDE, SIDE)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def renew(self, photo: Photo) -> None:
        """Read the picture again: it may have come whole, or been erased, meanwhile."""
        self.photo = photo
        if self._is_seen:
            self.wanted.emit()

    def show_image(self, image: QImage) -> None:
        """Show the picture, or a broken one's sign for a null image."""
        self.image = image
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.deleted.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._is_seen:
            self._is_seen = True
            self.wanted.emit()
        painter = QPainter(self)
        colours, where = look().colours, QRectF(self.rect())
        paint_panel(painter, where, colours.sunken, "")
        if self.image is None or self.image.isNull():
            sign = "image" if self.image is None or self.photo.band else "image-off"
            icons.paint(painter, sign, colours.muted, QRectF(SIDE / 2 - 14, SIDE / 2 - 14, 28, 28))
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            outline = QPainterPath()
            outline.addRoundedRect(where, SIZES.radius, SIZES.radius)
            painter.setClipPath(outline)
            painter.drawImage(where, self.image)
            painter.setClipping(False)
        if self.photo.band:
            self._paint_band(painter)
        paint_panel(
            painter,
            where,
            "",
            colours.accent if self.hasFocus() else colours.line,
            3 if self.hasFocus() else 1,
        )

    def _paint_band(self, painter: QPainter) -> None:
        font = self.font()
        font.setPixelSize(look().px(SIZES.caption))
        painter.setFont(font)
        size = chip_size(painter.fontMetrics(), self.photo.band)
        width = min(size.width(), SIDE - 2 * SIZES.xs)
        place = QRectF(SIZES.xs, SIDE - SIZES.xs - size.height(), width, size.height())
        paint_chip(painter, place, self.photo.band, Tone.NEUTRAL)


def read_thumbnail(load: Callable[[], bytes], side: int) -> QImage:
    """The middle of a photograph, `side` pixels square, turned as the camera says; null where unreadable."""
    square, fill = QSize(side, side), Qt.AspectRatioMode.KeepAspectRatioByExpanding
    image = read_photo(load, lambda size: size.scaled(square, fill))
    if image.isNull():
        return image
    left, top = (image.width() - side) // 2, (image.height() - side) // 2
    return image.copy(left, top, side, side)


def read_photo(load: Callable[[], bytes], scaled: Callable[[QSize], QSize]) -> QImage:
    """A photograph turned as the camera says; null where unreadable. Slow: call it beside the Qt thread.

    `scaled` says for the picture's own size at which it is wanted.
    """
    try:
        data = QByteArray(load())
    except OSError:  # the file is gone or cannot be read
        return QImage()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    QImageReader.setAllocationLimit(LARGEST_MB)
    if reader.size().isValid():
        reader.setScaledSize(scaled(reader.size()))
    return reader.read()
