"""Who did what to which case, when and why: one append-only table."""
