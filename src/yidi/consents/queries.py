"""Who may act for whom today."""

from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from yidi.accounts.actors import Actor, ActorKind
from yidi.consents.models import Consent
from yidi.consents.terms import Relation, Way
from yidi.documents.forms import Helper
from yidi.people.models import Person


def in_force(on: date) -> QuerySet[Consent]:
    """The consents that let somebody act on a day."""
    return Consent.objects.filter(
        Q(ends__isnull=True) | Q(ends__gte=on),
        starts__lte=on,
        accepted_at__isnull=False,
        revoked_at__isnull=True,
    )


def offers_of(person: Person | None = None) -> QuerySet[Consent]:
    """The offers, of one person or of all, whose code serves still."""
    offers = Consent.objects.filter(code_until__gt=timezone.now()).exclude(code_index="")
    return offers if person is None else offers.filter(person=person)


def given_by(person: Person) -> QuerySet[Consent]:
    """Every consent that a person gave, newest first."""
    return Consent.objects.filter(person=person).select_related("helper", "person").order_by("-pk")


def received_by(helper: Person) -> QuerySet[Consent]:
    """Every consent that a relative was given and answered, newest first."""
    return Consent.objects.filter(helper=helper).select_related("helper", "person").order_by("-pk")


def helped_by(helper: Person, on: date) -> QuerySet[Person]:
    """The people for whom a relative may act on a day, in the order of their numbers."""
    consents = in_force(on).filter(helper=helper)
    return Person.objects.filter(consents__in=consents).distinct().order_by("number")


def between(helper_number: str, person: Person, on: date) -> Consent | None:
    """The consent by which a relative acts for a person on a day."""
    found = in_force(on).filter(person=person, helper__number=helper_number)
    return found.select_related("helper").order_by("-pk").first()


def helper_of(person: Person, actor: Actor) -> Helper | None:
    """The relative who acts for a person, as forms name them; None where nobody does."""
    if actor.kind is not ActorKind.PERSON or not actor.principal:
        return None
    consent = between(actor.name, person, timezone.localdate())
    if consent is None or consent.helper is None:
        return None
    return Helper(name=consent.helper.name, relation=Relation(consent.relation).zh)


def relative_may(helper_number: str, person: Person, on: date) -> bool:
    """Whether the person with that number may act for another one on a day."""
    return in_force(on).filter(person=person, helper__number=helper_number).exists()


def window_may(clerk: str, person: Person, on: date) -> bool:
    """Whether the person's consent at the window is on record for that clerk and day."""
    return in_force(on).filter(person=person, clerk=clerk, way=str(Way.WINDOW)).exists()
