"""Figures beside their limits; `./desk bench` runs them."""
