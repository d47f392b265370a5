"""Says in the settings how codes come from pictures, and whether there is a live camera."""

from __future__ import annotations

from desk_app.texts import Speaker
from ui.camera import what_is_missing
from ui.widgets import Card, Text
from ui.widgets.base import key_sign
from ui.widgets.scan_bar import CAMERA_KEY, PICTURE_KEY


class CameraCard(Card):
    """The ways that work on this computer, with their keys; and how to get the camera where it is missing."""

    def __init__(self, say: Speaker) -> None:
        ways = say(
            "{keys} reads codes from a picture; so does dropping or pasting one", keys=key_sign(PICTURE_KEY)
        )
        missing, detail = what_is_missing(say)
        self.state = Text(missing or say("{keys} opens the camera", keys=key_sign(CAMERA_KEY)))
        self.detail = Text(detail, "caption")
        if not detail:
            self.detail.hide()
        super().__init__(say("Camera and pictures"), Text(ways), self.state, self.detail)
