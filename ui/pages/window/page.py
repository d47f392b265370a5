"""The window: a case opened by hand on one screen, by keyboard and scans; then its receipt and label."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desk_app.domain.people import Actor
from desk_app.errors import ShownError
from desk_app.refusals import sentence
from desk_app.scanning.reading import Reading, Scan
from desk_app.services.views import CaseRequest, FieldErrors, ItemRequest, OpenedCase
from desk_app.texts import N_
from ui.actions import Action
from ui.pages.columns import Columns
from ui.pages.past import PastLines
from ui.pages.terms import CASE_KINDS
from ui.pages.trade import Trade
from ui.pages.window.opened import Opened
from ui.pages.window.scans import fitting
from ui.services import Services
from ui.sound import Sound
from ui.widgets import (
    Button,
    Card,
    Choice,
    ChoiceTiles,
    Form,
    Option,
    Page,
    TextArea,
    TextField,
    Tone,
    Tools,
    column,
)
from ui.widgets.base import bind_key

OPEN = Action("window.open_case", N_("Open case"), key="F2", icon="plus")
CLEAR = Action("window.clear", N_("Empty the form"), key="F8", icon="x")
KIND_ICONS = {"return": "package-open", "exchange": "refresh-cw", "repair": "wrench"}
WRITTEN = {
    "gtin": N_("Written as GTIN"),
    "imei": N_("Written as IMEI"),
    "waybill": N_("Written as waybill"),
    "serial": N_("Written as serial number"),
    "sku": N_("Written as SKU"),
    "order_number": N_("Written as order number"),
}


class WindowPage(Page):
    """A form, and after it the case's number with its papers."""

    job = "window"

    def __init__(self, tools: Tools, services: Services, actor: Actor) -> None:
        super().__init__(tools, tools.say("Window"), tools.say("Open a case by hand"))
        self._services, self._actor = services, actor
        self.scan_acts = {"fill_in": self._fill_in}
        self.kinds = self._make_kinds()
        self.customer, self.item = self._customer_form(), self._item_form()
        self.past = PastLines(Trade(services.inspection.handbook(), self.say), services.zone)
        self.asking = self._make_asking()
        self.opened = Opened(tools, services, actor, self._begin)
        self._asks = True
        self._bind_actions()
        self.body.addWidget(self.asking)
        self.body.addWidget(self.opened)
        self._ask(True)
        self.keys_to(self.kinds)

    def open(self, fresh: str = "", **_where: str) -> None:
        """Show the form, or the case that was opened; `fresh` asks for the form."""
        if fresh and not self._asks:
            self._begin()

    def first_focus(self) -> QWidget:
        """The kind of case; afterwards the page, ready for keys."""
        return self.kinds.first() if self._asks else self

    def scan_states(self) -> Collection[str]:
        """The form is there to be filled in."""
        return ("asks",) if self._asks else ()

    def _fill_in(self, scan: Scan, _reading: Reading) -> bool:
        """Write a code into the field it fits."""
        found = fitting(scan, self._focused())
        before = {key: self._form_of(key).text(key) for key in found}
        self._write(found)
        if found:
            told = " · ".join(self.say(WRITTEN[key]) for key in found)
            self.tools.shell.answer(Tone.NEUTRAL, told, scan, partial(self._write_again, before))
        return bool(found)

    def _write(self, texts: Mapping[str, str]) -> None:
        for key, text in texts.items():
            self._form_of(key).set_text(key, text)

    def _write_again(self, texts: Mapping[str, str]) -> None:
        """Undo a scan: the fields hold what they held."""
        self._write(texts)
        self.tools.shell.answer(Tone.NEUTRAL, self.say("Undone"))

    # opening

    def _open_case(self) -> None:
        if not self._open.isEnabled():
            return
        for form in (self.customer, self.item):
            form.clear_errors()
        if not self.kinds.value():
            self.customer.show_error("case_kind", self.say("Choose what the customer wants"))
            return
        self._open.setEnabled(False)
        opening = self._services.reception.open_case(self._request(), self._actor)
        self.tools.tasks.when(opening, self._safe, self._failed)

    def _request(self) -> CaseRequest:
        customer, item = self.customer.texts(), self.item.texts()
        return CaseRequest(**customer, item=ItemRequest(**item))

    def _safe(self, case: OpenedCase) -> None:
        self._open.setEnabled(True)
        self.opened.show_case(case, self.customer.text("customer_name"), self.item.text("product"))
        self._ask(False)
        self.setFocus()
        self.tools.sounds.play(Sound.GOOD, token=case.number)
        self.tools.shell.answer(Tone.GOOD, self.say("Case {number} opened", number=case.number))

    def _failed(self, error: ShownError) -> None:
        self._open.setEnabled(True)
        wrong = error.fields if isinstance(error, FieldErrors) else {}
        for form in (self.item, self.customer):  # the cursor goes to the first wrong field of the last
            for key in (key for key in form.texts() if key in wrong):
                form.show_error(key, sentence(wrong[key], self.say))
        self.tools.sounds.play(Sound.ERROR)
        self.tools.shell.answer(Tone.WRONG, sentence(error, self.say))

    def _begin(self) -> None:
        """An empty form for the next customer."""
        for form in (self.customer, self.item):
            form.clear()
        self.kinds.set_value("")
        self._ask(True)
        self.first_focus().setFocus()

    def _ask(self, asks: bool) -> None:
        """Show the form, or the case that was opened."""
        self._asks = asks
        self.asking.setVisible(asks)
        self.opened.setVisible(not asks)
        for button in self._buttons:
            button.setVisible(asks)
        self.opened.show_buttons(not asks)

    # the form

    def _form_of(self, key: str) -> Form:
        return self.customer if key in self.customer.texts() else self.item

    def _focused(self) -> str:
        """The key of the field with the cursor."""
        fields = {key: form.field(key) for form in (self.customer, self.item) for key in form.texts()}
        return next((key for key, field in fields.items() if field.hasFocus()), "")

    def _make_kinds(self) -> KindTiles:
        say = self.say
        options = [Option(kind, say(words), icon=KIND_ICONS[kind]) for kind, words in CASE_KINDS.items()]
        tiles = KindTiles(say("What does the customer want?"), options)
        tiles.chosen.connect(self._kind_chosen)
        return tiles

    def _kind_chosen(self, _kind: str) -> None:
        self.customer.show_error("case_kind", "")
        self.customer.field("customer_name").setFocus()

    def _customer_form(self) -> Form:
        say, form = self.say, Form(2)
        here = say("Empty: the goods are handed over here")
        form.add("case_kind", say("What does the customer want?"), self.kinds, span=2)
        form.add("customer_name", say("Customer"), TextField())
        form.add("phone", say("Phone"), code_field())
        form.add("order_number", say("Order number"), code_field())
        form.add("waybill", say("Announced waybill"), code_field(say("Scan it or type it")), hint=here)
        form.add("reason", say("In the customer's words"), TextArea(lines=3), span=2)
        return form

    def _item_form(self) -> Form:
        say, form = self.say, Form(2)
        scan = say("Scan it or type it")
        form.add("product", say("Product"), TextField(), span=2)
        form.add("category", say("Category"), Choice(self._categories()))
        form.add("gtin", say("GTIN"), code_field(scan))
        form.add("sku", say("SKU"), code_field())
        form.add("serial", say("Serial number"), code_field(scan))
        form.add("imei", say("IMEI"), code_field(scan))
        form.add("accessories", say("Accessories"), TextField())
        for key in ("product", "serial", "imei"):
            cast(TextField, form.field(key)).textChanged.connect(self._tell_past)
        return form

    def _tell_past(self) -> None:
        """Say what is known of the device as soon as its number stands there."""
        told = [self.item.text(key) for key in ("product", "serial", "imei")]
        self.past.show_past(self._services.cases.past(*told))

    def _categories(self) -> list[tuple[str, str]]:
        language = self.say.language
        handbook = self._services.inspection.handbook()
        return [(category.key, category.text(language)) for category in handbook.categories]

    def _make_asking(self) -> QWidget:
        asking = QWidget()
        customer = Card(self.say("Customer"), self.customer)
        item = Card(self.say("Item"), self.item, self.past)
        asking.setLayout(column(Columns(column(customer), column(item), (1, 1))))
        return asking

    def _bind_actions(self) -> None:
        bind = self.tools.actions.bind
        clear = Button.of(bind(self.asking, CLEAR, self._begin))
        self._open = bind(self.asking, OPEN, self._open_case)
        opens = Button.of(self._open, "primary")
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            bind_key(opens, key)
        self._buttons = (clear, opens)
        self.add_actions(*self._buttons, *self.opened.buttons)


class KindTiles(ChoiceTiles):
    """Three kinds of case beside each other."""

    def first(self) -> QWidget:
        """The first tile, for the cursor."""
        return self.findChildren(QWidget)[0]


def code_field(placeholder: str = "") -> TextField:
    """A field for numbers and codes: an input method for Chinese would swallow a scanner's keys."""
    field = TextField(placeholder)
    field.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
    return field
