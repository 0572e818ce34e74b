"""Rows of before: their totals, their clocks as the trail tells them, their papers, their lines as written and as assessed."""

from typing import Any

from django.db import migrations
from django.db.models import Sum
from django.utils import timezone

SPLIT = [
    "serial",
    "code",
    "name",
    "category",
    "klass",
    "quantity",
    "price_micro",
    "price_limit_micro",
    "upfront_ppm",
    "restricted",
    "reason",
    "source",
    "amount",
    "excluded",
    "over_limit",
    "upfront",
    "in_scope",
]
STOPS = ("claims:approved", "claims:rejected", "claims:withdrawn")
COUNTING = ("submitted", "more-evidence", "assessed")
SHOWN = "办理时已出示，未留存文件"


def bring_along(apps: Any, editor: Any) -> None:
    claims, lines = apps.get_model("claims", "Claim"), apps.get_model("claims", "ClaimLine")
    for claim in claims.objects.order_by("pk").iterator():
        rows = list(lines.objects.filter(claim=claim).order_by("pk"))
        for number, line in enumerate(rows, start=1):
            line.number = number
        lines.objects.bulk_update(rows, ["number"])
        _keep_split(apps, claim, rows)
        _keep_papers(apps, claim)
        claim.total = lines.objects.filter(claim=claim).aggregate(sum=Sum("amount"))["sum"] or 0
        _turn_clock(apps, claim)
        claim.save()


def _keep_split(apps: Any, claim: Any, rows: list[Any]) -> None:
    assessed = apps.get_model("claims", "AssessedLine")
    for assessment in apps.get_model("claims", "ClaimAssessment").objects.filter(claim=claim):
        assessed.objects.bulk_create(
            assessed(assessment=assessment, **{name: getattr(row, name) for name in SPLIT}) for row in rows
        )


def _keep_papers(apps: Any, claim: Any) -> None:
    papers = apps.get_model("evidence", "Paper").objects
    for material in claim.materials:
        papers.create(
            subject=f"C{claim.pk:010d}",
            person_id=claim.coverage.person_id,
            material=material,
            description=SHOWN,
            handed_in_by="yidi",
        )


def _turn_clock(apps: Any, claim: Any) -> None:
    """The days that the trail tells; where it tells none, what is open began when it was written down."""
    events = apps.get_model("audit", "Event").objects.filter(subject=f"C{claim.pk:010d}").order_by("pk")
    for event in events:
        day = timezone.localdate(event.at)
        if event.action == "claims:submitted":
            claim.submitted_on = claim.submitted_on if claim.paused_on else day
            claim.decided_on = claim.paused_on = None
        elif event.action == "claims:more-evidence":
            claim.asked, claim.paused_on = True, day
        elif event.action in STOPS and claim.submitted_on:
            claim.decided_on, claim.paused_on = day, None
            claim.decided_by = event.actor[:60] if event.action != "claims:withdrawn" else ""
    began = timezone.localdate(claim.created)
    if claim.state in COUNTING:
        claim.submitted_on, claim.decided_on = claim.submitted_on or began, None
    if claim.state == "more-evidence":
        claim.paused_on = claim.paused_on or claim.submitted_on


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0002_drafts_rounds_editions"),
        ("audit", "0003_principal_and_looks"),
        ("evidence", "0001_papers"),
        ("people", "0001_initial"),
    ]

    operations = [migrations.RunPython(bring_along, migrations.RunPython.noop)]
