"""The trade, pure: entries, facts, folds into states, and decisions. No storage, no clock, no text."""
