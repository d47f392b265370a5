"""What a scanner adds is taken off; a layout is repaired only where the text needs it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.scanning.burst import PACES
from desk_app.scanning.layout import Repair
from desk_app.scanning.wedge import Mender, Wedge, narrow, wedge_of
from desk_app.settings import Settings

GERMAN = Repair("zyZYß-_", "yzYZ-/?")
FRENCH = Repair("azqw&é\"'(-è_çà1234567890AZQW", "qwaz1234567890!@#$%^&*()QWAZ")
OURS = "M7P01K7QK1Y"  # a right check character, and wrong when a Y of it becomes a Z


def mender(repair: Repair, **more: str) -> Mender:
    wedge = Wedge(repair=repair, **more)  # type: ignore[arg-type]
    return Mender(lambda: wedge)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("#*SF1~", ("#*", "SF1", "~")),
        ("#*SF1", ("#*", "SF1", "")),
        ("SF1~", ("", "SF1", "~")),
        ("SF1", ("", "SF1", "")),
        ("*SF1", ("", "*SF1", "")),
        ("#*#*SF1~~", ("#*", "#*SF1~", "~")),
        ("]C1#*SF1", ("#*", "]C1SF1", "")),
        ("#*]C1SF1~", ("#*", "]C1SF1", "~")),
        ("#*~", ("", "#*~", "")),
        ("", ("", "", "")),
    ],
)
def test_prefix_and_suffix_are_taken_off_once_where_they_are(text: str, parts: tuple[str, str, str]) -> None:
    assert Wedge(prefix="#*", suffix="~").split(text) == parts


@given(st.text(max_size=30), st.text(max_size=4), st.text(max_size=4))
def test_what_is_taken_off_is_what_was_added(code: str, prefix: str, suffix: str) -> None:
    before, core, behind = Wedge(prefix=prefix, suffix=suffix).split(prefix + code + suffix)
    assert len(before + core + behind) == len(prefix + code + suffix)
    assert sorted(before + core + behind) == sorted(prefix + code + suffix)
    if code and not code.startswith("]") and not prefix.startswith("]"):
        assert core == code


def test_nothing_is_mended_without_anything_set() -> None:
    assert not Wedge().mends
    assert mender(Repair()).mend("z\x1dß") == "z\x1dß"


def test_full_width_is_made_narrow() -> None:
    assert narrow("ＳＦ１３\u3000－") == "SF13 -"
    assert narrow("中文，\x1d") == "中文,\x1d"
    assert mender(Repair()).mend("ＳＦ１３") == "SF13"


def test_a_code_is_repaired() -> None:
    assert mender(GERMAN).mend("ZT8812345678901") == "YT8812345678901"
    assert mender(FRENCH).mend("àèçé\"'(-è_çà") == "079234567890"


@pytest.mark.parametrize("prefix", ["ß", "-"])
def test_the_prefix_may_be_set_as_it_comes_or_as_it_is_meant(prefix: str) -> None:
    assert mender(GERMAN, prefix=prefix).mend("ßZT8812345678901") == "YT8812345678901"


def test_a_code_that_reads_well_as_it_came_is_left_alone() -> None:
    made = mender(GERMAN)
    assert made.mend("YT8812345678901") == "YT8812345678901"
    assert not made.rests


def test_the_repair_rests_when_the_keyboard_is_right_again_and_works_when_it_is_not() -> None:
    made = mender(GERMAN)
    assert made.mend("serial-zy") == "serial/yz"
    assert made.mend("YT8812345678901") == "YT8812345678901"
    assert made.mend("serial-zy") == "serial/yz"  # one may be chance
    assert made.mend("YT8812345678902") == "YT8812345678902"
    assert made.rests
    assert made.mend("serial-zy") == "serial-zy"
    assert made.mend("aßb") == "a-b"  # no scanner types an ß
    assert not made.rests
    assert made.mend("serial-zy") == "serial/yz"


def test_what_a_repair_does_not_change_says_nothing_about_it() -> None:
    made = mender(GERMAN)
    for code in ("SF1385628716739", "SF1385628716739", "6901234567892"):
        assert made.mend(code) == code
    assert not made.rests


def test_digits_that_another_layout_moves_are_right_on_the_right_one() -> None:
    made = mender(FRENCH)
    assert made.mend("6901234567892") == "6901234567892"
    assert made.mend("-çà&é\"'(-è_çé") == "6901234567892"


def test_another_repair_begins_anew() -> None:
    repairs = [GERMAN]
    made = Mender(lambda: Wedge(repair=repairs[0]))
    for _ in range(2):
        made.mend("YT8812345678901")
    assert made.rests
    repairs[0] = FRENCH
    made.mend("SF1385628716739")
    assert not made.rests


def test_the_wedge_is_as_the_settings_say_at_once(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.json")
    assert wedge_of(settings) == Wedge()
    settings.reader_pace, settings.reader_prefix, settings.reader_suffix = "slow", "#", "~~"
    settings.keyboard_repair = GERMAN.kept()
    assert wedge_of(settings) == Wedge(PACES["slow"], "#", "~~", GERMAN)
    assert wedge_of(settings).mends


@given(st.text(max_size=60))
def test_mending_never_fails(text: str) -> None:
    assert isinstance(mender(FRENCH, prefix="a", suffix="q").mend(text), str)
