"""What the message at work suffers, for whoever takes notes of it."""

from contextvars import ContextVar

SUFFERED: ContextVar[str] = ContextVar("kind of fault", default="")
"""The kind of fault that the fault bench makes the message at work suffer; empty = none."""
