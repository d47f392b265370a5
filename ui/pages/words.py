"""The words, drawings and tones for what the domain calls by keys: statuses, kinds of entries …"""

from __future__ import annotations

from typing import NamedTuple

from desk_app.domain.cases import Case, Moment
from desk_app.scanning import carriers
from desk_app.services.views import CaseRow, CaseView
from desk_app.texts import N_, Speaker
from ui.pages.terms import CASE_KINDS
from ui.services import Services
from ui.theme import Tone

SHOWN_OF_PHONE = 7


class Word(NamedTuple):
    """How a key of the domain is shown: a text key, a tone, a drawing."""

    text: str
    tone: Tone = Tone.NEUTRAL
    icon: str = "circle"


class Look(NamedTuple):
    """Tone and drawing of what the handbook has the words for."""

    tone: Tone
    icon: str


STATUSES = {
    "open": Word(N_("Expected"), Tone.NEUTRAL, "hourglass"),
    "arrived": Word(N_("Parcel arrived"), Tone.ATTENTION, "truck"),
    "in_hand": Word(N_("In hand"), Tone.ATTENTION, "inbox"),
    "inspected": Word(N_("Inspected"), Tone.ATTENTION, "clipboard-check"),
    "placed": Word(N_("Decided"), Tone.GOOD, "package-check"),
    "repairing": Word(N_("In repair"), Tone.ACCENT, "wrench"),
    "second_check": Word(N_("Second check"), Tone.WAITING, "list-checks"),
    "ready": Word(N_("Ready to hand over"), Tone.GOOD, "circle-check"),
    "handed_over": Word(N_("Handed over"), Tone.GOOD, "send"),
    "closed": Word(N_("Closed"), Tone.NEUTRAL, "check"),
}

RECEPTIONS = {
    "announced": Word(N_("Announced"), Tone.NEUTRAL, "hourglass"),
    "arrived": Word(N_("Received"), Tone.GOOD, "package-check"),
    "opened": Word(N_("Unpacked"), Tone.GOOD, "package-open"),
    "unannounced": Word(N_("Unannounced"), Tone.ATTENTION, "package-search"),
}

GRADES = {
    "A": Look(Tone.GOOD, "check"),
    "B": Look(Tone.NEUTRAL, "package-open"),
    "C": Look(Tone.NEUTRAL, "search"),
    "D": Look(Tone.ATTENTION, "wrench"),
    "E": Look(Tone.WRONG, "trash-2"),
}
DISPOSITIONS = {
    "restock": Look(Tone.GOOD, "package-check"),
    "refurbish": Look(Tone.ACCENT, "refresh-cw"),
    "repair": Look(Tone.ACCENT, "wrench"),
    "vendor": Look(Tone.NEUTRAL, "truck"),
    "parts": Look(Tone.NEUTRAL, "settings"),
    "scrap": Look(Tone.WRONG, "trash-2"),
    "customer": Look(Tone.NEUTRAL, "send"),
}

REPAIR_STEPS = {
    "requested": N_("Waits for the diagnosis"),
    "diagnosed": N_("Diagnosed"),
    "second_check": N_("Waits for the second check"),
    "ready": N_("Ready to hand over"),
    "handed_over": N_("Handed over"),
}

STAGES = {"before": N_("Before the repair"), "after": N_("After the repair")}
RESULTS = {"passed": N_("Passed"), "failed": N_("Failed")}
OUTCOMES = {"solved": N_("Solved")}

CONTESTS = {
    "item.disposed_already": N_(
        "Two desks decided differently what becomes of the item. The first decision stands; "
        "the other was kept but does not count."
    ),
    "repair.not_waiting_for_check": N_(
        "Two desks recorded a second check. The first one stands; the other was kept but does not count."
    ),
    "permission.contested": N_("This rested on a decision that does not stand."),
    "case.closed_already": N_(
        "Two desks closed the case. The first closing stands; the other was kept but does not count."
    ),
}

INCIDENTS = {
    "item.handed_over": N_(
        "The item has left our hands. Look whether it has to be fetched back or is fine so."
    ),
    "repair.part_used": N_("A part was put in. Look whether it is to be charged or taken out again."),
    "repair.worked": N_("Somebody worked on it. Look whether the work is to be charged."),
}
WAYS = {"kept": N_("Stays as it stands"), "anew": N_("Is decided anew")}

PAPERS = {"receipt": N_("Intake receipt"), "label": N_("Item label"), "repair_report": N_("Repair report")}
ENTRIES = {
    "case.opened": Word(N_("Case opened"), Tone.NEUTRAL, "plus"),
    "case.parcel_announced": Word(N_("Parcel announced"), Tone.NEUTRAL, "truck"),
    "case.noted": Word(N_("Note"), Tone.NEUTRAL, "pencil"),
    "case.closed": Word(N_("Case closed"), Tone.NEUTRAL, "check"),
    "item.added": Word(N_("Item added"), Tone.NEUTRAL, "package"),
    "item.received": Word(N_("Item in hand"), Tone.GOOD, "inbox"),
    "item.inspected": Word(N_("Item inspected"), Tone.NEUTRAL, "clipboard-check"),
    "item.disposed": Word(N_("Decided what becomes of the item"), Tone.NEUTRAL, "arrow-right"),
    "item.photographed": Word(N_("Photographed"), Tone.NEUTRAL, "camera"),
    "item.handed_over": Word(N_("Item handed over"), Tone.GOOD, "send"),
    "repair.requested": Word(N_("Repair begun"), Tone.ACCENT, "wrench"),
    "repair.diagnosed": Word(N_("Diagnosed"), Tone.ACCENT, "search"),
    "repair.part_used": Word(N_("Part used"), Tone.ACCENT, "settings"),
    "repair.worked": Word(N_("Worked on it"), Tone.ACCENT, "clock"),
    "repair.tested": Word(N_("Tested"), Tone.ACCENT, "list-checks"),
    "repair.finished": Word(N_("Repair finished"), Tone.GOOD, "circle-check"),
    "repair.checked": Word(N_("Second check done"), Tone.GOOD, "list-checks"),
    "paper.printed": Word(N_("Paper printed"), Tone.NEUTRAL, "printer"),
    "contest.settled": Word(N_("Two decisions were looked at"), Tone.NEUTRAL, "check"),
}
OTHER_ENTRIES = {
    "parcel.announced": Word(N_("Parcel announced")),
    "parcel.arrived": Word(N_("Parcel received")),
    "parcel.shelved": Word(N_("Parcel put on a shelf")),
    "parcel.opened": Word(N_("Parcel unpacked")),
    "parcel.arrival_undone": Word(N_("Arrival undone")),
    "customer.added": Word(N_("Customer added")),
    "records.erased": Word(N_("Personal data erased")),
    "store.code_taught": Word(N_("Kind of code taught")),
    "person.added": Word(N_("Person added")),
    "person.credential_set": Word(N_("Password or PIN set")),
    "person.left": Word(N_("Person left")),
    "desk.joined": Word(N_("Desk joined")),
    "store.founded": Word(N_("Store founded")),
    "device.seen": Word(N_("Device told to all stores")),
    "device.released": Word(N_("Device told to all stores")),
    "device.repaired": Word(N_("Repair told to all stores")),
    "case": Word(N_("Case")),
    "parcel": Word(N_("Parcel")),
    "customer": Word(N_("Customer")),
    "person": Word(N_("Person")),
    "desk": Word(N_("Desk")),
    "store": Word(N_("Store")),
    "device": Word(N_("Device")),
}
"""Kinds of entries no case tells of, and kinds of streams."""

UNKNOWN_ENTRY = Word(N_("Something a newer version recorded"), Tone.NEUTRAL, "info")

_DETAILS: dict[str, dict[str, str]] = {
    "case.opened": CASE_KINDS,
    "case.closed": OUTCOMES,
    "contest.settled": WAYS,
    "item.photographed": STAGES,
    "repair.checked": RESULTS,
    "paper.printed": PAPERS,
}


def is_unconfirmed(services: Services, row: CaseRow | CaseView) -> bool:
    """Whether to say so: with a line it is a matter of a moment, and nobody has to know."""
    return row.provisional and services.line.state().line != "online"


def carrier(say: Speaker, code: str) -> str:
    """The name of a carrier in the language of the speaker; its code where the table does not know it."""
    for row in carriers.table().carriers:
        if row.code == code:
            return row.name_zh if say.language == "zh_CN" else row.name_en
    return code


def masked(phone: str) -> str:
    """A phone number as lists show it: `138****5678`."""
    if len(phone) < SHOWN_OF_PHONE:
        return "*" * len(phone)
    return phone[:3] + "*" * (len(phone) - SHOWN_OF_PHONE) + phone[-4:]


def sealed(say: Speaker, view: CaseView, record: str) -> str:
    """The text of a sealed record; empty where there is none, `Erased` where it was destroyed."""
    return view.texts.get(record, say("Erased")) if record else ""


def lookup(say: Speaker, table: dict[str, str], key: str) -> str:
    """The words for a key; the key itself where a newer version wrote one this table does not know."""
    return say(table[key]) if key in table else key


def joined(*parts: str) -> str:
    """What is there of some short facts, beside each other."""
    return " · ".join(part for part in parts if part)


def moment_title(say: Speaker, case: Case, moment: Moment) -> str:
    """What happened, with the item's number where the case has several."""
    words = say(ENTRIES.get(moment.kind, UNKNOWN_ENTRY).text)
    if moment.item and len(case.items) > 1:
        return say("{what} (item {n})", what=words, n=moment.item)
    return words


def moment_detail(say: Speaker, moment: Moment) -> str:
    """The short detail of an entry in words, for the kinds whose details are no codes of the handbook."""
    if moment.kind == "repair.worked":
        return say.duration(int(moment.detail))
    return lookup(say, _DETAILS.get(moment.kind, {}), moment.detail)
