"""Insured people: who they are, and where and how they are insured."""

from django.db import models
from django.db.models import F, Q

from yidi.people.encryption import EncryptedText
from yidi.values.terms import Scheme, Standing


class Person(models.Model):
    """One insured person. Name and identity number are encrypted; `identity_index` finds the number."""

    number = models.CharField(max_length=30, unique=True)
    """The person number that the insurance system gave."""
    name = EncryptedText()
    identity = EncryptedText()
    identity_index = models.CharField(max_length=64, unique=True)
    is_male = models.BooleanField()
    born = models.DateField()
    ethnicity = models.CharField(max_length=2, default="01")
    """GB/T 3304 code."""
    synthetic = models.BooleanField(default=False)
    """An invented person of the demo."""

    def __str__(self) -> str:
        return self.number


class Coverage(models.Model):
    """One person's insurance in one pool and scheme. Settling locks this row: counters belong to it."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="coverages")
    pool = models.CharField(max_length=6)
    scheme = models.CharField(max_length=10)
    standing = models.CharField(max_length=10)
    starts = models.DateField()
    ends = models.DateField(null=True)
    """Last day insured; null while insured."""
    account_balance = models.BigIntegerField(default=0)
    """Balance of the personal account in fen."""
    employer = models.CharField(max_length=200, blank=True)
    traits = models.JSONField(null=True)
    """Names of those `TRAITS_OF_PERSON` that are on record; null = nobody has recorded whether there are any."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="people_coverage_once", fields=["person", "pool", "scheme", "starts"]
            ),
            models.CheckConstraint(
                name="people_coverage_scheme", condition=Q(scheme__in=[str(x) for x in Scheme])
            ),
            models.CheckConstraint(
                name="people_coverage_standing", condition=Q(standing__in=[str(x) for x in Standing])
            ),
            models.CheckConstraint(name="people_coverage_balance", condition=Q(account_balance__gte=0)),
            models.CheckConstraint(
                name="people_coverage_dates", condition=Q(ends__isnull=True) | Q(ends__gte=F("starts"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}:{self.pool}:{self.scheme}"
