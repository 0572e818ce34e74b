"""Rows of before: their totals, their days of decision as the trail tells them, their lines as written and as assessed."""

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
DECIDED = ("claims:approved", "claims:rejected")


def bring_along(apps: Any, editor: Any) -> None:
    claims, lines = apps.get_model("claims", "Claim"), apps.get_model("claims", "ClaimLine")
    for claim in claims.objects.order_by("pk").iterator():
        rows = list(lines.objects.filter(claim=claim).order_by("pk"))
        for number, line in enumerate(rows, start=1):
            line.number = number
        lines.objects.bulk_update(rows, ["number"])
        _keep_split(apps, claim, rows)
        claim.total = lines.objects.filter(claim=claim).aggregate(sum=Sum("amount"))["sum"] or 0
        _tell_days(apps, claim)
        claim.save()


def _keep_split(apps: Any, claim: Any, rows: list[Any]) -> None:
    assessed = apps.get_model("claims", "AssessedLine")
    for assessment in apps.get_model("claims", "ClaimAssessment").objects.filter(claim=claim):
        assessed.objects.bulk_create(
            assessed(assessment=assessment, **{name: getattr(row, name) for name in SPLIT}) for row in rows
        )


def _tell_days(apps: Any, claim: Any) -> None:
    events = apps.get_model("audit", "Event").objects.filter(subject=f"C{claim.pk:010d}").order_by("pk")
    for event in events:
        if event.action == "claims:submitted":
            claim.submitted_on, claim.decided_on = claim.submitted_on or _day(event), None
        elif event.action in DECIDED:
            claim.decided_on, claim.decided_by = _day(event), event.actor[:60]
        elif event.action == "claims:more-evidence":
            claim.asked = True


def _day(event: Any) -> Any:
    return timezone.localdate(event.at)


class Migration(migrations.Migration):
    dependencies = [("claims", "0002_drafts_rounds_editions"), ("audit", "0003_principal_and_looks")]

    operations = [migrations.RunPython(bring_along, migrations.RunPython.noop)]
