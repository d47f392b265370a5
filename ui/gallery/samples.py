"""Made-up people, goods, cases and pictures."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter

from desk_app.clock import MINUTE
from desk_app.texts import N_
from ui.theme import Tone
from ui.widgets import Deadline

NOON = 1_772_366_400_000_000
ZONE = "Asia/Shanghai"
PEOPLE = ("林晓雯", "Øyvind Åse", "欧阳文静", "Maria del Carmen Sánchez", "陈伟")
GOODS = ("轻语 A3 无线耳机", "Aurora 65 W charger", "云朵空气炸锅 4.5 L", "Kestrel mechanical keyboard")
WAYBILL, LONG_WAYBILL = "SF1390027465183", "9622080430009482100500794692105123"
CHIPS = (
    (N_("Repaired"), Tone.GOOD),
    (N_("Waits for parts"), Tone.WAITING),
    (N_("Needs a decision"), Tone.ATTENTION),
    (N_("Refused"), Tone.WRONG),
    (N_("Opened"), Tone.NEUTRAL),
)


@dataclass(frozen=True, slots=True)
class Sample:
    """A made-up row."""

    number: int

    @property
    def case(self) -> str:
        """Its number."""
        return f"M7K-{self.number:05d}"

    def deadline(self, now: int) -> Deadline:
        """When it is due: some soon, some late, some over; the same for the same number."""
        return deadline(now, (self.number * 1709 + 2300) % 5000 - 700)


def deadline(now: int, left: int) -> Deadline:
    """A deadline with as many minutes left of three days, the last quarter of which presses."""
    whole = 3 * 24 * 60
    due = now + left * MINUTE
    return Deadline(due - whole * MINUTE, due - whole // 4 * MINUTE, due)


def sample_signature() -> list[list[QPointF]]:
    """Two strokes as of a hurried hand."""
    wave = [
        QPointF(120 + n * 7 + 30 * math.sin(n / 3), 170 - n * 0.5 + 70 * math.sin(n / 1.9) / (1 + n / 30))
        for n in range(80)
    ]
    return [wave, [QPointF(150, 240), QPointF(420, 228), QPointF(700, 214)]]


def sample_photos(folder: Path) -> list[Path]:
    """Three made-up photographs of a device on a bench."""
    made: list[Path] = []
    for number, colour in enumerate(("#33566B", "#7A5A3A", "#4A6B4E")):
        image = QImage(1200, 900, QImage.Format.Format_RGB32)
        painter = QPainter(image)
        light = QLinearGradient(0, 0, 1200, 900)
        light.setColorAt(0, QColor(colour).lighter(190))
        light.setColorAt(1, QColor(colour))
        painter.fillRect(image.rect(), light)
        painter.fillRect(380 + number * 40, 180, 420, 560, QColor(colour).darker(220))
        painter.end()
        made.append(folder / f"photo-{number}.jpg")
        image.save(str(made[-1]))
    return made
