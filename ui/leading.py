"""What the table of routes says for every page: commands, and where a code leads, here or elsewhere."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from desk_app.errors import ShownError
from desk_app.scanning.reading import Kind, Reading, Scan, Why
from desk_app.scanning.routes import routes
from desk_app.services.views import Brought, Target
from desk_app.texts import N_, Speaker
from ui.commands import command_of, do
from ui.services import Services
from ui.sound import Sound
from ui.widgets import Tone

if TYPE_CHECKING:
    from ui.app import Program


NEXT_STEPS = {
    Kind.SHELF: N_("A shelf: scan it on the dock, behind its parcel"),
    Kind.JOIN: N_("A code to join with: scan it at the first start of a new desk"),
}
OURS = frozenset((*NEXT_STEPS, Kind.CASE, Kind.ITEM, Kind.PARCEL, Kind.BADGE, Kind.DOCUMENT))


class Leading:
    """Opens what a code names. Only the last code leads anywhere: somebody may have gone on meanwhile."""

    def __init__(self, program: Program, services: Services) -> None:
        self._program, self._services, self._window = program, services, program.window
        self._last: Scan | None = None

    def follow(self, scan: Scan) -> None:
        """Do what the table of routes says for every page."""
        acts = {"command": self._command, "open": self._lead}
        found = routes("", (), scan.readings)
        does, reading = next((does, reading) for does, reading in found if does in acts)
        acts[does](scan, reading)

    def _command(self, scan: Scan, reading: Reading) -> None:
        work = self._window.work
        command = command_of(reading.value)
        words = command.told(self._say) if command else reading.value
        self._window.answer(Tone.NEUTRAL, words, scan)
        if command is None or not do(command, work.page.job if work.page else "", work):
            told = self._say("“{command}” does nothing here now", command=words)
            self._tell(Tone.ATTENTION, Sound.ATTENTION, told)

    def _lead(self, scan: Scan, _reading: Reading) -> None:
        """Open what the code names, here or at the central service; or ask what it is."""
        self._last = scan
        target = self._services.cases.target(scan.raw)
        if target.page:
            self._open(target)
        elif self._services.line.state().line == "online":
            self._ask(scan)
        else:
            self._not_asked(scan)

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
            self._ask_what(scan, self._say("Nobody knows this code"))

    def _failed(self, scan: Scan, _: ShownError) -> None:
        if scan is self._last:
            self._not_asked(scan)

    def _open(self, target: Target) -> None:
        if not self._window.work.may_open(target.page):
            self._tell(Tone.WRONG, Sound.ERROR, self._window.work.not_yours(target.page))
            return
        where = {"stream": target.stream, "item": str(target.item) if target.item else ""}
        self._window.open(target.page, **{name: value for name, value in where.items() if value})

    def _not_asked(self, scan: Scan) -> None:
        self._ask_what(scan, self._say("Not on this desk. Without a line nobody else can be asked."))

    def _ask_what(self, scan: Scan, words: str) -> None:
        """Never a dead end: what it can be, and what to do then; but nobody is asked twice."""
        if scan.surest.kind is Kind.UNKNOWN and scan.surest.why is Why.TAUGHT:
            self._window.answer(Tone.NEUTRAL, self._say("Nothing of ours. Scan on."), scan)
            return
        step = NEXT_STEPS.get(scan.surest.kind)
        if scan.surest.kind not in OURS:
            self._window.open("what", code=scan.raw, detail=words)
        self._tell(Tone.ATTENTION, Sound.ATTENTION, self._say(step) if step else words)

    def _tell(self, tone: Tone, sound: Sound, words: str) -> None:
        self._window.answer(tone, words)
        self._program.sounds.play(sound)

    @property
    def _say(self) -> Speaker:
        return self._program.say
