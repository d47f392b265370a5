"""Business rules as data: loaded, checked, answered from."""
