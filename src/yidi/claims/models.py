"""Claims, their invoices' lines, and what they were assessed at."""

from django.db import models
from django.db.models import Q

from yidi.catalogue.lines import SplitLine, line_constraints
from yidi.claims.states import State
from yidi.ledger.models import Adjudicated, Posting, adjudicated_constraints
from yidi.people.models import Coverage
from yidi.providers.models import Provider
from yidi.values.terms import Benefit


class Claim(models.Model):
    """One invoice that a person paid in full and wants reimbursed."""

    coverage = models.ForeignKey(Coverage, on_delete=models.PROTECT, related_name="claims")
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="claims")
    benefit = models.CharField(max_length=20)
    disease = models.CharField(max_length=6, blank=True)
    on = models.DateField()
    """Day of service."""
    emergency = models.BooleanField(default=False)
    invoice = models.CharField(max_length=20)
    materials = models.JSONField(default=list)
    """Names of the papers handed in."""
    state = models.CharField(max_length=16, default=str(State.DRAFT))
    reason = models.CharField(max_length=500, blank=True)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="claims_state", condition=Q(state__in=[str(x) for x in State])),
            models.CheckConstraint(name="claims_invoice_not_empty", condition=~Q(invoice="")),
            models.CheckConstraint(
                name="claims_disease",
                condition=Q(benefit=str(Benefit.CHRONIC_DISEASE)) & ~Q(disease="")
                | ~Q(benefit=str(Benefit.CHRONIC_DISEASE)) & Q(disease=""),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The number that people see."""
        return f"C{self.pk:010d}"


class ClaimLine(SplitLine):
    """One line of the claimed invoice."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="lines")

    class Meta:
        constraints = [
            *line_constraints("claims"),
            models.UniqueConstraint(name="claims_line_once", fields=["claim", "serial"]),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id}:{self.serial}"


class ClaimAssessment(Adjudicated):
    """What the engine makes of a claim. Booked when the claim is approved, not before."""

    claim = models.OneToOneField(Claim, on_delete=models.PROTECT, related_name="assessment")
    situation = models.CharField(max_length=20)
    level = models.CharField(max_length=10)
    at = models.DateTimeField()
    posting = models.OneToOneField(
        Posting, null=True, on_delete=models.PROTECT, related_name="claim_assessment"
    )

    class Meta:
        constraints = [*adjudicated_constraints("claims")]

    def __str__(self) -> str:
        return f"{self.claim_id}"
