"""Papers: filled from the case as it stands, made by callables of `printing`, saved, and remembered."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from desk_app import sabotage
from desk_app.domain.dossier import Dossier
from desk_app.domain.facts import PaperPrinted
from desk_app.domain.parcels import Parcel
from desk_app.domain.people import Actor, Store
from desk_app.errors import RuleError
from desk_app.scanning.codes import OwnKind, encode
from desk_app.services.cases import Cases
from desk_app.services.desk import Desk
from desk_app.services.inspection import Inspection
from desk_app.storage import journal


@dataclass(frozen=True, slots=True)
class Makers:
    """What `printing` makes, as bytes; language is one of `texts.LANGUAGES`."""

    receipt: Callable[[Dossier, str], bytes]
    label: Callable[[Dossier, int], bytes]
    label_picture: Callable[[Dossier, int], bytes]
    repair_report: Callable[[Dossier, int, str], bytes]
    parcel_label: Callable[[Store, Parcel, str], bytes]
    save: Callable[[str, bytes], Path]


class Papers:
    """Makes papers aside, so that no window waits."""

    def __init__(self, desk: Desk, cases: Cases, inspection: Inspection, makers: Makers) -> None:
        self._desk = desk
        self._cases = cases
        self._inspection = inspection
        self._make = makers
        self._aside = ThreadPoolExecutor(1, "papers")

    def receipt(self, case: str, language: str, by: Actor) -> Future[Path]:
        """The intake receipt as PDF."""

        def work() -> Path:
            dossier = self._dossier(case)
            data = self._make.receipt(dossier, language)
            path = self._keep(case, f"{dossier.case.number}-receipt.pdf", data)
            self._note(case, "receipt", language, by)
            return path

        return self._aside.submit(work)

    def label(self, case: str, item: int, by: Actor) -> Future[tuple[Path, Path]]:
        """An item's label as PDF and as picture."""

        def work() -> tuple[Path, Path]:
            dossier = self._dossier(case)
            name = f"{dossier.case.number}-label-{item}"
            pdf = self._keep(case, f"{name}.pdf", self._make.label(dossier, item))
            picture = self._keep(case, f"{name}.png", self._make.label_picture(dossier, item))
            self._note(case, "label", "", by)
            return pdf, picture

        return self._aside.submit(work)

    def repair_report(self, case: str, item: int, language: str, by: Actor) -> Future[Path]:
        """The repair report as PDF; RuleError('repair.not_finished') before the second check."""

        def work() -> Path:
            dossier = self._with_photos(self._dossier(case), item)
            found = dossier.case.item(item)
            if found is None or found.repair is None or not found.repair.finished_at:
                raise RuleError("repair.not_finished")
            data = self._make.repair_report(dossier, item, language)
            path = self._keep(case, f"{dossier.case.number}-repair-{item}.pdf", data)
            self._note(case, "repair_report", language, by)
            return path

        return self._aside.submit(work)

    def parcel_label(self, parcel: str, by: Actor) -> Future[Path]:
        """The label of a parcel on a numbered shelf."""

        def work() -> Path:
            with self._desk.journal.read() as connection:
                identity = self._desk.journal.identity
                state = journal.visible(connection, parcel)
                store = journal.visible(connection, identity.store if identity else "")
            if not isinstance(state, Parcel) or not isinstance(store, Store):
                raise RuleError("parcel.not_here")
            data = self._make.parcel_label(store, state, encode(OwnKind.PARCEL, state.waybill))
            path = self._keep(parcel, f"{state.waybill}-shelf.pdf", data)
            self._note(parcel, "parcel_label", "", by)
            return path

        return self._aside.submit(work)

    def _dossier(self, case: str) -> Dossier:
        dossier = self._cases.dossier(case)
        if sabotage.active("wrong_number"):
            wrong = encode(OwnKind.CASE, "0AA00001J")
            return replace(dossier, case_code=wrong)
        return dossier

    def _with_photos(self, dossier: Dossier, item: int) -> Dossier:
        """With the item's photographs; of those that are on their way the previews, and named as such."""
        found = dossier.case.item(item)
        photos = found.photos if found else ()
        coming = self._inspection.coming(photos)
        shown = {photo.record: self._inspection.photo(photo.record) for photo in photos}
        data = {record: view.data for record, view in shown.items() if view}
        return replace(dossier, photos=dict.fromkeys(coming, b"") | data, coming=coming)

    def _keep(self, stream: str, name: str, data: bytes) -> Path:
        path = self._make.save(name, data)
        self._desk.journal.keep_paper(stream, path)
        return path

    def _note(self, stream: str, paper: str, language: str, by: Actor) -> None:
        fact = PaperPrinted(paper, language)
        self._desk.journal.act(lambda act: act.add(stream, fact), by, self._desk.clock()).result()
