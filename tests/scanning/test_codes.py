"""Our own codes: what is printed is what is read, and nothing else passes."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from desk_app.scanning.codes import OwnCode, OwnKind, decode, encode, item_body, looks_own, split_item

# A12425GABC1234002M is the example of a right MOD 37,36 check character in the GRid standard.
CASE = "A12425GABC1234002M"
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
FREE_KINDS = [kind for kind in OwnKind if kind not in (OwnKind.CASE, OwnKind.ITEM)]
bodies = st.text(ALPHABET, min_size=1, max_size=60)


def test_a_case_code_is_the_prefix_and_the_case_number() -> None:
    assert encode(OwnKind.CASE, CASE) == "M7C" + CASE
    assert decode("M7C" + CASE) == OwnCode(OwnKind.CASE, CASE)


def test_a_case_number_with_a_wrong_check_character_is_no_case_code() -> None:
    with pytest.raises(ValueError, match="case"):
        encode(OwnKind.CASE, "A12425GABC1234002N")
    assert decode("M7CA12425GABC1234002N") is None


def test_an_item_label_names_case_and_running_number() -> None:
    code = encode(OwnKind.ITEM, item_body(CASE, 7))
    assert code[:-1] == "M7IA12425GABC1234002M07"
    own = decode(code)
    assert own is not None
    assert split_item(own.body) == (CASE, 7)


@pytest.mark.parametrize("running", [0, 100])
def test_an_item_number_has_two_digits(running: int) -> None:
    with pytest.raises(ValueError, match="1 to 99"):
        item_body(CASE, running)


@pytest.mark.parametrize("body", [CASE + "00", CASE + "1", "A12425GABC1234002N01", CASE])
def test_an_item_label_needs_a_case_number_and_two_digits(body: str) -> None:
    with pytest.raises(ValueError, match="item"):
        encode(OwnKind.ITEM, body)


@given(st.sampled_from(FREE_KINDS), bodies)
def test_what_is_encoded_is_decoded(kind: OwnKind, body: str) -> None:
    assert decode(encode(kind, body)) == OwnCode(kind, body)


@given(st.sampled_from(FREE_KINDS), bodies, st.data())
def test_one_misread_character_is_noticed(kind: OwnKind, body: str, data: st.DataObject) -> None:
    code = encode(kind, body)
    place = data.draw(st.integers(2, len(code) - 1))
    character = data.draw(st.sampled_from(ALPHABET))
    assume(character != code[place])
    assert decode(code[:place] + character + code[place + 1 :]) is None


@pytest.mark.parametrize("body", ["", "a1", "A-1", "Ä", "A 1", "A" * 1001])
def test_only_capitals_and_digits_make_a_body(body: str) -> None:
    with pytest.raises(ValueError, match="shelf"):
        encode(OwnKind.SHELF, body)


def test_the_letter_of_the_kind_is_covered_by_the_check() -> None:
    shelf = encode(OwnKind.SHELF, "A12")
    assert [kind for kind in FREE_KINDS if decode("M7" + kind.value + shelf[3:])] == [OwnKind.SHELF]


@pytest.mark.parametrize(
    "text", ["", "M7", "M7S", "M7SA", "M7Z123A", "SF1385628716739", "m7sa12", " M7C" + CASE]
)
def test_other_texts_are_not_ours(text: str) -> None:
    assert decode(text) is None


def test_a_half_code_still_looks_like_ours() -> None:
    assert looks_own("M7C" + CASE[:5])
    assert not looks_own("M7Z" + CASE)
