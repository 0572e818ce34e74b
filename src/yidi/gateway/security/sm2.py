"""SM2 signatures with SM3 (GB/T 32918.2) through the system's libcrypto: the `cryptography` wheel has no SM2.

Keys are raw: a private key is 32 bytes, a public key 64 (x‖y), a signature 64 (r‖s).
"""

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import byref, c_char_p, c_int, c_long, c_size_t, c_void_p
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from yidi.gateway.errors import NoSM2

DEFAULT_ID = b"1234567812345678"
"""The signer's id where none was agreed (GB/T 35276 §10)."""
WIDTH = 32
ORDER = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
_LIBRARIES = ("libcrypto.so.3", "libcrypto.3.dylib", "libcrypto-3-x64.dll")
_PUBLIC = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d03420004")
"""What stands before x‖y in the DER of a public key on the SM2 curve."""
_PRIVATE = (bytes.fromhex("30310201010420"), bytes.fromhex("a00a06082a811ccf5501822d"))
"""What stands before and after the number in the DER of a private key (SEC 1)."""
_SIGNATURES: dict[str, tuple[Any, list[Any]]] = {
    "d2i_PUBKEY": (c_void_p, [c_void_p, c_void_p, c_long]),
    "d2i_AutoPrivateKey": (c_void_p, [c_void_p, c_void_p, c_long]),
    "i2d_PUBKEY": (c_int, [c_void_p, c_void_p]),
    "EVP_PKEY_free": (None, [c_void_p]),
    "EVP_MD_CTX_new": (c_void_p, []),
    "EVP_MD_CTX_free": (None, [c_void_p]),
    "EVP_PKEY_CTX_new": (c_void_p, [c_void_p, c_void_p]),
    "EVP_PKEY_CTX_free": (None, [c_void_p]),
    "EVP_PKEY_CTX_set1_id": (c_int, [c_void_p, c_char_p, c_size_t]),
    "EVP_MD_CTX_set_pkey_ctx": (None, [c_void_p, c_void_p]),
    "EVP_sm3": (c_void_p, []),
    "EVP_DigestSignInit": (c_int, [c_void_p] * 5),
    "EVP_DigestSign": (c_int, [c_void_p, c_char_p, c_void_p, c_char_p, c_size_t]),
    "EVP_DigestVerifyInit": (c_int, [c_void_p] * 5),
    "EVP_DigestVerify": (c_int, [c_void_p, c_char_p, c_size_t, c_char_p, c_size_t]),
}


def sign(private: bytes, message: bytes, signer: bytes = DEFAULT_ID) -> bytes:
    """r‖s over a message; another one each time. Raises NoSM2."""
    library = _libcrypto()
    with _key(library.d2i_AutoPrivateKey, private.join(_PRIVATE)) as key, _context(key, signer) as context:
        room = ctypes.create_string_buffer(128)
        size = c_size_t(len(room))
        _must(library.EVP_DigestSignInit(context, None, library.EVP_sm3(), None, key))
        _must(library.EVP_DigestSign(context, room, byref(size), message, len(message)))
    r, s = decode_dss_signature(room.raw[: size.value])
    return r.to_bytes(WIDTH, "big") + s.to_bytes(WIDTH, "big")


def verify(public: bytes, message: bytes, signature: bytes, signer: bytes = DEFAULT_ID) -> bool:
    """Whether r‖s, or the DER of both, is the key's signature over a message. Raises NoSM2, ValueError for no key."""
    library = _libcrypto()
    der = _der(signature)
    with _key(library.d2i_PUBKEY, _PUBLIC + public) as key, _context(key, signer) as context:
        _must(library.EVP_DigestVerifyInit(context, None, library.EVP_sm3(), None, key))
        return bool(library.EVP_DigestVerify(context, der, len(der), message, len(message)) == 1)


def private_key(seed: bytes) -> bytes:
    """A private key made of 32 random bytes: a number from 1 to the curve's order less 2."""
    return (int.from_bytes(seed, "big") % (ORDER - 2) + 1).to_bytes(WIDTH, "big")


def public_key(private: bytes) -> bytes:
    """The public half of a private key. Raises NoSM2."""
    library = _libcrypto()
    with _key(library.d2i_AutoPrivateKey, private.join(_PRIVATE)) as key:
        room = ctypes.create_string_buffer(len(_PUBLIC) + 2 * WIDTH)
        _must(library.i2d_PUBKEY(key, byref(c_void_p(ctypes.addressof(room)))))
    return room.raw[len(_PUBLIC) :]


def read_public(text: str) -> bytes:
    """x‖y of a public key spelt as hex, with or without the leading 04. Raises NoSM2, ValueError."""
    raw = bytes.fromhex(text.strip())
    point = raw[1:] if len(raw) == 2 * WIDTH + 1 and raw[0] == 4 else raw
    if len(point) != 2 * WIDTH:
        raise ValueError("应为 64 字节（x‖y）的十六进制，可带前缀 04")
    with _key(_libcrypto().d2i_PUBKEY, _PUBLIC + point):
        return point


def check_library() -> None:
    """Raises NoSM2 where the server has no library that knows SM2."""
    public_key(private_key(bytes(WIDTH)))


def _der(signature: bytes) -> bytes:
    if len(signature) != 2 * WIDTH:
        return signature
    return encode_dss_signature(
        int.from_bytes(signature[:WIDTH], "big"), int.from_bytes(signature[WIDTH:], "big")
    )


@cache
def _libcrypto() -> Any:
    """OpenSSL 3 of the system, its functions declared. Raises NoSM2 where there is none, or one without SM2."""
    for name in _LIBRARIES:
        try:
            library = ctypes.CDLL(name)
            for function, (result, arguments) in _SIGNATURES.items():
                declared = getattr(library, function)
                declared.restype, declared.argtypes = result, arguments
        except (OSError, AttributeError):
            continue
        return library
    raise NoSM2()


@contextmanager
def _key(read: Callable[..., Any], der: bytes) -> Iterator[Any]:
    held = ctypes.create_string_buffer(der, len(der))
    key = read(None, byref(c_void_p(ctypes.addressof(held))), len(der))
    if not key:
        raise ValueError("不是 SM2 曲线上的密钥")
    try:
        yield key
    finally:
        _libcrypto().EVP_PKEY_free(key)


@contextmanager
def _context(key: Any, signer: bytes) -> Iterator[Any]:
    library = _libcrypto()
    context, of_key = library.EVP_MD_CTX_new(), library.EVP_PKEY_CTX_new(key, None)
    try:
        _must(library.EVP_PKEY_CTX_set1_id(of_key, signer, len(signer)))
        library.EVP_MD_CTX_set_pkey_ctx(context, of_key)
        yield context
    finally:
        library.EVP_MD_CTX_free(context)
        library.EVP_PKEY_CTX_free(of_key)


def _must(done: int) -> None:
    """Raises NoSM2 where the library declines: it was built without SM2."""
    if done <= 0:
        raise NoSM2()
