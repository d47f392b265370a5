"""Every page can be heard and worked without a mouse: names, roles, the way of the focus, keys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QAction, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from desk_app.texts import LANGUAGES
from ui.widgets import Alone, Button, Choice, ChoiceTiles, Page
from ui.widgets.pad import NumberPad
from ui.widgets.tiles import Tile

pytestmark = pytest.mark.slow

Stand = Any
Role = QAccessible.Role
CONTROLS = {
    Role.PushButton,
    Role.ButtonMenu,
    Role.CheckBox,
    Role.RadioButton,
    Role.EditableText,
    Role.ComboBox,
    Role.SpinBox,
    Role.Slider,
    Role.Table,
    Role.List,
    Role.Link,
}
NO_ROLE = {Role.NoRole, Role.Client, Role.Window}
PROPER_NAMES = {"简体中文", "English", "GTIN", "IMEI", "SKU", "PIN", *"0123456789"}
HOLDERS = (Page, Alone, ChoiceTiles)  # they have the focus for what is in them
MOST_STEPS = 150


def test_every_control_has_a_role_and_a_name_of_its_own_in_each_language(stand: Stand, state: str) -> None:
    said = {language: names_of(stand(language, state=state)) for language in LANGUAGES}
    for names in said.values():
        assert names
        assert [name for name, times in names.items() if times > 1 or not name.strip()] == []
    assert len(said["en"]) == len(said["zh_CN"])
    assert said["en"].keys() & said["zh_CN"].keys() <= PROPER_NAMES


def names_of(stand: Stand) -> Counter[str]:
    """How often each control is named so; what has the focus has a role, and a drawing alone its tip."""
    parts = list(tree(QAccessible.queryAccessibleInterface(stand.window)))
    unknown = [part.object() for part in parts if part.state().focusable and part.role() in NO_ROLE]
    assert [part for part in unknown if not isinstance(part, HOLDERS)] == []
    buttons = [button for button in stand.window.findChildren(Button) if button.isVisible()]
    assert [button for button in buttons if not (button.words() or button.toolTip())] == []
    return Counter(name(part) for part in parts if part.role() in CONTROLS and not is_data(part))


def tree(part: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    """All that a screen reader finds on show; of a control not its insides."""
    yield part
    if part.role() in CONTROLS:
        return
    for index in range(part.childCount()):
        child = part.child(index)
        if child and not child.state().invisible:
            yield from tree(child)


def name(part: QAccessibleInterface) -> str:
    """On Linux Qt names a box of choices after what is chosen, and says its label by its relation."""
    box = part.object()
    return box.accessibleName() if isinstance(box, Choice) else part.text(QAccessible.Text.Name)


def is_data(part: QAccessibleInterface) -> bool:
    """Whether a control is named after somebody."""
    tile = part.object()
    return isinstance(tile, Tile) and tile.option.icon == "user"


# the way of the focus


def test_tab_goes_to_every_control_in_reading_order_and_leaves_again(
    stand: Stand, state: str, layout: Any
) -> None:
    window = stand("en", state=state).window
    wanted = [control for control in layout.controls(window) if control.isEnabled()]
    places = {control: QRect(control.mapTo(window, QPoint(0, 0)), control.size()) for control in wanted}
    way = walk()
    missed = [control for control in wanted if control not in way and not is_reached_otherwise(control, way)]
    assert [f"{type(control).__name__} {control.accessibleName()}" for control in missed] == []
    there = [widget for widget in way if widget in places]
    shell = [widget for widget in there if not is_inside_a_page(widget, window)]
    assert bool(shell) == window.is_entered
    first = shell[0] if shell else min(there, key=lambda widget: places[widget].top())
    page = [widget for widget in begun_at(there, first) if widget not in shell]
    back = [
        f"{one.accessibleName()} → {other.accessibleName()}"
        for one, other in pairwise(page)
        if goes_back(places[one], places[other])
    ]
    assert back == []


def begun_at(way: list[QWidget], first: QWidget) -> list[QWidget]:
    """The way round, begun there."""
    at = way.index(first)
    return way[at:] + way[:at]


def walk() -> list[QWidget]:
    """What has the focus, Tab after Tab, until it comes round."""
    way: list[QWidget] = []
    for _ in range(MOST_STEPS):
        focus = QApplication.focusWidget()
        assert focus, f"the focus is lost after {way[-1:]}"
        if focus in way:
            return way
        way.append(focus)
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    raise AssertionError("Tab never comes round")


def is_reached_otherwise(control: QWidget, way: list[QWidget]) -> bool:
    """By arrows from another of the same group; digits of a pad are typed into its field."""
    group = control.group() if isinstance(control, QAbstractButton) else None
    by_arrows = group is not None and any(button in way for button in group.buttons())
    return by_arrows or isinstance(control.parentWidget(), NumberPad)


def is_inside_a_page(widget: QWidget, window: Any) -> bool:
    page = window.page if window.is_entered else window
    return bool(page.isAncestorOf(widget))


def goes_back(one: QRect, other: QRect) -> bool:
    """Up, and not to a column further right; or to the left on the same line."""
    up = other.bottom() < one.top() and other.left() < one.right()
    left = other.top() < one.bottom() and one.top() < other.bottom() and other.right() < one.left()
    return up or left


# keys


def test_every_action_has_a_key_of_its_own_that_stands_on_its_button(stand: Stand, state: str) -> None:
    window = stand("en", state=state).window
    actions = [action for action in visible_actions(window) if action.isEnabled()]
    buttons = [button for button in window.findChildren(Button) if button.isVisible() and button.isEnabled()]
    signs = {button.words(): button.key_sign() for button in buttons}
    assert [action.text() for action in actions if not signs.get(action.text())] == []
    keys = [action.shortcut().toString() for action in visible_actions(window)]
    keys += [shortcut.key().toString() for shortcut in visible_shortcuts(window)]
    assert [key for key, times in Counter(keys).items() if key and times > 1] == []


def visible_shortcuts(window: Any) -> list[QShortcut]:
    return [
        shortcut
        for shortcut in window.findChildren(QShortcut)
        if isinstance(shortcut.parent(), QWidget) and shortcut.parent().isVisible()
    ]


def visible_actions(window: Any) -> list[QAction]:
    owners = (owner for owner in window.findChildren(QWidget) if owner.isVisible())
    return [action for owner in owners for action in owner.actions() if action.objectName()]
