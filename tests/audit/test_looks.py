"""The log of looks: why somebody looked, and whether they did of late."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.accounts.factories import CLERK, FOREIGN_CLERK
from yidi.audit.errors import ReasonMissing
from yidi.audit.queries import looked_since, looks_at
from yidi.audit.services import looked, said
from yidi.audit.terms import LookReason

PERSON, CASE = "36010000000000000001", "Q0000000001"


@pytest.mark.parametrize(
    ("reason", "words", "kept"),
    [
        (LookReason.AUDIT, "", "稽核检查"),
        (LookReason.AUDIT, " 抽查 ", "稽核检查：抽查"),
        (LookReason.OTHER, "家属来访", "其他：家属来访"),
    ],
)
def test_a_reason_of_the_list_with_words(reason: LookReason, words: str, kept: str) -> None:
    assert said(reason, words, CASE) == kept


@pytest.mark.parametrize("words", ["", "  "])
def test_another_reason_must_be_named(words: str) -> None:
    with pytest.raises(ReasonMissing):
        said(LookReason.OTHER, words, CASE)


@pytest.mark.django_db
def test_whether_somebody_looked_of_late() -> None:
    look = looked(CLERK, PERSON, CASE, "办理")
    before, after = look.at - timedelta(seconds=1), timezone.now() + timedelta(seconds=1)
    assert looked_since(CLERK.name, PERSON, CASE, before)
    assert not looked_since(CLERK.name, PERSON, CASE, after)
    assert not looked_since(FOREIGN_CLERK.name, PERSON, CASE, before)
    assert not looked_since(CLERK.name, PERSON, "record", before)
    assert list(looks_at(CASE)) == [look]
