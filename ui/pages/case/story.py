"""The story of a case in words, newest first."""

from __future__ import annotations

from collections.abc import Iterator

from desk_app.domain.cases import Moment as Happening
from desk_app.services.views import CaseView
from desk_app.texts import Speaker
from ui.pages import words
from ui.services import Services
from ui.widgets import Moment, Tone


def story(say: Speaker, view: CaseView, services: Services) -> list[Moment]:
    """What happened on a case, newest first; each note with its text, or `Erased` where it was erased."""
    notes = iter(view.case.notes)
    told = [_moment(say, view, services, happening, notes) for happening in view.case.story]
    return told[::-1]


def _moment(
    say: Speaker, view: CaseView, services: Services, happening: Happening, notes: Iterator[str]
) -> Moment:
    word = words.ENTRIES.get(happening.kind, words.UNKNOWN_ENTRY)
    failed = happening.kind == "repair.checked" and happening.detail == "failed"
    return Moment(
        words.moment_title(say, view.case, happening),
        say.moment(happening.at, services.zone),
        view.people.get(happening.person, ""),
        _detail(say, view, services, happening, notes),
        "circle-x" if failed else word.icon,
        Tone.ATTENTION if failed else word.tone,
    )


def _detail(
    say: Speaker, view: CaseView, services: Services, happening: Happening, notes: Iterator[str]
) -> str:
    if happening.kind == "case.noted":
        return view.texts.get(next(notes, ""), say("Erased"))
    return words.moment_detail(say, happening)
