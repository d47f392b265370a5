"""One module for each step, never changed once a version with it has gone out."""
