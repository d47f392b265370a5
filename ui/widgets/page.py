"""The frame every page stands in, and what a page may ask of the program around it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLayout,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from desk_app.texts import Speaker
from ui.actions import Actions
from ui.hub import Hub
from ui.scan_history import ScanHistory
from ui.sound import Sounds
from ui.tasks import Tasks
from ui.theme import SIZES, Tone
from ui.widgets.base import Mark, Text, column, discard, row, tab_through
from ui.widgets.flow import Flow
from ui.widgets.tiles import ChoiceTiles

WIDTH_ALONE = 560

if TYPE_CHECKING:  # its tables of codes would keep the first window waiting
    from desk_app.scanning.reading import Reading, Scan


ScanAct = Callable[["Scan", "Reading"], bool]


class Shell(Protocol):
    """The window as a page sees it."""

    def open(self, name: str, **where: str) -> None:
        """Show a page; Back leads here again."""

    def back(self) -> None:
        """Show what was shown before."""

    def toast(self, text: str, tone: Tone = Tone.NEUTRAL, undo: Callable[[], object] | None = None) -> None:
        """Say something for a few seconds, with an undo where there is one."""

    def answer(
        self, tone: Tone, words: str, scan: Scan | None = None, undo: Callable[[], object] | None = None
    ) -> None:
        """Say beside the scan bar what a scan led to (the last one if none is named), and how to undo it."""

    def hand_on(self, scan: Scan) -> None:
        """Give the page on show a scan whose meaning a person has said."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What every page is given. Services come through the page's own factory."""

    say: Speaker
    actions: Actions
    tasks: Tasks
    hub: Hub
    sounds: Sounds
    shell: Shell
    scans: ScanHistory


class TakesKeys(Protocol):
    """A component that answers keys typed outside any field, such as choice tiles."""

    def take_key(self, event: QKeyEvent) -> bool:
        """Do what the key means here; False where it means nothing."""


class Page(QWidget):
    """A title, a row of actions, and a body that scrolls when the window is small.

    Put the content into `self.body` (a vertical layout). `wide=False` keeps it at reading width; `fill=True`
    gives it all the height there is, as a long table wants. `foot_changed` says that it asks something at its
    foot, or no longer.

    `job` is its name in the table of routes, `scan_acts` what it can do of what stands there; an act that
    returns False leaves the scan to the next line that fits. `command_acts` is what only command codes do.
    """

    job = ""
    foot_changed = Signal()

    def __init__(
        self, tools: Tools, title: str, detail: str = "", wide: bool = True, fill: bool = False
    ) -> None:
        super().__init__()
        self.tools = tools
        self.say = tools.say
        self.title = Text(title, "title", wrap=False)
        self.detail = Text(detail, "muted")
        self.actions_row = Flow(right=True)
        self.body = column(spacing=SIZES.l)
        self.scan_acts: dict[str, ScanAct] = {}
        self.command_acts: dict[str, Callable[[], bool]] = {}
        self._key_takers: list[TakesKeys] = []
        self._scroll_wanted = 0
        self._over: QWidget | None = None
        self._asked: QWidget | None = None
        self._before: QWidget | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(title)
        if not detail:
            self.detail.hide()
        self._lay_out(wide, fill)

    def open(self, **where: str) -> None:
        """Called each time the page is shown, with what `Shell.open` was given; load what it shows here."""

    def kept(self) -> dict[str, Any]:
        """What it shows beyond what it was opened with; given to `restore` when Back leads here again."""
        return {"scrolled": self._scroll.verticalScrollBar().value()}

    def restore(self, kept: Mapping[str, Any]) -> None:
        """Called after `open`: show what `kept` said."""
        self._scroll_wanted = kept["scrolled"]
        self._scroll_on()

    def is_begun(self) -> bool:
        """Whether a person wrote something here that is not recorded yet."""
        fields: list[QLineEdit | QPlainTextEdit] = [
            *self.findChildren(QLineEdit),
            *self.findChildren(QPlainTextEdit),
        ]
        return any(_is_written(field) for field in fields if field.isVisibleTo(self._content))

    def scanned(self, scan: Scan) -> bool:
        """Do what the table of routes says for this page; False where it leaves the scan to the program."""
        from desk_app.scanning.routes import routes  # its tables would keep the first window waiting

        for does, reading in routes(self.job, self.scan_states(), scan.readings):
            act = self.scan_acts.get(does)
            if act is None:
                return False
            if act(scan, reading):
                return True
        return False

    def scan_states(self) -> Collection[str]:
        """What it says of itself in the table of routes."""
        return ()

    def take_digit(self, digit: str) -> bool:
        """Do what a digit means here, as if its key were pressed; False where it means nothing."""
        event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key(ord(digit)), Qt.KeyboardModifier.NoModifier, digit)
        return any(taker.take_key(event) for taker in self._key_takers)

    def step_back(self) -> bool:
        """Take back the last answer by digit; False where there is none."""
        return False

    def choose(self, key: str) -> bool:
        """Choose the tile of this key; False where none is on show."""
        return any(tiles.isVisible() and tiles.choose(key) for tiles in self.findChildren(ChoiceTiles))

    def first_focus(self) -> QWidget:
        """The widget that has the focus when the page opens; the page itself by default, ready for scans."""
        return self

    def set_title(self, title: str, detail: str = "") -> None:
        """Change the head of the page."""
        self.title.setText(title)
        self.setAccessibleName(title)
        self.detail.setText(detail)
        self.detail.setVisible(bool(detail))

    def add_actions(self, *widgets: QWidget) -> None:
        """Put buttons into the head, most important last."""
        here = self.actions_row.count()
        before = self.actions_row.itemAt(here - 1) if here else None
        for widget in widgets:
            self.actions_row.addWidget(widget)
        tab_through((before and before.widget()) or self, *widgets)

    def keys_to(self, component: TakesKeys) -> None:
        """Give keys typed outside any field to this component, after those named before."""
        self._key_takers.append(component)

    def cover(self, over: QWidget) -> None:
        """Show `over` in place of head and body, with the focus, until `put_away`."""
        self.put_away()
        self._before, self._over = QApplication.focusWidget(), over
        self._whole.addWidget(over)
        over.show()
        over.setFocus()
        self._content.hide()

    def show_foot(self, asked: QWidget) -> None:
        """Show `asked` below the body, with the focus, until `put_away`."""
        self.put_away()
        self._before, self._asked = QApplication.focusWidget(), asked
        self._foot.addWidget(asked)
        asked.show()
        asked.setFocus()
        self._tell_foot()

    @property
    def foot_height(self) -> int:
        """How much of its foot the page needs for what it asks; 0 where it asks nothing."""
        return self.height() - self._asked.mapTo(self, QPoint()).y() if self._asked else 0

    def _tell_foot(self) -> None:
        if layout := self.layout():
            layout.activate()  # what is asked has its place now
        self.foot_changed.emit()

    def put_away(self) -> None:
        """Take away what covers the page and what it asks at its foot; the shell does so at the next scan."""
        gone = [widget for widget in (self._over, self._asked) if widget]
        self._over = self._asked = None
        focus = QApplication.focusWidget()
        had_focus = focus and any(widget is focus or widget.isAncestorOf(focus) for widget in gone)
        for widget in gone:
            discard(widget)
        self._content.show()
        if gone:
            self._tell_foot()
        if had_focus:
            self._focus_again()

    def _focus_again(self) -> None:
        before = self._before
        there = before is not None and isValid(before) and before.isVisible()
        (before if before is not None and there else self.first_focus()).setFocus()

    def event(self, event: QEvent) -> bool:
        """The page's own keys rest while it is covered."""
        if self._over and event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            pressed = QKeySequence(event.keyCombination())
            event.setAccepted(any(action.shortcut() == pressed for action in self.actions()))
            return event.isAccepted()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        takers = () if self._over else self._key_takers
        if not any(taker.take_key(event) for taker in takers):
            super().keyPressEvent(event)

    def _lay_out(self, wide: bool, fill: bool) -> None:
        head = row(column(self.title, self.detail, spacing=SIZES.xs), self.actions_row, spacing=SIZES.xl)
        head.setStretch(0, 1)
        inner = QWidget()
        inner.setObjectName("pageBody")
        inner.setLayout(column(self.body, None if fill else 1, spacing=0))
        head.setContentsMargins(0, 0, SIZES.l, 0)
        if not wide:
            inner.setMaximumWidth(920)
        scroll = self._scroll = _scrolling(inner)
        scroll.setMinimumHeight(1)  # what is asked below it comes first
        scroll.verticalScrollBar().rangeChanged.connect(self._keep_edge)
        scroll.verticalScrollBar().rangeChanged.connect(self._scroll_on)
        scroll.verticalScrollBar().valueChanged.connect(self._scrolled)
        self._keep_edge(0, 0)
        frame = column(head, scroll, spacing=SIZES.l)
        frame.setContentsMargins(SIZES.xl, SIZES.l, SIZES.s, 0)
        self._foot = column(spacing=0)
        self._foot.setContentsMargins(0, 0, SIZES.l, SIZES.l)
        frame.addLayout(self._foot)
        self._content = QWidget()
        self._content.setLayout(frame)
        self._whole = column(self._content, spacing=0)
        self.setLayout(self._whole)

    def _scroll_on(self) -> None:
        """Scroll to where the page was, as far as its new content has found its place."""
        if self._scroll_wanted:
            self._scroll.verticalScrollBar().setValue(self._scroll_wanted)

    def _scrolled(self, value: int) -> None:
        """A person who scrolls elsewhere wants to be there."""
        if value != min(self._scroll_wanted, self._scroll.verticalScrollBar().maximum()):
            self._scroll_wanted = 0

    def _keep_edge(self, _least: int, most: int) -> None:
        """The right edge of the content stays where it is when the scroll bar comes and goes."""
        self.body.setContentsMargins(0, 0, 2 if most else SIZES.l, SIZES.l)


def _scrolling(inner: QWidget) -> QScrollArea:
    """Lets what is in it be as tall as it wants."""
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setWidget(inner)
    return scroll


def _is_written(field: QLineEdit | QPlainTextEdit) -> bool:
    """Whether a person wrote into a field, and it is not empty again."""
    if isinstance(field, QLineEdit):
        return field.isModified() and bool(field.text())
    return field.document().isModified() and not field.document().isEmpty()


class Card(QFrame):
    """A white patch that holds what belongs together; content goes into `self.body`.

    `fill`: the content takes all the height there is (a table); otherwise it stays at the top.
    """

    def __init__(self, title: str = "", *content: QWidget | QLayout | int | None, fill: bool = False) -> None:
        super().__init__()
        self.head = row(Text(title, "section", wrap=False) if title else None, 1, spacing=SIZES.s)
        self.body = column(*content, spacing=SIZES.m)
        self.setAccessibleName(title)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(SIZES.xl - 4, SIZES.l, SIZES.xl - 4, SIZES.l + 2)
        whole.setSpacing(SIZES.m)
        if title:
            whole.addLayout(self.head)
        whole.addLayout(self.body)
        if not fill:
            whole.addStretch()


class Alone(QWidget):
    """A card in the middle of the window, without rail and scan bar: sign-in, setup, a failure.

    Content goes into `self.body`. Set a focus proxy to say where the cursor stands at first. `aside` stands
    at the right end of its head, as a step bar does.
    """

    def __init__(
        self,
        title: str,
        detail: str = "",
        *content: QWidget | QLayout | int | None,
        aside: QWidget | None = None,
    ) -> None:
        super().__init__()
        self.setObjectName("alone")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(title)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.detail = Text(detail, "muted")
        if not detail:
            self.detail.hide()
        self.body = column(*content, spacing=SIZES.l)
        brand = row(Mark(40), Text("Mendesk", "section", wrap=False), 1, aside, spacing=SIZES.m)
        head = column(Text(title, "title"), self.detail, spacing=SIZES.xs)
        card = Card("", brand, head, self.body)
        card.body.setSpacing(SIZES.xl)
        card.setMinimumWidth(WIDTH_ALONE)
        card.setMaximumWidth(880)
        inner = QWidget()
        inner.setObjectName("alone")
        inner.setLayout(column(1, row(1, card, 1), 2))
        self.setLayout(column(_scrolling(inner)))
