"""Finding visits and settlements; telling how a settlement came about."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from yidi.benefit.adjudicate import Decision, adjudicate
from yidi.benefit.assess import Assessment
from yidi.benefit.counterfactual import Case
from yidi.benefit.explain import explain
from yidi.benefit.split import whole_split
from yidi.catalogue.lines import split_of_row
from yidi.catalogue.models import CatalogueItem
from yidi.catalogue.queries import listed
from yidi.catalogue.terms import Category
from yidi.ledger.decisions import question_of
from yidi.ledger.services import counters_of, used_before
from yidi.people.models import Person
from yidi.people.queries import by_number
from yidi.policy.book import book
from yidi.policy.rules import restore
from yidi.providers.models import Provider
from yidi.qualification import queries as qualifications
from yidi.reference import regions
from yidi.settlement.errors import UnknownMessage, UnknownSettlement, UnknownVisit, VisitOfAnother
from yidi.settlement.models import Settlement, Visit, VisitLine
from yidi.settlement.states import SettlementKind, VisitState
from yidi.statements import Query, Slot
from yidi.values.terms import Benefit, Level, Situation

JOINED = ("provider", "visit__provider", "visit__coverage__person")
DRUGS = (Category.WESTERN_DRUG, Category.PATENT_DRUG, Category.HERBAL_SLICE)


def visit_of(provider: Provider, number: str, person: str) -> Visit:
    """The open visit of a person to a provider by its number. Raises UnknownPerson, UnknownVisit, VisitOfAnother."""
    visit = _OPEN_VISIT.first(provider=provider.pk, visit=_key(number))
    if visit is None:
        by_number(person)
        raise UnknownVisit(visit=number)
    if visit.coverage.person.number != person:
        raise VisitOfAnother(visit=number, person=by_number(person).number)
    return visit


_OPEN_VISIT = Query(
    lambda: Visit.objects.select_related("provider", "coverage__person").filter(
        pk=Slot("visit", BigIntegerField()),
        provider_id=Slot("provider", BigIntegerField()),
        state=str(VisitState.OPEN),
    )
)


def settlement_of(visit: Visit, number: str) -> Settlement:
    """A settlement of a visit by its number. Raises UnknownSettlement."""
    found = visit.settlements.filter(pk=_key(number), kind=str(SettlementKind.SETTLE)).first()
    if found is None:
        raise UnknownSettlement(settlement=number)
    return found


def visit_at(provider: Provider, number: str) -> Visit:
    """A visit of a provider by its number, in whatever state. Raises UnknownVisit."""
    visits = Visit.objects.select_related("provider", "coverage__person")
    found = visits.filter(provider=provider, pk=_key(number)).first()
    if found is None:
        raise UnknownVisit(visit=number)
    return found


def unsettled_at(provider: Provider) -> QuerySet[Visit]:
    """The open visits of a provider that no settlement stands on, the newest first."""
    standing = Settlement.objects.filter(
        visit=OuterRef("pk"), kind=str(SettlementKind.SETTLE), is_cancelled=False
    )
    visits = Visit.objects.filter(~Exists(standing), provider=provider, state=str(VisitState.OPEN))
    return visits.select_related("coverage__person").order_by("-began", "-pk")


def settled_at(provider: Provider) -> QuerySet[Settlement]:
    """The settlements of a provider, cancelled ones included, the newest first."""
    rows = Settlement.objects.filter(provider=provider, kind=str(SettlementKind.SETTLE))
    return rows.select_related("visit__coverage__person").prefetch_related("undoings").order_by("-at", "-pk")


def settlement_at(provider: Provider, number: str) -> Settlement:
    """A settlement of a provider by its number. Raises UnknownSettlement."""
    found = settled_at(provider).select_related(*JOINED).filter(pk=_key(number)).first()
    if found is None:
        raise UnknownSettlement(settlement=number)
    return found


def standing_of(visit: Visit) -> Settlement | None:
    """The settlement that stands on a visit, if there is one."""
    return visit.settlements.filter(kind=str(SettlementKind.SETTLE), is_cancelled=False).first()


def of_person(person: Person) -> QuerySet[Settlement]:
    """Every settlement of a person, cancelled ones included, the newest first."""
    rows = Settlement.objects.filter(visit__coverage__person=person, kind=str(SettlementKind.SETTLE))
    return rows.select_related(*JOINED).prefetch_related("undoings").order_by("-at", "-pk")


def own_settlement(person: Person, number: str) -> Settlement:
    """The person's settlement with that number. Raises UnknownSettlement, also where it is another's."""
    found = of_person(person).filter(pk=_key(number)).first()
    if found is None:
        raise UnknownSettlement(settlement=number)
    return found


def by_message(provider: Provider, kind: SettlementKind, message: str) -> Settlement | None:
    """The settlement or cancellation that a provider's message asked for."""
    return Settlement.objects.filter(provider=provider, kind=str(kind), provider_message=message).first()


def record_of(provider: Provider, person: Person, number: str = "", message: str = "") -> Settlement:
    """A settlement or a cancellation of a person by its number, or by the provider's message that asked for it.

    A cancellation that was reversed is none any more.
    Of a settlement and a cancellation of the same message the settlement. Raises UnknownSettlement, also where it is
    another provider's or another person's; UnknownMessage.
    """
    kinds = Q(kind=str(SettlementKind.SETTLE)) | Q(kind=str(SettlementKind.CANCEL), is_reversed=False)
    rows = Settlement.objects.filter(kinds, provider=provider, visit__coverage__person=person)
    asked = rows.filter(pk=_key(number)) if number else rows.filter(provider_message=message)
    found = asked.select_related(*JOINED, "cancels__rule", "rule").order_by("-kind").first()
    if found is None:
        raise UnknownSettlement(settlement=number) if number else UnknownMessage(message=message)
    return found


def visit_ever(provider: Provider, number: str, person: Person) -> Visit:
    """A visit of a person to a provider by its number, in whatever state. Raises UnknownVisit, VisitOfAnother."""
    visit = visit_at(provider, number)
    if visit.coverage.person_id != person.pk:
        raise VisitOfAnother(visit=number, person=person.number)
    return visit


def visits_between(provider: Provider, person: Person, since: datetime, until: datetime) -> QuerySet[Visit]:
    """The visits of a person to a provider that began in a stretch of time and were not withdrawn, the first first."""
    visits = Visit.objects.filter(
        provider=provider,
        coverage__person=person,
        began__gte=since,
        began__lte=until,
        state=str(VisitState.OPEN),
    )
    read = visits.select_related("provider", "coverage__person").prefetch_related("diagnoses", "settlements")
    return read.order_by("began", "pk")


def standing_among(visit: Visit) -> Settlement | None:
    """The settlement that stands on a visit whose settlements were read already."""
    rows = visit.settlements.all()
    return next((row for row in rows if row.kind == SettlementKind.SETTLE and not row.is_cancelled), None)


def lines_of(visit: Visit, settled: Settlement | None = None) -> list[VisitLine]:
    """The lines of a visit, or those that one settlement was made of, in the order in which they came."""
    lines = visit.lines.select_related("visit__provider", "visit__coverage__person").order_by("pk")
    return list(lines.filter(batch=settled.batch) if settled else lines)


def chronic_drugs(person: Person, since: datetime, until: datetime) -> list[VisitLine]:
    """The drugs that stand settled under the chronic-disease benefit, given in a stretch of time, by whatever provider.

    A line that does not say when counts with its visit's beginning.
    """
    standing = Settlement.objects.filter(
        visit=OuterRef("visit"), batch=OuterRef("batch"), kind=str(SettlementKind.SETTLE), is_cancelled=False
    )
    given = VisitLine.objects.annotate(given=Coalesce("occurred", "visit__began")).filter(
        Exists(standing),
        visit__coverage__person=person,
        visit__benefit=str(Benefit.CHRONIC_DISEASE),
        category__in=[str(category) for category in DRUGS],
        given__gte=since,
        given__lte=until,
    )
    return list(given.select_related("visit__provider", "visit__coverage__person").order_by("given", "pk"))


def items_of(lines: Iterable[VisitLine]) -> dict[int, CatalogueItem]:
    """What the catalogue that split each line says of it, by the line's key; nothing for what it does not list."""
    together: dict[tuple[str, date], list[VisitLine]] = {}
    for line in lines:
        place = regions.province_of(line.visit.provider.region), timezone.localdate(line.visit.began)
        together.setdefault(place, []).append(line)
    found: dict[int, CatalogueItem] = {}
    for (region, on), group in together.items():
        items = listed(region, {line.code for line in group}, on)
        found |= {line.pk: items[line.code] for line in group if line.code in items}
    return found


def decision_of(settlement: Settlement) -> Decision:
    """The decision behind a settlement, computed again from the rule and the counters that were kept with it.

    Its lines are there as long as they stand; a cancelled settlement may have lost them to a withdrawal.
    """
    split = whole_split(settlement.total, settlement.excluded, settlement.over_limit, settlement.upfront)
    lines = settlement.visit.lines.filter(batch=settlement.batch).order_by("pk")
    split = replace(split, lines=tuple(split_of_row(line) for line in lines))
    rule = restore(settlement.rule.canonical)
    return adjudicate(split, rule, counters_of(settlement.used_before), settlement.on)


def explanation_of(settlement: Settlement) -> Assessment:
    """A settlement's amounts step by step, why they are not more, and what would change them.

    The amounts are those of the kept rule; what would change them is answered by today's rule set.
    """
    visit = settlement.visit
    decision = decision_of(settlement)
    chronic = visit.benefit == Benefit.CHRONIC_DISEASE
    question = question_of(
        visit.coverage,
        settlement.provider,
        Benefit(visit.benefit),
        visit.disease,
        Situation(settlement.situation),
        settlement.on,
        qualifications.diseases_held(visit.coverage, settlement.on) if chronic else (),
        Level(settlement.level),
    )
    before = used_before(visit.coverage, settlement.posting)
    case = Case(book(), question, decision.split, lambda rule, on: before)
    return Assessment(case, decision, explain(decision))


def _key(number: str) -> int:
    """The row that a number of ours names; -1, which no row has, for anything else."""
    return int(number) if number.isascii() and number.isdigit() and len(number) <= 18 else -1
