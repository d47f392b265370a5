"""What each command code does on each page, in one table; a card with them is printed from the settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from desk_app.scanning import commands as say
from desk_app.scanning.commands import BY_BODY, Command

if TYPE_CHECKING:
    from ui.workplace import Workplace

Step = Callable[["Workplace"], bool]


class Meaning(NamedTuple):
    """On a page ("" on every page) a command takes the first of its steps that does something."""

    page: str
    command: Command
    steps: tuple[Step, ...]


def _action(name: str) -> Step:
    return lambda work: work.tools.actions.run(name)


def _own(name: str) -> Step:
    """What the page itself does, a key of its `command_acts`."""
    return lambda work: work.page is not None and work.page.command_acts.get(name, bool)()


def _digit(digit: str) -> Step:
    return lambda work: work.page is not None and work.page.take_digit(digit)


def _choose(key: str) -> Step:
    return lambda work: work.page is not None and work.page.choose(key)


def _open(page: str) -> Step:
    def step(work: Workplace) -> bool:
        work.open(page)
        return True

    return step


def _step_back(work: Workplace) -> bool:
    return work.page is not None and work.page.step_back()


def _back(work: Workplace) -> bool:
    work.back()
    return True


def _undo(work: Workplace) -> bool:
    return work.undo_scan()


# The first line counts that fits the page and the command.
MEANINGS = (
    Meaning("dock", say.NEXT, (_action("dock.shelve"),)),
    Meaning("dock", say.HOLD, (_action("dock.shelve"),)),
    Meaning("dock", say.PRINT, (_action("dock.label"),)),
    Meaning("dock", say.DONE, (_own("done"),)),
    Meaning("bench", say.NEXT, (_action("bench.next"),)),
    Meaning("bench", say.DONE, (_action("bench.next"),)),
    Meaning("bench", say.HAND_OVER, (_own("hand_over"),)),
    Meaning("bench", say.PASS, (_choose("passed"), _digit("1"))),
    Meaning("bench", say.FAIL, (_choose("failed"), _digit("2"))),
    Meaning("bench", say.PART, (_action("bench.pick_part"),)),
    Meaning("bench", say.ADD_PART, (_action("bench.add_part"),)),
    Meaning("bench", say.MINUTES, (_action("bench.add_minutes"),)),
    Meaning("bench", say.OUT_OF_WARRANTY, (_own("warranty"),)),
    Meaning("bench", say.PRINT, (_own("report"), _action("bench.label"))),
    Meaning("bench", say.UNDO, (_step_back, _undo)),
    *(Meaning("bench", grade, (_choose(grade.body[-1]),)) for grade in say.GRADES),
    *(Meaning("", digit, (_digit(digit.words),)) for digit in say.DIGITS),
    Meaning("", say.RECEIVE, (_open("dock"),)),
    Meaning("", say.BENCH, (_open("bench"),)),
    Meaning("", say.HISTORY, (_open("scans"),)),
    Meaning("", say.UNDO, (_undo,)),
    Meaning("", say.BACK, (_back,)),
)


def command_of(body: str) -> Command | None:
    """The command of a code; None for one of a newer version."""
    return BY_BODY.get(body)


def do(command: Command, page: str, work: Workplace) -> bool:
    """Do what a command means on this page; False where it means nothing, or nothing now."""
    found = next((each for each in MEANINGS if each.command is command and each.page in ("", page)), None)
    return found is not None and any(step(work) for step in found.steps)
