"""What the rows of all cases share, and the votes on them."""

from collections.abc import Mapping

from django.db import models
from django.db.models import F, Q

from yidi.casework.terms import Clock, Verdict
from yidi.values.transitions import State


class Case(models.Model):
    """The columns of a case that an agency decides: its clock, who works on it, what was asked."""

    state = models.CharField(max_length=20, default="draft")
    reason = models.CharField(max_length=500, blank=True)
    """Why it was rejected, or what more was asked for."""
    created = models.DateTimeField(auto_now_add=True)
    submitted_on = models.DateField(null=True)
    """The day on which the clock was last started from zero; null for a draft, and for what was taken over decided."""
    due_on = models.DateField(null=True)
    """The last day for the decision; null where no source states a term. While paused, as it was at the pause."""
    due_by = models.CharField(max_length=40, blank=True)
    """The reading that the term comes from."""
    paused_on = models.DateField(null=True)
    decided_on = models.DateField(null=True)
    """The day on which the clock was stopped by a decision or a withdrawal."""
    assigned_to = models.CharField(max_length=60, blank=True)
    """The sign-in name of the clerk who works on it."""
    asked = models.BooleanField(default=False)
    """Whether more evidence was asked for since it was handed in: that may happen once (一次性告知)."""
    appeals = models.PositiveSmallIntegerField(default=0)
    """How often it was handed in anew after a rejection."""
    decided_by = models.CharField(max_length=60, blank=True)
    """Who decided last: an appeal goes to somebody else."""

    class Meta:
        abstract = True


def case_constraints(room: str, clock: Mapping[State, Clock]) -> list[models.CheckConstraint]:
    """The constraints of a case, named for the room whose table it is: its clock is what its state says."""
    counting = Q(state__in=sorted(str(state) for state, does in clock.items() if does is not Clock.STOPPED))
    paused = Q(state__in=sorted(str(state) for state, does in clock.items() if does is Clock.PAUSED))
    never_handed_in = Q(submitted_on__isnull=True, decided_on__isnull=True)
    decided = Q(submitted_on__isnull=False, decided_on__isnull=False, decided_on__gte=F("submitted_on"))
    return [
        models.CheckConstraint(
            name=f"{room}_clock_counts",
            condition=counting & Q(submitted_on__isnull=False, decided_on__isnull=True)
            | ~counting & (never_handed_in | decided),
        ),
        models.CheckConstraint(
            name=f"{room}_clock_pauses",
            condition=paused & Q(paused_on__isnull=False) | ~paused & Q(paused_on__isnull=True),
        ),
        models.CheckConstraint(
            name=f"{room}_term_has_source",
            condition=Q(due_on__isnull=True, due_by="")
            | Q(due_on__isnull=False, submitted_on__isnull=False) & ~Q(due_by=""),
        ),
    ]


class Vote(models.Model):
    """One clerk's vote on one round of a case. Rows are only ever added: triggers refuse updates and deletes."""

    subject = models.CharField(max_length=60)
    """The case's number."""
    round = models.PositiveSmallIntegerField()
    """How often the case had been handed in anew after a rejection: each appeal is voted on afresh."""
    clerk = models.CharField(max_length=60)
    verdict = models.CharField(max_length=10)
    reason = models.CharField(max_length=500, blank=True)
    """What the clerk voted for: the terms of an approval, or the reason of a rejection."""
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="casework_vote_once", fields=["subject", "round", "clerk"]),
            models.CheckConstraint(
                name="casework_vote_verdict", condition=Q(verdict__in=Verdict.spellings())
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.clerk} {self.verdict}"
