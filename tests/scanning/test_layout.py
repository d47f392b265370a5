"""Keyboard layouts: learnt from scans of known codes, repaired, and what cannot be repaired told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.scanning.layout import CODES, Calibration, Learnt, Repair, Took

# The same keys, those of the United States first: as they are on Windows, without AltGr.
US = "`1234567890-=qwertyuiop[]\\asdfghjkl;'zxcvbnm,./ " + '~!@#$%^&*()_+QWERTYUIOP{}|ASDFGHJKL:"ZXCVBNM<>?'
LAYOUTS = {
    "german": "^1234567890ß´qwertzuiopü+#asdfghjklöäyxcvbnm,.- "
    + "°!\"§$%&/()=?`QWERTZUIOPÜ*'ASDFGHJKLÖÄYXCVBNM;:_",
    "french": "²&é\"'(-è_çà)=azertyuiop^$*qsdfghjklmùwxcvbn,;:! "
    + "~1234567890°+AZERTYUIOP¨£µQSDFGHJKLM%WXCVBN?./§",
    "russian": "ё1234567890-=йцукенгшщзхъ\\фывапролджэячсмитьбю. "
    + 'Ё!"№;%:?*()_+ЙЦУКЕНГШЩЗХЪ/ФЫВАПРОЛДЖЭЯЧСМИТЬБЮ,',
    "british": "`1234567890-=qwertyuiop[]#asdfghjkl;'zxcvbnm,./ "
    + '¬!"£$%^&*()_+QWERTYUIOP{}~ASDFGHJKL:@ZXCVBNM<>?',
    "american": US,
}
ASCII = "".join(map(chr, range(32, 127)))
printable = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60)


def keyed(text: str, layout: str) -> str:
    """What a scanner set to the keys of the United States types on a computer with another layout."""
    return text.translate(str.maketrans(US, LAYOUTS[layout]))


def learn(*scans: str) -> Learnt:
    calibration = Calibration()
    assert [calibration.take(scan) for scan in scans] == [Took.NEXT] * len(CODES)
    assert calibration.is_over
    return calibration.learnt()


def test_the_codes_hold_every_character_once_and_fit_the_screen() -> None:
    letters, signs = CODES[:4], CODES[4:]
    assert sorted("".join(letters) + "".join(code[::2] for code in signs)) == sorted(ASCII)
    assert {code[1::2] for code in signs} == {"Q" * 7, "Q" * 6}
    assert max(map(len, CODES)) == 16
    assert all(code.strip() == code for code in CODES)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_a_layout_makes_of_codes_is_undone(layout: str) -> None:
    learnt = learn(*(keyed(code, layout) for code in CODES))
    assert (learnt.alike, learnt.lost, learnt.caps_lock) == ((), "", False)
    assert learnt.repair.mend(keyed(ASCII, layout)) == ASCII
    assert bool(learnt.repair) == (layout != "american")
    assert Repair.of(learnt.repair.kept()) == learnt.repair


@given(printable, st.sampled_from(sorted(LAYOUTS)))
def test_any_code_is_repaired(code: str, layout: str) -> None:
    repair = learn(*(keyed(code, layout) for code in CODES)).repair
    assert repair.mend(keyed(code, layout)) == code


def test_what_comes_alike_is_told_and_left_alone() -> None:
    same = str.maketrans("/-", "ßß")
    learnt = learn(*(code.translate(same) for code in CODES))
    assert learnt.alike == (("ß", "-/"),)
    assert learnt.repair.mend("1ß2") == "1ß2"
    assert learn(*(code.lower() for code in CODES)).alike[0] == ("a", "aA")


def test_a_character_that_takes_the_place_of_another_is_not_guessed() -> None:
    learnt = learn(*(code.replace("/", "-") for code in CODES))
    assert learnt.alike == (("-", "-/"),)
    assert not learnt.repair


def test_keys_that_wait_for_a_letter_are_found_out() -> None:
    german = {ord("`"): None, ord("="): None, ord("+"): None}
    learnt = learn(*(keyed(code.translate(german), "german") for code in CODES))
    assert learnt.lost == "+=`"
    assert learnt.repair.mend("zY") == "yZ"


def test_an_accent_on_a_letter_is_two_keys() -> None:
    repair = learn(*(keyed(code, "german") for code in CODES)).repair
    assert repair.mend("11à2") == "11+a2"  # on that layout the accent, then the letter
    assert repair.mend("xâz") == "x`ay"
    assert repair.mend("ä") == "'"
    assert repair.mend("å") == "å"


def test_caps_lock_is_no_layout() -> None:
    learnt = learn(*(code.swapcase() for code in CODES))
    assert learnt == Learnt(Repair(), caps_lock=True)


def test_other_scans_and_a_second_scan_of_the_same_code_do_not_count() -> None:
    calibration = Calibration()
    others = ["SF1385628716739", "", "6901234567892", "1111111111111111", CODES[0] + "x"]
    assert [calibration.take(other) for other in others] == [Took.OTHER] * 5
    assert calibration.take(CODES[0]) is Took.NEXT
    assert calibration.take(CODES[0]) is Took.AGAIN
    assert (calibration.number, calibration.code) == (1, CODES[1])


def test_an_aim_identifier_in_front_of_every_code_is_no_character_of_it() -> None:
    learnt = learn(*(keyed("]C0" + code, "german") for code in CODES))
    assert learnt.repair.mend(keyed(ASCII, "german")) == ASCII
    calibration = Calibration()
    calibration.take("]C0" + CODES[0])
    assert calibration.take(CODES[1]) is Took.OTHER


@pytest.mark.parametrize("kept", ["", "{", "[1]", '["ab","c"]', '["aa","bc"]', "null", '"x"', "[1, 2]"])
def test_a_setting_that_cannot_be_read_repairs_nothing(kept: str) -> None:
    assert not Repair.of(kept)
    assert Repair.of(kept).mend("aß") == "aß"
