"""One case: its papers and what is decided on it."""
