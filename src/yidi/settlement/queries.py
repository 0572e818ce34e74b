"""Finding visits and settlements; telling how a settlement came about."""

from dataclasses import replace

from yidi.benefit.adjudicate import Decision, adjudicate
from yidi.benefit.split import whole_split
from yidi.catalogue.lines import split_of_row
from yidi.ledger.services import counters_of
from yidi.people.models import Person
from yidi.policy.rules import restore
from yidi.providers.models import Provider
from yidi.settlement.errors import UnknownSettlement, UnknownVisit, VisitOfAnother
from yidi.settlement.models import Settlement, Visit
from yidi.settlement.states import SettlementKind, VisitState


def visit_of(provider: Provider, number: str, person: Person) -> Visit:
    """The open visit of a provider by its number. Raises UnknownVisit, VisitOfAnother."""
    visit = (
        Visit.objects.select_related("provider", "coverage__person")
        .filter(provider=provider, pk=_key(number), state=str(VisitState.OPEN))
        .first()
    )
    if visit is None:
        raise UnknownVisit(visit=number)
    if visit.coverage.person_id != person.pk:
        raise VisitOfAnother(visit=number, person=person.number)
    return visit


def settlement_of(visit: Visit, number: str) -> Settlement:
    """A settlement of a visit by its number. Raises UnknownSettlement."""
    found = visit.settlements.filter(pk=_key(number), kind=str(SettlementKind.SETTLE)).first()
    if found is None:
        raise UnknownSettlement(settlement=number)
    return found


def by_message(provider: Provider, kind: SettlementKind, message: str) -> Settlement | None:
    """The settlement or cancellation that a provider's message asked for."""
    return Settlement.objects.filter(provider=provider, kind=str(kind), provider_message=message).first()


def decision_of(settlement: Settlement) -> Decision:
    """The decision behind a settlement, computed again from the rule and the counters that were kept with it.

    Its lines are there as long as they stand; a cancelled settlement may have lost them to a withdrawal.
    """
    split = whole_split(settlement.total, settlement.excluded, settlement.over_limit, settlement.upfront)
    lines = settlement.visit.lines.filter(batch=settlement.batch).order_by("pk")
    split = replace(split, lines=tuple(split_of_row(line) for line in lines))
    rule = restore(settlement.rule.canonical)
    return adjudicate(split, rule, counters_of(settlement.used_before), settlement.on)


def _key(number: str) -> int:
    """The row that a number of ours names; -1, which no row has, for anything else."""
    return int(number) if number.isascii() and number.isdigit() and len(number) <= 18 else -1
