"""What a reader is told that waits for an answer after each scan, and which of its scans count."""

from __future__ import annotations

from unicodedata import category

ACK, NAK = b"\x06", b"\x15"
REPLY_MS = 2000  # how long readers wait for the answer before they send again
REPEAT_MS = REPLY_MS + 1000  # the time they take to send it included
MOST_REFUSED = 3

_CONTROL = "Cc"
_SEPARATORS = "\x1c\x1d\x1e\x1f\x04\r\n\t"


class Handshake:
    """Hears one reader's scans, in their order. No clock inside: the caller says when they came."""

    def __init__(self) -> None:
        self._unanswered: tuple[str, int] | None = None
        self._refused: list[str] = []

    def hear(self, text: str, at_ms: int) -> tuple[bool, bytes]:
        """Whether a scan counts, and the answer to it.

        What a reader sends again because it got no answer counts once. Garbage is asked for again; what
        then comes the same way is what the code holds, and nothing is asked for more than `MOST_REFUSED`
        times.
        """
        if is_garbage(text) and text not in self._refused and len(self._refused) < MOST_REFUSED:
            self._refused.append(text)
            return False, NAK
        self._refused.clear()
        before, self._unanswered = self._unanswered, (text, at_ms)
        is_repeat = before is not None and before[0] == text and at_ms - before[1] <= REPEAT_MS
        return not is_repeat, ACK

    def answered(self) -> None:
        """The answer has gone out."""
        self._unanswered = None


def is_garbage(text: str) -> bool:
    """Whether characters are in it that no code holds: what noise on a line looks like."""
    return any(letter == "ÿ" or _is_strange_control(letter) for letter in text)


def _is_strange_control(letter: str) -> bool:
    return category(letter) == _CONTROL and letter not in _SEPARATORS
