"""Every component in its states, inside the real shell: to look at, to try, and to draw for the docs."""

from ui.gallery.drawing import PAGES, SIZE, gallery_window, pictures, run
from ui.gallery.samples import sample_photos

__all__ = ["PAGES", "SIZE", "gallery_window", "pictures", "run", "sample_photos"]
