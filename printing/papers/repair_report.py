"""The report of a repair (维修报告): found, done, tested, by whom, and the warranty that follows."""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.platypus import Flowable

from desk_app.texts import N_, Speaker
from printing.papers.flowables import Column, Quote, Signatures, Text, facts, gap, section, table
from printing.papers.inputs import Photo, RepairReport
from printing.papers.kit import Sheet
from printing.papers.photos import photo_grid

_OUTCOMES = {True: N_("Passed"), False: N_("Failed"), None: N_("Not done")}


def repair_report(report: RepairReport, say: Speaker) -> bytes:
    """The report as a PDF of A4 pages."""
    sheet = Sheet(report.store, say("Repair report"), report.case_number, report.case_code, say)
    return sheet.render(
        [
            *_device(report, say),
            *(section(say("In the customer's words"), Quote(report.reason)) if report.reason else ()),
            *_findings(report, say),
            *_parts(report, say),
            *_tests(report, say),
            *_photos(say("Before the repair"), report.before, say),
            *_photos(say("After the repair"), report.after, say),
            *_result(report, say),
        ]
    )


def _device(report: RepairReport, say: Speaker) -> list[Flowable]:
    zone = report.store.zone
    return facts(
        [
            (say("Customer"), report.customer_name),
            (say("Received on"), say.moment(report.received_at, zone)),
            (say("Repaired on"), say.moment(report.finished_at, zone)),
            (say("Product"), report.product),
            (say("GTIN or SKU"), report.code),
            (say("Serial number / IMEI"), report.serial),
        ]
    )


def _findings(report: RepairReport, say: Speaker) -> list[Flowable]:
    told = [
        (say("Fault found"), report.fault),
        (say("Diagnosis"), report.diagnosis),
        (say("Part of the device"), report.device_part),
        (say("Work done"), report.work),
    ]
    return section(say("Findings and work"), *facts(told, columns=2))


def _parts(report: RepairReport, say: Speaker) -> list[Flowable]:
    columns = [
        Column(say("Part"), 3),
        Column(say("SKU"), 1.8),
        Column(say("Serial taken out"), 2.2),
        Column(say("Serial put in"), 2.2),
        Column(say("Quantity"), 0.9, numbers=True),
    ]
    rows = [
        (part.name, part.number, part.old_serial, part.new_serial, str(part.quantity))
        for part in report.parts
    ]
    nothing = Text(say("No part was replaced."))
    return section(say("Parts replaced"), table(columns, rows) if rows else nothing)


def _tests(report: RepairReport, say: Speaker) -> list[Flowable]:
    columns = [Column(say("Test"), 4), Column(say("Measured value"), 2.2), Column(say("Outcome"), 1.4)]
    rows = [(test.name, test.value, say(_OUTCOMES[test.passed])) for test in report.tests]
    return section(say("Tests"), table(columns, rows)) if rows else []


def _photos(heading: str, photos: Sequence[Photo], say: Speaker) -> list[Flowable]:
    return section(heading, *photo_grid(photos, say), together=62)


def _result(report: RepairReport, say: Speaker) -> list[Flowable]:
    told = facts([*_people(report, say), *_outcome(report, say)])
    signatures = Signatures([say("Technician's signature"), say("Checker's signature"), say("Date")])
    return [*section(say("Result"), *told, together=80), *_warranty(report, say), gap(6), signatures]


def _people(report: RepairReport, say: Speaker) -> list[tuple[str, str]]:
    checked = report.checked_at
    return [
        (say("Technician"), report.technician),
        (say("Time worked"), say.plural("{n} minute", "{n} minutes", report.minutes)),
        (say("Checked by"), report.checker or say("Not checked yet")),
        (say("Checked at"), "" if checked is None else say.moment(checked, report.store.zone)),
    ]


def _outcome(report: RepairReport, say: Speaker) -> list[tuple[str, str]]:
    return [
        (say("Grade"), say(report.grade) if report.grade else ""),
        (say("Goes to"), say(report.disposition) if report.disposition else ""),
    ]


def _warranty(report: RepairReport, say: Speaker) -> list[Flowable]:
    if report.warranty is None:
        return []
    length = say.plural("{n} day", "{n} days", report.warranty.days)
    end = say.date(report.warranty.until, report.store.zone)
    promise = say("Warranty after repair: {length}, up to and including {end}.", length=length, end=end)
    covers = [Text(report.warranty.covers)] if report.warranty.covers else []
    return [gap(1), Text(promise, bold=True), *covers]
