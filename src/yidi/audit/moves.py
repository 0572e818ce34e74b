"""Moving a case from one state to the next: the same in every room."""

from collections.abc import Mapping
from typing import Any, Protocol

from django.db import transaction

from yidi.audit.services import Acting, record
from yidi.values.transitions import State, Transitions


class Case(Protocol):
    """A row that has states: a model with a number that people see."""

    pk: Any
    state: Any
    _default_manager: Any

    @property
    def number(self) -> str: ...

    def save(self, *, update_fields: Any = None) -> None: ...


@transaction.atomic
def move(
    case: Case,
    transitions: Transitions[State],
    wanted: State,
    actor: Acting,
    action: str,
    reason: str = "",
    also: Mapping[str, Any] | None = None,
) -> None:
    """Move a case, write the fields in `also` with it and nothing else, and note who did it.

    The row is locked and the move checked against its state now, whatever the caller's copy says. Raises IllegalMove;
    then the copy is left as it was.
    """
    row = locked(case)
    transitions.check(case.number, type(wanted)(row.state), wanted)
    changes = {**(also or {}), "state": str(wanted)}
    for name, value in changes.items():
        setattr(case, name, value)
    case.save(update_fields=list(changes))
    record(actor, action, case.number, reason)


def locked(case: Any) -> Any:
    """The case's row as it is now, held until the transaction ends."""
    return type(case)._default_manager.select_for_update(of=("self",)).get(pk=case.pk)
