"""Settings: look and sound, the scanner, a further desk, people, and where everything lies."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout

from desk_app.domain.people import Actor
from desk_app.errors import ShownError
from desk_app.scanning.reading import Kind, Scan, read
from desk_app.settings import BAUDS, SCALES
from desk_app.texts import LANGUAGES, N_, NAMES
from ui.pages import acts
from ui.pages.settings.invite import InviteCard
from ui.pages.settings.people import PeopleCard
from ui.services import Services
from ui.sound import Sound
from ui.widgets import (
    SIZES,
    Card,
    Choice,
    ChoiceTiles,
    Facts,
    Form,
    Option,
    Page,
    Text,
    TextField,
    Tone,
    Tools,
    column,
)

SCHEMES = (
    ("system", N_("As the system"), "monitor"),
    ("light", N_("Light"), "sun"),
    ("dark", N_("Dark"), "moon"),
    ("contrast", N_("High contrast"), "contrast"),
)
VOLUMES = ((0, N_("Off")), (30, N_("Quiet")), (70, N_("Normal")), (100, N_("Loud")))
CODES = {
    Kind.CASE: N_("Our case number"),
    Kind.ITEM: N_("Our item label"),
    Kind.PARCEL: N_("Our parcel label"),
    Kind.SHELF: N_("Our shelf label"),
    Kind.BADGE: N_("A person's badge"),
    Kind.COMMAND: N_("A command code"),
    Kind.DOCUMENT: N_("A document of ours"),
    Kind.JOIN: N_("A code to join with"),
    Kind.WAYBILL: N_("Waybill"),
    Kind.GTIN: N_("GTIN"),
    Kind.IMEI: N_("IMEI"),
    Kind.GS1: N_("GS1 code"),
    Kind.SERIAL: N_("Serial number"),
    Kind.UNKNOWN: N_("Unknown code"),
}


class SettingsPage(Page):
    """Everything here counts at once; there is nothing to confirm."""

    def __init__(self, tools: Tools, services: Services, actor: Actor) -> None:
        super().__init__(tools, tools.say("Settings"), tools.say("Every change counts at once"))
        self._services, self._settings = services, services.settings
        self.heard = Text(self.say("Scan any code: what arrives is shown here"), "muted")
        self.people = PeopleCard(tools, services, actor)
        self.invite = InviteCard(tools, services, actor)
        left = column(self._look(), self._sound(), self._scanner(), self._about(), 1, spacing=SIZES.l)
        right = column(self.people, self.invite, 1, spacing=SIZES.l)
        grid = QGridLayout()
        grid.setSpacing(SIZES.l)
        grid.addLayout(left, 0, 0)
        grid.addLayout(right, 0, 1)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        self.body.addLayout(grid)

    def open(self, **_where: str) -> None:
        """Read who works here."""
        self.people.reload()

    def scanned(self, scan: Scan) -> bool:
        """Show on the test line what the scanner sent; here it opens nothing."""
        shown = "".join(sign if sign.isprintable() else "␝" for sign in scan.raw)
        kind = self.say(CODES[read(scan.raw, scan.aim)[0].kind])
        self.heard.setText(f"{shown} · {kind}")
        self.tools.shell.answer(Tone.NEUTRAL, kind)
        self.tools.sounds.play(Sound.GOOD)
        return True

    # the cards

    def _look(self) -> Card:
        say, form = self.say, Form(2)
        self.language = Choice([(language, NAMES[language]) for language in LANGUAGES])
        self.scale = Choice([(str(scale), f"{scale} %") for scale in SCALES])
        self.scheme = ChoiceTiles(
            say("Colours"), [Option(key, say(words), icon=icon) for key, words, icon in SCHEMES], columns=2
        )
        self.language.set_value(self._settings.language)
        self.scale.set_value(str(self._settings.text_scale))
        self.scheme.set_value(self._settings.scheme)
        self.language.activated.connect(self._keep_language)
        self.scale.activated.connect(self._keep_scale)
        self.scheme.chosen.connect(self._keep_scheme)
        form.add("language", say("Language"), self.language)
        form.add("scale", say("Size of letters"), self.scale)
        form.add("scheme", say("Colours"), self.scheme, span=2)
        return Card(say("Look"), form)

    def _sound(self) -> Card:
        say, form = self.say, Form(2)
        self.volume = Choice([(str(volume), say(words)) for volume, words in VOLUMES])
        nearest = min(VOLUMES, key=lambda step: abs(step[0] - self._settings.volume))[0]
        self.volume.set_value(str(nearest))
        self.volume.activated.connect(self._keep_volume)
        form.add("volume", say("Volume"), self.volume)
        return Card(say("Sound"), form)

    def _scanner(self) -> Card:
        say, form = self.say, Form(2)
        self.port, self.baud = TextField(), Choice([(str(baud), str(baud)) for baud in BAUDS])
        self.port.setText(self._settings.serial_port)
        self.baud.set_value(str(self._settings.serial_baud))
        self.port.editingFinished.connect(self._keep_port)
        self.baud.activated.connect(self._keep_baud)
        names = say(
            "Such as {linux} or {windows}; empty for scanners that type", linux="/dev/ttyACM0", windows="COM3"
        )
        form.add("port", say("Serial port"), self.port, hint=names)
        form.add("baud", say("Speed"), self.baud)
        return Card(say("Scanner"), form, self.heard)

    def _about(self) -> Card:
        say, place = self.say, self._services.place
        pairs = [
            (say("Store"), place.store),
            (say("This desk"), place.desk),
            (say("Data"), str(place.data)),
            (say("Papers"), str(place.papers)),
            (say("Version"), place.version),
        ]
        return Card(say("About"), Facts(pairs, columns=1))

    # keeping

    def _keep_language(self) -> None:
        self._keep("language", self.language.value())

    def _keep_scale(self) -> None:
        self._keep("text_scale", int(self.scale.value()))

    def _keep_scheme(self, scheme: str) -> None:
        self._keep("scheme", scheme)

    def _keep_volume(self) -> None:
        self._keep("volume", int(self.volume.value()))
        self.tools.sounds.play(Sound.GOOD)

    def _keep_port(self) -> None:
        self._keep("serial_port", self.port.text().strip())

    def _keep_baud(self) -> None:
        self._keep("serial_baud", int(self.baud.value()))

    def _keep(self, name: str, value: str | int) -> None:
        try:
            setattr(self._settings, name, value)
        except ShownError as error:
            acts.refuse(self.tools, error)
