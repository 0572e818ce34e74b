"""Messages, where they may be sent, and the outbox."""

from django.db import models
from django.db.models import Q

from yidi.notices.templates import Said, said
from yidi.notices.terms import Channel, Language, Stage, Template, Trouble
from yidi.people.encryption import EncryptedText
from yidi.people.models import Person


class Message(models.Model):
    """One message to one person, as it stands on their own page. Its words are made when it is read, in any language."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="notices")
    template = models.CharField(max_length=40)
    subject = models.CharField(max_length=60)
    """The number of the case that it is about."""
    details = models.JSONField(default=dict)
    """What fills the template and nothing else: days, sums in fen, codes, a clerk's reason."""
    key = models.CharField(max_length=160, blank=True)
    """What makes it one of its kind: a person gets one message with a key. Empty where every call is a message."""
    created = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(name="notices_message_subject", fields=["subject"])]
        constraints = [
            models.UniqueConstraint(
                name="notices_message_once", fields=["person", "key"], condition=~Q(key="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.subject}"

    def text(self, language: str = "zh") -> Said:
        """Title, text and short text in `zh` or `en`."""
        return said(Template(self.template), self.subject, self.details, language)


class Contact(models.Model):
    """Where a person wants messages besides their own page. Used once they have shown that it is theirs."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="contacts")
    channel = models.CharField(max_length=10)
    address = EncryptedText()
    language = models.CharField(max_length=2, default=str(Language.ZH))
    verified_at = models.DateTimeField(null=True)
    code_index = models.CharField(max_length=64, blank=True)
    """A keyed hash of the code that was sent to the address; empty once it was used or used up."""
    code_sent_at = models.DateTimeField(null=True)
    code_tries = models.PositiveSmallIntegerField(default=0)
    """Wrong codes since the last one was sent."""
    codes_on = models.DateField(null=True)
    codes_sent = models.PositiveSmallIntegerField(default=0)
    """How many codes were sent on that day."""

    class Meta:
        constraints = [
            models.UniqueConstraint(name="notices_contact_once", fields=["person", "channel"]),
            models.CheckConstraint(
                name="notices_contact_channel", condition=Q(channel__in=Channel.spellings())
            ),
            models.CheckConstraint(
                name="notices_contact_language", condition=Q(language__in=Language.spellings())
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}:{self.channel}"


class Delivery(models.Model):
    """The outbox: one message to be sent through one channel. Written in the transaction that wrote the message."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=10)
    stage = models.CharField(max_length=10, default=str(Stage.PENDING))
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    """Not before; while `sending`, when it was taken."""
    trouble = models.CharField(max_length=20, blank=True)
    """Why the last attempt failed."""
    detail = models.CharField(max_length=100, blank=True)
    """What the sending service said, as a code. Never holds an address."""
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(name="notices_delivery_due", fields=["stage", "next_try_at"])]
        constraints = [
            models.UniqueConstraint(name="notices_delivery_once", fields=["message", "channel"]),
            models.CheckConstraint(
                name="notices_delivery_channel", condition=Q(channel__in=Channel.spellings())
            ),
            models.CheckConstraint(name="notices_delivery_stage", condition=Q(stage__in=Stage.spellings())),
            models.CheckConstraint(
                name="notices_delivery_sent",
                condition=Q(stage=str(Stage.SENT), sent_at__isnull=False)
                | ~Q(stage=str(Stage.SENT)) & Q(sent_at__isnull=True),
            ),
            models.CheckConstraint(
                name="notices_delivery_trouble", condition=Q(trouble__in=["", *Trouble.spellings()])
            ),
            models.CheckConstraint(
                name="notices_delivery_says_why",
                condition=~Q(stage__in=[str(Stage.GIVEN_UP), str(Stage.UNCERTAIN)]) | ~Q(trouble=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message_id}:{self.channel}:{self.stage}"
