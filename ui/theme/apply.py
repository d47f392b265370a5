"""Puts a look on the application: Fusion, palette, the bundled font and one style sheet, at once."""

from __future__ import annotations

import hashlib
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

import resources
from ui.theme import icons
from ui.theme.sheet import Images, style_sheet
from ui.theme.tokens import FAMILY, LIGHT, PALETTES, SIZES, Look, Scheme

_PROPERTY = "mendeskLook"
_FONTS = ("fonts/NotoSansSC-Regular.ttf", "fonts/NotoSansSC-Bold.ttf")


def look() -> Look:
    """The look that is on the application now (light before any was applied)."""
    app = QApplication.instance()
    found = app.property(_PROPERTY) if app else None
    return found if isinstance(found, Look) else Look(Scheme.LIGHT, LIGHT)


class Theme(QObject):
    """Keeps the application's look; `changed` says that another was applied.

    `cache` is a folder for the few drawings that a style sheet can only name as files; when it cannot be
    written, choice boxes lack their arrow and nothing else.
    """

    changed = Signal()

    def __init__(self, app: QApplication, cache: Path | None = None) -> None:
        super().__init__(app)
        self._app = app
        self._cache = cache or Path(
            QStandardPaths.writableLocation(QStandardPaths.StandardLocation.CacheLocation)
        )
        self._wanted = Scheme.SYSTEM
        self._is_on = False
        self._scale = 1.0
        for name in _FONTS:
            QFontDatabase.addApplicationFont(str(resources.path(name)))
        app.setStyle("Fusion")
        app.styleHints().colorSchemeChanged.connect(self._system_changed)

    def apply(self, scheme: Scheme, scale: float = 1.0) -> None:
        """Colour the program by `scheme` with letters at `scale` (1.0 to 1.5); every open window follows."""
        self._wanted, self._scale = scheme, scale
        shown = self._system() if scheme is Scheme.SYSTEM else scheme
        now = Look(shown, PALETTES[shown], scale)
        if self._is_on and self._app.property(_PROPERTY) == now:
            return  # every widget would be polished again
        self._is_on = True
        self._app.setProperty(_PROPERTY, now)
        self._app.setFont(_font(now))
        self._app.setPalette(_palette(now))
        self._app.setStyleSheet(style_sheet(now, self._images(now)))
        self.changed.emit()

    def _system(self) -> Scheme:
        dark = self._app.styleHints().colorScheme() is Qt.ColorScheme.Dark
        return Scheme.DARK if dark else Scheme.LIGHT

    def _system_changed(self) -> None:
        if self._wanted is Scheme.SYSTEM:
            self.apply(Scheme.SYSTEM, self._scale)

    def _images(self, now: Look) -> Images:
        colours = now.colours
        return Images(
            down=self._image("chevron-down", colours.muted),
            up=self._image("chevron-up", colours.muted),
            check=self._image("check", colours.on_accent),
            right=self._image("chevron-right", colours.muted),
        )

    def _image(self, name: str, colour: str) -> str:
        """The path of a coloured drawing as a style sheet writes it, or "" where none can be kept."""
        drawing = icons.svg(name, colour)
        path = self._cache / "icons" / f"{name}-{hashlib.sha256(drawing).hexdigest()[:12]}.svg"
        try:
            if not path.exists() or path.read_bytes() != drawing:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(drawing)
        except OSError:
            return ""
        return path.as_posix()


def _font(now: Look) -> QFont:
    font = QFont(FAMILY)
    font.setPixelSize(now.px(SIZES.body))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def _palette(now: Look) -> QPalette:
    colours, role = now.colours, QPalette.ColorRole
    palette = QPalette()
    for which, colour in {
        role.Window: colours.ground,
        role.WindowText: colours.text,
        role.Base: colours.surface,
        role.AlternateBase: colours.ground,
        role.Text: colours.text,
        role.Button: colours.surface,
        role.ButtonText: colours.text,
        role.BrightText: colours.on_accent,
        role.Highlight: colours.accent,
        role.HighlightedText: colours.on_accent,
        role.ToolTipBase: colours.surface,
        role.ToolTipText: colours.text,
        role.PlaceholderText: colours.muted,
        role.Link: colours.accent_ink,
        role.Accent: colours.accent,
    }.items():
        palette.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(colours.disabled))
    return palette
