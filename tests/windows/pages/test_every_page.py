"""Every page can be read and touched, in both languages, at three sizes of the window and of its letters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from desk_app.domain.facts import ItemAdded
from desk_app.texts import LANGUAGES
from ui.session import PAGES
from ui.widgets import Button, Card

pytestmark = pytest.mark.slow

SIZES = (QSize(1000, 620), QSize(1366, 768), QSize(1920, 1080))
SCALES = (1.0, 1.25, 1.5)
STEPS = ("receive", "inspect", "decide", "diagnose", "repair", "check", "hand_over", "done")
Stand = Any


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scale", SCALES, ids=lambda scale: f"{scale:.0%}")
def test_everything_can_be_read_and_touched(
    stand: Callable[..., Stand], state: str, scale: float, language: str, layout: Any
) -> None:
    shown = stand(language, scale, state)
    faults = []
    for size in SIZES:
        shown.window.resize(size)
        shown.settle()
        assert shown.window.size() == size
        faults += [f"{size.width()} {fault}" for fault in layout.faults(shown.window)]
    assert not faults, "\n".join(faults)


def test_every_page_of_the_program_is_looked_at(states: list[str]) -> None:
    assert {name for name, *_ in PAGES} <= {state.split("-")[0] for state in states}


NOW: dict[str, Callable[[Any], list[QWidget]]] = {
    "receive": lambda panel: [panel.body.itemAt(0).widget()],
    "inspect": lambda panel: panel.checklist.rows[:6],  # the list follows the answers
    "decide": lambda panel: [panel.tiles, panel.form],
    "diagnose": lambda panel: [panel.form],
    "repair": lambda panel: [panel.form, panel.add_part],
    "check": lambda panel: [panel.result, panel.form],
    "hand_over": lambda panel: [panel.body.itemAt(0).widget()],
    "done": lambda panel: [panel.answer],
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("step", STEPS)
def test_what_is_to_be_done_at_the_bench_is_seen_without_scrolling(
    stand: Callable[..., Stand], step: str, language: str
) -> None:
    shown = stand(language, state=f"bench-{step}")
    page = shown.page
    hidden = [
        f"{type(part).__name__}: {part.height() - part.visibleRegion().boundingRect().height()} px"
        for part in [*NOW[step](page._panels[step]), page.next]
        if part.isVisible() and part.visibleRegion().boundingRect() != part.rect()
    ]
    assert not hidden, "\n".join(hidden)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_case_shows_of_each_thing_something_without_scrolling(
    stand: Callable[..., Stand], language: str
) -> None:
    shown = stand(language, state="case")
    page, say = shown.page, shown.window.tools.say
    cards = {
        card.accessibleName()
        for card in page.findChildren(Card)
        if seen(card) > card.head.sizeHint().height() + 44
    }
    assert cards >= {say(name) for name in ("Customer", "Parcels", "Papers", "Story")} | {
        say("Item {n}", n=1)
    }


def seen(widget: QWidget) -> int:
    """How much of its height can be seen."""
    return widget.visibleRegion().boundingRect().height()


def test_what_is_handed_over_is_not_sent_to_the_bench_again(stand: Callable[..., Stand]) -> None:
    shown = stand("en", state="case")
    primary = [button for button in shown.page.findChildren(Button) if button.property("kind") == "primary"]
    assert [button.words() for button in primary if button.isVisible()] == ["To the bench"]
    shown.show("case-done")
    assert [button.words() for button in primary if button.isVisible()] == []
    assert not shown.window.tools.actions.run("case.bench")


def test_the_bench_gets_the_first_item_with_something_left_to_do(stand: Callable[..., Stand]) -> None:
    shown = stand("en", state="case-done")
    item = ItemAdded(2, "Kestrel", "phone", "", "", "", "", "")
    case = shown.filled.cases["done"].stream
    shown.act(lambda act: act.add(case, item))
    shown.qtbot.waitUntil(lambda: shown.window.tools.actions.run("case.bench"))
    assert (shown.page.step, shown.page._place) == ("receive", (case, 2))
