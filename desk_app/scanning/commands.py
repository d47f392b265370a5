"""Command codes: what the card with codes can say, `M7X` and two letters or digits and a check character."""

from __future__ import annotations

from dataclasses import dataclass

from desk_app.scanning.codes import OwnKind, encode
from desk_app.texts import N_, Speaker


@dataclass(frozen=True, slots=True)
class Command:
    """One command: the body of its code, its words (a key marked with `N_`)."""

    body: str
    words: str

    def told(self, say: Speaker) -> str:
        """Its words in a language."""
        return self.words if self.words.isdecimal() else say(self.words)

    @property
    def code(self) -> str:
        """The text of its bar code."""
        return encode(OwnKind.COMMAND, self.body)


@dataclass(frozen=True, slots=True)
class Card:
    """Commands that are printed together, in the order of the work."""

    title: str
    commands: tuple[Command, ...]


NEXT = Command("NX", N_("Next step"))
UNDO = Command("UN", N_("Undo"))
PRINT = Command("PR", N_("Print"))
HOLD = Command("HD", N_("Put on the shelf"))
DONE = Command("DN", N_("Done"))
BACK = Command("BK", N_("Back"))
RECEIVE = Command("RC", N_("Receive"))
BENCH = Command("BN", N_("Bench"))
HISTORY = Command("HI", N_("Last scans"))
PASS = Command("PS", N_("Pass"))
FAIL = Command("FL", N_("Fail"))
HAND_OVER = Command("HO", N_("Hand over"))
PART = Command("PT", N_("Part used"))
ADD_PART = Command("AP", N_("Add part"))
MINUTES = Command("MI", N_("Add minutes"))
OUT_OF_WARRANTY = Command("OW", N_("Warranty yes or no"))
GRADES = tuple(
    Command(f"G{grade}", words)
    for grade, words in (
        ("A", N_("Grade A")),
        ("B", N_("Grade B")),
        ("C", N_("Grade C")),
        ("D", N_("Grade D")),
        ("E", N_("Grade E")),
    )
)
DIGITS = tuple(Command(f"D{digit}", digit) for digit in "123456789")

CARDS = (
    Card(N_("Dock"), (RECEIVE, NEXT, HOLD, PRINT, UNDO, DONE, BACK, HISTORY)),
    Card(N_("Bench"), (NEXT, PASS, FAIL, PRINT, *GRADES, HAND_OVER)),
    Card(N_("Repair"), (BENCH, PART, ADD_PART, MINUTES, OUT_OF_WARRANTY, UNDO, BACK, DONE)),
    Card(N_("Choose"), DIGITS),
)
BY_BODY = {command.body: command for card in CARDS for command in card.commands}
