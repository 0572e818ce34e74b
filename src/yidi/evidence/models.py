"""Papers that belong to cases."""

from django.db import models
from django.db.models import Q

from yidi.evidence.names import with_ending
from yidi.evidence.terms import MediaType
from yidi.people.encryption import EncryptedText
from yidi.people.models import Person

_NO_FILE = {"blob__isnull": True, "name__isnull": True, "media_type": "", "size": 0, "pages": 0, "sha256": ""}
_A_FILE = {
    "blob__isnull": False,
    "name__isnull": False,
    "description__isnull": True,
    "media_type__in": MediaType.spellings(),
    "size__gt": 0,
    "pages__gt": 0,
}


class Paper(models.Model):
    """One paper of a case: a file that was handed in, or a paper that was shown at a window.

    A removed paper keeps its row and its file: they tell what was once before the eyes of whoever decided.
    """

    subject = models.CharField(max_length=60)
    """The number of the case, as the trail knows it."""
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="papers")
    """Whom the case is about."""
    material = models.CharField(max_length=30)
    name = EncryptedText(null=True)
    """As the sender called the file, harmless to show; null where no file was kept. People put their names in it."""
    description = EncryptedText(null=True)
    """What was shown at the window; null where there is a file."""
    media_type = models.CharField(max_length=20, blank=True)
    size = models.PositiveIntegerField(default=0)
    """Bytes of what is kept, opened."""
    pages = models.PositiveSmallIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    """Of the file as it was handed in, in hex: the original itself is not kept."""
    blob = models.CharField(max_length=32, null=True, unique=True)
    """The sealed file in the vault."""
    handed_in_by = models.CharField(max_length=100)
    at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True)
    removed_by = models.CharField(max_length=100, blank=True)

    class Meta:
        indexes = [models.Index(name="evidence_paper_subject", fields=["subject"])]
        constraints = [
            models.CheckConstraint(
                name="evidence_file_or_description",
                condition=Q(**_A_FILE) & ~Q(sha256="") | Q(description__isnull=False, **_NO_FILE),
            ),
            models.CheckConstraint(
                name="evidence_removed_by_somebody",
                condition=Q(removed_at__isnull=True, removed_by="")
                | Q(removed_at__isnull=False) & ~Q(removed_by=""),
            ),
            models.UniqueConstraint(
                name="evidence_same_file_once",
                fields=["subject", "material", "sha256"],
                condition=Q(removed_at__isnull=True) & ~Q(sha256=""),
            ),
            models.UniqueConstraint(
                name="evidence_shown_once",
                fields=["subject", "material"],
                condition=Q(removed_at__isnull=True, sha256=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject}:{self.material}"

    @property
    def file_name(self) -> str:
        """What to call the file when it is given out: its name, with the ending of what it is kept as."""
        return with_ending(self.name or "", MediaType(self.media_type).ending)
