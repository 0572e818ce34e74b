"""Known answers of the published standards: SM2, SM3 and SM4."""

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from yidi.gateway.errors import NoSM2
from yidi.gateway.security import sm2
from yidi.gateway.security.ciphers import sm3, sm4_decrypt, sm4_encrypt

PRIVATE = bytes.fromhex("3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8")
PUBLIC = bytes.fromhex(
    "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
)
SIGNATURE = bytes.fromhex(
    "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
    "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
)


@pytest.mark.parametrize(
    ("content", "digest"),
    [
        (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
    ],
)
def test_sm3(content: bytes, digest: str) -> None:
    """GB/T 32905-2016, annex A."""
    assert sm3(content).hex() == digest


def test_sm4() -> None:
    """GB/T 32907-2016, annex A.1 (one block; ours is padded by a second one) and A.2 (a million times)."""
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    assert sm4_encrypt(key, key)[:16].hex() == "681edf34d206965e86b3e94f536e4246"
    block, encryptor = bytearray(key + bytes(15)), Cipher(algorithms.SM4(key), modes.ECB()).encryptor()  # noqa: S305
    for _ in range(1_000_000):
        encryptor.update_into(block[:16], block)
    assert block[:16].hex() == "595298c7c6fd271f0402f804c33d3f66"


@pytest.mark.parametrize("size", [0, 1, 15, 16, 17])
def test_sm4_with_padding(size: int) -> None:
    key, plain = b"k" * 16, b"p" * size
    assert sm4_decrypt(key, sm4_encrypt(key, plain)) == plain
    with pytest.raises(ValueError, match=r"(?i)padding|block"):
        sm4_decrypt(b"other key 123456", sm4_encrypt(key, plain))


def test_the_signature_example_of_sm2() -> None:
    """GB/T 32918.5-2017, annex A.2: the recommended curve, id 1234567812345678."""
    assert sm2.public_key(PRIVATE) == PUBLIC
    assert sm2.verify(PUBLIC, b"message digest", SIGNATURE)


@pytest.mark.parametrize(
    ("public", "message", "signature", "signer"),
    [
        (PUBLIC, b"message digesT", SIGNATURE, sm2.DEFAULT_ID),
        (PUBLIC, b"message digest", SIGNATURE[::-1], sm2.DEFAULT_ID),
        (PUBLIC, b"message digest", bytes(64), sm2.DEFAULT_ID),
        (PUBLIC, b"message digest", b"", sm2.DEFAULT_ID),
        (PUBLIC, b"message digest", b"\x30\x06\x02\x01", sm2.DEFAULT_ID),
        (PUBLIC, b"message digest", SIGNATURE, b"another"),
        (sm2.public_key(sm2.private_key(bytes(32))), b"message digest", SIGNATURE, sm2.DEFAULT_ID),
    ],
)
def test_what_does_not_verify(public: bytes, message: bytes, signature: bytes, signer: bytes) -> None:
    assert not sm2.verify(public, message, signature, signer)


@pytest.mark.parametrize("seed", [bytes(32), b"\xff" * 32, bytes(range(32))])
def test_signed_and_verified(seed: bytes) -> None:
    private = sm2.private_key(seed)
    signature = sm2.sign(private, "门诊".encode(), b"app-secret")
    assert len(signature) == 64
    assert sm2.verify(sm2.public_key(private), "门诊".encode(), signature, b"app-secret")
    assert sm2.sign(private, "门诊".encode(), b"app-secret") != signature


def test_public_keys_as_text() -> None:
    assert sm2.read_public(PUBLIC.hex().upper()) == sm2.read_public(f" 04{PUBLIC.hex()}\n") == PUBLIC
    for wrong in ("", "04", "zz", PUBLIC.hex()[2:], bytes(64).hex(), "05" + PUBLIC.hex()):
        with pytest.raises(ValueError, match=r"十六进制|曲线|hexadecimal"):
            sm2.read_public(wrong)


def test_a_server_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sm2, "_LIBRARIES", ("libnothing.so",))
    sm2._libcrypto.cache_clear()
    try:
        with pytest.raises(NoSM2):
            sm2.sign(PRIVATE, b"")
    finally:
        sm2._libcrypto.cache_clear()
