"""The audit trail."""

from django.db import models


class Event(models.Model):
    """One thing done. Rows are only ever added: a database trigger refuses updates and deletes."""

    at = models.DateTimeField(auto_now_add=True)
    actor_kind = models.CharField(max_length=20)
    actor = models.CharField(max_length=100)
    actor_region = models.CharField(max_length=6, blank=True)
    action = models.CharField(max_length=60)
    """`room:verb`, such as `qualification:approve`."""
    subject = models.CharField(max_length=60)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(name="audit_event_subject", fields=["subject"])]

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.actor} {self.action} {self.subject}"
