"""The books. Postings, entries and counter moves are only ever added (triggers refuse anything else)."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from yidi.people.models import Person
from yidi.values.terms import LAYERS, Fund, Term


class AccountKind(Term):
    """What an account holds. Debits are positive, credits negative."""

    FUND_EXPENSE = "fund-expense", "基金支出", "fund expense"
    DUE_TO_REGION = "due-to", "应付异地", "due to a care region"
    DUE_FROM_REGION = "due-from", "应收异地", "due from a home region"
    PROVIDER_PAYABLE = "provider-payable", "应付定点机构", "payable to a provider"
    PERSON_PAYABLE = "person-payable", "应付个人", "payable to a person"
    BANK = "bank", "银行存款", "bank"


class PostingKind(Term):
    SETTLEMENT = "settlement", "结算", "settlement"
    CANCEL = "cancel", "撤销", "cancel"
    RESTORE = "restore", "撤销的冲正", "cancel undone"
    CLAIM = "claim", "手工报销核定", "claim approved"
    CLAIM_PAYMENT = "claim-payment", "手工报销支付", "claim paid"
    CLAIM_REVERSAL = "claim-reversal", "手工报销冲回", "claim undone"


class InvoiceUse(Term):
    """What an invoice was paid through."""

    SETTLEMENT = "settlement", "直接结算", "direct settlement"
    CLAIM = "claim", "手工报销", "claim"


class Invoice(models.Model):
    """An invoice that a standing settlement or claim stands on."""

    number = models.CharField(max_length=60, primary_key=True)
    """In its one spelling (`invoices.normalized`)."""
    use = models.CharField(max_length=12)
    subject = models.CharField(max_length=40)
    """Number of the visit or claim."""

    class Meta:
        constraints = [
            models.CheckConstraint(name="ledger_invoice_not_empty", condition=~Q(number="")),
            models.CheckConstraint(
                name="ledger_invoice_use", condition=Q(use__in=[str(x) for x in InvoiceUse])
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Account(models.Model):
    """One account of one region's books. `other` is whom it stands against: a region or a provider code."""

    region = models.CharField(max_length=6)
    kind = models.CharField(max_length=20)
    fund = models.CharField(max_length=20)
    other = models.CharField(max_length=30, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="ledger_account_once", fields=["region", "kind", "fund", "other"]),
            models.CheckConstraint(
                name="ledger_account_kind", condition=Q(kind__in=[str(x) for x in AccountKind])
            ),
            models.CheckConstraint(name="ledger_account_fund", condition=Q(fund__in=[str(x) for x in Fund])),
        ]

    def __str__(self) -> str:
        return f"{self.region}:{self.kind}:{self.fund}:{self.other}"


class Posting(models.Model):
    """One booking. Its entries add up to zero, in all and within each region."""

    at = models.DateTimeField()
    """The moment of settling, cancelling or paying."""
    kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=40)
    """Number of the settlement or claim that it books."""
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversed_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="ledger_posting_once", fields=["kind", "subject"]),
            models.CheckConstraint(
                name="ledger_posting_kind", condition=Q(kind__in=[str(x) for x in PostingKind])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class Entry(models.Model):
    """One line of a posting: fen, debit positive."""

    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="entries")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="entries")
    amount = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="ledger_entry_once", fields=["posting", "account"]),
            models.CheckConstraint(name="ledger_entry_not_zero", condition=~Q(amount=0)),
        ]

    def __str__(self) -> str:
        return f"{self.posting_id}:{self.account_id}:{self.amount}"


class Counter(models.Model):
    """A running total of one person in one pool, scheme and period, in fen. Changed only together with its moves.

    It belongs to the person, not to a coverage: whoever leaves and comes back, or retires, goes on from where they were.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="counters")
    pool = models.CharField(max_length=6)
    scheme = models.CharField(max_length=10)
    scope = models.CharField(max_length=40)
    measure = models.CharField(max_length=12)
    period = models.CharField(max_length=8)
    amount = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="ledger_counter_once", fields=["person", "pool", "scheme", "scope", "measure", "period"]
            ),
            models.CheckConstraint(name="ledger_counter_not_negative", condition=Q(amount__gte=0)),
            models.CheckConstraint(
                name="ledger_counter_measure",
                condition=Q(measure__in=["deductible", "fund", "cost", "stays"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}:{self.pool}:{self.scheme}:{self.scope}:{self.measure}:{self.period}={self.amount}"


class CounterMove(models.Model):
    """What one posting added to (or, in a cancel, took from) a counter, in fen."""

    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="moves")
    counter = models.ForeignKey(Counter, on_delete=models.PROTECT, related_name="moves")
    amount = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(name="ledger_move_once", fields=["posting", "counter"])]

    def __str__(self) -> str:
        return f"{self.posting_id}:{self.counter_id}:{self.amount}"


class DecisionRule(models.Model):
    """A benefit rule that some decision was made by, kept under its digest so that the decision can be replayed."""

    digest = models.CharField(max_length=64, primary_key=True)
    canonical = models.TextField()

    def __str__(self) -> str:
        return self.digest


PARTS = ("excluded", "over_limit", "upfront", "in_scope")
"""The parts of every fee line, and of a bill: they add up to its total."""
STEPS = ("upfront_at_home", "away_upfront", "deductible", "over_cost", "shared", "cut", "fund")
"""What becomes of the part in scope."""
FUNDS = {"fund": Fund.BASIC, **{fund.name.lower(): fund for fund in LAYERS}}
"""The columns of the funds: the basic one, then those that pay on what it leaves."""
PAYERS = (*FUNDS, "account", "family_account", "cash")
"""Who pays the total."""
AMOUNTS = ("total", *PARTS, *dict.fromkeys((*STEPS, *PAYERS)))
"""Every amount of a decided bill."""


def _sum(*names: str) -> Any:
    first, *others = names
    total: Any = F(first)
    for name in others:
        total = total + F(name)
    return total


def adjudicated_constraints(room: str) -> list[models.CheckConstraint]:
    """The constraints of an adjudicated bill, named for the room whose table it is."""
    none_negative = Q()
    for name in AMOUNTS:
        none_negative &= Q(**{f"{name}__gte": 0})
    return [
        models.CheckConstraint(name=f"{room}_amounts_not_negative", condition=none_negative),
        models.CheckConstraint(name=f"{room}_parts_sum", condition=Q(total=_sum(*PARTS))),
        models.CheckConstraint(name=f"{room}_steps_sum", condition=Q(in_scope=_sum(*STEPS))),
        models.CheckConstraint(name=f"{room}_payers_sum", condition=Q(total=_sum(*PAYERS))),
    ]


class Adjudicated(models.Model):
    """The amounts of a decided bill in fen, as the engine gave them (benefit.Decision)."""

    total = models.BigIntegerField()
    excluded = models.BigIntegerField()
    over_limit = models.BigIntegerField()
    upfront = models.BigIntegerField()
    in_scope = models.BigIntegerField()
    upfront_at_home = models.BigIntegerField()
    away_upfront = models.BigIntegerField()
    deductible = models.BigIntegerField()
    over_cost = models.BigIntegerField()
    shared = models.BigIntegerField()
    cut = models.BigIntegerField()
    fund = models.BigIntegerField()
    """The basic fund's part."""
    large_sum = models.BigIntegerField()
    serious_illness = models.BigIntegerField()
    civil_servant = models.BigIntegerField()
    medical_aid = models.BigIntegerField()
    account = models.BigIntegerField()
    family_account = models.BigIntegerField()
    cash = models.BigIntegerField()
    rule = models.ForeignKey(DecisionRule, on_delete=models.PROTECT, related_name="+")
    used_before = models.JSONField()
    """The counters that the rule reads, as they were before: [[scope, measure, period, fen], …]."""

    class Meta:
        abstract = True

    @property
    def funds(self) -> dict[Fund, int]:
        """What each fund pays, in fen; those that pay nothing are left out."""
        paid = {fund: getattr(self, column) for column, fund in FUNDS.items()}
        return {fund: amount for fund, amount in paid.items() if amount}
