"""What a settled bill or an assessed claim came to, made ready for a page: who pays, step by step, what would change it."""

from collections.abc import Mapping
from dataclasses import dataclass

from yidi.benefit.adjudicate import Decision
from yidi.benefit.assess import Assessment
from yidi.benefit.counterfactual import Counterfactual
from yidi.benefit.explain import Step
from yidi.benefit.split import LineSplit
from yidi.claims.models import Claim
from yidi.claims.queries import explanation_of as explanation_of_claim
from yidi.ledger.checks import UNREADABLE
from yidi.operations.errors import NotReplayable
from yidi.policy.pack import ConflictDoc
from yidi.settlement.models import Settlement
from yidi.settlement.queries import explanation_of as explanation_of_settlement
from yidi.values.terms import Fund


@dataclass(frozen=True, slots=True)
class Payer:
    """Who pays a part, in fen; `fund` None = the person, in cash."""

    fund: Fund | None
    amount: int


@dataclass(frozen=True, slots=True)
class Explained:
    """An assessment as pages show it."""

    assessment: Assessment

    @property
    def decision(self) -> Decision:
        """The amounts."""
        return self.assessment.decision

    @property
    def lines(self) -> tuple[LineSplit, ...]:
        """The bill's lines in their four parts; none where they are not on record any more."""
        return self.decision.split.lines

    @property
    def payers(self) -> list[Payer]:
        """All who pay a part, the funds first; the basic fund and cash are named even where they pay nothing."""
        amounts = [(fund, self.decision.paid_by(fund)) for fund in Fund]
        funds = [Payer(fund, amount) for fund, amount in amounts if amount or fund is Fund.BASIC]
        return [*funds, Payer(None, self.decision.cash)]

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps in the order in which they were taken, each with its source."""
        return self.assessment.explanation.steps

    @property
    def why_not_more(self) -> tuple[Counterfactual, ...]:
        """What kept the funds from paying more."""
        return self.assessment.why_not_more

    @property
    def changes(self) -> tuple[Counterfactual, ...]:
        """What would change the result, by today's rules."""
        return self.assessment.changes

    @property
    def conflicts(self) -> Mapping[str, ConflictDoc | None]:
        """Where sources disagree, by id; None for what an old decision names and today's rules no longer do."""
        registered = self.assessment.case.book.conflicts
        return {name: registered.get(name) for name in self.decision.rule.contests}


def explained(row: Settlement | Claim) -> Explained | None:
    """How the amounts of a settlement or claim came about; None where a claim is not assessed yet.

    Raises NotReplayable where what was kept with the decision can no longer be read.
    """
    try:
        if isinstance(row, Settlement):
            return Explained(explanation_of_settlement(row))
        found = explanation_of_claim(row)
    except UNREADABLE as reason:
        kept = row if isinstance(row, Settlement) else row.assessments.latest("round")
        why = str(reason).splitlines()[0]
        raise NotReplayable(number=row.number, digest=kept.rule.digest, why=why) from None
    return Explained(found) if found else None
