"""What a refusal or failure says to a person: one sentence for each code, in words that say what to do."""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter

from desk_app.errors import ShownError
from desk_app.texts import N_, Speaker

SENTENCES: dict[str, str] = {
    # input
    "form.check_fields": N_("Please look at the marked fields."),
    "field.empty": N_("Please fill this in."),
    "field.too_long": N_("This is too long: at most {longest} characters."),
    "phone.characters": N_("A phone number has 5 to 20 digits."),
    "gtin.check_digit": N_("This is not a valid barcode number: its check digit does not fit."),
    "imei.check_digit": N_("This is not a valid IMEI: its check digit does not fit."),
    "waybill.empty": N_("Scan or type the waybill number."),
    "waybill.characters": N_("A waybill number has only letters, digits and dashes: {text}"),
    "waybill.too_short": N_("{text} is too short: a waybill number has at least {shortest} characters."),
    "waybill.too_long": N_("This is too long: a waybill number has at most {longest} characters."),
    "case.kind": N_("Choose return, exchange or repair."),
    # people
    "role.missing": N_("{name} may not do this. Ask somebody who may."),
    "sign_in.wrong": N_("This password or PIN is not right. Try again."),
    "password.too_short": N_("A password has at least {shortest} characters."),
    "pin.shape": N_("A PIN has 4 to 12 digits."),
    "pin.too_easy": N_("This PIN is too easy to guess."),
    "person.roles_needed": N_("Choose what this person does."),
    "person.secret_needed": N_("Give a password or a PIN."),
    # cases and goods
    "case.unknown": N_("This case is not on this desk."),
    "case.closed_already": N_("This case was closed already."),
    "case.numbers_used_up": N_("This desk has used all its case numbers. It needs to join anew."),
    "item.unknown": N_("This case has no such item."),
    "item.not_here": N_("The item has not arrived yet."),
    "item.received_already": N_("The item is in hand already."),
    "item.left_already": N_("The item was handed over already."),
    "item.not_inspected": N_("Inspect the item first."),
    "item.disposed_already": N_("Somebody has already decided what becomes of this item."),
    "permission.contested": N_("This rested on a decision that does not stand."),
    "contest.settled_already": N_("Somebody has settled this already."),
    "contest.cannot_be_reopened": N_("This cannot be decided anew any more."),
    "grade.unknown": N_("Choose a grade from A to E."),
    "grade.reason_needed": N_("The checklist gives grade {grade}. Say why you give another."),
    "disposition.unknown": N_("Choose what becomes of the item."),
    "photo.too_large": N_("{name} is too large for a photograph."),
    "photo.unreadable": N_("{name} cannot be read as a photograph."),
    "picture.unreadable": N_("This is no picture that can be read. JPEG, PNG, WebP, BMP, GIF and TIFF can."),
    "picture.too_large": N_("This picture is too large. Take it smaller, or cut out the code."),
    "picture.too_hard": N_("This picture could not be read. Take it anew, from nearer and in better light."),
    "diagnosis.fault_needed": N_("Choose the fault that was found."),
    "part.name_needed": N_("Name the part."),
    "part.quantity": N_("The quantity is between 1 and 999."),
    "work.minutes": N_("Minutes are between 1 and {longest}."),
    "repair.requested_already": N_("A repair of this item has begun already."),
    "repair.not_requested": N_("No repair of this item was asked for."),
    "repair.not_at_bench": N_("This repair is not at the bench now."),
    "repair.not_ready": N_("The repair has not passed its second check yet."),
    "repair.not_finished": N_("The repair is not finished yet."),
    "repair.tests_needed": N_("Record at least one test first."),
    "repair.tests_failed": N_("A test failed. Repair and test again."),
    "repair.same_person": N_("The second check is done by somebody else than the technician."),
    "repair.not_waiting_for_check": N_("This repair is not waiting for a second check."),
    "repair.reason_needed": N_("Say what the check found."),
    "customer.not_whole": N_(
        "Some of this customer's cases may not be on this desk. Erase the data when the line is back."
    ),
    # dock
    "dock.not_a_waybill": N_("This is a label of ours, not a waybill."),
    "shelf.unknown": N_("There is no shelf {shelf}. Shelves run from {first} to {last}."),
    "mask.unfit": N_("Write at least four characters; # is a digit, @ a letter, ? either."),
    "parcel.not_here": N_("This parcel is not here."),
    "parcel.opened_already": N_("It was opened already, and stays received."),
    "parcel.shelved_already": N_("It lies on shelf {shelf}. Take it off the shelf first."),
    "parcel.moved_already": N_("It lies elsewhere by now."),
    # joining and the line
    "join.code_unreadable": N_("This is not a join code. Copy or scan it again."),
    "join.malformed": N_("This is not a join code. Copy or scan it again."),
    "join.unknown": N_("This code is not known. Make a new one on the first desk."),
    "join.used": N_("This code was used already. Make a new one on the first desk."),
    "join.expired": N_("This code has expired. Make a new one on the first desk."),
    "line.cut": N_(
        "The central service cannot be reached. Go on working; everything is kept and sent later."
    ),
    "line.not_trusted": N_(
        "Another computer answers in the place of the central service. Nothing was sent to it."
    ),
    "line.refused": N_("The central service refused this desk. Everything stays on this desk."),
    "line.not_understood": N_("The central service answered in a way this program does not understand."),
    "desk.shut_out": N_("This desk was shut out. Its entries stay here; ask the manager."),
    "desk.itself": N_("A desk cannot shut itself out. Do it from another desk."),
    "desk.unknown": N_("The central service knows no such desk in this store."),
    "desk.known": N_("This desk has joined already."),
    "desk.not_yours": N_("The central service does not know this desk's entry as its own."),
    "token.unknown": N_("The central service does not know this desk. It needs to join anew."),
    "feed.not_yours": N_("The central service keeps this desk from that store's cases."),
    "stream.unknown": N_("The central service does not know this."),
    "query.malformed": N_("The central service did not understand the question."),
    "body.malformed": N_("The central service could not read what was sent."),
    "body.encoding": N_("The central service could not read what was sent."),
    "body.too_large": N_("Too much was sent at once: at most {most} bytes."),
    "push.malformed": N_("The central service could not read an entry."),
    "push.gap": N_("Entries are missing before this one. They are sent again."),
    "push.forked": N_("Another desk uses this desk's identity. It needs to join anew."),
    "push.too_many": N_("Too many entries were sent at once: at most {most}."),
    "push.too_large": N_("Too much was sent at once."),
    "push.unsigned": N_("The central service does not accept this desk's signature."),
    "entry.malformed": N_("An entry makes no sense to the central service. It is kept, but does not count."),
    "entry.elsewhere": N_("An entry belongs to another store. It is kept, but does not count."),
    "file.unknown": N_("The central service knows no such photograph."),
    "file.gap": N_("A part of a photograph is missing before this one. It is sent again."),
    "file.wrong": N_("A photograph did not arrive as it was sent. It is sent again."),
    "protocol.other": N_(
        "This program and the central service are too far apart in version. Update the older."
    ),
    "central.did_not_start": N_("The central service did not start. Start the program again."),
    "central.failed": N_("The central service has a fault. Everything is kept and sent later."),
    "central.running": N_("The central service runs already on this data folder."),
    "central.port_taken": N_("Another program uses port {port}, which the central service needs. Close it."),
    "central.no_block": N_("No block of case numbers is left for another desk."),
    # disk and store
    "disk.full": N_("The disk is full. Make room; nothing that was confirmed is lost."),
    "disk.read_only": N_("The disk cannot be written. Make it writable and try again."),
    "disk.failed": N_("The disk failed. Copy the data folder to another disk."),
    "folder.not_writable": N_(
        "{folder} cannot be written. Choose another folder or give the right to write."
    ),
    "store.locked": N_("Another program uses the data folder. Close it and try again."),
    "store.damaged": N_("The data file is damaged. Restore the newest backup."),
    "store.wrong_key": N_("This computer's key does not open the data. Open it where it was made."),
    "store.no_key": N_("The key of this data is not on this computer. Open it where it was made."),
    "store.newer": N_("A newer version of the program has written this data. Update this program."),
    "keys.unavailable": N_("The system's key store does not answer. Unlock it and start again."),
    "record.damaged": N_("A sealed record was altered and cannot be read."),
    "file.damaged": N_("A photograph was altered and cannot be shown."),
    "settings.broken": N_("The settings could not be read. The usual ones are used."),
    "settings.not_written": N_("The settings could not be saved."),
    "picture_not_written": N_("The picture could not be saved in {path}."),
}


def reason(code: str, values: Mapping[str, object], say: Speaker) -> str:
    """The sentence of a code from elsewhere: this version may not know it, or its values may be missing."""
    text = SENTENCES.get(code)
    if text is None:
        return say("Something this version of the program has no words for: {code}", code=code)
    places = [name for _, name, _, _ in Formatter().parse(text) if name]
    return say(text, **{name: values.get(name, "–") for name in places})


def sentence(error: ShownError, say: Speaker) -> str:
    """The sentence of a failure in the speaker's language."""
    return say(SENTENCES[error.code], **error.values)
