"""A run of one institution, and what was exchanged while it was open."""

from django.db import models
from django.db.models import F, Q

from yidi.gateway.faults.kinds import REPLY_LOST, FaultKind
from yidi.gateway.models import Institution


class Run(models.Model):
    """The time in which an institution's traffic is watched."""

    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="certifications")
    begun = models.DateTimeField()
    ended = models.DateTimeField(null=True)
    scenarios = models.JSONField(default=list)
    """The visits that were handed out, each with what the engine says it comes to, in fen; people under a keyed hash."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="gateway_certification_open_once",
                fields=["institution"],
                condition=Q(ended__isnull=True),
            ),
            models.CheckConstraint(
                name="gateway_certification_ends", condition=Q(ended__isnull=True) | Q(ended__gte=F("begun"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.institution_id} {self.begun:%Y-%m-%d %H:%M}"


class Exchange(models.Model):
    """One message and what was answered: numbers of cases and amounts, people under a keyed hash, nothing else of them."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="exchanges")
    at = models.DateTimeField()
    transaction = models.CharField(max_length=6)
    """Without its A: 2207 and 2207A are one."""
    msgid = models.CharField(max_length=30)
    digest = models.CharField(max_length=64)
    outcome = models.CharField(max_length=60, blank=True)
    """Code of the refusal; empty = it went through."""
    fault = models.CharField(max_length=20, blank=True)
    """What the fault bench did to it."""
    asked = models.JSONField(default=dict)
    told = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.transaction} {self.msgid}"

    @property
    def ok(self) -> bool:
        """Whether it went through at the centre."""
        return not self.outcome

    @property
    def lost(self) -> bool:
        """Whether the sender cannot know what became of it."""
        return self.fault in REPLY_LOST

    @property
    def spoilt(self) -> bool:
        """Whether an amount of its reply was wrong."""
        return self.fault == FaultKind.WRONG_AMOUNTS

    @property
    def visit(self) -> str:
        return str(self.asked.get("mdtrt_id") or self.told.get("mdtrt_id") or "")

    @property
    def person(self) -> str:
        return str(self.asked.get("person") or self.told.get("person") or "")
