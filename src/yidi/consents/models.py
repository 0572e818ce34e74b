"""Consents: a person lets somebody act for them."""

from django.db import models
from django.db.models import F, Q

from yidi.consents.terms import Relation, State, Way
from yidi.people.encryption import EncryptedText
from yidi.people.models import Person


class Consent(models.Model):
    """One person's consent that a relative (online) or the clerks of a window (for one day) act for them."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="consents")
    helper = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="helps_by")
    """The relative; null where a window acts, and until the relative has answered."""
    offered_to = EncryptedText(null=True)
    """The relative's name, as the person typed it: the code serves nobody of another name."""
    code_index = models.CharField(max_length=64, blank=True)
    """Keyed hash of the code that the relative types; empty once it was used."""
    code_until = models.DateTimeField(null=True)
    clerk = models.CharField(max_length=60, blank=True)
    """The sign-in name of the clerk who acts at the window; empty where a relative acts."""
    way = models.CharField(max_length=10)
    relation = models.CharField(max_length=10, blank=True)
    shown = models.CharField(max_length=200, blank=True)
    """What the clerk was shown, such as 居民身份证原件."""
    starts = models.DateField()
    ends = models.DateField(null=True)
    """Last day; null = until it is taken back."""
    accepted_at = models.DateTimeField(null=True)
    """When the helper accepted it; an offer that nobody accepted lets nobody act."""
    declined_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="consents_way", condition=Q(way__in=Way.spellings())),
            models.CheckConstraint(
                name="consents_relation", condition=Q(relation__in=["", *Relation.spellings()])
            ),
            models.CheckConstraint(
                name="consents_somebody_acts",
                condition=Q(way=str(Way.ONLINE), clerk="", shown="")
                & ~Q(relation="")
                & (Q(helper__isnull=False) | Q(accepted_at__isnull=True, declined_at__isnull=True))
                | Q(way=str(Way.WINDOW), helper__isnull=True, relation="", ends=F("starts"))
                & Q(accepted_at__isnull=False)
                & ~Q(clerk="")
                & ~Q(shown=""),
            ),
            models.CheckConstraint(
                name="consents_one_answer",
                condition=Q(accepted_at__isnull=True) | Q(declined_at__isnull=True),
            ),
            models.CheckConstraint(
                name="consents_code_serves_once",
                condition=Q(code_index="")
                | Q(
                    code_until__isnull=False,
                    accepted_at__isnull=True,
                    declined_at__isnull=True,
                    revoked_at__isnull=True,
                ),
            ),
            models.UniqueConstraint(
                name="consents_code_of_its_own", fields=["code_index"], condition=~Q(code_index="")
            ),
            models.CheckConstraint(name="consents_not_oneself", condition=~Q(person=F("helper"))),
            models.CheckConstraint(
                name="consents_dates", condition=Q(ends__isnull=True) | Q(ends__gte=F("starts"))
            ),
            models.UniqueConstraint(
                name="consents_one_open",
                fields=["person", "helper"],
                condition=Q(revoked_at__isnull=True, declined_at__isnull=True, helper__isnull=False),
            ),
        ]

    @property
    def number(self) -> str:
        """How the trail calls it."""
        return f"consent-{self.pk}"

    @property
    def state(self) -> State:
        """How far it has come."""
        if self.revoked_at:
            return State.REVOKED
        if self.declined_at:
            return State.DECLINED
        return State.ACCEPTED if self.accepted_at else State.OFFERED

    @property
    def relation_term(self) -> Relation | None:
        """The relation as a word; None at a window."""
        return Relation(self.relation) if self.relation else None

    def __str__(self) -> str:
        return f"{self.person_id}:{self.helper_id or self.clerk}"
