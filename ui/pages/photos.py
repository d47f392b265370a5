"""The photographs of an item as pages show and take them."""

from __future__ import annotations

from functools import partial

from desk_app.domain.cases import Photo as Record
from desk_app.texts import Speaker
from ui.pages import words
from ui.services import Services
from ui.widgets import Photo


def photo(say: Speaker, services: Services, record: Record) -> Photo:
    """A photograph of the case; its record is the key."""
    name = words.lookup(say, words.STAGES, record.stage)
    return Photo(record.record, name, partial(_bytes, services, record.record))


def _bytes(services: Services, record: str) -> bytes:
    """The picture; FileNotFoundError where it was erased or has not come to this desk yet."""
    data = services.inspection.photo(record)
    if data is None:
        raise FileNotFoundError(record)
    return data
