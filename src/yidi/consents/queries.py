"""Who may act for whom today."""

from datetime import date

from django.db.models import Q, QuerySet

from yidi.consents.models import Consent
from yidi.consents.terms import Way
from yidi.people.models import Person


def in_force(on: date) -> QuerySet[Consent]:
    """The consents that let somebody act on a day."""
    return Consent.objects.filter(
        Q(ends__isnull=True) | Q(ends__gte=on),
        starts__lte=on,
        accepted_at__isnull=False,
        revoked_at__isnull=True,
    )


def helped_by(helper: Person, on: date) -> QuerySet[Person]:
    """The people for whom a relative may act on a day, in the order of their numbers."""
    consents = in_force(on).filter(helper=helper)
    return Person.objects.filter(consents__in=consents).distinct().order_by("number")


def relative_may(helper_number: str, person: Person, on: date) -> bool:
    """Whether the person with that number may act for another one on a day."""
    return in_force(on).filter(person=person, helper__number=helper_number).exists()


def window_may(clerk: str, person: Person, on: date) -> bool:
    """Whether the person's consent at the window is on record for that clerk and day."""
    return in_force(on).filter(person=person, clerk=clerk, way=str(Way.WINDOW)).exists()
