"""A case with everything a paper about it needs, sealed records opened."""

from __future__ import annotations

from dataclasses import dataclass, field

from desk_app.domain.cases import Case
from desk_app.domain.people import Contact, Store


@dataclass(frozen=True, slots=True)
class Dossier:
    """texts, photos by record id; people's names by stream; carriers by waybill; `…code` as printed (`M7…`).

    contact: None where the customer's data was erased.
    coming: records of photographs of which only a preview is here, or nothing yet (no bytes).
    """

    store: Store
    case: Case
    contact: Contact | None
    case_code: str
    item_codes: dict[int, str]
    texts: dict[str, str] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    carriers: dict[str, str] = field(default_factory=dict)
    photos: dict[str, bytes] = field(default_factory=dict)
    coming: frozenset[str] = frozenset()
