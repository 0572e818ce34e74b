"""A list that was changed has a new edition: hospitals ask for what is newer than the one they hold."""

import hashlib
from datetime import date

import pytest

from yidi.reference import diagnoses, dictionaries, diseases
from yidi.resources import data_path

EDITIONS = [
    # the list, its edition, the file of that edition
    ("icd10_chronic.csv", diagnoses.EDITION, date(2026, 11, 22), "85daadcda66b2ec6"),
    ("chronic_diseases.csv", diseases.EDITION, date(2026, 11, 22), "6b6187273271e063"),
    ("dictionaries.yaml", dictionaries.EDITION, date(2026, 11, 30), "4dc15e706f6d6360"),
]


@pytest.mark.parametrize(("file", "edition", "known", "digest"), EDITIONS)
def test_the_edition_is_that_of_the_file(file: str, edition: date, known: date, digest: str) -> None:
    assert (edition, hashlib.sha256(data_path("reference", file).read_bytes()).hexdigest()[:16]) == (
        known,
        digest,
    ), "the list was changed: give it the day as its EDITION, then note both here"
