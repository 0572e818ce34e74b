"""Statements made once do what the querysets they come from do, on both databases."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from yidi.audit.models import Event
from yidi.ledger.models import Invoice
from yidi.statements import MOST_ROWS, Query, Slot, atomic, insert, update, whole

pytestmark = pytest.mark.django_db

BY_USE = Query(lambda: Invoice.objects.filter(use=Slot("use")).order_by("number"))
SUBJECTS = Query(lambda: Invoice.objects.filter(use=Slot("use")).order_by("number").values_list("subject"))


def invoice(number: str, subject: str = "1", use: str = "claim") -> Invoice:
    return Invoice(number=number, use=use, subject=subject)


def test_a_query_gives_what_its_queryset_gives() -> None:
    insert([invoice("A"), invoice("B", "2"), invoice("C", use="settlement")])
    for _ in range(2):
        assert BY_USE.all(use="claim") == list(Invoice.objects.filter(use="claim").order_by("number"))
        assert SUBJECTS.all(use="claim") == [("1",), ("2",)]
    first = BY_USE.first(use="settlement")
    assert first == Invoice(number="C")
    assert BY_USE.first(use="neither") is None


def test_whoever_listens_hears_every_statement() -> None:
    with CaptureQueriesContext(connection) as heard:
        insert([invoice("A")])
        assert len(BY_USE.all(use="claim")) == 1
    assert len(heard) == 2


def test_rows_get_their_keys_however_many_they_are() -> None:
    rows = [
        Event(actor_kind="system", actor=str(number), action="a:b", subject="s")
        for number in range(2 * MOST_ROWS + 1)
    ]
    insert(rows)
    assert {row.pk: row.actor for row in rows} == dict(Event.objects.values_list("pk", "actor"))
    assert insert([]) == []


def test_what_is_there_already_is_left_alone_and_told() -> None:
    assert insert([invoice("A")], "DO NOTHING") == [("A",)]
    assert insert([invoice("A", "9")], "DO NOTHING") == []
    assert Invoice.objects.get().subject == "1"


def test_an_update_writes_the_fields_named() -> None:
    row = invoice("A")
    insert([row])
    row.subject, row.use = "7", "settlement"
    update(row, "subject")
    assert Invoice.objects.values_list("subject", "use").get() == ("7", "claim")


@atomic
def put(number: str, *, fails: bool = False) -> None:
    insert([invoice(number)])
    if fails:
        raise LookupError


def test_a_part_alone_goes_alone() -> None:
    with transaction.atomic():
        put("A")
        with pytest.raises(LookupError):
            put("B", fails=True)
    assert [row.number for row in BY_USE.all(use="claim")] == ["A"]


def test_of_a_whole_everything_goes() -> None:
    def both() -> None:
        with whole():
            put("A")
            put("B", fails=True)

    with pytest.raises(LookupError):
        both()
    assert BY_USE.all(use="claim") == []
    put("C")
    assert len(BY_USE.all(use="claim")) == 1
