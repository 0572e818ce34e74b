"""Who may send messages, what was answered, and what must not be used twice."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from yidi.gateway.security.terms import InputSignature, KeyKind, Scheme
from yidi.people.encryption import EncryptedText
from yidi.providers.models import Provider


class Institution(models.Model):
    """A provider that is connected to the centre, and how it speaks with it."""

    provider = models.OneToOneField(Provider, on_delete=models.PROTECT, related_name="institution")
    scheme = models.CharField(max_length=10, default=Scheme.X_TIF.value)
    """What every message must carry."""
    input_signature = models.CharField(max_length=10, default=InputSignature.OFF.value)
    """Whether `cainfo` is looked at."""
    signs_replies = models.BooleanField(default=False)
    """Whether replies carry the centre's SM2 signature over `output`."""
    dialect = models.JSONField(default=dict, blank=True)
    """What differs from the national form of replies (`dialects.Dialect`)."""
    per_minute = models.PositiveIntegerField(null=True)
    """How many messages it may send in one minute of the clock; null = any number."""
    active = models.BooleanField(default=True)
    for_testing = models.BooleanField(default=False)
    """Whether anybody may send messages as this institution from the reference's forms, where the settings let them."""

    certification = models.BigIntegerField(null=True)
    """Key of the open certification, here so that a message learns of it without a query more."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="gateway_institution_words",
                condition=Q(scheme__in=Scheme.spellings())
                & Q(input_signature__in=InputSignature.spellings()),
            ),
            models.CheckConstraint(name="gateway_institution_rate", condition=~Q(per_minute=0)),
        ]

    def __str__(self) -> str:
        return str(self.provider_id)


class Key(models.Model):
    """One key of an institution. Several may be valid at once: so a new one is in use before the old one ends."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="keys")
    kind = models.CharField(max_length=10)
    account = models.CharField(max_length=60, blank=True)
    """paasid, access key or appId; an apikey and a public key have none."""
    secret = EncryptedText(null=True)
    public_key = models.CharField(max_length=128, blank=True)
    """The institution's SM2 key as hex of x‖y."""
    starts = models.DateTimeField()
    ends = models.DateTimeField(null=True)
    """The key holds until here; null = until it is revoked."""
    revoked = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="gateway_key_kind", condition=Q(kind__in=KeyKind.spellings())),
            models.CheckConstraint(
                name="gateway_key_ends", condition=Q(ends__isnull=True) | Q(ends__gt=models.F("starts"))
            ),
            models.CheckConstraint(
                name="gateway_key_account",
                condition=Q(kind__in=[KeyKind.APIKEY, KeyKind.INPUT], account="")
                | Q(kind__in=[KeyKind.X_TIF, KeyKind.CSB, KeyKind.SEALED]) & ~Q(account=""),
            ),
            models.CheckConstraint(
                name="gateway_key_secret",
                condition=Q(kind=KeyKind.INPUT, secret__isnull=True)
                | ~Q(kind=KeyKind.INPUT) & Q(secret__isnull=False),
            ),
            models.CheckConstraint(
                name="gateway_key_public",
                condition=Q(kind__in=[KeyKind.INPUT, KeyKind.SEALED]) & ~Q(public_key="")
                | Q(kind__in=[KeyKind.X_TIF, KeyKind.CSB, KeyKind.APIKEY], public_key=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.account}"

    def holds(self, at: datetime) -> bool:
        """Whether the key is good at a moment."""
        return self.revoked is None and self.starts <= at and (self.ends is None or at < self.ends)


class Rate(models.Model):
    """How many messages an institution sent in the minute of its last one."""

    institution = models.OneToOneField(
        Institution, on_delete=models.CASCADE, primary_key=True, related_name="rate"
    )
    minute = models.BigIntegerField()
    """Minutes since 1970."""
    messages = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.institution_id} {self.minute}: {self.messages}"


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


class StoredFile(models.Model):
    """A file that an institution sent, or that was made for it; a catalogue's file is made for all of them."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, null=True, related_name="files")
    """Whose it is; null: a catalogue, which every institution may fetch."""
    number = models.CharField(max_length=30, unique=True)
    """What it is asked for by: drawn at random, so that it cannot be guessed."""
    name = EncryptedText()
    sealed = models.BinaryField(null=True)
    """The content, sealed for its number; null once it expired and was swept."""
    catalogue = models.CharField(max_length=80, blank=True, db_index=True)
    """Of which catalogue and which version it is; empty for an institution's own file."""
    rows = models.PositiveIntegerField(default=0)
    """Rows of a catalogue's file."""
    at = models.DateTimeField(auto_now_add=True)
    expires = models.DateTimeField()
    """Until when it may be fetched."""

    class Meta:
        indexes = [
            models.Index(name="gateway_file_to_sweep", fields=["expires"], condition=Q(sealed__isnull=False))
        ]
        constraints = [
            models.CheckConstraint(
                name="gateway_file_own_or_catalogue",
                condition=Q(institution__isnull=True) & ~Q(catalogue="")
                | Q(institution__isnull=False, catalogue=""),
            )
        ]

    def __str__(self) -> str:
        return self.number
