"""Check digits as carriers and GS1 publish them. Weights count from the right, beside the check digit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import cycle

CheckDigit = Callable[[str, Sequence[int]], str]
"""Body without check digit (capitals and ASCII digits) and the weights → the digit that belongs behind it."""


def weighted_mod10(body: str, weights: Sequence[int]) -> str:
    """What lifts the weighted sum to the next ten: GS1, UPS, USPS, FedEx Ground."""
    return str(-_weighted_sum(body, weights) % 10)


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


ALGORITHMS: dict[str, CheckDigit] = {
    "weighted_mod10": weighted_mod10,
    "weighted_mod11_remainder": weighted_mod11_remainder,
    "weighted_mod11_s10": weighted_mod11_s10,
    "mod7": mod7,
}

GS1_WEIGHTS = (3, 1)


def has_gs1_check(number: str) -> bool:
    """Whether the last digit of a GTIN or SSCC (ASCII digits) is the one GS1 prescribes."""
    return weighted_mod10(number[:-1], GS1_WEIGHTS) == number[-1]


def has_luhn_check(number: str) -> bool:
    """Whether the last digit (of ASCII digits) fits the Luhn formula, as in an IMEI."""
    doubled = sum(sum(divmod(2 * int(digit), 10)) for digit in number[-2::-2])
    return (doubled + sum(map(int, number[-1::-2]))) % 10 == 0


def _weighted_sum(body: str, weights: Sequence[int]) -> int:
    return sum(
        _value(character) * weight for character, weight in zip(reversed(body), cycle(weights), strict=False)
    )


def _value(character: str) -> int:
    """A digit as itself; a letter as in UPS's table: A is 2, B is 3, … H is 9, I is 0, J is 1, …"""
    return int(character) if character.isdecimal() else (ord(character) - ord("A") + 2) % 10
