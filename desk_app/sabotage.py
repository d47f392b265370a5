"""Breaking on purpose, for the checks: one named fault, and named points where the process may be killed.

`MENDESK_SABOTAGE=name` breaks one thing; `MENDESK_STOP=name:n` kills the process (as `kill -9` does) when it
reaches the named point for the n-th time. Without these variables nothing here does anything.
"""

from __future__ import annotations

import os
import signal

SABOTAGES = (
    *("drop_entry", "swap_parcels", "wrong_number", "no_sync", "beep_before_commit"),
    *("count_twice", "skip_entry", "stay_cut"),
)
STOPS = ("scan.heard", "act.decided", "act.committed", "beep.due")

_reached: dict[str, int] = {}


def active(name: str) -> bool:
    """Whether this fault, one of `SABOTAGES`, is asked for."""
    return os.environ.get("MENDESK_SABOTAGE") == name


def stop_point(name: str) -> None:
    """Die here without any farewell where `MENDESK_STOP` names this point, one of `STOPS`."""
    wanted = os.environ.get("MENDESK_STOP")
    if not wanted:
        return
    _reached[name] = _reached.get(name, 0) + 1
    if wanted == f"{name}:{_reached[name]}":
        os.kill(os.getpid(), signal.SIGKILL)
