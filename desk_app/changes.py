"""What an act or a pull touched; screens listen to it and read anew what they show."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Origin(Enum):
    """Who changed something: a person at this desk, or the line to the central service."""

    ACT = "act"
    SYNC = "sync"


@dataclass(frozen=True, slots=True)
class Changes:
    """The streams (`case/…`, `parcel/…`) whose visible state is new."""

    streams: frozenset[str]
    origin: Origin

    def touch(self, kind: str) -> bool:
        """Whether a stream of this kind (`"case"`, `"parcel"`, …) changed."""
        return any(stream.startswith(f"{kind}/") for stream in self.streams)
