"""What the windows are given to work with: one object per job, as `desk_app/services/README.md` says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from desk_app.changes import Changes
from desk_app.clock import Clock
from desk_app.readers import ReaderSettings
from desk_app.settings import Settings

if TYPE_CHECKING:  # they bring the trade with them, which the first window does not wait for
    from desk_app.domain.cases import Photo
    from desk_app.domain.people import Actor
    from desk_app.handbook.checklists import Handbook
    from desk_app.scanning.pictures import Code, Point
    from desk_app.scanning.port_assistant import Told
    from desk_app.scanning.ports import Port
    from desk_app.scanning.reading import Scan, Source
    from desk_app.services.views import (
        AttentionView,
        Brought,
        CaseRequest,
        CaseRow,
        CaseView,
        DeskRow,
        DevicePast,
        Diagnosis,
        LineState,
        OpenedCase,
        ParcelRow,
        PartUsed,
        PersonRow,
        PhotoView,
        Received,
        Target,
        Taught,
    )


class Reception(Protocol):
    """Opens cases and hands goods over."""

    def open_case(self, request: CaseRequest, by: Actor) -> Future[OpenedCase]: ...
    def hand_over(self, case: str, item: int, by: Actor) -> Future[None]: ...
    def add_note(self, case: str, text: str, by: Actor) -> Future[None]: ...


class Receiving(Protocol):
    """Takes parcels in."""

    def receive(self, raw: str, by: Actor) -> Future[Received]: ...
    def shelve(self, parcel: str, shelf: str, by: Actor) -> Future[ParcelRow]: ...
    def undo_arrival(self, parcel: str, by: Actor) -> Future[None]: ...
    def undo_shelving(self, parcel: str, shelf: str, before: str, by: Actor) -> Future[None]: ...
    def arrived(self, limit: int) -> tuple[ParcelRow, ...]: ...
    def count_today(self) -> int: ...


class Inspection(Protocol):
    """Checks, grades, places and photographs items."""

    def handbook(self) -> Handbook: ...
    def take_in(self, case: str, item: int, by: Actor) -> Future[None]: ...
    def inspect(
        self,
        case: str,
        item: int,
        answers: dict[str, str],
        measures: dict[str, str],
        grade: str,
        note: str,
        by: Actor,
    ) -> Future[None]: ...
    def dispose(self, case: str, item: int, disposition: str, shelf: str, by: Actor) -> Future[None]: ...
    def photograph(
        self, case: str, item: int, paths: Sequence[Path], stage: str, by: Actor
    ) -> Future[None]: ...
    def photo(self, record: str) -> PhotoView | None: ...
    def coming(self, photos: Iterable[Photo]) -> frozenset[str]: ...
    def delay(self) -> str: ...


class Repairs(Protocol):
    """Takes a repair from its request to the second check."""

    def request(self, case: str, item: int, by: Actor) -> Future[None]: ...
    def diagnose(self, case: str, item: int, diagnosis: Diagnosis, by: Actor) -> Future[None]: ...
    def use_part(self, case: str, item: int, part: PartUsed, by: Actor) -> Future[None]: ...
    def work(self, case: str, item: int, minutes: int, by: Actor) -> Future[None]: ...
    def test(self, case: str, item: int, test: str, passed: bool, by: Actor) -> Future[None]: ...
    def finish(self, case: str, item: int, by: Actor) -> Future[None]: ...
    def check(self, case: str, item: int, passed: bool, note: str, by: Actor) -> Future[None]: ...


class Papers(Protocol):
    """Prints into files and says where they are."""

    def receipt(self, case: str, language: str, by: Actor) -> Future[Path]: ...
    def label(self, case: str, item: int, by: Actor) -> Future[tuple[Path, Path]]: ...
    def parcel_label(self, parcel: str, by: Actor) -> Future[Path]: ...
    def repair_report(self, case: str, item: int, language: str, by: Actor) -> Future[Path]: ...


class Cases(Protocol):
    """Finds and shows cases; all of it are reads by key."""

    def count(self, words: str) -> int: ...
    def page(self, words: str, offset: int, limit: int) -> tuple[CaseRow, ...]: ...
    def view(self, stream: str) -> CaseView: ...
    def target(self, raw: str) -> Target: ...
    def codes(self, raw: str) -> tuple[str, ...]: ...
    def item_code(self, case_number: str, item: int) -> str: ...
    def past(self, product: str, *codes: str) -> DevicePast | None: ...


class Codes(Protocol):
    """Hears scans as this store understands them, and keeps what people teach it."""

    def hear(self, raw: str, source: Source, aim: str = ...) -> tuple[Scan, ...]: ...
    def taught(self) -> tuple[Taught, ...]: ...
    def teach(self, mask: str, kind: str, by: Actor) -> Future[None]: ...
    def forget(self, mask: str, by: Actor) -> Future[None]: ...


class People(Protocol):
    """Who works here, and who signs in."""

    def everybody(self) -> tuple[PersonRow, ...]: ...
    def sign_in(self, stream: str, secret: str) -> Future[Actor]: ...
    def add(
        self, name: str, roles: tuple[str, ...], password: str, pin: str, by: Actor
    ) -> Future[PersonRow]: ...


class Privacy(Protocol):
    """Forgets people."""

    def forget(self, customer: str, by: Actor) -> Future[int]: ...


class Line(Protocol):
    """The line to the central service."""

    def state(self) -> LineState: ...
    def join_code(self, by: Actor) -> Future[str]: ...
    def desks(self, by: Actor) -> Future[tuple[DeskRow, ...]]: ...
    def shut_out(self, desk: str, by: Actor) -> Future[tuple[DeskRow, ...]]: ...
    def bring(self, codes: tuple[str, ...]) -> Future[Brought]: ...


class Attention(Protocol):
    """What somebody has to look at, and the ways out of it; all but `settle` are quick reads."""

    def count(self) -> int: ...
    def view(self) -> AttentionView: ...
    def settle(self, stream: str, entry: str, way: str, item: int, by: Actor) -> Future[None]: ...


class Support(Protocol):
    """Writes a file for somebody who helps from afar."""

    def write(self) -> Future[Path]: ...


class Reader(Protocol):
    """What reads a serial port, or several, in a thread of its own."""

    def start(self) -> None: ...
    def stop(self) -> None: ...


OpenReader = Callable[
    [
        ReaderSettings,
        Callable[[], Sequence[ReaderSettings]],
        Callable[[str], None],
        Callable[[str, str], None],
    ],
    Reader,
]
"""A reader, what gives all readers that are set, what gets each scan's text, what gets each `PortState` and
the port's name; all called in the reader's thread."""


class Devices(Protocol):
    """Scanners and printers to try."""

    @property
    def folder(self) -> Path: ...
    def ports(self) -> tuple[Port, ...]: ...
    def search(self, ports: Sequence[str], on_told: Callable[[Told], None]) -> Reader: ...
    def bars(self, code: str = ...) -> str: ...
    def print_page(self, desk: str, language: str) -> Future[Path]: ...
    def print_label(self, desk: str, language: str) -> Future[Path]: ...
    def print_commands(self, language: str) -> Future[Path]: ...
    def print_cards(self, language: str) -> Future[Path]: ...


class Pictures(Protocol):
    """Finds codes in pictures, and in the frames of a camera: size, one grey byte a pixel, a tilt to try."""

    def read(self, picture: bytes | Path) -> Future[tuple[Code, ...]]: ...
    def read_frame(self, size: Point, grey: bytes, tilt: int) -> Future[tuple[Code, ...]]: ...


class Setup(Protocol):
    """Makes the store's or the desk's beginning, once; `devices` and `open_reader` as in `Services`."""

    @property
    def devices(self) -> Devices: ...
    @property
    def open_reader(self) -> OpenReader: ...
    def found(
        self,
        store_name: str,
        desk_name: str,
        person_name: str,
        password: str,
        pin: str,
        language: str,
        sample: bool,
    ) -> Future[None]: ...
    def join(self, code: str, desk_name: str) -> Future[None]: ...


@dataclass(frozen=True, slots=True)
class Place:
    """Where and what this desk is: names, the store's zone, its folders, the program's version.

    is_central: whether the central service runs on this computer, as a part of this desk.
    """

    store: str
    desk: str
    sample: bool
    zone: str
    data: Path
    papers: Path
    version: str
    is_central: bool = False


@dataclass(frozen=True, slots=True)
class Services:
    """Everything a page may ask for.

    `on_changes` and `on_line` take a function that is called from any thread when something changed.
    """

    reception: Reception
    receiving: Receiving
    inspection: Inspection
    repairs: Repairs
    papers: Papers
    cases: Cases
    codes: Codes
    people: People
    privacy: Privacy
    line: Line
    attention: Attention
    support: Support
    settings: Settings
    place: Place
    clock: Clock
    on_changes: Callable[[Callable[[Changes], None]], None]
    on_line: Callable[[Callable[[LineState], None]], None]
    open_reader: OpenReader
    devices: Devices
    pictures: Pictures

    @property
    def zone(self) -> str:
        """The store's time zone, as `Asia/Shanghai`."""
        return self.place.zone
