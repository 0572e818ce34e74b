"""Looking at cases, their papers and the people they are about: staff see them with a reason, and the log keeps it."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from yidi.accounts.actors import Actor
from yidi.accounts.terms import Action
from yidi.audit.queries import looked_since
from yidi.audit.services import looked, said
from yidi.audit.terms import LookReason
from yidi.casework.queries import pools_of
from yidi.evidence.models import Paper
from yidi.operations.cases import NEVER_HANDED_IN, ROOMS, find_for_clerk
from yidi.operations.errors import UnknownCase
from yidi.people.models import Person
from yidi.values.terms import Material

LIES_OPEN = timedelta(hours=1)
"""A paper opened so soon after its case is part of the same look."""


def open_case(number: str, clerk: Actor) -> Any:
    """A case of the clerk's region, for working on it: the log keeps that it was opened. Raises what `find_for_clerk` raises."""
    case = find_for_clerk(number, clerk)
    looked(clerk, case.coverage.person.number, case.number, f"办理 {case.number}")
    return case


def open_paper(key: int, clerk: Actor) -> Paper:
    """A paper of a case of the clerk's region, also one that was removed. Raises UnknownCase, NotAllowed."""
    paper = Paper.objects.select_related("person").filter(pk=key).first()
    if paper is None:
        raise UnknownCase(number=key)
    case = find_for_clerk(paper.subject, clerk)
    clerk.must_do(Action.SEE_PERSON, case.coverage.pool)
    since = timezone.now() - LIES_OPEN
    if not looked_since(clerk.name, paper.person.number, case.number, since):
        looked(clerk, paper.person.number, case.number, f"查看材料：{Material(paper.material).zh}")
    return paper


def unveil(case: Any, clerk: Actor, reason: LookReason, text: str) -> None:
    """Note why a clerk wants to see everything that a case holds of its person. Raises NotAllowed, ReasonMissing."""
    clerk.must_do(Action.SEE_PERSON, case.coverage.pool)
    looked(
        clerk, case.coverage.person.number, case.number, f"显示完整信息：{said(reason, text, case.number)}"
    )


def cases_of_person(person: Person, clerk: Actor) -> Iterable[Any]:
    """The person's cases in the clerk's region that were handed in, the newest first: one query per kind."""
    found = [
        case
        for room in ROOMS.values()
        for case in room.model.objects.select_related(*room.joined).filter(
            coverage__person=person, coverage__pool__in=pools_of(clerk.region)
        )
        if case.submitted_on is not None or case.state not in NEVER_HANDED_IN
    ]
    return sorted(found, key=lambda case: case.created, reverse=True)
