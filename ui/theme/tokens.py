"""Every colour, size and distance of the program, once. The reasons stand in `ui/README.md`.

Colour means something: `good`, `attention`, `wrong`, `waiting`; all else is a quiet ground and one accent.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Scheme(Enum):
    """How the program is coloured; `SYSTEM` follows the machine's own setting."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


class Tone(Enum):
    """What a colour says. `NEUTRAL` says nothing, `ACCENT` says 'here you act'."""

    NEUTRAL = "neutral"
    ACCENT = "accent"
    GOOD = "good"
    ATTENTION = "attention"
    WRONG = "wrong"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class ToneColours:
    """One tone in three strengths: words on the ground, a tinted patch, a filled patch with words on it."""

    ink: str
    soft: str
    solid: str
    on_solid: str


@dataclass(frozen=True, slots=True)
class Colours:
    """One scheme. `line` only decorates; `border` marks a control and stands out 3:1."""

    ground: str
    surface: str
    sunken: str
    hover: str
    line: str
    border: str
    text: str
    muted: str
    disabled: str
    accent: str
    accent_hover: str
    on_accent: str
    accent_ink: str
    accent_soft: str
    tones: dict[Tone, ToneColours]


@dataclass(frozen=True, slots=True)
class Sizes:
    """Pixels at 100 %. Letters grow with the text size a person chose, distances do not."""

    caption: int = 13
    body: int = 15
    section: int = 17
    title: int = 26
    big: int = 44

    xs: int = 4
    s: int = 8
    m: int = 12
    l: int = 16  # noqa: E741 - the usual scale of sizes
    xl: int = 24
    xxl: int = 40

    radius: int = 8
    radius_large: int = 14
    control: int = 44
    icon: int = 20


SIZES = Sizes()
FAMILY = "Noto Sans SC"

LIGHT = Colours(
    ground="#F3F5F6",
    surface="#FFFFFF",
    sunken="#E8ECEE",
    hover="#E9EEF0",
    line="#DCE2E5",
    border="#75818A",
    text="#152026",
    muted="#52606A",
    disabled="#98A2A9",
    accent="#0F5E78",
    accent_hover="#0B4A60",
    on_accent="#FFFFFF",
    accent_ink="#0F5E78",
    accent_soft="#DDEDF3",
    tones={
        Tone.NEUTRAL: ToneColours("#3E4B54", "#E8ECEE", "#475661", "#FFFFFF"),
        Tone.ACCENT: ToneColours("#0F5E78", "#DDEDF3", "#0F5E78", "#FFFFFF"),
        Tone.GOOD: ToneColours("#17663A", "#DFF3E6", "#177544", "#FFFFFF"),
        Tone.ATTENTION: ToneColours("#7A4700", "#FDEFD3", "#F5B335", "#2A1A00"),
        Tone.WRONG: ToneColours("#A11D18", "#FCE6E4", "#B5251E", "#FFFFFF"),
        Tone.WAITING: ToneColours("#573C9E", "#EDE8F9", "#6246AE", "#FFFFFF"),
    },
)

DARK = Colours(
    ground="#12181B",
    surface="#1B2327",
    sunken="#0D1214",
    hover="#263036",
    line="#2E393F",
    border="#78868F",
    text="#E9EEF0",
    muted="#A7B3BB",
    disabled="#66737B",
    accent="#62BAD8",
    accent_hover="#8ACDE5",
    on_accent="#04202B",
    accent_ink="#7CCBE6",
    accent_soft="#173743",
    tones={
        Tone.NEUTRAL: ToneColours("#C3CDD3", "#2A353B", "#B3BEC5", "#12181B"),
        Tone.ACCENT: ToneColours("#7CCBE6", "#173743", "#62BAD8", "#04202B"),
        Tone.GOOD: ToneColours("#86D8A5", "#183627", "#46B67A", "#03200F"),
        Tone.ATTENTION: ToneColours("#F4C569", "#3B2D12", "#F0B43C", "#241600"),
        Tone.WRONG: ToneColours("#FFA59D", "#46221F", "#E97268", "#2A0502"),
        Tone.WAITING: ToneColours("#C4B1F6", "#2E2749", "#A990EC", "#160A36"),
    },
)

CONTRAST = Colours(
    ground="#FFFFFF",
    surface="#FFFFFF",
    sunken="#F0F0F0",
    hover="#E0ECF5",
    line="#5A5A5A",
    border="#000000",
    text="#000000",
    muted="#2E2E2E",
    disabled="#707070",
    accent="#00425C",
    accent_hover="#002C3D",
    on_accent="#FFFFFF",
    accent_ink="#00425C",
    accent_soft="#D6ECF5",
    tones={
        Tone.NEUTRAL: ToneColours("#1E1E1E", "#EAEAEA", "#2E2E2E", "#FFFFFF"),
        Tone.ACCENT: ToneColours("#00425C", "#D6ECF5", "#00425C", "#FFFFFF"),
        Tone.GOOD: ToneColours("#00451F", "#DFF5E6", "#00502A", "#FFFFFF"),
        Tone.ATTENTION: ToneColours("#4F2D00", "#FFF0CC", "#FFC24A", "#1F1200"),
        Tone.WRONG: ToneColours("#7A0500", "#FFE9E6", "#860C05", "#FFFFFF"),
        Tone.WAITING: ToneColours("#3A1F80", "#F0EAFF", "#42268C", "#FFFFFF"),
    },
)

PALETTES = {Scheme.LIGHT: LIGHT, Scheme.DARK: DARK, Scheme.CONTRAST: CONTRAST}


@dataclass(frozen=True, slots=True)
class Look:
    """What is applied now: a scheme (never `SYSTEM`), its colours and the text size (1.0 to 1.5)."""

    scheme: Scheme
    colours: Colours
    scale: float = 1.0

    def px(self, size: int) -> int:
        """A size of letters, or of a drawing beside them, at the chosen text size."""
        return round(size * self.scale)

    def tone(self, tone: Tone) -> ToneColours:
        """The colours of a tone."""
        return self.colours.tones[tone]
