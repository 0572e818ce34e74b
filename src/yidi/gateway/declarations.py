"""The shape of a transaction's declaration: from these come routing, the checks of fields, and the reference."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from yidi.gateway.calls import Call
from yidi.gateway.nodes import Request


class Mark(StrEnum):
    """How sure the sources are of a transaction's nodes (interface §3)."""

    AGREED = "●"
    """Two sources or more say the same."""
    SINGLE = "◐"
    UNCONFIRMED = "○"


@dataclass(frozen=True, slots=True)
class Transaction:
    """One transaction of the interface: its numbers, its nodes, and the handler that asks one service."""

    infno: str
    name: str
    request: type[Request]
    reply: type | None
    """A dataclass whose fields are the nodes of `output`; None = no output."""
    handle: Callable[[Call, Any], Any]
    writes: bool
    """Whether it changes anything: then it is answered once, and again from memory."""
    of_person: bool = True
    """Whether `input` names a person, so that the envelope must name the home region."""
    still_holds: Callable[[Call], None] | None = None
    """Raises where what the same message did before was undone since: then its stored reply is not given again."""
    also: tuple[str, ...] = ()
    """Other numbers of the same transaction, such as 2207 for 2207A."""
    gives_file: bool = False
    """Whether success is the bytes of a file, without an envelope (interface §4.36)."""
    listed: bool = field(default=False, kw_only=True)
    """Whether `output` is a list of `reply` instead of one."""
    section: str = field(kw_only=True)
    """Where the interface describes it, such as §4.9."""
    mark: Mark = field(default=Mark.AGREED, kw_only=True)
    doubt: str = field(default="", kw_only=True)
    """What nobody has confirmed of it, and what this centre does therefore; for the reference page."""
