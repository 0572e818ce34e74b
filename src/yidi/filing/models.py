"""Filings."""

from django.db import models
from django.db.models import F, Q

from yidi.filing.states import OPEN, State
from yidi.people.models import Coverage
from yidi.values.terms import FilingKind


class Filing(models.Model):
    """One person's filing of one kind for one care region."""

    coverage = models.ForeignKey(Coverage, on_delete=models.PROTECT, related_name="filings")
    kind = models.CharField(max_length=20)
    care_region = models.CharField(max_length=6)
    """A city or municipality: every networked provider there is covered (facts N-207)."""
    starts = models.DateField()
    filed_on = models.DateField()
    """The day on which it was made: a filing does not change what was settled or claimed before."""
    ends = models.DateField(null=True)
    """Last day; null = until cancelled."""
    state = models.CharField(max_length=12)
    materials = models.JSONField(default=list)
    """Names of the papers shown."""
    reason = models.CharField(max_length=500, blank=True)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="filing_state", condition=Q(state__in=[str(x) for x in State])),
            models.CheckConstraint(name="filing_kind", condition=Q(kind__in=[str(x) for x in FilingKind])),
            models.CheckConstraint(
                name="filing_dates", condition=Q(ends__isnull=True) | Q(ends__gte=F("starts"))
            ),
            models.UniqueConstraint(
                name="filing_one_active",
                fields=["coverage", "care_region"],
                condition=Q(state__in=[str(x) for x in OPEN]),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The number that people see."""
        return f"F{self.pk:010d}"
