"""How a visit stands to the filing rules; which filings there are, and what is wanted of those who file."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import BigIntegerField, DateField, Q, QuerySet

from yidi.casework.queries import in_hand, within
from yidi.evidence.queries import materials_of
from yidi.filing.errors import NoFiling
from yidi.filing.models import Filing
from yidi.filing.states import IN_EFFECT, MACHINE, State
from yidi.people.models import Coverage, Person
from yidi.policy.book import book
from yidi.policy.case_rules import KindOfFiling
from yidi.policy.cases import filing_kind, filing_rules, situation_of, unfiled_settles
from yidi.reference import regions
from yidi.statements import Query, Slot
from yidi.values import materials
from yidi.values.terms import CLASS_OF_SITUATION, FilingClass, FilingKind, Material, Scheme, Situation

LONG_TERM = [
    str(situation) for situation, klass in CLASS_OF_SITUATION.items() if klass is FilingClass.LONG_TERM
]
"""The kinds of filing of those who live elsewhere; a kind is spelt as the situation that rests on it."""
MADE_HERE = (Material.FILING_FORM, Material.JIANGXI_FILING_FORM)
"""The forms that applicants need not bring: they are made of what was filled in when the filing is handed in."""
GIVES_WAY_TO_EMERGENCY = (Situation.UNFILED, Situation.OTHER_TEMPORARY)
"""An emergency is deemed filed (facts N-205): it never stands worse than without the emergency."""


def _in_effect() -> QuerySet[Filing]:
    """The filings of a coverage that have not ended by `on`, and were made and in effect by `known_by`."""
    on, known_by = Slot("on", DateField()), Slot("known_by", DateField())
    return Filing.objects.filter(
        Q(ends__isnull=True) | Q(ends__gte=on),
        coverage_id=Slot("coverage", BigIntegerField()),
        state__in=IN_EFFECT,
        filed_on__lte=known_by,
    )


_USABLE = Query(
    lambda: (
        _in_effect()
        .filter(care_region=Slot("care"), starts__lte=Slot("known_by", DateField()))
        .order_by("starts", "pk")
    )
)
_CARED_IN = Query(
    lambda: (
        _in_effect()
        .filter(kind__in=LONG_TERM, starts__lte=Slot("on", DateField()))
        .values_list("care_region")
    )
)


def in_force(coverage: Coverage, care_region: str, on: date, known_by: date) -> Filing | None:
    """The filing that covers care in a region on the day of service `on`, if any was made and in effect by `known_by`.

    One that held on the day goes first. One that began after the visit but before settling counts too (back-filing,
    facts N-303): settling passes the day of settling as `known_by`, a claim the day of service itself.
    """
    usable = _USABLE.all(coverage=coverage.pk, care=regions.pool_of(care_region), on=on, known_by=known_by)
    held = [filing for filing in usable if filing.starts <= on]
    return held[-1] if held else next(iter(usable), None)


def situation(
    coverage: Coverage, care_region: str, on: date, known_by: date, emergency: bool = False
) -> Situation:
    """How care in a region on a day stands to the home pool's filing rules. Never raises for lack of a filing."""
    filing = in_force(coverage, care_region, on, known_by)
    filed = Situation(filing.kind) if filing else Situation.UNFILED
    if emergency and filed in GIVES_WAY_TO_EMERGENCY:
        filed = Situation.EMERGENCY
    rules = filing_rules(book(), coverage.pool, Scheme(coverage.scheme), on)
    at_home = rules.returning_reduced and regions.same_province(coverage.pool, care_region)
    elsewhere = at_home and lives_elsewhere(coverage, on, known_by)
    return situation_of(coverage.pool, care_region, rules, filed, elsewhere)


def lives_elsewhere(coverage: Coverage, on: date, known_by: date) -> bool:
    """Whether a long-term filing for another province covers the day of service and was in effect by `known_by`."""
    cared_in = _CARED_IN.all(coverage=coverage.pk, on=on, known_by=known_by)
    return any(not regions.same_province(coverage.pool, care) for (care,) in cared_in)


def check_settles_directly(coverage: Coverage, care_region: str, where: Situation, on: date) -> None:
    """Raises NoFiling where the home pool does not settle an unfiled visit directly, MissingParameter where no source says."""
    if where is not Situation.UNFILED:
        return
    if not unfiled_settles(book(), coverage.pool, Scheme(coverage.scheme), on):
        raise NoFiling(care=regions.full_name(regions.pool_of(care_region)))


def of_same_insurance(coverage: Coverage, care_region: str) -> QuerySet[Filing]:
    """Every filing for a city that the person has in the same pool and scheme, as whatever standing."""
    return Filing.objects.filter(
        coverage__person=coverage.person,
        coverage__pool=coverage.pool,
        coverage__scheme=coverage.scheme,
        care_region=care_region,
    ).order_by("pk")


def effective_in(pools: Sequence[str]) -> QuerySet[Filing]:
    """The filings that are or were in effect, of people of some pools, in the order in which they came."""
    rows = Filing.objects.filter(coverage__pool__in=pools, state__in=IN_EFFECT)
    return rows.select_related("coverage__person").order_by("pk")


def of_person(person: Person) -> QuerySet[Filing]:
    """Every filing of a person, the newest first."""
    return Filing.objects.filter(coverage__person=person).order_by("-created", "-pk")


def open_for(region: str) -> QuerySet[Filing]:
    """The work list of a region's agency: filings that wait for it, the nearest deadline first."""
    return in_hand(within(Filing.objects.select_related("coverage__person"), region), MACHINE)


def lapsed(today: date) -> QuerySet[Filing]:
    """The filings in effect whose last day has passed."""
    return Filing.objects.filter(state=str(State.ACTIVE), ends__lt=today)


def expiring_within(days: int, today: date) -> QuerySet[Filing]:
    """The filings in effect whose last day is today or one of the next `days`, the nearest first."""
    last = today + timedelta(days=days)
    return Filing.objects.filter(state=str(State.ACTIVE), ends__gte=today, ends__lte=last).order_by(
        "ends", "pk"
    )


def rule_of(filing: Filing) -> KindOfFiling:
    """What the home pool says of such a filing. Raises what `filing_kind` raises."""
    coverage = filing.coverage
    return filing_kind(book(), coverage.pool, Scheme(coverage.scheme), FilingKind(filing.kind), filing.starts)


def wanted(filing: Filing) -> tuple[tuple[str, ...], ...]:
    """The papers that the home pool wants with such a filing: all of the outer, any one of each inner."""
    return rule_of(filing).materials


def lineage(filing: Filing) -> tuple[Filing, ...]:
    """The filing, and those that it renews: the same kind and place, so that their papers need not be shown again."""
    old = filing.replaces
    renews = old is not None and (old.kind, old.care_region) == (filing.kind, filing.care_region)
    return (filing, *lineage(old)) if old is not None and renews else (filing,)


def shown(filing: Filing) -> frozenset[Material]:
    """The papers that are there, with those of the filings that it renews."""
    return frozenset[Material]().union(*(materials_of(one.number) for one in lineage(filing)))


def made_here_of(filing: Filing) -> frozenset[Material]:
    """The form that the pool asks for: it is made of what was filled in, so that nobody need bring it."""
    return frozenset(Material(name) for group in wanted(filing) for name in group if name in MADE_HERE)


def asked_of(filing: Filing) -> tuple[materials.Group, ...]:
    """The groups of papers of which one is still wanted before the filing can be handed in."""
    return materials.missing(wanted(filing), shown(filing) | made_here_of(filing))


def promised(filing: Filing) -> tuple[materials.Group, ...]:
    """The groups of papers for which a commitment letter stands, to be supplied later (fact N-208)."""
    held = shown(filing)
    if Material.COMMITMENT not in held:
        return ()
    owed = materials.missing(wanted(filing), held - {Material.COMMITMENT} | made_here_of(filing))
    return tuple(tuple(paper for paper in group if paper is not Material.COMMITMENT) for group in owed)
