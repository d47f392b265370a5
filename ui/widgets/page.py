"""The frame every page stands in, and what a page may ask of the program around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLayout, QScrollArea, QVBoxLayout, QWidget

from desk_app.texts import Speaker
from ui.actions import Actions
from ui.hub import Hub
from ui.sound import Sounds
from ui.tasks import Tasks
from ui.theme import SIZES, Tone
from ui.widgets.base import Mark, Text, column, row

WIDTH_ALONE = 440

if TYPE_CHECKING:  # its tables of codes would keep the first window waiting
    from desk_app.scanning.reading import Scan


class Shell(Protocol):
    """The window as a page sees it."""

    def open(self, name: str, **where: str) -> None:
        """Show a page; Back leads here again."""

    def back(self) -> None:
        """Show what was shown before."""

    def toast(self, text: str, tone: Tone = Tone.NEUTRAL, undo: Callable[[], object] | None = None) -> None:
        """Say something for a few seconds, with an undo where there is one."""

    def answer(self, tone: Tone, words: str) -> None:
        """Say beside the scan bar what the last scan led to."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What every page is given. Services come through the page's own factory."""

    say: Speaker
    actions: Actions
    tasks: Tasks
    hub: Hub
    sounds: Sounds
    shell: Shell


class TakesKeys(Protocol):
    """A component that answers keys typed outside any field, such as choice tiles."""

    def take_key(self, event: QKeyEvent) -> bool:
        """Do what the key means here; False where it means nothing."""


class Page(QWidget):
    """A title, a row of actions, and a body that scrolls when the window is small.

    Put the content into `self.body` (a vertical layout). `wide=False` keeps it at reading width; `fill=True`
    gives it all the height there is, as a long table wants.
    """

    def __init__(
        self, tools: Tools, title: str, detail: str = "", wide: bool = True, fill: bool = False
    ) -> None:
        super().__init__()
        self.tools = tools
        self.say = tools.say
        self.title = Text(title, "title", wrap=False)
        self.detail = Text(detail, "muted")
        self.actions_row = row(spacing=SIZES.s)
        self.body = column(spacing=SIZES.l)
        self._key_takers: list[TakesKeys] = []
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(title)
        if not detail:
            self.detail.hide()
        self._lay_out(wide, fill)

    def open(self, **where: str) -> None:
        """Called each time the page is shown, with what `Shell.open` was given; load what it shows here."""

    def scanned(self, scan: Scan) -> bool:  # noqa: ARG002 - for those that override it
        """Called for each scan while the page is on show; False lets the program open what the code names."""
        return False

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
        for widget in widgets:
            self.actions_row.addWidget(widget)

    def keys_to(self, component: TakesKeys) -> None:
        """Give keys typed outside any field to this component, after those named before."""
        self._key_takers.append(component)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not any(taker.take_key(event) for taker in self._key_takers):
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
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        scroll.verticalScrollBar().rangeChanged.connect(self._keep_edge)
        self._keep_edge(0, 0)
        frame = column(head, scroll, spacing=SIZES.l)
        frame.setContentsMargins(SIZES.xl, SIZES.l, SIZES.s, 0)
        self.setLayout(frame)

    def _keep_edge(self, _least: int, most: int) -> None:
        """The right edge of the content stays where it is when the scroll bar comes and goes."""
        self.body.setContentsMargins(0, 0, 2 if most else SIZES.l, SIZES.l)


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

    Content goes into `self.body`. Set a focus proxy to say where the cursor stands at first.
    """

    def __init__(self, title: str, detail: str = "", *content: QWidget | QLayout | int | None) -> None:
        super().__init__()
        self.setObjectName("alone")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(title)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.detail = Text(detail, "muted")
        if not detail:
            self.detail.hide()
        self.body = column(*content, spacing=SIZES.l)
        brand = row(Mark(40), Text("Mendesk", "section", wrap=False), 1, spacing=SIZES.m)
        head = column(Text(title, "title"), self.detail, spacing=SIZES.xs)
        card = Card("", brand, head, self.body)
        card.body.setSpacing(SIZES.xl)
        card.setMinimumWidth(WIDTH_ALONE)
        card.setMaximumWidth(2 * WIDTH_ALONE)
        self.setLayout(column(1, row(1, card, 1), 2))
