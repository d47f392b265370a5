"""One registry of what a person can ask for: the same act by button, key, menu and (later) command code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from desk_app.texts import Speaker


@dataclass(frozen=True, slots=True)
class Action:
    """An action, declared once beside the page that does it.

    `text` is a key marked with `N_`; `key` as Qt writes it (`F6`, `Ctrl+P`); `icon` as in `resources/icons`.
    """

    name: str
    text: str
    key: str = ""
    icon: str = ""


class Actions:
    """The actions that can be done now. A page binds its own; they go when the page goes."""

    def __init__(self, say: Speaker) -> None:
        self._say = say
        self._bound: dict[str, tuple[QWidget, QAction]] = {}

    def bind(self, owner: QWidget, action: Action, handler: Callable[[], object]) -> QAction:
        """Let `handler` do the action. Its key works while `owner` is visible in the active window.

        Raises ValueError when the name, or the key on the same owner, is taken.
        """
        self._refuse_double(owner, action)
        made = QAction(self._say(action.text), owner)
        made.setObjectName(action.name)
        made.setShortcut(QKeySequence(action.key))
        made.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        made.setAutoRepeat(False)
        made.setData(action.icon)
        made.triggered.connect(lambda: handler())
        owner.addAction(made)
        self._bound[action.name] = (owner, made)
        made.destroyed.connect(partial(self._forget, action.name))
        return made

    def run(self, name: str) -> bool:
        """Do an action by its name; False where it is unknown, disabled, or its page is not on show."""
        owner, action = self._bound.get(name, (None, None))
        if owner is None or action is None or not (owner.isVisible() and action.isEnabled()):
            return False
        action.trigger()
        return True

    def names(self) -> list[str]:
        """The names of all actions bound now, sorted."""
        return sorted(self._bound)

    def _refuse_double(self, owner: QWidget, action: Action) -> None:
        if action.name in self._bound:
            raise ValueError(f"action {action.name} is bound already")
        keys = {made.shortcut().toString() for holder, made in self._bound.values() if holder is owner}
        if action.key and QKeySequence(action.key).toString() in keys:
            raise ValueError(f"key {action.key} of {action.name} is taken on the same page")

    def _forget(self, name: str, _gone: QObject | None = None) -> None:
        self._bound.pop(name, None)
