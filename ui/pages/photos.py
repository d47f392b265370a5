"""The photographs of an item as pages show them: a strip, and one of them large."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QPixmap
from PySide6.QtWidgets import QDialog, QLabel, QVBoxLayout, QWidget

from desk_app.domain.cases import Photo as Record
from ui.pages import words
from ui.services import Services
from ui.widgets import Photo, PhotoStrip, Tone, Tools

LARGE = QSize(1100, 720)


def strip(tools: Tools, services: Services, ask: Callable[[], object] | None = None) -> PhotoStrip:
    """A strip whose photographs open large; with `ask` it has a button that asks for another."""
    made = PhotoStrip(tools.say, tools.tasks, can_add=ask is not None)
    made.opened.connect(partial(_open, tools, services, made))
    if ask:
        made.asked.connect(ask)
    return made


def show(strip: PhotoStrip, tools: Tools, services: Services, records: Iterable[Record]) -> None:
    """Show these photographs of a case in a strip; their records are the keys."""
    strip.set_photos(
        [
            Photo(
                photo.record,
                words.lookup(tools.say, words.STAGES, photo.stage),
                partial(_bytes, services, photo.record),
            )
            for photo in records
        ]
    )


def _bytes(services: Services, record: str) -> bytes:
    """The picture; FileNotFoundError where it was erased or has not come to this desk yet."""
    data = services.inspection.photo(record)
    if data is None:
        raise FileNotFoundError(record)
    return data


def _open(tools: Tools, services: Services, above: QWidget, record: str) -> None:
    tools.tasks.run(partial(_large, services, record), partial(_show_large, tools, above))


def _large(services: Services, record: str) -> QImage:
    """A photograph turned as the camera says, at most LARGE; null where it is not here."""
    data = QByteArray(services.inspection.photo(record) or b"")
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    image = reader.read() if data.size() else QImage()
    if image.isNull():
        return image
    smooth = Qt.TransformationMode.SmoothTransformation
    return image.scaled(LARGE, Qt.AspectRatioMode.KeepAspectRatio, smooth)


def _show_large(tools: Tools, above: QWidget, image: QImage) -> None:
    if image.isNull():
        tools.shell.toast(tools.say("This photograph is not on this desk"), Tone.ATTENTION)
        return
    dialog = QDialog(above.window())
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(tools.say("Photograph"))
    picture = QLabel()
    picture.setAccessibleName(tools.say("Photograph"))
    picture.setPixmap(QPixmap.fromImage(image))
    QVBoxLayout(dialog).addWidget(picture)
    dialog.open()
