"""One person's place at the desk: rail, scan bar, pages, the way back, and where the focus is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget
from shiboken6 import isValid

from desk_app.texts import Speaker
from ui.actions import Actions
from ui.hub import Hub
from ui.scan_history import ScanHistory
from ui.sound import Sound, Sounds
from ui.tasks import Tasks
from ui.theme import SIZES, Tone
from ui.widgets.base import bind_key, column, row
from ui.widgets.button import Button
from ui.widgets.page import Page, Tools
from ui.widgets.rail import NavRail
from ui.widgets.scan_bar import ScanBar
from ui.widgets.signs import StatusLine, StatusSign
from ui.widgets.toast import Toasts

if TYPE_CHECKING:  # its tables of codes would keep the first window waiting
    from desk_app.scanning.reading import Scan

Factory = Callable[[Tools], Page]
LONGEST_HISTORY = 100
BACK = "Alt+Left"
FORWARD = "Alt+Right"
UNDO_SCAN = "Ctrl+Z"
SCANS = "Ctrl+H"
CHANGE_PERSON = "F12"
LOCK = "Ctrl+Shift+L"


@dataclass(frozen=True, slots=True)
class Place:
    """A page as it was registered; `title` is a key marked with `N_`. Not on the rail: pages lead there.

    What is not `allowed` has no entry on the rail, and asking for it is answered in words.
    """

    name: str
    title: str
    icon: str
    factory: Factory
    key: str = ""
    rail: bool = True
    last: bool = False
    allowed: bool = True


@dataclass(frozen=True, slots=True)
class Route:
    """What is on show: a page and what it was opened with."""

    name: str
    where: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """A route as it was left: what the page showed of it, and what had the focus."""

    route: Route
    kept: Mapping[str, Any] | None = None
    focus: QWidget | None = None


class Workplace(QWidget):
    """Hosts the pages of one person and decides nothing; the window shows it, or puts it aside as it is.

    `typed` carries what was typed into the scan bar; `sign_clicked` names the sign that was chosen.
    """

    typed = Signal(str)
    opened = Signal(str)
    sign_clicked = Signal(str)

    def __init__(
        self,
        say: Speaker,
        services: tuple[Tasks, Hub, Sounds],
        scans: ScanHistory,
        places: Sequence[Place] = (),
    ) -> None:
        super().__init__()
        self.tools = Tools(say, Actions(say), *services, self, scans)
        self.places = tuple(places)
        self.route: Route | None = None
        self._history: list[Step] = []
        self._ahead: list[Step] = []
        self._pages: dict[str, Page] = {}
        self._focus_aside: QWidget | None = None
        self._make_parts(say)
        self._lay_out()
        for place in self.places:
            if place.rail and place.allowed:
                self.rail.add(place.name, say(place.title), place.icon, place.key, place.last)
        QApplication.instance().focusChanged.connect(self._focus_moved)  # type: ignore[union-attr]

    # pages

    @property
    def page(self) -> Page | None:
        """The page on show."""
        return self._pages.get(self.route.name) if self.route else None

    def may_open(self, name: str) -> bool:
        """Whether the person may use a page."""
        return self._place(name).allowed

    def open(self, name: str, **where: str) -> None:
        """Show a page; Back leads here again. Opening what is on show anew only opens it again."""
        if not self.may_open(name):
            self.toast(self.not_yours(name), Tone.ATTENTION)
            self.tools.sounds.play(Sound.ERROR)
            return
        route = Route(name, tuple(sorted(where.items())))
        if self.route and self.route != route:
            self._history.append(self._left())
            del self._history[:-LONGEST_HISTORY]
            self._ahead.clear()
        self._show(Step(route))

    def not_yours(self, name: str) -> str:
        """The words for a page the person may not use."""
        title = self.tools.say(self._place(name).title)
        return self.tools.say("“{page}” is not among your jobs", page=title)

    def back(self) -> None:
        """Show what was shown before, as it was left."""
        self._go(self._history, self._ahead)

    def forward(self) -> None:
        """Undo a Back."""
        self._go(self._ahead, self._history)

    def is_begun(self) -> bool:
        """Whether something was written on one of the pages that is not recorded yet."""
        return any(page.is_begun() for page in self._pages.values())

    def go_on_as(self, other: Workplace) -> None:
        """Show the same page with the same way back and ahead; the pages are this workplace's own."""
        self._history, self._ahead = other._history, other._ahead
        if other.page:
            self._show(other._left())

    # scans and answers

    def take_scan(self, scan: Scan, job: str = "") -> bool:
        """Show a scan and give it to a job's page, on show or not, or else to the page that is on show.

        False where the page has no use for it.
        """
        self.scan_bar.show_scan(scan.raw)
        self.tools.scans.hear(scan)
        page = self._page_of(job) if job and self.may_open(job) else self.page
        if page is None:
            return False
        page.put_away()
        return page.scanned(scan)

    def answer(
        self, tone: Tone, words: str, scan: Scan | None = None, undo: Callable[[], object] | None = None
    ) -> None:
        """Say beside the scan bar what a scan led to (the last one if none is named), and keep its undo."""
        if isValid(self):  # what was asked of somebody's page may be answered when all of theirs is gone
            self.scan_bar.show_answer(tone, words)
            self.tools.scans.answer(tone, words, scan, undo)

    def hand_on(self, scan: Scan) -> None:
        """Give the page on show a scan whose meaning a person has said."""
        if self.page and self.page.scanned(scan):
            return
        self.answer(Tone.ATTENTION, self.tools.say("This page has no place for it"), scan)

    def undo_scan(self) -> bool:
        """Undo what the last scan did that can be undone; False where there is none."""
        last = self.tools.scans.last()
        if last:
            self.tools.scans.undo(last)
        return last is not None

    def toast(self, text: str, tone: Tone = Tone.NEUTRAL, undo: Callable[[], object] | None = None) -> None:
        """Say something for a few seconds, with an undo where there is one."""
        if isValid(self):
            self.toasts.show_toast(text, tone, undo)

    # aside and back

    def put_aside(self) -> None:
        """Remember where the focus is; call it before the window takes the workplace away."""
        self._focus_aside = self._focus_within(self)

    def put_back(self) -> None:
        """Read anew what is shown, as time went by, and leave all else as it was, the focus included."""
        if self.page and self.route:
            kept = self.page.kept()
            self.page.open(**dict(self.route.where))
            self.page.restore(kept)
        self._focus_on(self._focus_aside)

    # the way back

    def _left(self) -> Step:
        """The page on show, as it is left now."""
        assert self.route and self.page, "only what is on show can be left"
        return Step(self.route, self.page.kept(), self._focus_within(self.page))

    def _go(self, there: list[Step], behind: list[Step]) -> None:
        if there and self.route:
            behind.append(self._left())
            self._show(there.pop())

    def _show(self, step: Step) -> None:
        if self.page:
            self.page.put_away()
        page = self._page_of(step.route.name)
        self.route = step.route
        self.toasts.clear()
        self._area.setCurrentWidget(page)
        self.rail.mark(step.route.name)
        page.open(**dict(step.route.where))
        if step.kept is not None:
            page.restore(step.kept)
        self.back_button.setEnabled(bool(self._history))
        self._focus_on(step.focus if step.focus and self._fits(step.focus) else page.first_focus())
        self.opened.emit(step.route.name)

    def _page_of(self, name: str) -> Page:
        """A job's page, made when it is first needed."""
        return self._pages.get(name) or self._make_page(name)

    def _make_page(self, name: str) -> Page:
        page = self._place(name).factory(self.tools)
        self._pages[name] = page
        self._area.addWidget(page)
        page.foot_changed.connect(self.toasts.place)
        return page

    def _place(self, name: str) -> Place:
        return next(place for place in self.places if place.name == name)

    # the focus

    def _focus_within(self, part: QWidget) -> QWidget | None:
        """What has the focus of the window, in front or not, where it lies in `part`."""
        focus = self.window().focusWidget()
        return focus if focus and (focus is part or part.isAncestorOf(focus)) else None

    def _fits(self, widget: QWidget) -> bool:
        """Whether a widget can have the focus here."""
        return (
            isValid(widget)
            and self.isAncestorOf(widget)
            and widget.isVisibleTo(self)
            and widget.isEnabled()
            and widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        )

    def _focus_on(self, widget: QWidget | None) -> None:
        fit = widget if widget and self._fits(widget) else self.page
        if fit:
            fit.setFocus()

    def _focus_moved(self, old: QWidget | None, now: QWidget | None) -> None:
        """Focus that fell from what is hidden, disabled or gone comes to the page.

        Qt gives it to any neighbour, which would do something else at the next Enter.
        """
        if not self.isVisible() or QApplication.activeWindow() is not self.window():
            return
        fell = now is None or (old is not None and not isValid(old)) or self._fell_from(old)
        if fell and self.page and now is not self.page:
            self.page.setFocus()

    def _fell_from(self, old: QWidget | None) -> bool:
        return old is not None and self.isAncestorOf(old) and not (old.isVisible() and old.isEnabled())

    # building

    def _make_parts(self, say: Speaker) -> None:
        self.rail = NavRail(say("Jobs"))
        self.rail.chosen.connect(self.open)
        self.back_button = self._quiet_button("arrow-left", say("Back"), BACK)
        self.back_button.setEnabled(False)
        self.back_button.clicked.connect(self.back)
        QShortcut(QKeySequence(UNDO_SCAN), self, self.undo_scan)
        self.history_button = self._quiet_button("history", say("Last scans"), SCANS)
        self.history_button.clicked.connect(partial(self.open, "scans"))
        self.scan_bar = ScanBar(say)
        self.scan_bar.entered.connect(self.typed)
        self._area = QStackedWidget()
        self._over = QWidget()  # screen readers find only pages in a stack
        self._over.setLayout(column(self._area, spacing=0))
        self.toasts = Toasts(self._over, say, lambda: self.page.foot_height if self.page else 0)
        self.signs = _make_signs(say)
        for name, sign in self.signs.items():
            sign.clicked.connect(lambda _checked=False, name=name: self.sign_clicked.emit(name))

    def _quiet_button(self, icon: str, name: str, key: str) -> Button:
        button = Button("", icon, kind="quiet", name=name)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        bind_key(button, key)
        button.setToolTip(f"{name} ({key})")
        return button

    def _lay_out(self) -> None:
        signs = self.signs
        line = StatusLine(
            (signs["person"], signs["lock"], signs["desk"]),
            (signs["line"], signs["printer"], signs["scanner"]),
        )
        top = row(self.back_button, self.scan_bar, self.history_button, spacing=SIZES.s)
        top.setStretch(1, 1)
        top.setContentsMargins(SIZES.s, SIZES.l, SIZES.xl, 0)
        work = column(top, self._over, line, spacing=0)
        work.setStretchFactor(self._over, 1)
        whole = row(self.rail, work, spacing=0)
        whole.setStretch(1, 1)
        self.setLayout(whole)


def _make_signs(say: Speaker) -> dict[str, StatusSign]:
    return {
        "person": StatusSign(say("Person"), "user", key=CHANGE_PERSON),
        "lock": StatusSign(say("Lock"), "lock", key=LOCK),
        "desk": StatusSign(say("Desk"), "monitor"),
        "line": StatusSign(say("State of the line"), "cloud"),
        "printer": StatusSign(say("Printer"), "printer"),
        "scanner": StatusSign(say("Scanner"), "scan-barcode"),
    }
