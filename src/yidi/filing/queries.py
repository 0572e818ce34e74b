"""How a visit stands to the filing rules."""

from datetime import date

from django.db.models import Q

from yidi.filing.errors import NoFiling
from yidi.filing.models import Filing
from yidi.filing.states import IN_EFFECT
from yidi.people.models import Coverage
from yidi.policy.book import book
from yidi.policy.resolve import filing_rules, situation_of
from yidi.reference import regions
from yidi.values.terms import Scheme, Situation


def in_force(coverage: Coverage, care_region: str, on: date, known_by: date) -> Filing | None:
    """The filing that covers care in a region on the day of service `on`, if any was in effect by `known_by`.

    A filing made after the visit but before settling counts (back-filing, facts N-303): settling passes the day of
    settling as `known_by`, a claim the day of service itself.
    """
    return (
        coverage.filings.filter(
            Q(ends__isnull=True) | Q(ends__gte=on),
            care_region=regions.pool_of(care_region),
            state__in=IN_EFFECT,
            starts__lte=known_by,
        )
        .order_by("-starts")
        .first()
    )


def situation(
    coverage: Coverage, care_region: str, on: date, known_by: date, emergency: bool = False
) -> Situation:
    """How care in a region on a day stands to the home pool's filing rules. Never raises for lack of a filing."""
    filing = in_force(coverage, care_region, on, known_by)
    filed = Situation(filing.kind) if filing else Situation.EMERGENCY if emergency else Situation.UNFILED
    rules = filing_rules(book(), coverage.pool, Scheme(coverage.scheme), on)
    return situation_of(coverage.pool, care_region, rules, filed)


def check_settles_directly(coverage: Coverage, care_region: str, where: Situation, on: date) -> None:
    """Raises NoFiling where the home pool does not settle an unfiled visit directly."""
    rules = filing_rules(book(), coverage.pool, Scheme(coverage.scheme), on)
    if where is Situation.UNFILED and not rules.unfiled_settles_directly:
        raise NoFiling(care=regions.full_name(regions.pool_of(care_region)))
