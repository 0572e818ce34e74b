"""The table of what is payable where."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from yidi.catalogue.terms import ANY_DISEASE, Category, Kind
from yidi.values.money import PPM
from yidi.values.terms import CatalogueClass


class CatalogueItem(models.Model):
    """One drug, service item or consumable as one region pays it between two days."""

    region = models.CharField(max_length=6)
    code = models.CharField(max_length=50)
    """The national code of the item."""
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10)
    category = models.CharField(max_length=20)
    dosage_form = models.CharField(max_length=60, blank=True)
    spec = models.CharField(max_length=500, blank=True)
    unit = models.CharField(max_length=20, blank=True)
    """What one of it is when it is counted and priced, such as 盒; empty where no source says."""
    klass = models.CharField(max_length=1)
    upfront_ppm = models.IntegerField()
    """The part the person pays before anything is shared (先行自付), in ppm: all of it for class C."""
    price_limit_micro = models.BigIntegerField(null=True)
    """The most that counts per unit, in micro-yuan; null: no limit."""
    chronic_groups = models.CharField(max_length=200, blank=True)
    """National disease groups joined with `|`, `any`, or empty for no chronic disease."""
    restricted = models.BooleanField(default=False)
    """Payable only under the conditions its catalogue entry states (限制使用)."""
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    """The last day it holds; null: until further notice."""
    class_source = models.CharField(max_length=60)
    upfront_source = models.CharField(max_length=60)
    price_limit_source = models.CharField(max_length=60)
    demo = models.BooleanField(default=False)
    """At least one of its values was made up for the demo."""
    created = models.DateTimeField(default=timezone.now)
    """When the row came into this catalogue."""
    changed = models.DateTimeField(default=timezone.now)
    """When it was last changed here; all rows of one load say the same moment."""

    class Meta:
        ordering = ["region", "code", "valid_from"]
        constraints = [
            models.UniqueConstraint(name="catalogue_item_once", fields=["region", "code", "valid_from"]),
            models.UniqueConstraint(
                name="catalogue_item_one_open", fields=["region", "code"], condition=Q(valid_to__isnull=True)
            ),
            models.CheckConstraint(name="catalogue_item_code_not_empty", condition=~Q(code="")),
            models.CheckConstraint(name="catalogue_item_kind_known", condition=Q(kind__in=Kind.spellings())),
            models.CheckConstraint(
                name="catalogue_item_category_known", condition=Q(category__in=Category.spellings())
            ),
            models.CheckConstraint(
                name="catalogue_item_class_known", condition=Q(klass__in=CatalogueClass.spellings())
            ),
            models.CheckConstraint(
                name="catalogue_item_upfront_in_range", condition=Q(upfront_ppm__gte=0, upfront_ppm__lte=PPM)
            ),
            models.CheckConstraint(
                name="catalogue_item_class_c_iff_all_upfront",
                condition=Q(klass=CatalogueClass.C.value, upfront_ppm=PPM)
                | (~Q(klass=CatalogueClass.C.value) & Q(upfront_ppm__lt=PPM)),
            ),
            models.CheckConstraint(
                name="catalogue_item_price_limit_not_negative",
                condition=Q(price_limit_micro__isnull=True) | Q(price_limit_micro__gte=0),
            ),
            models.CheckConstraint(
                name="catalogue_item_dates_in_order",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region} {self.code} {self.name}"

    def belongs_to(self, group: str) -> bool:
        """Whether the item belongs to the care of that disease group (专病专治)."""
        groups = self.chronic_groups.split("|")
        return ANY_DISEASE in groups or (bool(group) and group in groups)
