"""A store's own codes by how they look: `SO-######` is SO- and six digits. What a person teaches is kept so.

In a mask `#` stands for a digit, `@` for a letter, `?` for either; everything else stands for itself.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import groupby

SHORTEST, LONGEST = 4, 60
_DIGIT, _LETTER, _EITHER = "#", "@", "?"
_CLASSES = {_DIGIT: "[0-9]", _LETTER: "[A-Z]", _EITHER: "[0-9A-Z]"}
_SURENESS = ((3, 88), (1, 70), (0, 50))  # of masks with at least so many characters that stand for themselves


def mask_of(code: str) -> str:
    """The mask of codes that look like this one: first letters and signs stay, the rest may differ."""
    text = code.strip().upper()
    runs = [(kind, "".join(run)) for kind, run in groupby(text, _class_of)]
    return "".join(
        run if kind is None or (kind == _LETTER and not place) else kind * len(run)
        for place, (kind, run) in enumerate(runs)
    )


def is_mask(mask: str) -> bool:
    """Whether it can be one: long enough to say something, and not only what stands for anything."""
    return SHORTEST <= len(mask) <= LONGEST and mask.isprintable() and mask == mask.strip().upper()


def fits(mask: str, code: str) -> bool:
    """Whether a code looks so; capitals and small letters are the same."""
    return _compiled(mask).fullmatch(code.strip().upper()) is not None


def sureness(mask: str) -> int:
    """How sure a code is that fits a mask, 0 to 100: the more of it stands for itself, the surer."""
    fixed = sum(letter not in _CLASSES for letter in mask)
    return next(sure for least, sure in _SURENESS if fixed >= least)


def _class_of(letter: str) -> str | None:
    """What stands for a character in a mask; None for a sign that stands for itself."""
    if letter.isascii() and letter.isdigit():
        return _DIGIT
    return _LETTER if letter.isascii() and letter.isalpha() else None


@lru_cache(256)
def _compiled(mask: str) -> re.Pattern[str]:
    return re.compile("".join(_CLASSES.get(letter) or re.escape(letter) for letter in mask), re.ASCII)
