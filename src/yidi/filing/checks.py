"""The invariants of filings."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef

from yidi.audit.findings import Check, Finding
from yidi.filing.models import Filing
from yidi.filing.states import IN_EFFECT, State


def _succeeded() -> Iterator[Finding]:
    """Whatever gave way has a filing that took its place, on a later day."""
    successors = Filing.objects.filter(
        replaces=OuterRef("pk"), state__in=IN_EFFECT, starts__gt=OuterRef("ends")
    )
    orphans = Filing.objects.filter(~Exists(successors), state=str(State.REPLACED))
    for filing in orphans.order_by("pk").iterator():
        yield Finding(filing.number, "已由新备案接替，而没有在其截止之后开始的新备案")


CHECKS = (Check("FILING-SUCCEEDED", "接替的备案从原备案截止之后开始", _succeeded),)
