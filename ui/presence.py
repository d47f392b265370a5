"""Who is at the desk: signing in, changing, locking. What each left unfinished waits for them for an hour."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from desk_app.domain.people import Actor
from desk_app.errors import OutsideError
from ui.idle import Idle
from ui.pages.signin.lock import Lock
from ui.pages.signin.page import SignIn
from ui.services import Services
from ui.sound import Sound
from ui.workplace import Place, Route, Workplace

if TYPE_CHECKING:
    from desk_app.texts import Speaker
    from ui.app import Program
    from ui.hub import Hub
    from ui.tasks import Tasks

KEPT_MS = 60 * 60 * 1000
RECENT = 50  # more people than a desk has


@dataclass(frozen=True, slots=True)
class Jobs:
    """What the program offers a person: the pages, some not allowed, and the one their work begins with."""

    places: Callable[[Actor], Sequence[Place]]
    first: Callable[[Actor], str]


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """A workplace as its person left it; `until` runs once somebody else works here."""

    actor: Actor
    work: Workplace
    until: QTimer


class Presence(QObject):
    """`actor` is the person who works now, None while a card asks who; `entered` comes with each."""

    entered = Signal()

    def __init__(self, program: Program, services: Services, jobs: Jobs) -> None:
        super().__init__()
        self._program, self._services, self._jobs = program, services, jobs
        self._window = program.window
        self._kept: dict[str, Kept] = {}
        self._seen: Route | None = None
        self._card: SignIn | Lock | None = None
        self.actor: Actor | None = None
        self.idle = Idle(program.app)
        self.idle.passed.connect(self.lock)

    def change_person(self) -> None:
        """Ask who works now."""
        self._put_away()
        self._show(SignIn(*self._given, self._services, self._came))

    def lock(self) -> None:
        """Hide everything until the same person signs in again, or another one."""
        if self.actor:
            person = self.actor.person
            self._put_away()
            self._show(Lock(*self._given, self._services, person, self._came, self.change_person))

    def refuse_scan(self) -> None:
        """A scan while nobody is signed in: nothing is done, and that is said and heard."""
        if self._card:
            self._card.refuse_scan()
            self._program.sounds.play(Sound.ERROR)

    def forget_kept(self) -> None:
        """Give up what people left, as after a change of language."""
        for person in list(self._kept):
            self._forget(person)

    def stop(self) -> None:
        """Watch no more whether somebody is there."""
        self.idle.stop()

    # inside

    @property
    def _given(self) -> tuple[Speaker, Tasks, Hub]:
        program = self._program
        return program.say, program.tasks, program.hub

    def _show(self, card: SignIn | Lock) -> None:
        self._card = card
        self._window.show_bare(card)

    def _put_away(self) -> None:
        """Take everything of the person who works off the window and keep it as it is."""
        if self.actor is None:
            return
        work = self._window.take_away()
        until = QTimer(self, singleShot=True, interval=KEPT_MS)
        until.timeout.connect(partial(self._forget, self.actor.person))
        self._kept[self.actor.person] = Kept(self.actor, work, until)
        self._seen, self.actor = work.route, None

    def _forget(self, person: str) -> None:
        kept = self._kept.pop(person)
        kept.until.deleteLater()
        kept.work.deleteLater()

    def _came(self, actor: Actor) -> None:
        """Somebody signed in: they find what they left, and else the page on show stays."""
        self.actor, self._card = actor, None
        self._remember(actor.person)
        mine = self._kept.get(actor.person)
        if mine and mine.actor == actor:
            del self._kept[actor.person]
            mine.until.deleteLater()
            self._come_back(mine.work)
        else:
            self._begin(actor)
        for other in self._kept.values():
            if not other.until.isActive():
                other.until.start()
        self.idle.stir()
        self.entered.emit()

    def _come_back(self, work: Workplace) -> None:
        self._window.put_back(work)
        seen = self._seen
        if seen and seen != work.route and work.may_open(seen.name) and not work.is_begun():
            work.open(seen.name, **dict(seen.where))

    def _begin(self, actor: Actor) -> None:
        if actor.person in self._kept:  # their roles are others now
            self._forget(actor.person)
        places = self._jobs.places(actor)
        seen = self._seen
        if seen and any(place.name == seen.name and place.allowed for place in places):
            self._window.enter(seen.name, places, **dict(seen.where))
        else:
            self._window.enter(self._jobs.first(actor), places)

    def _remember(self, person: str) -> None:
        """Who came last stands first on the next sign-in; a full disk is said where something matters."""
        settings = self._services.settings
        recent = [person, *(other for other in settings.recent_people.split() if other != person)]
        with suppress(OutsideError):
            settings.recent_people = " ".join(recent[:RECENT])
