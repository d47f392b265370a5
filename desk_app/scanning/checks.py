"""Check characters as carriers and GS1 publish them. Weights count from the right, beside the check digit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import cycle
from operator import mul
from string import ascii_uppercase, digits

CheckDigit = Callable[[str, Sequence[int]], str]
"""Body without check digit (capitals and ASCII digits), weights → the character that belongs behind it."""


def weighted_mod10(body: str, weights: Sequence[int]) -> str:
    """What lifts the weighted sum to the next ten: GS1, UPS, USPS, FedEx Ground."""
    return str(-_weighted_sum(body, weights) % 10)


def weighted_mod10_ascii(body: str, weights: Sequence[int]) -> str:
    """As `weighted_mod10`, but a letter counts as the last digit of its ASCII code: Australia Post."""
    return weighted_mod10(body.translate(_ASCII_LETTERS), weights)


def weighted_mod11_remainder(body: str, weights: Sequence[int]) -> str:
    """The weighted sum's remainder by 11, where 10 is written 0: FedEx Express."""
    return str(_weighted_sum(body, weights) % 11 % 10)


def weighted_mod11_s10(body: str, weights: Sequence[int]) -> str:
    """11 less the weighted sum's remainder by 11, where 10 is written 0 and 11 is written 5: UPU S10."""
    complement = 11 - _weighted_sum(body, weights) % 11
    return {10: "0", 11: "5"}.get(complement, str(complement))


def mod7(body: str, _weights: Sequence[int]) -> str:
    """The number's own remainder by 7: DHL Express."""
    return str(int(body) % 7)


def mod37_36(body: str, _weights: Sequence[int]) -> str:
    """ISO 7064 modulo 37,36 over digits and letters, itself a digit or a letter: DPD."""
    product = 36
    for character in body:
        product = ((product + int(character, 36)) % 36 or 36) * 2 % 37
    return _ALPHABET[(37 - product) % 36]


ALGORITHMS: dict[str, CheckDigit] = {
    "weighted_mod10": weighted_mod10,
    "weighted_mod10_ascii": weighted_mod10_ascii,
    "weighted_mod11_remainder": weighted_mod11_remainder,
    "weighted_mod11_s10": weighted_mod11_s10,
    "mod7": mod7,
    "mod37_36": mod37_36,
}

GS1_WEIGHTS = (3, 1)


def has_gs1_check(number: str) -> bool:
    """Whether the last digit of a GTIN or SSCC (ASCII digits) is the one GS1 prescribes."""
    codes = number.encode()
    odd, even = codes[-1::-2], codes[-2::-2]
    return (sum(odd) + 3 * sum(even) - ord("0") * (len(odd) + 3 * len(even))) % 10 == 0


def has_gs1_check_pair(key: str) -> bool:
    """Whether a key in GS1's set 82, such as a GMN, ends in the two characters that GS1 prescribes."""
    total = sum(
        _SET_82.index(character) * prime for character, prime in zip(key[-3::-1], _PRIMES, strict=False)
    )
    high, low = divmod(total % 1021, 32)
    return len(key) > 2 and key[-2:] == _SET_32[high] + _SET_32[low]


def price_verifier(price: str) -> str:
    """The digit before a price of four or five digits that says it was read right (GS1, section 7.9)."""
    if len(price) == 4:
        return str(3 * _products(price, ("2-", "2-", "3", "5-")) % 10)
    complement = -_products(price, ("5+", "2-", "5-", "5+", "2-")) % 10
    return str(_PRODUCTS["5-"].index(str(complement)))


def _products(price: str, weights: Sequence[str]) -> int:
    return sum(int(_PRODUCTS[weight][int(digit)]) for digit, weight in zip(price, weights, strict=True))


def _weighted_sum(body: str, weights: Sequence[int]) -> int:
    numeric = body if body.isdecimal() else body.translate(_UPS_LETTERS)
    return sum(map(mul, map(int, reversed(numeric)), cycle(weights)))


_SET_82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
_SET_32 = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83)
# Weight → its products with 0, 1, … 9; of two digits the tens are dropped (3), added (+) or taken off (-).
_PRODUCTS = {"2-": "0246891357", "3": "0369258147", "5+": "0516273849", "5-": "0594837261"}
_ALPHABET = digits + ascii_uppercase
# UPS's table: A is 2, B is 3, … H is 9, I is 0, J is 1, …
_UPS_LETTERS = {ord(letter): str((place + 2) % 10) for place, letter in enumerate(ascii_uppercase)}
_ASCII_LETTERS = {ord(letter): str(ord(letter) % 10) for letter in ascii_uppercase}
