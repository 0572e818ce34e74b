"""Reads of the register of providers."""

from django.db.models import BigIntegerField, Case, Count, Q, When

from yidi.providers.errors import UnknownProvider
from yidi.providers.models import Provider, ProviderService
from yidi.providers.terms import Kind
from yidi.reference import regions
from yidi.statements import Query, Slot
from yidi.values.terms import TRAITS_OF_PROVIDER, Benefit, Level, Trait

_OPENED = Query(
    lambda: (
        ProviderService.objects.filter(
            provider_id=Slot("provider", BigIntegerField()), benefit=Slot("benefit"), disease=Slot("disease")
        )
        .order_by()
        .values_list("pk")
    )
)

MOST_FOUND = 20
"""Rows that a search shows: whoever sees so many gives another word."""
CHINESE_MEDICINE = "中医"


def find_by_code(code: str) -> Provider | None:
    """The provider with that national code, or None."""
    return Provider.objects.filter(code=code).first() if code else None


def by_code(code: str) -> Provider:
    """The provider with that national code. Raises UnknownProvider."""
    provider = find_by_code(code)
    if provider is None:
        raise UnknownProvider(text=code)
    return provider


def by_key(key: str) -> Provider:
    """The provider whose row of the register has that key. Raises UnknownProvider."""
    provider = Provider.objects.filter(register_key=key).first()
    if provider is None:
        raise UnknownProvider(text=key)
    return provider


def search(text: str, region: str = "") -> list[Provider]:
    """The first providers of the register whose names have every word of a text, in a region if one is given.

    A provider's code finds it as well. Those whose name begins with the text come first.
    """
    words = text.split()
    if not words:
        return []
    rows = Provider.objects.filter(_named(words) | Q(code=text.strip().upper()))
    if region:
        rows = rows.filter(region__in=regions.below(region))
    begins = Case(When(name__istartswith=words[0], then=0), default=1)
    return list(rows.order_by(begins, "name", "pk")[:MOST_FOUND])


def _named(words: list[str]) -> Q:
    """The condition that a name has every one of these words."""
    named = Q()
    for word in words:
        named &= Q(name__icontains=word)
    return named


def coded(code: str = "", name: str = "", pharmacy: bool | None = None) -> list[Provider]:
    """The first providers with a national code: with that one, with every word of a name, pharmacies or others only.

    What nobody has said the kind or the level of is neither.
    """
    rows = Provider.objects.filter(_named(name.split()), code__isnull=False)
    if code:
        rows = rows.filter(code=code.upper())
    if pharmacy is not None:
        sells = Q(kind=Kind.PHARMACY.value) | Q(level=Level.PHARMACY.value)
        rows = rows.filter(sells if pharmacy else ~sells & ~Q(kind="", level=""))
    return list(rows.order_by("name", "pk")[:MOST_FOUND])


def is_pharmacy(provider: Provider) -> bool | None:
    """Whether a provider is a pharmacy; None where nobody has said of what kind or level it is."""
    if Kind.PHARMACY.value == provider.kind or Level.PHARMACY.value == provider.level:
        return True
    return False if provider.kind or provider.level else None


def has_opened(provider: Provider, benefit: Benefit, disease: str = "") -> bool:
    """Whether the provider settles that benefit (for that disease) directly across regions."""
    return bool(_OPENED.all(provider=provider.pk, benefit=benefit.value, disease=disease))


def opened_in(pool: str, benefit: Benefit, disease: str = "") -> int:
    """How many providers of a pool are on record as settling that benefit (for that disease) directly."""
    rows = ProviderService.objects.filter(benefit=benefit.value, disease=disease)
    counted = rows.values_list("provider__region").annotate(Count("pk"))
    return sum(count for region, count in counted if regions.pool_of(region) == pool)


def traits_of(provider: Provider) -> tuple[frozenset[Trait], frozenset[Trait]]:
    """What is known to hold of a provider, and what may hold since nobody has recorded it.

    A name that does not speak of Chinese medicine is no such hospital's.
    """
    if provider.traits is not None:
        return frozenset(map(Trait, provider.traits)), frozenset()
    excluded = frozenset() if CHINESE_MEDICINE in provider.name else {Trait.COUNTY_TCM}
    return frozenset(), TRAITS_OF_PROVIDER - excluded
