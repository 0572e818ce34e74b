"""Who may do what: the table of offices, as the code reads it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yidi.accounts.doors import staff_only
from yidi.accounts.terms import MATRIX, Action, Role
from yidi.desk.clerks import clerk_of


@dataclass(frozen=True, slots=True)
class Row:
    """What may be done, and for each office whether it may."""

    action: Action
    may: tuple[bool, ...]
    mine: bool


@staff_only()
@require_safe
def roles(request: HttpRequest) -> HttpResponse:
    """The matrix; the reader's own offices are marked."""
    held = clerk_of(request).roles
    context = {"roles": tuple(Role), "held": held, "rows": tuple(_rows(held))}
    return render(request, "desk/staff/roles.html", context)


def _rows(held: frozenset[Role]) -> Iterator[Row]:
    for action, holders in MATRIX.items():
        yield Row(action, tuple(role in holders for role in Role), bool(held & holders))
