"""The SM4/SM2 envelope around a message (interface §2.7, one vendor).

    {"appId": …, "encType": "SM4", "signType": "SM2", "timestamp": …, "encData": …, "signData": …}

`encData` is the message, encrypted under a key made of appId and appSecret; `signData` is SM3withSM2 over the plain
fields, the message among them as `data`, with the appSecret as the signer's id.
"""

import base64
from collections.abc import Mapping
from typing import Any

from yidi.gateway.json_text import encode
from yidi.gateway.security import sm2
from yidi.gateway.security.ciphers import sm4_decrypt, sm4_encrypt
from yidi.gateway.security.signed_input import ordered, spellings

ENC_TYPE, SIGN_TYPE = "SM4", "SM2"
KEY_SIZE = 16
UNSIGNED = frozenset({"signData", "encData", "extra"})


def is_sealed(body: Mapping[str, Any]) -> bool:
    """Whether a body is such an envelope."""
    return "encData" in body and "appId" in body


def fits(app_id: str) -> bool:
    """Whether a key can be made of an appId: its first 16 characters are one."""
    return len(app_id) >= KEY_SIZE and app_id.isascii()


def key_of(app_id: str, secret: str) -> bytes:
    """The SM4 key: the first 16 characters of the secret encrypted under the first 16 of the appId, as upper-case hex."""
    sealed = sm4_encrypt(app_id[:KEY_SIZE].encode(), secret.encode())
    return sealed.hex().upper()[:KEY_SIZE].encode()


def seal(message: str, app_id: str, secret: str) -> str:
    """`encData` of a message's JSON."""
    return sm4_encrypt(key_of(app_id, secret), message.encode()).hex().upper()


def unseal(enc_data: str, app_id: str, secret: str) -> bytes:
    """The message's JSON. Raises ValueError where key or hex are wrong."""
    return sm4_decrypt(key_of(app_id, secret), bytes.fromhex(enc_data))


def signed_text(envelope: Mapping[str, Any], secret: str) -> str:
    """The text that is signed: what is not empty as k=v, sorted by name, then the secret as `key`."""
    told = {name: _spelt(envelope[name]) for name in sorted(envelope) if name not in UNSIGNED}
    return "&".join([*(f"{name}={text}" for name, text in told.items() if text), f"key={secret}"])


def _spelt(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else encode(ordered(value))


def sign(envelope: Mapping[str, Any], secret: str, private: bytes) -> str:
    """`signData` of an envelope that holds the plain message as `data`. Raises NoSM2."""
    raw = sm2.sign(private, signed_text(envelope, secret).encode(), secret.encode())
    return base64.b64encode(raw).decode()


def holds(envelope: Mapping[str, Any], secret: str, public: bytes) -> bool:
    """Whether `signData` is the key's signature over an envelope that holds the plain message as `data`. Raises NoSM2."""
    text, given = signed_text(envelope, secret).encode(), envelope.get("signData")
    tried = spellings(given) if isinstance(given, str) else []
    return any(sm2.verify(public, text, raw, secret.encode()) for raw in tried)
