"""Signatures, keys and sealed messages of the hospital interface (interface §2.4 – §2.7)."""
