"""A dock without a window, to be killed: `python dock_process.py FOLDER PERSON` receives a waybill a line.

The sound of a parcel follows its commit, as on the dock's page; `beep_before_commit` turns that round.
"""

from __future__ import annotations

import sys
from pathlib import Path

from desk_app import sabotage
from desk_app.clock import system_clock
from desk_app.domain.people import Actor
from desk_app.services.desk import Desk
from desk_app.services.receiving import Receiving
from desk_app.storage.store import Store
from ui.sound import Sound, Sounds, device


def main(folder: Path, person: str) -> None:
    """Receive until there are no more lines."""
    store = Store(folder, bytes(range(32)))
    receiving = Receiving(Desk(store, system_clock))
    sounds = Sounds(device(folder, lambda: None))
    actor = Actor(person, ("warehouse",), "")
    for line in sys.stdin:
        waybill = line.strip()
        if sabotage.active("beep_before_commit"):
            sounds.play(Sound.GOOD, token=waybill)
        received = receiving.receive(waybill, actor).result()
        if not sabotage.active("beep_before_commit"):
            sounds.play(Sound.GOOD, token=received.waybill)
    store.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
