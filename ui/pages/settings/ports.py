"""How the ports of scanners are, in words."""

from __future__ import annotations

from collections.abc import Sequence

from desk_app.texts import N_, Speaker
from ui.port_scanner import PortNow
from ui.widgets import Tone

STATES = {  # the worst first
    "lost": (Tone.WRONG, "unplug", N_("Scanner on {port} unplugged: plug it in again")),
    "denied": (Tone.ATTENTION, "lock", N_("No right to use {port}")),
    "busy": (Tone.ATTENTION, "unplug", N_("Another program has {port}")),
    "twice": (Tone.ATTENTION, "unplug", N_("Two scanners are set to {port}: give each its own")),
    "missing": (Tone.ATTENTION, "unplug", N_("Scanner not found: is {port} right?")),
    "open": (Tone.NEUTRAL, "scan-barcode", N_("Scanner ready")),
}


def sign_of(states: Sequence[PortNow], say: Speaker) -> tuple[Tone, str, str] | None:
    """Tone, words and icon for the foot of the window: the worst of all ports; None while none is known."""
    if not states:
        return Tone.NEUTRAL, say("Scanner types"), "keyboard"
    known = [now for now in states if now.state in STATES]
    if not known:
        return None
    worst = min(known, key=lambda now: list(STATES).index(now.state))
    tone, icon, words = STATES[worst.state]
    if worst.state == "open" and len(known) > 1:
        return tone, say.plural("{n} scanner ready", "{n} scanners ready", len(known)), icon
    return tone, say(words, port=worst.port), icon


def words_of(now: PortNow, say: Speaker) -> tuple[Tone, str]:
    """How one port is, for its own line; no words while nothing is known."""
    if now.state not in STATES:
        return Tone.NEUTRAL, ""
    tone, _icon, words = STATES[now.state]
    return Tone.GOOD if now.state == "open" else tone, say(words, port=now.port)
