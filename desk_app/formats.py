"""How numbers, money, phone numbers and moments are written in Chinese and English.

What CLDR rules comes from Babel, which is imported when it is first needed. Moments are microseconds UTC.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from desk_app.clock import MINUTE

if TYPE_CHECKING:
    from babel import Locale

    from desk_app.texts import Speaker

DAYS_TOLD = 7
DATES = {"zh_CN": "yyyy年M月d日", "en": "d MMM yyyy"}
MOMENTS = {"zh_CN": "yyyy-MM-dd HH:mm", "en": "d MMM yyyy, HH:mm"}
# ISO 4217's minor units where they are not two. CLDR's digits differ: it shows no qindarka of the lek.
_DIGITS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
MINOR_DIGITS = {code: digits for digits, codes in _DIGITS.items() for code in codes.split()}
_CURRENCY = re.compile(r"[A-Z]{3}")
# Grouped otherwise than a number of China is grouped, it is another country's.
_MOBILE = re.compile(r"\(?(\+86|0086|86)?\)?[\s.-]*(1[3-9][0-9])[\s.-]*([0-9]{4})[\s.-]*([0-9]{4})")
_IN_GROUPS = re.compile(r"(?<![0-9])(1[3-9][0-9])[ -]([0-9]{4})[ -]([0-9]{4})(?![0-9])")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def number(value: int) -> str:
    """A count with its thousands apart: CLDR has `#,##0` for both languages."""
    return f"{value:,}"


def money(minor_units: int, currency: str, language: str) -> str:
    """An amount of an ISO 4217 currency, e.g. `¥1,299.00`. Raises ValueError for what is no such code."""
    from babel.numbers import format_currency, get_currency_symbol

    if not _CURRENCY.fullmatch(currency):
        raise ValueError(f"{currency!r} is no currency of ISO 4217")
    digits, locale = MINOR_DIGITS.get(currency, 2), _locale(language)
    # CLDR keeps a currency that ends in a letter apart from the figures; Babel does not.
    gap = "\u00a0" if get_currency_symbol(currency, locale)[-1].isalpha() else ""
    pattern = f"¤{gap}#,##0" + (f".{'0' * digits}" if digits else "")
    amount = Decimal(minor_units).scaleb(-digits)
    return format_currency(amount, currency, pattern, locale=locale, currency_digits=False)


def phone(text: str) -> str:
    """A Chinese mobile number in groups of 3, 4 and 4, its country code kept; all else as it was typed."""
    found = _MOBILE.fullmatch(text.strip())
    return " ".join(group for group in found.groups() if group) if found else text


def ungrouped(words: str) -> str:
    """What is searched, with the groups of mobile numbers put together as they are stored."""
    return _IN_GROUPS.sub(r"\1\2\3", words)


def local(at: int, zone: str) -> datetime:
    """A moment in a zone."""
    return (_EPOCH + timedelta(microseconds=at)).astimezone(ZoneInfo(zone))


def in_pattern(at: int, zone: str, pattern: str, language: str) -> str:
    """A moment by a pattern of CLDR."""
    from babel.dates import format_datetime

    return format_datetime(local(at, zone), pattern, locale=_locale(language))


@cache
def _locale(language: str) -> Locale:
    """Parsing a name costs as much as writing ten moments."""
    from babel import Locale

    return Locale.parse(language)


def ago(say: Speaker, at: int, now: int, zone: str) -> str:
    """How long ago or ahead, by the clock on the wall: the words change when its minute does."""
    minutes = now // MINUTE - at // MINUTE
    days = days_between(at, now, zone)
    if abs(minutes) < 60:
        return _by_minutes(say, minutes)
    if days == 0:
        return _by_hours(say, minutes)
    if abs(days) <= DAYS_TOLD:
        return _by_days(say, days, say.time(at, zone))
    return say.moment(at, zone)


def listed(say: Speaker, at: int, now: int, zone: str) -> str:
    """A moment in a column: relative on its own day, exact on every other."""
    return ago(say, at, now, zone) if days_between(at, now, zone) == 0 else say.moment(at, zone)


def days_between(at: int, now: int, zone: str) -> int:
    """How many midnights of the zone lie between two moments; below 0 where `at` is to come."""
    return (local(now, zone).date() - local(at, zone).date()).days


def duration(say: Speaker, minutes: int) -> str:
    """A span of time, e.g. `1 h 30 min`."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return say("{n} min", n=rest)
    if not rest:
        return say("{n} h", n=number(hours))
    return say("{hours} h {minutes} min", hours=number(hours), minutes=rest)


def _by_minutes(say: Speaker, minutes: int) -> str:
    if minutes == 0:
        return say("just now")
    return say("{n} min ago", n=minutes) if minutes > 0 else say("in {n} min", n=-minutes)


def _by_hours(say: Speaker, minutes: int) -> str:
    hours = (abs(minutes) + 30) // 60
    return say("{n} h ago", n=hours) if minutes > 0 else say("in {n} h", n=hours)


def _by_days(say: Speaker, days: int, time: str) -> str:
    if abs(days) == 1:
        return say("yesterday {time}", time=time) if days > 0 else say("tomorrow {time}", time=time)
    return say("{n} days ago", n=days) if days > 0 else say("in {n} days", n=-days)
