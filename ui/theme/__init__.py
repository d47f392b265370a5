"""How the program looks: tokens, and their way onto the screen."""

from ui.theme.apply import Theme, look
from ui.theme.tokens import SIZES, Look, Scheme, Tone

__all__ = ["SIZES", "Look", "Scheme", "Theme", "Tone", "look"]
