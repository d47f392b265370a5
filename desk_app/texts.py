"""One catalogue for every text a person reads: screens, papers, refusals; any language at any time.

The key of a text is its English sentence with `{named}` places; Chinese stands in
`resources/translations/zh_CN.po`, English plural forms need no file. Two languages can be used at once:
ask for two speakers.
"""

from __future__ import annotations

import gettext
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

import resources

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
        """The form that fits the count; `{n}` is filled in."""
        return self._catalogue.ngettext(one, many, n).format(n=n, **values)

    def date(self, at: int, zone: str) -> str:
        """A day as this language writes it, e.g. `2026年11月22日`; `at` in microseconds UTC."""
        from babel.dates import format_date

        return format_date(_local(at, zone), format="long", locale=self.language)

    def moment(self, at: int, zone: str) -> str:
        """Day and minute, e.g. `2026-11-22 14:05` or `Nov 22, 2026, 2:05 PM`."""
        from babel.dates import format_datetime

        pattern = "yyyy-MM-dd HH:mm" if self.language == "zh_CN" else "d MMM yyyy, HH:mm"
        return format_datetime(_local(at, zone), pattern, locale=self.language)

    def time(self, at: int, zone: str) -> str:
        """Hour and minute in the store's zone, e.g. `14:05`."""
        return _local(at, zone).strftime("%H:%M")


def _local(at: int, zone: str) -> datetime:
    return datetime.fromtimestamp(at / 1_000_000, UTC).astimezone(ZoneInfo(zone))


@cache
def speaker(language: str) -> Speaker:
    """The speaker of a language of `LANGUAGES`; raises ValueError for another."""
    if language not in LANGUAGES:
        raise ValueError(f"no catalogue for {language!r}")
    if language == "en":
        return Speaker("en", gettext.NullTranslations())
    with resources.path(f"translations/{language}.mo").open("rb") as file:
        return Speaker(language, gettext.GNUTranslations(file))
