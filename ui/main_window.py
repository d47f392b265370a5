"""The window: shows a person's workplace, or a card alone where nobody works. It decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QMouseEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QWidget

from desk_app.texts import Speaker
from ui.hub import Hub
from ui.scan_history import ScanHistory
from ui.sound import Sounds
from ui.tasks import Tasks
from ui.theme import SIZES, Tone
from ui.widgets.base import Mark, Text, column, row
from ui.widgets.page import Page, Tools
from ui.widgets.rail import NavRail
from ui.widgets.scan_bar import ScanBar
from ui.widgets.signs import StatusSign
from ui.widgets.toast import Toasts
from ui.workplace import FORWARD, Factory, Place, Route, Workplace

if TYPE_CHECKING:  # its tables of codes would keep the first window waiting
    from desk_app.scanning.reading import Scan


class MainWindow(QMainWindow):
    """Paints at once as a calm 'opening'; `show_bare` and `enter` say what comes then.

    `typed` carries what was typed into the scan bar. Scans come in by `take_scan`, from whatever reads them.
    `picture_asked` and `camera_asked` come from the scan bar.
    `sign_clicked` names the sign that was chosen: person, lock, desk, line, printer or scanner.
    """

    typed = Signal(str)
    opened = Signal(str)
    sign_clicked = Signal(str)
    picture_asked = Signal()
    camera_asked = Signal()

    def __init__(self, say: Speaker, tasks: Tasks, hub: Hub, sounds: Sounds) -> None:
        super().__init__()
        self._say = say
        self._services = (tasks, hub, sounds)
        self.scans = ScanHistory()
        self._places: list[Place] = []
        self._signs_now: dict[str, tuple[Tone, str, str]] = {}
        self._offered: dict[str, bool] = {}
        self._lost: Callable[[Scan], object] = lambda _scan: None
        self._has_camera = False
        self._stack = QStackedWidget()
        self.setCentralWidget(self._stack)
        self.setWindowTitle("Mendesk")
        self.resize(QSize(1280, 800).boundedTo(self.screen().availableSize()))
        self.setMinimumSize(1000, 620)
        QShortcut(QKeySequence(FORWARD), self, self.forward)
        self._work = self._make_work(())
        self.show_opening()

    # what is on show

    def show_opening(self, words: str = "") -> None:
        """The calm state while the store is opened."""
        waiting = QWidget()
        waiting.setObjectName("alone")
        name = Text("Mendesk", "title", wrap=False)
        text = Text(words or self._say("Opening …"), "muted", wrap=False)
        middle = row(1, Mark(60), column(name, text, spacing=0), 1, spacing=SIZES.l)
        waiting.setLayout(column(2, middle, 3))
        self._show_only(waiting)

    def show_bare(self, page: QWidget) -> None:
        """Show a page alone, without rail and scan bar: sign-in, setup, a failure."""
        self._show_only(page)
        page.setFocus()

    def enter(self, first: str, places: Sequence[Place] | None = None, **where: str) -> None:
        """Show a fresh workplace with these pages, else those of `add_page`; history begins with `first`."""
        self._work = self._make_work(self._places if places is None else places)
        self._show_only(self._work)
        self._work.open(first, **where)

    def take_away(self) -> Workplace:
        """Take the workplace off the window as it is, out of every reader's sight; `put_back` shows it again.

        What lies over the window (a menu, a dialogue) is closed. The workplace is the caller's from now on.
        """
        self._work.put_aside()
        self._stack.removeWidget(self._work)
        for over in QApplication.topLevelWidgets():
            if over is not self and over.isVisible():
                over.close()
        return self._work

    def put_back(self, work: Workplace) -> None:
        """Show a workplace that was taken away as it was."""
        self._work = work
        self._show_signs(work)
        self._show_only(work)
        work.put_back()

    @property
    def is_entered(self) -> bool:
        """Whether somebody works: the rail and a page are on show."""
        return self._stack.currentWidget() is self._work

    def set_language(self, say: Speaker) -> None:
        """Speak another language: shell and pages are made anew, the page on show is opened again."""
        entered, before = self.is_entered, self._work
        self._say = say
        self._work = self._make_work(before.places)
        if entered and before.route:
            self._show_only(self._work)
            self._work.go_on_as(before)
        else:
            self.show_opening()

    # pages

    def add_page(
        self,
        name: str,
        title: str,
        icon: str,
        factory: Factory,
        key: str = "",
        rail: bool = True,
        last: bool = False,
    ) -> None:
        """Register a page; it is made when first shown. `last` puts its job at the foot of the rail."""
        if any(place.name == name for place in self._places):
            raise ValueError(f"page {name} is there already")
        self._places.append(Place(name, title, icon, factory, key, rail, last))

    def open(self, name: str, **where: str) -> None:
        """Show a page; Back leads here again."""
        self._work.open(name, **where)

    def back(self) -> None:
        """Show what was shown before, as a browser does."""
        if self.is_entered:
            self._work.back()

    def forward(self) -> None:
        """Undo a Back."""
        if self.is_entered:
            self._work.forward()

    # scans and answers

    def on_scan(self, handler: Callable[[Scan], object]) -> None:
        """What happens to scans the page on show has no use for."""
        self._lost = handler

    def take_scan(self, scan: Scan, job: str = "") -> None:
        """Show a scan and give it to a job's page, or that on show; or to the handler of `on_scan`."""
        if self.is_entered and not self._work.take_scan(scan, job):
            self._lost(scan)

    def offer_camera(self, wanted: bool) -> None:
        """Show the camera's button in the scan bar, or leave it out where there can be none."""
        self._has_camera = wanted
        self._work.scan_bar.camera.setVisible(wanted)

    def answer(
        self, tone: Tone, words: str, scan: Scan | None = None, undo: Callable[[], object] | None = None
    ) -> None:
        """Say beside the scan bar what a scan led to (the last one if none is named), and keep its undo."""
        self._work.answer(tone, words, scan, undo)

    def toast(self, text: str, tone: Tone = Tone.NEUTRAL, undo: Callable[[], object] | None = None) -> None:
        """Say something for a few seconds, with an undo where there is one."""
        self._work.toast(text, tone, undo)

    def show_sign(self, name: str, tone: Tone, words: str, icon: str = "") -> None:
        """Say how person, desk, line, printer or scanner is."""
        self._signs_now[name] = (tone, words, icon)
        self.signs[name].show_status(tone, words, icon)

    def offer(self, name: str, wanted: bool) -> None:
        """Show a job on the rail, or leave it out while nobody needs it."""
        self._offered[name] = wanted
        self._work.rail.offer(name, wanted)

    # the workplace's parts

    @property
    def work(self) -> Workplace:
        """The workplace on show, or the last one that was."""
        return self._work

    @property
    def tools(self) -> Tools:
        """What its pages are given."""
        return self._work.tools

    @property
    def page(self) -> Page | None:
        """The page on show."""
        return self._work.page

    @property
    def route(self) -> Route | None:
        """What is on show."""
        return self._work.route

    @property
    def rail(self) -> NavRail:
        """The jobs."""
        return self._work.rail

    @property
    def scan_bar(self) -> ScanBar:
        """The bar on top."""
        return self._work.scan_bar

    @property
    def toasts(self) -> Toasts:
        """The short words at the foot."""
        return self._work.toasts

    @property
    def signs(self) -> dict[str, StatusSign]:
        """The signs by their names."""
        return self._work.signs

    # inside

    def _make_work(self, places: Sequence[Place]) -> Workplace:
        work = Workplace(self._say, self._services, self.scans, places)
        work.typed.connect(self.typed)
        work.opened.connect(self.opened)
        work.sign_clicked.connect(self.sign_clicked)
        work.scan_bar.picture_asked.connect(self.picture_asked)
        work.scan_bar.camera_asked.connect(self.camera_asked)
        work.scan_bar.camera.setVisible(self._has_camera)
        self._show_signs(work)
        return work

    def _show_signs(self, work: Workplace) -> None:
        for name, status in self._signs_now.items():
            work.signs[name].show_status(*status)
        for name, wanted in self._offered.items():
            work.rail.offer(name, wanted)

    def _show_only(self, widget: QWidget) -> None:
        """Show one thing; what was there before is gone, but for the workplace of who works."""
        before = [self._stack.widget(index) for index in range(self._stack.count())]
        self._stack.setCurrentIndex(self._stack.addWidget(widget))
        for gone in before:
            if gone and gone is not self._work:
                self._stack.removeWidget(gone)
                gone.deleteLater()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.windowHandle().installEventFilter(self)  # many fields keep the side buttons to themselves

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """The side buttons of a mouse go back and forward, wherever it points."""
        if event.type() is QEvent.Type.MouseButtonPress and isinstance(event, QMouseEvent):
            sides = {Qt.MouseButton.BackButton: self.back, Qt.MouseButton.ForwardButton: self.forward}
            if act := sides.get(event.button()):
                act()
                return True
        return False
