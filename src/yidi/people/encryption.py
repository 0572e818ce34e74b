"""Personal data at rest: encrypted with SM4-GCM, found again through a keyed SM3 hash."""

import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings
from django.db import models

from yidi.people.errors import WrongDataKey

_NONCE = 12
_TAG = 16
_KEY = 16
SEAL = _NONCE + _TAG
"""Bytes that sealing adds to a content."""


def seal(content: bytes, place: bytes = b"") -> bytes:
    """nonce ‖ ciphertext ‖ tag. Twice the same content gives two different results.

    Content sealed for a place, such as the name of the file that holds it, opens nowhere else.
    """
    nonce = os.urandom(_NONCE)
    encryptor = Cipher(algorithms.SM4(settings.DATA_KEY[:_KEY]), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(place)
    return nonce + encryptor.update(content) + encryptor.finalize() + encryptor.tag


def unseal(sealed: bytes, place: bytes = b"") -> bytes:
    """The content that `seal` sealed for that place.

    Raises WrongDataKey where key and place do not open it, or it is not what was sealed.
    """
    if len(sealed) < SEAL:
        raise WrongDataKey()
    nonce, body, tag = sealed[:_NONCE], sealed[_NONCE:-_TAG], sealed[-_TAG:]
    decryptor = Cipher(algorithms.SM4(settings.DATA_KEY[:_KEY]), modes.GCM(nonce, tag)).decryptor()
    decryptor.authenticate_additional_data(place)
    try:
        return decryptor.update(body) + decryptor.finalize()
    except InvalidTag:
        raise WrongDataKey() from None


def encrypt(text: str) -> bytes:
    """A text, sealed."""
    return seal(text.encode())


def decrypt(sealed: bytes) -> str:
    """The text that `encrypt` sealed. Raises WrongDataKey where the key does not open it."""
    return unseal(sealed).decode()


def blind_index(text: str) -> str:
    """A keyed hash that finds an encrypted value by equality and tells nothing else."""
    mac = hmac.HMAC(settings.DATA_KEY[_KEY:], hashes.SM3())
    mac.update(text.encode())
    return mac.finalize().hex()


class EncryptedText(models.BinaryField):
    """A text column that is ciphertext in the database and plain text in Python."""

    # Read by the type checker alone: attributes of this kind hold text.
    _pyi_private_set_type: str
    _pyi_private_get_type: str  # type: ignore[assignment]

    def get_prep_value(self, value: Any) -> bytes | None:
        return None if value is None else encrypt(value)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str | None:
        return None if value is None else decrypt(bytes(value))

    def to_python(self, value: Any) -> Any:
        return value
