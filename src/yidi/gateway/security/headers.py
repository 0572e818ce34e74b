"""What the header schemes sign (interface §2.4, §2.5). In neither is the body signed: the formulas are the interface's."""

import base64
import hashlib
import hmac
from collections.abc import Mapping

CSB_SIGNED = ("_api_access_key", "_api_name", "_api_timestamp", "_api_version")
"""The headers that the CSB bus signs, in the order of their names."""


def x_tif_signature(timestamp: str, secret: str, nonce: str) -> str:
    """The `x-tif-signature` of a message as lower-case hex."""
    return hashlib.sha256(f"{timestamp}{secret}{nonce}{timestamp}".encode()).hexdigest()


def csb_signature(headers: Mapping[str, str], secret: str) -> str:
    """The `_api_signature` over the four other headers: Base64 of HMAC-SHA1.

    A message of the interface is a POST of JSON and has no form parameters, which CSB would sign as well.
    """
    text = "&".join(f"{name}={headers[name]}" for name in CSB_SIGNED)
    return base64.b64encode(hmac.digest(secret.encode(), text.encode(), hashlib.sha1)).decode()


def same(given: str, expected: str) -> bool:
    """Whether two texts are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(given.encode(), expected.encode())
