"""Codes from pictures: a file that is chosen or dropped, a picture that is pasted, and the live camera."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QEvent, QIODevice, QMimeData, QObject, Signal
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog

from desk_app.errors import ShownError
from desk_app.refusals import sentence
from desk_app.scanning.pictures import Code
from desk_app.texts import Speaker
from ui import camera
from ui.pages.acts import PICTURES
from ui.pages.found_codes import FoundCodes
from ui.services import Services
from ui.sound import Sound
from ui.widgets import Tone
from ui.workplace import Workplace

if TYPE_CHECKING:
    from ui.app import Program

NOT_PACKED = 100
KINDS = f"{PICTURES} *.bmp *.gif *.tif *.tiff *.avif"
Picture = bytes | Path


class Picturing(QObject):
    """`found` carries the code that was read, or that a person chose of several, in a tuple.

    Only the last picture counts, and only for the person who gave it.
    """

    found = Signal(object)

    def __init__(self, program: Program, services: Services) -> None:
        super().__init__(program.window)
        self._program, self._services, self._window = program, services, program.window
        self._last: Picture | None = None
        self._window.picture_asked.connect(self.ask)
        self._window.camera_asked.connect(self.open_camera)
        self._window.setAcceptDrops(True)
        self._window.offer_camera(camera.is_installed())
        self._paste = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self._window, self.paste)
        self._window.installEventFilter(self)

    def stop(self) -> None:
        """Take no picture any more."""
        self._window.removeEventFilter(self)
        self._last = None

    def ask(self) -> None:
        """Ask for a picture file and read it."""
        kinds = f"{self._say('Pictures')} ({KINDS})"
        title = self._say("Read codes from a picture")
        chosen, _ = QFileDialog.getOpenFileName(self._window, title, "", kinds)
        if chosen:
            self.read(Path(chosen))

    def paste(self) -> None:
        """Read the picture in the clipboard."""
        self._take(QGuiApplication.clipboard().mimeData())

    def open_camera(self) -> None:
        """Show the camera over the page; it closes with the first code."""
        page = self._window.page
        if page and self._window.is_entered:
            view = camera.CameraView(self._say, self._services.pictures)
            view.found.connect(self._choose)
            view.closed.connect(page.put_away)
            page.cover(view)

    def read(self, picture: Picture) -> None:
        """Look for codes in a picture; what comes of it is said beside the scan bar."""
        if not self._window.is_entered:
            return
        self._last = picture
        self._window.work.scan_bar.show_scan("")
        self._window.answer(Tone.NEUTRAL, self._say("Reading the picture …"))
        asked = self._services.pictures.read(picture)
        asker = (picture, self._window.work)
        self._program.tasks.when(asked, partial(self._read, *asker), partial(self._failed, *asker))

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Take what is dropped onto the window."""
        if not isinstance(event, QDropEvent) or not self._window.is_entered:
            return False
        given = event.mimeData()
        if given.hasUrls() or given.hasImage():
            event.acceptProposedAction()
            if event.type() is QEvent.Type.Drop:
                self._take(given)
        return True

    # what is given

    def _take(self, given: QMimeData | None) -> None:
        files = [Path(url.toLocalFile()) for url in given.urls() if url.isLocalFile()] if given else []
        if len(files) > 1:
            self._tell(Tone.ATTENTION, Sound.ATTENTION, self._say("One picture at a time, please"))
        elif files:
            self.read(files[0])
        elif given and given.hasImage():
            self.read(_png(QImage(given.imageData())))

    # what is found

    def _read(self, picture: Picture, work: Workplace, codes: tuple[Code, ...]) -> None:
        if self._is_waited_for(picture, work):
            self._choose(codes)

    def _failed(self, picture: Picture, work: Workplace, error: ShownError) -> None:
        if self._is_waited_for(picture, work):
            self._tell(Tone.WRONG, Sound.ERROR, sentence(error, self._say))

    def _is_waited_for(self, picture: Picture, work: Workplace) -> bool:
        return picture is self._last and self._window.is_entered and self._window.work is work

    def _choose(self, codes: tuple[Code, ...]) -> None:
        """Pass on one code, ask which one of several, say what to do without any."""
        page = self._window.page
        if len(codes) == 1:
            self.found.emit(codes)
        elif codes and page:
            self._window.answer(Tone.NEUTRAL, self._say("Several codes: choose one"))
            asked = FoundCodes(self._say, codes)
            asked.chosen.connect(self._chosen)
            asked.closed.connect(page.put_away)
            page.cover(asked)
        else:
            words = self._say("No code found. Take the picture from nearer, straight and in even light.")
            self._tell(Tone.ATTENTION, Sound.ATTENTION, words)

    def _chosen(self, code: Code) -> None:
        if self._window.page:
            self._window.page.put_away()
        self.found.emit((code,))

    def _tell(self, tone: Tone, sound: Sound, words: str) -> None:
        self._window.answer(tone, words)
        self._program.sounds.play(sound)

    @property
    def _say(self) -> Speaker:
        return self._program.say


def _png(image: QImage) -> bytes:
    """The file of a picture that came without one."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG", NOT_PACKED)  # type: ignore[call-overload]
    return bytes(data.data())
