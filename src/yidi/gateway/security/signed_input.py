"""The SM2 signature over `input`, which travels as `cainfo` and `signtype` (interface §1.1, §2.6).

The interface calls `cainfo` "the signature of input" and names neither algorithm nor text; no client was seen that sends
one. Taken here: SM2 with SM3 under the standard id, over the text that `signed_text` tells.
"""

import base64
import binascii
from decimal import Decimal
from typing import Any

from yidi.gateway.json_text import encode
from yidi.gateway.security import sm2

SIGN_TYPE = "SM2"
SIGN_TYPES = frozenset({"SM2", "SM3", "SM3WITHSM2", "SM2WITHSM3"})
"""Values of `signtype`, in capitals, that mean SM2 with SM3."""

MOST_PLACES = 40
"""Places before or after the point up to which a number is written out."""


def is_signed(signtype: str, cainfo: str) -> bool:
    """Whether a message says that it carries such a signature."""
    return bool(cainfo) and signtype.upper() in SIGN_TYPES


def signed_text(value: Any) -> str:
    """The text that is signed: `input` itself where it is text, else its JSON without white space, keys sorted."""
    return value if isinstance(value, str) else encode(ordered(value))


def ordered(value: Any) -> Any:
    """The same JSON with the keys of its objects sorted; a number of endless zeros stays as short as it was spelt."""
    if isinstance(value, dict):
        return {key: ordered(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [ordered(item) for item in value]
    far = isinstance(value, Decimal) and value and abs(value.adjusted()) > MOST_PLACES
    return str(value) if far else value


def sign(private: bytes, value: Any) -> str:
    """Base64 of r‖s. Raises NoSM2."""
    return base64.b64encode(sm2.sign(private, signed_text(value).encode())).decode()


def holds(public: bytes, value: Any, cainfo: str) -> bool:
    """Whether `cainfo`, as Base64 or hex, is the key's signature over a value. Raises NoSM2."""
    return any(sm2.verify(public, signed_text(value).encode(), raw) for raw in spellings(cainfo))


def spellings(cainfo: str) -> list[bytes]:
    """What a signature spells as hex and as Base64, as far as it spells anything."""
    found = []
    for read in (bytes.fromhex, lambda text: base64.b64decode(text, validate=True)):
        try:
            found.append(read(cainfo.strip()))
        except (ValueError, binascii.Error):
            continue
    return found
