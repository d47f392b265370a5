"""What an input method was given: letters that it composes, and what it writes in the end.

A scanner's letters may go into a composition one by one, come out of it together, or be written full-width.
From the events that a field gets, the keys are told that were struck since the last one.
"""

from __future__ import annotations

from unicodedata import east_asian_width

from desk_app.scanning.wedge import narrow

_BETWEEN_SYLLABLES = str.maketrans("", "", "' ")


class Composition:
    """One composition after the other, event by event."""

    def __init__(self) -> None:
        self._shown = ""
        self._is_cleared = False

    @property
    def text(self) -> str:
        """What is being composed, as it was struck."""
        return self._shown

    def forget(self) -> None:
        """Begin anew."""
        self._shown, self._is_cleared = "", False

    def take(self, composed: str, written: str) -> str | None:
        """The characters struck since the last event, "" for none; None where only a person does so.

        composed: what is underlined now; written: what the event puts into the field. Chinese characters, and
        a composition that was corrected, are a person's; letters with an accent come from keyboards too.
        """
        shown, out = narrow(composed).translate(_BETWEEN_SYLLABLES), narrow(written)
        if not composed and not written:
            self._is_cleared = bool(self._shown)  # some clear what they compose before they write it
            return ""
        before = "" if self._is_cleared and not written else self._shown
        self._shown, self._is_cleared = shown, False
        whole = out + shown
        if not whole.isprintable() or any(east_asian_width(letter) in "WF" for letter in whole):
            self.forget()
            return None
        return whole[len(before) :] if whole.startswith(before) else None
