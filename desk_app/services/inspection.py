"""Inspection at dock and bench: checklist, grade, disposition, photographs."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path

import msgspec

from desk_app import vault
from desk_app.domain.cases import DISPOSITIONS, GRADES
from desk_app.domain.facts import (
    ItemDisposed,
    ItemInspected,
    ItemPhotographed,
    ItemReceived,
    ParcelOpened,
    RepairRequested,
)
from desk_app.domain.parcels import parcel_stream
from desk_app.domain.people import Actor
from desk_app.errors import OutsideError, RuleError
from desk_app.handbook import checklists
from desk_app.services.desk import Desk, case_of, item_of
from desk_app.storage import files, journal
from desk_app.storage.act import Act

LARGEST_PHOTO = 40 * 1024 * 1024


class Picture(msgspec.Struct, frozen=True):
    """Content of a photograph's sealed record: its name, and key and address of its encrypted bytes."""

    name: str
    key: bytes
    hash: str


class Inspection:
    """What is done to judge goods."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def handbook(self) -> checklists.Handbook:
        """Checklists, grades and words of the trade."""
        return checklists.load()

    def take_in(self, case: str, item: int, by: Actor) -> Future[None]:
        """Take the goods out of their parcel into the hand."""

        def decide(act: Act) -> None:
            if item_of(act, case, item).goods != "expected":
                raise RuleError("item.received_already")
            act.add(case, ItemReceived(item))
            for waybill in case_of(act, case).parcels:
                act.add(parcel_stream(waybill), ParcelOpened())

        return self._desk.act(by, "item.inspect", decide)

    def inspect(
        self,
        case: str,
        item: int,
        answers: dict[str, str],
        measures: dict[str, str],
        grade: str,
        note: str,
        by: Actor,
    ) -> Future[None]:
        """Record a checklist; a grade other than the computed one needs a note that says why."""

        def decide(act: Act) -> None:
            goods = item_of(act, case, item)
            if goods.goods == "left":
                raise RuleError("item.left_already")
            checklist = checklists.load().checklist(goods.category)
            computed = checklists.grade(checklist, answers)
            if grade not in GRADES:
                raise RuleError("grade.unknown")
            if grade != computed and not note.strip():
                raise RuleError("grade.reason_needed", grade=computed)
            sealed = [act.seal(note.strip())] if note.strip() else []
            record = sealed[0].id if sealed else ""
            fact = ItemInspected(item, goods.category, answers, measures, computed, grade, record)
            act.add(case, fact, *sealed)

        return self._desk.act(by, "item.inspect", decide)

    def dispose(self, case: str, item: int, disposition: str, shelf: str, by: Actor) -> Future[None]:
        """Decide what becomes of the goods; `repair` begins a repair."""

        def decide(act: Act) -> None:
            goods = item_of(act, case, item)
            if disposition not in DISPOSITIONS:
                raise RuleError("disposition.unknown")
            if not goods.grade:
                raise RuleError("item.not_inspected")
            if goods.disposition not in ("", disposition, "repair"):
                raise RuleError("item.disposed_already")
            act.add(case, ItemDisposed(item, disposition, shelf))
            if disposition == "repair" and goods.repair is None:
                act.add(case, RepairRequested(item))

        return self._desk.act(by, "item.inspect", decide)

    def photograph(self, case: str, item: int, paths: Sequence[Path], stage: str, by: Actor) -> Future[None]:
        """Keep photographs, encrypted; OutsideError('photo.unreadable') names a file that cannot be read."""
        pictures = [(path.name, vault.encrypt_file(_picture_bytes(path))) for path in paths]
        for _, file in pictures:
            files.keep(self._desk.journal.folder, file.hash, file.box)

        def decide(act: Act) -> None:
            item_of(act, case, item)
            for name, file in pictures:
                sealed = act.seal(Picture(name, file.key, file.hash))
                act.add(case, ItemPhotographed(item, sealed.id, file.hash, stage), sealed)

        return self._desk.act(by, "item.inspect", decide)

    def photo(self, record: str) -> bytes | None:
        """The bytes of a photograph by its record; None where it was erased or is not on this desk."""
        with self._desk.journal.read() as connection:
            content = journal.open_record(connection, record)
        if content is None:
            return None
        picture = msgspec.json.decode(content, type=Picture)
        box = files.read(self._desk.journal.folder, picture.hash)
        return (
            None if box is None else vault.decrypt_file(vault.EncryptedFile(picture.key, box, picture.hash))
        )


def _picture_bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_PHOTO:
            raise RuleError("photo.too_large", name=path.name)
        return path.read_bytes()
    except OSError as error:
        raise OutsideError("photo.unreadable", name=path.name) from error
