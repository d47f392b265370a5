"""Settings: what is chosen is kept at once; a code for another desk; people; a line to test the scanner."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desk_app.domain.people import Actor
from desk_app.errors import OutsideError, RuleError
from desk_app.scanning.reading import Scan, Source
from desk_app.services.views import FieldErrors, PersonRow
from desk_app.settings import Settings
from ui.pages.settings.page import SettingsPage
from ui.services import Services
from ui.widgets import Choice, Tools

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
    services.settings.serial_port = "/dev/ttyACM0"
    services.settings.volume = 35
    page = SettingsPage(tools, services, actor)
    assert (page.scheme.value(), page.scale.value(), page.language.value()) == ("dark", "125", "en")
    assert (page.port.text(), page.baud.value(), page.volume.value()) == ("/dev/ttyACM0", "9600", "30")


def test_what_is_chosen_is_in_the_file_at_once(page: SettingsPage, tmp_path: Path, sound_log: Path) -> None:
    choose(page.language, "zh_CN")
    choose(page.scale, "150")
    choose(page.volume, "100")
    choose(page.baud, "115200")
    page.scheme._tiles[3].click()
    page.port.setFocus()
    QTest.keyClicks(page.port, " COM3 ")
    QTest.keyClick(page.port, Qt.Key.Key_Return)
    kept = Settings(tmp_path / "settings.json")
    assert (kept.language, kept.scheme, kept.text_scale) == ("zh_CN", "contrast", 150)
    assert (kept.volume, kept.serial_port, kept.serial_baud) == (100, "COM3", 115200)
    assert sound_log.read_text() == "good\t\n"


def test_settings_that_cannot_be_written_are_said(page: SettingsPage, tmp_path: Path, shell: Any) -> None:
    (tmp_path / "settings.json").unlink()
    (tmp_path / "settings.json").mkdir()
    choose(page.scale, "150")
    assert shell.toasts == ["The settings could not be saved."]


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        ("6901234567892", "6901234567892 · GTIN"),
        ("SF1390027465183", "SF1390027465183 · Waybill"),
        ("010690123456789221A\x1d10B", "010690123456789221A␝10B · GS1 code"),
        ("你好", "你好 · Unknown code"),
    ],
)
def test_the_test_line_shows_what_the_scanner_sends(page: SettingsPage, raw: str, line: str) -> None:
    assert page.scanned(Scan(raw, Source.SERIAL_PORT, 1))
    assert page.heard.text() == line


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
