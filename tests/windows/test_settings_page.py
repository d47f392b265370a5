"""Settings: what is chosen is kept at once; a code for another desk; people; a line to test the scanner."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import PySide6
import pytest
import zxingcpp
from PIL import Image
from PySide6.QtCore import QBuffer, QIODevice, QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desk_app.domain.people import Actor
from desk_app.errors import OutsideError, RuleError
from desk_app.readers import ReaderSettings
from desk_app.scanning.reading import Source, hear
from desk_app.services.views import FieldErrors, PersonRow
from desk_app.settings import Settings
from ui.pages.settings.camera import CameraCard
from ui.pages.settings.page import SettingsPage
from ui.services import Services
from ui.widgets import Answer, Button, Choice, Tone, Tools

pytestmark = pytest.mark.slow

CODE = "M7J0A1B2C3D4E5F6G7H8"


@pytest.fixture
def page(tools: Tools, services: Services, actor: Actor, shown: Callable[..., None]) -> SettingsPage:
    made = SettingsPage(tools, services, actor)
    shown(made)
    made.open()
    return made


def choose(field: Choice, key: str) -> None:
    field.set_value(key)
    field.activated.emit(field.currentIndex())


def test_it_shows_what_is_set(tools: Tools, services: Services, actor: Actor) -> None:
    services.settings.scheme = "dark"
    services.settings.text_scale = 125
    services.settings.readers = (ReaderSettings("/dev/ttyACM0"),)
    services.settings.volume = 35
    page = SettingsPage(tools, services, actor)
    assert (page.scheme.value(), page.scale.value(), page.language.value()) == ("dark", "125", "en")
    (form,) = page.readers.forms
    assert (form.port.text(), form.baud.value(), page.volume.value()) == ("/dev/ttyACM0", "9600", "30")


def test_what_is_chosen_is_in_the_file_at_once(page: SettingsPage, tmp_path: Path, sound_log: Path) -> None:
    choose(page.language, "zh_CN")
    choose(page.scale, "150")
    choose(page.volume, "100")
    page.scheme._tiles[3].click()
    (form,) = page.readers.forms
    form.port.setFocus()
    QTest.keyClicks(form.port, " COM3 ")
    QTest.keyClick(form.port, Qt.Key.Key_Return)
    choose(form.baud, "115200")
    kept = Settings(tmp_path / "settings.json")
    assert (kept.language, kept.scheme, kept.text_scale) == ("zh_CN", "contrast", 150)
    assert (kept.volume, kept.readers) == (100, (ReaderSettings("COM3", 115200),))
    assert sound_log.read_text() == "good\t\n"


def test_how_a_scanner_types_is_kept_and_shown(page: SettingsPage, tmp_path: Path) -> None:
    assert page.wedge.pace.value() == "usual"
    choose(page.wedge.pace, "slow")
    for field, text in ((page.wedge.prefix, "]["), (page.wedge.suffix, " ~")):
        field.setFocus()
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Qt.Key.Key_Return)
    kept = Settings(tmp_path / "settings.json")
    assert (kept.reader_pace, kept.reader_prefix, kept.reader_suffix) == ("slow", "][", " ~")
    QTest.keyClicks(page.wedge.prefix, "x" * 40)
    QTest.keyClick(page.wedge.prefix, Qt.Key.Key_Return)
    assert len(Settings(tmp_path / "settings.json").reader_prefix) == 20


def test_what_the_test_mends_stands_in_the_form(page: SettingsPage, services: Services) -> None:
    page.scanner_test._keep("reader_prefix", "*")
    page.scanner_test._keep("reader_pace", "fast")
    assert (page.wedge.prefix.text(), page.wedge.pace.value()) == ("*", "fast")


def test_settings_that_cannot_be_written_are_said(page: SettingsPage, tmp_path: Path, shell: Any) -> None:
    (tmp_path / "settings.json").unlink()
    (tmp_path / "settings.json").mkdir()
    choose(page.scale, "150")
    assert shell.toasts == ["The settings could not be saved."]


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        ("6901234567892", "GTIN"),
        ("SF1390027465183", "Waybill"),
        ("010690123456789221A\x1d10B", "GS1 code"),
        ("你好", "Unknown code"),
    ],
)
def test_a_scan_is_shown_and_opens_nothing(
    page: SettingsPage, raw: str, kind: str, shell: Any, sound_log: Path
) -> None:
    assert page.scanned(hear(raw, Source.SERIAL_PORT, 1))
    assert shell.answers == [(Tone.NEUTRAL, kind)]
    assert shell.opened == []
    assert page.scanner_test.cells.isVisible()
    assert page.scanner_test.target.answer is Answer.RECOGNISED
    assert sound_log.read_text() == "good\t\n"


def test_each_sound_can_be_tried_by_its_key(page: SettingsPage, sound_log: Path) -> None:
    for key in (Qt.Key.Key_F2, Qt.Key.Key_F3, Qt.Key.Key_F4):
        QTest.keyClick(page, key)
    assert sound_log.read_text() == "good\t\nattention\t\nerror\t\n"


def test_a_new_volume_is_heard_at_once(page: SettingsPage, tools: Tools, sound_log: Path) -> None:
    choose(page.volume, "0")
    assert sound_log.read_text() == ""
    choose(page.volume, "30")
    assert (tools.sounds.volume, sound_log.read_text()) == (30, "good\t\n")


def test_f6_goes_to_the_scanner_test_and_so_does_its_sign(page: SettingsPage) -> None:
    QTest.keyClick(page, Qt.Key.Key_F6)
    assert page.scanner_test.target.hasFocus()
    page.open(device="printer")
    assert page.first_focus() is page.printer_test.page
    page.open(device="scanner")
    assert page.first_focus() is page.scanner_test.target
    page.open()
    assert page.first_focus() is page


def test_the_test_is_scrolled_to_where_it_can_be_seen(qtbot: QtBot, page: SettingsPage) -> None:
    page.resize(900, 500)
    target = page.scanner_test.target

    def whole() -> bool:
        return target.visibleRegion().boundingRect() == target.rect()

    assert not whole()
    page.open(device="scanner")
    qtbot.waitUntil(whole)


def test_a_test_label_is_printed_by_its_key_and_opened_in_the_system_s_program(
    qtbot: QtBot, page: SettingsPage, devices: Any
) -> None:
    class Opener(QObject):
        opened: ClassVar[list[str]] = []

        @Slot(QUrl)
        def open(self, url: QUrl) -> None:
            self.opened.append(url.toLocalFile())

    opener = Opener()
    QDesktopServices.setUrlHandler("file", opener, "open")
    try:
        QTest.keyClick(page, Qt.Key.Key_F8)
        qtbot.waitUntil(page.printer_test.open.isVisible, timeout=10_000)
        QTest.keyClick(page, Qt.Key.Key_F9)
    finally:
        QDesktopServices.unsetUrlHandler("file")
    path = devices.folder / "test-label.pdf"
    assert path.read_bytes().startswith(b"%PDF")
    assert opener.opened == [str(path)]


def test_a_paper_that_cannot_be_written_or_opened_is_said(
    qtbot: QtBot, page: SettingsPage, devices: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    devices.folder.write_text("in the way")
    page.printer_test.page.click()
    result = page.printer_test.result
    qtbot.waitUntil(result.isVisible, timeout=10_000)
    assert result.text().startswith(f"{devices.folder} cannot be written.")
    assert page.printer_test.page.isEnabled()
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: False)
    page.printer_test._printed(devices.folder / "a.pdf")
    page.printer_test.open.click()
    assert result.text() == f"No program here opens {devices.folder / 'a.pdf'}"


def test_every_button_shows_its_key(page: SettingsPage) -> None:
    named = {button.words(): button.key_sign() for button in page.findChildren(Button) if button.words()}
    assert named.pop("Open the file") == "F9"
    assert all(named.values()), named
    assert len(set(named.values())) == len(named)


def test_code_for_another_desk_in_letters_and_as_a_picture(
    qtbot: QtBot, page: SettingsPage, answers: Any, actor: Actor
) -> None:
    QTest.mouseClick(page.invite.show_code, Qt.MouseButton.LeftButton)
    assert answers.asked == [("join_code", (actor,))]
    answers.give(CODE)
    qtbot.waitUntil(page.invite.code.isVisible)
    assert page.invite.code.text() == "M7J0 A1B2 C3D4 E5F6 G7H8"
    assert "before 20:15" in page.invite.words.text()  # noon in UTC is eight in the evening in Shanghai
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    page.invite.picture.pixmap().save(buffer, "PNG")
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(bytes(buffer.data().data()))))
    assert (found.text, found.format.name) == (CODE, "QRCode")


def test_other_computers_may_join_where_this_desk_runs_the_service(
    tools: Tools, services: Services, actor: Actor, shown: Callable[..., None], settings: Settings
) -> None:
    services = replace(services, place=replace(services.place, is_central=True))
    page = SettingsPage(tools, services, actor)
    shown(page)
    for network in (1, 0):
        QTest.keyClick(page.invite.network, Qt.Key.Key_Space)
        assert (page.invite.network.isChecked(), settings.network) == (bool(network), network)


def test_a_desk_that_joined_opens_no_door(page: SettingsPage) -> None:
    assert not page.invite.network.isVisible()


def test_no_code_without_a_line(qtbot: QtBot, page: SettingsPage, answers: Any, shell: Any) -> None:
    QTest.mouseClick(page.invite.show_code, Qt.MouseButton.LeftButton)
    answers.give(OutsideError("line.cut"))
    qtbot.waitUntil(lambda: bool(shell.toasts))
    assert "cannot be reached" in shell.toasts[0]
    assert page.invite.show_code.isEnabled()
    assert not page.invite.code.isVisible()


def add_someone(page: SettingsPage) -> None:
    for key, text in (("name", "Øyvind"), ("password", "correct horse"), ("pin", "2479")):
        page.people.form.set_text(key, text)
    for role in ("technician", "checker"):
        page.people.roles.ticks[role].click()
    QTest.mouseClick(page.people.add, Qt.MouseButton.LeftButton)


def test_a_person_is_added_with_roles_password_and_pin(
    qtbot: QtBot, page: SettingsPage, services: Services, answers: Any, actor: Actor, shell: Any
) -> None:
    add_someone(page)
    assert answers.asked == [("add", ("Øyvind", ("technician", "checker"), "correct horse", "2479", actor))]
    added = PersonRow("person/4", "Øyvind", ("technician", "checker"), True)
    services.people.rows += (added,)  # type: ignore[attr-defined]
    answers.give(added)
    qtbot.waitUntil(lambda: bool(shell.toasts))
    assert shell.toasts == ["Øyvind can sign in now"]
    assert page.people.model.rowCount() == 4
    assert (page.people.form.text("password"), page.people.roles.value()) == ("", ())


def test_what_is_wrong_with_a_person_is_said_beside_its_field(
    qtbot: QtBot, page: SettingsPage, answers: Any
) -> None:
    add_someone(page)
    answers.give(FieldErrors({"pin": RuleError("pin.too_easy"), "roles": RuleError("person.roles_needed")}))
    qtbot.waitUntil(lambda: bool(page.people.form.errors()))
    assert page.people.form.errors() == {
        "pin": "This PIN is too easy to guess.",
        "roles": "Choose what this person does.",
    }
    assert page.people.form.text("name") == "Øyvind"


def test_who_may_not_add_people_or_desks_cannot(
    tools: Tools, services: Services, shown: Callable[..., None]
) -> None:
    page = SettingsPage(tools, services, Actor("person/2", ("technician",), "陈伟"))
    shown(page)
    page.open()
    assert not page.people.add.isVisible()
    assert not page.invite.show_code.isEnabled()
    assert page.people.model.rowCount() == 3


def test_it_says_that_the_live_camera_is_not_installed_and_how_to_get_it(page: SettingsPage) -> None:
    (card,) = page.findChildren(CameraCard)
    assert card.state.text() == "The part for the live camera is not installed"
    assert f"pip install PySide6-Addons=={PySide6.__version__}" in card.detail.text()
