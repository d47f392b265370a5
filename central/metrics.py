"""What a monitor counts, in the text format that Prometheus reads; no name of anybody is in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from desk_app.domain.entries import Standing
from desk_app.errors import RuleError

PREFIX = "mendesk"
CONTENT = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """Counts since the service was started; changed on the writer's thread only."""

    def __init__(self) -> None:
        self.groups = 0
        self.pushes = 0
        self.refusals: Counter[str] = Counter()
        self.entries: Counter[Standing] = Counter()

    def took(self, standings: Iterator[Standing]) -> None:
        """A push was taken; entries that came again are counted again."""
        self.pushes += 1
        self.entries.update(standings)

    def refused(self, error: Exception) -> None:
        """A push was refused as a whole."""
        self.refusals[error.code if isinstance(error, RuleError) else "failed"] += 1

    def text(self, heads: Mapping[str, int], polls: int) -> str:
        """All counts; heads: the last place of each feed, polls: how many desks wait at this moment."""
        return "".join(f"{line}\n" for line in self._lines(heads, polls))

    def _lines(self, heads: Mapping[str, int], polls: int) -> Iterator[str]:
        yield from _told("groups_total", "counter", {"": self.groups})
        yield from _told("pushes_total", "counter", {"": self.pushes})
        yield from _told("pushes_refused_total", "counter", _labelled("reason", self.refusals))
        standings = {each.value: self.entries[each] for each in Standing}
        yield from _told("entries_total", "counter", _labelled("standing", standings))
        yield from _told("feed_head", "gauge", _labelled("feed", heads))
        yield from _told("desks_waiting", "gauge", {"": polls})


def _told(name: str, kind: str, values: Mapping[str, int]) -> Iterator[str]:
    yield f"# TYPE {PREFIX}_{name} {kind}"
    for labels, value in sorted(values.items()):
        yield f"{PREFIX}_{name}{labels} {value}"


def _labelled(label: str, values: Mapping[str, int]) -> dict[str, int]:
    return {f'{{{label}="{name}"}}': value for name, value in values.items()}
