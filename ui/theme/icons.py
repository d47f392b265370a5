"""The icons of `resources/icons`, drawn in any colour at any size."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

import resources

RATIOS = (1, 2, 3)
STROKE = "1.75"


@cache
def svg(name: str, colour: str) -> bytes:
    """The drawing `name` with its lines in `colour` (`#rrggbb`)."""
    text = resources.path(f"icons/{name}.svg").read_text(encoding="utf-8")
    thinner = text.replace('stroke-width="2"', f'stroke-width="{STROKE}"')
    return thinner.replace("currentColor", colour).encode()


@cache
def _renderer(name: str, colour: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(svg(name, colour)))


def paint(painter: QPainter, name: str, colour: str, where: QRectF) -> None:
    """Draw an icon into a square of any painter, sharp at its scale."""
    _renderer(name, colour).render(painter, where)


def pixmap(name: str, colour: str, size: int, ratio: float = 1.0) -> QPixmap:
    """An icon of `size` logical pixels for a screen of this pixel ratio."""
    made = QPixmap(QSize(size, size) * ratio)
    made.fill(Qt.GlobalColor.transparent)
    made.setDevicePixelRatio(ratio)
    painter = QPainter(made)
    paint(painter, name, colour, QRectF(0, 0, size, size))
    painter.end()
    return made


def icon(name: str, colour: str, size: int) -> QIcon:
    """An icon for Qt's own buttons and menus, sharp on screens up to 300 %."""
    made = QIcon()
    for ratio in RATIOS:
        made.addPixmap(pixmap(name, colour, size, ratio))
    return made
