"""One catalogue for every text a person reads: screens, papers, refusals; any language at any time.

The key of a text is its English sentence with `{named}` places; Chinese stands in
`resources/translations/zh_CN.po`, English plural forms need no file. Two languages can be used at once:
ask for two speakers.
"""

from __future__ import annotations

import gettext
from functools import cache

import resources
from desk_app import formats

LANGUAGES = ("zh_CN", "en")
NAMES = {"zh_CN": "简体中文", "en": "English"}


def N_(key: str) -> str:  # noqa: N802 - the name every gettext tool knows
    """Mark a literal key that is said later."""
    return key


class Speaker:
    """Says keys in one language; `language` is one of `LANGUAGES`."""

    def __init__(self, language: str, catalogue: gettext.NullTranslations) -> None:
        self.language = language
        self._catalogue = catalogue

    def __call__(self, key: str, **values: object) -> str:
        """The text of a literal key, its places filled in."""
        text = self._catalogue.gettext(key)
        return text.format(**values) if values else text

    def plural(self, one: str, many: str, n: int, **values: object) -> str:
        """The form that fits the count; `{n}` is filled in, its thousands apart."""
        return self._catalogue.ngettext(one, many, n).format(n=self.number(n), **values)

    def number(self, value: int) -> str:
        """A count with its thousands apart, e.g. `12,480`."""
        return formats.number(value)

    def money(self, minor_units: int, currency: str) -> str:
        """An amount in minor units of an ISO 4217 currency: 129900 CNY is `¥1,299.00` or `CN¥1,299.00`."""
        return formats.money(minor_units, currency, self.language)

    def phone(self, text: str) -> str:
        """A Chinese mobile number in groups, e.g. `138 0013 8000`; any other as it was typed."""
        return formats.phone(text)

    def date(self, at: int, zone: str) -> str:
        """A day: `2026年11月23日` or `23 Nov 2026`; `at` in microseconds UTC."""
        return formats.in_pattern(at, zone, formats.DATES[self.language], self.language)

    def moment(self, at: int, zone: str) -> str:
        """Day and minute: `2026-11-23 14:05` or `23 Nov 2026, 14:05`."""
        return formats.in_pattern(at, zone, formats.MOMENTS[self.language], self.language)

    def time(self, at: int, zone: str) -> str:
        """Hour and minute in the store's zone, e.g. `14:05`."""
        return formats.local(at, zone).strftime("%H:%M")

    def ago(self, at: int, now: int, zone: str) -> str:
        """`just now`, `5 min ago`, `in 2 h`, `yesterday 14:20`, `3 days ago`; the moment beyond a week."""
        return formats.ago(self, at, now, zone)

    def listed(self, at: int, now: int, zone: str) -> str:
        """A moment as columns have it: `5 min ago` on its own day, `2026-11-20 14:05` on every other."""
        return formats.listed(self, at, now, zone)

    def duration(self, minutes: int) -> str:
        """A span of time: `45 min`, `1 h 30 min`."""
        return formats.duration(self, minutes)


@cache
def speaker(language: str) -> Speaker:
    """The speaker of a language of `LANGUAGES`; raises ValueError for another."""
    if language not in LANGUAGES:
        raise ValueError(f"no catalogue for {language!r}")
    if language == "en":
        return Speaker("en", gettext.NullTranslations())
    with resources.path(f"translations/{language}.mo").open("rb") as file:
        return Speaker(language, gettext.GNUTranslations(file))
