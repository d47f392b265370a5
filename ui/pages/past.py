"""What all stores know of a device, in a few calm lines: repairs, their warranty, and what does not fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtWidgets import QWidget

from desk_app.changes import Changes, Origin
from desk_app.domain.devices import device_streams
from desk_app.services.views import CaseView, DevicePast, OtherCase, PastRepair
from desk_app.texts import Speaker
from ui.pages import words
from ui.pages.trade import Trade
from ui.widgets import SIZES, Icon, Text, Tone, column, row
from ui.widgets.base import discard

MOST = 3
"""So many of each are told; of more their count."""


class PastLines(QWidget):
    """`show_past` tells a device's past; without one, and where there is nothing to tell, it is hidden.

    It is put into its card first: what is shown without a parent is a window of its own.
    """

    def __init__(self, trade: Trade, zone: str) -> None:
        super().__init__()
        self._trade, self._zone = trade, zone
        self._lines = column(spacing=SIZES.s)
        self._shown: DevicePast | None = None
        self.setLayout(self._lines)
        self.hide()

    def show_past(self, past: DevicePast | None) -> None:
        """Tell what is known of a device."""
        if past == self._shown:
            return
        self._shown = past
        while item := self._lines.takeAt(0):
            if widget := item.widget():
                discard(widget)
        told = list(self._told(past)) if past else []
        for line in told:
            self._lines.addWidget(line)
        self.setVisible(bool(told))

    def _told(self, past: DevicePast) -> Iterator[QWidget]:
        say = self._trade.say
        for product in past.products[:MOST]:
            yield _line(say("This serial is known as {product}", product=product), Tone.ATTENTION)
        if still := [_name(say, each) for each in past.cases if each.is_open]:
            yield _line(say("Also in a case that is open: {cases}", cases=_few(say, still)), Tone.ATTENTION)
        for repair in past.repairs[:MOST]:
            icon, tone = ("shield-check", Tone.ACCENT) if repair.in_warranty else ("history", Tone.NEUTRAL)
            yield _line(self._repair(repair), tone, icon)
        repaired = {each.number for each in past.repairs[:MOST]}
        before = [_name(say, each) for each in past.cases if not each.is_open and each.number not in repaired]
        if before:
            yield _line(say("Earlier cases: {cases}", cases=_few(say, before)), Tone.NEUTRAL, "history")
        if past.this_store_only:
            yield Text(say("Earlier repairs and cases: this store only"), "caption")

    def _repair(self, repair: PastRepair) -> str:
        say, zone = self._trade.say, self._zone
        on, fault = say.date(repair.finished_at, zone), self._trade.code(repair.category, repair.fault)
        told = say("Repaired {date} ({fault})", date=on, fault=fault)
        until = say.date(repair.until, zone)
        if repair.in_warranty:
            told = say(
                "Repaired {date} ({fault}), repair warranty until {until}", date=on, fault=fault, until=until
            )
        elif repair.until:
            told = say(
                "Repaired {date} ({fault}), repair warranty ended {until}", date=on, fault=fault, until=until
            )
        return words.joined(told, say("case {number}", number=repair.number), repair.store)


def is_touched(view: CaseView, changes: Changes) -> bool:
    """Whether something else may be known of a case's devices now."""
    if changes.origin is Origin.SYNC and any(past.this_store_only for past in view.pasts.values()):
        return True
    devices = {stream for item in view.case.items for stream in device_streams(item.serial, item.imei)}
    return not devices.isdisjoint(changes.streams)


def _line(text: str, tone: Tone, icon: str = "triangle-alert") -> QWidget:
    """A drawing and words; they can wrap."""
    is_calm = tone is not Tone.ATTENTION
    line = row(
        column(Icon(icon, SIZES.icon, tone), 1), Text(text, tone=None if is_calm else tone), spacing=SIZES.s
    )
    line.setStretch(1, 1)
    made = QWidget()
    made.setLayout(line)
    return made


def _name(say: Speaker, case: OtherCase) -> str:
    """A case's number, and the name of another store."""
    return say("{case} ({store})", case=case.number, store=case.store) if case.store else case.number


def _few(say: Speaker, names: Sequence[str]) -> str:
    """The first of some names, and how many more there are."""
    more = say("{n} more", n=say.number(len(names) - MOST)) if len(names) > MOST else ""
    return words.joined(*names[:MOST], more)
