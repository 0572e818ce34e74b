"""Numbers go through JSON without becoming floats."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yidi.gateway.json_text import digest, encode, parse

numbers = st.integers() | st.decimals(allow_nan=False, allow_infinity=False, places=6)
values = st.recursive(
    st.none() | st.booleans() | numbers | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(values)
def test_what_is_written_is_read_back(value: object) -> None:
    assert parse(encode(value)) == value


def test_numbers_are_written_plainly() -> None:
    value = {
        "a": Decimal("1E+2"),
        "b": Decimal("0.00"),
        "c": Decimal("-204.20"),
        "d": True,
        "e": None,
        "f": "中\n",
    }
    assert encode(value) == '{"a":100,"b":0.00,"c":-204.20,"d":true,"e":null,"f":"中\\n"}'
    assert json.loads(encode(value))["f"] == "中\n"


@pytest.mark.parametrize("value", [1.5, float("nan"), b"x", {1, 2}])
def test_there_is_no_word_for_a_float(value: object) -> None:
    with pytest.raises(TypeError):
        encode({"x": [value]})


def test_a_digest_does_not_depend_on_the_order_of_keys() -> None:
    assert digest(parse('{"a": 1, "b": [2.50]}')) == digest(parse('{"b":[2.50],"a":1}'))
    assert digest({"a": 1}) != digest({"a": "1"})
