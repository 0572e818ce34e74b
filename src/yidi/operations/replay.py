"""An old decision made again from the rule that was kept under its hash and the counters that were kept with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from yidi.benefit.adjudicate import Decision
from yidi.claims.errors import UnknownClaim
from yidi.claims.models import ClaimAssessment
from yidi.claims.queries import by_number, decision_in, latest_assessment
from yidi.ledger.checks import UNREADABLE
from yidi.ledger.models import AMOUNTS
from yidi.ledger.services import amounts_of
from yidi.operations.errors import NothingToReplay, NotReplayable
from yidi.settlement.models import Settlement
from yidi.settlement.queries import decision_of as settlement_decision
from yidi.settlement.states import SettlementKind


@dataclass(frozen=True, slots=True)
class Replay:
    """A stored decision beside the same decision made again; amounts in fen by the names of `ledger.models.AMOUNTS`."""

    number: str
    on: date
    """The day of service."""
    at: datetime
    """When it was decided."""
    digest: str
    stored: Mapping[str, int]
    again: Mapping[str, int]
    decision: Decision

    @property
    def differing(self) -> list[str]:
        """The amounts that came out otherwise; none, if the decision stands."""
        return [name for name in AMOUNTS if self.stored[name] != self.again[name]]


def replay(number: str) -> Replay:
    """Make the decision of a settlement or claim again. Raises NothingToReplay, NotReplayable."""
    row, on, at = _find(number)
    try:
        decision = settlement_decision(row) if isinstance(row, Settlement) else decision_in(row)
    except UNREADABLE as reason:
        raise NotReplayable(number=number, digest=row.rule.digest, why=str(reason).splitlines()[0]) from None
    if decision.rule.digest != row.rule.digest:
        raise NotReplayable(number=number, digest=row.rule.digest, why="留存的规则与其摘要不符")
    stored = {name: getattr(row, name) for name in AMOUNTS}
    return Replay(number, on, at, row.rule.digest, stored, amounts_of(decision), decision)


def _find(number: str) -> tuple[Settlement | ClaimAssessment, date, datetime]:
    if number.isascii() and number.isdigit() and len(number) <= 18:
        rows = Settlement.objects.select_related("rule", "visit").filter(kind=str(SettlementKind.SETTLE))
        settlement = rows.filter(pk=int(number)).first()
        if settlement is not None:
            return settlement, settlement.on, settlement.at
    try:
        assessment = latest_assessment(by_number(number))
    except UnknownClaim:
        assessment = None
    if assessment is None:
        raise NothingToReplay(number=number)
    return assessment, assessment.claim.day, assessment.at
