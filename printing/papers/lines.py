"""Breaks text into lines: Chinese between characters, other words at spaces, long numbers where they must.

No character that may not begin a line (，。）…) begins one, none that may not end one (“（《…) ends one.
"""

from __future__ import annotations

import re
from collections.abc import Callable

Measure = Callable[[str], float]

_NOT_FIRST = "，。、；：？！）》】」』”’…·,.;:?!)]}%°℃"
_NOT_LAST = "（《【「『“‘([{￥¥#"
_WORD = re.compile(
    r"[ \t]+|[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f\U00020000-\U0003ffff“”‘’…]+|."
)


def wrapped(text: str, room: float, measure: Measure) -> list[str]:
    """The lines of a text, none wider than `room`; its own line breaks stay. At least one line."""
    lines: list[str] = []
    for paragraph in text.replace("\t", " ").splitlines() or [""]:
        lines += _fill(_units(paragraph), room, measure)
    return lines


def shortened(text: str, room: float, measure: Measure) -> str:
    """The text in one line, cut with `…` where it is wider than `room`."""
    if measure(text) <= room:
        return text
    while text and measure(text + "…") > room:
        text = text[:-1]
    return text.rstrip() + "…"


def _units(paragraph: str) -> list[str]:
    """What is broken only if wider than a line: a word or character with its marks and the space after."""
    units: list[str] = []
    for word in _WORD.findall(paragraph):
        joins = units and (word[0] in _NOT_FIRST + " " or units[-1][-1] in _NOT_LAST)
        if joins:
            units[-1] += word
        else:
            units.append(word)
    return units


def _fill(units: list[str], room: float, measure: Measure) -> list[str]:
    lines, line = [], ""
    for unit in units:
        if line and measure((line + unit).rstrip()) > room:
            lines.append(line.rstrip())
            line = ""
        *full, rest = _pieces(unit, room, measure) if not line else [unit]
        lines += [piece.rstrip() for piece in full]
        line += rest
    return [*lines, line.rstrip()]


def _pieces(unit: str, room: float, measure: Measure) -> list[str]:
    pieces = [""]
    for letter in unit:
        if pieces[-1] and measure((pieces[-1] + letter).rstrip()) > room:
            pieces.append("")
        pieces[-1] += letter
    return pieces
