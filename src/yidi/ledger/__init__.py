"""Money that moved: double entry, and the yearly counters that benefits are measured against."""
