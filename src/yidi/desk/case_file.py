"""All that lies before a clerk who has a case open: gathered from the rooms, for one page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.utils import timezone

from yidi.accounts.actors import Actor
from yidi.accounts.queries import names_of
from yidi.accounts.terms import Action
from yidi.audit.models import Look
from yidi.audit.queries import looks_at
from yidi.casework.errors import SameClerk, VotedAlready
from yidi.casework.models import Vote
from yidi.casework.queries import votes_on
from yidi.casework.services import need_fresh_eyes
from yidi.casework.terms import Verdict
from yidi.evidence.models import Paper
from yidi.evidence.queries import papers_of, removed_papers_of
from yidi.filing.models import Filing
from yidi.filing.queries import lineage, promised
from yidi.operations.cases import Happening, room_of, state_of, timeline
from yidi.operations.deadlines import Deadline, deadline
from yidi.operations.demands import Demand, demand_of
from yidi.operations.handling import offers, version_of
from yidi.operations.looks import cases_of_person
from yidi.operations.terms import Offer
from yidi.pages.papers import PapersBlock
from yidi.values import materials
from yidi.values.errors import Refusal
from yidi.values.identity import age_on
from yidi.values.terms import CaseKind, Term

APPEALED = "appeal"
"""How the verb of an appeal ends in the trail."""


@dataclass(frozen=True)
class CaseFile:
    """A case as one clerk sees it."""

    case: Any
    clerk: Actor

    @cached_property
    def today(self) -> date:
        """The day on which it is looked at."""
        return timezone.localdate()

    @property
    def kind(self) -> CaseKind:
        """Which of the three kinds it is of."""
        return room_of(self.case).kind

    @property
    def state(self) -> Term:
        """Its state as a word."""
        return state_of(self.case)

    @property
    def pool(self) -> str:
        """The pool whose agency decides."""
        pool: str = self.case.coverage.pool
        return pool

    @cached_property
    def may_see_person(self) -> bool:
        """Whether the clerk may see papers and the person's data in full."""
        return self.clerk.may_do(Action.SEE_PERSON, self.pool)

    @cached_property
    def may_see_looks(self) -> bool:
        """Whether the clerk may see who looked at it."""
        return self.clerk.may_do(Action.SEE_TRAIL, self.pool)

    @cached_property
    def version(self) -> int:
        """What its forms send back, so that nothing is done to a case that has changed meanwhile."""
        return version_of(self.case.number)

    @cached_property
    def deadline(self) -> Deadline | None:
        """Its clock."""
        return deadline(self.case, self.today)

    @cached_property
    def demand(self) -> Demand | Refusal:
        """What the rules of the pool want, or why they do not say."""
        try:
            return demand_of(self.case)
        except Refusal as refusal:
            return refusal

    @cached_property
    def papers(self) -> PapersBlock:
        """The papers by material, with those that are missing; a renewal stands on those of the filing before it too."""
        wanted = () if isinstance(self.demand, Refusal) else self.demand.materials
        held = [paper for one in self._lineage for paper in papers_of(one.number)]
        return PapersBlock(wanted, held, address="", viewer="desk:paper", takes=False, removes=False)

    @property
    def _lineage(self) -> Iterable[Any]:
        return lineage(self.case) if isinstance(self.case, Filing) else (self.case,)

    @cached_property
    def removed(self) -> list[Paper]:
        """Papers that were taken out again: they may have been before the eyes of whoever decided earlier."""
        return list(removed_papers_of(self.case.number))

    @cached_property
    def missing(self) -> tuple[materials.Group, ...]:
        """Groups of papers that the rules want and that are not there."""
        return tuple(row.materials for row in self.papers.rows if row.asked and not row.have)

    @cached_property
    def promised(self) -> tuple[materials.Group, ...]:
        """Papers that a commitment letter stands for."""
        return promised(self.case) if isinstance(self.case, Filing) else ()

    @cached_property
    def offers(self) -> frozenset[Offer]:
        """What the clerk may do with it now."""
        return offers(self.case, self.clerk)

    @cached_property
    def not_you(self) -> SameClerk | VotedAlready | None:
        """Why the decision is not this clerk's to make, though their offices would allow it; None where it is."""
        try:
            need_fresh_eyes(self.case, self.clerk.name)
        except SameClerk as refusal:
            return refusal
        if any(counts and vote.clerk == self.clerk.name for vote, _verdict, counts in self.votes):
            return VotedAlready(clerk=self.clerk.name, number=self.case.number)
        return None

    @cached_property
    def happenings(self) -> list[Happening]:
        """Everything that was ever done with it, the last thing first."""
        return timeline(self.case.number)[::-1]

    @property
    def grounds(self) -> str:
        """What the last appeal says."""
        said = (step.reason for step in self.happenings if step.what.endswith(APPEALED))
        return next(said, "") if self.case.appeals else ""

    @cached_property
    def looks(self) -> list[Look]:
        """Who was shown it, the last one first; only for those who may see that."""
        return list(looks_at(self.case.number)[:50]) if self.may_see_looks else []

    @cached_property
    def votes(self) -> list[tuple[Vote, Verdict, bool]]:
        """Every vote: the verdict as a word, and whether it counts in this round."""
        given = votes_on(self.case.number)
        return [(vote, Verdict(vote.verdict), vote.round == self.case.appeals) for vote in given]

    @property
    def votes_needed(self) -> int:
        """How many clerks must agree; 1 = no votes are taken."""
        return 1 if isinstance(self.demand, Refusal) else self.demand.reviewers

    @cached_property
    def others(self) -> list[tuple[Any, CaseKind, Term]]:
        """The person's other cases here: with kind and state."""
        found = cases_of_person(self.case.coverage.person, self.clerk)
        return [
            (case, room_of(case).kind, state_of(case)) for case in found if case.number != self.case.number
        ]

    @property
    def age(self) -> int:
        """The person's age today."""
        return age_on(self.case.coverage.person.born, self.today)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What the clerks are called who had to do with it, by sign-in name."""
        held = [self.case.assigned_to, self.case.decided_by]
        done = [step.actor for step in self.happenings] + [vote.clerk for vote, _verdict, _now in self.votes]
        return names_of([*held, *done, *(look.actor for look in self.looks)])
