"""The goods of a case: one card an item, with where it stands and the ways to the bench and the label."""

from __future__ import annotations

from collections.abc import Callable

from desk_app.domain.cases import Item, Repair, item_status
from desk_app.services.views import CaseView
from ui.pages import words
from ui.pages.past import PastLines
from ui.pages.trade import Trade
from ui.widgets import Button, Card, Chip, Facts, Text, row


class ItemCard(Card):
    """`to_bench` and `print_label` are called with the item's running number. zone: the store's."""

    def __init__(
        self,
        trade: Trade,
        view: CaseView,
        item: Item,
        zone: str,
        to_bench: Callable[[int], object],
        print_label: Callable[[int], object],
    ) -> None:
        say = trade.say
        super().__init__(say("Item {n}", n=item.item))
        word = words.STATUSES[item_status(item)]
        self.head.addWidget(Chip(say(word.text), word.tone))
        self.body.addWidget(Text(item.product, "strong"))
        self.past = PastLines(trade, zone)
        self.body.addWidget(self.past)
        self.past.show_past(view.pasts.get(item.item))
        self.body.addWidget(Facts(item_facts(trade, view, item)))
        if item.repair:
            self.body.addWidget(Facts(repair_facts(trade, view, item, item.repair)))
        bench = Button(say("To the bench"), "wrench", name=say("Item {n} to the bench", n=item.item))
        bench.clicked.connect(lambda: to_bench(item.item))
        print_again = say("Print the label of item {n}", n=item.item)
        label = Button(say("Print item label"), "tag", kind="quiet", name=print_again)
        label.clicked.connect(lambda: print_label(item.item))
        self.body.addLayout(row(bench, label, 1))


def item_facts(trade: Trade, view: CaseView, item: Item) -> list[tuple[str, str]]:
    """What is known about an item; what is empty is left out, save grade and decision."""
    say = trade.say
    known = [
        (say("Serial number"), item.serial),
        (say("IMEI"), item.imei),
        (say("GTIN"), item.gtin),
        (say("SKU"), item.sku),
        (say("Accessories"), words.sealed(say, view, item.accessories_record)),
    ]
    return [
        *[pair for pair in known if pair[1]],
        (say("Grade"), trade.word(item.grade)),
        (say("Decision"), trade.disposition(item)),
        *_noted(say("What the inspection noted"), words.sealed(say, view, item.inspection_record)),
    ]


def _noted(name: str, text: str) -> list[tuple[str, str]]:
    return [(name, text)] if text else []


def repair_facts(trade: Trade, view: CaseView, item: Item, repair: Repair) -> list[tuple[str, str]]:
    """How a repair stands."""
    say = trade.say
    pairs = [(say("Repair"), words.lookup(say, words.REPAIR_STEPS, repair.step))]
    if repair.fault:
        pairs.append((say("Fault found"), trade.code(item.category, repair.fault)))
    if repair.technician:
        pairs.append((say("Technician"), view.people.get(repair.technician, "")))
    if repair.checker:
        pairs.append((say("Second checker"), view.people.get(repair.checker, "")))
    pairs += _noted(say("What the check found"), words.sealed(say, view, repair.check_record))
    return pairs
