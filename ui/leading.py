"""Where a code leads that the page on show has no use for; what is not on this desk is asked for."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from desk_app.errors import ShownError
from desk_app.scanning.reading import Scan
from desk_app.services.views import Brought, Target
from desk_app.texts import Speaker
from ui.services import Services
from ui.sound import Sound
from ui.widgets import Tone

if TYPE_CHECKING:
    from ui.app import Program


class Leading:
    """Opens what a code names. Only the last code leads anywhere: somebody may have gone on meanwhile."""

    def __init__(self, program: Program, services: Services) -> None:
        self._program, self._services, self._window = program, services, program.window
        self._last: Scan | None = None

    def follow(self, scan: Scan) -> None:
        """Open what the code names, here or at the central service; or say that nothing has it."""
        self._last = scan
        target = self._services.cases.target(scan.raw)
        if target.page:
            self._open(target)
        elif self._services.line.state().line == "online":
            self._ask(scan)
        else:
            self._not_asked()

    def forget(self) -> None:
        """Somebody else is here: what is still asked for leads nowhere."""
        self._last = None

    def _ask(self, scan: Scan) -> None:
        self._window.answer(Tone.NEUTRAL, self._say("Not on this desk. Asking the central service …"))
        asked = self._services.line.bring(self._services.cases.codes(scan.raw))
        self._program.tasks.when(asked, partial(self._answered, scan), partial(self._failed, scan))

    def _answered(self, scan: Scan, brought: Brought) -> None:
        if scan is not self._last:
            return
        target = self._services.cases.target(scan.raw)
        if brought is Brought.ELSEWHERE:
            self._tell(Tone.ATTENTION, Sound.ATTENTION, self._say("This belongs to another store."))
        elif target.page:
            self._open(target)
        else:
            self._unknown()

    def _failed(self, scan: Scan, _: ShownError) -> None:
        if scan is self._last:
            self._not_asked()

    def _open(self, target: Target) -> None:
        if not self._window.work.may_open(target.page):
            self._tell(Tone.WRONG, Sound.ERROR, self._window.work.not_yours(target.page))
            return
        where = {"stream": target.stream, "item": str(target.item) if target.item else ""}
        self._window.open(target.page, **{name: value for name, value in where.items() if value})

    def _not_asked(self) -> None:
        words = self._say("Not on this desk. Without a line nobody else can be asked.")
        self._tell(Tone.ATTENTION, Sound.ATTENTION, words)

    def _unknown(self) -> None:
        words = self._say("Unknown code. Scan it on the dock, or search the cases.")
        self._tell(Tone.ATTENTION, Sound.ATTENTION, words)

    def _tell(self, tone: Tone, sound: Sound, words: str) -> None:
        self._window.answer(tone, words)
        self._program.sounds.play(sound)

    @property
    def _say(self) -> Speaker:
        return self._program.say
