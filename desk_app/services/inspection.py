"""Inspection at dock and bench: checklist, grade, disposition, photographs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import msgspec

from desk_app import vault
from desk_app.domain.cases import DISPOSITIONS, GRADES, Photo
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
from desk_app.services import past
from desk_app.services.desk import Desk, case_of, item_of
from desk_app.services.views import PhotoView
from desk_app.storage import sealed_records
from desk_app.storage.act import Act

LARGEST_PHOTO = 40 * 1024 * 1024


class Picture(msgspec.Struct, frozen=True):
    """Content of a photograph's sealed record: its name, and key and address of its encrypted bytes.

    preview: a small upright JPEG, which every desk can show as soon as the entry is there; empty in records
    of the first version.
    """

    name: str
    key: bytes
    hash: str
    preview: bytes = b""


@dataclass(frozen=True, slots=True)
class Transfer:
    """How photographs come here. want: fetch these files first; trouble: the code of what hinders that."""

    want: Callable[[Collection[str]], None]
    trouble: Callable[[], str]


NO_TRANSFER = Transfer(lambda _: None, lambda: "")


class Inspection:
    """What is done to judge goods."""

    def __init__(self, desk: Desk, transfer: Transfer = NO_TRANSFER) -> None:
        self._desk = desk
        self._transfer = transfer
        self._aside = ThreadPoolExecutor(1, "photographs")

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
            decision = act.coming(case)
            act.add(case, ItemDisposed(item, disposition, shelf))
            if disposition == "repair" and goods.repair is None:
                act.add(case, RepairRequested(item, relies_on=(decision,)))
            if disposition not in (*past.KEEPS, goods.disposition):
                past.tell_released(act, case, goods)

        return self._desk.act(by, "item.inspect", decide)

    def photograph(self, case: str, item: int, paths: Sequence[Path], stage: str, by: Actor) -> Future[None]:
        """Keep photographs, encrypted, without what the camera wrote beside them (place, time, device).

        Everything is done aside. OutsideError('photo.unreadable') names a file that is no picture.
        """
        return self._aside.submit(self._photograph, case, item, tuple(paths), stage, by)

    def _photograph(self, case: str, item: int, paths: Sequence[Path], stage: str, by: Actor) -> None:
        taken = [_taken(path) for path in paths]
        kept = self._desk.journal.files

        def decide(act: Act) -> None:
            item_of(act, case, item)
            for picture, _ in taken:
                sealed = act.seal(picture)
                act.add(case, ItemPhotographed(item, sealed.id, picture.hash, stage), sealed)

        with kept.in_hand([picture.hash for picture, _ in taken]):
            for picture, box in taken:
                kept.keep(picture.hash, box)
            try:
                self._desk.act(by, "item.inspect", decide).result()
            except RuleError:
                for picture, _ in taken:
                    kept.forget(picture.hash)
                raise

    def photo(self, record: str) -> PhotoView | None:
        """A photograph by its record, or its preview; None where it was erased or nothing of it is here."""
        with self._desk.journal.read() as connection:
            content = sealed_records.open_one(connection, record)
        if content is None:
            return None
        picture = msgspec.json.decode(content, type=Picture)
        box = self._desk.journal.files.read(picture.hash)
        if box is None:
            return PhotoView(picture.preview, True) if picture.preview else None
        return PhotoView(vault.decrypt_file(vault.EncryptedFile(picture.key, box, picture.hash)), False)

    def coming(self, photos: Iterable[Photo]) -> frozenset[str]:
        """The records of those photographs that are still on their way; from now on they come first."""
        shown = list(photos)
        missing = self._desk.journal.files.coming([photo.file for photo in shown])
        if missing:
            self._transfer.want(missing)
        return frozenset(photo.record for photo in shown if photo.file in missing)

    def delay(self) -> str:
        """The code of what keeps photographs from coming, such as `disk.full`; empty while they come."""
        return self._transfer.trouble()


def _taken(path: Path) -> tuple[Picture, bytes]:
    """What a photograph's sealed record holds, and the encrypted bytes beside it."""
    from desk_app.services import pictures  # Pillow takes long to load, and the window does not wait for it

    prepared = pictures.prepare(_picture_bytes(path))
    if prepared is None:
        raise OutsideError("photo.unreadable", name=path.name)
    file = vault.encrypt_file(prepared.whole)
    return Picture(path.name, file.key, file.hash, prepared.preview), file.box


def _picture_bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_PHOTO:
            raise RuleError("photo.too_large", name=path.name)
        return path.read_bytes()
    except OSError as error:
        raise OutsideError("photo.unreadable", name=path.name) from error
