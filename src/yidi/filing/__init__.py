"""Registering care outside the home pool (异地就医备案)."""
