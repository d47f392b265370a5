"""How the line is, in words: since when, why, what to do, and whether a clock is wrong."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from desk_app.clock import MINUTE
from desk_app.refusals import reason
from desk_app.services.views import LineState
from desk_app.texts import N_
from ui.pages import words
from ui.widgets import SIZES, Card, Icon, Text, Times, Tone, Tools, When, column, row
from ui.widgets.base import discard

WRONG_CLOCK = 5 * MINUTE
SHUT_OUT = ("desk.shut_out", "token.unknown")  # only a person can bring this desk back

STATES = {
    "online": words.Word(N_("Connected"), Tone.NEUTRAL, "cloud"),
    "offline": words.Word(N_("No line"), Tone.ATTENTION, "cloud-off"),
    "refused": words.Word(N_("The central service refuses this desk"), Tone.WRONG, "cloud-off"),
}


class StateCard(Card):
    """`show_state` tells another state; the moments in it follow the clock."""

    def __init__(self, tools: Tools, times: Times) -> None:
        super().__init__()
        self._say, self._times, self._hub = tools.say, times, tools.hub
        self._content: QWidget | None = None
        self._skew = 0
        self.words = Text("", "section")
        self.clock = Text("", tone=Tone.ATTENTION)
        tools.hub.minute.connect(self._tell_clock)
        self.body.addWidget(self.clock)

    def show_state(self, state: LineState, calm: bool) -> None:
        """Tell how the line is; `calm`: nothing waits and nobody has to look at anything."""
        if self._content:
            discard(self._content)
        word = STATES[state.line]
        calm = calm and state.line == "online" and not state.is_loading
        self.words = Text(self._say("All is well") if calm else self._say(word.text), "section")
        told = column(self.words, *self._lines(state, calm), spacing=SIZES.xs)
        drawing = Icon("circle-check" if calm else word.icon, 36, Tone.GOOD if calm else word.tone)
        line = row(column(drawing, 1), told, spacing=SIZES.l)
        line.setStretch(1, 1)
        line.setContentsMargins(0, 0, 0, 0)
        self._content = QWidget()
        self._content.setLayout(line)
        self.body.insertWidget(0, self._content)
        self._skew = state.skew
        self._tell_clock()

    def _lines(self, state: LineState, calm: bool) -> list[Text]:
        say, lines = self._say, []
        if calm:
            lines.append(Text(say("Everything on this desk is at the central service."), "muted"))
        if state.line != "online" and state.since:
            lines.append(When(self._times, state.since, "muted", self._times.both, self._since))
        if state.reason:
            lines.append(Text(reason(state.reason, state.values, say)))
        if state.reason in SHUT_OUT:
            kept = say(
                "You can go on working here, but others see nothing of it. Nothing on this desk is lost."
            )
            lines.append(Text(kept))
        if state.is_loading:
            coming = say(
                "Older cases are still coming: {n} % are here. One that you scan is fetched at once.",
                n=say.number(state.loaded),
            )
            lines.append(Text(coming, "muted"))
        if state.waiting:
            lines.append(Text(self._waiting(state), "muted"))
        return lines

    def _since(self, when: str) -> str:
        return self._say("Since {when}", when=when)

    def _waiting(self, state: LineState) -> str:
        if state.reason in SHUT_OUT:
            return self._say.plural("{n} entry stays here", "{n} entries stay here", state.waiting)
        return self._say.plural(
            "{n} entry waits and is sent by itself",
            "{n} entries wait and are sent by themselves",
            state.waiting,
        )

    def _tell_clock(self) -> None:
        """Both times, where they differ by more than people do not mind."""
        wrong = abs(self._skew) > WRONG_CLOCK
        self.clock.setVisible(wrong)
        if wrong:
            here = self._hub.clock()
            told = self._say(
                "It is {here} by this computer's clock and {there} by the central service's. No work is lost "
                "by that, but the times this desk writes are wrong: set the clock.",
                here=self._times.exact(here),
                there=self._times.exact(here + self._skew),
            )
            self.clock.setText(told)
