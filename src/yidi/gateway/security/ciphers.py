"""SM3 (GB/T 32905) and SM4 in ECB mode with PKCS7 padding (GB/T 32907), as the interface uses them."""

from cryptography.hazmat.primitives import hashes, padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes


def sm3(content: bytes) -> bytes:
    """The digest of a content, 32 bytes."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(content)
    return digest.finalize()


def sm4_encrypt(key: bytes, plain: bytes) -> bytes:
    """A content in whole blocks, padded. The key has 16 bytes."""
    pad = padding.PKCS7(algorithms.SM4.block_size).padder()
    encryptor = _ecb(key).encryptor()
    return encryptor.update(pad.update(plain) + pad.finalize()) + encryptor.finalize()


def sm4_decrypt(key: bytes, sealed: bytes) -> bytes:
    """The content. Raises ValueError where the key does not open it."""
    unpad = padding.PKCS7(algorithms.SM4.block_size).unpadder()
    decryptor = _ecb(key).decryptor()
    return unpad.update(decryptor.update(sealed) + decryptor.finalize()) + unpad.finalize()


def _ecb(key: bytes) -> Cipher[modes.ECB]:
    # The mode is the interface's (§2.7); what keeps messages from being altered is their signature.
    return Cipher(algorithms.SM4(key), modes.ECB())  # noqa: S305
