"""Measures, run side by side and printed as ratios: `make bench`."""
