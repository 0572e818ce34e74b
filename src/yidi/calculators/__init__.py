"""Everyday questions answered by rules of packs: when cover starts, what is paid in, how much is paid ahead. No Django."""
