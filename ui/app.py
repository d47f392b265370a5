"""The program with windows: paints first, opens the desk beside the Qt thread, then sets up or signs in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QLibraryInfo, QObject, QTimer, QTranslator
from PySide6.QtWidgets import QApplication, QWidget

from desk_app.errors import ShownError
from desk_app.settings import Settings
from desk_app.texts import Speaker, speaker
from ui.failure import Crashes, Failure
from ui.hub import Hub
from ui.main_window import MainWindow
from ui.services import Services, Setup
from ui.sound import Sounds, device
from ui.tasks import Tasks
from ui.theme import Scheme, Theme, Tone

if TYPE_CHECKING:
    from ui.session import Session

OpenDesk = Callable[[], Services | Setup]
"""Opens the desk in `settings`' folder, or gives what makes its beginning when there is none yet.

Called in a thread of its own, and again after the beginning was made or a person asks to try again.
Raises OutsideError and RuleError, whose sentences are shown.
"""


def run(open_desk: OpenDesk, settings: Settings, cache: Path) -> int:
    """Show the program until its window is closed; returns the exit code.

    `cache` is a folder for drawings and sounds. Closing what `open_desk` opened is the caller's affair.
    """
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    program = Program(app, open_desk, settings, cache)
    program.crashes.install()
    try:
        program.start()
        return app.exec()
    finally:
        program.stop()
        program.crashes.remove()


class Program(QObject):
    """Window, look and threads of one run. `session` is there once the desk is open."""

    def __init__(self, app: QApplication, open_desk: OpenDesk, settings: Settings, cache: Path) -> None:
        super().__init__()
        app.setApplicationName("Mendesk")
        app.setDesktopFileName("mendesk")
        self.app, self.settings = app, settings
        self._open_desk = open_desk
        self._cache = cache
        self.session: Session | None = None
        self.crashes = Crashes()
        self.crashes.happened.connect(self._crashed)
        self._qt_words = QTranslator(self)
        self.theme = Theme(app, cache)
        self.apply_look()
        self.tasks, self.hub = Tasks(), Hub()
        self.sounds = Sounds(device(cache, app.beep), settings.volume)
        self.window = MainWindow(self.say, self.tasks, self.hub, self.sounds)
        self._first_paint = FirstPaint(self.window, self._open)
        self.speak()

    @property
    def say(self) -> Speaker:
        """The language that is set."""
        return speaker(self.settings.language)

    def start(self) -> None:
        """Show the window; it opens the desk when it has been painted."""
        self.window.show()

    def stop(self) -> None:
        """End the threads."""
        if self.session:
            self.session.stop()
            self.session = None
        self.tasks.stop()

    def apply_look(self) -> None:
        """Colours and letters as they are set."""
        self.theme.apply(Scheme(self.settings.scheme), self.settings.text_scale / 100)

    def speak(self) -> None:
        """Let Qt's own words (menus of fields, file dialogs) be in the language that is set."""
        self.app.removeTranslator(self._qt_words)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if self._qt_words.load(f"qtbase_{self.settings.language}", folder):
            self.app.installTranslator(self._qt_words)

    # opening

    def _open(self) -> None:
        self.window.show_opening()
        self.tasks.run(self._work, self._opened, self._not_opened)

    def _work(self) -> Services | Setup:
        """Open the desk; and fetch what the pages need while the window stays lively."""
        import ui.session  # noqa: F401 - it is imported here so that it is there later

        self.say.moment(self.hub.clock(), "UTC")  # reads the tables of dates
        return self._open_desk()

    def _opened(self, found: Services | Setup) -> None:
        if isinstance(found, Services):
            from ui.session import Session

            self.settings = found.settings
            self.hub.keep_time(found.clock)
            self.session = Session(self, found)
            self.session.begin()
            return
        from ui.pages.setup.page import SetupCards

        self.settings.listen(self._setup_changed)
        self.window.show_bare(SetupCards(self.settings, self.tasks, found, self._founded))

    def _setup_changed(self, name: str) -> None:
        if name == "language":
            self.speak()

    def _founded(self) -> None:
        self.window.set_language(self.say)
        self.speak()
        self._open()

    def _not_opened(self, error: ShownError) -> None:
        from desk_app.refusals import sentence

        self._show_failure(sentence(error, self.say))

    def _show_failure(self, words: str) -> None:
        self.window.show_bare(Failure(self.say, words, self._open))

    def _crashed(self) -> None:
        words = self.say("Something went wrong and is noted in the log. What was recorded is safe.")
        if self.window.is_entered:
            self.window.toast(words, Tone.WRONG)
        elif self.session is None:
            self._show_failure(words)


class FirstPaint(QObject):
    """Calls `then` once, when `window` has been painted."""

    def __init__(self, window: QWidget, then: Callable[[], None]) -> None:
        super().__init__(window)
        self._window, self._then = window, then
        window.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint:
            self._window.removeEventFilter(self)
            QTimer.singleShot(0, self._then)
        return False
