"""The formulas of the header schemes, and the text under the signature over input."""

from decimal import Decimal

import pytest

from yidi.gateway.security.headers import csb_signature, x_tif_signature
from yidi.gateway.security.signed_input import is_signed, signed_text


def test_the_known_answer_of_x_tif() -> None:
    """Interface §2.4."""
    signed = x_tif_signature("1735689600", "demo-secret", "0123456789abcdef0123456789abcdef")
    assert signed == "a07d548a90e8ed5a2c17de48b9f8f5f97861515f698a3ab2433685d393c2d6bd"


def test_the_known_answer_of_csb() -> None:
    """Interface §2.5."""
    headers = {
        "_api_name": "hsa-demo",
        "_api_version": "1.0.0",
        "_api_access_key": "demo-ak",
        "_api_timestamp": "1735689600",
    }
    assert csb_signature(headers, "demo-sk") == "9GkyZVBhpcMOZXkdx5B4XY8w1H0="


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"b": 1, "a": {"d": "中", "c": None}}, '{"a":{"c":null,"d":"中"},"b":1}'),
        ({"a": [{"z": Decimal("1.10"), "y": True}]}, '{"a":[{"y":true,"z":1.10}]}'),
        (' {"b": 1} ', ' {"b": 1} '),
        ({"a": Decimal("1E+999999")}, '{"a":"1E+999999"}'),
    ],
)
def test_what_is_signed(given: object, text: str) -> None:
    assert signed_text(given) == text


@pytest.mark.parametrize(
    ("signtype", "cainfo", "signed"),
    [("SM2", "x", True), ("sm3", "x", True), ("SM2", "", False), ("PRCSSC", "x", False), ("", "x", False)],
)
def test_whether_a_message_is_signed(signtype: str, cainfo: str, signed: bool) -> None:
    assert is_signed(signtype, cainfo) == signed
