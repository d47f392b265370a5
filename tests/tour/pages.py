"""Pictures of every page: in both languages, and when asked in every scheme and size."""

from __future__ import annotations

import itertools
import json

from cast import ADMIN, ADMIN_PIN, CALLER, NOTE, item_code
from desks import Desk
from stage import Stage

from desk_app.settings import SCALES
from desk_app.texts import LANGUAGES, N_

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
    """Desk A in every language, scheme and size, started anew for each."""
    desk = stage.a
    for language, scheme, scale in itertools.product(LANGUAGES, SCHEMES, SCALES):
        desk.stop()
        settings = desk.data / "settings.json"
        look = {"language": language, "scheme": scheme, "text_scale": scale}
        settings.write_text(json.dumps({**json.loads(settings.read_text("utf-8")), **look}), "utf-8")
        desk.language = language
        stage.start(desk)
        stage.sign_in(desk, ADMIN, ADMIN_PIN)
        walk(stage, desk, f"-{scheme}-{scale}")


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
    desk.hands.press("Alt+2")
    shown(desk, desk.say("Dock"))
    desk.hands.scan(f"M7C{number}")
    desk.window.wait_for(CALLER.waybill, NOTE)
    stage.picture(desk, "case" + look)


def shown(desk: Desk, title: str) -> None:
    """Wait until the page with this title is on show."""
    desk.window.find(title, lambda node: node.role == "filler")
