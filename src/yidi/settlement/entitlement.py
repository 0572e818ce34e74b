"""What a person may draw at a provider, before there is any bill: the checks of settling, asked of a visit not made yet."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from yidi.benefit.adjudicate import Decision
from yidi.benefit.split import whole_split
from yidi.filing.queries import in_force
from yidi.people.models import Coverage
from yidi.providers.models import Provider
from yidi.qualification import queries as qualifications
from yidi.reference import diseases, regions
from yidi.settlement.models import Visit
from yidi.settlement.services import answer_for
from yidi.values.errors import Refusal
from yidi.values.terms import Benefit, Fund


@dataclass(frozen=True, slots=True)
class Entitlement:
    """Whether one fund pays for such a visit."""

    fund: Fund
    starts: date
    ends: date | None
    """Last day, as far as it is set already."""
    hindrance: Refusal | None
    """Why the fund does not pay; None = it does."""
    decision: Decision | None
    """What settling a bill of nothing comes to: the rule, and the room under its ceilings."""


def entitlements(
    provider: Provider,
    coverage: Coverage,
    benefit: Benefit,
    disease: str,
    at: datetime,
    *,
    emergency: bool = False,
) -> list[Entitlement]:
    """Fund by fund, the basic one first, whether it would pay for a visit then. Writes nothing.

    Where the visit could not be settled at all there is one, of the basic fund, that says why. Raises UnknownDisease.
    """
    if disease:
        diseases.disease(disease)
    visit = Visit(
        provider=provider,
        coverage=coverage,
        began=at,
        benefit=str(benefit),
        disease=disease,
        emergency=emergency,
    )
    on = timezone.localdate(at)
    try:
        decision = answer_for(visit, whole_split(0, 0, 0, 0)).decision
    except Refusal as refusal:
        return [Entitlement(Fund.BASIC, on, None, refusal, None)]
    starts, ends = _days(visit, on)
    funds = (Fund.BASIC, *(layer.fund for layer in decision.rule.layers))
    return [Entitlement(fund, starts, ends, None, decision) for fund in funds]


def _days(visit: Visit, on: date) -> tuple[date, date | None]:
    """From when to when all holds that the visit stands on: insurance, qualification, filing.

    A filing made after the visit covers it too, so that the first day is never after the day itself.
    """
    coverage, region = visit.coverage, visit.provider.region
    spans = [(coverage.starts, coverage.ends)]
    if visit.disease:
        held = qualifications.need(coverage, visit.disease, on, visit.provider)
        spans.append((held.starts or on, held.ends))
    filing = in_force(coverage, region, on, timezone.localdate())
    if filing is not None and regions.pool_of(region) != regions.pool_of(coverage.pool):
        spans.append((filing.starts, filing.ends))
    ends = [last for _, last in spans if last is not None]
    return min(max(first for first, _ in spans), on), min(ends, default=None)
