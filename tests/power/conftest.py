"""A computer whose power can be cut; it lies beside, as the simulator needs it too."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from computer import Power


@pytest.fixture
def power() -> Power:
    """A computer whose power can be cut."""
    return Power()
