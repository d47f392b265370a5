"""The photographs of an item as pages show them: a strip, each of which opens large."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from desk_app.domain.cases import Photo as Record
from desk_app.refusals import SENTENCES
from desk_app.texts import Speaker
from ui.pages import words
from ui.services import Services
from ui.widgets import Photo, PhotoStrip, Tools, open_viewer


def strip(tools: Tools, ask: Callable[[], object] | None = None) -> PhotoStrip:
    """A strip whose photographs open large; with `ask` it has a button that asks for another."""
    made = PhotoStrip(tools.say, tools.tasks, can_add=ask is not None)
    made.opened.connect(partial(open_viewer, made))
    if ask:
        made.asked.connect(ask)
    return made


def show(strip: PhotoStrip, tools: Tools, services: Services, records: Iterable[Record]) -> None:
    """Show these photographs of a case in a strip; their records are the keys.

    One that has not come to this desk yet is shown small, says so, and is fetched before others.
    """
    shown = list(records)
    coming = services.inspection.coming(shown)
    waits = _why_it_waits(tools.say, services.inspection.delay())
    strip.set_photos(
        [_photo(tools, services, photo, waits if photo.record in coming else "") for photo in shown]
    )


def _photo(tools: Tools, services: Services, photo: Record, waits: str) -> Photo:
    stage = words.lookup(tools.say, words.STAGES, photo.stage)
    band = tools.say("On its way") if waits else ""
    return Photo(photo.record, words.joined(stage, waits), partial(_bytes, services, photo.record), band)


def _why_it_waits(say: Speaker, code: str) -> str:
    if code in SENTENCES:
        return say(SENTENCES[code])
    return say("The photograph is on its way to this desk")


def _bytes(services: Services, record: str) -> bytes:
    """The picture or its preview; FileNotFoundError where it was erased or has not come to this desk yet."""
    view = services.inspection.photo(record)
    if view is None:
        raise FileNotFoundError(record)
    return view.data
