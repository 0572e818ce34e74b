"""Tables of the register of providers."""

from django.db import models
from django.db.models import Q

from yidi.providers.terms import Kind
from yidi.values.terms import Benefit, Level


class Provider(models.Model):
    """A hospital, clinic or pharmacy."""

    register_key = models.CharField(max_length=200, unique=True)
    """What identifies the row in the file it came from: its local code, else its region and name."""
    code = models.CharField(max_length=12, null=True, unique=True)
    """The national code. Most sources do not give it: null, never a made-up one."""
    name = models.CharField(max_length=100)
    region = models.CharField(max_length=6, db_index=True)
    level = models.CharField(max_length=10, blank=True)
    """What benefits depend on; empty where no source says."""
    grade = models.CharField(max_length=20, blank=True)
    """The source's own words, such as 三级甲等."""
    kind = models.CharField(max_length=10, blank=True)
    kind_text = models.CharField(max_length=40, blank=True)
    """The source's own words for the kind."""
    address = models.CharField(max_length=200, blank=True)
    traits = models.JSONField(null=True)
    """Names of those `TRAITS_OF_PROVIDER` that it has; null = no source says whether there are any."""
    source = models.CharField(max_length=200)
    synthetic = models.BooleanField(default=False)
    """Invented for the demo."""

    class Meta:
        ordering = ["region", "name"]
        constraints = [
            models.CheckConstraint(name="providers_code_not_empty", condition=~Q(code="")),
            models.CheckConstraint(name="providers_name_not_empty", condition=~Q(name="")),
            models.CheckConstraint(
                name="providers_level_known", condition=Q(level__in=["", *Level.spellings()])
            ),
            models.CheckConstraint(
                name="providers_kind_known", condition=Q(kind__in=["", *Kind.spellings()])
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ProviderService(models.Model):
    """One benefit that a provider has opened for direct settlement across regions."""

    provider = models.ForeignKey(Provider, on_delete=models.CASCADE, related_name="services")
    benefit = models.CharField(max_length=30)
    disease = models.CharField(max_length=6, blank=True)
    """For the chronic-disease benefit the disease; empty for every other."""
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ["provider", "benefit", "disease"]
        constraints = [
            models.UniqueConstraint(name="providers_service_once", fields=["provider", "benefit", "disease"]),
            models.CheckConstraint(
                name="providers_service_benefit_known", condition=Q(benefit__in=Benefit.spellings())
            ),
            models.CheckConstraint(
                name="providers_service_disease_iff_chronic",
                condition=(Q(benefit=Benefit.CHRONIC_DISEASE.value) & ~Q(disease=""))
                | (~Q(benefit=Benefit.CHRONIC_DISEASE.value) & Q(disease="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider_id} {self.benefit} {self.disease}".strip()
