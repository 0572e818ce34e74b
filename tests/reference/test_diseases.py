"""Chronic diseases and the ten that are settled directly everywhere."""

import pytest

from yidi.reference import diseases
from yidi.reference.errors import UnknownDisease


def test_the_ten() -> None:
    ten = {entry.code: entry.since for entry in diseases.diseases() if entry.settled_nationally}
    assert ten == {
        "M00200": 2024,
        "M00500": 2021,
        "M01600": 2021,
        "M03900": 2021,
        "M04600": 2024,
        "M05300": 2024,
        "M06900": 2024,
        "M07200": 2024,
        "M07801": 2021,
        "M08300": 2021,
    }
    assert len(diseases.groups()) == 10


def test_hypertension() -> None:
    entry = diseases.disease("M03900")
    assert (entry.name, entry.group, entry.other_names) == ("高血压", "hypertension", ("高血压病",))


@pytest.mark.parametrize(
    ("code", "group"), [("M03900", "hypertension"), ("M07803", "dialysis"), ("M00300", "")]
)
def test_group(code: str, group: str) -> None:
    assert diseases.group_of(code) == group


def test_codes_are_unique_and_in_order() -> None:
    codes = [entry.code for entry in diseases.diseases()]
    assert codes == sorted(set(codes))


@pytest.mark.parametrize("code", ["", "M99999", "m03900", "I10"])
def test_an_unknown_disease_is_refused(code: str) -> None:
    with pytest.raises(UnknownDisease) as refused:
        diseases.disease(code)
    assert refused.value.code == "DISEASE-UNKNOWN"
