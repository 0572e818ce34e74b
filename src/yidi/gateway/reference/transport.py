"""How messages travel: the addresses that take them, and signatures that anybody can work out again."""

from dataclasses import dataclass

from yidi.gateway.paths import SHAPES
from yidi.gateway.security.headers import CSB_SIGNED, csb_signature, x_tif_signature


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
    csb = dict(zip(CSB_SIGNED, ("demo-ak", "hsa-demo", stamp, "1.0.0"), strict=True))
    return (
        Vector(
            "x-tif-signature",
            "hex( SHA-256( timestamp + secret + nonce + timestamp ) )",
            (("x-tif-timestamp", stamp), ("secret", secret), ("x-tif-nonce", nonce)),
            x_tif_signature(stamp, secret, nonce),
        ),
        Vector(
            "_api_signature",
            "Base64( HMAC-SHA1( secret, k=v & … ) )",
            (*csb.items(), ("secret", "demo-sk")),
            csb_signature(csb, "demo-sk"),
        ),
    )


def addresses() -> tuple[str, ...]:
    """The shapes of address that take messages."""
    return SHAPES
