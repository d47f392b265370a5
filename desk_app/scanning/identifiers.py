"""Numbers that name one device: IMEI with software version, MEID, MAC address; each in its usual form.

Check digits come from stdnum. Which two digits begin an IMEI: GSMA TS.06, the reporting bodies.
"""

from __future__ import annotations

import re

REPORTING_BODIES = frozenset(("01", "35", "86", "91", "97", "98", "99"))

_IMEI = re.compile(r"[0-9]{15}", re.ASCII)
_IMEISV = re.compile(r"[0-9]{16}", re.ASCII)
_MEID = re.compile(r"([A-F][0-9A-F]{13})([0-9A-F]?)", re.ASCII)
_MEID_DECIMAL = re.compile(r"[0-9]{18}", re.ASCII)
_MAC = re.compile(
    r"(?:[0-9A-F]{2}([:-]))(?:[0-9A-F]{2}\1){4}[0-9A-F]{2}|(?:[0-9A-F]{4}\.){2}[0-9A-F]{4}", re.ASCII
)
_MAC_BARE = re.compile(r"[0-9A-F][048C][0-9A-F]{10}", re.ASCII)
_LARGEST_MAKER, _LARGEST_SERIAL = 2**32, 2**24


def imei(number: str) -> str | None:
    """The IMEI (15 digits) whose Luhn digit fits."""
    return number if _IMEI.fullmatch(number) and _has_luhn(number) else None


def imeisv(number: str) -> str | None:
    """The IMEI with its check digit, of one with software version (16 digits without a check digit)."""
    from stdnum import luhn

    if not _IMEISV.fullmatch(number) or number[:2] not in REPORTING_BODIES:
        return None
    return number[:14] + luhn.calc_check_digit(number[:14])


def meid(number: str) -> str | None:
    """The MEID as 14 hexadecimal digits, of 14, of 15 with a check digit that fits, or of 18 decimal ones.

    One without a letter in front is an IMEI's (3GPP2 S.R0048: regional codes A0 to FF).
    """
    found = _MEID.fullmatch(number)
    if found:
        return found[1] if not found[2] or _has_luhn(number, "0123456789ABCDEF") else None
    if not _MEID_DECIMAL.fullmatch(number):
        return None
    maker, serial = int(number[:10]), int(number[10:])
    fits = 0xA0000000 <= maker < _LARGEST_MAKER and serial < _LARGEST_SERIAL
    return f"{maker:08X}{serial:06X}" if fits else None


def mac(text: str) -> str | None:
    """A MAC address as "D0:50:99:84:A2:A0", of pairs with colons or dashes, or of fours with dots."""
    return _paired(text) if _MAC.fullmatch(text) else None


def bare_mac(text: str) -> str | None:
    """The same of twelve hexadecimal digits that may be a maker's address: with a letter, for one device, no
    group, and not given locally (IEEE 802: the two lowest bits of the first byte).
    """
    return _paired(text) if _MAC_BARE.fullmatch(text) and not text.isdecimal() else None


def _paired(text: str) -> str:
    digits = re.sub(r"[:.-]", "", text)
    return ":".join(digits[at : at + 2] for at in range(0, 12, 2))


def _has_luhn(number: str, alphabet: str = "0123456789") -> bool:
    from stdnum import luhn

    return luhn.is_valid(number, alphabet)
