"""The photographs of an item as pages show them: a strip, each of which opens large."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from desk_app.domain.cases import Photo as Record
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
    """Show these photographs of a case in a strip; their records are the keys."""
    strip.set_photos(
        [
            Photo(
                photo.record,
                words.lookup(tools.say, words.STAGES, photo.stage),
                partial(_bytes, services, photo.record),
            )
            for photo in records
        ]
    )


def _bytes(services: Services, record: str) -> bytes:
    """The picture; FileNotFoundError where it was erased or has not come to this desk yet."""
    data = services.inspection.photo(record)
    if data is None:
        raise FileNotFoundError(record)
    return data
