"""THE composition root: data folder, keys, store, services, papers, central service, sync: put together."""

from __future__ import annotations

import logging
import secrets
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from functools import partial
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from desk_app import VERSION, ids, sabotage
from desk_app.clock import Clock
from desk_app.domain.people import Desk as DeskState
from desk_app.domain.people import Store as StoreState
from desk_app.engine import check_writable
from desk_app.errors import OutsideError, RuleError
from desk_app.paper_makers import makers, trial_makers
from desk_app.readers import ReaderSettings
from desk_app.scanning.codes import OwnKind, decode, encode
from desk_app.scanning.pictures import Pictures
from desk_app.scanning.ports import find, serial_ports
from desk_app.scanning.reading import prepare
from desk_app.scanning.serial_port import PortState, SerialReader
from desk_app.services import sample, setup
from desk_app.services.attention import Attention
from desk_app.services.cases import Cases
from desk_app.services.codes import Codes
from desk_app.services.desk import Desk
from desk_app.services.devices import Devices
from desk_app.services.inspection import Inspection, Transfer
from desk_app.services.line import Line
from desk_app.services.papers import Papers
from desk_app.services.people import People
from desk_app.services.privacy import Privacy
from desk_app.services.receiving import Receiving
from desk_app.services.reception import Reception
from desk_app.services.repair import Repairs
from desk_app.services.support import Support, Surroundings, log_to
from desk_app.services.views import FieldErrors, LineState
from desk_app.settings import Settings
from desk_app.storage import journal
from desk_app.storage.act import Identity
from desk_app.storage.store import Store
from desk_app.sync.client import Client
from desk_app.sync.files import FileLoop
from desk_app.sync.loading import load_people
from desk_app.sync.loop import SyncLoop, SyncState
from desk_app.sync.own_central import OwnCentral, Ready, central_command
from desk_app.sync.remote import remote
from desk_app.sync.signing import signed
from desk_app.sync.wire import JoinCode, read_join_code, write_join_code
from desk_app.vault import KEY_LENGTH, key_store
from printing import output
from ui.services import Place, Services

log = logging.getLogger(__name__)


class Program:
    """One desk's program over a data folder, from `open` to `close`."""

    def __init__(self, data: Path, clock: Clock) -> None:
        self._data = data
        self._clock = clock
        self._store: Store | None = None
        self._central: OwnCentral | None = None
        self._loop: SyncLoop | None = None
        self._files: FileLoop | None = None
        self._end_log: Callable[[], None] | None = None
        self._keys = key_store()
        self._aside = ThreadPoolExecutor(1, "setup")
        self._pictures = Pictures()

    def open(self) -> Services | Setup:
        """Open the store; a desk that is not set up yet gives its Setup. Raises OutsideError."""
        check_writable(self._data)
        self._end_log = self._end_log or log_to(self._data / "mendesk.log")
        self._store = self._store or Store(self._data, self._store_key())
        if self._store.identity is None:
            return Setup(self, self._devices(Settings(self._data / "settings.json")))
        self._aside.submit(prepare)
        return self._services(self._store)

    def close(self) -> None:
        """End sync, the own central service and the store."""
        self._pictures.close()
        for loop in (self._loop, self._files):
            if loop:
                loop.stop()
        if self._central:
            self._central.stop()
        if self._store:
            self._store.close()
        if self._end_log:
            self._end_log()

    def _store_key(self) -> bytes:
        """The store's key out of the system's key store; made with the first start."""
        name_file = self._data / "desk.id"
        if not name_file.exists():
            name_file.write_text(ids.new_id(self._clock()).lower(), encoding="ascii")
        name = f"desk-{name_file.read_text(encoding='ascii')}"
        key = self._keys.get(name)
        if key is None and (self._data / "desk.db").exists():
            raise OutsideError("store.no_key", folder=str(self._data))
        if key is None:
            key = secrets.token_bytes(KEY_LENGTH)
            self._keys.put(name, key)
        return key

    def found(self, asked: setup.Founding) -> None:
        """Found a store with this desk and a central service of its own."""
        setup.check_founding(asked)
        ready = self._found_central()

        def enter(desk: str, name: str) -> setup.Welcome:
            return self._enter(JoinCode(ready.address, b"", ready.founding_secret), desk, name)

        assert self._store is not None
        _, administrator = setup.found(self._store, self._clock, asked, enter)
        if asked.sample:
            sample.fill(Desk(self._store, self._clock), administrator, asked.pin)

    def _found_central(self) -> Ready:
        """Start a central service that no desk has joined; what an interrupted founding left is put away."""
        folder = self._data / "central"
        if self._central:
            self._central.stop()
        shutil.rmtree(folder, ignore_errors=True)
        self._central = self._own_central()
        return self._central.start()

    def join(self, text: str, desk_name: str) -> None:
        """Join another desk's store with its one-time code; FieldErrors for code, desk_name."""
        own = decode(text.strip().upper())
        try:
            if own is None or own.kind is not OwnKind.JOIN:
                raise ValueError("no join code")
            code = read_join_code(own.body)
        except ValueError as error:
            raise FieldErrors({"code": RuleError("join.code_unreadable")}) from error
        assert self._store is not None
        store = self._store
        setup.join(store, self._clock, desk_name, lambda desk, name: self._enter(code, desk, name))
        with closing(Client(code.address, self._token(store), code.fingerprint)) as client:
            load_people(client, store, self._clock())

    def _token(self, store: Store) -> str:
        assert store.identity is not None
        return (self._keys.get(f"token-{store.identity.desk.lower()}") or b"").decode()

    def _enter(self, code: JoinCode, desk: str, name: str) -> setup.Welcome:
        private = Ed25519PrivateKey.generate()
        public = private.public_key().public_bytes_raw().hex()
        client = Client(code.address, "", code.fingerprint)
        try:
            joined = client.join(code, desk, name, public)
        finally:
            client.close()
        self._keys.put(f"signing-{desk.lower()}", private.private_bytes_raw())
        self._keys.put(f"token-{desk.lower()}", joined.token.encode())
        return setup.Welcome(
            joined.block, joined.store, joined.feeds, code.address, public, code.fingerprint.hex()
        )

    def _services(self, store: Store) -> Services:
        identity = store.identity
        assert identity is not None
        token = self._token(store)
        self._start_own_central()

        def client() -> Client:
            if self._central:
                return Client(self._central.address(), token)
            return Client(identity.address, token, bytes.fromhex(identity.fingerprint))

        def invite() -> str:
            line = client()
            try:
                code = JoinCode(*self._door(identity), line.invite())
                return encode(OwnKind.JOIN, write_join_code(code))
            finally:
                line.close()

        line = Line(remote(client, store, self._clock, invite), self._clock)
        self._start_sync(store, client, line)
        return self._bundle(store, line)

    def _door(self, identity: Identity) -> tuple[str, bytes]:
        """Where another desk finds the central service: its address, and its certificate's fingerprint."""
        if self._central is None:
            return identity.address, bytes.fromhex(identity.fingerprint)
        ready = self._central.ready()
        return ready.network_address or ready.address, ready.fingerprint

    def _own_central(self) -> OwnCentral:
        network = bool(Settings(self._data / "settings.json").network)
        return OwnCentral(self._data / "central", partial(central_command, network=network))

    def _restart_own_central(self) -> None:
        """Serve other computers from now on, or no more; desks come back by themselves."""
        if self._central:
            self._central.stop()
            self._central = self._own_central()
            with suppress(OutsideError):  # as at the start
                self._central.start()

    def _start_own_central(self) -> None:
        folder = self._data / "central"
        if self._central is None and folder.exists():
            self._central = self._own_central()
            with suppress(OutsideError):  # work goes on; it is tried again, and the line says why it is down
                self._central.start()

    def _start_sync(self, store: Store, client: Callable[[], Client], line: Line) -> None:
        self._files = files = FileLoop(store.files, client)

        def told(state: SyncState) -> None:
            files.poke()
            line.changed(
                LineState(
                    state.line,
                    state.waiting,
                    state.since,
                    state.reason,
                    state.skew,
                    state.values,
                    state.loaded,
                )
            )

        assert store.identity is not None
        private = self._keys.get(f"signing-{store.identity.desk.lower()}")
        if private is None:
            raise OutsideError("store.no_key", folder=str(self._data))
        self._loop = loop = SyncLoop(store, client, self._clock, told, partial(signed, private))
        store.listen(lambda _changes: loop.poke())
        store.listen(files.heard)
        if not sabotage.active("no_sync"):
            loop.start()
            files.start()

    def _bundle(self, store: Store, line: Line) -> Services:
        desk = Desk(store, self._clock)
        settings = Settings(self._data / "settings.json")
        settings.listen(lambda name: name == "network" and self._aside.submit(self._restart_own_central))
        place = self._place(store, settings)
        files = self._files
        assert files is not None
        cases = Cases(desk, self._heads)
        inspection = Inspection(desk, Transfer(files.want, lambda: files.trouble))
        return Services(
            reception=Reception(desk),
            receiving=Receiving(desk),
            inspection=inspection,
            repairs=Repairs(desk),
            papers=Papers(desk, cases, inspection, makers(place.papers)),
            cases=cases,
            codes=Codes(desk),
            people=People(desk),
            privacy=Privacy(desk, line.bring),
            line=line,
            attention=Attention(desk),
            support=Support(
                desk,
                line,
                Surroundings(settings, self._data, self._heads),
                partial(output.save_paper, place.papers),
            ),
            settings=settings,
            place=place,
            clock=self._clock,
            on_changes=store.listen,
            on_line=line.listen,
            open_reader=_open_reader,
            devices=self._devices(settings),
            pictures=self._pictures,
        )

    def _heads(self) -> dict[str, int]:
        return self._loop.heads if self._loop else {}

    def _place(self, store: Store, settings: Settings) -> Place:
        identity = store.identity
        assert identity is not None
        with store.read() as connection:
            shop = journal.visible(connection, identity.store)
            desk = journal.visible(connection, f"desk/{identity.desk}")
        assert isinstance(shop, StoreState)
        assert isinstance(desk, DeskState)
        return Place(
            store=shop.name,
            desk=desk.name,
            sample=shop.sample,
            zone=shop.zone,
            data=self._data,
            papers=self._papers(settings),
            version=VERSION,
            is_central=self._central is not None,
        )

    def _papers(self, settings: Settings) -> Path:
        return Path(settings.papers_folder or self._data / "papers")

    def _devices(self, settings: Settings) -> Devices:
        return Devices(self._papers(settings), output.save_paper, trial_makers)

    def aside(self, work: Callable[[], None]) -> Future[None]:
        """Run a part of the setup without holding up the window."""
        return self._aside.submit(work)


class Setup:
    """What the first start offers; after its Future is done, `Program.open` gives the services."""

    def __init__(self, program: Program, devices: Devices) -> None:
        self._program = program
        self.devices = devices
        self.open_reader = _open_reader

    def found(
        self,
        store_name: str,
        desk_name: str,
        person_name: str,
        password: str,
        pin: str,
        language: str,
        sample: bool,
    ) -> Future[None]:
        """Found a store; FieldErrors for its fields."""
        asked = setup.Founding(store_name, desk_name, person_name, password, pin, language, sample)
        return self._program.aside(lambda: self._program.found(asked))

    def join(self, code: str, desk_name: str) -> Future[None]:
        """Join a store; FieldErrors for code, desk_name; OutsideError without a line."""
        return self._program.aside(lambda: self._program.join(code, desk_name))


def _open_reader(
    reader: ReaderSettings,
    readers: Callable[[], Sequence[ReaderSettings]],
    on_scan: Callable[[str], None],
    on_state: Callable[[PortState, str], None],
) -> SerialReader:
    return SerialReader(reader, on_scan, on_state, lambda: find(reader, readers(), serial_ports()))
