"""The story of a case in words, newest first."""

from __future__ import annotations

from collections.abc import Iterator

from desk_app.domain.cases import Moment as Happening
from desk_app.services.views import CaseView
from ui.pages import words
from ui.pages.trade import Trade
from ui.widgets import Moment, Tone


def story(trade: Trade, view: CaseView) -> list[Moment]:
    """What happened on a case, newest first; each note with its text, or `Erased` where it was erased."""
    notes = iter(view.case.notes)
    told = [_moment(trade, view, happening, notes) for happening in view.case.story]
    return told[::-1]


def _moment(trade: Trade, view: CaseView, happening: Happening, notes: Iterator[str]) -> Moment:
    word = words.ENTRIES.get(happening.kind, words.UNKNOWN_ENTRY)
    failed = happening.kind == "repair.checked" and happening.detail == "failed"
    if happening.contested:
        word = words.Word(word.text, Tone.ATTENTION, "triangle-alert")
    return Moment(
        words.moment_title(trade.say, view.case, happening),
        happening.at,
        view.people.get(happening.person, ""),
        _detail(trade, view, happening, notes),
        "circle-x" if failed else word.icon,
        Tone.ATTENTION if failed else word.tone,
    )


def _detail(trade: Trade, view: CaseView, happening: Happening, notes: Iterator[str]) -> str:
    if happening.kind == "case.noted":
        return view.texts.get(next(notes, ""), trade.say("Erased"))
    detail = trade.moment_detail(view.case, happening)
    return words.joined(detail, trade.say("does not count")) if happening.contested else detail
