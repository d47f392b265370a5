"""What a keyboard made of a code is undone, and nothing is made up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.scanning.garbled import Way, undone

PRINTABLE = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=4, max_size=40)
CHINESE = st.text("退货换货维修单号北京朝阳店", min_size=4, max_size=12)


@pytest.mark.parametrize(
    ("came", "meant"),
    [
        ("sf1385628716739", "SF1385628716739"),
        ("HTTPS://A.CN/x", "https://a.cn/X"),
        ("sF13", "Sf13"),
    ],
)
def test_capslock_swaps_every_letter(came: str, meant: str) -> None:
    assert next(undone(came)) == (meant, Way.CASE_SWAPPED)


@pytest.mark.parametrize("text", ["", "SF1385628716739", "12345", "维修"])
def test_what_has_no_small_letter_was_not_swapped(text: str) -> None:
    assert list(undone(text)) == []


# S is 83, F is 70, the digits from 48 on; 退 is CD CB in GBK: 52683.
def test_characters_typed_by_number_come_back() -> None:
    assert list(undone("083070049051")) == [("SF13", Way.TYPED_BY_NUMBER)]
    assert list(undone("0083007000490051")) == [("SF13", Way.TYPED_BY_NUMBER)]
    assert ("退S退F", Way.TYPED_BY_NUMBER) in list(undone("52683000835268300070"))
    assert ("SF1\x1d", Way.TYPED_BY_NUMBER) in list(undone("083070049029"))


@given(PRINTABLE)
def test_whatever_is_typed_by_number_is_among_what_it_may_have_been(text: str) -> None:
    assert (text, Way.TYPED_BY_NUMBER) in list(undone("".join(f"{ord(each):03}" for each in text)))
    assert (text, Way.TYPED_BY_NUMBER) in list(undone("".join(f"{ord(each):04}" for each in text)))


@given(CHINESE)
def test_chinese_typed_by_number_comes_back(text: str) -> None:
    numbers = "".join(f"{int.from_bytes(each.encode('gbk'), 'big'):05}" for each in text)
    assert (text, Way.TYPED_BY_NUMBER) in list(undone(numbers))


@given(st.text(max_size=500) | st.text("0123456789", max_size=500))
def test_nothing_is_too_much(text: str) -> None:
    assert text not in [other for other, _ in undone(text)]
