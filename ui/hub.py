"""Brings news of changes from any thread home to the Qt thread, as one signal for all screens."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from desk_app.changes import Changes


class Hub(QObject):
    """Hand `tell` to the store and the line; connect screens to `changed`."""

    changed = Signal(Changes)

    def tell(self, changes: Changes) -> None:
        """Say what changed, from any thread; Qt queues it for screens, which live on the Qt thread."""
        self.changed.emit(changes)
