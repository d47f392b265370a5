"""The tour's tools for their own tests: they lie beside the tour, which is a program and no package."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
