"""Which cases a member of staff may see."""

from typing import TypeVar

from django.db.models import Model, QuerySet

from yidi.accounts.actors import Actor, ActorKind
from yidi.accounts.terms import MATRIX, Action
from yidi.reference import regions

Row = TypeVar("Row", bound=Model)


def in_region(
    rows: QuerySet[Row], actor: Actor, action: Action, path: str = "coverage__pool"
) -> QuerySet[Row]:
    """Of some rows those for whose pool the actor may do this (as `Actor.must_do`); none for anybody else.

    `path` leads from a row to the code of its pool.
    """
    if actor.kind is not ActorKind.CLERK or not actor.roles & MATRIX[action]:
        return rows.none()
    if actor.region == regions.NATION:
        return rows
    return rows.filter(**{f"{path}__in": regions.within(actor.region)})
