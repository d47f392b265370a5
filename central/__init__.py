"""The central service: it gives every entry its place in the home order and tells the other desks."""
