"""Those who sign in: insured people and members of staff, and the offices that staff hold."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from yidi.accounts.terms import Role, UserKind


class UserManager(BaseUserManager["User"]):
    """Finds users by the name they sign in with."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)


class User(AbstractBaseUser):
    """One sign-in. A person's stands for one insured person; a member of staff works for one region's agency."""

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    """How staff are shown to each other; a person's own name stays in the register alone."""
    kind = models.CharField(max_length=10)
    person_number = models.CharField(max_length=30, blank=True)
    """The person number, once the real name was checked against the register; empty for staff."""
    region = models.CharField(max_length=6, blank=True)
    """The region whose agency a member of staff works for; empty for persons."""
    provider_code = models.CharField(max_length=12, blank=True)
    """The national code of the provider that a cashier works at; empty for everybody else."""
    is_active = models.BooleanField(default=True)
    synthetic = models.BooleanField(default=False)
    """An invented user of the demo."""
    created = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "username"

    class Meta:
        constraints = [
            models.CheckConstraint(name="accounts_user_kind", condition=Q(kind__in=UserKind.spellings())),
            models.CheckConstraint(
                name="accounts_user_works_somewhere",
                condition=Q(kind=str(UserKind.STAFF), person_number="") & ~Q(region="")
                | Q(kind=str(UserKind.PERSON), region="", provider_code=""),
            ),
            models.UniqueConstraint(
                name="accounts_user_one_per_person",
                fields=["person_number"],
                condition=~Q(person_number=""),
            ),
        ]

    def __str__(self) -> str:
        return self.username


class Appointment(models.Model):
    """One office that a member of staff holds."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="appointments")
    role = models.CharField(max_length=20)
    given_by = models.CharField(max_length=60)
    given_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="accounts_appointment_once", fields=["user", "role"]),
            models.CheckConstraint(name="accounts_appointment_role", condition=Q(role__in=Role.spellings())),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}:{self.role}"
