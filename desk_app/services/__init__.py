"""Use cases, one module per job: they arrange what the domain decides and the store remembers."""
