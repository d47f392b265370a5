"""Numbers, money, phone numbers and moments as Chinese and English write them; the strings are CLDR's."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from desk_app import formats
from desk_app.texts import Speaker, speaker

SHANGHAI = "Asia/Shanghai"
BOTH = ("zh_CN", "en")
NOW = "2026-11-23 14:05"
FAR = 7_000_000_000_000_000  # in the year 2191

amounts = st.integers(-(2**63), 2**63)
currencies = st.sampled_from([*formats.MINOR_DIGITS, "CNY", "USD", "EUR", "CHF", "ALL", "XXX", "QQQ"])
moments = st.integers(0, FAR)
zones = st.sampled_from([SHANGHAI, "Europe/Berlin", "America/St_Johns", "Pacific/Kiritimati", "UTC"])
languages = st.sampled_from(BOTH)
mobiles = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


def at(words: str, zone: str = SHANGHAI) -> int:
    """Microseconds UTC of a day and time in a zone."""
    return round(datetime.fromisoformat(words).replace(tzinfo=ZoneInfo(zone)).timestamp()) * 1_000_000


@pytest.fixture(params=BOTH)
def say(request: pytest.FixtureRequest) -> Speaker:
    return speaker(request.param)


# numbers and money


@pytest.mark.parametrize(
    ("value", "words"),
    [(0, "0"), (999, "999"), (1000, "1,000"), (1234567, "1,234,567"), (-12480, "-12,480")],
)
def test_thousands_stand_apart(say: Speaker, value: int, words: str) -> None:
    assert say.number(value) == words


def test_counts_in_sentences_too() -> None:
    assert speaker("en").plural("{n} case", "{n} cases", 12480) == "12,480 cases"
    assert speaker("en").plural("{n} case", "{n} cases", 1) == "1 case"
    assert speaker("zh_CN").plural("{n} parcel today", "{n} parcels today", 1200) == "今日 1,200 件"


@pytest.mark.parametrize(
    ("minor", "currency", "chinese", "english"),
    [
        (129900, "CNY", "¥1,299.00", "CN¥1,299.00"),
        (-129900, "CNY", "-¥1,299.00", "-CN¥1,299.00"),
        (5, "CNY", "¥0.05", "CN¥0.05"),
        (0, "CNY", "¥0.00", "CN¥0.00"),
        (1299, "JPY", "JP¥1,299", "¥1,299"),
        (123456789, "USD", "US$1,234,567.89", "$1,234,567.89"),
        (-300, "HKD", "-HK$3.00", "-HK$3.00"),
        (300, "TWD", "NT$3.00", "NT$3.00"),
        (99, "EUR", "€0.99", "€0.99"),
        (50000, "KRW", "₩50,000", "₩50,000"),
        (1234, "KWD", "KWD\u00a01.234", "KWD\u00a01.234"),
        (1200, "CHF", "CHF\u00a012.00", "CHF\u00a012.00"),
        (525, "ALL", "ALL\u00a05.25", "ALL\u00a05.25"),
    ],
)
def test_money_in_both_languages(minor: int, currency: str, chinese: str, english: str) -> None:
    assert speaker("zh_CN").money(minor, currency) == chinese
    assert speaker("en").money(minor, currency) == english


@pytest.mark.parametrize("currency", ["", "cny", "¥", "CNYX", "CN", "元"])
def test_what_is_no_currency_is_a_mistake(say: Speaker, currency: str) -> None:
    with pytest.raises(ValueError, match=r"ISO 4217"):
        say.money(100, currency)


@given(amounts, currencies, languages)
def test_no_part_of_an_amount_is_lost(minor: int, currency: str, language: str) -> None:
    words = speaker(language).money(minor, currency)
    assert int("".join(re.findall(r"[0-9]", words))) == abs(minor)
    assert words.startswith("-") == (minor < 0)
    digits = {"JPY": 0, "KWD": 3, "CLF": 4, "CNY": 2}.get(currency)
    if digits is not None:
        assert len(words.partition(".")[2]) == digits


@given(st.integers())
def test_numbers_can_be_read_back(value: int) -> None:
    words = formats.number(value)
    assert int(words.replace(",", "")) == value
    assert re.fullmatch(r"-?[0-9]{1,3}(,[0-9]{3})*", words)


# phone numbers


@pytest.mark.parametrize(
    ("stored", "words"),
    [
        ("13800138000", "138 0013 8000"),
        ("138-0013-8000", "138 0013 8000"),
        (" 138 0013 8000 ", "138 0013 8000"),
        ("+8613800138000", "+86 138 0013 8000"),
        ("(+86) 138-0013-8000", "+86 138 0013 8000"),
        ("008613800138000", "0086 138 0013 8000"),
        ("8613800138000", "86 138 0013 8000"),
        ("19912345678", "199 1234 5678"),
    ],
)
def test_mobile_numbers_are_grouped(say: Speaker, stored: str, words: str) -> None:
    assert say.phone(stored) == words


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "+4791234567",
        "+1 415 555 0123",
        "1-380-013-8000",
        "010-88886666",
        "0571 8888 6666-102",
        "13800138000 转 12",
        "13800138000 ext. 4",
        "12800138000",
        "1380013800",
        "138001380001",
        "138****8000",
        "+86*******8000",
        "Erased",
        "１３８００１３８０００",
    ],
)
def test_all_else_is_shown_as_it_was_typed(say: Speaker, typed: str) -> None:
    assert say.phone(typed) == typed


@given(st.one_of(st.text(), st.text("+0123456789 -().*"), mobiles, mobiles.map("+86{}".format)))
@example("(+8613800138000")
def test_grouping_keeps_every_figure_and_is_done_once(text: str) -> None:
    words = formats.phone(text)
    assert re.sub(r"[^+0-9*]", "", words) == re.sub(r"[^+0-9*]", "", text)
    assert formats.phone(words) == words


@given(mobiles, st.sampled_from(["", "李 ", "TB2026 "]), st.sampled_from(["", " 手机"]))
def test_a_number_is_found_by_the_groups_it_is_shown_in(mobile: str, before: str, after: str) -> None:
    assert formats.ungrouped(before + formats.phone(mobile) + after) == before + mobile + after


@pytest.mark.parametrize("words", ["138 0013", "iPhone 138 00138000", "4138 0013 8000", "138 0013 80001"])
def test_other_words_are_searched_as_they_are(words: str) -> None:
    assert formats.ungrouped(words) == words


# moments


def test_days_and_minutes_in_the_stores_zone() -> None:
    chinese, english = speaker("zh_CN"), speaker("en")
    late = at("2026-11-22 23:50", "UTC")
    assert (chinese.date(late, SHANGHAI), english.date(late, SHANGHAI)) == ("2026年11月23日", "23 Nov 2026")
    assert (chinese.date(late, "UTC"), english.date(late, "UTC")) == ("2026年11月22日", "22 Nov 2026")
    assert chinese.moment(late, SHANGHAI) == "2026-11-23 07:50"
    assert english.moment(late, SHANGHAI) == "23 Nov 2026, 07:50"
    assert chinese.moment(at("2026-03-01 09:05"), SHANGHAI) == "2026-03-01 09:05"
    assert english.moment(at("2026-03-01 09:05"), SHANGHAI) == "1 Mar 2026, 09:05"
    assert english.time(late, SHANGHAI) == "07:50"


@pytest.mark.parametrize(
    ("when", "chinese", "english"),
    [
        ("2026-11-23 14:05", "刚刚", "just now"),
        ("2026-11-23 14:04", "1 分钟前", "1 min ago"),
        ("2026-11-23 14:00", "5 分钟前", "5 min ago"),
        ("2026-11-23 13:06", "59 分钟前", "59 min ago"),
        ("2026-11-23 13:05", "1 小时前", "1 h ago"),
        ("2026-11-23 12:36", "1 小时前", "1 h ago"),
        ("2026-11-23 12:35", "2 小时前", "2 h ago"),
        ("2026-11-23 00:00", "14 小时前", "14 h ago"),
        ("2026-11-22 23:59", "昨天 23:59", "yesterday 23:59"),
        ("2026-11-22 00:00", "昨天 00:00", "yesterday 00:00"),
        ("2026-11-21 23:59", "2 天前", "2 days ago"),
        ("2026-11-20 09:00", "3 天前", "3 days ago"),
        ("2026-11-16 00:00", "7 天前", "7 days ago"),
        ("2026-11-15 23:59", "2026-11-15 23:59", "15 Nov 2026, 23:59"),
        ("2025-11-23 14:05", "2025-11-23 14:05", "23 Nov 2025, 14:05"),
        ("2026-11-23 14:06", "1 分钟后", "in 1 min"),
        ("2026-11-23 15:04", "59 分钟后", "in 59 min"),
        ("2026-11-23 16:05", "2 小时后", "in 2 h"),
        ("2026-11-23 23:59", "10 小时后", "in 10 h"),
        ("2026-11-24 00:00", "明天 00:00", "tomorrow 00:00"),
        ("2026-11-25 00:00", "2 天后", "in 2 days"),
        ("2026-11-30 23:59", "7 天后", "in 7 days"),
        ("2026-12-01 00:00", "2026-12-01 00:00", "1 Dec 2026, 00:00"),
    ],
)
def test_how_long_ago_or_ahead(when: str, chinese: str, english: str) -> None:
    assert speaker("zh_CN").ago(at(when), at(NOW), SHANGHAI) == chinese
    assert speaker("en").ago(at(when), at(NOW), SHANGHAI) == english


@pytest.mark.parametrize(
    ("when", "now", "words"),
    [
        ("2026-11-22 23:58", "2026-11-23 00:03", "5 min ago"),
        ("2026-11-22 23:00", "2026-11-23 00:30", "yesterday 23:00"),
        ("2026-11-23 00:10", "2026-11-22 23:50", "in 20 min"),
        ("2026-12-31 22:00", "2027-01-01 08:00", "yesterday 22:00"),
    ],
)
def test_across_midnight(when: str, now: str, words: str) -> None:
    assert speaker("en").ago(at(when), at(now), SHANGHAI) == words


def test_the_day_is_that_of_the_store() -> None:
    when, now = at("2026-11-22 15:00", "UTC"), at("2026-11-22 17:00", "UTC")
    assert speaker("en").ago(when, now, "UTC") == "2 h ago"
    assert speaker("en").ago(when, now, SHANGHAI) == "yesterday 23:00"


def test_where_clocks_are_changed_days_are_still_days() -> None:
    now = at("2026-10-25 12:00", "Europe/Berlin")  # the night before had 25 hours
    assert (
        speaker("en").ago(at("2026-10-24 11:30", "Europe/Berlin"), now, "Europe/Berlin") == "yesterday 11:30"
    )
    assert speaker("en").ago(at("2026-10-25 00:00", "Europe/Berlin"), now, "Europe/Berlin") == "13 h ago"


def test_words_follow_the_minute_on_the_wall() -> None:
    said = speaker("en").ago
    second = 1_000_000
    assert said(at("2026-11-23 14:04") + 59 * second, at(NOW), SHANGHAI) == "1 min ago"
    assert said(at(NOW), at(NOW) + 59 * second, SHANGHAI) == "just now"


@given(moments, moments, zones, languages)
def test_nothing_changes_between_two_ticks(when: int, now: int, zone: str, language: str) -> None:
    say = speaker(language)
    minute = now - now % 60_000_000
    assert say.ago(when, now, zone) == say.ago(when, minute, zone)
    assert say.listed(when, now, zone) == say.listed(when, minute + 59_999_999, zone)


@pytest.mark.parametrize(
    ("when", "chinese", "english"),
    [
        ("2026-11-23 13:58", "7 分钟前", "7 min ago"),
        ("2026-11-23 00:00", "14 小时前", "14 h ago"),
        ("2026-11-22 23:59", "2026-11-22 23:59", "22 Nov 2026, 23:59"),
        ("2026-11-24 00:00", "2026-11-24 00:00", "24 Nov 2026, 00:00"),
    ],
)
def test_columns_are_relative_on_the_day_itself_only(when: str, chinese: str, english: str) -> None:
    assert speaker("zh_CN").listed(at(when), at(NOW), SHANGHAI) == chinese
    assert speaker("en").listed(at(when), at(NOW), SHANGHAI) == english


def test_columns_keep_to_the_day_across_midnight() -> None:
    said = speaker("en").listed(at("2026-11-22 23:58"), at("2026-11-23 00:03"), SHANGHAI)
    assert said == "22 Nov 2026, 23:58"


@pytest.mark.parametrize(
    ("minutes", "chinese", "english"),
    [
        (0, "0 分钟", "0 min"),
        (45, "45 分钟", "45 min"),
        (60, "1 小时", "1 h"),
        (90, "1 小时 30 分钟", "1 h 30 min"),
        (1440, "24 小时", "24 h"),
        (60_001, "1,000 小时 1 分钟", "1,000 h 1 min"),
    ],
)
def test_spans_of_time(minutes: int, chinese: str, english: str) -> None:
    assert speaker("zh_CN").duration(minutes) == chinese
    assert speaker("en").duration(minutes) == english
