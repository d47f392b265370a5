"""The bench: one item, one step at a time, from the parcel to the hand-over."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from desk_app.changes import Changes
from desk_app.domain.cases import item_status
from desk_app.domain.people import Actor
from desk_app.scanning.reading import Reading, Scan
from desk_app.texts import N_
from ui.actions import Action
from ui.pages import acts, words
from ui.pages.bench.checking import CheckPanel, DonePanel, HandOverPanel
from ui.pages.bench.inspecting import DecidePanel, InspectPanel, ReceivePanel
from ui.pages.bench.panel import Bench, OnBench, Panel
from ui.pages.bench.repairing import DiagnosePanel, RepairPanel
from ui.pages.bench.steps import is_repaired, step_of
from ui.pages.columns import Columns
from ui.pages.past import PastLines, is_touched
from ui.pages.trade import Trade
from ui.services import Services
from ui.widgets import (
    SIZES,
    Button,
    Card,
    Checklist,
    Chip,
    EmptyState,
    Facts,
    Page,
    StepBar,
    Text,
    Tone,
    Tools,
    column,
)
from ui.widgets.base import tab_through

NEXT = Action("bench.next", N_("Next step"), key="F8", icon="arrow-right")
CASE = Action("bench.case", N_("Show case"), key="F2", icon="folder-open")
LABEL = Action("bench.label", N_("Print item label"), key="F5", icon="tag")
REPORT_CHINESE = Action("bench.report_zh", N_("Repair report in Chinese"), key="F4", icon="file-text")
REPORT_ENGLISH = Action("bench.report_en", N_("Repair report in English"), key="Shift+F4", icon="file-text")

PANELS: dict[str, type[Panel]] = {
    "receive": ReceivePanel,
    "inspect": InspectPanel,
    "decide": DecidePanel,
    "diagnose": DiagnosePanel,
    "repair": RepairPanel,
    "check": CheckPanel,
    "hand_over": HandOverPanel,
    "done": DonePanel,
}
SHORT = ("receive", "inspect", "decide")
LONG = ("receive", "inspect", "decide", "repair", "check", "hand_over")


class BenchPage(Page):
    """Scan an item label; the page shows its next step and the one button that does it."""

    job = "bench"

    def __init__(self, tools: Tools, services: Services, actor: Actor) -> None:
        super().__init__(tools, tools.say("Bench"))
        self._services = services
        self._actor = actor
        self._bench = Bench(tools, services, actor, self._again)
        self._trade = Trade(services.inspection.handbook(), self.say)
        self._place = ("", 0)
        self._on: OnBench | None = None
        self._panels: dict[str, Panel] = {}
        self.step = ""
        self.scan_acts = {"put_on_bench": self._put_on_bench, "fill_in": self._fill_in}
        self.command_acts = {
            "hand_over": self._hand_over,
            "report": self._report_here,
            "warranty": lambda: self.panel is not None and self.panel.turn_warranty(),
        }
        self.status = Chip("")
        self._bind_actions()
        self._lay_out_page()
        self.keys_to(self)
        tools.hub.changed.connect(self._changed)

    def open(self, **where: str) -> None:
        """Show the item `item` (1 without it) of the case `stream`; what was on the bench without both."""
        if where.get("stream"):
            place = (where["stream"], int(where.get("item", "1")))
            if place != self._place:
                self._place, self.step = place, ""
        self._again()

    def kept(self) -> dict[str, Any]:
        """The item that is on the bench, however it came there."""
        return {**super().kept(), "place": self._place}

    def restore(self, kept: Mapping[str, Any]) -> None:
        """Put the item on the bench again."""
        stream, item = kept["place"]
        if (stream, item) != self._place and stream:
            self.open(stream=stream, item=str(item))
        super().restore(kept)

    def is_begun(self) -> bool:
        """Points that were answered count as written."""
        lists = [made for made in self.findChildren(Checklist) if made.isVisibleTo(self)]
        return super().is_begun() or any(made.answers() for made in lists)

    def scan_states(self) -> Collection[str]:
        """Which codes the step on show has fields for."""
        return self.panel.takes if self.panel else ()

    @property
    def panel(self) -> Panel | None:
        """The step on show."""
        return self._panels.get(self.step)

    def step_back(self) -> bool:
        """The step on show takes back its last answer."""
        return self.panel is not None and self.panel.step_back()

    def take_key(self, event: QKeyEvent) -> bool:
        """Digits go to the step on show."""
        return self.panel is not None and self.panel.take_key(event)

    def _put_on_bench(self, scan: Scan, _reading: Reading) -> bool:
        target = self._services.cases.target(scan.raw)
        if target.page != "bench":
            return False
        before = self._place
        self.tools.shell.open("bench", stream=target.stream, item=str(target.item))
        undo = partial(self._put_back, before) if before[0] else None
        self.tools.shell.answer(Tone.NEUTRAL, self.title.text(), scan, undo)
        return True

    def _put_back(self, place: tuple[str, int]) -> None:
        """Undo a scan: the item that was on the bench before."""
        self.tools.shell.open("bench", stream=place[0], item=str(place[1]))
        self.tools.shell.answer(Tone.NEUTRAL, self.title.text())

    def _fill_in(self, scan: Scan, reading: Reading) -> bool:
        taken = self.panel.take_text(reading.value) if self.panel else None
        if taken is None:
            return False
        self.tools.shell.answer(Tone.NEUTRAL, self.say("Written: {code}", code=reading.value), scan, taken)
        return True

    # showing

    def _changed(self, changes: Changes) -> None:
        known = self._on is not None and is_touched(self._on.view, changes)
        if self.isVisible() and (known or self._place[0] in changes.streams):
            self._again()

    def _again(self) -> None:
        """Read the item and show its step; what is being written on the same step stays."""
        self._on = self._read()
        self.nothing.setVisible(self._on is None)
        self.content.setVisible(self._on is not None)
        for name in ("case", "label"):
            self._actions[name].setEnabled(self._on is not None)
        if self._on:
            self._show(self._on)
        else:
            self.set_title(self.say("Bench"))
            self._show_next("")
            self._show_reports(False)
        self.status.setVisible(self._on is not None)

    def _read(self) -> OnBench | None:
        stream, number = self._place
        view = self._services.cases.view(stream) if stream else None
        item = view.case.item(number) if view else None
        return OnBench(view, item, self._trade) if view and item else None

    def _show(self, on: OnBench) -> None:
        self._show_head(on)
        step = step_of(on.view.case, on.item)
        panel = self._panel(step)
        if step == self.step:
            panel.show_item(on)
        else:
            self._enter(step, panel, on)
        tab_through(self.next, panel)
        self._show_next(panel.next_text)
        self._show_reports(on.item.repair is not None and on.item.repair.finished_at > 0)

    def _show_reports(self, finished: bool) -> None:
        for name in ("report_zh", "report_en"):
            self._actions[name].setEnabled(finished)
            self._papers[name].setVisible(finished)

    def _enter(self, step: str, panel: Panel, on: OnBench) -> None:
        self.step = step
        panel.begin(on)
        for other in self._panels.values():
            other.setVisible(other is panel)
        if self.isVisible():
            self.setFocus()
        QTimer.singleShot(0, self, self._to_top)

    def _to_top(self) -> None:
        """Where the new step begins."""
        scroll = self.findChild(QScrollArea)
        if isinstance(scroll, QScrollArea):
            scroll.verticalScrollBar().setValue(0)

    def _show_head(self, on: OnBench) -> None:
        say, case, item = self.say, on.view.case, on.item
        self.set_title(case.number, words.joined(item.product, item.serial or item.imei))
        self.product.setText(item.product)
        word = words.STATUSES[item_status(item)]
        self.status.show_status(say(word.text), word.tone)
        repairing = is_repaired(case, item)
        self.long_steps.setVisible(repairing)
        self.short_steps.setVisible(not repairing)
        step = {"diagnose": "repair"}.get(step_of(case, item), step_of(case, item))
        for bar, steps in ((self.long_steps, LONG), (self.short_steps, SHORT)):
            bar.go_to(steps.index(step) if step in steps else len(steps))
        self.facts.set_pairs(self._facts(on))
        self.past.show_past(on.view.pasts.get(item.item))

    def _facts(self, on: OnBench) -> list[tuple[str, str]]:
        say, case, item = self.say, on.view.case, on.item
        known = [
            (say("Serial number"), item.serial),
            (say("IMEI"), item.imei),
            (say("GTIN"), item.gtin),
            (say("SKU"), item.sku),
            (say("Accessories"), words.sealed(say, on.view, item.accessories_record)),
            (say("Grade"), self._trade.word(item.grade)),
            (say("Decision"), self._trade.disposition(item)),
        ]
        reason = on.view.texts.get(case.reason_record, say("Erased"))
        return [(say("In the customer's words"), reason), *[pair for pair in known if pair[1]]]

    def _show_next(self, text: str) -> None:
        self._actions["next"].setText(self.say(text) if text else self.say("Next step"))
        self._actions["next"].setEnabled(bool(text))
        self.next.setVisible(bool(text))

    def _panel(self, step: str) -> Panel:
        """The panel of a step, made when it is first needed."""
        if step not in self._panels:
            panel = PANELS[step](self._bench)
            panel.hide()
            self._panels[step] = panel
            self.place.addWidget(panel)
        return self._panels[step]

    # acts

    def _go_on(self) -> None:
        if self.step and not self._panels[self.step].busy:
            self._panels[self.step].go_on()

    def _hand_over(self) -> bool:
        return self.step == "hand_over" and self.tools.actions.run("bench.next")

    def _report_here(self) -> bool:
        """Print the report in the language of the screen."""
        name = "report_zh" if self.say.language == "zh_CN" else "report_en"
        return self.tools.actions.run(f"bench.{name}")

    def _show_case(self) -> None:
        self.tools.shell.open("case", stream=self._place[0])

    def _print_label(self) -> None:
        asked = self._services.papers.label(*self._place, self._actor)
        written = partial(acts.label_written, self.tools)
        self.tools.tasks.when(asked, written, partial(acts.refuse, self.tools))

    def _print_report(self, language: str) -> None:
        asked = self._services.papers.repair_report(*self._place, language, self._actor)
        acts.print_paper(self.tools, asked)

    # building

    def _bind_actions(self) -> None:
        bind = self.tools.actions.bind
        self._actions = {
            "case": bind(self, CASE, self._show_case),
            "label": bind(self, LABEL, self._print_label),
            "report_zh": bind(self, REPORT_CHINESE, partial(self._print_report, "zh_CN")),
            "report_en": bind(self, REPORT_ENGLISH, partial(self._print_report, "en")),
            "next": bind(self, NEXT, self._go_on),
        }
        self.next = Button.of(self._actions["next"], "primary")
        papers = ("case", "label", "report_zh", "report_en")
        self._papers = {name: Button.of(self._actions[name]) for name in papers}
        self.add_actions(self.status, self.next)

    def _lay_out_page(self) -> None:
        say = self.say
        self.short_steps = StepBar(say("Steps"), [say("Receive"), say("Inspect"), say("Decide")])
        self.long_steps = StepBar(
            say("Steps"),
            [
                say("Receive"),
                say("Inspect"),
                say("Decide"),
                say("Repair"),
                say("Second check"),
                say("Hand over"),
            ],
        )
        self.product, self.facts = Text("", "strong"), Facts(columns=1)
        self.past = PastLines(self._trade, self._services.zone)
        self.place = column(spacing=SIZES.l)
        side = column(
            Card(say("Item"), self.product, self.past, self.facts),
            Card(say("Papers"), *self._papers.values()),
            1,
            spacing=SIZES.l,
        )
        work = Columns(column(self.place, 1), side, (5, 2))
        self.content = QWidget()
        self.content.setLayout(column(self.short_steps, self.long_steps, work, spacing=SIZES.l))
        self.nothing = EmptyState(
            "scan-barcode",
            say("Scan an item label"),
            say("It puts the item on the bench and shows its next step"),
        )
        self.body.addWidget(self.content)
        self.body.addWidget(self.nothing)
