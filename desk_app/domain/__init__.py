"""The trade, pure: entries, facts, folds into states, and decisions. No storage, no clock, no text."""

# The folds register themselves; whoever folds needs all of them.
from desk_app.domain import cases, contests, devices, parcels, people

__all__ = ["cases", "contests", "devices", "parcels", "people"]
