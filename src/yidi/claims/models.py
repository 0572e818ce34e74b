"""Claims, the lines of their invoices, and what they were assessed at."""

from datetime import date
from typing import cast

from django.db import models
from django.db.models import F, Q

from yidi.benefit.split import FeeLine
from yidi.casework.models import Case, case_constraints
from yidi.catalogue.lines import SplitLine, line_constraints
from yidi.claims.states import AMOUNT_KNOWN, CLOCK, INCOMPLETE, State
from yidi.claims.terms import RejectReason
from yidi.ledger.models import Adjudicated, Posting, adjudicated_constraints
from yidi.people.encryption import EncryptedText
from yidi.people.models import Coverage
from yidi.providers.models import Provider
from yidi.values.bank_accounts import mask_bank_account
from yidi.values.terms import Benefit, Level

CHRONIC = Q(benefit=str(Benefit.CHRONIC_DISEASE))
MAY_BE_INCOMPLETE = Q(state__in=[str(state) for state in INCOMPLETE])
SAYS_WHERE = Q(provider__isnull=False) | (~Q(provider_name="") & ~Q(care_region=""))
COMPLETE = (
    SAYS_WHERE
    & Q(on__isnull=False, total__isnull=False)
    & ~Q(benefit="")
    & ~Q(invoice="")
    & (~CHRONIC | ~Q(disease=""))
)
"""What a claim must state once it is handed in."""


class Claim(Case):
    """One invoice that a person paid in full and wants reimbursed. A draft may lack anything but the person."""

    coverage = models.ForeignKey(Coverage, on_delete=models.PROTECT, related_name="claims")
    provider = models.ForeignKey(Provider, null=True, on_delete=models.PROTECT, related_name="claims")
    provider_name = models.CharField(max_length=100, blank=True)
    """As the person wrote it, where they did not find the provider in the register."""
    care_region = models.CharField(max_length=6, blank=True)
    """Where that provider is."""
    level = models.CharField(max_length=10, blank=True)
    """The provider's level as a clerk established it, where the register gives none."""
    benefit = models.CharField(max_length=20, blank=True)
    disease = models.CharField(max_length=6, blank=True)
    on = models.DateField(null=True)
    """Day of service."""
    emergency = models.BooleanField(default=False)
    invoice = models.CharField(max_length=20, blank=True)
    total = models.BigIntegerField(null=True)
    """What the invoice says was paid, in fen."""
    account_bank = models.CharField(max_length=60, blank=True)
    """The bank of the insured person's own account to which the money shall go."""
    account_number = EncryptedText(null=True)
    """Its number; None in drafts, and in claims from before accounts were asked for."""
    edition = models.PositiveSmallIntegerField(default=1)
    """Which edition of the lines holds: what was handed in is never overwritten, a change makes a new edition."""
    rejected_for = models.CharField(max_length=20, blank=True)
    """The reason of the list for which it was rejected; `reason` says it in words."""
    grounds = models.CharField(max_length=500, blank=True)
    """What the last appeal says."""

    class Meta:
        constraints = [
            *case_constraints("claims", CLOCK),
            models.CheckConstraint(name="claims_state", condition=Q(state__in=State.spellings())),
            models.CheckConstraint(name="claims_complete", condition=MAY_BE_INCOMPLETE | COMPLETE),
            models.CheckConstraint(
                name="claims_assessed_at_a_provider",
                condition=~Q(state__in=[str(state) for state in AMOUNT_KNOWN]) | Q(provider__isnull=False),
            ),
            models.CheckConstraint(
                name="claims_benefit", condition=Q(benefit__in=["", *Benefit.spellings()])
            ),
            models.CheckConstraint(name="claims_disease", condition=CHRONIC | Q(disease="")),
            models.CheckConstraint(name="claims_level", condition=Q(level__in=["", *Level.spellings()])),
            models.CheckConstraint(name="claims_total", condition=Q(total__isnull=True) | Q(total__gte=0)),
            models.CheckConstraint(
                name="claims_rejected_for", condition=Q(rejected_for__in=["", *RejectReason.spellings()])
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The number that people see."""
        return f"C{self.pk:010d}"

    @property
    def day(self) -> date:
        """Day of service of a claim that was handed in: the table holds that it has one."""
        return cast(date, self.on)

    @property
    def place(self) -> str:
        """The code of the region in which the care was given; empty while nobody said."""
        return self.provider.region if self.provider else self.care_region

    @property
    def where(self) -> str:
        """The provider's name as people know it; empty while nobody said."""
        return self.provider.name if self.provider else self.provider_name

    @property
    def masked_account(self) -> str:
        """Bank and last digits of the account, as pages and letters show it; empty where none is named."""
        return f"{self.account_bank} {mask_bank_account(self.account_number)}" if self.account_number else ""


class ClaimLine(models.Model):
    """One line of the claimed invoice, as somebody wrote it down. Units as in `FeeLine`."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="lines")
    edition = models.PositiveSmallIntegerField()
    serial = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=50, blank=True)
    """The catalogue's code; empty where the fee list does not show it."""
    name = models.CharField(max_length=200)
    quantity = models.BigIntegerField()
    price_micro = models.BigIntegerField()
    amount = models.BigIntegerField()
    approved = models.BooleanField(null=True)
    """The hospital's approval of a restricted item, where a clerk saw it."""

    class Meta:
        constraints = [
            models.UniqueConstraint(name="claims_line_once", fields=["claim", "edition", "serial"]),
            models.CheckConstraint(
                name="claims_written_line_not_negative",
                condition=Q(quantity__gt=0, price_micro__gte=0, amount__gte=0),
            ),
            models.CheckConstraint(name="claims_line_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id}:{self.edition}:{self.serial}"

    @property
    def fee_line(self) -> FeeLine:
        """The line as the engine wants it."""
        return FeeLine(
            str(self.serial),
            self.code,
            self.name,
            self.quantity,
            self.price_micro,
            self.amount,
            self.approved,
        )


class ClaimAssessment(Adjudicated):
    """What the engine makes of a claim, once per round: booked when the claim is approved, undone by an appeal."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="assessments")
    round = models.PositiveSmallIntegerField(default=0)
    """How often the person had appealed before."""
    edition = models.PositiveSmallIntegerField(default=1)
    """The edition of the lines that it is about."""
    situation = models.CharField(max_length=20)
    level = models.CharField(max_length=10)
    at = models.DateTimeField()
    by = models.CharField(max_length=60, blank=True)
    """The clerk who assessed: another one approves."""
    posting = models.OneToOneField(
        Posting, null=True, on_delete=models.PROTECT, related_name="claim_assessment"
    )
    reversal = models.OneToOneField(
        Posting, null=True, on_delete=models.PROTECT, related_name="claim_assessment_undone"
    )
    """The mirror image of `posting`, where the person appealed against the amount."""

    class Meta:
        constraints = [
            *adjudicated_constraints("claims"),
            models.UniqueConstraint(name="claims_assessment_once", fields=["claim", "round"]),
            models.CheckConstraint(
                name="claims_undone_what_was_booked",
                condition=Q(reversal__isnull=True) | Q(posting__isnull=False) & ~Q(reversal=F("posting")),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The claim's number, with the round after an appeal: what its posting is known by."""
        return f"{self.claim.number}-{self.round}" if self.round else self.claim.number


class AssessedLine(SplitLine):
    """One line of an assessed bill, split by the care region's catalogue."""

    assessment = models.ForeignKey(ClaimAssessment, on_delete=models.CASCADE, related_name="lines")

    class Meta:
        constraints = [
            *line_constraints("claims"),
            models.UniqueConstraint(name="claims_assessed_line_once", fields=["assessment", "serial"]),
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id}:{self.serial}"
