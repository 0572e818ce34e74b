"""The providers that people chose for their care at home: made and withdrawn by the provider itself (定点备案)."""

from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from yidi.accounts.actors import Actor
from yidi.audit.services import record
from yidi.casework import services as casework
from yidi.casework.queries import key_of
from yidi.people.models import Coverage, Person
from yidi.people.queries import need_during
from yidi.providers.models import Provider
from yidi.qualification.errors import (
    AlreadyDesignated,
    EndsBeforeStart,
    NotAtProvider,
    UnknownDesignation,
)
from yidi.qualification.models import Designation
from yidi.qualification.queries import covers, held_on, names_of
from yidi.reference import diseases


@transaction.atomic
def designate(
    coverage: Coverage,
    provider: Provider,
    rank: str,
    starts: date,
    ends: date | None,
    actor: Actor,
    *,
    phone: str = "",
    address: str = "",
    agent: str = "",
    note: str = "",
) -> Designation:
    """Note that a person chose a provider, at a place among theirs.

    Raises EndsBeforeStart, NotInsured, NotAtProvider where every approval of theirs names other providers,
    AlreadyDesignated where provider or place is taken on one of the days.
    """
    if ends is not None and ends < starts:
        raise EndsBeforeStart(starts=starts, ends=ends)
    casework.hold(coverage)
    need_during(coverage, starts, ends)
    _check_approvals(coverage, provider, starts)
    _check_room(coverage, provider, rank, starts, ends)
    made = Designation.objects.create(
        coverage=coverage,
        provider=provider,
        rank=rank,
        starts=starts,
        ends=ends,
        phone=phone,
        address=address,
        agent=agent,
        note=note,
    )
    record(actor, "designations:made", made.number)
    return made


def _check_approvals(coverage: Coverage, provider: Provider, on: date) -> None:
    held = list(held_on(coverage, on))
    if held and not any(covers(case, provider) for case in held):
        name = diseases.disease(held[0].disease).name
        raise NotAtProvider(disease=name, provider=provider.name, named=names_of(held[0].providers))


def _check_room(coverage: Coverage, provider: Provider, rank: str, starts: date, ends: date | None) -> None:
    others = coverage.designations.filter(
        Q(ends__isnull=True) | Q(ends__gte=starts),
        Q(provider=provider) | Q(rank=rank),
        withdrawn_at__isnull=True,
    )
    taken = (others.filter(starts__lte=ends) if ends else others).select_related("provider").first()
    if taken is not None:
        raise AlreadyDesignated(
            number=taken.number,
            provider=taken.provider.name,
            rank=taken.rank,
            starts=taken.starts,
            ends=taken.ends or "—",
        )


@transaction.atomic
def withdraw(provider: Provider, number: str, person: Person, reason: str, actor: Actor) -> None:
    """Withdraw what the provider itself made for a person. Raises UnknownDesignation, also where it is withdrawn already."""
    standing = Designation.objects.select_for_update(of=("self",)).filter(
        pk=key_of(number, "D"), provider=provider, coverage__person=person, withdrawn_at__isnull=True
    )
    made = standing.first()
    if made is None:
        raise UnknownDesignation(number=number)
    made.withdrawn_at = timezone.now()
    made.save(update_fields=["withdrawn_at"])
    record(actor, "designations:withdrawn", made.number, reason)


def of_person(person: Person) -> QuerySet[Designation]:
    """The designations of a person that were not withdrawn, in the order of their days and places."""
    rows = Designation.objects.filter(coverage__person=person, withdrawn_at__isnull=True)
    return rows.select_related("coverage", "provider").order_by("starts", "rank", "pk")
