"""The two failures that are shown to a person and survived; everything else is a bug and crashes loudly."""

from __future__ import annotations


class ShownError(Exception):
    """A failure with a code of `desk_app.refusals.SENTENCES` and the values its sentence needs; no text."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code, values)
        self.code = code
        self.values = values


class RuleError(ShownError):
    """A person can mend it: wrong input, a missing right, an act that does not fit the state."""


class OutsideError(ShownError):
    """The world failed: disk, printer, port, line."""
