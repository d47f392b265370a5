"""The live camera, where Qt's part for it is installed: frames go through `FrameReader`, codes come out.

Qt's QtMultimedia lies in a wheel of 175 MB and is no dependency. Nothing here fails without it.
"""

from __future__ import annotations

import time
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import PySide6
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desk_app.scanning.frames import FrameReader
from desk_app.scanning.pictures import Code, Point
from desk_app.texts import Speaker
from ui.services import Pictures
from ui.widgets import SIZES, Button, EmptyState, Text, column, row

MODULE = "PySide6.QtMultimedia"
PACKAGE = f"PySide6-Addons=={PySide6.__version__}"
WIDEST = 1280
BETWEEN_FRAMES_US = 66_000


def is_installed() -> bool:
    """Whether Qt's module for cameras is there, whatever becomes of it."""
    return find_spec(MODULE) is not None


def what_is_missing(say: Speaker) -> tuple[str, str]:
    """What keeps the camera from working, and what to do; both empty where nothing does."""
    if not is_installed():
        return (
            say("The part for the live camera is not installed"),
            say(
                "It is large, and few need it. To add it: pip install {package} (175 MB), then start anew. "
                "Pictures from a phone can be read without it.",
                package=PACKAGE,
            ),
        )
    try:
        has_camera = bool(import_module(MODULE).QMediaDevices.videoInputs())
    except ImportError as error:
        return say("The part for the live camera does not start"), say("It needs: {reason}", reason=error)
    if has_camera:
        return "", ""
    return (
        say("No camera was found"),
        say("Plug one in, or allow this program in the system's settings to use it, and open this again."),
    )


def grey_frame(image: QImage) -> tuple[Point, bytes]:
    """A frame as `FrameReader` takes it: at most `WIDEST` wide, a grey byte a pixel, lines without gaps."""
    if image.width() > WIDEST:
        image = image.scaledToWidth(WIDEST)
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    size, data = (grey.width(), grey.height()), bytes(grey.constBits())
    starts = range(0, size[1] * grey.bytesPerLine(), grey.bytesPerLine())
    return size, b"".join(data[start : start + size[0]] for start in starts)


class CameraView(QWidget):
    """What the camera sees; `found` carries the first code in a tuple, `closed` comes with Esc.

    The camera runs while this is there. Without one it says why and what to do.
    """

    found = Signal(object)
    closed = Signal()
    _told = Signal(object)  # by the decoder's thread

    def __init__(self, say: Speaker, pictures: Pictures) -> None:
        super().__init__()
        self._reader = FrameReader(pictures, self._tell)
        self._next_at = 0
        self._camera: Any = None
        self._told.connect(lambda code: self.found.emit((code,)), Qt.ConnectionType.QueuedConnection)
        self.picture = Seen()
        self.close_button = Button(say("Close"), "x", "Esc")
        self.close_button.clicked.connect(self.closed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(say("Camera"))
        words, detail = what_is_missing(say)
        self.missing = EmptyState("camera", words, detail) if words else None
        hint = Text(
            "" if words else say("Hold the code before the camera, straight and not too near"), "muted"
        )
        whole = column(self.missing or self.picture, row(hint, 1, self.close_button), spacing=SIZES.l)
        whole.setStretch(0, 1)
        whole.setContentsMargins(SIZES.xl, SIZES.l, SIZES.xl, SIZES.xl)
        self.setLayout(whole)
        if not words:
            self._start()

    def take_image(self, image: QImage, at: int) -> None:
        """Show a picture of the camera seen at `at` (microseconds) and look for codes in it."""
        self.picture.show_image(image)
        if not image.isNull():
            self._reader.feed(*grey_frame(image), at)

    def _tell(self, code: Code) -> None:
        with suppress(RuntimeError):  # the view was closed meanwhile
            self._told.emit(code)

    def _start(self) -> None:
        module: Any = import_module(MODULE)
        self._sink, self._session = module.QVideoSink(self), module.QMediaCaptureSession(self)
        self._camera = module.QCamera(module.QMediaDevices.defaultVideoInput(), self)
        self._session.setCamera(self._camera)
        self._session.setVideoSink(self._sink)
        self._sink.videoFrameChanged.connect(self._frame)
        self._camera.start()

    def _frame(self, frame: Any) -> None:
        """Cameras send more frames than are worth turning into pictures."""
        now = time.monotonic_ns() // 1000
        if now >= self._next_at:
            self._next_at = now + BETWEEN_FRAMES_US
            self.take_image(frame.toImage(), now)


class Seen(QWidget):
    """The last picture of the camera, whole."""

    def __init__(self) -> None:
        super().__init__()
        self._image = QImage()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(640, 360)

    def show_image(self, image: QImage) -> None:
        """Show this one."""
        self._image = image
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._image.isNull():
            return
        size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        left, top = (self.width() - size.width()) / 2, (self.height() - size.height()) / 2
        QPainter(self).drawImage(QRectF(left, top, size.width(), size.height()), self._image)
