"""Applications for a chronic-disease qualification."""

from django.db import models
from django.db.models import F, Q

from yidi.casework.models import Case, case_constraints
from yidi.people.encryption import EncryptedText
from yidi.people.models import Coverage
from yidi.providers.models import Provider
from yidi.qualification.states import CLOCK, GRANTED, ON_ITS_WAY, RejectReason, State
from yidi.values.terms import CaseField


class Qualification(Case):
    """One person's right to one disease's benefit, from application to expiry."""

    coverage = models.ForeignKey(Coverage, on_delete=models.PROTECT, related_name="qualifications")
    disease = models.CharField(max_length=6)
    """M-code of the disease."""
    starts = models.DateField(null=True)
    ends = models.DateField(null=True)
    """Last day; null while no re-examination is due."""
    hospital = models.CharField(max_length=200, blank=True)
    """Where the person wants to be treated (享受待遇医院, D-403)."""
    record_number = models.CharField(max_length=60, blank=True)
    """Number of the stay's medical record (病案号, D-403)."""
    phone = EncryptedText(null=True)
    note = models.CharField(max_length=500, blank=True)
    """What the applicant wants to add."""
    rejected_for = models.CharField(max_length=20, blank=True)
    """The RejectReason of the last rejection; its words are in `reason`."""
    providers = models.JSONField(default=list)
    """National codes of the providers that the approval names; empty = every designated one."""

    class Meta:
        constraints = [
            models.CheckConstraint(name="qualification_state", condition=Q(state__in=State.spellings())),
            models.CheckConstraint(
                name="qualification_approved_from",
                condition=~Q(state__in=[str(x) for x in GRANTED]) | Q(starts__isnull=False),
            ),
            models.CheckConstraint(
                name="qualification_dates", condition=Q(ends__isnull=True) | Q(ends__gte=F("starts"))
            ),
            models.CheckConstraint(
                name="qualification_rejected_for",
                condition=Q(rejected_for__in=["", *RejectReason.spellings()]),
            ),
            models.UniqueConstraint(
                name="qualification_one_open",
                fields=["coverage", "disease"],
                condition=Q(state__in=[str(x) for x in ON_ITS_WAY]),
            ),
            models.UniqueConstraint(
                name="qualification_one_lasting",
                fields=["coverage", "disease"],
                condition=Q(state=str(State.APPROVED), ends__isnull=True),
            ),
            *case_constraints("qualification", CLOCK),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The number that people see."""
        return f"Q{self.pk:010d}"

    def field(self, field: CaseField) -> str:
        """What the applicant wrote there; empty where nothing was."""
        return str(getattr(self, field.replace("-", "_")) or "")


class Appraisal(models.Model):
    """What a hospital found (医院鉴定) when it handed the application in for its patient. The agency decides all the same."""

    case = models.OneToOneField(Qualification, on_delete=models.PROTECT, related_name="appraisal")
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="+")
    """Who handed it in: this provider alone may take it back besides the person."""
    appraiser_code = models.CharField(max_length=30)
    appraiser_name = models.CharField(max_length=200)
    on = models.DateField()
    """The day of the appraisal."""
    doctor_code = models.CharField(max_length=30)
    doctor_name = models.CharField(max_length=50)
    wished_from = models.DateField()
    wished_until = models.DateField(null=True)
    """The days that the hospital proposes; whoever approves sets them."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="qualification_appraisal_dates",
                condition=Q(wished_until__isnull=True) | Q(wished_until__gte=F("wished_from")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.appraiser_name}"


class Designation(models.Model):
    """A provider that a person chose for their care at home (定点), from one day to another.

    It narrows nothing that an approval does not narrow: away from home nobody is bound to a hospital (fact N-207).
    """

    coverage = models.ForeignKey(Coverage, on_delete=models.PROTECT, related_name="designations")
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="+")
    rank = models.CharField(max_length=3)
    """Its place among the person's providers."""
    starts = models.DateField()
    ends = models.DateField(null=True)
    """Last day; null = until withdrawn."""
    phone = EncryptedText(null=True)
    address = EncryptedText(null=True)
    agent = EncryptedText(null=True)
    """The name of whoever asked for it in the person's place."""
    note = models.CharField(max_length=500, blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="qualification_designation_dates",
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")),
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The number that people see."""
        return f"D{self.pk:010d}"
