"""Filings."""

from django.db import models
from django.db.models import F, Q

from yidi.casework.models import Case, case_constraints
from yidi.filing.states import CLOCK, IN_EFFECT, IN_HAND, RejectReason, State
from yidi.people.encryption import EncryptedText
from yidi.people.models import Coverage
from yidi.providers.models import Provider
from yidi.values.terms import FilingKind


class Filing(Case):
    """One person's filing of one kind for one care region."""

    coverage = models.ForeignKey(Coverage, on_delete=models.PROTECT, related_name="filings")
    kind = models.CharField(max_length=20)
    care_region = models.CharField(max_length=6)
    """A city or municipality: every networked provider there is covered (facts N-207)."""
    starts = models.DateField()
    filed_on = models.DateField(null=True)
    """The day on which it was first handed in: a filing does not change what was settled or claimed before."""
    ends = models.DateField(null=True)
    """Last day; null = until cancelled."""
    replaces = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="successors")
    """The filing that this one changes or renews; that one gives way when this one takes effect."""
    phone = EncryptedText(null=True)
    address = EncryptedText(null=True)
    """Where the person lives in the care region."""
    note = models.CharField(max_length=500, blank=True)
    """What the applicant wants to add."""
    rejected_for = models.CharField(max_length=20, blank=True)
    """The RejectReason of the last rejection; its words are in `reason`."""

    class Meta:
        constraints = [
            models.CheckConstraint(name="filing_state", condition=Q(state__in=State.spellings())),
            models.CheckConstraint(name="filing_kind", condition=Q(kind__in=FilingKind.spellings())),
            models.CheckConstraint(
                name="filing_dates", condition=Q(ends__isnull=True) | Q(ends__gte=F("starts"))
            ),
            models.CheckConstraint(
                name="filing_filed_on",
                condition=~Q(state__in=[str(x) for x in IN_EFFECT]) | Q(filed_on__isnull=False),
            ),
            models.CheckConstraint(name="filing_replaces_another", condition=~Q(replaces=F("pk"))),
            models.CheckConstraint(
                name="filing_rejected_for", condition=Q(rejected_for__in=["", *RejectReason.spellings()])
            ),
            models.UniqueConstraint(
                name="filing_one_active",
                fields=["coverage", "care_region"],
                condition=Q(state=str(State.ACTIVE)),
            ),
            models.UniqueConstraint(
                name="filing_one_in_hand",
                fields=["coverage", "care_region"],
                condition=Q(state__in=[str(x) for x in IN_HAND]),
            ),
            *case_constraints("filing", CLOCK),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The number that people see."""
        return f"F{self.pk:010d}"


class Referral(models.Model):
    """What the hospital said that sent a person elsewhere, and made the filing for them."""

    filing = models.OneToOneField(Filing, on_delete=models.PROTECT, related_name="referral")
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="+")
    """Who sends the person away: this provider alone may take the filing back besides the person."""
    receiver_code = models.CharField(max_length=12)
    receiver_name = models.CharField(max_length=200)
    """To whom; the filing covers every networked provider of the place all the same (fact N-207)."""
    diagnosis_code = models.CharField(max_length=20)
    diagnosis_name = models.CharField(max_length=100)
    condition = models.CharField(max_length=2000, blank=True)
    on = models.DateField()
    """The day of the referral."""
    reason = models.CharField(max_length=100)
    opinion = models.CharField(max_length=200)
    visit = models.CharField(max_length=12, blank=True)
    """The number of the visit during which it was decided, where the hospital tells."""

    def __str__(self) -> str:
        return f"{self.filing_id} {self.receiver_name}"
