"""Reads of the register of providers."""

from yidi.providers.errors import UnknownProvider
from yidi.providers.models import Provider, ProviderService
from yidi.values.terms import TRAITS_OF_PROVIDER, Benefit, Trait

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


def has_opened(provider: Provider, benefit: Benefit, disease: str = "") -> bool:
    """Whether the provider settles that benefit (for that disease) directly across regions."""
    return ProviderService.objects.filter(provider=provider, benefit=benefit.value, disease=disease).exists()


def traits_of(provider: Provider) -> tuple[frozenset[Trait], frozenset[Trait]]:
    """What is known to hold of a provider, and what may hold since nobody has recorded it.

    A name that does not speak of Chinese medicine is no such hospital's.
    """
    if provider.traits is not None:
        return frozenset(map(Trait, provider.traits)), frozenset()
    excluded = frozenset() if CHINESE_MEDICINE in provider.name else {Trait.COUNTY_TCM}
    return frozenset(), TRAITS_OF_PROVIDER - excluded
