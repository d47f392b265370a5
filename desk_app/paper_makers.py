"""The papers of `printing`, handed to the services that ask for them."""

from __future__ import annotations

from pathlib import Path

from desk_app.domain.dossier import Dossier
from desk_app.domain.parcels import Parcel
from desk_app.domain.people import Store as StoreState
from desk_app.handbook import checklists
from desk_app.scanning.commands import CARDS
from desk_app.scanning.diagnosis import TEST_CODE
from desk_app.services.devices import TrialMakers
from desk_app.services.papers import Makers
from desk_app.texts import LANGUAGES, Speaker, speaker
from printing import output
from printing.papers import of_case


def makers(folder: Path) -> Makers:
    """The papers of `printing`, saved as files in a folder; labels are in the store's first language."""
    # reportlab and the fonts take long to load, and the sign-in waits for this function: a paper loads them
    chinese = speaker(LANGUAGES[0])

    def receipt(dossier: Dossier, language: str) -> bytes:
        from printing.papers import intake_receipt

        return intake_receipt.intake_receipt(of_case.intake_receipt(dossier), speaker(language))

    def label(dossier: Dossier, item: int) -> bytes:
        from printing.papers import item_label

        return item_label.item_label(of_case.item_label(dossier, item), chinese)

    def picture(dossier: Dossier, item: int) -> bytes:
        from printing.papers import item_label

        return item_label.item_label_picture(of_case.item_label(dossier, item), chinese)

    def report(dossier: Dossier, item: int, language: str) -> bytes:
        from printing.papers import repair_report

        words = checklists.load().words(language)
        return repair_report.repair_report(of_case.repair_report(dossier, item, words), speaker(language))

    def shelf(store: StoreState, parcel: Parcel, code: str) -> bytes:
        from printing.papers import parcel_label

        return parcel_label.parcel_label(of_case.parcel_label(store, parcel, code), chinese)

    def save(name: str, data: bytes) -> Path:
        return output.save_paper(folder, name, data)

    return Makers(receipt, label, picture, report, shelf, save)


def trial_makers() -> TrialMakers:
    """What a printer and a scanner are tried with."""
    # as above: not before somebody asks for it
    from printing.papers import codes, command_card, inputs, test_page

    def cards(say: Speaker) -> list[inputs.CodeCard]:
        return [
            inputs.CodeCard(say(card.title), tuple((each.code, each.told(say)) for each in card.commands))
            for card in CARDS
        ]

    def test(desk: str) -> inputs.TestPrint:
        return inputs.TestPrint(desk, TEST_CODE)

    return TrialMakers(
        page=lambda desk, language: test_page.test_page(test(desk), speaker(language)),
        label=lambda desk, language: test_page.test_label(test(desk), speaker(language)),
        bars=codes.code128,
        commands=lambda language: command_card.command_sheet(cards(speaker(language)), speaker(language)),
        cards=lambda language: command_card.command_cards(cards(speaker(language)), speaker(language)),
    )
