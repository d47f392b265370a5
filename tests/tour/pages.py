"""Pictures of every page: in both languages, and when asked in every scheme and size."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

from cast import ADMIN, ADMIN_PIN, CALLER, NOTE, item_code
from desks import Desk
from stage import Stage

from desk_app.settings import SCALES
from desk_app.texts import LANGUAGES, N_, NAMES

JOBS = {
    "window": (N_("Window"), "Alt+1"),
    "dock": (N_("Dock"), "Alt+2"),
    "bench": (N_("Bench"), "Alt+3"),
    "cases": (N_("Cases"), "Alt+4"),
    "settings": (N_("Settings"), "Alt+9"),
}
SCHEMES = ("light", "dark", "contrast")


def every_page(stage: Stage) -> None:
    """Each desk in its own language, as somebody who may see every page."""
    for desk in stage.desks:
        desk.hands.press("F12")
        stage.sign_in(desk, ADMIN, ADMIN_PIN)
        walk(stage, desk, "")
        desk.hands.press("F12")
        desk.window.wait_for(desk.say("Who are you?"))
        stage.picture(desk, "sign-in")


def every_look(stage: Stage) -> None:
    """Desk A in every language, scheme and size, started anew for each; and its first start before all."""
    desk = stage.a
    for language, scheme, scale in itertools.product(LANGUAGES, SCHEMES, SCALES):
        desk.stop()
        desk.language = language
        settings, look = {"scheme": scheme, "text_scale": scale}, f"-{scheme}-{scale}"
        first_start(stage, desk, settings, look)
        keep(desk.data, {**settings, "language": language})
        stage.start(desk)
        desk.window.wait_for(desk.say("Who are you?"), within=20)
        stage.picture(desk, "sign-in" + look)
        stage.sign_in(desk, ADMIN, ADMIN_PIN)
        walk(stage, desk, look)
        desk.hands.press("Ctrl+Shift+L")
        desk.window.wait_for(desk.say("Locked"))
        stage.picture(desk, "locked" + look)


def first_start(stage: Stage, desk: Desk, settings: dict[str, object], look: str) -> None:
    """The cards of a first start, on an empty folder beside the desk's own."""
    own = desk.data
    desk.data = own.with_name("empty")
    keep(desk.data, settings)
    try:
        stage.start(desk)
        desk.window.wait_for(NAMES[desk.language], within=20)
        stage.picture(desk, "first-start" + look)
        desk.window.press(NAMES[desk.language])
        desk.window.wait_for(desk.say("How do you want to begin?"))
        stage.picture(desk, "beginning" + look)
        desk.press("Start a new store")
        desk.window.wait_for(desk.say("Password again"))
        stage.picture(desk, "new-store" + look)
        desk.stop()
    finally:
        desk.data = own


def keep(data: Path, settings: dict[str, object]) -> None:
    """Write these settings over those of a desk that is stopped."""
    data.mkdir(exist_ok=True)
    file = data / "settings.json"
    before = json.loads(file.read_text("utf-8")) if file.exists() else {}
    file.write_text(json.dumps({**before, **settings}), "utf-8")


def walk(stage: Stage, desk: Desk, look: str) -> None:
    """From page to page; `look` is part of the pictures' names."""
    number = stage.numbers[CALLER.name]
    for page, (title, key) in JOBS.items():
        desk.hands.press(key)
        if page == "bench":
            desk.hands.scan(item_code(number))
            desk.window.wait_for(CALLER.product, CALLER.serial)
        else:
            shown(desk, desk.say(title))
        stage.picture(desk, page + look)
    desk.press("State of the line")
    shown(desk, desk.say("Line and desks"))
    stage.picture(desk, "line" + look)
    desk.hands.press("Alt+2")
    shown(desk, desk.say("Dock"))
    desk.hands.scan(f"M7C{number}")
    desk.window.wait_for(CALLER.waybill, NOTE)
    stage.picture(desk, "case" + look)


def shown(desk: Desk, title: str) -> None:
    """Wait until the page with this title is on show."""
    desk.window.find(title, lambda node: node.role == "filler")
