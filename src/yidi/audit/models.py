"""The audit trail."""

from django.db import models
from django.db.models import Q


class Event(models.Model):
    """One thing done. Rows are only ever added: a database trigger refuses updates and deletes."""

    at = models.DateTimeField(auto_now_add=True)
    actor_kind = models.CharField(max_length=20)
    actor = models.CharField(max_length=100)
    actor_region = models.CharField(max_length=6, blank=True)
    principal = models.CharField(max_length=30, blank=True)
    """The number of the person for whom the actor acted, where that is somebody else."""
    action = models.CharField(max_length=60)
    """`room:verb`, such as `qualification:approve`."""
    subject = models.CharField(max_length=60)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(name="audit_event_subject", fields=["subject"])]

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.actor} {self.action} {self.subject}"


class Look(models.Model):
    """Somebody looked at a person's data. Rows are only ever added, like those of the trail."""

    at = models.DateTimeField(auto_now_add=True)
    actor_kind = models.CharField(max_length=20)
    actor = models.CharField(max_length=100)
    actor_region = models.CharField(max_length=6, blank=True)
    person = models.CharField(max_length=30)
    """The number of the person whose data was shown."""
    what = models.CharField(max_length=60)
    """What was shown, such as a case's number."""
    reason = models.CharField(max_length=200)

    class Meta:
        indexes = [models.Index(name="audit_look_person", fields=["person"])]
        constraints = [models.CheckConstraint(name="audit_look_reason", condition=~Q(reason=""))]

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.actor} {self.what} {self.reason}"
