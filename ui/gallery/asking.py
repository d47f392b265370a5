"""The pages that show deadlines, signing and asking, photographs large, and the look itself."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ui.gallery.samples import PEOPLE, ZONE, deadline, sample_signature
from ui.pages.columns import Columns
from ui.theme import SIZES, Scheme, Theme, look
from ui.widgets import (
    Card,
    ChoiceTiles,
    Option,
    Page,
    PhotoStrip,
    SignaturePad,
    SlaClock,
    SmallSlaClock,
    Times,
    Tools,
    column,
    confirm,
    open_viewer,
    photo_of,
    row,
)

SCALES = ("100", "125", "150")
CALM, NEAR, OVER = 2 * 24 * 60, 15 * 60 + 10, -185


class DeadlinesPage(Page):
    """SLA clocks in each pace, a signature, and the question before what cannot be undone."""

    def __init__(self, tools: Tools) -> None:
        super().__init__(tools, tools.say("Deadlines"))
        self.times = Times(self.say, ZONE, tools.hub)
        pad = SignaturePad(self.say)
        pad.sheet.strokes = sample_signature()
        pad.sheet.drawn.emit()
        small = column(*[row(clock, 1) for clock in self._small_clocks()], spacing=SIZES.xs)
        clocks = column(Card(self.say("SLA clocks"), *self._clocks(), small), 1)
        self.body.addWidget(Columns(clocks, column(Card(self.say("Signature"), pad), 1), (2, 3)))

    def open(self, **_where: str) -> None:
        """Ask what cannot be undone."""
        say = self.say
        detail = say(
            "Name, phone number, notes and photographs of all their cases are destroyed on every desk. "
            "This cannot be undone."
        )
        confirm(
            self,
            say("Erase all data of {name}?", name=PEOPLE[2]),
            detail,
            say("Erase for ever"),
            lambda: None,
        )

    def _clocks(self) -> list[SlaClock]:
        now, names = self.tools.hub.clock(), self._names()
        return [
            SlaClock(self.times, name, deadline(now, left))
            for name, left in zip(names, (CALM, NEAR, OVER), strict=True)
        ]

    def _small_clocks(self) -> list[SmallSlaClock]:
        now, names = self.tools.hub.clock(), self._names()
        return [
            SmallSlaClock(self.times, name, deadline(now, left))
            for name, left in zip(names, (CALM + 75, NEAR - 14 * 60, OVER * 20), strict=True)
        ]

    def _names(self) -> tuple[str, str, str]:
        say = self.say
        return say("Repair finished"), say("First answer"), say("Refund")


class PhotosPage(Page):
    """A photograph large, as it opens over the page of its strip."""

    def __init__(self, tools: Tools, photos: Sequence[Path]) -> None:
        super().__init__(tools, tools.say("Photographs"))
        self._strip = PhotoStrip(self.say, tools.tasks)
        self._strip.set_photos([photo_of(path) for path in photos])
        self._strip.opened.connect(self._open_large)
        self.body.addWidget(Card(self.say("Photographs"), self._strip))

    def open(self, **_where: str) -> None:
        """Show the second photograph large."""
        self._open_large(self._strip.photos[1].key)

    def _open_large(self, key: str) -> None:
        open_viewer(self._strip, key)


class LookPage(Page):
    """Scheme and size of letters, changed at once."""

    def __init__(self, tools: Tools, theme: Theme) -> None:
        super().__init__(tools, tools.say("Look"), wide=False)
        self._theme = theme
        say = self.say
        self._scheme = ChoiceTiles(
            say("Colours"),
            [
                Option("system", say("As the system"), icon="monitor"),
                Option("light", say("Light"), icon="sun"),
                Option("dark", say("Dark"), icon="moon"),
                Option("contrast", say("High contrast"), icon="contrast"),
            ],
            columns=2,
        )
        self._scale = ChoiceTiles(say("Size of letters"), [Option(size, f"{size} %") for size in SCALES])
        self._scheme.set_value(look().scheme.value)
        self._scale.set_value(f"{look().scale * 100:.0f}")
        for tiles in (self._scheme, self._scale):
            tiles.chosen.connect(self._apply)
        self.keys_to(self._scheme)
        self.body.addWidget(Card(say("Colours"), self._scheme))
        self.body.addWidget(Card(say("Size of letters"), self._scale))

    def _apply(self) -> None:
        self._theme.apply(Scheme(self._scheme.value()), int(self._scale.value()) / 100)
