"""What was reconciled, applied for and allocated. Amounts in fen; refunds count as negative."""

from django.db import models
from django.db.models import F, Q

from yidi.clearing.states import ApplicationState, ConfirmationState, MonthState, Outcome, Scope
from yidi.providers.models import Provider
from yidi.settlement.models import Settlement
from yidi.values.terms import Scheme


class Reconciliation(models.Model):
    """A provider's totals or records beside ours, and how they compared."""

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(max_length=10)
    since = models.DateField()
    until = models.DateField()
    scheme = models.CharField(max_length=10, blank=True)
    """Empty: all schemes."""
    with_refunds = models.BooleanField()
    given = models.JSONField()
    """What the provider says: fen (or a number of records) by `Amount`."""
    ours = models.JSONField()
    outcome = models.CharField(max_length=20)
    said = models.CharField(max_length=500)
    """The differences in words."""
    message = models.CharField(max_length=60)
    """The provider's message that asked for it."""
    actor = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(name="clearing_reconciled", fields=["provider", "until"])]
        constraints = [
            models.CheckConstraint(name="clearing_recon_scope", condition=Q(scope__in=Scope.spellings())),
            models.CheckConstraint(
                name="clearing_recon_outcome", condition=Q(outcome__in=Outcome.spellings())
            ),
            models.CheckConstraint(
                name="clearing_recon_scheme", condition=Q(scheme__in=["", *Scheme.spellings()])
            ),
            models.CheckConstraint(name="clearing_recon_period", condition=Q(until__gte=F("since"))),
        ]

    def __str__(self) -> str:
        return f"{self.provider_id} {self.since}–{self.until} {self.outcome}"


class Difference(models.Model):
    """One record in which the two sides differ."""

    reconciliation = models.ForeignKey(Reconciliation, on_delete=models.CASCADE, related_name="differences")
    settlement = models.CharField(max_length=30)
    """The number under which either side has it."""
    outcome = models.CharField(max_length=20)
    memo = models.CharField(max_length=500)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="clearing_difference_outcome",
                condition=Q(outcome__in=Outcome.spellings()) & ~Q(outcome=str(Outcome.EQUAL)),
            )
        ]

    def __str__(self) -> str:
        return f"{self.settlement} {self.outcome}"


class Application(models.Model):
    """A provider's application for one month's money."""

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="+")
    month = models.CharField(max_length=6)
    """yyyymm"""
    count = models.BigIntegerField()
    """Settlements less refunds."""
    total = models.BigIntegerField()
    in_scope = models.BigIntegerField()
    fund = models.BigIntegerField()
    account = models.BigIntegerField()
    cash = models.BigIntegerField()
    state = models.CharField(max_length=10, default=str(ApplicationState.APPLIED))
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="clearing_application_state", condition=Q(state__in=ApplicationState.spellings())
            ),
            models.CheckConstraint(
                name="clearing_application_sum", condition=Q(total=F("fund") + F("account") + F("cash"))
            ),
            models.UniqueConstraint(
                name="clearing_application_once",
                fields=["provider", "month"],
                condition=~Q(state=str(ApplicationState.WITHDRAWN)),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """Twelve digits."""
        return f"{self.pk:012d}"


class Month(models.Model):
    """One month in which the settlements of one care region are allocated to home regions."""

    region = models.CharField(max_length=6)
    """The pool of the care region."""
    month = models.CharField(max_length=6)
    """yyyymm"""
    state = models.CharField(max_length=10, default=str(MonthState.OPEN))

    class Meta:
        constraints = [
            models.UniqueConstraint(name="clearing_month_once", fields=["region", "month"]),
            models.CheckConstraint(
                name="clearing_month_state", condition=Q(state__in=MonthState.spellings())
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"{self.region}-{self.month}"


class Confirmation(models.Model):
    """A provider's word on settlements of a month: which are allocated, and which are held out this time."""

    month = models.ForeignKey(Month, on_delete=models.PROTECT, related_name="confirmations")
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=30, unique=True)
    """The number of our reply, by which it is rolled back."""
    state = models.CharField(max_length=12, default=str(ConfirmationState.CONFIRMED))
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="clearing_confirmation_state", condition=Q(state__in=ConfirmationState.spellings())
            )
        ]

    def __str__(self) -> str:
        return self.number


class AllocationLine(models.Model):
    """One settlement in a confirmation, with the amounts that go from its home region to its care region."""

    confirmation = models.ForeignKey(Confirmation, on_delete=models.PROTECT, related_name="lines")
    settlement = models.ForeignKey(Settlement, on_delete=models.PROTECT, related_name="allocations")
    home = models.CharField(max_length=6)
    """The home pool, which pays."""
    total = models.BigIntegerField()
    payable = models.BigIntegerField()
    """All that the insurance pays: the total less the cash."""
    included = models.BooleanField()
    """False: held out this time."""
    holds = models.BooleanField(default=True)
    """False once the confirmation is rolled back."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="clearing_line_once", fields=["settlement"], condition=Q(holds=True)
            ),
            models.CheckConstraint(
                name="clearing_line_amounts", condition=Q(payable__gte=0, total__gte=F("payable"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.confirmation_id}:{self.settlement_id}"
