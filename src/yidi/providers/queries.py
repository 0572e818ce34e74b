"""Reads of the register of providers."""

from yidi.providers.errors import UnknownProvider
from yidi.providers.models import Provider, ProviderService
from yidi.values.terms import Benefit


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
