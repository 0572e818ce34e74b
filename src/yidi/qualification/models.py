"""Applications for a chronic-disease qualification."""

from django.db import models
from django.db.models import F, Q

from yidi.people.models import Coverage
from yidi.qualification.states import OVER, State


class Qualification(models.Model):
    """One person's right to one disease's benefit, from application to expiry."""

    coverage = models.ForeignKey(Coverage, on_delete=models.PROTECT, related_name="qualifications")
    disease = models.CharField(max_length=6)
    """M-code of the disease."""
    state = models.CharField(max_length=20, default=str(State.DRAFT))
    starts = models.DateField(null=True)
    ends = models.DateField(null=True)
    """Last day; null while no re-examination is due."""
    reason = models.CharField(max_length=500, blank=True)
    """Why it was rejected, or what more was asked for."""
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="qualification_state", condition=Q(state__in=[str(x) for x in State])
            ),
            models.CheckConstraint(
                name="qualification_approved_from",
                condition=~Q(state__in=[str(State.APPROVED), str(State.EXPIRED)]) | Q(starts__isnull=False),
            ),
            models.CheckConstraint(
                name="qualification_dates", condition=Q(ends__isnull=True) | Q(ends__gte=F("starts"))
            ),
            models.UniqueConstraint(
                name="qualification_one_open",
                fields=["coverage", "disease"],
                condition=~Q(state__in=[str(x) for x in OVER]),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The number that people see."""
        return f"Q{self.pk:010d}"


class Evidence(models.Model):
    """One paper shown with an application."""

    qualification = models.ForeignKey(Qualification, on_delete=models.CASCADE, related_name="evidence")
    material = models.CharField(max_length=30)
    description = models.CharField(max_length=200)
    """What was shown, such as 上海某医院 2026-10-08 门诊病历."""
    shown_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="qualification_evidence_once", fields=["qualification", "material"])
        ]

    def __str__(self) -> str:
        return f"{self.qualification_id}:{self.material}"
