"""Who may send messages, what was answered, and what must not be used twice."""

from django.db import models
from django.db.models import Q

from yidi.people.encryption import EncryptedText
from yidi.providers.models import Provider


class Institution(models.Model):
    """A provider that is connected to the centre."""

    provider = models.OneToOneField(Provider, on_delete=models.PROTECT, related_name="institution")
    paasid = models.CharField(max_length=60, blank=True)
    """The application account that the centre gave."""
    secret = EncryptedText(null=True)
    signed = models.BooleanField(default=True)
    """Whether messages must carry an x-tif signature."""
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="gateway_institution_secret",
                condition=Q(signed=False) | ~Q(paasid="") & Q(secret__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return str(self.provider_id)


class SignIn(models.Model):
    """One operator's day at the counter."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="sign_ins")
    operator = models.CharField(max_length=20)
    at = models.DateTimeField()
    ended = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="gateway_sign_in_ends", condition=Q(ended__isnull=True) | Q(ended__gte=models.F("at"))
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The sign-in number: at least six digits."""
        return f"{self.pk:06d}"


class Message(models.Model):
    """A transaction that went through, with its reply: sent again, it is answered from here."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="messages")
    infno = models.CharField(max_length=6)
    """The number under which the transaction is declared: 2207 is kept as 2207A."""
    msgid = models.CharField(max_length=30)
    digest = models.CharField(max_length=64)
    """SHA-256 of the body."""
    reply = EncryptedText(null=True)
    """The exact text; null only inside the transaction that is working on it."""
    refmsgid = models.CharField(max_length=30)
    """The reply's own number."""
    reversed_by = models.CharField(max_length=30, blank=True)
    """The reversal (2601) that came before the message did: the message is never carried out."""
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="gateway_message_once", fields=["institution", "infno", "msgid"]),
            models.CheckConstraint(
                name="gateway_message_reversed",
                condition=Q(reversed_by="") & ~Q(digest="")
                | ~Q(reversed_by="") & Q(digest="", reply__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.infno} {self.msgid}"


class Nonce(models.Model):
    """A signature's random number, kept as long as the signature could be sent again."""

    paasid = models.CharField(max_length=60)
    nonce = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="gateway_nonce_once", fields=["paasid", "nonce"])]

    def __str__(self) -> str:
        return f"{self.paasid} {self.nonce}"
