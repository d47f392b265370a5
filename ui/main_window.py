"""The shell: rail, scan bar, page area, status line. It hosts pages and decides nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QMouseEvent, QShortcut
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QWidget

from desk_app.texts import Speaker
from ui.actions import Actions
from ui.hub import Hub
from ui.sound import Sounds
from ui.tasks import Tasks
from ui.theme import SIZES, Tone
from ui.widgets.base import Mark, Text, column, row
from ui.widgets.page import Page, Tools
from ui.widgets.rail import NavRail
from ui.widgets.scan_bar import ScanBar
from ui.widgets.signs import StatusLine, StatusSign
from ui.widgets.toast import Toasts

if TYPE_CHECKING:  # its tables of codes would keep the first window waiting
    from desk_app.scanning.reading import Scan

Factory = Callable[[Tools], Page]
LONGEST_HISTORY = 100


@dataclass(frozen=True, slots=True)
class Place:
    """A page as it was registered; `title` is a key marked with `N_`. Not on the rail: pages lead there."""

    name: str
    title: str
    icon: str
    factory: Factory
    key: str = ""
    rail: bool = True
    last: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """What is on show: a page and what it was opened with."""

    name: str
    where: tuple[tuple[str, str], ...] = ()


class MainWindow(QMainWindow):
    """Paints at once as a calm 'opening'; `show_bare` and `enter` say what comes then.

    `typed` carries what was typed into the scan bar. Scans come in by `take_scan`, from whatever reads them.
    `sign_clicked` names the sign that was chosen: person, desk, line, printer or scanner.
    """

    typed = Signal(str)
    opened = Signal(str)
    sign_clicked = Signal(str)

    def __init__(self, say: Speaker, tasks: Tasks, hub: Hub, sounds: Sounds) -> None:
        super().__init__()
        self._services = (tasks, hub, sounds)
        self._history: list[Route] = []
        self._ahead: list[Route] = []
        self._places: dict[str, Place] = {}
        self._signs_now: dict[str, tuple[Tone, str, str]] = {}
        self._lost: Callable[[Scan], object] = lambda _scan: None
        self._stack = QStackedWidget()
        self.setCentralWidget(self._stack)
        self.setWindowTitle("Mendesk")
        self.resize(QSize(1280, 800).boundedTo(self.screen().availableSize()))
        self.setMinimumSize(1000, 620)
        self._back_keys = [QShortcut(QKeySequence(key), self, act) for key, act in self._history_keys()]
        self._begin(say)
        self.show_opening()

    # what is on show

    def show_opening(self, words: str = "") -> None:
        """The calm state while the store is opened."""
        waiting = QWidget()
        waiting.setObjectName("alone")
        name = Text("Mendesk", "title", wrap=False)
        text = Text(words or self.tools.say("Opening …"), "muted", wrap=False)
        middle = row(1, Mark(60), column(name, text, spacing=0), 1, spacing=SIZES.l)
        waiting.setLayout(column(2, middle, 3))
        self._show_alone(waiting)

    def show_bare(self, page: QWidget) -> None:
        """Show a page alone, without rail and scan bar: sign-in, setup, a failure."""
        self._show_alone(page)
        page.setFocus()

    def enter(self, first: str) -> None:
        """Show rail, scan bar and status line with fresh pages, and open one; history begins here."""
        self._begin(self.tools.say)
        self._stack.setCurrentWidget(self._desk)
        self.open(first)

    @property
    def is_entered(self) -> bool:
        """Whether somebody works: the rail and a page are on show."""
        return self._stack.currentWidget() is self._desk

    def set_language(self, say: Speaker) -> None:
        """Speak another language: shell and pages are made anew, the page on show is opened again."""
        entered, here = self.is_entered, self.route
        history, ahead = self._history, self._ahead
        self._begin(say)
        self._history, self._ahead = history, ahead
        if entered and here:
            self._stack.setCurrentWidget(self._desk)
            self._show(here)
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
        if name in self._places:
            raise ValueError(f"page {name} is there already")
        place = Place(name, title, icon, factory, key, rail, last)
        self._places[name] = place
        self._add_to_rail(place)

    def open(self, name: str, **where: str) -> None:
        """Show a page; Back leads here again. Opening what is on show anew only opens it again."""
        route = Route(name, tuple(sorted(where.items())))
        if self.route and self.route != route:
            self._history = [*self._history[-LONGEST_HISTORY:], self.route]
            self._ahead = []
        self._show(route)

    def back(self) -> None:
        """Show what was shown before, as a browser does."""
        if self._history and self.route:
            self._ahead.append(self.route)
            self._show(self._history.pop())

    def forward(self) -> None:
        """Undo a Back."""
        if self._ahead and self.route:
            self._history.append(self.route)
            self._show(self._ahead.pop())

    @property
    def page(self) -> Page | None:
        """The page on show."""
        return self._pages.get(self.route.name) if self.route else None

    # scans and answers

    def on_scan(self, handler: Callable[[Scan], object]) -> None:
        """What happens to scans the page on show has no use for."""
        self._lost = handler

    def take_scan(self, scan: Scan) -> None:
        """Show a scan and give it to the page on show, or else to the handler of `on_scan`."""
        if not self.is_entered:
            return
        self.scan_bar.show_scan(scan.raw)
        if self.page is None or not self.page.scanned(scan):
            self._lost(scan)

    def answer(self, tone: Tone, words: str) -> None:
        """Say beside the scan bar what the last scan led to."""
        self.scan_bar.show_answer(tone, words)

    def toast(self, text: str, tone: Tone = Tone.NEUTRAL, undo: Callable[[], object] | None = None) -> None:
        """Say something for a few seconds, with an undo where there is one."""
        self.toasts.show_toast(text, tone, undo)

    def show_sign(self, name: str, tone: Tone, words: str, icon: str = "") -> None:
        """Say how person, desk, line, printer or scanner is."""
        self._signs_now[name] = (tone, words, icon)
        self.signs[name].show_status(tone, words, icon)

    # inside

    def _begin(self, say: Speaker) -> None:
        """Make everything that speaks."""
        self.tools = Tools(say, Actions(say), *self._services, self)
        self.route: Route | None = None
        self._pages: dict[str, Page] = {}
        self._history, self._ahead = [], []
        while self._stack.count():
            self._drop(self._stack.currentWidget())
        self._desk: QWidget = self._make_desk(say)
        self._stack.addWidget(self._desk)
        for place in self._places.values():
            self._add_to_rail(place)
        for name, (tone, words, icon) in self._signs_now.items():
            self.signs[name].show_status(tone, words, icon)

    def _make_desk(self, say: Speaker) -> QWidget:
        self.rail = NavRail(say("Jobs"))
        self.rail.chosen.connect(self.open)
        self.scan_bar = ScanBar(say)
        self.scan_bar.entered.connect(self.typed)
        self._area = QStackedWidget()
        over = QWidget()  # screen readers find only pages in a stack
        over.setLayout(column(self._area, spacing=0))
        self.toasts = Toasts(over, say)
        self.signs = _make_signs(say)
        for name, sign in self.signs.items():
            sign.clicked.connect(lambda _checked=False, name=name: self.sign_clicked.emit(name))
        line = StatusLine(self.signs["person"], self.signs["desk"], right=_right(self.signs))
        top = row(self.scan_bar)
        top.setContentsMargins(SIZES.xl, SIZES.l, SIZES.xl, 0)
        work = column(top, over, line, spacing=0)
        work.setStretchFactor(over, 1)
        whole = row(self.rail, work, spacing=0)
        whole.setStretch(1, 1)
        desk = QWidget()
        desk.setLayout(whole)
        return desk

    def _add_to_rail(self, place: Place) -> None:
        if place.rail:
            self.rail.add(place.name, self.tools.say(place.title), place.icon, place.key, place.last)

    def _show(self, route: Route) -> None:
        page = self._pages.get(route.name) or self._make_page(route.name)
        self.route = route
        self.toasts.clear()
        self._area.setCurrentWidget(page)
        self.rail.mark(route.name)
        page.open(**dict(route.where))
        page.first_focus().setFocus()
        self.opened.emit(route.name)

    def _make_page(self, name: str) -> Page:
        page = self._places[name].factory(self.tools)
        self._pages[name] = page
        self._area.addWidget(page)
        return page

    def _show_alone(self, widget: QWidget) -> None:
        old = self._stack.currentWidget()
        self._stack.setCurrentIndex(self._stack.addWidget(widget))
        if old is not self._desk:
            self._drop(old)

    def _drop(self, widget: QWidget | None) -> None:
        if widget:
            self._stack.removeWidget(widget)
            widget.deleteLater()

    def _history_keys(self) -> tuple[tuple[str, Callable[[], None]], ...]:
        return (("Alt+Left", self.back), ("Alt+Right", self.forward))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The side buttons of a mouse go back and forward."""
        sides = {Qt.MouseButton.BackButton: self.back, Qt.MouseButton.ForwardButton: self.forward}
        sides.get(event.button(), lambda: None)()


def _make_signs(say: Speaker) -> dict[str, StatusSign]:
    return {
        "person": StatusSign(say("Person"), "user"),
        "desk": StatusSign(say("Desk"), "monitor"),
        "line": StatusSign(say("Line"), "cloud"),
        "printer": StatusSign(say("Printer"), "printer"),
        "scanner": StatusSign(say("Scanner"), "scan-barcode"),
    }


def _right(signs: dict[str, StatusSign]) -> tuple[StatusSign, ...]:
    return signs["line"], signs["printer"], signs["scanner"]
