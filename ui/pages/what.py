"""What is this? A code that nothing here has: what it can be, what to do with it, and whether to remember."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from desk_app.domain.people import Actor
from desk_app.scanning.patterns import fits, is_mask, mask_of
from desk_app.scanning.reading import LIKELY, Kind, Reading, Scan, Source, Why
from desk_app.texts import N_
from ui.actions import Action
from ui.pages import acts
from ui.pages.codes import KINDS, TAUGHT
from ui.services import Services
from ui.widgets import Button, Card, ChoiceTiles, Facts, Option, Page, Text, Tick, Tone, Tools, column
from ui.widgets.base import tab_through
from ui.widgets.scan_bar import printed, shortened

LONGEST_SHOWN = 24
SEARCH = Action("what.search", N_("Search the cases"), key="F4", icon="search")


@dataclass(frozen=True, slots=True)
class Guess:
    """What is done with a code that is this, in words, and on which page."""

    does: str
    icon: str
    page: str


GUESSES = {
    Kind.WAYBILL: Guess(N_("Receive the parcel"), "truck", "dock"),
    Kind.ORDER: Guess(N_("Open a case with it"), "receipt-text", "window"),
    Kind.SERIAL: Guess(N_("Open a case with it"), "smartphone", "window"),
    Kind.SKU: Guess(N_("Open a case with it"), "tag", "window"),
    Kind.UNKNOWN: Guess(N_("Do not ask for such codes again"), "x", ""),
}
TAKEN_FOR = {Kind.SSCC: Kind.WAYBILL, Kind.IMEI: Kind.SERIAL, Kind.MEID: Kind.SERIAL, Kind.GTIN: Kind.SKU}


class WhatPage(Page):
    """The likeliest first, each with one digit; the answer counts for codes that look the same, too."""

    job = "what"

    def __init__(self, tools: Tools, services: Services, actor: Actor) -> None:
        super().__init__(tools, tools.say("What is this?"))
        self._services, self._actor = services, actor
        self._scan: Scan | None = None
        self.code, self.facts = Text("", "title"), Facts(columns=2)
        self.tiles = ChoiceTiles(self.say("What is this?"), columns=2)
        self.tiles.chosen.connect(self._chosen)
        self.remember = Tick("", ticked=True)
        self.body.addWidget(Card("", column(self.code, self.facts)))
        self.body.addWidget(Card(self.say("It is"), self.tiles, self.remember))
        search = tools.actions.bind(self, SEARCH, self._search)
        self.add_actions(Button.of(search))
        self.keys_to(self.tiles)

    def open(self, code: str = "", detail: str = "", **_where: str) -> None:
        """Ask what `code` is; `detail` says why nothing was found."""
        scans = self._services.codes.hear(code, Source.TYPED)
        self._scan = scans[0]
        reading = self._scan.surest
        known = is_understood(reading)
        title = self.say("Nothing here has this code") if known else self.say("What is this?")
        self.set_title(title, detail)
        self.code.setText(shortened(reading.value or code, LONGEST_SHOWN))
        self.code.setToolTip(printed(reading.value or code))
        self.facts.set_pairs([(self.say("Taken as"), self.say(KINDS[reading.kind]))] if known else [])
        self.tiles.set_options([self._option(kind) for kind in guesses(self._scan)])
        mask = mask_of(reading.value)
        worth = not known and is_mask(mask) and fits(mask, reading.value)
        self.remember.setVisible(worth)
        self.remember.setChecked(worth)
        always = self.say("Always so: {mask}", mask=shortened(mask, LONGEST_SHOWN))
        self.remember.setText(always)
        self.remember.setAccessibleName(always)
        tab_through(self.tiles.tiles[-1], self.remember)

    def is_begun(self) -> bool:
        """A question one may leave open."""
        return False

    def _option(self, kind: Kind) -> Option:
        guess = GUESSES[kind]
        return Option(kind.value, self.say(TAUGHT[kind]), self.say(guess.does), guess.icon)

    def _chosen(self, key: str) -> None:
        if self._scan is None:
            return
        kind, scan = Kind(key), self._scan
        if not self.remember.isChecked():
            self._go_on(kind, scan)
            return
        taught = self._services.codes.teach(mask_of(scan.surest.value), kind.value, self._actor)
        self.tools.tasks.when(taught, lambda _: self._go_on(kind, scan), partial(acts.refuse, self.tools))

    def _go_on(self, kind: Kind, scan: Scan) -> None:
        page = GUESSES[kind].page
        if not page:
            self.tools.shell.back()
            self.tools.shell.answer(Tone.NEUTRAL, self.say("Nothing of ours. Scan on."), scan)
            return
        self.tools.shell.open(page, **({"fresh": "yes"} if page == "window" else {}))
        self.tools.shell.hand_on(replace(scan, readings=(meant_as(kind, scan),)))

    def _search(self) -> None:
        if self._scan:
            self.tools.shell.open("cases", search=self._scan.surest.value)


def is_understood(reading: Reading) -> bool:
    """Whether there is no question what kind of code it is, only whose."""
    return reading.confidence >= LIKELY and reading.kind is not Kind.UNKNOWN


def meant_as(kind: Kind, scan: Scan) -> Reading:
    """What a code means as this: an IMEI that is taken for a serial number stays an IMEI."""
    read = (reading for reading in scan.readings if TAKEN_FOR.get(reading.kind, reading.kind) is kind)
    return next(read, Reading(kind, scan.surest.value, None, 100, Why.TAUGHT))


def guesses(scan: Scan) -> list[Kind]:
    """What it may be, likeliest first; of a code that is understood what it is taken for comes first."""
    said = [TAKEN_FOR.get(reading.kind, reading.kind) for reading in scan.readings]
    found = dict.fromkeys(kind for kind in (*said, *GUESSES) if kind in GUESSES and kind is not Kind.UNKNOWN)
    return [*found, *(() if is_understood(scan.surest) else (Kind.UNKNOWN,))]
