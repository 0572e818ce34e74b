"""What the operator's jobs leave behind."""

from django.db import models
from django.db.models import Q


class JobRun(models.Model):
    """The last run of one job, and who is at it now."""

    job = models.CharField(max_length=30, unique=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    """When it last came to its end, well or not."""
    failed = models.BooleanField(default=False)
    outcome = models.JSONField(default=dict)
    """What the last run that ended well did: name → count."""
    holder = models.CharField(max_length=32, blank=True)
    """A random name of the run that is at it; empty where none is."""
    held_until = models.DateTimeField(null=True)
    """After this the holder counts as dead, and another run may begin."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="operations_held_for_a_time",
                condition=Q(holder="", held_until__isnull=True) | ~Q(holder="") & Q(held_until__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.job
