"""Identifiers: time-ordered ids, check characters, and case numbers out of a desk's own block.

A case number is `BBB` + five digits + check character, for example `7QK000421`: `BBB` is the block that
the central service gave to one desk only, so two desks without a line never print the same number.
"""

from __future__ import annotations

import secrets

from stdnum.iso7064 import mod_37_36

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BLOCK_LENGTH = 3
RUNNING_LENGTH = 5
LAST_RUNNING = 10**RUNNING_LENGTH - 1


def crockford(value: int, length: int) -> str:
    """`value` in Crockford's base 32 (no I, L, O, U), exactly `length` characters, high digits first."""
    return "".join(_CROCKFORD[value >> 5 * place & 31] for place in reversed(range(length)))


def new_id(at: int) -> str:
    """A new ULID (26 characters): ordered by `at` (microseconds UTC), unique by 80 random bits."""
    return crockford(at // 1000, 10) + crockford(secrets.randbits(80), 16)


def check_character(body: str) -> str:
    """The ISO 7064 MOD 37,36 check character of a body of capitals and digits."""
    return mod_37_36.calc_check_digit(body)


def is_checked(number: str) -> bool:
    """Whether the last character is the check character of those before it."""
    return len(number) > 1 and mod_37_36.is_valid(number)


def case_number(block: str, running: int) -> str:
    """The case number of a desk's block, e.g. `case_number("7QK", 42)`; `running` from 1 to 99,999."""
    if not 1 <= running <= LAST_RUNNING:
        raise ValueError(f"running number {running} does not fit in a block")
    body = f"{block}{running:0{RUNNING_LENGTH}}"
    return body + check_character(body)
