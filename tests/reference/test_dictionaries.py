"""The interface's code lists."""

import pytest

from yidi.reference import dictionaries
from yidi.reference.errors import UnknownCode, UnknownDictionary


def test_every_dictionary_has_text_for_text() -> None:
    for name in dictionaries.names():
        assert dictionaries.title(name)
        for code, meaning in dictionaries.dictionary(name, unconfirmed=True).items():
            assert isinstance(code, str)
            assert isinstance(meaning, str)
        for code, meanings in dictionaries.local_codes(name).items():
            assert isinstance(code, str)
            assert all(isinstance(meaning, str) for meaning in meanings)


def test_a_label() -> None:
    assert dictionaries.title("med_type") == "医疗类别"
    assert dictionaries.label("med_type", "14") == "门诊慢特病"
    assert dictionaries.label("chrgitm_lv", "03") == "丙类（自费）"


def test_unconfirmed_codes_are_asked_for() -> None:
    assert "M00500" not in dictionaries.dictionary("opsp_dise_code")
    assert "M00500" in dictionaries.dictionary("opsp_dise_code", unconfirmed=True)


@pytest.mark.parametrize(
    ("code", "tolerant", "expected"),
    [
        ("14", True, True),
        ("14", False, True),
        ("9902", True, True),  # seen in single regions only
        ("9902", False, False),
        ("77", True, False),
    ],
)
def test_is_code(code: str, tolerant: bool, expected: bool) -> None:
    assert dictionaries.is_code("med_type", code, tolerant=tolerant) is expected


def test_a_local_label_is_given_where_regions_agree() -> None:
    assert dictionaries.label("med_type", "2102") == "单病种住院"


@pytest.mark.parametrize("code", ["77", "9901"])
def test_an_unknown_or_clashing_code_has_no_label(code: str) -> None:
    with pytest.raises(UnknownCode) as refused:
        dictionaries.label("med_type", code)
    assert refused.value.code == "CODE-UNKNOWN"
    assert "医疗类别" in refused.value.message


def test_an_unknown_dictionary_is_refused() -> None:
    with pytest.raises(UnknownDictionary):
        dictionaries.dictionary("no_such_list")


def test_what_is_read_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        dictionaries.dictionary("med_type")["14"] = "x"  # type: ignore[index]
