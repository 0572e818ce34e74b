"""Reading the log of looks."""

from datetime import datetime

from django.db.models import QuerySet

from yidi.audit.models import Look


def looks_at(what: str) -> QuerySet[Look]:
    """Who was shown something, such as a case, the last one first."""
    return Look.objects.filter(what=what).order_by("-pk")


def looked_since(actor: str, person: str, what: str, since: datetime) -> bool:
    """Whether somebody was shown that of the person's data since then."""
    return Look.objects.filter(person=person, actor=actor, what=what, at__gte=since).exists()
