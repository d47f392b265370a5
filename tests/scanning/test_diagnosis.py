"""What is wrong with how a scanner sends: told from the test code and from what became of it."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from desk_app.scanning.diagnosis import TEST_CODE, Diagnosis, Finding, Heard, Trouble, diagnose
from desk_app.scanning.waybills import compact

QUICK = (2, 3, 5, 2, 9)
US = "`1234567890-=qwertyuiop[]asdfghjkl;'zxcvbnm,./QWERTYUIOP{}ASDFGHJKL:ZXCVBNM<>?"
GERMAN = "^1234567890ß´qwertzuiopü+asdfghjklöäyxcvbnm,.-QWERTZUIOPÜ*ASDFGHJKLÖYXCVBNM;:_"  # the same keys
FRENCH = "²&é\"'(-è_çà)=azertyuiop^$qsdfghjklmùwxcvbn,;:!AZERTYUIOP¨£QSDFGHJKLMWXCVBN?./§"
codes = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=4, max_size=40)


def found(text: str, end: str | None = "\r", gaps: tuple[int, ...] = QUICK) -> Diagnosis:
    return diagnose(Heard(text, end, gaps))


def troubles(diagnosis: Diagnosis) -> list[Trouble]:
    return [finding.trouble for finding in diagnosis.findings]


def keyed(text: str, layout: str) -> str:
    """What a scanner set to US keys types on a computer with another layout."""
    return text.translate(str.maketrans(US, layout))


def full_width(text: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) for letter in text)


def test_the_code_as_printed_leaves_nothing_to_say() -> None:
    diagnosis = found(TEST_CODE)
    assert diagnosis.is_expected
    assert diagnosis.findings == ()
    assert "".join(letter.came for letter in diagnosis.letters) == TEST_CODE
    assert all(letter.is_right for letter in diagnosis.letters)


def test_the_test_code_is_no_waybill_and_fits_a_label() -> None:
    assert not compact(TEST_CODE).isalnum()
    assert len(TEST_CODE) <= 16


@pytest.mark.parametrize(
    ("layout", "came", "meant"), [(GERMAN, "ß-zY", "-/yZ"), (FRENCH, "àè)qA!Wz?", "07-aQ/ZwM")]
)
def test_another_layout_is_told_with_every_letter_that_moved(layout: str, came: str, meant: str) -> None:
    diagnosis = found(keyed(TEST_CODE, layout))
    assert diagnosis.findings == (Finding(Trouble.LAYOUT, came, meant),)
    assert diagnosis.findings[0].is_serious
    wrong = {(letter.came, letter.meant) for letter in diagnosis.letters if not letter.is_right}
    assert wrong == set(zip(came, meant, strict=True))


@pytest.mark.parametrize("came", ["007xaQ/yZ+wM/End", "007-aQ/yZ-wM/nnn", "0071234567890123"])
def test_what_no_layout_makes_of_it_is_another_code(came: str) -> None:
    diagnosis = found(came)
    assert not diagnosis.is_expected
    assert diagnosis.findings == ()


def test_caps_lock_and_a_layout_are_told_apart() -> None:
    assert troubles(found(TEST_CODE.swapcase())) == [Trouble.CAPS_LOCK]
    assert troubles(found(keyed(TEST_CODE.swapcase(), GERMAN))) == [Trouble.LAYOUT, Trouble.CAPS_LOCK]


@pytest.mark.parametrize("change", [str.upper, str.lower])
def test_letters_in_one_case_only(change: object) -> None:
    assert callable(change)
    assert troubles(found(change(TEST_CODE))) == [Trouble.CASE_LOST]


def test_full_width_characters_come_from_an_input_method() -> None:
    diagnosis = found(full_width(TEST_CODE), end="")
    assert troubles(diagnosis) == [Trouble.FULL_WIDTH, Trouble.NO_SUFFIX]
    assert diagnosis.is_expected
    assert "".join(letter.came for letter in diagnosis.letters) == full_width(TEST_CODE)
    assert troubles(found("SF１３85628716739")) == [Trouble.FULL_WIDTH]


@pytest.mark.parametrize(
    ("lost", "meant"), [("7-aQ/yZ-wM/End", "00"), ("07-aQ/yZ-wM/End", "0"), ("7-Aq/Yz-Wm/eND", "00")]
)
def test_zeros_in_front_are_missed(lost: str, meant: str) -> None:
    first = found(lost).findings[0]
    assert (first.trouble, first.meant) == (Trouble.ZEROS_LOST, meant)


@pytest.mark.parametrize("length", range(3, len(TEST_CODE)))
def test_a_code_cut_short(length: int) -> None:
    diagnosis = found(TEST_CODE[:length])
    assert diagnosis.findings == (Finding(Trouble.CUT_SHORT, meant=TEST_CODE[length:]),)
    assert "".join(letter.meant for letter in diagnosis.letters) == TEST_CODE


@given(st.sets(st.integers(3, len(TEST_CODE) - 2), min_size=1, max_size=6))
def test_letters_that_got_lost_are_named(lost: set[int]) -> None:
    diagnosis = found("".join(letter for place, letter in enumerate(TEST_CODE) if place not in lost))
    assert troubles(diagnosis) == [Trouble.LETTERS_MISSING]
    assert len(diagnosis.findings[0].meant) == len(lost)
    assert "".join(letter.meant for letter in diagnosis.letters) == TEST_CODE


@given(codes, st.sampled_from(["]C1", "]Q3", "]d2"]))
def test_an_aim_identifier_is_a_prefix_that_may_stay(code: str, aim: str) -> None:
    assume(not code.startswith("]"))
    diagnosis = diagnose(Heard(aim + code, "\r", QUICK), expected=code)
    assert diagnosis.findings == (Finding(Trouble.AIM_PREFIX, aim),)
    assert not diagnosis.findings[0].is_serious
    other = diagnose(Heard(aim + code, "\r", QUICK), expected="another code")
    assert not other.is_expected
    assert other.findings == (Finding(Trouble.AIM_PREFIX, aim),)


@pytest.mark.parametrize(
    ("before", "behind", "serious"), [("\x02", "\x03", False), ("*", "*", True), ("A:", "", True)]
)
def test_what_stands_around_the_code(before: str, behind: str, serious: bool) -> None:
    diagnosis = found(before + TEST_CODE + behind)
    told = [Finding(Trouble.PREFIX, before)] + ([Finding(Trouble.SUFFIX, behind)] if behind else [])
    assert diagnosis.findings == tuple(told)
    assert diagnosis.findings[0].is_serious == serious
    assert [letter.came for letter in diagnosis.letters if not letter.is_right] == [*before, *behind]


@pytest.mark.parametrize(
    ("end", "told"),
    [("\r", []), ("\n", []), ("\r\n", []), ("", ["no_suffix"]), ("\t", ["tab_suffix"]), (None, [])],
)
def test_the_end_of_a_scan(end: str | None, told: list[str]) -> None:
    assert troubles(found(TEST_CODE, end)) == told
    assert troubles(found("SF1385628716739", end)) == told


@pytest.mark.parametrize(
    ("gaps", "ms"), [((60, 61, 59), 60), ((2, 3, 400), 400), ((2, 3, 60), 0), ((35, 35), 0), ((), 0)]
)
def test_gaps_that_a_scan_does_not_survive(gaps: tuple[int, ...], ms: int) -> None:
    assert [finding.ms for finding in found(TEST_CODE, "\r", gaps).findings] == ([ms] if ms else [])


@given(codes)
def test_nothing_is_said_of_any_code_that_comes_as_it_is(code: str) -> None:
    diagnosis = diagnose(Heard(code, "\r", QUICK), expected=code)
    assert diagnosis.is_expected
    assert diagnosis.findings == ()


@given(
    st.text(max_size=60), st.sampled_from(["\r", "\t", "", None]), st.lists(st.integers(0, 999), max_size=9)
)
def test_every_arrival_is_shown_whole(text: str, end: str | None, gaps: list[int]) -> None:
    diagnosis = diagnose(Heard(text, end, tuple(gaps)))
    assert "".join(letter.came for letter in diagnosis.letters) == text
    serious = [finding.is_serious for finding in diagnosis.findings]
    assert serious == sorted(serious, reverse=True)


@given(st.from_regex(r"(SF|YT|JT)[0-9]{13}|[0-9]{12,15}", fullmatch=True))
def test_other_codes_are_not_taken_for_the_test_code(code: str) -> None:
    diagnosis = found(code)
    assert not diagnosis.is_expected
    assert diagnosis.findings == ()
