"""Which messages of an institution suffer which fault."""

import hashlib

from django.db import models
from django.db.models import Q

from yidi.gateway.faults.kinds import FaultKind
from yidi.gateway.models import Institution

MILLION = 1_000_000


class FaultPlan(models.Model):
    """One kind of fault for one institution, by message number or by seed and rate."""

    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="fault_plans")
    kind = models.CharField(max_length=20)
    parameter = models.IntegerField(default=0)
    """Seconds, HTTP status or fen, as the kind takes it; 0 where it takes none."""
    transaction = models.CharField(max_length=6, blank=True)
    """The one transaction that is looked at, without its A; empty = all."""
    numbers = models.JSONField(default=list)
    """The running numbers of the messages that it strikes, counted from one."""
    seed = models.BigIntegerField(null=True)
    rate_ppm = models.IntegerField(null=True)
    until = models.DateTimeField()
    seen = models.IntegerField(default=0)
    struck = models.IntegerField(default=0)
    passed_over = models.IntegerField(default=0)
    """Messages that it would have struck, had there been room to hold them or an amount to change."""

    class Meta:
        constraints = [
            models.CheckConstraint(name="gateway_fault_kind", condition=Q(kind__in=FaultKind.spellings())),
            models.CheckConstraint(
                name="gateway_fault_when",
                condition=Q(numbers=[], seed__isnull=False, rate_ppm__gt=0, rate_ppm__lte=MILLION)
                | ~Q(numbers=[]) & Q(seed__isnull=True, rate_ppm__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.transaction}".strip()

    def strikes(self, number: int) -> bool:
        """Whether it strikes the message with that running number: the same answer whenever it is asked."""
        return number in self.numbers if self.rate_ppm is None else self.draw(number, MILLION) < self.rate_ppm

    def draw(self, number: int, below: int) -> int:
        """A number from 0 that seed, institution, kind, transaction and running number alone decide."""
        named = f"{self.seed}:{self.institution.provider.code}:{self.kind}:{self.transaction}:{number}"
        return int.from_bytes(hashlib.sha256(named.encode()).digest()[:8]) % below
