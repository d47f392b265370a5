"""A store with three desks, founded once; each run begins with a copy of its folders."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

from centre import Centre
from computer import Power
from computers import KEY, DeskComputer, Papers
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from network import Line, Network
from seeded import SECRETS
from virtual import Thread, Time

from central.desks import founding_secret
from desk_app.domain.people import Actor
from desk_app.services import setup
from desk_app.services.people import add_person
from desk_app.storage.store import Store
from desk_app.sync.wire import JoinCode

START = 1_772_366_400_000_000
NAMES = ("A", "B", "C")
LATE = "B"
ASKED = setup.Founding("样例店", "A", "林静", "a long password", "270418")
STAFF = (("王芳", ("warehouse", "clerk")), ("李强", ("technician",)), ("赵敏", ("checker", "technician")))


@dataclass(frozen=True)
class Template:
    """The third desk has the first version of the program until now: it has never signed.

    The folders `central`, `A`, `B`, `C`, what each desk keeps beside, and who works there; `new-B` is the
    second desk as it was when it had just joined.
    """

    folder: Path
    papers: dict[str, Papers]
    actors: tuple[Actor, ...]

    def copy_to(self, folder: Path, late: str) -> None:
        """Copy all folders; that of the desk `late` (or of none) as it was when it had joined."""
        for name in ("central", *NAMES):
            source = f"new-{name}" if name == late else name
            shutil.copytree(self.folder / source, folder / name)


class _Founding:
    """The work of founding, on a virtual thread."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.time = Time(START)
        self.chance = Random(0)
        self.centre = Centre(self.time, self.chance, folder / "central", KEY, 0)
        self.network = Network(self.time, self.chance, self.centre)
        self.papers: dict[str, Papers] = {}
        self.actors: list[Actor] = []

    def at_work(self) -> nullcontext[None]:
        return nullcontext()

    def on_error(self, error: BaseException) -> None:
        raise error

    def do(self) -> Template:
        (self.folder / "central").mkdir(parents=True)
        self.centre.open()
        thread = Thread(self.time, self._found, self)
        thread.start()
        self.time.run(60, lambda: thread.done)
        assert len(self.papers) == len(NAMES), "the store was not founded"
        desks = [self._computer(name) for name in NAMES]
        for desk in desks:
            desk.open()
        heads = self.centre.storage.heads
        self.time.run(120, lambda: all(_is_even(desk, heads()) for desk in desks))
        assert all(_is_even(desk, heads()) for desk in desks), [(d.states, d.bugs) for d in desks]
        for desk in desks:
            desk.close()
        self.centre.close()
        return Template(self.folder, self.papers, tuple(self.actors))

    def _computer(self, name: str) -> DeskComputer:
        power = Power(0)
        return DeskComputer(
            name,
            self.folder / name,
            self.papers[name],
            self.time,
            self.chance,
            self.network,
            power,
            is_old=name == NAMES[-1],
        )

    def _found(self) -> None:
        secret = founding_secret(self.centre.storage)
        assert secret is not None
        store = Store(self.folder / "A", KEY, Power(0).module)
        _, admin = setup.found(store, self._clock, ASKED, self._enter("A", secret))
        rows = [
            store.act(partial(add_person, name=name, roles=roles, hashed={"pin": "-"}), admin, self._clock())
            for name, roles in STAFF
        ]
        self.actors = [admin, *(Actor(row.stream, row.roles, row.name) for row in (r.result() for r in rows))]
        store.close()
        for name in NAMES[1:]:
            secret = Line(self.network, "A", self.papers["A"].token).invite()
            store = Store(self.folder / name, KEY, Power(0).module)
            setup.join(store, self._clock, name, self._enter(name, secret))
            store.close()
            if name == LATE:
                shutil.copytree(self.folder / name, self.folder / f"new-{name}")

    def _clock(self) -> int:
        return self.time.now

    def _enter(self, name: str, secret: str) -> Callable[[str, str], setup.Welcome]:
        private = Ed25519PrivateKey.from_private_bytes(SECRETS.chance.randbytes(32))

        def enter(desk: str, title: str) -> setup.Welcome:
            key = private.public_key().public_bytes_raw().hex()
            joined = Line(self.network, name, "").join(JoinCode("", b"", secret), desk, title, key)
            self.papers[name] = Papers(joined.token, private.private_bytes_raw())
            return setup.Welcome(joined.block, joined.store, joined.feeds, "127.0.0.1:1", key)

        return enter


def _is_even(desk: DeskComputer, heads: dict[str, int]) -> bool:
    return not desk.store.waiting_count() and all(
        desk.store.cursor(feed) == heads[feed] for feed in desk.store.feeds()
    )


def founded(folder: Path) -> Template:
    """Found the store in `folder`."""
    SECRETS.seed("template")
    return _Founding(folder).do()
