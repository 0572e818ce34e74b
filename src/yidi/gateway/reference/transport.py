"""How messages travel: the addresses that take them, and signatures that anybody can work out again."""

from dataclasses import dataclass
from functools import cache

from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

from yidi.gateway import signature

ROOT = "fsi/"


@dataclass(frozen=True, slots=True)
class Vector:
    """A worked example of a signature (interface §2.4, §2.5)."""

    name: str
    formula: str
    given: tuple[tuple[str, str], ...]
    result: str


def vectors() -> tuple[Vector, ...]:
    """Worked by the code that checks signatures."""
    stamp, secret, nonce = "1735689600", "demo-secret", "0123456789abcdef0123456789abcdef"
    return (
        Vector(
            "x-tif-signature",
            "hex( SHA-256( timestamp + secret + nonce + timestamp ) )",
            (("x-tif-timestamp", stamp), ("secret", secret), ("x-tif-nonce", nonce)),
            signature.sign(stamp, secret, nonce),
        ),
    )


@cache
def addresses() -> tuple[str, ...]:
    """The paths that take messages, as the site's own table of addresses has them."""
    return tuple(_paths(get_resolver().url_patterns, "/"))


def _paths(patterns: list[URLPattern | URLResolver], before: str) -> list[str]:
    found: list[str] = []
    for pattern in patterns:
        here = f"{before}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            found += _paths(pattern.url_patterns, here) if here.startswith(f"/{ROOT}") else []
        elif here.startswith(f"/{ROOT}") and not here.endswith("/"):
            found.append(here.replace("<str:infno>", "{infno}"))
    return found
