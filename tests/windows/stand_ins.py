"""Stand-ins for the services: what they are asked is in the test's hand, and so is what they answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from desk_app.domain.people import Actor
from desk_app.handbook import checklists
from desk_app.readers import ReaderSettings
from desk_app.scanning.ports import Port
from desk_app.scanning.reading import Scan, Source, hear, separate
from desk_app.services import views
from desk_app.services.devices import Devices
from desk_app.services.views import LineState, PersonRow, Target

NOON = 1_772_366_400_000_000
LIN = PersonRow("person/1", "林晓雯", ("clerk", "manager"), True)
CHEN = PersonRow("person/2", "陈伟", ("technician",), False)
MARIA = PersonRow("person/3", "Maria del Carmen Sánchez", ("warehouse",), True)


class Answers:
    """What a service is asked, and the futures it answers with; the test says what becomes of them."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, tuple[Any, ...]]] = []
        self.futures: list[Future[Any]] = []

    def ask(self, name: str, *given: Any) -> Future[Any]:
        self.asked.append((name, given))
        future: Future[Any] = Future()
        self.futures.append(future)
        return future

    def give(self, result: Any) -> None:
        """Answer the oldest question that waits."""
        future = self.futures.pop(0)
        if isinstance(result, Exception):
            future.set_exception(result)
        else:
            future.set_result(result)


class Asked:
    """A service whose every method asks `Answers`."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    def __getattr__(self, name: str) -> Callable[..., Future[Any]]:
        return lambda *given: self._answers.ask(name, *given)


@dataclass
class PeopleHere:
    """Three people; signing in answers at once, adding waits."""

    answers: Answers
    rows: tuple[PersonRow, ...] = (LIN, CHEN, MARIA)
    tried: list[tuple[str, str]] = field(default_factory=list)

    def everybody(self) -> tuple[PersonRow, ...]:
        return self.rows

    def sign_in(self, stream: str, secret: str) -> Future[Actor]:
        self.tried.append((stream, secret))
        return self.answers.ask("sign_in", stream, secret)

    def add(self, name: str, roles: tuple[str, ...], password: str, pin: str, by: Actor) -> Future[PersonRow]:
        return self.answers.ask("add", name, roles, password, pin, by)


class InspectionHere(Asked):
    def handbook(self) -> checklists.Handbook:
        return checklists.load()


@dataclass
class CasesHere:
    targets: dict[str, Target] = field(default_factory=dict)

    def target(self, raw: str) -> Target:
        return self.targets.get(raw, Target(""))

    def codes(self, raw: str) -> tuple[str, ...]:
        return (raw,)

    def past(self, *_device: str) -> None:
        return None


class CodesHere(Asked):
    """Hears without a store; teaching waits."""

    rows: tuple[views.Taught, ...] = ()

    def hear(self, raw: str, source: Source, aim: str = "") -> tuple[Scan, ...]:
        return tuple(hear(code, source, NOON, aim=aim) for code in separate(raw))

    def taught(self) -> tuple[views.Taught, ...]:
        return self.rows


class LineHere(Asked):
    now = LineState("online", 0, 0, "")

    def state(self) -> LineState:
        return self.now


class AttentionHere(Asked):
    """Nothing to look at, until a test says otherwise."""

    now, number = views.AttentionView((), (), (), (), (), 0), 0

    def count(self) -> int:
        return self.number

    def view(self) -> views.AttentionView:
        return self.now


class ReaderHere:
    """A reader whose wire is in the test's hand."""

    made: list[ReaderHere] = []

    def __init__(
        self,
        settings: ReaderSettings,
        readers: Callable[[], Sequence[ReaderSettings]],
        on_scan: Callable[[str], None],
        on_state: Callable[[str, str], None],
    ) -> None:
        self.settings, self.port, self.baud = settings, settings.port, settings.baud
        self.on_scan, self.running = on_scan, False
        self.on_state = lambda state: on_state(state, settings.port)
        ReaderHere.made.append(self)

    def start(self) -> None:
        self.running = True

    def stop(self) -> None:
        self.running = False


class DevicesHere(Devices):
    """Prints for real into a folder; the test plugs in the ports."""

    plugged: tuple[Port, ...] = ()

    def ports(self) -> tuple[Port, ...]:
        return self.plugged
