"""Visits, their lines, and what became of them."""

from django.db import models
from django.db.models import F, Q

from yidi.catalogue.lines import SplitLine, line_constraints
from yidi.ledger.models import Adjudicated, Posting, adjudicated_constraints
from yidi.people.models import Coverage
from yidi.providers.models import Provider
from yidi.settlement.states import SettlementKind, VisitState
from yidi.values.terms import Benefit, Situation


class Visit(models.Model):
    """One outpatient visit of one person to one provider."""

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="visits")
    coverage = models.ForeignKey(Coverage, on_delete=models.PROTECT, related_name="visits")
    provider_number = models.CharField(max_length=30)
    """The provider's own number of the visit."""
    began = models.DateTimeField()
    doctor_code = models.CharField(max_length=30)
    doctor_name = models.CharField(max_length=50)
    department = models.CharField(max_length=100)
    state = models.CharField(max_length=12, default=str(VisitState.OPEN))
    benefit = models.CharField(max_length=20, blank=True)
    """Empty until the diagnoses are in."""
    disease = models.CharField(max_length=6, blank=True)
    emergency = models.BooleanField(default=False)
    said = models.JSONField(default=dict)
    """What the provider told of it besides, in the provider's own keys: nothing is decided by it, it is told again."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="settlement_visit_state", condition=Q(state__in=[str(x) for x in VisitState])
            ),
            models.CheckConstraint(
                name="settlement_visit_disease",
                condition=Q(benefit=str(Benefit.CHRONIC_DISEASE)) & ~Q(disease="")
                | ~Q(benefit=str(Benefit.CHRONIC_DISEASE)) & Q(disease=""),
            ),
            models.UniqueConstraint(
                name="settlement_visit_once",
                fields=["provider", "provider_number"],
                condition=Q(state=str(VisitState.OPEN)),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The visit number that the centre gives: twelve digits."""
        return f"{self.pk:012d}"


class Diagnosis(models.Model):
    """One diagnosis of a visit."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="diagnoses")
    rank = models.IntegerField()
    kind = models.CharField(max_length=3)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=100)
    said = models.JSONField(default=dict)
    """What the provider told of it besides, in the provider's own keys: nothing is decided by it, it is told again."""

    class Meta:
        constraints = [
            models.UniqueConstraint(name="settlement_diagnosis_once", fields=["visit", "kind", "rank"])
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class VisitLine(SplitLine):
    """One fee line of a visit, split on arrival."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="lines")
    batch = models.CharField(max_length=30)
    occurred = models.DateTimeField(null=True)
    """When the item was given, where the provider tells."""
    said = models.JSONField(default=dict)
    """What the provider told of it besides, in the provider's own keys: nothing is decided by it, it is told again."""

    class Meta:
        constraints = [
            *line_constraints("settlement"),
            models.UniqueConstraint(name="settlement_line_once", fields=["visit", "serial"]),
        ]

    def __str__(self) -> str:
        return f"{self.visit_id}:{self.serial}"


class Settlement(Adjudicated):
    """One settled bill, its cancellation, or the reversal of that. All hold the same amounts; the kind is their sign."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="settlements")
    kind = models.CharField(max_length=10)
    cancels = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="undoings")
    """Of a cancellation the settlement, of a restoration the cancellation that it undoes."""
    is_cancelled = models.BooleanField(default=False)
    """Whether a settlement does not stand."""
    is_reversed = models.BooleanField(default=False)
    """Whether its sender took the message back (冲正): then it counts as never sent."""
    at = models.DateTimeField()
    on = models.DateField()
    """Day of service, which decides the benefit year."""
    situation = models.CharField(max_length=20)
    level = models.CharField(max_length=10)
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="+", db_index=False)
    provider_message = models.CharField(max_length=60)
    """The provider's message that asked for it: by this it is found again after a lost reply."""
    batch = models.CharField(max_length=30, blank=True)
    invoice = models.CharField(max_length=20, blank=True)
    posting = models.OneToOneField(Posting, on_delete=models.PROTECT, related_name="settlement")

    class Meta:
        indexes = [models.Index(name="settlement_of_provider", fields=["provider", "at"])]
        constraints = [
            *adjudicated_constraints("settlement"),
            models.CheckConstraint(
                name="settlement_kind",
                condition=Q(kind=str(SettlementKind.SETTLE), cancels__isnull=True)
                | Q(kind=str(SettlementKind.CANCEL), cancels__isnull=False, is_cancelled=False)
                | Q(
                    kind=str(SettlementKind.RESTORE),
                    cancels__isnull=False,
                    is_cancelled=False,
                    is_reversed=False,
                ),
            ),
            models.CheckConstraint(
                name="settlement_reversed_is_undone",
                condition=~Q(kind=str(SettlementKind.SETTLE), is_reversed=True, is_cancelled=False),
            ),
            models.CheckConstraint(
                name="settlement_situation", condition=Q(situation__in=[str(x) for x in Situation])
            ),
            models.UniqueConstraint(
                name="settlement_one_per_visit",
                fields=["visit"],
                condition=Q(kind=str(SettlementKind.SETTLE), is_cancelled=False),
            ),
            models.UniqueConstraint(
                name="settlement_message_once", fields=["provider", "kind", "provider_message"]
            ),
            models.UniqueConstraint(
                name="settlement_undone_once", fields=["cancels"], condition=Q(is_reversed=False)
            ),
            models.CheckConstraint(name="settlement_not_self", condition=~Q(cancels=F("pk"))),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The settlement number that the centre gives: twelve digits."""
        return f"{self.pk:012d}"

    @property
    def cancellation(self) -> "Settlement":
        """The cancellation by which a cancelled settlement does not stand. Raises ValueError where it stands."""
        (found,) = (row for row in self.undoings.all() if not row.is_reversed)
        return found
