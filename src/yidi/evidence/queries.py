"""Which papers a case has."""

from django.db.models import QuerySet

from yidi.evidence.models import Paper
from yidi.people.models import Person
from yidi.values.terms import Material


def papers_of(subject: str) -> QuerySet[Paper]:
    """The papers of a case that are there, in the order in which they came."""
    return Paper.objects.filter(subject=subject, removed_at__isnull=True).order_by("pk")


def removed_papers_of(subject: str) -> QuerySet[Paper]:
    """The papers of a case that were removed."""
    return Paper.objects.filter(subject=subject, removed_at__isnull=False).order_by("pk")


def materials_of(subject: str) -> frozenset[Material]:
    """The materials of which a case has at least one paper."""
    return frozenset(Material(name) for name in papers_of(subject).values_list("material", flat=True))


def papers_about(person: Person) -> QuerySet[Paper]:
    """The papers of all cases of a person that are there and of which a file is kept."""
    return Paper.objects.filter(person=person, removed_at__isnull=True, blob__isnull=False)
