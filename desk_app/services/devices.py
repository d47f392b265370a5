"""Scanners and printers to try: what is plugged in, a code to scan, a page and a label to print."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from desk_app.scanning.diagnosis import TEST_CODE
from desk_app.scanning.port_assistant import PortAssistant, Told
from desk_app.scanning.ports import Port, serial_ports


@dataclass(frozen=True, slots=True)
class TrialMakers:
    """What `printing` makes: page and label for a desk's name in a language; the bars of a code.

    commands, cards: the command codes in a language, on a page of A4 and as bank cards. Bars are the modules
    of a Code 128, "1" for black, without the white at its ends.
    """

    page: Callable[[str, str], bytes]
    label: Callable[[str, str], bytes]
    bars: Callable[[str], str]
    commands: Callable[[str], bytes]
    cards: Callable[[str], bytes]


class Devices:
    """Works without an open store too, as the first start tries its devices."""

    def __init__(
        self, folder: Path, save: Callable[[Path, str, bytes], Path], makers: Callable[[], TrialMakers]
    ) -> None:
        self.folder = folder
        self._save = partial(save, folder)
        self._makers = makers
        self._aside = ThreadPoolExecutor(1, "devices")

    def ports(self) -> tuple[Port, ...]:
        """The serial ports that are there now."""
        return serial_ports()

    def search(self, ports: Sequence[str], on_told: Callable[[Told], None]) -> PortAssistant:
        """What finds out how the reader on one of these ports is set; nothing else may hold them."""
        return PortAssistant(ports, on_told)

    def bars(self, code: str = TEST_CODE) -> str:
        """The modules of the test code, or of another."""
        return self._makers().bars(code)

    def print_page(self, desk: str, language: str) -> Future[Path]:
        """The test page as a PDF file in `folder`; OutsideError as `save` raises it."""
        return self._aside.submit(lambda: self._save("test-page.pdf", self._makers().page(desk, language)))

    def print_label(self, desk: str, language: str) -> Future[Path]:
        """The test label as a PDF file in `folder`."""
        return self._aside.submit(lambda: self._save("test-label.pdf", self._makers().label(desk, language)))

    def print_commands(self, language: str) -> Future[Path]:
        """The command codes on a page of A4."""
        return self._aside.submit(lambda: self._save("command-codes.pdf", self._makers().commands(language)))

    def print_cards(self, language: str) -> Future[Path]:
        """The command codes as cards of the size of a bank card."""
        return self._aside.submit(lambda: self._save("command-cards.pdf", self._makers().cards(language)))
