"""Personal data at rest: sealed, found again by a keyed hash, and nowhere in clear."""

import re

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from tests.people.factories import a_coverage, a_person, an_identity
from yidi.people.encryption import EncryptedText, blind_index, decrypt, encrypt
from yidi.people.errors import WrongDataKey
from yidi.people.models import Person


@given(st.text(max_size=60))
def test_what_was_sealed_is_opened(text: str) -> None:
    sealed = encrypt(text)
    assert decrypt(sealed) == text
    assert encrypt(text) != sealed, "the same text twice must not look the same"
    assert len(sealed) == 12 + len(text.encode()) + 16


@pytest.mark.parametrize("place", [0, 15, -1])
def test_what_was_tampered_with_is_not_opened(place: int) -> None:
    sealed = bytearray(encrypt("360102195803150012"))
    sealed[place] ^= 1
    with pytest.raises(WrongDataKey):
        decrypt(bytes(sealed))


def test_another_key_opens_and_finds_nothing(settings: Settings) -> None:
    sealed, index = encrypt("甲"), blind_index("甲")
    assert blind_index("甲") == index
    settings.DATA_KEY = bytes(reversed(settings.DATA_KEY))
    assert blind_index("甲") != index
    with pytest.raises(WrongDataKey, match="YIDI_DATA_KEY"):
        decrypt(sealed)


def test_the_index_tells_nothing_but_equality() -> None:
    assert re.fullmatch("[0-9a-f]{64}", blind_index(an_identity(1)))
    assert blind_index(an_identity(1)) != blind_index(an_identity(2))


def test_null_stays_null() -> None:
    field = EncryptedText()
    assert field.get_prep_value(None) is None
    assert field.from_db_value(None, None, connection) is None
    assert field.to_python("甲") == "甲"


@pytest.mark.django_db
def test_no_table_holds_a_name_or_an_identity_number_in_clear() -> None:
    coverage = a_coverage()
    person = coverage.person
    secrets = [part.encode() for part in (person.identity, person.identity[:17], person.name)]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            for cell in (cell for row in cursor.fetchall() for cell in row):
                raw = bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode()
                assert not any(secret in raw for secret in secrets), table
    if connection.vendor == "sqlite":
        image = connection.connection.serialize()
        assert person.number.encode() in image
        assert not any(secret in image for secret in secrets)


@pytest.mark.django_db
def test_a_person_is_read_back_in_clear() -> None:
    person = Person.objects.get(pk=a_person(name="欧阳小明").pk)
    assert (person.name, person.identity) == ("欧阳小明", an_identity())
