"""The gallery in the real shell, and its pictures."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEventLoop, QSize
from PySide6.QtWidgets import QApplication

from desk_app.clock import Clock, system_clock
from desk_app.errors import OutsideError
from desk_app.texts import LANGUAGES, N_, Speaker, speaker
from ui.gallery.asking import DeadlinesPage, LookPage, PhotosPage
from ui.gallery.pages import AnswersPage, FieldsPage, ListsPage, StoryPage
from ui.gallery.samples import NOON, PEOPLE, WAYBILL, sample_photos
from ui.hub import Hub
from ui.main_window import MainWindow
from ui.sound import BeepDevice, Sounds
from ui.tasks import Tasks
from ui.theme import Scheme, Theme, Tone
from ui.widgets import Confirm, PhotoViewer
from ui.widgets.photos import Thumbnail

SCHEMES = (Scheme.LIGHT, Scheme.DARK, Scheme.CONTRAST)
SIZE = QSize(1366, 768)
PAGES = ("answers", "fields", "lists", "story", "deadlines", "photos", "look")


def run(out: Path | None, language: str) -> int:
    """Draw the gallery's pictures into `out`, or show it to try until its window is closed; the exit code."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    if out:
        pictures(out)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        theme = Theme(app, Path(folder))
        theme.apply(Scheme.SYSTEM)
        window = gallery_window(speaker(language), theme, sample_photos(Path(folder)), system_clock)
        window.show()
        code = app.exec()
        window.tools.tasks.stop()
        return code


def _standing() -> int:
    """A clock that stands, so that pictures are the same each time."""
    return NOON


def gallery_window(
    say: Speaker, theme: Theme, photos: Sequence[Path], clock: Clock = _standing
) -> MainWindow:
    """The shell with the gallery's pages, entered."""
    tasks, hub = Tasks(theme), Hub(theme)
    hub.keep_time(clock)
    window = MainWindow(say, tasks, hub, Sounds(BeepDevice(QApplication.beep)))
    window.add_page("answers", N_("Answers"), "circle-check", AnswersPage, "Alt+1")
    window.add_page("fields", N_("Fields"), "pencil", FieldsPage, "Alt+2")
    window.add_page("lists", N_("Lists"), "clipboard-list", ListsPage, "Alt+3")
    window.add_page("story", N_("Story"), "history", lambda tools: StoryPage(tools, photos), "Alt+4")
    window.add_page("deadlines", N_("Deadlines"), "clock", DeadlinesPage, "Alt+5")
    window.add_page("photos", N_("Photographs"), "image", lambda tools: PhotosPage(tools, photos), "Alt+6")
    window.add_page("look", N_("Look"), "sun", lambda tools: LookPage(tools, theme), "Alt+9", last=True)
    window.show_sign("person", Tone.NEUTRAL, PEOPLE[0])
    window.show_sign("desk", Tone.NEUTRAL, say("Window {n}", n=2))
    window.show_sign("line", Tone.ATTENTION, say("No line · {n} waiting", n=12), "cloud-off")
    window.show_sign("printer", Tone.NEUTRAL, say("Ready"))
    window.show_sign("scanner", Tone.NEUTRAL, say("Ready"))
    window.enter("answers")
    return window


def pictures(out: Path, languages: Sequence[str] = LANGUAGES, scale: float = 1.0) -> list[Path]:
    """Draw every gallery page in every scheme and language into PNG files of `out`; needs a QApplication."""
    out.mkdir(parents=True, exist_ok=True)
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise RuntimeError("pictures need a QApplication")
    with tempfile.TemporaryDirectory() as folder:
        theme = Theme(app, Path(folder))
        photos = sample_photos(Path(folder))
        drawn: list[Path] = []
        for language in languages:
            drawn += _pictures_of(language, theme, photos, out, scale)
    return drawn


def _pictures_of(language: str, theme: Theme, photos: Sequence[Path], out: Path, scale: float) -> list[Path]:
    window = gallery_window(speaker(language), theme, photos)
    window.resize(SIZE)
    drawn = []
    for scheme in SCHEMES:
        theme.apply(scheme, scale)
        for name in PAGES:
            path = out / f"{name}-{scheme.value}-{language}.png"
            _draw(window, name, path)
            drawn.append(path)
    window.tools.tasks.stop()
    window.close()
    window.deleteLater()
    return drawn


def _draw(window: MainWindow, name: str, path: Path) -> None:
    window.open(name)
    window.show()
    window.scan_bar.show_scan(WAYBILL)
    window.answer(Tone.GOOD, window.tools.say("Parcel received"))
    if name == "answers":
        window.toast(window.tools.say("Parcel put on shelf {shelf}", shelf="A-07"), undo=lambda: None)
    while _is_unfinished(window):
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    QApplication.processEvents()
    if not window.grab().save(str(path)):
        raise OutsideError("picture_not_written", path=str(path))


def _is_unfinished(window: MainWindow) -> bool:
    """Whether photographs are still on their way to the screen, or a red button sleeps."""
    if any(not asked.danger.isEnabled() for asked in window.findChildren(Confirm) if asked.isVisible()):
        return True
    large = [viewer.canvas.image for viewer in window.findChildren(PhotoViewer) if viewer.isVisible()]
    thumbnails = window.findChildren(Thumbnail)
    seen = [thumbnail.image for thumbnail in thumbnails if not thumbnail.visibleRegion().isEmpty()]
    return None in [*large, *seen]
