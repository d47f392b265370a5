"""What the scanner test can set by itself, so that a scanner works as it is."""

from __future__ import annotations

from collections.abc import Mapping

from desk_app.scanning.diagnosis import Diagnosis, Heard, Trouble, fitting_pace
from desk_app.scanning.wedge import Wedge, narrow
from desk_app.settings import Settings


def remedies(
    heard: Heard, found: Diagnosis, wedge: Wedge, settings: Settings
) -> dict[Trouble, Mapping[str, str]]:
    """The settings that would end each trouble, by their names; a layout is learnt and has none.

    What a scanner adds is known only from a code that is known.
    """
    made: dict[Trouble, Mapping[str, str]] = {}
    before, _code, behind = wedge.split(narrow(heard.text))
    for finding in found.findings:
        adds = "".join(letter for letter in finding.came if letter.isprintable())
        values: dict[Trouble, dict[str, str | None]] = {
            Trouble.SLOW: {"reader_pace": fitting_pace(heard)},
            Trouble.PREFIX: {"reader_prefix": before + adds if adds and found.is_expected else None},
            Trouble.SUFFIX: {"reader_suffix": adds + behind if adds and found.is_expected else None},
            Trouble.LAYOUT: {},
        }
        if finding.trouble in values and _fits(settings, values[finding.trouble]):
            made[finding.trouble] = {name: value or "" for name, value in values[finding.trouble].items()}
    return made


def _fits(settings: Settings, values: Mapping[str, str | None]) -> bool:
    declared = type(settings).__dict__
    return all(value is not None and declared[name].accepts(value) for name, value in values.items())
